/** The conversation that is shown: ask in it, read it again. */

import { makeTurn, sayReply, showFailure, showPending, showReply } from "./answer.js";
import { at, make } from "./element.js";
import { limits } from "./limits.js";
import { go } from "./place.js";
import { setAsked } from "./questions.js";
import { capital, whenReady } from "./ready.js";
import { getJson, sendJson } from "./service.js";

let current;
let loading = null;
let onChange = () => {};

/** Call `changed` with the conversation whenever it has been begun, read or carried on. */
export function startChat(changed) {
  onChange = changed;
}

/** Show a conversation; an empty one for null. */
export async function openConversation(id) {
  if (id === current) return;
  current = id;
  loading?.abort();
  setAsked([]);
  onChange({ id, title: null });
  if (id === null) {
    at("thread").replaceChildren(makeWelcome());
    return;
  }
  loading = new AbortController();
  at("thread").replaceChildren(make("p", { class: "pending" }, "Opening the conversation…"));
  try {
    await whenReady();
    const path = `/v1/conversations/${encodeURIComponent(id)}`;
    const transcript = await getJson(path, { signal: loading.signal });
    if (id !== current) return;
    at("thread").replaceChildren(...transcript.turns.map(made));
    setAsked(transcript.turns.map((turn) => turn.question));
    onChange(transcript);
    toEnd();
  } catch (problem) {
    if (problem.name === "AbortError" || id !== current) return;
    at("thread").replaceChildren(makeLost(problem, id));
  }
}

/** Ask in the conversation shown, beginning one if need be. */
export async function ask(question) {
  const turn = makeTurn(question);
  at("thread").querySelector(".welcome, .failure")?.remove();
  at("thread").append(turn);
  await reply(turn, question);
}

function makeWelcome() {
  return make(
    "div",
    { class: "welcome" },
    make("h3", {}, "Ask the reports"),
    make(
      "p",
      {},
      "Every answer is a quote: the words that answer, in their sentence, with where they stand. " +
        "When the reports do not say, Dateline says so.",
    ),
    make("p", { class: "aside" }, "Ask a follow-up as you would ask a person: “who said that?”, “when was that?”, “are you sure?”"),
  );
}

async function reply(turn, question) {
  showPending(turn);
  toEnd();
  at("send").disabled = true;
  at("said").textContent = "";
  try {
    await whenReady();
    const id = current ?? (await begin());
    const body = { question, conversation_id: id, ...set(limits()) };
    const answer = await sendJson("POST", "/v1/ask", body);
    showReply(turn, answer);
    at("said").textContent = sayReply(answer);
    onChange(await getJson(`/v1/conversations/${encodeURIComponent(id)}`));
  } catch (problem) {
    showFailure(turn, capital(problem.message), () => reply(turn, question));
  } finally {
    at("send").disabled = false;
    turn.scrollIntoView({ block: "nearest" });
    if (turn.offsetHeight > at("thread").clientHeight) turn.scrollIntoView({ block: "start" });
  }
}

async function begin() {
  const begun = await sendJson("POST", "/v1/conversations", {});
  current = begun.id;
  go({ conversation: begun.id });
  return begun.id;
}

function made(stored) {
  const turn = makeTurn(stored.question);
  showReply(turn, stored);
  return turn;
}

function makeLost(problem, id) {
  const again = () => {
    current = undefined;
    openConversation(id);
  };
  const lost = make("div", { class: "turn" }, make("h3", { class: "asked" }, "This conversation"));
  showFailure(lost, capital(problem.message), again);
  return lost;
}

function set(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function toEnd() {
  at("thread").scrollTop = at("thread").scrollHeight;
}
