/**
 * Where a page goes on: what it was given with, and what an earlier one had left in the storage.
 */

/** A place nearer to the beginning or to the end than so many seconds is not resumed. */
const NEAR = 5;

/**
 * Return the sequence and the place to go on from, and stretches that were played beside the page's: that
 * may have been written before what the one before it had left behind was taken.
 * @param {{lease: number, sequence: number, position: number}} setup
 * @param {import("./journal.js").Left[]} left
 */
export function resumed({ lease, sequence, position }, left) {
  const own = left.filter((each) => each.lease === lease).flatMap(({ messages }) => messages);
  const changes = left.flatMap(({ messages }) => messages.flatMap((message) => message.changes));
  const values = (/** @type {string} */ name) =>
    changes.filter(([element]) => element.split(".")[0] === name).map(([, value]) => value);
  return {
    sequence: Math.max(sequence, ...own.map((message) => message.sequence)),
    position: Number(values("position").at(-1) ?? position),
    played: values("played").map((value) => /** @type {[number, number]} */ (value.split(",").map(Number))),
  };
}

/**
 * @param {number} position
 * @param {number} duration
 * @returns {boolean} whether it is worth while to go on from there
 */
export function isWorthResuming(position, duration) {
  return position > NEAR && position < duration - NEAR;
}
