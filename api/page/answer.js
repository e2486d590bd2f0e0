/** A question and its reply, as elements. */

import { copyFrom } from "./clipboard.js";
import { make } from "./element.js";
import { link } from "./place.js";
import { cut } from "./points.js";
import { explainSure, sayDay, sayMeantDay, sayPercent, saySure } from "./say.js";

const PASSAGE = 320;
const UNSURE = 0.5;

/** The question with room for its reply. */
export function makeTurn(question) {
  return make("article", { class: "turn" }, make("h3", { class: "asked" }, question));
}

/** Put the reply under its question, in place of whatever is there. */
export function showReply(turn, reply) {
  clearTurn(turn);
  const citations = new Map(reply.citations.map((citation) => [citation.id, citation]));
  if (reply.standalone_question !== reply.question.trim()) {
    turn.append(make("p", { class: "understood" }, `Understood as: ${reply.standalone_question}`));
  }
  if (reply.note) turn.append(make("p", { class: "note" }, reply.note));
  if (reply.answerable) {
    turn.append(...reply.answers.map((answer) => makeAnswer(answer, citations)));
  } else if (!reply.note || reply.citations.length) {
    turn.append(makeSilence(reply));
  }
  if (!reply.citations.length) return;
  turn.append(make("ol", { class: "sources" }, ...reply.citations.map(makeSource)));
  if (!reply.answerable) return;
  const button = make("button", { type: "button", class: "quiet" }, "Copy with citations");
  button.addEventListener("click", () => copyFrom(button, asText(reply, citations)));
  turn.append(make("p", { class: "turn-foot" }, button));
}

/** Say that the reply is on its way. */
export function showPending(turn) {
  clearTurn(turn);
  turn.append(make("p", { class: "pending" }, "Reading the reports…"));
}

/** Say what went wrong, with a way to try again. */
export function showFailure(turn, message, retry) {
  clearTurn(turn);
  const button = make("button", { type: "button", class: "plain", on: { click: retry } }, "Try again");
  turn.append(make("div", { class: "failure", role: "alert" }, make("p", {}, message), button));
}

/** The reply in a sentence or two, for a screen reader. */
export function sayReply(reply) {
  const note = reply.note ? `${reply.note} ` : "";
  if (!reply.answerable) return `${note}The reports do not say.`;
  const said = reply.answers.map((each) => `${each.text}, ${sayPercent(each.confidence)} sure.`);
  return `${note}${said.join(" ")}`;
}

function clearTurn(turn) {
  turn.replaceChildren(turn.querySelector(".asked"));
}

function makeAnswer(answer, citations) {
  const cited = citations.get(answer.citation);
  const [before, span, after] = cut(
    cited.cited_text,
    answer.start_char_index - cited.start_char_index,
    answer.end_char_index - cited.start_char_index,
  );
  const references = answer.citations.map((id) => makeReference(citations.get(id)));
  const quote = make("p", {}, before.trimStart(), make("mark", {}, span), after.trimEnd(), " ");
  quote.append(...references);
  const strength = answer.confidence < UNSURE ? "answer unsure" : "answer";
  return make("blockquote", { class: strength }, quote, makeSure(answer));
}

function makeSure(answer) {
  const figure = sayPercent(answer.confidence);
  const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("span"));
  bar.firstChild.style.width = figure;
  const sure = make(
    "button",
    { type: "button", class: "sure", "data-tip": explainSure(answer.confidence), "aria-describedby": "tip" },
    bar,
    `${saySure(answer.confidence)} · ${figure} sure`,
  );
  const day = sayMeantDay(answer);
  return make("footer", {}, sure, day && make("span", { class: "meant" }, day));
}

function makeSilence(reply) {
  const closest = reply.citations.map((citation) =>
    make("p", {}, `${shorten(citation.cited_text)} `, makeReference(citation)),
  );
  return make(
    "div",
    { class: "silence" },
    make("p", { class: "verdict" }, "The reports do not say."),
    make(
      "p",
      { class: "aside" },
      closest.length
        ? "Nothing in them answers this well enough to be quoted as an answer. The closest passages:"
        : "There is nothing to read: no report is within the limits that are set, or there is none.",
    ),
    closest.length ? make("div", { class: "closest" }, ...closest) : null,
  );
}

function makeReference(citation) {
  const name = `[${citation.id}] ${citation.document_title}, ${sayDay(citation.document_date)}`;
  return makePlace(citation, { class: "reference", "aria-label": name }, `[${citation.id}]`);
}

function makeSource(citation) {
  const gone = citation.available === false;
  const title = make("span", { class: "source-title" }, citation.document_title);
  const facts = [sayDay(citation.document_date)];
  if (citation.page) facts.push(`page ${citation.page}`);
  if (citation.section && citation.section !== citation.document_title) facts.push(citation.section);
  if (gone) facts.push("deleted since");
  return make(
    "li",
    { value: citation.id },
    makePlace(citation, { class: "source" }, title),
    make("span", { class: "aside" }, ` ${facts.join(", ")}`),
  );
}

/** A link to where it stands, or plain text where the report is there no more. */
function makePlace(citation, attributes, content) {
  if (citation.available === false) return make("span", attributes, content);
  const { document_id: document, start_char_index: start, end_char_index: end } = citation;
  const href = link(document, start, end);
  const place = { "data-document": document, "data-start": start, "data-end": end };
  return make("a", { ...attributes, ...place, href }, content);
}

function asText(reply, citations) {
  const quotes = reply.answers.map((answer) => {
    const cited = citations.get(answer.citation);
    const numbers = answer.citations.map((id) => `[${id}]`).join("");
    return `“${cited.cited_text.trim()}” ${numbers}`;
  });
  const sources = reply.citations.map((each) => {
    const url = new URL(link(each.document_id, each.start_char_index, each.end_char_index), location);
    return `[${each.id}] ${each.document_title}, ${sayDay(each.document_date)}. ${url}`;
  });
  return [...quotes, sources.join("\n")].join("\n\n");
}

function shorten(text) {
  const points = [...text.trim()];
  if (points.length <= PASSAGE) return text.trim();
  return `${points.slice(0, PASSAGE).join("").replace(/\s+\S*$/, "")} …`;
}
