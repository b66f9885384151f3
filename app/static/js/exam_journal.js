/**
 * Answers that were given, kept until the server has them.
 *
 * Each lies in the browser's storage beside what the server had before, until a saving with a growing
 * number was acknowledged: a reload, a crash or a lost line loses nothing. Where the server says that it
 * does not hold what was sent, since another window was faster, it is sent again under a higher number.
 *
 * @typedef {import("./exam_answers.js").Answer} Answer
 * @typedef {Record<string, [Answer, Answer]>} Kept by question: what the server had, and what was answered
 * @typedef {"saved" | "saving" | "unsaved" | "offline" | "resting" | "signed-out" | "over" | "submitted"
 *   | "failed"} Line
 */

import { patiently } from "../player/patience.js";

const PREFIX = "kenshu.exam.";
const AUTOSAVE_MS = 2_000;
const SIGNED_OUT_MS = 10_000;
/** A request that outlives its page may carry 64 KiB. */
const KEEPALIVE_BYTES = 60_000;
const FINAL = /** @type {Record<string, Line>} */ ({
  "urn:kenshu:sitting_over": "over",
  "urn:kenshu:sitting_submitted": "submitted",
});
const FORGED = "urn:kenshu:csrf";

export class ExamJournal {
  /**
   * @param {object} setup
   * @param {string} setup.address where answers are sent to
   * @param {string} setup.sitting
   * @param {number} setup.sequence the last saving that the server has
   * @param {() => string} setup.token what the form proves itself by
   * @param {() => Promise<void>} setup.renew asks for another token
   * @param {Storage | null} setup.storage null where the browser keeps nothing
   * @param {(line: Line, left: number | null) => void} setup.onLine told of every change, and of the seconds left
   */
  constructor({ address, sitting, sequence, token, renew, storage, onLine }) {
    this.address = address;
    this.key = PREFIX + sitting;
    this.sequence = sequence;
    this.token = token;
    this.renew = renew;
    this.storage = storage;
    this.onLine = onLine;
    /** @type {Kept} */
    this.kept = {};
    /** @type {Record<string, Answer>} what the server has */
    this.held = {};
    /** @type {Promise<void> | null} */
    this.sending = null;
    /** @type {Line} */
    this.line = "saved";
    /** @type {ReturnType<typeof setTimeout> | null} */
    this.timer = null;
    this.isEnded = false;
  }

  /**
   * Begin with what the page shows, and return what an earlier page has left that the server has not:
   * where it has another answer by now, somebody has gone on elsewhere, and that one stands.
   *
   * @param {Record<string, Answer>} present
   * @returns {Record<string, Answer>}
   */
  restore(present) {
    this.held = { ...present };
    /** @type {Record<string, Answer>} */
    const left = {};
    for (const [question, [was, now]] of Object.entries(parsed(this.#stored()))) {
      const here = present[question] ?? null;
      if (question in present && same(here, was) && !same(here, now)) {
        this.kept[question] = [was, now];
        left[question] = now;
      }
    }
    this.#keep();
    return left;
  }

  /**
   * Note an answer; it is sent after a while.
   * @param {string} question
   * @param {Answer} answer
   */
  note(question, answer) {
    const was = this.held[question] ?? null;
    if (same(was, answer)) delete this.kept[question];
    else this.kept[question] = [was, answer];
    this.#keep();
    if (this.isEnded) return;
    if (this.line === "saved") this.#say("unsaved", null);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), AUTOSAVE_MS);
  }

  /** Whether the server has all. */
  get isSaved() {
    return Object.keys(this.kept).length === 0;
  }

  /** Send what is kept; resolves when the server has it, or will never take it. */
  flush() {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.isEnded && (this.line !== "saved" || !this.isSaved)) this.sending ??= this.#send();
    return this.sending ?? Promise.resolve();
  }

  async #send() {
    try {
      while (!this.isSaved && !this.isEnded) {
        const sent = Object.fromEntries(Object.entries(this.kept).map(([question, [, now]]) => [question, now]));
        this.#say(this.line === "offline" ? "offline" : "saving", null);
        const { ok, status, answer } = await patiently(
          () => this.#post(sent),
          (wait) => this.#say(wait, null),
        );
        if (!ok) await this.#refused(status, answer);
        else this.#taken(sent, answer ?? {});
      }
      if (!this.isEnded && this.line !== "saved") this.#say("saved", null);
    } finally {
      this.sending = null;
    }
  }

  /**
   * @param {Record<string, Answer>} sent
   * @param {Record<string, any>} answer
   */
  #taken(sent, answer) {
    this.sequence = Math.max(this.sequence, Number(answer.sequence));
    for (const [question, said] of answer.taken ? Object.entries(sent) : []) {
      this.held[question] = said;
      const now = this.kept[question]?.[1] ?? said;
      if (same(now, said)) delete this.kept[question];
      else this.kept[question] = [said, now];
    }
    this.#keep();
    this.#say(this.isSaved ? "saved" : "saving", answer.left ?? null);
  }

  /**
   * @param {number} status
   * @param {Record<string, any> | null} answer
   */
  async #refused(status, answer) {
    if (status === 0 || status === 401) {
      // A redirection to the page that asks who is there: another window may answer it.
      this.#say("signed-out", null);
      await new Promise((wake) => setTimeout(wake, SIGNED_OUT_MS));
    } else if (answer?.type === FORGED) {
      this.#say("signed-out", null);
      await this.renew();
      await new Promise((wake) => setTimeout(wake, SIGNED_OUT_MS / 10));
    } else {
      this.isEnded = true;
      this.#say(FINAL[answer?.type] ?? "failed", null);
    }
  }

  /**
   * @param {Record<string, Answer>} answers
   */
  #post(answers) {
    const body = JSON.stringify({ sequence: this.sequence + 1, answers });
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token() },
      body,
      redirect: "manual",
      keepalive: new Blob([body]).size < KEEPALIVE_BYTES,
    });
  }

  #stored() {
    try {
      return this.storage?.getItem(this.key) ?? null;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return null;
    }
  }

  #keep() {
    try {
      if (this.isSaved) this.storage?.removeItem(this.key);
      else this.storage?.setItem(this.key, JSON.stringify(this.kept));
    } catch (error) {
      // A full storage: what is kept in memory is sent all the same.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /**
   * @param {Line} line
   * @param {number | null} left
   */
  #say(line, left) {
    this.line = line;
    this.onLine(line, left);
  }
}

/**
 * Forget what was kept of a sitting that was handed in.
 * @param {Storage | null} storage
 * @param {string} sitting
 */
export function forget(storage, sitting) {
  storage?.removeItem(PREFIX + sitting);
}

/**
 * @param {Answer} one
 * @param {Answer} other
 */
export function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/**
 * @param {Answer} answer
 */
function sorted(answer) {
  const isPairs = answer !== null && typeof answer === "object" && !Array.isArray(answer);
  return isPairs ? Object.entries(answer).sort() : answer;
}

/**
 * @param {string | null} document
 * @returns {Kept} nothing, where something else stands in its place
 */
function parsed(document) {
  try {
    const kept = JSON.parse(document ?? "{}");
    const isKept = kept !== null && typeof kept === "object" && Object.values(kept).every(Array.isArray);
    if (isKept) return kept;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {};
}
