/**
 * The page of a course whose units speak for themselves: it opens them, and shows how it stands.
 */

import { askForHeight } from "./framed.js";
import { leadBack } from "./leaving.js";
import { draw, leaves } from "./outline.js";
import { part, text } from "./parts.js";
import { FrameStage } from "./stages.js";

/** How often the page asks how it stands while a unit is open. */
const ASKING_MS = 10_000;

/**
 * @typedef {{item: string, title: string, address: string, window: boolean, review: boolean}} Opened
 * @typedef {{statuses: Record<string, string>, done: boolean}} Standing
 */

const setup = JSON.parse(text("setup"));
askForHeight(setup);
/** @type {Record<string, string>} */
const words = JSON.parse(text("words"));
const outline = /** @type {HTMLDialogElement} */ (part("outline"));
const frame = /** @type {HTMLIFrameElement} */ (part("content"));
const stage = new FrameStage(frame, () => (part("loading").hidden = true));
const units = leaves(setup.outline);
/** @type {Standing} */
let standing = setup.standing;
/** @type {string | null} the unit that was opened last */
let current = setup.current;
/** @type {Window | null} the window of a unit that has one of its own */
let opened = null;
/** How often the page has shown something else. */
let turn = 0;

/** @param {string} id */
function unit(id) {
  return units.find((each) => each.id === id);
}

/**
 * Say on the page what it shows, for styles and for whoever looks at it from outside.
 * @param {{item?: string, stay?: string}} what
 */
function turnTo({ item = "", stay = "" }) {
  Object.assign(part("main").dataset, { item, stay, turn: String((turn += 1)) });
}

/**
 * Open a unit: in the page, or in a window that a click of the learner's opens.
 * @param {string} id
 */
async function open(id) {
  await leaveUnit();
  hideAll();
  current = id;
  part("item").textContent = units.length > 1 ? (unit(id)?.title ?? "") : "";
  if (setup.windows.includes(id)) {
    askForWindow(words.window_closed, words.window_open);
    return;
  }
  part("loading").hidden = false;
  const found = await launched(id);
  if (!found) return;
  stage.show(found.address, found.title);
  turnTo({ item: id });
}

/**
 * Have the server launch a unit; null where it will not.
 * @param {string} id
 * @returns {Promise<Opened | null>}
 */
async function launched(id) {
  try {
    const answer = await fetch("course/open", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ item: id }),
    });
    if (answer.ok) {
      const found = /** @type {Opened} */ (await answer.json());
      part("review").hidden = !found.review;
      return found;
    }
    stop(answer.status === 409 ? "superseded" : answer.status === 410 ? "expired" : "failed_to_open");
  } catch {
    stop("failed_to_open");
  }
  return null;
}

/**
 * @param {string} said
 * @param {string} label
 */
function askForWindow(said, label) {
  part("loading").hidden = true;
  part("window-text").textContent = said;
  part("open-window").textContent = label;
  part("window").hidden = false;
  part("open-window").focus();
  turnTo({ stay: "window" });
}

async function openWindow() {
  // A browser opens a window only while it handles the click: it is there before its content is.
  const own = window.open("about:blank", `unit-${Date.now()}`, "popup,width=1024,height=768");
  if (!own || !current) return;
  opened = own;
  const found = await launched(current);
  if (!found) {
    own.close();
    return;
  }
  own.location.href = new URL(found.address, document.baseURI).href;
  askForWindow(words.window_opened, words.window_again);
  turnTo({ item: found.item });
}

/** Let the content go that is open, with its last words. */
async function leaveUnit() {
  await stage.clear();
  if (opened && !opened.closed) opened.close();
  opened = null;
}

function hideAll() {
  part("leave").hidden = false;
  for (const id of ["notice", "window", "loading", "review"]) part(id).hidden = true;
}

/** Ask how it stands; what cannot be asked now is asked again. */
async function ask() {
  try {
    const answer = await fetch("course/standing", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    standing = await answer.json();
    part("line").textContent = "";
    drawOutline();
  } catch {
    part("line").textContent = words.offline_course;
  }
}

/** The content has ended: say what can be done next. */
async function returned() {
  await leaveUnit();
  await ask();
  const order = units.map(({ id }) => id);
  const rest = [...order.slice(order.indexOf(current ?? "") + 1), ...order];
  const next = rest.find((id) => id !== current && !isDone(id)) ?? null;
  hideAll();
  if (next) notice(words.item_end, words.item_end_next, next);
  else if (standing.done) notice(words.end, words.end_next, null);
  else notice(words.item_end, words.again_next, current);
  turnTo({ stay: standing.done ? "end" : "left" });
}

/** @param {string} id */
function isDone(id) {
  return ["completed", "passed"].includes(standing.statuses[id]);
}

/** @param {string} why */
function stop(why) {
  hideAll();
  notice(words[why], words[`${why}_next`], null);
  turnTo({ stay: why });
}

/**
 * @param {string} title
 * @param {string} then what to do
 * @param {string | null} next what can be opened
 */
function notice(title, then, next) {
  part("notice-title").textContent = title;
  part("notice-text").textContent = then;
  const button = part("notice-next");
  button.hidden = next === null;
  const label = next === current ? words.open_again : words.next_item;
  button.textContent = next ? `${label}: ${unit(next)?.title ?? ""}` : "";
  button.onclick = () => void open(next ?? "");
  part("notice-leave").className = next ? "tool" : "primary";
  part("notice-leave").hidden = false; // who has left may open the course again
  part("leave").hidden = true; // the notice has the same button
  part("notice").hidden = false;
  part("notice").focus();
}

function drawOutline() {
  const choices = new Set(units.map(({ id }) => id));
  const how = { statuses: standing.statuses, current, choices, hidden: new Set([""]), words };
  draw(part("outline-items"), setup.outline, how, (id) => {
    outline.close();
    void open(id);
  });
}

/** Go back, once the content has said its last words. */
async function leave() {
  await leaveUnit();
  hideAll();
  leadBack(setup, () => notice(words.left, words.left_next, null));
}

window.addEventListener("message", (event) => {
  const isOurs = event.source === frame.contentWindow || event.source === opened;
  if (event.origin === window.location.origin && event.data === "returned" && isOurs) void returned();
});
part("open-window").addEventListener("click", () => void openWindow());
part("leave").addEventListener("click", () => void leave());
part("notice-leave").addEventListener("click", () => void leave());
part("open-outline").addEventListener("click", () => {
  drawOutline();
  outline.showModal();
  void ask();
});
setInterval(() => {
  if (opened?.closed) void returned();
  else if (document.visibilityState === "visible" && !document.querySelector("#notice:not([hidden])")) void ask();
}, ASKING_MS);

if (current) await open(current);
else {
  part("loading").hidden = true;
  notice(words.end, words.end_next, null);
  turnTo({ stay: "end" });
}
