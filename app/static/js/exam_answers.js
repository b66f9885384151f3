/**
 * A question's answer, between its controls and the form in which it is kept.
 *
 * The same as app/learning/exams/forms.py makes of the page's form: a text, texts, yes or no, an order,
 * pairs; null is no answer.
 *
 * @typedef {string | boolean | string[] | Record<string, string> | null} Answer
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 */

/**
 * @param {string} kind of the question
 * @param {string} name of its controls: q3, or q3-… of several
 * @param {Control[]} controls
 * @returns {Answer}
 */
export function read(kind, name, controls) {
  const chosen = controls.filter((control) => "checked" in control && control.checked).map(({ value }) => value);
  switch (kind) {
    case "single":
      return chosen[0] ?? null;
    case "multiple":
      return chosen.length > 0 ? chosen : null;
    case "true_false":
      return chosen.length > 0 ? chosen[0] === "true" : null;
    case "fill_in":
      return controls.some(({ value }) => value) ? controls.map(({ value }) => value) : null;
    case "ordering":
      return ordered(parts(name, controls));
    case "matching":
      return filled(parts(name, controls));
    default:
      return controls[0]?.value || null;
  }
}

/**
 * Return controls as the server has filled them, whatever was done to them before the script was there.
 *
 * @param {Control[]} controls
 * @returns {Control[]}
 */
export function served(controls) {
  return controls.map((control) => {
    const copy = /** @type {Control} */ (control.cloneNode(true));
    if ("defaultChecked" in copy && (copy.type === "radio" || copy.type === "checkbox")) copy.checked = copy.defaultChecked;
    else if ("defaultValue" in copy) copy.value = copy.defaultValue;
    else copy.value = Array.from(copy.options).find((option) => option.defaultSelected)?.value ?? "";
    return copy;
  });
}

/**
 * @param {string} name
 * @param {Control[]} controls
 * @returns {Record<string, string>} the value of each part, by what stands behind the question's name
 */
function parts(name, controls) {
  return Object.fromEntries(controls.map((control) => [control.name.slice(name.length + 1), control.value]));
}

/**
 * @param {Record<string, string>} values
 * @returns {Record<string, string> | null} without what is empty
 */
function filled(values) {
  const said = Object.entries(values).filter(([, value]) => value);
  return said.length > 0 ? Object.fromEntries(said) : null;
}

/**
 * @param {Record<string, string>} places of the options
 * @returns {Answer} the options in their order; what is said so far, until each has a place of its own
 */
function ordered(places) {
  const names = Object.keys(places);
  const taken = new Set(Object.values(places));
  if (names.length > 0 && names.every((_, place) => taken.has(String(place + 1)))) {
    return names.sort((one, other) => Number(places[one]) - Number(places[other]));
  }
  return filled(places);
}

/**
 * Put an answer into its controls.
 *
 * @param {string} name
 * @param {Control[]} controls
 * @param {Answer} answer
 */
export function write(name, controls, answer) {
  controls.forEach((control, place) => {
    const part = control.name.slice(name.length + 1);
    if ("checked" in control && (control.type === "radio" || control.type === "checkbox")) {
      control.checked = Array.isArray(answer) ? answer.includes(control.value) : String(answer) === control.value;
    } else if (Array.isArray(answer)) {
      // Of an order each option has its place; of blanks each has its text.
      control.value = control.tagName === "SELECT" ? placeOf(answer, part) : (answer[place] ?? "");
    } else if (answer !== null && typeof answer === "object") {
      control.value = answer[part] ?? "";
    } else {
      control.value = typeof answer === "string" ? answer : "";
    }
  });
}

/**
 * @param {string[]} order
 * @param {string} option
 * @returns {string}
 */
function placeOf(order, option) {
  return order.includes(option) ? String(order.indexOf(option) + 1) : "";
}
