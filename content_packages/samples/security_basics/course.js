/** The course: pages, quiz and session put together. */
"use strict";

const session = new Scorm12Session();
const quiz = new Quiz(document.querySelector("form"), save);
const pages = new Pages(onPage);

const mastery = Number(session.get("cmi.student_data.mastery_score")) || 80;
const kept = session.get("cmi.suspend_data");
const state = { seen: [], isMarked: false, quiz: quiz.save(), ...(kept ? JSON.parse(kept) : {}) };

function save() {
  state.quiz = quiz.save();
  session.set("cmi.suspend_data", JSON.stringify(state));
}

function onPage(id) {
  if (!state.seen.includes(id)) state.seen.push(id);
  if (id === "quiz") quiz.start();
  pages.markSeen(state.seen);
  save();
  session.set("cmi.core.lesson_location", id);
  commit();
}

function commit() {
  if (!session.commit()) showNote("保存できませんでした。通信を確かめて、もう一度ページを進めてください。");
  else if (session.isOpen) showNote("");
}

/** Each marking adds its own entries: the record keeps every try. */
function recordInteractions() {
  const start = Number(session.get("cmi.interactions._count")) || 0;
  quiz.results().forEach((result, offset) => {
    const set = (leaf, value) => session.set(`cmi.interactions.${start + offset}.${leaf}`, value);
    set("id", result.id);
    set("type", result.type);
    set("time", clockTime12(result.last));
    set("correct_responses.0.pattern", result.correct.join());
    set("weighting", 1);
    set("student_response", result.response.join());
    set("result", result.isCorrect ? "correct" : "wrong");
    set("latency", timespan12(result.last - result.shown));
  });
}

function recordScore(score) {
  session.set("cmi.core.score.min", 0);
  session.set("cmi.core.score.max", 100);
  session.set("cmi.core.score.raw", score);
  session.set("cmi.core.lesson_status", score >= mastery ? "passed" : "failed");
}

function mark(event) {
  event.preventDefault();
  if (!quiz.isComplete()) return;
  const score = quiz.score();
  state.isMarked = true;
  recordInteractions();
  recordScore(score);
  quiz.lock(state.isMarked);
  showResult(quiz, { score, mastery });
  pages.show("result");
}

function retry() {
  state.isMarked = false;
  quiz.clear();
  hideResult();
  quiz.lock(state.isMarked);
  pages.show("quiz");
}

function leave() {
  session.finish();
  pages.close("この画面を閉じると終わります。続きや見直しは、いつでも同じところから始められます。");
}

function start() {
  const status = session.get("cmi.core.lesson_status");
  const location = session.get("cmi.core.lesson_location");
  if (!session.isOpen) showNote("記録されません。研修の画面から開くと、進みぐあいと点数が残ります。");
  if (status === "not attempted" || status === "") session.set("cmi.core.lesson_status", "incomplete");
  quiz.restore(state.quiz);
  quiz.lock(state.isMarked);
  if (state.isMarked) showResult(quiz, { score: quiz.score(), mastery });
  pages.show(pages.has(location) ? location : pages.ids[0], { focus: false });
}

document.querySelector("form").addEventListener("submit", mark);
document.querySelector("[data-retry]").addEventListener("click", retry);
document.querySelector("[data-leave]").addEventListener("click", leave);
window.addEventListener("pagehide", () => session.finish());
// a page that comes back out of the browser's cache has lost its session: begin anew
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
start();
