/** Names of elements as content writes them, and the patterns that the table's rows have for names. */

const INDEX = /(?<=\.)\d+(?=\.|$)/g;
/** The books write "n" for an index; in a name that content gives, it is none. */
const LETTER = /(?<=\.)n(?=\.|$)/g;
/** What may follow these names is an identifier, which may hold dots and digits itself. */
const TARGETED = ["adl.nav.request_valid.choice", "adl.nav.request_valid.jump"];

/**
 * @typedef {object} Place a collection that a name goes through, with the index in it
 * @property {string} collection
 * @property {string} index as it was written
 */

/**
 * @param {string} name
 * @returns {string} the name of the row that an element belongs to: `n` for every index
 */
export function patternOf(name) {
  const targeted = TARGETED.find((start) => name.startsWith(`${start}.{target=`));
  return targeted ?? name.replace(LETTER, "?").replace(INDEX, "n");
}

/**
 * @param {string} name the name of an element that has a row
 * @returns {Place[]} outermost first
 */
export function placesIn(name) {
  if (TARGETED.some((start) => name.startsWith(start))) return [];
  return [...name.matchAll(INDEX)].map((found) => ({
    collection: name.slice(0, found.index - 1),
    index: found[0],
  }));
}

/**
 * @param {string} digits
 * @returns {boolean} whether they are an index as it is written: no leading zero, of a sane length
 */
export function isIndex(digits) {
  return digits.length < 10 && digits === String(Number(digits));
}

/**
 * @param {string} pattern the name of a row
 * @param {string} name the name of an element that begins as the row does
 * @returns {string} the row's name with the element's indexes
 */
export function filled(pattern, name) {
  const parts = name.split(".");
  return pattern
    .split(".")
    .map((part, at) => (part === "n" ? parts[at] : part))
    .join(".");
}
