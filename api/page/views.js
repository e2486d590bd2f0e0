/** What a narrow screen shows: the questions or the reports; and the drawer of conversations. */

import { at } from "./element.js";

export function startViews() {
  at("view-chat").addEventListener("click", () => setView("chat"));
  at("view-reports").addEventListener("click", () => setView("reports"));
  at("drawer").addEventListener("click", () => setDrawer(!document.body.classList.contains("drawer")));
  at("conversations").addEventListener("click", ({ target }) => {
    if (target.closest("a, #new")) {
      setView("chat");
      setDrawer(false);
    }
  });
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && document.body.classList.contains("drawer")) {
      setDrawer(false);
      at("drawer").focus();
    }
  });
}

/** "chat" or "reports"; a wide screen shows both. */
export function setView(view) {
  document.body.dataset.view = view;
  at("view-chat").setAttribute("aria-pressed", String(view === "chat"));
  at("view-reports").setAttribute("aria-pressed", String(view === "reports"));
}

/** Turn to the report that was opened, or back to where it was opened from. */
export function showReport(open) {
  const { dataset } = document.body;
  if (open) {
    dataset.from ??= dataset.view;
    setView("reports");
  } else if (dataset.from) {
    setView(dataset.from);
    delete dataset.from;
  }
}

function setDrawer(open) {
  document.body.classList.toggle("drawer", open);
  at("drawer").setAttribute("aria-expanded", String(open));
}
