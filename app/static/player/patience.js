/** Send until somebody answers: a line that is cut, and a server that restarts, are waited for. */

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** @typedef {{ok: boolean, status: number, answer: Record<string, any> | null}} Reply */

/**
 * @param {() => Promise<Response>} send called again until there is an answer
 * @param {() => void} onOffline told each time that there was none
 * @returns {Promise<Reply>}
 */
export async function patiently(send, onOffline) {
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(LAST_RETRY_MS, pause * 2)) {
    try {
      const response = await send();
      const { ok, status } = response;
      const answer = await read(response);
      // Success without a document is somebody else's: the page of a network that asks to sign in.
      if (status < 500 && status !== 429 && (answer !== null || !ok)) return { ok, status, answer };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch says so when the line is cut
    }
    onOffline();
    await pauseOrLine(pause);
  }
}

/**
 * Wait, but no longer than until the browser says that it has a line again.
 * @param {number} milliseconds
 */
async function pauseOrLine(milliseconds) {
  const ended = new AbortController();
  await new Promise((wake) => {
    setTimeout(() => wake(null), milliseconds);
    globalThis.addEventListener?.("online", wake, { signal: ended.signal });
  });
  ended.abort();
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, any> | null>}
 */
async function read(response) {
  const type = response.headers.get("Content-Type") ?? "";
  return type.includes("json") ? response.json() : null;
}
