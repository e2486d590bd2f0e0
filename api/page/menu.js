/** Menus made of <details>: closed by Escape, a choice, and a click elsewhere. */

export function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

export function startMenus() {
  addEventListener("click", ({ target }) => {
    const inside = target.closest("details.menu");
    closeMenus(target.closest(".choices") ? null : inside);
  });
  for (const menu of document.querySelectorAll("details.menu")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}
