/**
 * The data model of one SCO in the browser: answers at once as scorm/data_model.py will on the server.
 *
 * Every rule stands in the table that the server sends (scorm/element.py); here it is only followed.
 * The state is the server's document (scorm/runtime.py), changed in place.
 *
 * @typedef {object} Row one element, its name with `n` for each index
 * @property {string} name
 * @property {string} type
 * @property {"r" | "w" | "rw"} access
 * @property {number | null} limit most characters
 * @property {string[] | null} vocabulary
 * @property {number | null} min
 * @property {number | null} max
 * @property {string | null} default what reads before anything was set; null is not set
 * @property {string[]} requires elements that must be set before this one
 * @property {boolean} unique no other member of the collection may have the same value
 * @property {boolean} fixed once set, it may not change
 * @property {boolean} grows whether content may add members to the collection
 *
 * @typedef {object} Table
 * @property {string} edition
 * @property {Row[]} elements
 * @property {Record<string, string>} patterns regular expressions of whole values, by type
 * @property {string[]} languages codes that a language tag may begin with
 *
 * @typedef {object} State
 * @property {Record<string, string>} values
 * @property {Record<string, number>} counts members of each collection that has any
 * @property {"open" | "suspended" | "finished"} session
 * @property {Record<string, string>} [access] of single elements: "r", "w" or "" for neither
 *
 * @typedef {{value: string, error: number}} Got
 * @typedef {object} Model
 * @property {(name: string) => Got} get
 * @property {(name: string, value: string) => {error: number}} set
 * @property {State} state
 */

import { filled, isIndex, patternOf, placesIn } from "./element_names.js";
import { completionOf, successOf } from "./evaluation.js";
import { codeOf } from "./refusals.js";
import { DISTINCT, SINGLE } from "./responses.js";
import { valueCheck } from "./value_types.js";

/** @typedef {import("./refusals.js").Refusal} Refusal */
/** @typedef {import("./element_names.js").Place} Place */

const VALID = "adl.nav.request_valid.";
const TARGET = /^(choice|jump)\.\{target=([^}]*)\}$/;

class DataModel {
  /**
   * @param {Table} table
   * @param {State} state
   * @param {Record<string, string>} requests
   */
  constructor(table, state, requests) {
    this.state = state;
    this.requests = requests;
    this.edition = table.edition;
    this.rows = new Map(table.elements.map((row) => [row.name, row]));
    this.check = valueCheck(table);
  }

  /**
   * @param {string} name
   * @returns {Got}
   */
  get(name) {
    const refusal = this.#refusalToGet(name);
    const value = refusal ? undefined : this.#read(name);
    if (value !== undefined) return { value, error: 0 };
    return { value: "", error: codeOf(this.edition, refusal ?? "notSet") };
  }

  /**
   * @param {string} name
   * @returns {Refusal | null}
   */
  #refusalToGet(name) {
    const row = this.rows.get(patternOf(name));
    if (!row) return this.#whyUnknown(name);
    if (row.access === "w" || (row.access === "rw" && !this.#access(row, name).includes("r"))) return "writeOnly";
    return placesIn(name).every((place) => this.#exists(place)) ? null : "absent";
  }

  /**
   * @param {string} name
   * @returns {string | undefined} undefined where nothing was set
   */
  #read(name) {
    const { values } = this.state;
    const row = this.rows.get(patternOf(name));
    if (row?.type === "count") return String(this.#count(name.slice(0, -"._count".length)));
    if (name.startsWith(VALID)) return this.#requestValid(name.slice(VALID.length));
    if (name === "cmi.completion_status") return completionOf(values) ?? "unknown";
    if (name === "cmi.success_status") return successOf(values) ?? "unknown";
    const value = values[name] ?? row?.default ?? undefined;
    // An emptied bucket is one without a value.
    return row?.name === "adl.data.n.store" && value === "" ? undefined : value;
  }

  /** @param {string} request */
  #requestValid(request) {
    const target = TARGET.exec(request);
    if (!target) return this.requests[request] ?? "unknown";
    const valid = this.requests[target[1]];
    if (valid === undefined) return "unknown";
    return valid.split(" ").includes(target[2]) ? "true" : "false";
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {{error: number}}
   */
  set(name, value) {
    const refusal = this.#refusalToSet(name, value);
    if (refusal) return { error: codeOf(this.edition, refusal) };
    this.state.values[name] = value;
    for (const { collection, index } of placesIn(name)) {
      this.state.counts[collection] = Math.max(this.#count(collection), Number(index) + 1);
    }
    return { error: 0 };
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {Refusal | null}
   */
  #refusalToSet(name, value) {
    const row = this.rows.get(patternOf(name));
    if (!row) return this.#whyUnknownToSet(name);
    if (row.type === "keyword" || row.type === "count") return "keyword";
    if (!this.#access(row, name).includes("w")) return "readOnly";
    if (!placesIn(name).every((place) => this.#exists(place, row.grows ? 1 : 0))) return "outOfOrder";
    if (row.requires.some((needed) => this.state.values[filled(needed, name)] === undefined)) return "dependency";
    return this.#refusalOfValue(row, name, value);
  }

  /**
   * @param {Row} row
   * @param {string} name
   * @param {string} value
   * @returns {Refusal | null}
   */
  #refusalOfValue(row, name, value) {
    const goesByKind = row.type === "pattern" || row.type === "learner_response";
    const kind = goesByKind ? this.state.values[filled("cmi.interactions.n.type", name)] : "";
    const isPattern = row.type === "pattern";
    if (isPattern && SINGLE.includes(kind) && placesIn(name).at(-1)?.index !== "0") return "taken";
    const misfit = this.check(row, value, kind);
    if (misfit) return misfit;
    if (row.fixed && (this.state.values[name] ?? value) !== value) return "taken";
    const isAlone = row.unique || (isPattern && DISTINCT.includes(kind));
    return isAlone && this.#hasTwin(name, value) ? "taken" : null;
  }

  /**
   * Whether another member of the innermost collection has the value already.
   * @param {string} name
   * @param {string} value
   */
  #hasTwin(name, value) {
    const collection = placesIn(name).at(-1)?.collection ?? "";
    const leaf = name.slice(name.lastIndexOf(".") + 1);
    for (let at = 0; at < this.#count(collection); at += 1) {
      const other = `${collection}.${at}.${leaf}`;
      if (other !== name && this.state.values[other] === value) return true;
    }
    return false;
  }

  /**
   * Tell what is wrong with a name that is no row. 1.2 has a code for a leaf that a known category does
   * not hold, and one for an unknown category.
   * @param {string} name
   * @returns {Refusal}
   */
  #whyUnknown(name) {
    if (name === "") return "noNameToGet";
    const pattern = patternOf(name);
    const above = pattern.slice(0, Math.max(0, pattern.lastIndexOf(".")));
    if (this.#isKnown(above) && pattern.endsWith("._children")) return "noChildren";
    if (this.#isKnown(above) && pattern.endsWith("._count")) return "noCount";
    const category = name.split(".").slice(0, 2).join(".");
    return category === "cmi" || this.#isKnown(category) ? "unknownElement" : "unknownCategory";
  }

  /**
   * A keyword where there is none is no element at all to a set.
   * @param {string} name
   * @returns {Refusal}
   */
  #whyUnknownToSet(name) {
    const why = this.#whyUnknown(name);
    if (why === "noNameToGet") return "noNameToSet";
    return why === "noChildren" || why === "noCount" ? "unknownElement" : why;
  }

  /** @param {string} pattern */
  #isKnown(pattern) {
    return this.rows.has(pattern) || [...this.rows.keys()].some((name) => name.startsWith(`${pattern}.`));
  }

  /**
   * @param {Row} row
   * @param {string} name
   * @returns {string}
   */
  #access(row, name) {
    if (row.access === "r") return "r";
    return this.state.access?.[name] ?? row.access;
  }

  /** @param {string} collection */
  #count(collection) {
    return this.state.counts[collection] ?? 0;
  }

  /**
   * Whether a member is there, or comes next where one may be added: collections have no gaps.
   * @param {Place} place
   * @param {0 | 1} added
   */
  #exists({ collection, index }, added = 0) {
    return isIndex(index) && Number(index) < this.#count(collection) + added;
  }
}

/**
 * Make the data model of a session with one SCO.
 * @param {Table} table
 * @param {State} state
 * @param {{requests: Record<string, string>}} setup `requests` answers adl.nav.request_valid:
 *   `continue` and `previous` by "true" or "false", `choice` and `jump` by the targets that are valid
 * @returns {Model}
 */
export function createModel(table, state, { requests }) {
  const model = new DataModel(table, state, requests);
  return { get: (name) => model.get(name), set: (name, value) => model.set(name, value), state };
}
