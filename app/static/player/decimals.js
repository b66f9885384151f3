/** Numbers as they are written, compared exactly: a browser's own numbers would round them. */

/**
 * @param {string} number such as "-0.5", "+7." or ".25"
 */
function parse(number) {
  const [whole, fraction = ""] = number.replace(/^[-+]/, "").split(".");
  return { isNegative: number.startsWith("-"), whole, fraction };
}

/**
 * @param {string} number
 * @param {number} places decimals to count in
 */
function scaled(number, places) {
  const { isNegative, whole, fraction } = parse(number);
  const size = BigInt(whole + fraction.padEnd(places, "0"));
  return isNegative ? -size : size;
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean} whether one number is less than another
 */
export function isLess(one, other) {
  const places = Math.max(parse(one).fraction.length, parse(other).fraction.length);
  return scaled(one, places) < scaled(other, places);
}
