/**
 * The questions in a film: asked at their places, answered through the journal, told right or wrong by the server.
 *
 * @typedef {{id: string, at: number, text: string, choices: string[], multiple: boolean}} Question
 */

import { part } from "./parts.js";

/**
 * The first question that should have been answered by a place: nobody plays on beyond it.
 * @param {Question[]} questions
 * @param {Set<string>} answered
 * @param {number} place
 */
export function due(questions, answered, place) {
  const open = questions.filter(({ id, at }) => at <= place && !answered.has(id));
  return open.sort((one, other) => one.at - other.at)[0] ?? null;
}

export class Questions {
  /**
   * @param {object} setup
   * @param {Question[]} setup.questions
   * @param {string[]} setup.answered those that were answered rightly before
   * @param {Record<string, string>} setup.words
   * @param {(id: string, chosen: number[]) => void} setup.onAnswer
   * @param {() => void} setup.onGoOn
   * @param {(question: Question) => void} setup.onReview somebody wants to see once more what is asked about
   */
  constructor({ questions, answered, words, onAnswer, onGoOn, onReview }) {
    this.questions = questions;
    this.answered = new Set(answered);
    this.words = words;
    this.onAnswer = onAnswer;
    /** @type {Question | null} */
    this.asked = null;
    this.isWaiting = false;
    this.dialog = /** @type {HTMLDialogElement} */ (part("question"));
    part("question-form").addEventListener("submit", (event) => this.#submit(event));
    part("question-go").addEventListener("click", () => {
      this.close();
      onGoOn();
    });
    part("question-review").addEventListener("click", () => {
      const asked = this.asked;
      this.close();
      if (asked) onReview(asked);
    });
    // Put away by a key, it is asked again where the film is to go on.
    this.dialog.addEventListener("close", () => (this.asked = null));
  }

  /** @param {number} place */
  due(place) {
    return due(this.questions, this.answered, place);
  }

  /** @param {Question} question */
  ask(question) {
    if (this.asked) return;
    this.asked = question;
    this.isWaiting = false;
    part("question-text").textContent = question.text;
    part("question-choices").replaceChildren(
      ...question.choices.map((choice, number) => choiceOf(question, choice, number)),
    );
    this.#show({ sentence: "", isOpen: true });
    this.dialog.showModal();
  }

  close() {
    this.asked = null;
    this.dialog.close();
  }

  /**
   * The server has told which answers are right.
   * @param {Record<string, boolean>} answers
   */
  tell(answers) {
    for (const [id, isRight] of Object.entries(answers)) if (isRight) this.answered.add(id);
    if (!this.asked || !this.isWaiting || !(this.asked.id in answers)) return;
    this.isWaiting = false;
    const isRight = answers[this.asked.id];
    this.#show({ sentence: isRight ? this.words.right : this.words.wrong, isOpen: !isRight });
    const next = isRight ? part("question-go") : part("question-choices").querySelector("input");
    /** @type {HTMLElement} */ (next).focus();
  }

  /** @param {string} why there is no answer yet */
  wait(why) {
    if (this.isWaiting) part("question-said").textContent = why;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (!this.asked || this.isWaiting) return;
    const chosen = /** @type {NodeListOf<HTMLInputElement>} */ (
      part("question-choices").querySelectorAll("input:checked")
    );
    part("question-said").textContent = chosen.length === 0 ? this.words.choose : this.words.saving;
    if (chosen.length === 0) return;
    this.isWaiting = true;
    this.onAnswer(this.asked.id, [...chosen].map(({ value }) => Number(value)));
  }

  /** @param {{sentence: string, isOpen: boolean}} how whether it can still be answered */
  #show({ sentence, isOpen }) {
    part("question-said").textContent = sentence;
    part("question-answer").hidden = part("question-review").hidden = !isOpen;
    part("question-go").hidden = isOpen;
    /** @type {HTMLFieldSetElement} */ (part("question-fields")).disabled = !isOpen;
  }
}

/**
 * @param {Question} question
 * @param {string} choice
 * @param {number} number
 */
function choiceOf(question, choice, number) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = question.multiple ? "checkbox" : "radio";
  box.name = "choice";
  box.value = String(number);
  label.append(box, ` ${choice}`);
  return label;
}
