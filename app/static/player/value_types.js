/**
 * The types of values: the patterns that the table brings along, and the few that need more.
 *
 * The same rules as scorm/value_types.py (RTE 2004 4e, 4.1.1; RTE 1.2, 3.4.2).
 *
 * @typedef {import("./model.js").Row} Row
 * @typedef {import("./model.js").Table} Table
 * @typedef {"type" | "range"} Misfit
 */

import { isLess } from "./decimals.js";
import { isLocalized, isTag } from "./localized.js";
import { responseChecks } from "./responses.js";

/**
 * Whether a number lies within its row's bounds; a blank is no number.
 * @param {Row} row
 * @param {string} value
 */
function isWithin({ min, max }, value) {
  if (value === "") return true;
  return (min === null || !isLess(value, String(min))) && (max === null || !isLess(String(max), value));
}

/**
 * Make the check of a table's values.
 * @param {Pick<Table, "patterns" | "languages">} table
 * @returns {(row: Row, value: string, interaction: string) => Misfit | null} why a value is not what
 *   its element takes, null where it is; `interaction` is the interaction's type, for what goes by it
 */
export function valueCheck({ patterns, languages }) {
  const known = new Set(languages);
  /** @type {Record<string, (value: string) => boolean>} */
  const checks = {
    localized_text: (value) => isLocalized(value, known),
    language: (value) => value === "" || isTag(value, known),
  };
  for (const [name, pattern] of Object.entries(patterns)) {
    const expression = new RegExp(`^(?:${pattern})$`, "u");
    checks[name] = (value) => expression.test(value);
  }
  const responses = responseChecks({
    isShort: checks.long_identifier,
    isReal: checks.real,
    isLocalized: checks.localized_text,
  });

  /** @type {(row: Row, value: string, interaction: string) => boolean} */
  function isOfType({ type, vocabulary }, value, interaction) {
    if (type === "learner_response" || type === "pattern") return responses[type][interaction](value);
    if (vocabulary) return vocabulary.includes(value) || (type === "result" && checks.real(value));
    return !(type in checks) || checks[type](value);
  }

  return (row, value, interaction) => {
    if (!isOfType(row, value, interaction)) return "type";
    // Characters are counted as the server counts them: one outside of the first plane is one.
    if (row.limit !== null && [...value].length > row.limit) return "type";
    return isWithin(row, value) ? null : "range";
  };
}
