/** A lesson: pages to read; done when each has been seen. */
"use strict";

const session = new Scorm2004Session();
const pages = new Pages(onPage);
const state = { seen: [], ...session.recall() };

function isDone() {
  return state.seen.length === pages.ids.length;
}

function onPage(id) {
  if (!state.seen.includes(id)) state.seen.push(id);
  session.remember(state);
  session.set("cmi.location", id);
  session.set("cmi.progress_measure", (state.seen.length / pages.ids.length).toFixed(4));
  session.set("cmi.completion_status", isDone() ? "completed" : "incomplete");
  commitOrTell(session);
}

function leave() {
  const goesOn = session.get("adl.nav.request_valid.continue") === "true";
  if (goesOn) session.set("adl.nav.request", "continue");
  session.finish(isDone());
  pages.close(goesOn ? "次の項目を開いています。" : "目次から、次の項目を選んでください。");
}

function start() {
  const location = session.get("cmi.location");
  if (!session.isOpen) showNote(UNRECORDED);
  pages.show(pages.has(location) ? location : pages.ids[0], { focus: false });
}

document.querySelector("[data-leave]").addEventListener("click", leave);
finishWithThePage(session, isDone);
start();
