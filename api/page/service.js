/** Talk to the service: JSON in and out, one kind of error, and the key where one is wanted. */

const KEPT = "dateline-api-key";
let askForKey = null;
let asking = null;

/** What went wrong, in words for the reader; `code` is the service's, or "unreachable". */
export class Problem extends Error {
  constructor(message, status = 0, code = "unreachable") {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** `ask(wrong)` is to return the key that the reader gives, or null; `wrong` if one was refused. */
export function onKeyWanted(ask) {
  askForKey = ask;
}

/** The response to a request that succeeded. Throws Problem. */
export async function send(path, options = {}) {
  for (;;) {
    const key = sessionStorage.getItem(KEPT);
    const response = await fetched(path, options, key);
    if (response.ok) return response;
    const problem = await read(response);
    if (response.status !== 401 || !(await gotKey(key))) throw problem;
  }
}

export async function getJson(path, options) {
  return (await send(path, options)).json();
}

export async function sendJson(method, path, value) {
  const body = JSON.stringify(value);
  const headers = { "Content-Type": "application/json" };
  const response = await send(path, { method, headers, body });
  return response.status === 204 ? null : response.json();
}

/** "/v1/documents?limit=50" of a path and what is set among the parameters. */
export function address(path, parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== null && value !== "");
  const query = new URLSearchParams(set).toString();
  return query ? `${path}?${query}` : path;
}

async function fetched(path, options, key) {
  const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
  try {
    return await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("Dateline cannot be reached. Is it still running?");
  }
}

async function read(response) {
  try {
    const { error } = await response.json();
    return new Problem(error.message, response.status, error.code);
  } catch {
    return new Problem(`the service answered with status ${response.status}`, response.status, "");
  }
}

/** Whether there is another key than `used` to try: requests that fail together ask once. */
async function gotKey(used) {
  if (sessionStorage.getItem(KEPT) !== used) return true;
  asking ??= askForKey(used !== null).finally(() => {
    asking = null;
  });
  const key = await asking;
  if (!key) return false;
  sessionStorage.setItem(KEPT, key);
  return true;
}
