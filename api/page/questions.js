/** The box for the question: it grows, sends with Enter, and has what was asked at the arrows. */

import { at } from "./element.js";

let asked = [];
let shown = 0;
let draft = "";

/** Call `ask` with each question. */
export function startQuestions(ask) {
  const box = at("question");
  const form = at("ask");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (!question) {
      box.focus();
      return;
    }
    remember(question);
    put("");
    ask(question);
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" && onFirstLine(box)) {
      if (leaf(-1)) event.preventDefault();
    } else if (event.key === "ArrowDown" && onLastLine(box)) {
      if (leaf(1)) event.preventDefault();
    }
  });
}

/** What the arrows are to go through, oldest first. */
export function setAsked(questions) {
  asked = [...questions];
  shown = asked.length;
  draft = "";
}

function remember(question) {
  if (asked.at(-1) !== question) asked.push(question);
  shown = asked.length;
  draft = "";
}

function leaf(step) {
  const next = shown + step;
  if (next < 0 || next > asked.length) return false;
  if (shown === asked.length) draft = at("question").value;
  shown = next;
  put(shown === asked.length ? draft : asked[shown]);
  return true;
}

function put(text) {
  const box = at("question");
  box.value = text;
  box.setSelectionRange(text.length, text.length);
  grow();
}

function grow() {
  const box = at("question");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

function onFirstLine(box) {
  return !box.value.slice(0, box.selectionStart).includes("\n");
}

function onLastLine(box) {
  return !box.value.slice(box.selectionEnd).includes("\n");
}
