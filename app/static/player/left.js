/** What a page of an earlier launch has left in the browser's storage, as its journal has kept it. */

/**
 * @param {string | null} document what an earlier page has kept
 * @returns {import("./journal.js").Message[]} its messages, and one more of what had only gathered
 */
export function leftMessages(document) {
  const { item, buffer, next, messages } = parsed(document);
  const rest = { sequence: next, item, changes: buffer, finished: false, leaving: false };
  return buffer.length > 0 ? [...messages, rest] : messages;
}

/**
 * @param {string | null} document
 * @returns {import("./journal.js").Kept} nothing, where the content has put something else in its place
 */
function parsed(document) {
  try {
    const kept = JSON.parse(document ?? "");
    if (Array.isArray(kept?.buffer) && Array.isArray(kept.messages)) return kept;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { item: "", buffer: [], next: 1, messages: [] };
}
