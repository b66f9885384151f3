/**
 * The outline: the course's tree with the state of each leaf. What may be chosen now is a button.
 *
 * @typedef {{id: string, title: string, launchable: boolean, visible: boolean, items: Entry[]}} Entry
 * @typedef {object} Shown
 * @property {Record<string, string>} statuses status by identifier
 * @property {string | null} current
 * @property {ReadonlySet<string>} choices what may be chosen
 * @property {ReadonlySet<string>} hidden what rules hide
 * @property {Record<string, string>} words
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
 * @param {Shown} shown
 * @param {(identifier: string) => void} choose
 */
export function draw(place, entries, shown, choose) {
  place.replaceChildren(list(entries, shown, choose));
}

/**
 * An invisible entry hides itself alone: what lies in it stands in its place (CAM 4e, 3.4.1.7).
 * @param {Entry} entry
 * @returns {Entry[]}
 */
function unveiled(entry) {
  return entry.visible ? [entry] : entry.items.flatMap(unveiled);
}

/**
 * @param {Entry[]} entries
 * @param {Shown} shown
 * @param {(identifier: string) => void} choose
 */
function list(entries, shown, choose) {
  const element = document.createElement("ol");
  for (const entry of entries.flatMap(unveiled).filter(({ id }) => !shown.hidden.has(id))) {
    const row = document.createElement("li");
    row.append(entry.launchable ? leaf(entry, shown, choose) : heading(entry, shown, choose));
    if (entry.items.length > 0) row.append(list(entry.items, shown, choose));
    element.append(row);
  }
  return element;
}

/**
 * @param {Entry} entry
 * @param {Shown} shown
 * @param {(identifier: string) => void} choose
 */
function heading(entry, shown, choose) {
  const element = shown.choices.has(entry.id) ? button(entry, choose) : document.createElement("p");
  element.className = "cluster";
  element.textContent = entry.title;
  return element;
}

/**
 * @param {Entry} entry
 * @param {Shown} shown
 * @param {(identifier: string) => void} choose
 */
function leaf(entry, { statuses, current, choices, words }, choose) {
  const status = statuses[entry.id] ?? "not_started";
  const isOpen = choices.has(entry.id);
  const element = isOpen ? button(entry, choose) : document.createElement("p");
  element.className = "leaf";
  element.dataset.status = status;
  if (entry.id === current) element.setAttribute("aria-current", "true");
  const title = document.createElement("span");
  title.textContent = entry.title;
  const state = document.createElement("span");
  state.className = "state";
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = `${SIGNS[status]} `;
  state.append(sign, words[status === "failed" ? "failed_status" : status]);
  if (!isOpen && entry.id !== current) state.append(`、${words.locked}`);
  element.append(title, state);
  return element;
}

/**
 * @param {Entry} entry
 * @param {(identifier: string) => void} choose
 */
function button(entry, choose) {
  const element = document.createElement("button");
  element.type = "button";
  element.addEventListener("click", () => choose(entry.id));
  return element;
}
