/** The list of conversations, and what can be done with the one shown. */

import { confirm, askLine } from "./dialog.js";
import { at, make } from "./element.js";
import { go, link, read } from "./place.js";
import { save } from "./save.js";
import { getJson, send, sendJson } from "./service.js";
import { tell } from "./tell.js";

const PAGE = 50;
const UNTITLED = "New conversation";
let count = PAGE;
let current = { id: null, title: null };

export function startConversations() {
  at("new").addEventListener("click", begin);
  at("older").addEventListener("click", () => {
    count += PAGE;
    tell(refreshConversations());
  });
  at("conversation-list").addEventListener("click", open);
  at("rename").addEventListener("click", () => tell(rename()));
  at("forget").addEventListener("click", () => tell(forget()));
  at("save-markdown").addEventListener("click", () => tell(save(path("/export?format=markdown"))));
  at("save-json").addEventListener("click", () => tell(save(path("/export?format=json"))));
}

/** Say which conversation is shown. */
export function showCurrent(conversation) {
  current = conversation;
  const title = conversation.title ?? (conversation.id === null ? UNTITLED : "Conversation");
  at("conversation-title").textContent = title;
  at("conversation-menu").hidden = conversation.id === null;
  mark();
}

/** Read the list again. */
export async function refreshConversations() {
  const { conversations, total } = await getJson(`/v1/conversations?limit=${Math.min(count, 1000)}`);
  const asked = conversations.filter((each) => each.turns_count > 0 || each.id === current.id);
  at("conversation-list").replaceChildren(...asked.map(makeItem));
  at("older").hidden = total <= count;
  mark();
}

function makeItem({ id, title }) {
  const href = link(null, null, null, id);
  return make("li", {}, make("a", { href, "data-conversation": id, title }, title ?? UNTITLED));
}

function mark() {
  for (const each of at("conversation-list").querySelectorAll("a")) {
    if (each.dataset.conversation === current.id) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

function begin() {
  go({ conversation: null });
  at("question").focus();
}

function open(event) {
  const chosen = event.target.closest("a");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({ conversation: chosen.dataset.conversation });
}

async function rename() {
  const title = await askLine("Rename this conversation", "Title", current.title ?? "", "Rename");
  if (title === null) return;
  showCurrent(await sendJson("PATCH", path(), { title }));
  await refreshConversations();
}

async function forget() {
  const text = `“${current.title ?? UNTITLED}”, with all its questions and answers. The reports stay.`;
  if (!(await confirm("Delete this conversation?", text, "Delete"))) return;
  await send(path(), { method: "DELETE" });
  go({ conversation: null }, { replace: true });
  await refreshConversations();
  at("question").focus();
}

function path(rest = "") {
  return `/v1/conversations/${encodeURIComponent(current.id ?? read().conversation)}${rest}`;
}
