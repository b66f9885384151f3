/**
 * Dialogs that hold the page until they are answered.
 *
 * Without this script the browser opens them as popovers, by the same buttons; here they become modal:
 * the focus stays inside, Esc closes, and afterwards the focus is back where it was.
 */

/**
 * @param {Document} page
 */
export function attachDialogs(page) {
  page.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) {
      return;
    }
    const opener = event.target.closest("[data-opens-dialog]");
    if (opener) {
      open(page, event, opener.getAttribute("data-opens-dialog") ?? "");
      return;
    }
    const closer = event.target.closest("[data-closes-dialog]");
    const dialog = closer?.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  });
}

/**
 * @param {Document} page
 * @param {Event} event the click; its own effect, the popover, is put aside
 * @param {string} id
 */
function open(page, event, id) {
  const dialog = page.getElementById(id);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
}
