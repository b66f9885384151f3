/** Parts of the page by their ids: the template has them all. */

/** @param {string} id */
export function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id */
export function text(id) {
  return part(id).textContent ?? "";
}
