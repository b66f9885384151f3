/**
 * The choice of rows in a table: one box for all, the number of the chosen, buttons that need a choice.
 *
 * In a form with data-select-all: [data-select-all-head] is the box for all, [data-select-row] the rows',
 * [data-selection-count] says the number by its own sentence, in which {n} stands for it (also in a dialog that
 * stands in the form), [data-select-whole] is the box that chooses the rows on other pages, too: so many.
 */

/**
 * @param {Document} page
 */
export function attachSelections(page) {
  for (const part of page.querySelectorAll("[data-select-all]")) {
    attach(part);
  }
}

/**
 * @param {Element} part
 */
function attach(part) {
  part.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-select-all-head]")) {
      for (const row of rows(part)) {
        row.checked = event.target.checked;
      }
    }
    show(part);
  });
  // Parts that htmx brings in later have boxes of their own.
  part.addEventListener("htmx:afterSwap", () => show(part));
  // Going back to a page brings its boxes back as they were.
  addEventListener("pageshow", () => show(part));
  show(part);
}

/**
 * @param {Element} part
 * @returns {HTMLInputElement[]} the rows' boxes
 */
function rows(part) {
  return Array.from(/** @type {NodeListOf<HTMLInputElement>} */ (part.querySelectorAll("input[data-select-row]")));
}

/**
 * Say how many are chosen, and let the head's box and the bar's buttons agree with it.
 *
 * @param {Element} part
 */
function show(part) {
  const boxes = rows(part);
  const whole = part.querySelector("[data-select-whole]");
  const isWhole = whole instanceof HTMLInputElement && whole.checked;
  const chosen = isWhole ? Number(whole.dataset.selectWhole) : boxes.filter((box) => box.checked).length;
  for (const box of boxes) {
    box.disabled = isWhole;
  }
  const head = part.querySelector("[data-select-all-head]");
  if (head instanceof HTMLInputElement) {
    head.checked = isWhole || (chosen > 0 && chosen === boxes.length);
    head.indeterminate = !isWhole && chosen > 0 && chosen < boxes.length;
    head.disabled = isWhole;
  }
  for (const count of part.querySelectorAll("[data-selection-count]")) {
    count.textContent = (count.getAttribute("data-selection-count") ?? "{n}").replace("{n}", String(chosen));
  }
  for (const button of part.querySelectorAll("[data-selection-bar] button")) {
    /** @type {HTMLButtonElement} */ (button).disabled = chosen === 0;
  }
}
