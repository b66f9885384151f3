/** A form that came back: the summary of what is wrong takes the focus, so that it is read first. */

/**
 * @param {Document} page
 */
export function focusErrorSummary(page) {
  const summary = page.querySelector("[data-error-summary]");
  if (summary instanceof HTMLElement) {
    summary.focus();
  }
}
