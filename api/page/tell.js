/** Say what went wrong with something that has no better place to say it. */

import { at, make } from "./element.js";
import { capital } from "./ready.js";

/** Wait for it; a problem is shown in the banner, to be dismissed. */
export async function tell(promise) {
  try {
    return await promise;
  } catch (problem) {
    const banner = at("banner");
    const dismiss = () => {
      banner.hidden = true;
    };
    const button = make("button", { type: "button", class: "quiet", on: { click: dismiss } }, "Dismiss");
    banner.replaceChildren(`${capital(problem.message)} `, button);
    banner.hidden = false;
    return undefined;
  }
}
