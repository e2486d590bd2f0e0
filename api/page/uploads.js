/** Add files: what is sent, how far each has come, and what went wrong with which. */

import { at, make } from "./element.js";
import { events } from "./events.js";
import { capital, whenReady } from "./ready.js";
import { sayCount } from "./say.js";
import { getJson, send } from "./service.js";

const MOST_FILES = 50;
const MOST_BYTES = 16_000_000;
const SAID = {
  waiting: "waiting to be sent",
  sending: "sending",
  queued: "waiting",
  parsing: "reading",
  embedding: "indexing",
  done: "added",
  failed: "failed",
};

let queue = Promise.resolve();
let rows = [];
let onStored = () => {};

/** Call `stored` when files have become reports. */
export function startUploads(stored) {
  onStored = stored;
  at("uploads-clear").addEventListener("click", () => {
    rows = [];
    show();
  });
}

/** Send the files, a handful in a request, after those already waiting. */
export function addFiles(files, collection) {
  const added = files.map((file) => makeRow(file));
  if (!added.length) return;
  rows.push(...added);
  show();
  for (const batch of batches(added)) {
    queue = queue.then(() => upload(batch, collection));
  }
}

function makeRow(file) {
  const name = file.path ?? file.name;
  const state = make("span", { class: "state" });
  const bar = make("progress", { max: 1, "aria-label": name });
  const element = make("li", {}, make("span", { class: "name" }, name), state, bar);
  return update({ file: file.file ?? file, name, element, state, bar }, { status: "waiting" });
}

function update(row, file) {
  row.status = file.status;
  const documents = file.documents ?? [];
  const total = file.passages_total;
  row.state.textContent = file.error ? capital(file.error.message) : said(file.status, documents, total);
  row.element.className = file.status;
  row.bar.hidden = file.status === "done" || file.status === "failed";
  if (total) row.bar.value = file.passages_done / total;
  else row.bar.removeAttribute("value");
  return row;
}

function said(status, documents, total) {
  if (status === "embedding" && total) return `indexing ${sayCount(total, "passage", "passages")}`;
  if (status !== "done") return SAID[status];
  if (documents.length > 1) return `${sayCount(documents.length, "report", "reports")} added`;
  return documents[0]?.status === "unchanged" ? "there already" : (documents[0]?.status ?? SAID.done);
}

async function upload(batch, collection) {
  try {
    for (const row of batch) update(row, { status: "sending" });
    await whenReady();
    const form = new FormData();
    form.append("collection", collection);
    for (const row of batch) form.append("files", row.file, row.name);
    const job = await (await send("/v1/documents", { method: "POST", body: form })).json();
    await follow(job, batch);
  } catch (problem) {
    for (const row of batch.filter(({ status }) => status !== "done")) {
      update(row, { status: "failed", error: problem });
    }
  }
  show();
  await onStored();
}

async function follow(job, batch) {
  const path = `/v1/jobs/${encodeURIComponent(job.id)}`;
  showJob(job, batch);
  let last = job;
  for await (const each of events(`${path}/events`)) {
    last = each;
    showJob(each, batch);
  }
  if (last.status !== "done") showJob(await getJson(path), batch);
}

function showJob(job, batch) {
  job.files.forEach((file, index) => batch[index] && update(batch[index], file));
  show();
}

function show() {
  const open = rows.filter(({ status }) => status !== "done" && status !== "failed").length;
  const failed = rows.filter(({ status }) => status === "failed").length;
  at("uploads").hidden = rows.length === 0;
  at("uploads-clear").hidden = open > 0;
  const finished = failed
    ? `${sayCount(rows.length - failed, "file", "files")} taken in, ${failed} failed`
    : `${sayCount(rows.length, "file", "files")} taken in`;
  const title = open ? `Adding ${sayCount(rows.length, "file", "files")}…` : finished;
  if (at("uploads-title").textContent !== title) at("uploads-title").textContent = title;
  if (at("upload-list").childElementCount !== rows.length) {
    at("upload-list").replaceChildren(...rows.map(({ element }) => element));
  }
}

/** As many files as one request carries, and no more bytes: one that is refused takes few along. */
function batches(added) {
  const made = [];
  let bytes = Infinity;
  for (const row of added) {
    if (bytes + row.file.size > MOST_BYTES || made.at(-1).length === MOST_FILES) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1).push(row);
    bytes += row.file.size;
  }
  return made;
}
