/** The one dialog: to confirm, to ask for a line of text, to ask for the key. */

import { at } from "./element.js";

/** Whether the reader agrees. */
export async function confirm(title, text, ok) {
  return (await open({ title, text, ok, danger: true })) !== null;
}

/** The line that the reader gives, or null. */
export function askLine(title, label, value, ok) {
  return open({ title, text: "", label, value, ok });
}

/** The key that the reader gives, or null. */
export function askKey(wrong) {
  return open({
    title: "API key",
    text: wrong
      ? "The service did not accept that key. Try another."
      : "This service wants a key. It is kept until this tab is closed.",
    label: "Key",
    value: "",
    ok: "Use this key",
    secret: true,
  });
}

function open({ title, text, label = null, value = "", ok, danger = false, secret = false }) {
  const dialog = at("dialog");
  const input = at("dialog-input");
  at("dialog-title").textContent = title;
  at("dialog-text").textContent = text;
  at("dialog-text").hidden = !text;
  at("dialog-label").textContent = label;
  at("dialog-field").hidden = label === null;
  input.type = secret ? "password" : "text";
  input.required = label !== null;
  input.value = value;
  at("dialog-ok").textContent = ok;
  at("dialog-ok").classList.toggle("danger", danger);
  dialog.returnValue = "";
  at("dialog-cancel").onclick = () => dialog.close("");
  dialog.showModal();
  if (label === null) at("dialog-cancel").focus();
  else input.select();
  return new Promise((done) => {
    const closed = () => done(dialog.returnValue === "ok" ? input.value.trim() : null);
    dialog.addEventListener("close", closed, { once: true });
  });
}
