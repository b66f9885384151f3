/**
 * The page of a video: plays it, tells what was played, and holds to how it is to be watched.
 */

import { listenToKeys, offerSizes, openFilm, showBoard, SPEEDS } from "./film.js";
import { Journal } from "./journal.js";
import { drawBand, listPlaces, timeOf } from "./places.js";
import { Questions } from "./questions.js";
import { holdLaunch, openStorage } from "./storage.js";
import { Watch } from "./watch.js";

/** What was played is told so often, in milliseconds. */
const TELL_MS = 5_000;
/** A place nearer to the beginning or to the end than so many seconds is not resumed. */
const RESUMED = 5;

const setup = JSON.parse(text("setup"));
/** @type {Record<string, string>} */
const words = JSON.parse(text("words"));
const storage = openStorage();
let isFree = setup.free;
let isDone = setup.done;
/** The page may play no more: another one does, or the time is over. */
let isOver = false;
let answers = 0;
/** @type {string | null} the code that was sent and not yet answered */
let sentCode = null;

const journal = new Journal({ address: "watched", lease: setup.lease, storage, onLine: showLine });
const watch = new Watch({ duration: setup.duration, played: setup.played, moment: moment() });
const player = openFilm(setup, part("film"));
const markChapter = setup.chapters.length ? listPlaces(part("chapters"), setup.chapters, go) : () => {};
const markLine = setup.transcript.length ? listPlaces(part("transcript"), setup.transcript, go) : () => {};
const questions = new Questions({
  questions: setup.questions,
  answered: setup.answered,
  words,
  onAnswer: (id, chosen) => {
    answers += 1;
    journal.note(`answer.${answers}`, `${id}:${chosen.join(",")}`);
    tell();
  },
  onGoOn: () => void player.play(),
});

/** @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id */
function text(id) {
  return part(id).textContent ?? "";
}

/** A clock that only goes forward, in seconds. */
function moment() {
  return performance.now() / 1000;
}

/** Tell what was played since the last word, at once. */
function tell() {
  for (const [element, value] of watch.take(moment())) journal.note(element, value);
  journal.seal(false);
}

/**
 * Say how it stands with what was told, and what came of it.
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 */
function showLine(line, answer) {
  part("line").dataset.line = line;
  part("line").textContent = lineText(line, answer);
  if (line === "offline" || line === "resting") questions.wait(words[line]);
  if (line === "superseded" || line === "expired" || line === "failed") stop(line);
  if (answer && line === "saved") take(answer);
}

/**
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 */
function lineText(line, answer) {
  // A preview leaves no record, and must not speak of one.
  if (setup.preview && (line === "saved" || line === "saving" || line === "unsaved")) return "";
  if (line === "unsaved") return part("line").textContent ?? "";
  if (line !== "saved" || !answer) return words[line];
  const time = new Date(answer.saved_at).toLocaleTimeString(setup.language, { hour: "2-digit", minute: "2-digit" });
  return `${words.saved} ${time}`;
}

/** @param {import("./journal.js").Answer} answer */
function take(answer) {
  questions.tell(answer.answers);
  if (sentCode !== null) {
    part("code-said").textContent = answer.code_given ? words.code_right : words.code_wrong;
    sentCode = null;
  }
  if (answer.elsewhere && setup.rule.elsewhere === "stop" && !player.paused()) {
    player.pause();
    notice(words.elsewhere, words.elsewhere_next, words.go_on, () => void player.play());
  }
  if (answer.done && !isDone) finish();
  showProgress(answer.progress);
}

/** It counts as watched: from now on it may be watched in any way. */
function finish() {
  isDone = isFree = true;
  player.playbackRates(SPEEDS);
  document.getElementById("bound")?.remove();
  part("done").hidden = false;
  if (player.paused()) notice(words.done, words.done_next, "", null);
  else part("said").textContent = words.done_next;
}

/** @param {number} progress from 0 to 1 */
function showProgress(progress) {
  const percent = String(Math.floor(100 * progress));
  part("share").textContent = words.progress.replace("{percent}", percent);
  part("done").hidden = !isDone;
  drawBand(part("band"), watch.union(), setup.duration);
}

/** @param {import("./journal.js").Line} why */
function stop(why) {
  isOver = true;
  player.pause();
  part("starts").hidden = true;
  notice(words[why], words[`${why}_next`], "", null);
}

/**
 * @param {string} title
 * @param {string} then what to do
 * @param {string} label of what goes on; empty where nothing does
 * @param {(() => void) | null} act
 */
function notice(title, then, label, act) {
  part("notice-title").textContent = title;
  part("notice-text").textContent = then;
  const button = /** @type {HTMLButtonElement} */ (part("notice-go"));
  button.hidden = act === null;
  button.textContent = label;
  button.onclick = () => {
    part("notice").hidden = true;
    act?.();
  };
  part("notice-leave").className = act === null ? "primary" : "tool";
  part("notice").hidden = false;
  part("notice").focus();
}

/**
 * Go to a place, or as near to it as one may.
 * @param {number} place
 */
function go(place) {
  const wanted = Math.max(0, Math.min(setup.duration, place));
  player.currentTime(isFree ? wanted : held(wanted));
}

/**
 * Where somebody gets who may not skip; says so where that is another place.
 * @param {number} wanted
 */
function held(wanted) {
  const place = watch.reach(wanted);
  if (place !== wanted) part("said").textContent = words.cannot_skip;
  return place;
}

/** @param {boolean} resumes */
function start(resumes) {
  part("starts").hidden = true;
  part("notice").hidden = true;
  player.currentTime(resumes ? setup.position : 0);
  void player.play();
}

/** Ask what should have been answered by now; return whether something is asked. */
function ask() {
  const due = questions.due(player.currentTime());
  if (!due || isOver) return false;
  player.pause();
  if (player.isFullscreen()) void player.exitFullscreen();
  questions.ask(due);
  return true;
}

function attach() {
  player.on("playing", () => {
    if (isOver || ask()) return player.pause();
    part("starts").hidden = true;
    part("notice").hidden = true;
    watch.play(player.currentTime(), moment());
  });
  player.on("timeupdate", () => {
    if (player.seeking()) return;
    const place = player.currentTime();
    watch.time(place, moment());
    markChapter(place);
    markLine(place);
    if (!player.paused()) ask();
  });
  player.on("seeking", () => {
    watch.jump(moment());
    const wanted = player.currentTime();
    if (isFree) return;
    const place = held(wanted);
    if (Math.abs(place - wanted) > 0.01) player.currentTime(place);
  });
  player.on("seeked", () => {
    watch.time(player.currentTime(), moment());
    if (!player.paused()) watch.play(player.currentTime(), moment());
  });
  player.on(["waiting", "stalled"], () => watch.stop(moment()));
  player.on("ratechange", () => {
    if (!isFree && player.playbackRate() !== 1) player.playbackRate(1);
    watch.rate = player.playbackRate();
  });
  player.on("pause", () => {
    watch.jump(moment());
    tell();
  });
  player.on("ended", () => {
    watch.end(moment());
    tell();
  });
  player.on("loadedmetadata", () => offerSizes(player, /** @type {HTMLSelectElement} */ (part("quality")), storage, words.quality_auto));
  player.on("error", () => {
    watch.stop(moment());
    const place = player.currentTime();
    notice(words.broken, words.broken_next, words.retry, () => {
      player.error(null);
      player.src({ src: setup.master, type: "application/x-mpegURL" });
      player.currentTime(place);
      void player.play();
    });
  });
  document.addEventListener("visibilitychange", hideOrShow);
  listenToKeys(player, { go, toggle: () => void (player.paused() ? begin() : player.pause()), isFree: () => isFree });
}

function begin() {
  if (part("starts").hidden) void player.play();
  else start(resumes());
}

function resumes() {
  return setup.position > RESUMED && setup.position < setup.duration - RESUMED;
}

function hideOrShow() {
  const isHidden = document.visibilityState === "hidden";
  const isPlaying = !player.paused();
  watch.hide(isHidden, moment());
  if (!isHidden) return;
  if (isPlaying && setup.rule.hidden === "stop") {
    player.pause();
    notice(words.hidden, words.hidden_next, words.go_on, () => void player.play());
  }
  tell();
  journal.farewell(false);
}

/** Go back to the office once everything is saved; a page of another site keeps its own way back. */
async function leave() {
  player.pause();
  tell();
  await journal.flush();
  if (window.parent === window) window.location.assign(setup.back);
  else notice(words.leave, words.expired_next, "", null);
}

function listen() {
  part("leave").addEventListener("click", () => void leave());
  part("notice-leave").addEventListener("click", () => void leave());
  part("start").addEventListener("click", () => start(resumes()));
  part("restart").addEventListener("click", () => start(false));
  document.getElementById("code-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = /** @type {HTMLInputElement} */ (part("code"));
    if (code.value.trim() === "") return code.focus();
    sentCode = code.value;
    journal.note("code", code.value);
    tell();
  });
  window.addEventListener("pagehide", () => {
    watch.jump(moment());
    for (const [element, value] of watch.take(moment())) journal.note(element, value);
    journal.farewell(true);
  });
}

async function open() {
  if (!(await holdLaunch(setup.lease))) return stop("superseded");
  await journal.recover();
  journal.start("video", setup.sequence);
  journal.note("position", setup.position.toFixed(3));
  journal.seal(false);
  setInterval(() => {
    if (!isOver) tell();
  }, TELL_MS);
  attach();
  // Whoever presses the player's own button resumes, too.
  if (resumes()) player.ready(() => player.currentTime(setup.position));
}

if (resumes()) {
  part("start").textContent = words.resume.replace("{time}", timeOf(setup.position));
  part("restart").hidden = false;
}
if (setup.storyboard) player.ready(() => showBoard(player, setup.storyboard));
showProgress(setup.progress);
listen();
await open();
part("main").dataset.ready = "true";
