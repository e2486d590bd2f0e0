/** Server-sent events read with fetch, which, unlike EventSource, sends the key along. */

import { send } from "./service.js";

/** Yields the data of each event, parsed, until the service ends the stream. */
export async function* events(path) {
  const response = await send(path, { headers: { Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (pending + value.replaceAll("\r", "")).split("\n\n");
    pending = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n").filter((line) => line.startsWith("data:"));
      if (lines.length) yield JSON.parse(lines.map((line) => line.slice(5)).join("\n"));
    }
  }
}
