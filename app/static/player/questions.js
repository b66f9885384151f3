/**
 * The questions in a film: asked at their places, answered through the journal, told right or wrong by the server.
 *
 * @typedef {{id: string, at: number, text: string, choices: string[], multiple: boolean}} Question
 */

export class Questions {
  /**
   * @param {object} setup
   * @param {Question[]} setup.questions
   * @param {string[]} setup.answered those that were answered rightly before
   * @param {Record<string, string>} setup.words
   * @param {(id: string, chosen: number[]) => void} setup.onAnswer
   * @param {() => void} setup.onGoOn
   */
  constructor({ questions, answered, words, onAnswer, onGoOn }) {
    this.questions = [...questions].sort((one, other) => one.at - other.at);
    this.answered = new Set(answered);
    this.words = words;
    this.onAnswer = onAnswer;
    /** @type {Question | null} */
    this.asked = null;
    this.isWaiting = false;
    this.dialog = /** @type {HTMLDialogElement} */ (part("question"));
    part("question-form").addEventListener("submit", (event) => this.#submit(event));
    part("question-go").addEventListener("click", () => {
      this.dialog.close();
      this.asked = null;
      onGoOn();
    });
    // A question is answered, not put away.
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
  }

  /**
   * The first question that should have been answered by a place.
   * @param {number} place
   */
  due(place) {
    return this.questions.find(({ id, at }) => at <= place && !this.answered.has(id)) ?? null;
  }

  /** @param {Question} question */
  ask(question) {
    if (this.asked) return;
    this.asked = question;
    part("question-text").textContent = question.text;
    part("question-said").textContent = "";
    part("question-choices").replaceChildren(
      ...question.choices.map((choice, number) => choiceOf(question, choice, number)),
    );
    part("question-answer").hidden = false;
    part("question-go").hidden = true;
    this.dialog.showModal();
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
    part("question-said").textContent = isRight ? this.words.right : this.words.wrong;
    /** @type {HTMLButtonElement} */ (part("question-answer")).disabled = false;
    part("question-answer").hidden = isRight;
    part("question-go").hidden = !isRight;
    if (isRight) part("question-go").focus();
  }

  /** @param {string} words why there is no answer yet */
  wait(words) {
    if (this.isWaiting) part("question-said").textContent = words;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (!this.asked || this.isWaiting) return;
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (part("question-choices").querySelectorAll("input:checked"));
    if (boxes.length === 0) return;
    this.isWaiting = true;
    part("question-said").textContent = this.words.saving;
    /** @type {HTMLButtonElement} */ (part("question-answer")).disabled = true;
    this.onAnswer(this.asked.id, [...boxes].map(({ value }) => Number(value)));
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

/** @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
