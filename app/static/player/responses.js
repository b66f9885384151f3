/**
 * What a learner may answer to an interaction, and what may be called correct, by its type.
 *
 * (RTE 2004 4e, 4.2.9.1 and 4.2.9.2.) Parts are joined by `[,]`, pairs by `[.]`, ranges by `[:]`. The
 * same rules as scorm/responses.py.
 *
 * @typedef {(value: string) => boolean} Check
 * @typedef {{isShort: Check, isReal: Check, isLocalized: Check}} Basis what the rules are made of
 */

import { isLess } from "./decimals.js";

/** Types with one correct pattern, and types no two of whose patterns may be alike. */
export const SINGLE = ["true-false", "likert", "numeric", "other"];
export const DISTINCT = ["choice", "sequencing"];

const SWITCH = /^\{(case_matters|order_matters)=([^}]*)\}/;

/** @type {Check} */
const isTrueOrFalse = (value) => value === "true" || value === "false";

/**
 * @param {string} value
 * @param {string} mark
 * @returns {[string, string | null]} what stands before and after the first mark; null without one
 */
function cut(value, mark) {
  const at = value.indexOf(mark);
  return at < 0 ? [value, null] : [value.slice(0, at), value.slice(at + mark.length)];
}

/**
 * Let a check look at what follows the switches that a pattern may begin with, `{case_matters=true}`.
 * @param {string[]} switches
 * @param {Check} check
 * @returns {Check}
 */
function after(switches, check) {
  return (value) => {
    const found = SWITCH.exec(value);
    if (!found || !switches.includes(found[1])) return check(value);
    return isTrueOrFalse(found[2]) && after(switches, check)(value.slice(found[0].length));
  };
}

/** @param {Basis} basis */
function listChecks({ isShort, isLocalized }) {
  /** @type {Check} */
  const isList = (value) => value === "" || value.split("[,]").every(isShort);
  /** @type {Check} */
  const isSet = (value) => isList(value) && new Set(value.split("[,]")).size === value.split("[,]").length;
  /** @type {Check} */
  const areTexts = (value) => value.split("[,]").every(isLocalized);
  /** @type {Check} */
  const isPair = (value) => {
    const parts = value.split("[.]");
    return parts.length === 2 && parts.every(isShort);
  };
  /** @type {Check} */
  const arePairs = (value) => value === "" || value.split("[,]").every(isPair);
  return { isList, isSet, areTexts, arePairs };
}

/**
 * A name and an answer, of which one may be missing.
 * @param {Basis} basis
 * @returns {Check}
 */
function stepsCheck({ isShort }) {
  /** @type {Check} */
  const isStep = (step) => {
    const parts = step.split("[.]");
    return parts.length === 2 && (isShort(parts[0]) || (parts[0] === "" && parts[1] !== ""));
  };
  return (value) => value === "" || value.split("[,]").every(isStep);
}

/**
 * The least and the greatest right answer, each of which may be missing; or the one.
 * @param {Basis} basis
 * @returns {Check}
 */
function rangeCheck({ isReal }) {
  return (value) => {
    const [low, high] = cut(value, "[:]");
    if (high === null) return isReal(low);
    if (![low, high].every((bound) => bound === "" || isReal(bound))) return false;
    return low === "" || high === "" || !isLess(high, low);
  };
}

/**
 * @param {Basis} basis
 * @returns {{learner_response: Record<string, Check>, pattern: Record<string, Check>}} a check for each
 *   type of interaction
 */
export function responseChecks(basis) {
  const { isList, isSet, areTexts, arePairs } = listChecks(basis);
  const areSteps = stepsCheck(basis);
  /** @type {Record<string, Check>} */
  const learner_response = {
    "true-false": isTrueOrFalse,
    choice: isSet,
    "fill-in": areTexts,
    "long-fill-in": basis.isLocalized,
    matching: arePairs,
    performance: areSteps,
    sequencing: isList,
    likert: basis.isShort,
    numeric: basis.isReal,
    other: () => true,
  };
  const pattern = {
    ...learner_response,
    "fill-in": after(["case_matters", "order_matters"], areTexts),
    "long-fill-in": after(["case_matters"], basis.isLocalized),
    performance: after(["order_matters"], areSteps),
    numeric: rangeCheck(basis),
  };
  return { learner_response, pattern };
}
