/** Wait for a service that still loads its models, and say so. */

import { at } from "./element.js";
import { getJson } from "./service.js";

const EVERY = 1000;
let waiting = null;

/** Resolves when the service can answer; at once if it can. Shows the banner meanwhile. */
export function whenReady() {
  waiting ??= wait().finally(() => {
    waiting = null;
  });
  return waiting;
}

async function wait() {
  const banner = at("banner");
  for (;;) {
    try {
      await getJson("/readyz");
      banner.hidden = true;
      return;
    } catch (problem) {
      const loading = problem.code === "not_ready" && problem.message.includes("loading");
      banner.textContent = loading
        ? "The models are loading. Questions can be asked in a few seconds."
        : `${capital(problem.message)} Trying again…`;
      banner.hidden = false;
      if (problem.status === 401) throw problem;
    }
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

/** A message as a sentence. */
export function capital(message) {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
