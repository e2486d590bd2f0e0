/** A report, opened at a place. */

import { copy } from "./clipboard.js";
import { confirm } from "./dialog.js";
import { at, make } from "./element.js";
import { go, link, read } from "./place.js";
import { capital, whenReady } from "./ready.js";
import { showText } from "./report_text.js";
import { save } from "./save.js";
import { sayCount, sayDay } from "./say.js";
import { getJson, send } from "./service.js";
import { tell } from "./tell.js";

let opened = null;
let marks = [];
let places = [];
let loading = null;
let place = null;
let onDeleted = () => {};

export function startReport(deleted) {
  onDeleted = deleted;
  at("report-close").addEventListener("click", closeReport);
  at("to-quote").addEventListener("click", toQuote);
  at("original").addEventListener("click", () => tell(save(opened.document.original_url)));
  at("copy-link").addEventListener("click", () => tell(copyLink()));
  at("report-delete").addEventListener("click", () => tell(remove()));
  at("part").addEventListener("change", toPart);
  at("report").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeReport();
  });
}

export function closeReport() {
  go({ document: null, start: null, end: null });
}

/**
 * Show the report of this id with the range marked and in sight; the list of reports for null.
 * Whether that is another than what was shown.
 */
export function openReport(id, start, end) {
  const shown = JSON.stringify([id, start, end]);
  if (shown === place) {
    if (marks.length) toQuote();
    return false;
  }
  place = shown;
  open(id, start, end);
  return true;
}

async function open(id, start, end) {
  loading?.abort();
  at("library").hidden = id !== null;
  at("report").hidden = id === null;
  if (id === null) {
    opened = null;
    marks = [];
    document.title = "Dateline";
    return;
  }
  loading = new AbortController();
  try {
    if (opened?.document.id !== id) await load(id, loading.signal);
    render(start === null ? null : [start, end]);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    place = null;
    showProblem(problem, () => openReport(id, start, end));
  }
}

async function load(id, signal) {
  opened = null;
  at("report-title").textContent = "Opening…";
  at("report-facts").replaceChildren();
  at("report-text").replaceChildren();
  at("report-menu").hidden = at("to-quote").hidden = at("part-choice").hidden = true;
  await whenReady();
  const path = `/v1/documents/${encodeURIComponent(id)}`;
  const [document_, text, { parts }] = await Promise.all([
    getJson(path, { signal }),
    readText(`${path}/text`, signal),
    getJson(`${path}/parts`, { signal }),
  ]);
  opened = { document: document_, text, parts: nameParts(parts) };
}

/** The text with whatever it begins with: `response.text()` would drop a byte order mark. */
async function readText(path, signal) {
  const bytes = await (await send(path, { signal })).arrayBuffer();
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function render(range) {
  const { document: report, text, parts } = opened;
  at("report-title").textContent = report.title;
  document.title = `${report.title} – Dateline`;
  at("report-facts").replaceChildren(...facts(report));
  at("report-menu").hidden = false;
  at("original").hidden = !report.original_url;
  at("part-choice").hidden = parts.length < 2;
  at("part").replaceChildren(
    ...parts.map((part, index) => make("option", { value: index }, part.name)),
  );
  ({ marks, places } = showText(at("report-text"), text, range, parts));
  at("to-quote").hidden = marks.length === 0;
  at("report-text").scrollTop = 0;
  if (marks.length) toQuote();
  at("report-title").focus({ preventScroll: true });
}

function facts(report) {
  const said = [sayDay(report.date), report.collection, sayCount(report.characters, "character", "characters")];
  return [said.join(" · "), ...report.sources.map((source) => make("span", { class: "from" }, source))];
}

/** Bring the quote into sight; again once what lies above it has its true height. */
function toQuote() {
  const scroll = () => marks[0]?.scrollIntoView({ block: "center" });
  scroll();
  requestAnimationFrame(() => {
    scroll();
    requestAnimationFrame(scroll);
  });
}

function toPart() {
  places[Number(at("part").value)]?.scrollIntoView({ block: "start" });
}

/**
 * The parts as the reader sees them: ascending, a page that has several of them once. A heading
 * stands in the text anyway.
 */
function nameParts(parts) {
  const sorted = [...parts].sort((one, other) => one.start_char_index - other.start_char_index);
  const seen = new Set();
  const named = [];
  for (const { kind, label, start_char_index: start } of sorted) {
    const name = kind === "heading" || label.toLowerCase().startsWith(kind) ? label : `${kind} ${label}`;
    const shown = name.charAt(0).toUpperCase() + name.slice(1);
    if (kind !== "heading" && seen.has(shown)) continue;
    seen.add(shown);
    named.push({ start, name: shown, label: kind === "heading" ? null : shown });
  }
  return named;
}

async function copyLink() {
  const { document: id, start, end } = read();
  await copy(new URL(link(id, start, end), location).href);
  at("report-menu").open = false;
}

async function remove() {
  const { id, title } = opened.document;
  const text = `“${title}” answers no question from then on. Its quotes in conversations stay.`;
  if (!(await confirm("Delete this report?", text, "Delete"))) return;
  await send(`/v1/documents/${encodeURIComponent(id)}`, { method: "DELETE" });
  closeReport();
  await onDeleted();
}

function showProblem(problem, retry) {
  const gone = problem.code === "unknown_document";
  at("report-title").textContent = gone ? "There is no such report" : "The report cannot be shown";
  const button = make("button", { type: "button", class: "plain", on: { click: retry } }, "Try again");
  const text = gone ? "It may have been deleted or replaced since." : capital(problem.message);
  at("report-text").replaceChildren(
    make("div", { class: "failure", role: "alert" }, make("p", {}, text), gone ? null : button),
  );
}
