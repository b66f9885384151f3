/**
 * A form with a file is sent with its progress shown, and the page goes where the answer leads.
 *
 * For forms with data-upload that hold a [data-upload-progress]. The answer's page, wherever redirects led,
 * takes the place of this one under its own address: asking for it a second time would lose the messages
 * that are said only once. Without this script the browser sends the same form by itself.
 */

/** Said on the document when a page took the place of another: whoever attaches to pages attaches again. */
export const REPLACED = "page-replaced";

/**
 * @param {Document} page
 */
export function attachUploads(page) {
  for (const form of page.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => send(/** @type {SubmitEvent} */ (event)));
  }
}

/**
 * @param {SubmitEvent} event
 */
function send(event) {
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const place = form.querySelector("[data-upload-progress]");
  if (!place || !hasFile(form)) {
    return;
  }
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (step) => showSent(place, step));
  request.upload.addEventListener("load", () => say(place, "checking", null));
  request.addEventListener("load", () => follow(request));
  request.addEventListener("error", () => fail(place, form));
  request.addEventListener("timeout", () => fail(place, form));
  start(place, form);
  request.send(body);
}

/**
 * @param {HTMLFormElement} form
 * @returns {boolean}
 */
function hasFile(form) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=file]"));
  return Array.from(fields).some((field) => (field.files?.length ?? 0) > 0);
}

/**
 * @param {Element} place
 * @param {HTMLFormElement} form
 */
function start(place, form) {
  place.removeAttribute("hidden");
  setButtons(form, true);
  addEventListener("beforeunload", hold);
}

/**
 * Whoever leaves while bytes are under way loses them: the browser asks.
 *
 * @param {BeforeUnloadEvent} event
 */
export function hold(event) {
  event.preventDefault();
}

/**
 * @param {Element} place
 * @param {ProgressEvent} step
 */
function showSent(place, step) {
  if (!step.lengthComputable) {
    return;
  }
  const percent = Math.floor((100 * step.loaded) / step.total);
  say(place, "sending", percent, {
    percent: String(percent),
    sent: megabytes(step.loaded),
    total: megabytes(step.total),
  });
}

/**
 * @param {number} octets
 * @returns {string} in MB, by powers of 1,000 as everywhere
 */
export function megabytes(octets) {
  return `${(octets / 1e6).toFixed(1)} MB`;
}

/**
 * @param {Element} place
 * @param {string} name of the sentence, an attribute of the place for words
 * @param {number | null} percent null where it cannot be told
 * @param {Record<string, string>} values
 */
function say(place, name, percent, values = {}) {
  const bar = place.querySelector("progress");
  if (percent === null) {
    bar?.removeAttribute("value");
  } else {
    bar?.setAttribute("value", String(percent));
  }
  const words = place.querySelector("[role=status]");
  if (words) {
    const sentence = words.getAttribute(`data-${name}`) ?? "";
    words.textContent = sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }
}

/**
 * @param {Element} place
 * @param {HTMLFormElement} form
 */
function fail(place, form) {
  removeEventListener("beforeunload", hold);
  say(place, "failed", 0);
  setButtons(form, false);
}

/**
 * @param {XMLHttpRequest} request
 */
function follow(request) {
  removeEventListener("beforeunload", hold);
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  if (request.responseURL === location.href) {
    history.replaceState(null, "", request.responseURL);
  } else {
    history.pushState(null, "", request.responseURL);
    // The page before this one is not kept anywhere: going back asks for it again.
    addEventListener("popstate", () => location.reload(), { once: true });
  }
  show(answer);
}

/**
 * Put an answered page in the place of this one.
 *
 * @param {Document} answer
 */
function show(answer) {
  document.title = answer.title;
  document.documentElement.lang = answer.documentElement.lang;
  document.body.replaceWith(document.adoptNode(answer.body));
  scrollTo(0, 0);
  document.querySelector("main")?.focus();
  document.dispatchEvent(new Event(REPLACED));
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} disabled
 */
function setButtons(form, disabled) {
  for (const button of form.querySelectorAll("button")) {
    button.disabled = disabled;
  }
}
