/** The tooltip: shown while what has `data-tip` is hovered over or focused; Escape hides it. */

import { at } from "./element.js";

export function startTips() {
  const tip = at("tip");
  const show = ({ target }) => {
    const owner = target.closest?.("[data-tip]");
    if (!owner) return;
    tip.textContent = owner.dataset.tip;
    tip.hidden = false;
    const place = owner.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const above = place.top - tip.offsetHeight - 6;
    tip.style.left = `${Math.max(8, Math.min(place.left, room))}px`;
    tip.style.top = `${above < 8 ? place.bottom + 6 : above}px`;
  };
  const hide = () => {
    tip.hidden = true;
  };
  addEventListener("mouseover", show);
  addEventListener("focusin", show);
  addEventListener("mouseout", hide);
  addEventListener("focusout", hide);
  addEventListener("scroll", hide, true);
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());
}
