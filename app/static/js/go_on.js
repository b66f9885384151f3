/** A page that has nothing to ask: its form is sent at once, and by its button without this script. */

/**
 * Sent before the page is loaded to its end, it leaves no trace in the history: going back leads past it.
 *
 * @param {Document} page
 */
export function goOn(page) {
  const form = page.querySelector("form[data-go-on]");
  if (form instanceof HTMLFormElement) {
    form.submit();
  }
}
