/**
 * The page of a video: plays it, tells what was played, and holds to how it is to be watched.
 */

import { CodeField } from "./code_field.js";
import { load, openFilm, SPEEDS } from "./film.js";
import { follow } from "./following.js";
import { askForHeight } from "./framed.js";
import { Journal } from "./journal.js";
import { listenToKeys } from "./keys.js";
import { leadBack } from "./leaving.js";
import { lineText } from "./line.js";
import { Notices } from "./notices.js";
import { part, text } from "./parts.js";
import { drawBand, listPlaces, timeOf } from "./places.js";
import { Questions } from "./questions.js";
import { isWorthResuming, resumed } from "./resuming.js";
import { offerSizes } from "./sizes.js";
import { holdLaunch, openStorage } from "./storage.js";
import { showBoard } from "./storyboard.js";
import { Telling } from "./telling.js";
import { Watch } from "./watch.js";

/** Who wants to see once more what is asked about goes back by so many seconds. */
const REVIEW = 10;

const setup = JSON.parse(text("setup"));
askForHeight(setup);
/** @type {Record<string, string>} */
const words = JSON.parse(text("words"));
const storage = openStorage();
let isFree = setup.free;
let isDone = setup.done;
/** Where it begins, until it has begun. */
let begins = 0;
let hasBegun = false;
let drawn = -1;

const journal = new Journal({ address: "watched", lease: setup.lease, storage, onLine: showLine });
const watch = new Watch({ duration: setup.duration, played: setup.played, moment: moment() });
const telling = new Telling({ watch, journal, moment });
const player = openFilm(setup, part("film"));
const notices = new Notices(player);
const marks = [
  ...(setup.chapters.length > 0 ? [listPlaces(part("chapters"), setup.chapters, choose)] : []),
  ...(setup.transcript.length > 0 ? [listPlaces(part("transcript"), setup.transcript, choose)] : []),
];
const code = setup.asks_code ? new CodeField({ isGiven: setup.code_given, words, onSend: (given) => telling.give(given) }) : null;
const questions = new Questions({
  questions: setup.questions,
  answered: setup.answered,
  words,
  onAnswer: (id, chosen) => telling.answer(id, chosen),
  onGoOn: play,
  onReview: ({ at }) => {
    player.currentTime(Math.max(0, at - REVIEW));
    play();
  },
});

/** A clock that only goes forward, in seconds. */
function moment() {
  return performance.now() / 1000;
}

function play() {
  notices.hide();
  player.play()?.catch((error) => {
    // The browser refuses to begin, or was told to pause meanwhile: the page shows that it stands still.
    if (!(error instanceof DOMException)) throw error;
  });
}

/**
 * Say how it stands with what was told, and what came of it.
 * @param {import("./journal.js").Line} line
 * @param {import("./journal.js").Answer | null} answer
 */
function showLine(line, answer) {
  // It is told every few seconds: what says so each time would only flicker.
  if (line === "unsaved") return;
  part("line").dataset.line = line;
  part("line").textContent = lineText(line, answer, { ...setup, words });
  if (line === "offline" || line === "resting") {
    questions.wait(words[line]);
    code?.wait(words[line]);
  }
  if (line === "superseded" || line === "expired" || line === "failed") stop(line);
  if (answer && line === "saved") take(answer);
}

/**
 * Take what the server says once it has everything.
 * @param {import("./journal.js").Answer} answer
 */
function take(answer) {
  const missing = watch.settle(answer.played);
  if (missing !== null && !isFree) {
    notices.say(words.cannot_skip);
    player.currentTime(missing);
  }
  questions.tell(answer.answers);
  code?.tell(answer.code_given);
  if (answer.elsewhere && setup.rule.elsewhere === "stop" && !player.paused()) {
    player.pause();
    notices.show(words.elsewhere, words.elsewhere_next, { label: words.go_on, act: play });
  }
  if (answer.done && !isDone) finish();
  showProgress();
}

/** It counts as watched: from now on it may be watched in any way. */
function finish() {
  isDone = isFree = true;
  player.playbackRates(SPEEDS);
  document.getElementById("bound")?.remove();
  showDone();
}

function showDone() {
  part("done-title").textContent = words.done;
  part("done-text").textContent = setup.preview ? "" : words.done_next;
  part("done").hidden = false;
}

function showProgress() {
  const percent = String(Math.floor(100 * watch.progress()));
  part("share").textContent = words.progress.replace("{percent}", percent);
  drawBand(part("band"), watch.union(), setup.duration);
}

/**
 * Play no more: another page does, or the time is over.
 * @param {import("./journal.js").Line} why
 */
function stop(why) {
  telling.close();
  player.pause();
  questions.close();
  part("starts").hidden = true;
  part("main").dataset.stay = why;
  notices.show(words[why], words[`${why}_next`], null);
}

/**
 * Go to a place, or as near to it as one may.
 * @param {number} wanted
 */
function go(wanted) {
  player.currentTime(held(Math.max(0, Math.min(setup.duration, wanted))));
}

/**
 * Go to a place of a list, which also begins.
 * @param {number} place
 */
function choose(place) {
  if (hasBegun) go(place);
  else begin(held(place));
}

/**
 * Where somebody gets who may not skip; says so where that is another place.
 * @param {number} wanted
 */
function held(wanted) {
  if (isFree) return wanted;
  const place = watch.reach(wanted);
  if (place < wanted) notices.say(words.cannot_skip);
  return place;
}

/** @param {number} place */
function begin(place) {
  begins = place;
  if (player.readyState() > 0) player.currentTime(place);
  play();
  player.el().focus();
}

/** The first thing that plays, whatever has begun it. */
function haveBegun() {
  hasBegun = true;
  part("starts").hidden = true;
}

/** Ask what should have been answered by now; return whether something is asked. */
function ask() {
  const due = questions.due(player.currentTime());
  if (!due) return false;
  player.pause();
  if (player.isFullscreen()) void player.exitFullscreen();
  questions.ask(due);
  return true;
}

function attach() {
  player.on("playing", () => {
    if (!telling.isOpen || ask()) player.pause();
    else haveBegun();
  });
  player.on("timeupdate", () => {
    if (player.seeking()) return;
    const place = player.currentTime();
    for (const mark of marks) mark(place);
    if (Math.floor(place) !== drawn) showProgress();
    drawn = Math.floor(place);
    if (!player.paused()) ask();
  });
  player.on("seeking", () => {
    const wanted = player.currentTime();
    const place = held(wanted);
    if (place < wanted) player.currentTime(place);
  });
  player.on("ratechange", () => {
    if (!isFree && player.playbackRate() !== 1) player.playbackRate(1);
  });
  player.on(["pause", "ended"], () => telling.tell());
  player.on("loadedmetadata", () => {
    offerSizes(player, /** @type {HTMLSelectElement} */ (part("quality")), storage, words.quality_auto);
  });
  player.on("error", () => {
    const place = watch.place;
    watch.stop(moment());
    notices.show(words.broken, words.broken_next, { label: words.retry, act: () => retry(place) });
  });
}

/** @param {number} place */
function retry(place) {
  player.error(null);
  load(player, setup.master, () => place, play);
}

function hideOrShow() {
  const isHidden = document.visibilityState === "hidden";
  const mustStop = isHidden && !player.paused() && setup.rule.hidden === "stop";
  watch.hide(isHidden, moment());
  if (mustStop) {
    player.pause();
    notices.show(words.hidden, words.hidden_next, { label: words.go_on, act: play });
  }
  if (isHidden) telling.hide();
}

/** Go back once everything is saved. */
async function leave() {
  player.pause();
  await telling.leave();
  leadBack(setup, () => notices.show(words.left, words.left_next, null));
}

function listen() {
  for (const id of ["leave", "notice-leave", "done-leave"]) part(id).addEventListener("click", () => void leave());
  part("start").addEventListener("click", () => begin(begins));
  part("restart").addEventListener("click", () => begin(0));
  const toggle = () => (player.paused() ? play() : player.pause());
  listenToKeys(part("film-box"), player, { go, toggle, isFree: () => isFree });
  window.addEventListener("pagehide", () => telling.farewell());
  document.addEventListener("visibilitychange", hideOrShow);
}

/** @param {number} position where an earlier page stood */
function offerStart(position) {
  const isResumed = isWorthResuming(position, setup.duration);
  begins = isResumed ? position : 0;
  part("start-label").textContent = isResumed ? words.resume.replace("{time}", timeOf(position)) : words.play;
  part("restart").hidden = !isResumed;
  part("starts").hidden = false;
}

async function open() {
  if (!(await holdLaunch(setup.lease))) return stop("superseded");
  const { sequence, position, played } = resumed(setup, await journal.recover());
  watch.settle([...setup.played, ...played]);
  offerStart(position);
  telling.open(sequence, begins);
  load(player, setup.master, () => begins);
}

follow(player, watch, moment);
attach();
listen();
if (setup.storyboard) player.ready(() => showBoard(player, setup.storyboard));
if (isDone) showDone();
showProgress();
await open();
part("main").dataset.ready = "true";
