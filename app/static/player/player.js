/**
 * The player's page: shows the content, what may be done next, and how it stands with the saving.
 */

import { askForHeight } from "./framed.js";
import { Journal } from "./journal.js";
import { leadBack } from "./leaving.js";
import { lineText } from "./line.js";
import { draw, leaves } from "./outline.js";
import { part, text } from "./parts.js";
import { Play } from "./play.js";
import { FrameStage, WindowStage } from "./stages.js";
import { holdLaunch, openStorage } from "./storage.js";

const setup = JSON.parse(text("setup"));
askForHeight(setup);
/** @type {Record<string, string>} */
const words = JSON.parse(text("words"));
const outline = /** @type {HTMLDialogElement} */ (part("outline"));
const titles = new Map(leaves(setup.outline).map(({ id, title }) => [id, title]));
/** @type {Record<string, string>} */
let statuses = setup.statuses;
/** @type {string | null} what comes next by the outline, where the content's own order has no next */
let suggested = null;
/** How often the page has shown something else: an item, or why there is none. */
let turn = 0;

const shown =
  setup.window === "new"
    ? new WindowStage(/** @type {HTMLButtonElement} */ (part("open-window")), waitForWindow, showWindow)
    : new FrameStage(/** @type {HTMLIFrameElement} */ (part("content")), () => (part("loading").hidden = true));

const journal = new Journal({
  address: "commit",
  lease: setup.lease,
  storage: openStorage(),
  onLine: showLine,
});

const play = new Play({
  setup,
  journal,
  post,
  onWait: (wait) => showLine(wait, null),
  stage: { clear: () => shown.clear(), show, change, stay, move, stop },
});

/**
 * @param {string} address
 * @param {object} body
 */
function post(address, body) {
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
  part("line").textContent = lineText(line, answer, { ...setup, words });
  play.acknowledge(answer);
  if (line === "superseded" || line === "expired" || line === "failed") play.stop(line);
}

/**
 * Say on the page what it shows, for styles and for whoever looks at it from outside.
 * @param {{item?: string, stay?: string}} what
 */
function turnTo({ item = "", stay = "" }) {
  Object.assign(part("main").dataset, { item, stay, turn: String((turn += 1)) });
}

/** @param {import("./journal.js").Line} why */
function stop(why) {
  turnTo({ stay: why });
  // Another page has gone on where it is superseded; else the content stays, with what was typed in it.
  if (why === "superseded") void shown.clear();
  notice(words[why], words[`${why}_next`]);
  part("notice-close").hidden = why === "superseded";
}

/** @param {boolean} isMoving */
function move(isMoving) {
  part("main").setAttribute("aria-busy", String(isMoving));
  if (!isMoving) return;
  part("notice").hidden = true;
  part("loading").hidden = false;
}

/**
 * Show an item: its API stands where content looks for it, in the page around it or that opened it.
 * @param {import("./play.js").Delivered} delivered
 * @param {import("./play.js").Api | null} api
 */
function show(delivered, api) {
  Object.assign(window, { API: undefined, API_1484_11: undefined });
  Object.assign(window, setup.edition === "1.2" ? { API: api } : { API_1484_11: api });
  showControls(delivered.hidden_controls);
  part("item").textContent = titles.size > 1 ? delivered.title : "";
  part("leave").hidden = false;
  drawOutline();
  turnTo({ item: delivered.item });
  shown.show(delivered.address, delivered.title);
}

/**
 * @param {import("./play.js").Controls} controls
 * @param {Record<string, string>} progress
 */
function change(controls, progress) {
  statuses = progress;
  enable("next", controls.continue);
  enable("previous", controls.previous);
  drawOutline();
}

/**
 * @param {string} id
 * @param {boolean} isEnabled
 */
function enable(id, isEnabled) {
  /** @type {HTMLButtonElement} */ (part(id)).disabled = !isEnabled;
}

/** @param {string[]} hidden the controls that the content asks not to show (CAM 4e, 5.2) */
function showControls(hidden) {
  const isInOrder = titles.size > 1 && setup.flows;
  part("previous").hidden = !isInOrder || hidden.includes("previous");
  part("next").hidden = !isInOrder || hidden.includes("continue");
  part("open-outline").hidden = titles.size < 2;
}

/**
 * Say why nothing new is shown, and what can be done.
 * @param {import("./play.js").Stay} why
 */
function stay(why) {
  const mayContinue = why === "left" && play.controls.continue && !part("next").hidden;
  suggested = why === "left" && !mayContinue ? next() : null;
  const isEnd = why !== "refused" && !mayContinue && !suggested;
  const isPaused = isEnd && journal.line === "saved" && statuses[play.current ?? ""] === "in_progress";
  if (isPaused) notice(words.paused, words.paused_next);
  else if (isEnd) notice(words.end, words.end_next);
  else if (why === "refused") notice(words.refused, words.refused_next);
  else notice(words.item_end, words.item_end_next);
  part("notice-leave").textContent = isEnd && !isPaused ? words.finish : words.back;
  part("leave").hidden = isEnd; // the notice has the same button
  turnTo({ stay: why });
  part("notice-leave").className = mayContinue || suggested ? "tool" : "primary";
  part("notice-next").hidden = suggested === null;
  part("notice-next").textContent = suggested ? `${words.next_item}: ${titles.get(suggested) ?? ""}` : "";
}

/** What follows the present item in the outline, among what may be chosen. */
function next() {
  const order = [...titles.keys()];
  const rest = order.slice(order.indexOf(play.current ?? "") + 1);
  return rest.find((id) => play.controls.choices.includes(id)) ?? null;
}

/**
 * @param {string} title
 * @param {string} then what to do
 */
function notice(title, then) {
  part("notice-title").textContent = title;
  part("notice-text").textContent = then;
  part("notice-next").hidden = true;
  part("notice-close").hidden = true;
  part("notice-leave").className = "primary";
  part("notice").hidden = false;
  part("loading").hidden = true;
  part("notice").focus();
}

function waitForWindow() {
  part("loading").hidden = true;
  part("window-text").textContent = words.window_closed;
  part("open-window").textContent = words.window_open;
  part("window").hidden = false;
  part("open-window").focus();
}

function showWindow() {
  part("loading").hidden = true;
  part("window-text").textContent = words.window_opened;
  part("open-window").textContent = words.window_again;
  part("window").hidden = false;
}

function drawOutline() {
  const { choices, hidden } = play.controls;
  const how = { statuses, current: play.current, choices: new Set(choices), hidden: new Set(hidden), words };
  draw(part("outline-items"), setup.outline, how, (identifier) => {
    outline.close();
    void play.go(`{target=${identifier}}choice`);
  });
}

/** Go back once everything is saved. */
async function leave() {
  await play.leave();
  if (shown instanceof WindowStage) shown.close();
  leadBack(setup, () => notice(words.left, words.left_next));
}

part("previous").addEventListener("click", () => void play.go("previous"));
part("next").addEventListener("click", () => void play.go("continue"));
part("leave").addEventListener("click", () => void leave());
part("notice-leave").addEventListener("click", () => void leave());
part("notice-close").addEventListener("click", () => (part("notice").hidden = true));
part("notice-next").addEventListener("click", () => void play.go(`{target=${suggested}}choice`));
part("open-outline").addEventListener("click", () => {
  drawOutline();
  outline.showModal();
});
// Browsers tell the outer page first: what the content says after that is sent all the same.
window.addEventListener("pagehide", () => journal.farewell(true));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") journal.farewell(false);
});

if (await holdLaunch(setup.lease)) await play.open();
else play.stop("superseded");
