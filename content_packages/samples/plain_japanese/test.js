/** The test: done when it is passed; until then it can be resumed and tried again. */
"use strict";

const session = new Scorm2004Session();
const quiz = new Quiz(document.querySelector("form"), onAnswer);
const pages = new Pages(onPage);
const state = { isMarked: false, quiz: quiz.save(), ...session.recall() };
const passingScore = 100 * (Number(session.get("cmi.scaled_passing_score")) || 0.8);

function isPassed() {
  return state.isMarked && quiz.score() >= passingScore;
}

function save() {
  state.quiz = quiz.save();
  session.remember(state);
}

/** The last step is the marking. What was completed once stays so in another try. */
function reportProgress() {
  if (session.isCompleted()) return;
  const answered = quiz.questions.filter((question) => quiz.response(question).length > 0).length;
  const progress = state.isMarked ? 1 : answered / (quiz.questions.length + 1);
  session.set("cmi.progress_measure", progress.toFixed(4));
  session.set("cmi.completion_status", state.isMarked ? "completed" : "incomplete");
}

function onAnswer() {
  save();
  reportProgress();
}

function onPage(id) {
  if (id === "questions") quiz.start();
  save();
  reportProgress();
  session.set("cmi.location", id);
  commitOrTell(session);
}

/** Each marking adds its own entries: the record keeps every try. */
function recordInteractions() {
  const start = Number(session.get("cmi.interactions._count")) || 0;
  quiz.results().forEach((result, offset) => {
    const set = (leaf, value) => session.set(`cmi.interactions.${start + offset}.${leaf}`, value);
    set("id", result.id);
    set("type", result.type);
    set("timestamp", timestamp2004(result.shown));
    set("correct_responses.0.pattern", result.correct.join("[,]"));
    set("weighting", 1);
    set("learner_response", result.response.join("[,]"));
    set("result", result.isCorrect ? "correct" : "incorrect");
    set("latency", interval2004(result.first - result.shown));
    set("description", `{lang=ja}${result.text}`);
  });
}

function recordScore() {
  const score = quiz.score();
  session.set("cmi.score.min", 0);
  session.set("cmi.score.max", 100);
  session.set("cmi.score.raw", score);
  session.set("cmi.score.scaled", (score / 100).toFixed(2));
  session.set("cmi.success_status", isPassed() ? "passed" : "failed");
}

function mark(event) {
  event.preventDefault();
  if (!quiz.isComplete()) return;
  state.isMarked = true;
  recordInteractions();
  showMarked();
  pages.show("result");
}

function showMarked() {
  recordScore();
  quiz.lock(true);
  showResult(quiz, { score: quiz.score(), mastery: passingScore });
}

function retry() {
  state.isMarked = false;
  quiz.clear();
  quiz.lock(false);
  hideResult();
  pages.show("questions");
}

function leave() {
  session.finish(isPassed());
  pages.close("この教材は終わりです。まだ終わっていない項目は、目次から選べます。");
}

function start() {
  const location = session.get("cmi.location");
  if (!session.isOpen) showNote(UNRECORDED);
  quiz.restore(state.quiz);
  if (state.isMarked) showMarked();
  pages.show(pages.has(location) ? location : pages.ids[0], { focus: false });
}

document.querySelector("form").addEventListener("submit", mark);
document.querySelector("[data-retry]").addEventListener("click", retry);
document.querySelector("[data-leave]").addEventListener("click", leave);
finishWithThePage(session, isPassed);
start();
