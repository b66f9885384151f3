/**
 * A large file is sent piece by piece, and goes on where it was: after a cut line, a reload, a lost sign-in.
 *
 * For forms with data-resumable, the address of the uploads (tus 1.0.0), that hold a file field, a hidden field
 * `upload` and a [data-resumable-progress]. The file is sent as soon as it is chosen; when all of it has come,
 * `upload` names it and the form can be sent as any other. Without this script the form sends the file itself.
 *
 * @typedef {"sending" | "offline" | "signed-out" | "resting" | "paused" | "done" | "failed" | "given-up"
 *   | "too-large" | "empty"} State
 * @typedef {import("./tus.js").Upload} Upload
 * @typedef {import("./tus.js").Failure} Failure
 * @typedef {import("./tus.js").Answer} Answer
 */

import { Pace } from "./pace.js";
import { ResumableProgress } from "./resumable_progress.js";
import { renewToken, token } from "./token.js";
import { library } from "./tus.js";
import { hold } from "./upload.js";

const PIECE = 8 * 1024 ** 2;
/** Milliseconds between tries without a byte in between: for half an hour; each byte begins anew. */
const RETRIES = [1, 2, 4, 8, 16, ...Array(60).fill(30)].map((seconds) => seconds * 1_000);
/** Milliseconds in which no byte goes out before a line counts as cut, though nobody says so. */
const STALL_MS = 120_000;
/** Answers that are asked for again: what lies there is asked, and sending goes on from that or begins anew. */
const AGAIN = [404, 409, 410, 423, 429, 460];
const LOCKED = 423;
const NO_ROOM = 507;
const FORGED = "urn:kenshu:csrf";
const READ_ONLY = "urn:kenshu:read_only";
/** States in which nothing is sent until somebody does something. */
const AT_REST = ["paused", "done", "failed", "given-up", "too-large", "empty"];

/** Why an answer is no answer: it is waited for a better one. */
class Wait extends Error {
  /** @param {State} state */
  constructor(state) {
    super(state);
    this.state = state;
  }
}

/**
 * @param {Document} page
 */
export function attachResumables(page) {
  for (const form of page.querySelectorAll("form[data-resumable]")) {
    new Resumable(/** @type {HTMLFormElement} */ (form)).attach();
  }
}

class Resumable {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.field = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
    this.key = /** @type {HTMLInputElement} */ (form.querySelector("input[type=hidden][name=upload]"));
    this.place = /** @type {HTMLElement} */ (form.querySelector("[data-resumable-progress]"));
    this.progress = new ResumableProgress(this.place);
    /** @type {File | null} */
    this.file = null;
    /** @type {Upload | null} */
    this.upload = null;
    /** @type {State | null} */
    this.state = null;
    this.pace = new Pace();
    /** @type {ReturnType<typeof setTimeout> | null} */
    this.stall = null;
  }

  attach() {
    // The form names what was sent, and does not send it a second time.
    this.field.removeAttribute("name");
    this.field.addEventListener("change", () => void this.choose(this.field.files?.[0] ?? null));
    this.progress.toggle.addEventListener("click", () => this.toggle());
    this.progress.cancel.addEventListener("click", () => this.cancel());
    addEventListener("online", () => this.#isWaiting() && this.#again());
    this.#setButtons();
    if (this.key.value) this.#say("done");
    // What was chosen before this script was there.
    if (this.field.files?.length) void this.choose(this.field.files[0]);
  }

  /** @param {File | null} file */
  async choose(file) {
    void this.upload?.abort();
    Object.assign(this, { file, upload: null, pace: new Pace() });
    this.key.value = "";
    this.#setButtons();
    if (!file) return this.#hide();
    if (file.size === 0) return this.#refuse("empty");
    if (file.size > Number(this.place.dataset.limit)) return this.#refuse("too-large");
    this.#say("sending", 0);
    const Library = await library(this.place.dataset.source ?? "");
    const upload = new Library(file, this.#options(file));
    const previous = await upload.findPreviousUploads();
    if (this.file !== file) return; // another one was chosen meanwhile, or none
    const [newest] = previous.sort((one, other) => Date.parse(other.creationTime) - Date.parse(one.creationTime));
    if (newest) upload.resumeFromPreviousUpload(newest);
    this.upload = upload;
    if (this.state === "sending") this.#start();
  }

  /** @param {State} state */
  #refuse(state) {
    this.#say(state);
    // Chosen a second time, made smaller, it would be no change.
    this.field.value = "";
  }

  toggle() {
    if (!AT_REST.includes(this.state ?? "")) {
      void this.upload?.abort();
      this.#say("paused");
    } else if (this.upload) {
      this.pace = new Pace();
      this.#say("sending");
      this.#start();
    } else if (this.file) {
      void this.choose(this.file); // it was stopped before its first byte
    }
  }

  cancel() {
    const upload = this.upload;
    Object.assign(this, { file: null, upload: null });
    // What cannot be deleted now, since the line is cut, expires by itself.
    upload?.abort(true).catch((/** @type {Failure} */ failure) => console.info(failure.message));
    this.key.value = "";
    this.field.value = "";
    this.#setButtons();
    this.#hide();
    this.field.focus();
  }

  /** @param {File} file */
  #options(file) {
    const isCurrent = () => this.file === file;
    return {
      endpoint: new URL(this.form.dataset.resumable ?? "", location.href).href,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name },
      headers: { Accept: "application/json" },
      /** @param {{setHeader: (name: string, value: string) => void}} request */
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token(document)),
      /** @param {unknown} _ @param {Answer} answer */
      onAfterResponse: (_, answer) => check(answer),
      /** @param {Failure} failure */
      onShouldRetry: (failure) => (isCurrent() ? this.#shouldRetry(failure) : isToDelete(failure)),
      /** @param {number} sent */
      onProgress: (sent) => isCurrent() && this.#sent(sent),
      onSuccess: () => isCurrent() && this.#done(),
      /** @param {Failure} failure */
      onError: (failure) => isCurrent() && this.#failed(failure),
    };
  }

  /** @param {Failure} failure */
  #shouldRetry(failure) {
    const answer = failure.originalResponse;
    if (answer && !AGAIN.includes(answer.getStatus())) return false;
    const cause = failure.causingError;
    if (!answer) this.#say(cause instanceof Wait ? cause.state : "offline");
    return true;
  }

  /** @param {number} sent */
  #sent(sent) {
    if (AT_REST.includes(this.state ?? "")) return;
    this.pace.note(performance.now(), sent);
    this.#watch();
    this.#say("sending", sent);
  }

  #done() {
    this.key.value = new URL(this.upload?.url ?? "").pathname.split("/").at(-1) ?? "";
    this.#say("done", this.file?.size);
    this.#setButtons();
  }

  /** @param {Failure} failure */
  #failed(failure) {
    const problem = failure.originalResponse ? read(failure.originalResponse) : null;
    this.#say(problem ? "failed" : "given-up", undefined, problem ? `${problem.title}。${problem.detail}` : "");
  }

  #start() {
    this.#watch();
    this.upload?.start();
  }

  #again() {
    void this.upload?.abort();
    this.#start();
  }

  #isWaiting() {
    return ["offline", "signed-out", "resting"].includes(this.state ?? "");
  }

  /** A line can be cut without a word: nothing goes out any more, and nobody says so. */
  #watch() {
    if (this.stall !== null) clearTimeout(this.stall);
    this.stall = setTimeout(() => {
      if (this.state !== "sending") return;
      this.#say("offline");
      this.#again();
    }, STALL_MS);
  }

  #hide() {
    this.state = null;
    removeEventListener("beforeunload", hold);
    this.progress.hide();
  }

  /**
   * @param {State} state
   * @param {number} [sent] bytes; as before where it is not said
   * @param {string} [problem]
   */
  #say(state, sent, problem = "") {
    this.state = state;
    if (state === "sending") addEventListener("beforeunload", hold);
    else removeEventListener("beforeunload", hold);
    const isAtRest = AT_REST.includes(state);
    this.progress.show(state, { sent, total: this.file?.size ?? 0, pace: this.pace, problem, isAtRest });
  }

  #setButtons() {
    for (const button of this.form.querySelectorAll("button")) {
      if (button.type === "submit") button.disabled = !this.key.value;
    }
  }
}

/**
 * @param {Failure} failure
 * @returns {boolean} whether what was given up is still to be deleted: its last piece may be on its way out
 */
function isToDelete(failure) {
  return !failure.originalResponse || failure.originalResponse.getStatus() === LOCKED;
}

/**
 * See that an answer is the server's own word on the upload; else throw what is waited for.
 *
 * The library takes any other answer to its question how far an upload is for the upload's end, and begins anew.
 *
 * @param {Answer} answer
 */
async function check(answer) {
  const status = answer.getStatus();
  const problem = status >= 400 ? read(answer) : null;
  // A page in the place of an answer asks who is there: another window may tell it.
  if (status === 401 || status === 403 || (status < 400 && answer.getHeader("Tus-Resumable") === null)) {
    throw new Wait("signed-out");
  }
  if (problem?.type === FORGED) {
    await renewToken(document);
    throw new Wait("signed-out");
  }
  if (problem?.type === READ_ONLY) throw new Wait("resting");
  if (status >= 500 && status !== NO_ROOM) throw new Wait("offline");
}

/**
 * @param {Answer} answer
 * @returns {{type: string, title: string, detail: string} | null} what the server says is wrong
 */
function read(answer) {
  const isProblem = (answer.getHeader("Content-Type") ?? "").includes("json");
  return isProblem ? JSON.parse(answer.getBody() || "null") : null; // what answers HEAD has no body
}
