/** How it stands with what was set, as a line of the page. */

/**
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 * @param {{words: Record<string, string>, language: string, preview: boolean}} setup
 * @returns {string}
 */
export function lineText(line, answer, { words, language, preview }) {
  // A preview leaves no record, and must not speak of one.
  if (preview && (line === "saved" || line === "saving" || line === "unsaved")) return "";
  if (line !== "saved" || !answer) return words[line];
  const at = new Date(answer.saved_at);
  const time = at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  return `${words.saved} ${time}`;
}
