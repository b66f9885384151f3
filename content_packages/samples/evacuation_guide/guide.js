/** The steps: pages to read; completed when each has been seen. */
"use strict";

const session = new Cmi5Session();
const pages = new Pages(onPage);
const state = { seen: [], page: "", isCompleted: false };

function onPage(id) {
  state.page = id;
  if (!state.seen.includes(id)) state.seen.push(id);
  pages.markSeen(state.seen);
  if (state.seen.length === pages.ids.length && !state.isCompleted && session.isJudged) {
    state.isCompleted = true;
    session.say("completed", { completion: true });
  }
  session.remember(state);
}

function leave() {
  pages.close("記録しています。");
  void session.finish({ leads: true });
}

async function start() {
  if (await session.begin()) Object.assign(state, await session.recall());
  else showNote(UNRECORDED);
  pages.show(pages.has(state.page) ? state.page : pages.ids[0], { focus: false });
}

document.querySelector("[data-leave]").addEventListener("click", leave);
finishWithThePage(session);
void start();
