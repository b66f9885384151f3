/**
 * Which status counts where the manifest sets a measure (RTE 2004 4e, 4.2.4.1 and 4.2.22.1).
 *
 * Without a measure the content's own word stands: see scorm/evaluation.py.
 */

import { isLess } from "./decimals.js";

/**
 * @param {Record<string, string>} values
 * @returns {string | undefined} the completion status, by the threshold if there are both it and a measure
 */
export function completionOf(values) {
  const threshold = values["cmi.completion_threshold"];
  const measure = values["cmi.progress_measure"];
  if (threshold === undefined || measure === undefined) return values["cmi.completion_status"];
  return isLess(measure, threshold) ? "incomplete" : "completed";
}

/**
 * @param {Record<string, string>} values
 * @returns {string | undefined} the success status, by the passing score if there are both it and a score
 */
export function successOf(values) {
  const passing = values["cmi.scaled_passing_score"];
  const scaled = values["cmi.score.scaled"];
  if (passing === undefined || scaled === undefined) return values["cmi.success_status"];
  return isLess(scaled, passing) ? "failed" : "passed";
}
