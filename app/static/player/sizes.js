/**
 * Which size of the film is played: the one that the line bears, or the one that was chosen last.
 */

/**
 * @typedef {import("./videojs.js").Player} Player
 * @typedef {import("./videojs.js").Representation} Representation
 */

const CHOSEN = "kenshu.video.height";

/**
 * @param {{width?: number, height?: number}[]} sizes
 * @returns {number[]} the shorter side of each size there is, the largest first; sound alone has none
 */
export function sidesOf(sizes) {
  return [...new Set(sizes.map(sideOf).filter((side) => side > 0))].sort((one, other) => other - one);
}

/**
 * Offer the sizes that the player knows, and hold to the one that was chosen; called again when the
 * film is loaded again. A browser that plays HLS by itself chooses by itself: nothing is shown.
 * @param {Player} player
 * @param {HTMLSelectElement} select
 * @param {Storage} storage
 * @param {string} automatic the word for none
 */
export function offerSizes(player, select, storage, automatic) {
  const sides = sidesOf(sizesOf(player));
  const box = /** @type {HTMLElement} */ (select.parentElement);
  box.hidden = sides.length < 2;
  if (box.hidden) return;
  const chosen = Number(storage.getItem(CHOSEN) ?? 0);
  select.replaceChildren(
    ...[0, ...sides].map((side) => new Option(side === 0 ? automatic : `${side}p`, String(side))),
  );
  select.value = String(sides.includes(chosen) ? chosen : 0);
  choose(player, Number(select.value));
  select.onchange = () => {
    storage.setItem(CHOSEN, select.value);
    choose(player, Number(select.value));
  };
}

/**
 * @param {Player} player
 * @param {number} wanted shorter side; 0 for whatever the line bears
 */
function choose(player, wanted) {
  const isWanted = (/** @type {Representation} */ size) => wanted === 0 || sideOf(size) === wanted;
  for (const size of sizesOf(player)) size.enabled(isWanted(size));
  // What is put on is changed to at once; put off, it is played on as far as it was loaded.
  for (const size of wanted === 0 ? [] : sizesOf(player).filter(isWanted)) {
    size.enabled(false);
    size.enabled(true);
  }
}

/**
 * @param {Player} player
 * @returns {Representation[]}
 */
function sizesOf(player) {
  return player.tech(true).vhs?.representations?.() ?? [];
}

/** @param {{width?: number, height?: number}} size */
function sideOf({ width = 0, height = 0 }) {
  return Math.min(width, height);
}
