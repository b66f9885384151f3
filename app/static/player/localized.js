/** Language tags, and text that may begin with one: `{lang=ja}はい` (RTE 2004 4e, 4.1.1.2, 4.1.1.4). */

const TAG = /^([A-Za-z]{1,3})((?:-[A-Za-z0-9]{1,8})*)$/;
const LANGUAGE = /^\{lang=([^}]*)\}/;

/**
 * @param {string} tag
 * @param {ReadonlySet<string>} languages the codes that a tag may begin with
 * @returns {boolean} whether it begins with a known language, or with i- or x- and a name
 */
export function isTag(tag, languages) {
  const found = TAG.exec(tag);
  if (!found) return false;
  const first = found[1].toLowerCase();
  return languages.has(first) || (["i", "x"].includes(first) && found[2] !== "");
}

/**
 * @param {string} text
 * @param {ReadonlySet<string>} languages
 * @returns {boolean} whether the language that a text is said to be in, if any, is one
 */
export function isLocalized(text, languages) {
  const found = LANGUAGE.exec(text);
  return !found || isTag(found[1], languages);
}
