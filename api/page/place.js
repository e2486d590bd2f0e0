/**
 * What is shown, as the address says it: `/documents/ID?conversation=ID#char=START,END`.
 * So a reload, the back button and a link from elsewhere all show the same.
 */

let show = null;

/** `{ conversation, document, start, end }` of the address, null where it has none. */
export function read() {
  const [, document] = /^\/documents\/([^/]+)$/.exec(location.pathname) ?? [];
  const [, start, end] = /^#char=(\d+)(?:,(\d+))?$/.exec(location.hash) ?? [];
  return {
    conversation: new URLSearchParams(location.search).get("conversation"),
    document: document ? decodeURIComponent(document) : null,
    start: start === undefined ? null : Number(start),
    end: start === undefined ? null : Number(end ?? start),
  };
}

/** The address of a place in a report, on this page. */
export function link(document, start = null, end = null, conversation = null) {
  const path = document === null ? "/" : `/documents/${encodeURIComponent(document)}`;
  const query = conversation === null ? "" : `?conversation=${encodeURIComponent(conversation)}`;
  const range = document === null || start === null ? "" : `#char=${start},${end}`;
  return `${path}${query}${range}`;
}

/** Change part of what is shown. `replace` where the back button should not lead here. */
export function go(changes, { replace = false } = {}) {
  const next = { ...read(), ...changes };
  const to = link(next.document, next.start, next.end, next.conversation);
  if (to !== location.pathname + location.search + location.hash) {
    history[replace ? "replaceState" : "pushState"](null, "", to);
  }
  show(read());
}

/** Call `shown` with what the address says, now and whenever it changes. */
export function follow(shown) {
  show = shown;
  addEventListener("popstate", () => show(read()));
  show(read());
}
