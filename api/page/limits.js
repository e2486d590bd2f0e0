/** Which reports may answer, and are listed: a collection and a range of days. */

import { at, make } from "./element.js";
import { sayDay } from "./say.js";
import { getJson } from "./service.js";

let changed = () => {};

/** `{ collection, since, until }`, null where nothing is chosen. */
export function limits() {
  return {
    collection: at("in-collection").value || null,
    since: at("since").value || null,
    until: at("until").value || null,
  };
}

/** Whether anything is left out. */
export function isLimited() {
  return Object.values(limits()).some((value) => value !== null);
}

/** Call `act` whenever the reader chooses others. */
export function startLimits(act) {
  changed = act;
  for (const id of ["in-collection", "since", "until"]) at(id).addEventListener("change", tell);
  at("unlimit").addEventListener("click", () => {
    for (const id of ["in-collection", "since", "until"]) at(id).value = "";
    tell();
    at("question").focus();
  });
}

/** Offer the collections that there are. */
export async function refreshCollections() {
  const { collections } = await getJson("/v1/collections");
  const select = at("in-collection");
  const chosen = select.value;
  const all = make("option", { value: "" }, "all");
  select.replaceChildren(all, ...collections.map(({ name }) => make("option", { value: name }, name)));
  select.value = collections.some(({ name }) => name === chosen) ? chosen : "";
  at("collection-names").replaceChildren(
    ...collections.map(({ name }) => make("option", { value: name })),
  );
  if (select.value !== chosen) tell();
}

function tell() {
  const { collection, since, until } = limits();
  const said = [collection === null ? "all reports" : `reports in ${collection}`];
  if (since) said.push(`since ${sayDay(since)}`);
  if (until) said.push(`until ${sayDay(until)}`);
  at("limits-said").textContent = said.join(", ");
  at("unlimit").hidden = !isLimited();
  at("ask").classList.toggle("limited", isLimited());
  changed();
}
