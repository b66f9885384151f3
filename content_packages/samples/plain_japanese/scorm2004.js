/** One session with a SCORM 2004 run-time: found, opened, read, written and closed, or absent. */
"use strict";

class Scorm2004Session {
  constructor() {
    this.startedAt = Date.now();
    this.api = findApi(window.parent) ?? findApi(window.top.opener);
    this.isOpen = this.api !== null && this.isTrue(this.api.Initialize(""));
  }

  isTrue(answer) {
    return String(answer) === "true";
  }

  get(element) {
    return this.isOpen ? String(this.api.GetValue(element)) : "";
  }

  set(element, value) {
    if (!this.isOpen || this.isTrue(this.api.SetValue(element, String(value)))) return;
    console.warn("SetValue", element, value, this.api.GetLastError());
  }

  /**
   * What an earlier visit left, or {}: a suspended attempt has it in suspend_data.
   * A SCO that was done and is opened again begins a new attempt, without suspend_data;
   * the bucket of the course still has it, so that a second look takes nothing away.
   */
  recall() {
    const kept = this.get("cmi.suspend_data") || this.get("adl.data.0.store");
    return kept ? JSON.parse(kept) : {};
  }

  remember(state) {
    const kept = JSON.stringify(state);
    this.set("cmi.suspend_data", kept);
    if (Number(this.get("adl.data._count")) > 0) this.set("adl.data.0.store", kept);
  }

  isCompleted() {
    return this.get("cmi.completion_status") === "completed";
  }

  /** True where the run-time has kept everything, or where there is none. */
  commit() {
    if (!this.isOpen) return true;
    this.set("cmi.session_time", interval2004(Date.now() - this.startedAt));
    return this.isTrue(this.api.Commit(""));
  }

  /** Closes the session; what is not done can be resumed. A second call does nothing. */
  finish(isDone) {
    if (!this.isOpen) return;
    this.set("cmi.exit", isDone ? "normal" : "suspend");
    this.commit();
    this.api.Terminate("");
    this.isOpen = false;
  }
}

/** Walks up from `start` through its parents; a window of another origin ends the walk. */
function findApi(start) {
  const highestLevel = 500; // the number of levels the standard asks a SCO to climb
  try {
    for (let here = start, level = 0; here && level <= highestLevel; here = here.parent, level += 1) {
      if (here.API_1484_11) return here.API_1484_11;
      if (here === here.parent) break;
    }
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
  }
  return null;
}

/** Milliseconds as timeinterval(second,10,2). */
function interval2004(milliseconds) {
  return `PT${(milliseconds / 1000).toFixed(2)}S`;
}

/** A moment as time(second,10,0) in UTC. */
function timestamp2004(milliseconds) {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

const UNRECORDED = "記録されません。研修の画面から開くと、進みぐあいと点数が残ります。";
const UNSAVED = "保存できませんでした。通信を確かめて、もう一度ページを進めてください。";

/** Saves, and says so where that failed. */
function commitOrTell(session) {
  if (!session.commit()) showNote(UNSAVED);
  else if (session.isOpen) showNote("");
}

/** Ends the session when the page goes; `isDone()` is asked at that moment. */
function finishWithThePage(session, isDone) {
  window.addEventListener("pagehide", () => session.finish(isDone()));
  // a page that comes back out of the browser's cache has lost its session: begin anew
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
}
