/** Files from a button, or dropped on the page: folders with all that is in them. */

import { at } from "./element.js";

/** Call `add` with what is chosen: files, or `{ file, path }` for one out of a folder. */
export function startDrop(add) {
  at("choose").addEventListener("click", () => at("files").click());
  at("files").addEventListener("change", () => {
    add([...at("files").files]);
    at("files").value = "";
  });
  let depth = 0;
  const shade = (change) => {
    depth = Math.max(0, depth + change);
    at("drop-here").hidden = depth === 0;
  };
  const carriesFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => carriesFiles(event) && shade(1));
  addEventListener("dragleave", (event) => carriesFiles(event) && shade(-1));
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    shade(-depth);
    add(await dropped(event.dataTransfer));
  });
}

async function dropped(transfer) {
  // All entries are to be taken before the first wait: the browser forgets them after it.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  return (await Promise.all(entries.map(inside))).flat();
}

async function inside(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A folder is read a hundred entries at a time.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(inside))).flat();
}
