/** One session with a SCORM 1.2 run-time: found, opened, read, written and closed, or absent. */
"use strict";

class Scorm12Session {
  constructor() {
    this.startedAt = Date.now();
    this.api = findApi(window) ?? findApi(window.top.opener);
    this.isOpen = this.api !== null && this.isTrue(this.api.LMSInitialize(""));
  }

  isTrue(answer) {
    return String(answer) === "true";
  }

  get(element) {
    return this.isOpen ? String(this.api.LMSGetValue(element)) : "";
  }

  set(element, value) {
    if (!this.isOpen || this.isTrue(this.api.LMSSetValue(element, String(value)))) return;
    console.warn("LMSSetValue", element, value, this.api.LMSGetLastError());
  }

  /** True where the run-time has kept everything, or where there is none. */
  commit() {
    if (!this.isOpen) return true;
    this.set("cmi.core.session_time", timespan12(Date.now() - this.startedAt));
    return this.isTrue(this.api.LMSCommit(""));
  }

  /** Closes the session so that the next one goes on from here; a second call does nothing. */
  finish() {
    if (!this.isOpen) return;
    this.set("cmi.core.exit", "suspend");
    this.commit();
    this.api.LMSFinish("");
    this.isOpen = false;
  }
}

/** Walks up from `start` through its parents; a window of another origin ends the walk. */
function findApi(start) {
  const highestLevel = 7; // the number of levels the standard asks a SCO to climb
  try {
    for (let here = start, level = 0; here && level <= highestLevel; here = here.parent, level += 1) {
      if (here.API) return here.API;
      if (here === here.parent) break;
    }
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
  }
  return null;
}

/** Milliseconds as HHHH:MM:SS.SS. */
function timespan12(milliseconds) {
  const hundredths = Math.round(milliseconds / 10);
  const pad = (value, width) => String(value).padStart(width, "0");
  const hours = Math.floor(hundredths / 360000);
  const minutes = Math.floor(hundredths / 6000) % 60;
  const seconds = Math.floor(hundredths / 100) % 60;
  return `${pad(hours, 4)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(hundredths % 100, 2)}`;
}

/** A moment as HH:MM:SS of the learner's day. */
function clockTime12(milliseconds) {
  const moment = new Date(milliseconds);
  return [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
    .map((value) => String(value).padStart(2, "0")).join(":");
}
