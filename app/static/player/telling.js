/**
 * Tells the server what was played, from the moment on in which the launch is this page's.
 */

import { fixed } from "./watch.js";

/** What was played is told so often, in milliseconds. */
const TELL_MS = 10_000;
/** A page that does not play tells so every sixth time: that it is still open. */
const QUIET_TURNS = 6;

export class Telling {
  /**
   * @param {object} setup
   * @param {import("./watch.js").Watch} setup.watch
   * @param {import("./journal.js").Journal} setup.journal
   * @param {() => number} setup.moment a clock that only goes forward, in seconds
   */
  constructor({ watch, journal, moment }) {
    this.watch = watch;
    this.journal = journal;
    this.moment = moment;
    this.isOpen = false;
    this.quietTurns = 0;
    this.answers = 0;
  }

  /**
   * Open the launch: an older page of it is told from now on that it is superseded.
   * @param {number} sequence the last one the server has
   * @param {number} place where it begins
   */
  open(sequence, place) {
    this.isOpen = true;
    this.watch.time(place, this.moment());
    this.journal.start("video", sequence);
    this.journal.note("position", fixed(place));
    this.journal.seal(false);
    setInterval(() => this.#tellInTurn(), TELL_MS);
  }

  /** The launch is this page's no more. */
  close() {
    this.isOpen = false;
  }

  /** Tell what was played since the last word, at once. */
  tell() {
    if (!this.isOpen) return;
    this.#note();
    this.journal.seal(false);
  }

  /**
   * @param {string} question
   * @param {number[]} chosen
   */
  answer(question, chosen) {
    this.answers += 1;
    this.journal.note(`answer.${this.answers}`, `${question}:${chosen.join(",")}`);
    this.tell();
  }

  /** @param {string} code */
  give(code) {
    this.journal.note("code", code);
    this.tell();
  }

  /** The page is hidden, and may never be seen again. */
  hide() {
    if (!this.isOpen) return;
    this.#note();
    this.journal.farewell(false);
  }

  /** Somebody leaves the page: resolves once everything is saved. */
  async leave() {
    if (!this.isOpen) return;
    this.#note();
    this.journal.seal(true, true);
    await this.journal.flush();
    this.close();
  }

  /** The page goes away at this moment. */
  farewell() {
    if (!this.isOpen) return;
    this.watch.jump(this.moment());
    this.#note();
    this.journal.isLeaving = true;
    this.journal.seal(true, true);
  }

  /** While it plays, once more after that, and now and then. */
  #tellInTurn() {
    this.quietTurns = this.watch.isPlaying ? 0 : this.quietTurns + 1;
    if (this.quietTurns <= 1 || this.quietTurns % QUIET_TURNS === 0) this.tell();
  }

  #note() {
    for (const [element, value] of this.watch.take(this.moment())) this.journal.note(element, value);
  }
}
