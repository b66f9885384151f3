/**
 * What a page shows of a file on its way: a bar, words, and two buttons.
 *
 * The words are the place's own, an attribute a state. What changes with every piece is seen alone; what is
 * read aloud is each new state, and each quarter of the way.
 *
 * @typedef {object} Shown
 * @property {number | undefined} sent bytes; as before where it is not said
 * @property {number} total bytes
 * @property {import("./pace.js").Pace} pace
 * @property {string} problem
 * @property {boolean} isAtRest whether nothing is sent until somebody does something
 */

import { lasting } from "./pace.js";
import { megabytes } from "./upload.js";

/** Of the way, in percent: so often it is read aloud. */
const ALOUD = 25;

export class ResumableProgress {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.bar = /** @type {HTMLProgressElement} */ (place.querySelector("progress"));
    this.words = /** @type {HTMLElement} */ (place.querySelector("[data-resumable-words]"));
    this.aloud = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
    this.toggle = /** @type {HTMLButtonElement} */ (place.querySelector("[data-resumable-toggle]"));
    this.cancel = /** @type {HTMLButtonElement} */ (place.querySelector("[data-resumable-cancel]"));
    this.sent = 0;
    this.said = "";
  }

  hide() {
    this.place.hidden = true;
    this.said = this.aloud.textContent = "";
    this.sent = 0;
  }

  /**
   * @param {string} state
   * @param {Shown} shown
   */
  show(state, { sent, total, pace, problem, isAtRest }) {
    this.sent = sent ?? this.sent;
    const percent = total ? Math.floor((100 * this.sent) / total) : state === "done" ? 100 : 0;
    const isRefused = state === "too-large" || state === "empty";
    this.place.hidden = false;
    this.place.dataset.state = state;
    this.bar.hidden = isRefused;
    this.bar.value = percent;
    const limit = megabytes(Number(this.place.dataset.limit));
    const values = { percent: String(percent), sent: megabytes(this.sent), total: megabytes(total), limit, problem };
    this.words.textContent = this.#sentence(state, { ...values, ...this.#pace(state, pace, total) });
    this.#sayAloud(state, percent);
    this.toggle.hidden = isRefused || state === "done";
    this.cancel.hidden = isRefused;
    const label = this.toggle.querySelector("span");
    if (label) label.textContent = this.#sentence(isAtRest ? "resume" : "pause", {});
  }

  /**
   * @param {string} state
   * @param {import("./pace.js").Pace} pace
   * @param {number} total
   * @returns {Record<string, string>} how fast it goes, and what is left; empty where it cannot be told
   */
  #pace(state, pace, total) {
    const { speed } = pace;
    const left = pace.left(total);
    if (state !== "sending" || speed === null || left === null) return { pace: "" };
    const { unit, count, rest } = lasting(left);
    const time = this.#sentence(unit, { count: String(count), rest: String(rest) });
    return { pace: this.#sentence("pace", { speed: megabytes(speed), left: time }) };
  }

  /**
   * @param {string} state
   * @param {number} percent
   */
  #sayAloud(state, percent) {
    const quarter = Math.floor(percent / ALOUD) * ALOUD;
    const said = state === "sending" ? `${state} ${quarter}` : state;
    if (said === this.said) return;
    this.said = said;
    const isQuarter = state === "sending" && quarter > 0;
    this.aloud.textContent = isQuarter
      ? this.#sentence("quarter", { percent: String(quarter) })
      : (this.words.textContent ?? "");
  }

  /**
   * @param {string} name of the sentence, an attribute of the place
   * @param {Record<string, string>} values
   */
  #sentence(name, values) {
    const sentence = this.place.getAttribute(`data-${name}`) ?? "";
    return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }
}
