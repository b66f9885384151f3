/**
 * One launch, played: navigates, gives each item its API, keeps the journal. It knows no page.
 *
 * What the learner asks for goes before what the content asks for as it ends (2004 RTE 4e, 4.4.1).
 * A navigation has a number, so that one whose answer was lost can be sent again without a second step.
 *
 * @typedef {import("./journal.js").Line} Line
 * @typedef {{continue: boolean, previous: boolean, choices: string[], jumps: string[], hidden: string[]}} Controls
 * @typedef {Readonly<Record<string, (...given: unknown[]) => string>>} Api
 * @typedef {object} Delivered
 * @property {string} item
 * @property {string} title
 * @property {string} address
 * @property {string[]} hidden_controls
 * @property {import("./model.js").State} state
 *
 * @typedef {"ended" | "left" | "refused"} Stay why there is nothing new to show: the course has come to
 *   its end, what was shown has ended, or the request could not be followed
 *
 * @typedef {object} Stage what shows the content
 * @property {() => Promise<void>} clear take the present content away, letting it say its last words
 * @property {(delivered: Delivered, api: Api | null) => void} show
 * @property {(controls: Controls, statuses: Record<string, string>) => void} change what may be asked for,
 *   and how far each item is
 * @property {(why: Stay, reason: string) => void} stay
 * @property {(isMoving: boolean) => void} move
 * @property {(why: Line) => void} stop no more can be done in this page
 *
 * @typedef {object} Setup
 * @property {string} edition
 * @property {import("./model.js").Table} elements
 * @property {number} step the last navigation that was followed in this launch
 * @property {boolean} traced
 */

import { createApi } from "./api.js";
import { createModel } from "./model.js";
import { patiently } from "./patience.js";

/** The notice at an item's end waits so long for the server, no longer. */
const LAST_WORDS_MS = 2_000;
const STOPS = /** @type {Record<number, Line>} */ ({ 404: "expired", 409: "superseded", 410: "expired" });

export class Play {
  /**
   * @param {object} given
   * @param {Setup} given.setup
   * @param {import("./journal.js").Journal} given.journal
   * @param {(address: string, body: object) => Promise<Response>} given.post
   * @param {(wait: import("./patience.js").Wait) => void} given.onWait
   * @param {Stage} given.stage
   */
  constructor({ setup, journal, post, onWait, stage }) {
    this.setup = setup;
    this.journal = journal;
    this.post = post;
    this.onWait = onWait;
    this.stage = stage;
    /** @type {Controls} */
    this.controls = { continue: false, previous: false, choices: [], jumps: [], hidden: [] };
    /** @type {Record<string, string>} answers to adl.nav.request_valid, renewed with each commit */
    this.requests = {};
    /** @type {string | null} */
    this.current = null;
    this.step = setup.step;
    this.delivery = 0;
    this.isMoving = false;
    this.isLeaving = false;
    this.isStopped = false;
  }

  /** Begin, or go on where the learner stopped. */
  async open() {
    await this.journal.recover();
    await this.go("open");
  }

  /**
   * Follow a request: as adl.nav.request has it, or `open`.
   * @param {string} request
   */
  async go(request) {
    if (this.isMoving || this.isStopped) return;
    this.#move(true);
    try {
      await this.#unload();
      if (!this.isStopped) await this.#navigate(request);
    } finally {
      this.#move(false);
    }
  }

  /** Go away for now, or for good where everything is done; resolves when all is saved. */
  async leave() {
    if (this.isMoving) return;
    this.isLeaving = true;
    this.#move(true);
    if (this.isStopped) return;
    await this.#unload();
    if (!this.isStopped) await patiently(() => this.post("leave", {}), this.onWait);
  }

  /**
   * Take over what an answer to a commit says.
   * @param {Record<string, any> | null} answer
   */
  acknowledge(answer) {
    if (!answer?.controls) return;
    this.#change(answer.controls, answer.statuses);
  }

  /** @param {Line} why */
  stop(why) {
    this.isStopped = true;
    this.stage.stop(why);
  }

  /** @param {boolean} isMoving */
  #move(isMoving) {
    this.isMoving = isMoving;
    this.stage.move(isMoving);
  }

  async #unload() {
    await this.stage.clear();
    this.delivery += 1; // what a late timer of the content sets must not go into the next item
    this.journal.seal(false);
    await this.journal.flush();
  }

  /** @param {string} request */
  async #navigate(request) {
    this.step += 1;
    const body = { request, step: this.step };
    const { ok, status, answer } = await patiently(() => this.post("navigate", body), this.onWait);
    if (!ok || answer === null) return this.#refused(status, answer);
    this.#change(answer.controls, answer.statuses);
    if (answer.item !== null) return this.#deliver(/** @type {any} */ (answer));
    this.stage.stay(answer.ended ? "ended" : answer.left ? "left" : "refused", answer.reason);
  }

  /**
   * @param {number} status
   * @param {Record<string, any> | null} answer
   */
  #refused(status, answer) {
    if (answer?.type === "urn:kenshu:attempt_ended") return this.stage.stay("ended", "");
    this.stop(STOPS[status] ?? "failed");
  }

  /** @param {Delivered & {sequence: number}} delivered */
  #deliver(delivered) {
    this.current = delivered.item;
    this.journal.start(delivered.item, delivered.sequence);
    this.stage.show(delivered, this.#api(delivered));
  }

  /**
   * Make the API of a delivery. An object that content keeps beyond it says nothing any more.
   * @param {Delivered} delivered
   * @returns {Api}
   */
  #api({ state }) {
    const mine = (this.delivery += 1);
    const model = createModel(this.setup.elements, state, { requests: this.requests });
    return createApi(this.setup.edition, model, {
      onChange: (element, value) => mine === this.delivery && this.journal.note(element, value),
      onCommit: () => mine === this.delivery && this.journal.seal(false),
      onTerminate: ({ navigation }) => {
        if (mine !== this.delivery) return;
        this.journal.seal(true, this.isLeaving);
        if (!this.isMoving) setTimeout(() => void this.#follow(navigation));
      },
      onCall: this.setup.traced ? (call) => mine === this.delivery && this.journal.trace(call) : null,
    });
  }

  /**
   * Do what ended content has asked for.
   * @param {string} request "_none_" or "" where it has asked for nothing
   */
  async #follow(request) {
    if (this.isMoving || this.isStopped) return;
    if (request !== "_none_" && request !== "") return this.go(request);
    // The answer to its last words says how far the item is, and what may come next.
    const mine = this.delivery;
    await Promise.race([this.journal.flush(), new Promise((wake) => setTimeout(wake, LAST_WORDS_MS))]);
    if (mine === this.delivery && !this.isMoving && !this.isStopped) this.stage.stay("left", "");
  }

  /**
   * @param {Controls} controls
   * @param {Record<string, string>} statuses
   */
  #change(controls, statuses) {
    this.controls = controls;
    Object.assign(this.requests, {
      continue: String(controls.continue),
      previous: String(controls.previous),
      choice: controls.choices.join(" "),
      jump: controls.jumps.join(" "),
    });
    this.stage.change(controls, statuses);
  }
}
