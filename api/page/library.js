/** The list of reports: search, pages, delete. */

import { confirm } from "./dialog.js";
import { at, make } from "./element.js";
import { isLimited, limits } from "./limits.js";
import { link } from "./place.js";
import { sayCount, sayDay, sayNumber } from "./say.js";
import { address, getJson, send } from "./service.js";
import { tell } from "./tell.js";

const PAGE = 50;
const PAUSE = 200;
let offset = 0;
let latest = 0;
let onDeleted = () => {};

export function startLibrary(deleted) {
  onDeleted = deleted;
  let timer = 0;
  at("search").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => tell(firstPage()), PAUSE);
  });
  at("newer-page").addEventListener("click", () => turn(-PAGE));
  at("older-page").addEventListener("click", () => turn(PAGE));
}

/** Read the list again from its beginning. */
export function firstPage() {
  offset = 0;
  return refreshLibrary();
}

/** Read the page that is shown again. */
export async function refreshLibrary() {
  const asked = (latest += 1);
  const q = at("search").value.trim();
  const path = address("/v1/documents", { ...limits(), q, limit: PAGE, offset });
  const { documents, total } = await getJson(path);
  if (asked !== latest) return; // A later search has been sent since.
  if (!documents.length && offset > 0) {
    offset = Math.max(0, Math.floor((total - 1) / PAGE) * PAGE);
    await refreshLibrary();
    return;
  }
  const none = total === 0 && !q && !isLimited();
  at("adding").classList.toggle("first", none);
  if (none) at("adding").hidden = false;
  at("search").hidden = none;
  at("library-count").textContent = none ? "" : sayNumber(total);
  at("library-limits").textContent = "Only those within the limits beside the question.";
  at("library-limits").hidden = !isLimited();
  at("report-list").replaceChildren(...(total ? documents.map(makeItem) : [makeNone(none)]));
  at("pager").hidden = total <= PAGE;
  at("page-range").textContent = `${sayNumber(offset + 1)}–${sayNumber(offset + documents.length)} of ${sayNumber(total)}`;
  at("newer-page").disabled = offset === 0;
  at("older-page").disabled = offset + PAGE >= total;
}

function makeItem(report) {
  const remove = make(
    "button",
    { type: "button", class: "quiet remove", "aria-label": `Delete ${report.title}` },
    "Delete",
  );
  remove.addEventListener("click", () => tell(deleteReport(report)));
  const facts = `${sayDay(report.date)} · ${report.collection} · ${sayCount(report.passages, "passage", "passages")}`;
  const open = make("a", { href: link(report.id), "data-document": report.id }, report.title);
  return make("li", {}, open, make("span", { class: "aside" }, facts), remove);
}

function makeNone(none) {
  const text = none
    ? "There are no reports yet. Add some above, or run “dateline ingest FOLDER” in a terminal."
    : "No report matches.";
  return make("li", { class: "none" }, text);
}

async function deleteReport({ id, title }) {
  const text = `“${title}” answers no question from then on. Its quotes in conversations stay.`;
  if (!(await confirm("Delete this report?", text, "Delete"))) return;
  await send(`/v1/documents/${encodeURIComponent(id)}`, { method: "DELETE" });
  await onDeleted();
  at("search").focus();
}

function turn(step) {
  offset = Math.max(0, offset + step);
  tell(refreshLibrary());
  at("library").scrollTop = 0;
}
