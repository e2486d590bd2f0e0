/** Save what the service sends as a file. A plain link could not send the key along. */

import { make } from "./element.js";
import { send } from "./service.js";

export async function save(path) {
  const response = await send(path);
  const url = URL.createObjectURL(await response.blob());
  const link = make("a", { href: url, download: nameIn(response) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function nameIn(response) {
  const header = response.headers.get("Content-Disposition") ?? "";
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(header) ?? [];
  const [, plain] = /filename="([^"]*)"/.exec(header) ?? [];
  return encoded ? decodeURIComponent(encoded) : (plain ?? "");
}
