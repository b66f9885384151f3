/**
 * The player: delivers one item after another, gives the content its API, and keeps the journal.
 */

import { createApi } from "./api.js";
import { Journal } from "./journal.js";
import { createModel } from "./model.js";
import { draw, leaves } from "./outline.js";

/** Content is given this long to end its session while its page goes away. */
const UNLOAD_MS = 2_000;
/** A page that is reloaded waits this long for the one before it to let go. */
const HANDOVER_MS = 3_000;

const setup = JSON.parse(text("setup"));
/** @type {Record<string, string>} */
const words = JSON.parse(text("words"));
const frame = /** @type {HTMLIFrameElement} */ (part("content"));
const outline = /** @type {HTMLDialogElement} */ (part("outline"));
const order = leaves(setup.outline).map(({ id }) => id);
/** @type {Record<string, string>} */
let statuses = setup.statuses;
/** @type {string | null} */
let current = null;
let delivery = 0;
/** A navigation of the learner's own is under way: the content's request is then not followed. */
let isMoving = false;
/** The learner leaves the player: what content ends now, it ends because of that. */
let isLeaving = false;
let isStopped = false;

const journal = new Journal({
  address: "commit",
  lease: setup.lease,
  storage: openStorage(),
  onLine: showLine,
});

/** The browser's storage; where it is blocked, one that lasts as long as the page. */
function openStorage() {
  try {
    return window.localStorage;
  } catch {
    /** @type {Record<string, any>} */
    const kept = {};
    const storage = {
      getItem: (/** @type {string} */ key) => kept[key] ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => (kept[key] = value),
      removeItem: (/** @type {string} */ key) => delete kept[key],
    };
    return /** @type {Storage} */ (/** @type {unknown} */ (storage));
  }
}

/**
 * Whether this page alone plays the launch: a copy of its tab would share its sequence numbers.
 * @returns {Promise<boolean>}
 */
function holdLaunch() {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(HANDOVER_MS);
    navigator.locks
      // By launch, not by attempt: a newer launch takes over, and the older one is told at its next word.
      .request(`player ${setup.lease}`, { signal }, () => {
        resolve(true);
        return new Promise(() => {}); // held until the page goes
      })
      .catch(() => resolve(false));
  });
}

/** @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id */
function text(id) {
  return part(id).textContent ?? "";
}

/**
 * @param {string} address
 * @param {object} [body]
 */
function post(address, body = {}) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * Say how it stands with what was set.
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 */
function showLine(line, answer) {
  part("line").dataset.line = line;
  part("line").textContent = lineText(line, answer);
  if (answer?.statuses) {
    statuses = answer.statuses;
    drawOutline();
  }
  if (line === "superseded" || line === "expired" || line === "failed") stop(line);
}

/**
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 */
function lineText(line, answer) {
  // A preview leaves no record, and must not speak of one.
  if (setup.preview && (line === "saved" || line === "saving" || line === "unsaved")) return "";
  if (line !== "saved" || !answer) return words[line];
  const at = new Date(answer.saved_at);
  const time = at.toLocaleTimeString(setup.language, { hour: "2-digit", minute: "2-digit" });
  return `${words.saved} ${time}`;
}

/** @param {"superseded" | "expired" | "failed"} why */
function stop(why) {
  isStopped = true;
  if (why !== "failed") frame.src = "about:blank";
  notice(words[why], words[`${why}_next`]);
}

/**
 * @param {string} title
 * @param {string} next what to do
 */
function notice(title, next) {
  part("notice-title").textContent = title;
  part("notice-text").textContent = next;
  part("notice").hidden = false;
  part("loading").hidden = true;
  part("notice").focus();
}

function drawOutline() {
  draw(part("outline-items"), setup.outline, { statuses, current, words }, (identifier) => {
    outline.close();
    void go(`choice:${identifier}`);
  });
}

/** Take the present item away, letting it say its last words. */
async function unload() {
  if (frame.contentWindow?.location.href !== "about:blank") {
    const gone = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    frame.src = "about:blank";
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, UNLOAD_MS))]);
  }
  journal.seal(false);
  await journal.flush();
}

/**
 * Follow a navigation request: start, resume, continue, previous, or `choice:` and an item.
 * @param {string} request
 */
async function go(request) {
  if (isMoving || isStopped) return;
  isMoving = true;
  part("notice").hidden = true;
  part("loading").hidden = false;
  try {
    await unload();
    if (!isStopped) await deliver(request);
  } finally {
    isMoving = false;
  }
}

/** @param {string} request */
async function deliver(request) {
  const response = await post("deliver", { request });
  if (!response.ok) {
    stop(response.status === 409 ? "superseded" : response.status === 410 ? "expired" : "failed");
    return;
  }
  const delivered = await response.json();
  if (delivered.item === null) {
    notice(words.end, words.end_next);
    return;
  }
  current = delivered.item;
  statuses = delivered.statuses;
  journal.start(delivered.item, delivered.sequence);
  offerApi(delivered);
  showControls(delivered.hidden_controls);
  drawOutline();
  frame.title = delivered.title;
  frame.addEventListener("load", () => (part("loading").hidden = true), { once: true });
  frame.src = delivered.address;
}

/**
 * Offer the content its API. An object that is kept beyond its delivery says nothing any more: what a
 * late timer sets must not go into the next item.
 * @param {{state: import("./model.js").State, requests: Record<string, string>}} delivered
 */
function offerApi({ state, requests }) {
  const mine = (delivery += 1);
  const model = createModel(setup.elements, state, { requests });
  const api = createApi(setup.edition, model, {
    onChange: (element, value) => mine === delivery && journal.note(element, value),
    onCommit: () => mine === delivery && journal.seal(false),
    onTerminate: ({ navigation }) => {
      if (mine !== delivery) return;
      journal.seal(true, isLeaving);
      if (!isMoving) setTimeout(() => void follow(navigation));
    },
  });
  Object.assign(window, { API: undefined, API_1484_11: undefined });
  Object.assign(window, setup.edition === "1.2" ? { API: api } : { API_1484_11: api });
}

/**
 * Do what ended content has asked for (2004 RTE, 4.4.1); the learner's own navigation goes first.
 * @param {string} request
 */
async function follow(request) {
  if (isMoving || isStopped) return;
  const target = /^\{target=([^}]*)\}(choice|jump)$/.exec(request);
  if (target) return go(`choice:${target[1]}`);
  if (request === "continue" || request === "previous") return go(request);
  if (request !== "_none_" && request !== "") return leave();
  const isLast = order.indexOf(current ?? "") === order.length - 1;
  notice(words[isLast ? "end" : "item_end"], words[isLast ? "end_next" : "item_end_next"]);
}

/** Go back to the office once everything is saved; what is done is then ended for good. */
async function leave() {
  if (isMoving) return;
  isMoving = true;
  isLeaving = true;
  part("loading").hidden = false;
  if (!isStopped) {
    await unload();
    if (!isStopped) await post("end");
  }
  window.location.assign(setup.back);
}

/** @param {string[]} hidden the controls that the content asks not to show (CAM 4e, 5.2) */
function showControls(hidden) {
  const place = order.indexOf(current ?? "");
  part("previous").hidden = place <= 0 || hidden.includes("previous");
  part("next").hidden = place >= order.length - 1 || hidden.includes("continue");
  part("open-outline").hidden = order.length < 2;
}

part("previous").addEventListener("click", () => void go("previous"));
part("next").addEventListener("click", () => void go("continue"));
part("leave").addEventListener("click", () => void leave());
part("notice-leave").addEventListener("click", () => void leave());
part("open-outline").addEventListener("click", () => {
  drawOutline();
  outline.showModal();
});
// Browsers tell the outer page first: what the content says after that is sent all the same.
window.addEventListener("pagehide", () => journal.farewell(true));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") journal.farewell(false);
});

if (await holdLaunch()) {
  await journal.recover();
  await go("resume");
} else {
  stop("superseded");
}
