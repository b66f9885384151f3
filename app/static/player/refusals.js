/**
 * Why a get or a set is refused, and the code that each edition has for it: as in scorm/errors.py.
 *
 * @typedef {keyof typeof CODES_2004} Refusal
 */

const CODES_2004 = {
  noNameToGet: 301,
  noNameToSet: 351,
  unknownCategory: 401,
  unknownElement: 401,
  noChildren: 301,
  noCount: 301,
  absent: 301,
  outOfOrder: 351,
  notSet: 403,
  keyword: 404,
  readOnly: 404,
  writeOnly: 405,
  dependency: 408,
  type: 406,
  range: 407,
  taken: 351,
};

/** @type {typeof CODES_2004} */
const CODES_12 = {
  noNameToGet: 201,
  noNameToSet: 201,
  unknownCategory: 401,
  unknownElement: 201,
  noChildren: 202,
  noCount: 203,
  absent: 201,
  outOfOrder: 201,
  // What was never set reads as the blank (RTE 1.2, 3.4.4).
  notSet: 0,
  keyword: 402,
  readOnly: 403,
  writeOnly: 404,
  type: 405,
  range: 405,
  // No row of 1.2 knows these two.
  dependency: 405,
  taken: 405,
};

/**
 * @param {string} edition "1.2" or a 2004 one
 * @param {Refusal} refusal
 * @returns {number}
 */
export function codeOf(edition, refusal) {
  return (edition === "1.2" ? CODES_12 : CODES_2004)[refusal];
}
