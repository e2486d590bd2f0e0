/** A report's text as elements: all of it, to the character, with one range marked. */

import { make } from "./element.js";
import { unitsAt } from "./points.js";

const BLOCK = 4000;
const SECTION = 12_000;
const LINE = 26;
const CHARACTERS_A_LINE = 70;

/**
 * Fill `place`, whose textContent is then the text. `range` is `[start, end]` in code points or
 * null; `parts` are `{ start, label }`, ascending, the label shown unless it is null. Returns the marks
 * and the element that each part begins with.
 *
 * Paragraphs are gathered in sections that the browser lays out only when they come into sight, so
 * that a report of megabytes opens at once.
 */
export function showText(place, text, range, parts) {
  const starts = unitsAt(text, parts.map((part) => part.start));
  const labels = new Map();
  starts.forEach((unit, index) => labels.set(unit, labels.get(unit) ?? parts[index].label));
  const blocks = new Map();
  const [from, to] = range === null ? [-1, -1] : unitsAt(text, range);
  const sections = [];
  let section = null;
  let size = 0;
  let begin = 0;
  for (const end of ends(text, starts)) {
    if (section === null || size > SECTION) {
      close(section, size);
      section = make("div", { class: "stretch" });
      sections.push(section);
      size = 0;
    }
    const block = makeBlock(text, begin, end, from, to, labels.get(begin));
    blocks.set(begin, block);
    section.append(block);
    size += end - begin;
    begin = end;
  }
  close(section, size);
  place.replaceChildren(...sections);
  const marks = [...place.querySelectorAll("mark")];
  return { marks, places: starts.map((unit) => blocks.get(unit)) };
}

/** The ends of the paragraphs, the white space after each its own; cut at parts, and if very long. */
function* ends(text, starts) {
  const gap = /\n[^\S\n]*(?:\r?\n[^\S\n]*)+|\r\n(?:[^\S\n]*\r\n)+/g;
  const cuts = [...starts.filter((unit) => unit > 0), text.length];
  let begin = 0;
  while (begin < text.length) {
    gap.lastIndex = begin;
    const found = gap.exec(text);
    const paragraph = found ? found.index + found[0].length : text.length;
    while (begin < paragraph) {
      while (cuts[0] <= begin) cuts.shift();
      const end = Math.min(paragraph, cuts[0], far(text, begin));
      yield end;
      begin = end;
    }
  }
}

/** Where a block that begins there ends at the latest: after white space, never inside a character. */
function far(text, begin) {
  if (text.length - begin <= BLOCK) return text.length;
  const space = /\s/g;
  space.lastIndex = begin + BLOCK;
  const found = space.exec(text);
  const end = found && found.index < begin + 2 * BLOCK ? found.index + 1 : begin + BLOCK;
  const code = text.charCodeAt(end);
  return code >= 0xdc00 && code <= 0xdfff ? end + 1 : end;
}

function makeBlock(text, begin, end, from, to, label) {
  const content = text.slice(begin, end);
  const trailing = begin + content.trimEnd().length;
  const block = make("p", label ? { class: "part", "data-label": label } : {});
  put(block, text, begin, trailing, from, to);
  if (trailing < end) {
    const space = make("span", { class: "gap" });
    put(space, text, trailing, end, from, to);
    block.append(space);
  }
  return block;
}

/** Append `text[begin:end]`, what of it is in `[from, to)` as a mark. */
function put(parent, text, begin, end, from, to) {
  const start = Math.max(begin, from);
  const stop = Math.min(end, to);
  if (start >= stop) {
    if (begin < end) parent.append(text.slice(begin, end));
    return;
  }
  if (begin < start) parent.append(text.slice(begin, start));
  parent.append(make("mark", {}, text.slice(start, stop)));
  if (stop < end) parent.append(text.slice(stop, end));
}

function close(section, size) {
  if (section === null) return;
  const lines = Math.ceil(size / CHARACTERS_A_LINE) + section.childElementCount;
  section.style.containIntrinsicSize = `auto ${lines * LINE}px`;
}
