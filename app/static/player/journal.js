/**
 * What a SCO has set, kept until the server has it.
 *
 * Changes gather in a buffer; sealed, they become a message with a sequence number, and messages are
 * sent in their order until each is acknowledged. All of it also lies in the browser's storage,
 * so that a reload, a crash or a lost line loses nothing: the next start sends what is left.
 *
 * A finished message says whether the learner was leaving: incomplete content is then suspended.
 *
 * @typedef {[string, string, string, string, string]} Call a line of the debug log: function, element,
 *   value, answer and error code
 * @typedef {{sequence: number, item: string, changes: [string, string][], finished: boolean,
 *   leaving: boolean, calls?: Call[]}} Message
 * @typedef {{lease: number, messages: Message[]}} Left what an earlier page has left behind
 * @typedef {{item: string, buffer: [string, string][], next: number, messages: Message[]}} Kept
 * @typedef {"saved" | "unsaved" | "saving" | "offline" | "resting" | "superseded" | "expired" | "failed"} Line
 * @typedef {Record<string, any>} Answer
 */

import { leftMessages } from "./left.js";
import { patiently } from "./patience.js";

const PREFIX = "kenshu.journal.";
/** A request that outlives its page may carry 64 KiB; the rest waits in the storage. */
const FAREWELL_BYTES = 60_000;
/** A buffer of this many characters is sent at once, so that the farewell stays small. */
const LARGE_BUFFER = 12_000;
const AUTOSAVE_MS = 10_000;
const EXPIRED = 410;
/** Answers that no repetition will change. */
const FINAL = /** @type {Record<number, Line>} */ ({
  404: "expired",
  409: "superseded",
  [EXPIRED]: "expired",
});
/** Collections are written element by element, in an order that matters. */
const COLLECTION = /\.\d+(\.|$)/;

export class Journal {
  /**
   * @param {object} setup
   * @param {string} setup.address where messages are sent to
   * @param {number} setup.lease number of this launch
   * @param {Storage} setup.storage
   * @param {(line: Line, answer: Answer | null) => void} setup.onLine told of every change
   */
  constructor({ address, lease, storage, onLine }) {
    this.address = address;
    this.lease = lease;
    this.storage = storage;
    this.onLine = onLine;
    /** @type {Kept} */
    this.kept = { item: "", buffer: [], next: 1, messages: [] };
    /** @type {Line} */
    this.line = "saved";
    /** @type {Promise<void> | null} */
    this.sending = null;
    this.isLeaving = false;
    /** What has gathered is about to be written to the storage. */
    this.isKeeping = false;
    /** @type {Call[]} what the content has called since the last message, where that is written down */
    this.calls = [];
    /** How many characters those have. */
    this.traced = 0;
    /** The server will take no more of this page; what is still set stays in the storage. */
    this.isRefused = false;
    this.timer = setInterval(() => this.#save(), AUTOSAVE_MS);
  }

  /**
   * Send what earlier pages of this attempt have left behind, the oldest launch first.
   * @returns {Promise<Left[]>} what of it the server has taken
   */
  async recover() {
    /** @type {Left[]} */
    const taken = [];
    for (const lease of this.#leftLeases()) {
      const messages = leftMessages(this.storage.getItem(PREFIX + lease));
      if (messages.length > 0) {
        const { ok, status } = await this.#patiently(messages, lease);
        // This launch is over, but the next one of the attempt can still bring them in.
        if (status === EXPIRED) return taken;
        if (ok) taken.push({ lease, messages });
      }
      // Refused, a newer launch has gone on without these: they may not overwrite what it has done.
      this.storage.removeItem(PREFIX + lease);
    }
    if (this.line === "offline" || this.line === "resting") this.#say("saved", null);
    return taken;
  }

  #leftLeases() {
    return Object.keys(this.storage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => Number(key.slice(PREFIX.length)))
      .filter(Number.isInteger)
      .sort((one, other) => one - other);
  }

  /**
   * Begin with an item that the server has delivered.
   * @param {string} item
   * @param {number} sequence the last one the server has
   */
  start(item, sequence) {
    this.kept = { item, buffer: [], next: sequence + 1, messages: [] };
    this.#keep();
  }

  /**
   * Note a change that the content has made.
   * @param {string} element
   * @param {string} value
   */
  note(element, value) {
    const { buffer } = this.kept;
    const earlier = COLLECTION.test(element) ? -1 : buffer.findIndex(([name]) => name === element);
    if (earlier >= 0) buffer.splice(earlier, 1);
    buffer.push([element, value]);
    this.#keepSoon();
    if (this.line === "saved") this.#say("unsaved", null);
    const characters = buffer.reduce((sum, [name, held]) => sum + name.length + held.length, 0);
    if (characters > LARGE_BUFFER) this.seal(false);
  }

  /**
   * Note a call of the content for the debug log; it goes with the next message.
   * @param {Call} call
   */
  trace(call) {
    this.calls.push(call);
    this.traced += call.join("").length;
    if (this.traced > LARGE_BUFFER) this.seal(false);
  }

  /**
   * Make a message of what has gathered, and send it. While another message is under way, changes go
   * on gathering: however long the line is cut, a value that is set again and again is kept once.
   * @param {boolean} finished whether the content has ended its session
   * @param {boolean} leaving whether it did so because the learner leaves the player
   */
  seal(finished, leaving = false) {
    if (this.sending && !this.isLeaving && !finished) return;
    this.#seal(finished, leaving);
    if (this.isLeaving) this.#sendBeforeDeath();
    else void this.flush();
  }

  #save() {
    // A page whose clock goes on has not gone away, or has come back.
    this.isLeaving = false;
    this.seal(false);
  }

  /**
   * @param {boolean} finished
   * @param {boolean} leaving
   */
  #seal(finished, leaving = false) {
    const { item, buffer, next, messages } = this.kept;
    if (buffer.length === 0 && !finished && this.calls.length === 0) return;
    const isGoing = finished && (leaving || this.isLeaving);
    this.traced = 0;
    const calls = this.calls.length > 0 ? { calls: this.calls.splice(0) } : {};
    messages.push({ sequence: next, item, changes: buffer, finished, leaving: isGoing, ...calls });
    this.kept.next += 1;
    this.kept.buffer = [];
    this.#keep();
  }

  /** Send all messages; resolves when the server has every one, or will never take them. */
  flush() {
    if (this.kept.messages.length > 0 && !this.isRefused) this.sending ??= this.#send();
    return this.sending ?? Promise.resolve();
  }

  async #send() {
    try {
      while (this.kept.messages.length > 0) {
        const messages = [...this.kept.messages];
        this.#say("saving", null);
        const { ok, status, answer } = await this.#patiently(messages, this.lease);
        if (!ok) {
          this.isRefused = true;
          this.#say(FINAL[status] ?? "failed", answer);
          return;
        }
        this.kept.messages.splice(0, messages.length);
        this.#keep();
        this.#seal(false);
        this.#say(this.kept.messages.length === 0 ? "saved" : "saving", answer);
      }
    } finally {
      this.sending = null;
    }
  }

  /**
   * Send what is left, for the page may go away; what does not fit stays in the storage.
   * @param {boolean} isLeaving whether it surely goes: content may still speak after that
   */
  farewell(isLeaving) {
    // A page that goes away is also told that it is hidden, after that.
    this.isLeaving ||= isLeaving;
    this.#seal(false);
    if (!this.isLeaving) void this.flush();
    this.#sendBeforeDeath();
  }

  #sendBeforeDeath() {
    let room = FAREWELL_BYTES;
    const fitting = this.kept.messages.filter((message) => {
      room -= new Blob([JSON.stringify(message)]).size + 1;
      return room >= 0;
    });
    if (fitting.length === 0 || this.isRefused) return;
    void this.#post(fitting, this.lease, true).catch(() => {
      // The storage still holds them: the next start sends them.
    });
  }

  /**
   * @param {Message[]} messages
   * @param {number} lease
   */
  #patiently(messages, lease) {
    return patiently(
      () => this.#post(messages, lease, false),
      (wait) => this.#say(wait, null),
    );
  }

  /**
   * @param {Message[]} messages
   * @param {number} lease
   * @param {boolean} keepalive
   */
  #post(messages, lease, keepalive) {
    return fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ lease, messages }),
      keepalive,
    });
  }

  /**
   * Write to the storage once the content's script has come to its end: nothing can happen to the page
   * before that, and a script that sets a thousand values waits for one write instead of a thousand.
   */
  #keepSoon() {
    if (this.isKeeping) return;
    this.isKeeping = true;
    queueMicrotask(() => this.#keep());
  }

  #keep() {
    this.isKeeping = false;
    const isEmpty = this.kept.buffer.length === 0 && this.kept.messages.length === 0;
    try {
      if (isEmpty) this.storage.removeItem(PREFIX + this.lease);
      else this.storage.setItem(PREFIX + this.lease, JSON.stringify(this.kept));
    } catch (error) {
      // Content shares the storage and may have filled it. Its SetValue must not fail for that:
      // what is kept in memory is sent all the same.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /**
   * @param {Line} line
   * @param {Answer | null} answer
   */
  #say(line, answer) {
    this.line = line;
    this.onLine(line, answer);
  }
}
