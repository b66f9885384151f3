/**
 * Send until somebody answers: a line that is cut, a server that restarts, and an office that may only
 * be read for the time being, are waited for.
 */

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const READ_ONLY = "urn:kenshu:read_only";

/**
 * @typedef {{ok: boolean, status: number, answer: Record<string, any> | null}} Reply
 * @typedef {"offline" | "resting"} Wait what is waited for: an answer, or the end of the read-only mode
 */

/**
 * @param {() => Promise<Response>} send called again until there is an answer
 * @param {(wait: Wait) => void} onWait told each time that there was none
 * @returns {Promise<Reply>}
 */
export async function patiently(send, onWait) {
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(LAST_RETRY_MS, pause * 2)) {
    /** @type {Wait} */
    let wait = "offline";
    try {
      const response = await send();
      const { ok, status } = response;
      const answer = await read(response);
      // Success without a document is somebody else's: the page of a network that asks to sign in.
      if (status < 500 && status !== 429 && (answer !== null || !ok)) return { ok, status, answer };
      if (answer?.type === READ_ONLY) wait = "resting";
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch says so when the line is cut
    }
    onWait(wait);
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
