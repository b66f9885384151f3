/**
 * The outline: the course's tree, each leaf with its state, as a list of buttons.
 *
 * @typedef {{id: string, title: string, launchable: boolean, visible: boolean, items: Entry[]}} Entry
 */

/** Signs beside the words, so that a state is never told by colour alone. */
const SIGNS = /** @type {Record<string, string>} */ ({
  not_started: "○",
  in_progress: "◐",
  completed: "✓",
  passed: "✓",
  failed: "✕",
});

/** @param {Entry[]} entries @returns {Entry[]} the entries that can be launched, in their order */
export function leaves(entries) {
  return entries.flatMap((entry) => [...(entry.launchable ? [entry] : []), ...leaves(entry.items)]);
}

/**
 * Draw the tree.
 * @param {HTMLElement} place
 * @param {Entry[]} entries
 * @param {object} shown
 * @param {Record<string, string>} shown.statuses status by identifier
 * @param {string | null} shown.current
 * @param {Record<string, string>} shown.words
 * @param {(identifier: string) => void} choose
 */
export function draw(place, entries, shown, choose) {
  place.replaceChildren(list(entries, shown, choose));
}

/**
 * @param {Entry[]} entries
 * @param {{statuses: Record<string, string>, current: string | null, words: Record<string, string>}} shown
 * @param {(identifier: string) => void} choose
 */
function list(entries, shown, choose) {
  const element = document.createElement("ol");
  for (const entry of entries.filter(({ visible }) => visible)) {
    const row = document.createElement("li");
    row.append(entry.launchable ? leaf(entry, shown, choose) : heading(entry));
    if (entry.items.length > 0) row.append(list(entry.items, shown, choose));
    element.append(row);
  }
  return element;
}

/** @param {Entry} entry */
function heading(entry) {
  const element = document.createElement("p");
  element.className = "cluster";
  element.textContent = entry.title;
  return element;
}

/**
 * @param {Entry} entry
 * @param {{statuses: Record<string, string>, current: string | null, words: Record<string, string>}} shown
 * @param {(identifier: string) => void} choose
 */
function leaf(entry, { statuses, current, words }, choose) {
  const status = statuses[entry.id] ?? "not_started";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "leaf";
  button.dataset.status = status;
  if (entry.id === current) button.setAttribute("aria-current", "true");
  const title = document.createElement("span");
  title.textContent = entry.title;
  const state = document.createElement("span");
  state.className = "state";
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = `${SIGNS[status]} `;
  state.append(sign, words[status === "failed" ? "failed_status" : status]);
  button.append(title, state);
  button.addEventListener("click", () => choose(entry.id));
  return button;
}
