/** A test while it is sat: answers are saved by themselves, the time runs, and at its end it is handed in. */

import { read, served, write } from "./exam_answers.js";
import { Countdown, said } from "./exam_clock.js";
import { ExamJournal, forget, same } from "./exam_journal.js";
import { renewToken } from "./token.js";

/**
 * @typedef {import("./exam_answers.js").Control} Control
 * @typedef {import("./exam_journal.js").Line} Line
 */

/** Seconds. */
const DAY = 86_400;

const done = document.querySelector("[data-exam-done]");
if (done instanceof HTMLElement) {
  forget(storage(), done.dataset.examDone ?? "");
}
const exam = document.querySelector("[data-exam]");
const form = document.querySelector("form[data-exam-form]");
if (exam instanceof HTMLElement && form instanceof HTMLFormElement) {
  sit(exam, form);
}

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} questions
 */
function sit(page, questions) {
  const line = page.querySelector("[data-exam-line]");
  /** @param {string} name */
  const words = (name) => page.getAttribute(`data-${name}`) ?? "";
  /** @type {Countdown | null} */
  let clock = null;
  const journal = new ExamJournal({
    address: page.dataset.address ?? "",
    sitting: page.dataset.exam ?? "",
    sequence: Number(page.dataset.sequence),
    token: () => field(questions, "csrf_token").value,
    renew: () => renewToken(page.ownerDocument),
    storage: storage(),
    onLine: (now, left) => {
      if (left !== null) clock?.correct(left);
      show(line, words(now === "submitted" ? "over" : now), now);
      if (now === "submitted") location.assign(page.dataset.result ?? "");
      if (now === "over") end(page);
    },
  });
  const fieldsets = Array.from(/** @type {NodeListOf<HTMLElement>} */ (questions.querySelectorAll("[data-question]")));
  const present = Object.fromEntries(fieldsets.map((each) => [each.dataset.question ?? "", answer(each, served)]));
  const left = journal.restore(present);
  for (const each of fieldsets) {
    const question = each.dataset.question ?? "";
    if (question in left) write(each.id, controls(each), left[question]);
    // What was answered before this script was there.
    else if (!same(answer(each), present[question])) journal.note(question, answer(each));
  }
  if (!journal.isSaved) {
    show(line, words("restored"), "unsaved");
    void journal.flush();
  }
  questions.addEventListener("input", (event) => {
    const of = event.target instanceof Element ? event.target.closest("[data-question]") : null;
    if (of instanceof HTMLElement) journal.note(of.dataset.question ?? "", answer(of));
  });
  questions.addEventListener("submit", (event) => {
    // Sent without a line, the page would be gone, and with it the way back to the answers.
    if (journal.line === "offline" || journal.line === "signed-out") {
      event.preventDefault();
      show(line, words("unsent"), "offline");
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void journal.flush();
    else clock?.look();
  });
  if (page.dataset.left) clock = count(page, Number(page.dataset.left), words, () => finish(page, questions, journal));
}

/**
 * @param {HTMLElement} page
 * @param {number} left
 * @param {(name: string) => string} words
 * @param {() => void} onEnd
 */
function count(page, left, words, onEnd) {
  const shown = page.querySelector("[data-exam-left]");
  const aloud = page.querySelector("[data-exam-announced]");
  return new Countdown(
    left,
    (now) => {
      // Of an end that is days away the page says the day.
      if (shown && now < DAY) shown.textContent = said(words("remaining"), now);
    },
    (now) => {
      if (aloud) aloud.textContent = said(words("announced"), now);
    },
    onEnd,
  );
}

/**
 * The time is over: what is under way is sent, and the sitting handed in once there is a line.
 *
 * @param {HTMLElement} page
 * @param {HTMLFormElement} questions
 * @param {ExamJournal} journal
 */
async function finish(page, questions, journal) {
  for (const each of questions.querySelectorAll("fieldset")) {
    each.disabled = true;
  }
  show(page.querySelector("[data-exam-line]"), page.getAttribute("data-over") ?? "", "over");
  await journal.flush();
  end(page);
}

/**
 * @param {HTMLElement} page
 */
function end(page) {
  const handing = page.querySelector("form[data-exam-end]");
  if (handing instanceof HTMLFormElement) handing.submit();
}

/**
 * @param {HTMLElement} fieldset
 * @param {(controls: Control[]) => Control[]} as how its controls are taken
 */
function answer(fieldset, as = (found) => found) {
  return read(fieldset.dataset.kind ?? "", fieldset.id, as(controls(fieldset)));
}

/**
 * @param {HTMLElement} fieldset
 * @returns {Control[]}
 */
function controls(fieldset) {
  return Array.from(/** @type {NodeListOf<Control>} */ (fieldset.querySelectorAll("input, select, textarea")));
}

/**
 * @param {HTMLFormElement} of
 * @param {string} name
 */
function field(of, name) {
  return /** @type {HTMLInputElement} */ (of.elements.namedItem(name));
}

/**
 * @param {Element | null} place
 * @param {string} words
 * @param {Line} state
 */
function show(place, words, state) {
  if (!place) return;
  place.setAttribute("data-state", state);
  if (place.textContent !== words) place.textContent = words;
}

/**
 * @returns {Storage | null} none where the browser forbids it
 */
function storage() {
  try {
    return localStorage;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
