/**
 * Answers without a name are kept nowhere but here until they are handed in: in this tab's own storage.
 *
 * A form with data-kept-here, the key to keep it under, is filled again when its page comes back. What was
 * handed in is forgotten where something carries data-forgotten-here, and all of it where somebody signs in.
 *
 * @typedef {{getItem: (key: string) => string | null, setItem: (key: string, text: string) => void,
 *   removeItem: (key: string) => void, key: (place: number) => string | null, length: number}} Shelf
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 */

const KEYS = "survey-";
const ANSWERS = "answer-";

/**
 * @returns {Shelf | null} the tab's own storage; null where the browser gives none
 */
function own() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/**
 * @param {Document} page
 * @param {Shelf | null} shelf
 */
export function attachSurveys(page, shelf = own()) {
  if (!shelf) return;
  if (page.querySelector('input[type="password"]')) {
    forgetAll(shelf);
  }
  for (const done of page.querySelectorAll("[data-forgotten-here]")) {
    shelf.removeItem(done.getAttribute("data-forgotten-here") ?? "");
  }
  for (const form of page.querySelectorAll("form[data-kept-here]")) {
    const key = form.getAttribute("data-kept-here") ?? "";
    fill(fields(form), shelf.getItem(key));
    form.addEventListener("input", () => {
      try {
        shelf.setItem(key, JSON.stringify(said(fields(form))));
      } catch {
        // A full or forbidden storage keeps nobody from answering.
      }
    });
  }
}

/**
 * @param {Element} form
 * @returns {Field[]} the fields of its questions
 */
function fields(form) {
  return Array.from(/** @type {NodeListOf<Field>} */ (form.querySelectorAll("input, textarea"))).filter((field) =>
    field.name.startsWith(ANSWERS),
  );
}

/**
 * @param {Field} field
 * @returns {boolean} whether it is chosen, not written
 */
function isChoice(field) {
  return field.type === "radio" || field.type === "checkbox";
}

/**
 * @param {Field[]} all
 * @returns {Record<string, string[]>} what is chosen and written, by the name of its field
 */
export function said(all) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const field of all) {
    if (isChoice(field) ? /** @type {HTMLInputElement} */ (field).checked : field.value) {
      (found[field.name] ??= []).push(field.value);
    }
  }
  return found;
}

/**
 * Choose and write what was said before; what is no record of that changes nothing.
 *
 * @param {Field[]} all
 * @param {string | null} kept
 */
export function fill(all, kept) {
  /** @type {unknown} */
  let known;
  try {
    known = JSON.parse(kept ?? "null");
  } catch {
    return;
  }
  if (typeof known !== "object" || known === null) return;
  const answers = new Map(Object.entries(known));
  for (const field of all) {
    const values = answers.get(field.name);
    const given = Array.isArray(values) ? values : [];
    if (isChoice(field)) {
      /** @type {HTMLInputElement} */ (field).checked = given.includes(field.value);
    } else if (given.length > 0) {
      field.value = String(given[0]);
    }
  }
}

/**
 * @param {Shelf} shelf
 */
function forgetAll(shelf) {
  const keys = Array.from({ length: shelf.length }, (_, place) => shelf.key(place) ?? "");
  for (const key of keys.filter((each) => each.startsWith(KEYS))) {
    shelf.removeItem(key);
  }
}
