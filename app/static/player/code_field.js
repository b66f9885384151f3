/**
 * The field for a code that is shown in the film; the server alone knows it.
 */

import { part } from "./parts.js";

export class CodeField {
  /**
   * @param {object} setup
   * @param {boolean} setup.isGiven whether it was given before
   * @param {Record<string, string>} setup.words
   * @param {(code: string) => void} setup.onSend
   */
  constructor({ isGiven, words, onSend }) {
    this.words = words;
    this.isWaiting = false;
    if (isGiven) this.#close();
    part("code-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (part("code"));
      if (field.value.trim() === "") return this.#say(words.code_help, true);
      this.isWaiting = true;
      this.#say(words.saving, false);
      onSend(field.value.trim());
    });
  }

  /** @param {boolean} isGiven what the server says of what was sent */
  tell(isGiven) {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    if (isGiven) this.#close();
    else this.#say(this.words.code_wrong, true);
  }

  /** @param {string} why there is no answer yet */
  wait(why) {
    if (this.isWaiting) this.#say(why, false);
  }

  #close() {
    part("code-entry").hidden = true;
    this.#say(this.words.code_right, false);
  }

  /**
   * @param {string} sentence
   * @param {boolean} isFault
   */
  #say(sentence, isFault) {
    part("code-said").textContent = sentence;
    part("code").setAttribute("aria-invalid", String(isFault));
    if (isFault) part("code").focus();
  }
}
