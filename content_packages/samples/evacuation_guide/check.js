/** The test: passed or failed once in a session; who has failed opens it again. */
"use strict";

const session = new Cmi5Session();
const quiz = new Quiz(document.querySelector("form"), save);
const pages = new Pages(onPage);
let mastery = 60;

function save() {
  session.remember(quiz.save());
}

function onPage(id) {
  if (id === "questions") quiz.start();
}

function mark(event) {
  event.preventDefault();
  if (!quiz.isComplete()) return;
  const score = quiz.score();
  const success = score >= mastery;
  if (session.isJudged) {
    const told = { scaled: score / 100, raw: score, min: 0, max: 100 };
    session.say(success ? "passed" : "failed", { success, score: told });
  }
  quiz.lock(true);
  showResult(quiz, { score, mastery });
  document.querySelector("[data-retry]").hidden = true;
  pages.show("result");
}

function leave() {
  pages.close("記録しています。");
  void session.finish({ leads: true });
}

async function start() {
  if (await session.begin()) {
    mastery = Math.round(100 * (session.data.masteryScore ?? 0.6));
    const kept = await session.recall();
    if (kept.answers) quiz.restore(kept);
  } else showNote(UNRECORDED);
  pages.show(pages.ids[0], { focus: false });
}

document.querySelector("form").addEventListener("submit", mark);
document.querySelector("[data-leave]").addEventListener("click", leave);
finishWithThePage(session);
void start();
