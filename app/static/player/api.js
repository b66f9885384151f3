/**
 * The object that content finds and calls: synchronous, with the session's states and its errors.
 *
 * A session is begun once, ended once, and everything else lies between (2004 RTE 4e, 3.1.2; 1.2 RTE,
 * 3.2). What the data model says is the model's part; what becomes of a change is the caller's.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {object} Hooks
 * @property {(element: string, value: string) => void} onChange told of each value that was accepted
 * @property {() => void} onCommit
 * @property {(ended: {navigation: string}) => void} onTerminate `navigation` is the last
 *   adl.nav.request, "_none_" where content asked for nothing; in 1.2 it is ""
 * @property {((call: import("./journal.js").Call) => void) | null} [onCall] told of every call with its
 *   answer, where a debug log is kept
 *
 * @typedef {"ready" | "running" | "ended"} Phase
 * @typedef {Record<"begun" | "ended", number>} Misplaced codes of a call before and after the session
 * @typedef {Record<"initialize" | "terminate" | "get" | "set" | "commit", Misplaced>} Order
 */

import { errorStrings } from "./api_errors.js";

const ARGUMENT = 201;
/** A diagnostic is a short string (2004 RTE 4e, 3.1.6.3). */
const LONGEST_DIAGNOSTIC = 255;

/** @type {Order} */
const ORDER_2004 = {
  initialize: { begun: 103, ended: 104 },
  terminate: { begun: 112, ended: 113 },
  get: { begun: 122, ended: 123 },
  set: { begun: 132, ended: 133 },
  commit: { begun: 142, ended: 143 },
};

/** 1.2 knows one code for a call outside of the session, and 101 for a second begin. */
/** @type {Order} */
const ORDER_12 = {
  initialize: { begun: 101, ended: 101 },
  terminate: { begun: 301, ended: 301 },
  get: { begun: 301, ended: 301 },
  set: { begun: 301, ended: 301 },
  commit: { begun: 301, ended: 301 },
};

class Session {
  /**
   * @param {string} edition
   * @param {Model} model
   * @param {Hooks} hooks
   */
  constructor(edition, model, hooks) {
    this.model = model;
    this.hooks = hooks;
    this.is2004 = edition !== "1.2";
    this.order = this.is2004 ? ORDER_2004 : ORDER_12;
    this.strings = errorStrings(edition);
    /** @type {Phase} */
    this.phase = "ready";
    this.error = 0;
    this.detail = "";
  }

  /** @param {unknown} argument */
  initialize(argument) {
    if (this.phase === "running") return this.#fail(this.order.initialize.begun, "Initialize");
    if (this.phase === "ended") return this.#fail(this.order.initialize.ended, "Initialize");
    if (!isEmpty(argument)) return this.#fail(ARGUMENT, "Initialize");
    this.phase = "running";
    return this.#succeed();
  }

  /** @param {unknown} argument */
  terminate(argument) {
    if (!this.#isRunning("terminate", "Terminate")) return "false";
    if (!isEmpty(argument)) return this.#fail(ARGUMENT, "Terminate");
    this.phase = "ended";
    this.hooks.onTerminate({ navigation: this.#navigation() });
    return this.#succeed();
  }

  #navigation() {
    // An element that was never set reads as "_none_" (2004 RTE 4e, 4.4.1).
    return this.is2004 ? this.model.get("adl.nav.request").value || "_none_" : "";
  }

  /** @param {unknown} argument */
  commit(argument) {
    if (!this.#isRunning("commit", "Commit")) return "false";
    if (!isEmpty(argument)) return this.#fail(ARGUMENT, "Commit");
    this.hooks.onCommit();
    return this.#succeed();
  }

  /** @param {unknown} element */
  get(element) {
    if (!this.#isRunning("get", text(element))) return "";
    const { value, error } = this.model.get(text(element));
    this.#note(error, text(element));
    return value;
  }

  /**
   * @param {unknown} element
   * @param {unknown} value
   */
  set(element, value) {
    if (!this.#isRunning("set", text(element))) return "false";
    const { error } = this.model.set(text(element), text(value));
    if (error !== 0) return this.#fail(error, `${text(element)} = ${text(value)}`);
    this.hooks.onChange(text(element), text(value));
    return this.#succeed();
  }

  lastError() {
    return String(this.error);
  }

  /** @param {unknown} code */
  errorString(code) {
    const asked = text(code);
    return Object.hasOwn(this.strings, asked) ? this.strings[asked] : "";
  }

  /**
   * Say more about a code, or about the last error where none is named; for the last error that is
   * the element, and the value that was refused.
   * @param {unknown} code
   */
  diagnostic(code) {
    const asked = isEmpty(code) ? this.lastError() : text(code);
    const known = this.errorString(asked);
    if (known === "" || asked !== this.lastError() || this.detail === "") return known;
    return `${known}: ${this.detail}`.slice(0, LONGEST_DIAGNOSTIC - 1);
  }

  /**
   * @param {"terminate" | "get" | "set" | "commit"} call
   * @param {string} detail
   */
  #isRunning(call, detail) {
    if (this.phase === "running") return true;
    this.#note(this.order[call][this.phase === "ready" ? "begun" : "ended"], detail);
    return false;
  }

  /**
   * @param {number} error
   * @param {string} detail what the call was about, for the diagnostic
   */
  #note(error, detail) {
    this.error = error;
    this.detail = error === 0 ? "" : detail;
  }

  #succeed() {
    this.#note(0, "");
    return "true";
  }

  /**
   * @param {number} error
   * @param {string} detail
   */
  #fail(error, detail) {
    this.#note(error, detail);
    return "false";
  }
}

/**
 * Arguments are strings; real content also passes numbers, booleans, null, or nothing at all.
 * @param {unknown} argument
 */
function text(argument) {
  return argument === null || argument === undefined ? "" : String(argument);
}

/**
 * Whether an argument is the empty string that Initialize, Terminate and Commit want. Strictly, null
 * and an argument left out are errors; authoring tools write both.
 * @param {unknown} argument
 */
function isEmpty(argument) {
  return text(argument) === "";
}

/**
 * Make the API object of a session with one SCO.
 * @param {string} edition "1.2" makes LMSInitialize and its kin, a 2004 one Initialize and its kin
 * @param {Model} model
 * @param {Hooks} hooks
 * @returns {Readonly<Record<string, (...given: unknown[]) => string>>}
 */
export function createApi(edition, model, hooks) {
  const session = new Session(edition, model, hooks);
  const calls = {
    Initialize: (/** @type {unknown} */ argument) => session.initialize(argument),
    Commit: (/** @type {unknown} */ argument) => session.commit(argument),
    GetValue: (/** @type {unknown} */ element) => session.get(element),
    SetValue: (/** @type {unknown} */ element, /** @type {unknown} */ value) => session.set(element, value),
    GetLastError: () => session.lastError(),
    GetErrorString: (/** @type {unknown} */ code) => session.errorString(code),
    GetDiagnostic: (/** @type {unknown} */ code) => session.diagnostic(code),
    [session.is2004 ? "Terminate" : "Finish"]: (/** @type {unknown} */ argument) => session.terminate(argument),
  };
  const prefix = session.is2004 ? "" : "LMS";
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [prefix + name, hooks.onCall ? traced(prefix + name, call) : call]),
  );

  /**
   * Let a call be told of, with what it was given and what it answered.
   * @param {string} name
   * @param {(...given: unknown[]) => string} call
   */
  function traced(name, call) {
    return (/** @type {unknown[]} */ ...given) => {
      const answer = call(...given);
      hooks.onCall?.([name, text(given[0]), text(given[1]), answer, session.lastError()]);
      return answer;
    };
  }
}
