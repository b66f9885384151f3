"use strict";
// Opens a course of Kenshu in a frame, and tells the LMS around it how far its learner is.
// The LMS gives us nothing but the learner's number there, by the API of SCORM 1.2.

(() => {
  /**
   * @typedef {object} Api
   * @property {(nothing: string) => string} LMSInitialize
   * @property {(nothing: string) => string} LMSFinish
   * @property {(nothing: string) => string} LMSCommit
   * @property {(name: string) => string} LMSGetValue
   * @property {(name: string, value: string) => string} LMSSetValue
   */
  /** @typedef {{address: string, progress: string}} Opened */
  /** @typedef {{status: string, score: number | null, seconds: number}} Progress */

  /** Windows that are asked for the API at most, from each of both ends. */
  const MOST_STEPS = 10;
  /** Milliseconds between two questions of how far the learner is. */
  const PACE = 5000;

  const WORDS = {
    ja: {
      opening: "教材を開いています。",
      open: "受講の状況は、このシステムに記録されます。",
      completed: "完了を記録しました。",
      passed: "合格を記録しました。",
      failed: "不合格を記録しました。",
      unrecorded: "記録の仕組み（SCORM 1.2）が見つからないため、何も記録できません。教材は開きません。",
      unsaved: "このシステムが記録を受け付けませんでした。続くときは、このシステムの管理者に伝えてください。",
      unreachable: "教材のサーバーに接続できません。しばらくしてから開き直してください。",
      waiting: "教材のサーバーから状況を受け取れません。つながりしだい、続きを記録します。",
    },
    en: {
      opening: "Opening the course.",
      open: "Your progress is recorded in this system.",
      completed: "Completion is recorded.",
      passed: "Recorded as passed.",
      failed: "Recorded as failed.",
      unrecorded: "This system offers no SCORM 1.2 API, so nothing can be recorded. The course stays closed.",
      unsaved: "This system did not take what was recorded. If it goes on, tell who looks after it.",
      unreachable: "The server of the course cannot be reached. Please open this page again later.",
      waiting: "Your progress cannot be fetched. It is recorded as soon as the server answers again.",
    },
  };
  const language = navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
  const words = WORDS[language];
  document.documentElement.lang = language;

  const line = /** @type {HTMLElement} */ (document.getElementById("line"));
  const course = /** @type {HTMLIFrameElement} */ (document.getElementById("course"));
  const config = /** @type {HTMLElement} */ (document.getElementById("config"));
  const { address } = /** @type {{address: string}} */ (JSON.parse(config.textContent || "{}"));

  /**
   * Say something.
   * @param {string} text
   * @param {string} [kind]
   */
  function say(text, kind = "") {
    if (line.textContent !== text) line.textContent = text;
    line.dataset.kind = kind;
  }

  /**
   * Return the API of a window or of one around it; null where there is none.
   * @param {Window | null} from
   * @returns {Api | null}
   */
  function searched(from) {
    let here = from;
    for (let step = 0; here && step < MOST_STEPS; step += 1) {
      try {
        const found = /** @type {{API?: Api}} */ (/** @type {unknown} */ (here)).API;
        if (found) return found;
      } catch (error) {
        // A window of another site: the API may be further out.
      }
      if (here.parent === here) break;
      here = here.parent;
    }
    return null;
  }

  /**
   * Return the API of this window, of those around it, or of the one that has opened them.
   * @returns {Api | null}
   */
  function api() {
    const here = searched(window);
    if (here) return here;
    try {
      return searched(window.opener || (window.top && window.top.opener));
    } catch (error) {
      return null; // the outermost window is of another site
    }
  }

  /**
   * Return a length of time as SCORM 1.2 writes it: HHHH:MM:SS.
   * @param {number} seconds
   */
  function written(seconds) {
    const whole = Math.min(Math.max(Math.floor(seconds), 0), 9999 * 3600);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    const hours = String(Math.floor(whole / 3600)).padStart(4, "0");
    return `${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  /** @param {Api} lms */
  function begin(lms) {
    const openedAt = Date.now();
    let isOver = false;
    let isAsking = false;
    /** @type {number | undefined} */
    let timer;
    let progress = "";
    /** What the LMS has of us already, by name. */
    const told = new Map();
    let isSaved = true;

    /**
     * Tell the LMS a value that it does not have yet.
     * @param {string} name
     * @param {string} value
     * @returns {boolean} Whether it is a new one.
     */
    function tell(name, value) {
      if (told.get(name) === value) return false;
      if (lms.LMSSetValue(name, value) === "false") isSaved = false;
      else told.set(name, value);
      return true;
    }

    /** Have the LMS keep what it was told, and the time until now. */
    function keep() {
      lms.LMSSetValue("cmi.core.session_time", written((Date.now() - openedAt) / 1000));
      if (String(lms.LMSCommit("")) === "false") isSaved = false;
    }

    /** @param {Progress} now */
    function take(now) {
      const isFinal = ["completed", "passed", "failed"].includes(now.status);
      isSaved = true;
      let isNew = false;
      if (typeof now.score === "number") {
        isNew = tell("cmi.core.score.min", "0") || isNew;
        isNew = tell("cmi.core.score.max", "100") || isNew;
        isNew = tell("cmi.core.score.raw", String(Math.round(now.score * 100) / 100)) || isNew;
      }
      isNew = tell("cmi.core.lesson_status", isFinal ? now.status : "incomplete") || isNew;
      if (isNew) keep();
      if (!isSaved) say(words.unsaved, "error");
      else if (now.status === "completed") say(words.completed);
      else if (now.status === "passed") say(words.passed);
      else if (now.status === "failed") say(words.failed);
      else say(words.open);
    }

    /** Ask how far the learner is; one question at a time. */
    async function ask() {
      if (isOver || isAsking || !progress) return;
      isAsking = true;
      try {
        const answer = await fetch(progress, { credentials: "omit", cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const now = /** @type {Progress} */ (await answer.json());
        if (!isOver) take(now);
      } catch (error) {
        if (!isOver) say(words.waiting, "error");
      } finally {
        isAsking = false;
      }
    }

    /** End the session with the LMS, once. */
    function finish() {
      if (isOver) return;
      isOver = true;
      window.clearInterval(timer);
      keep();
      lms.LMSFinish("");
    }

    /** Ask for the course, and open it. */
    async function open() {
      say(words.opening);
      const learner = String(lms.LMSGetValue("cmi.core.student_id"));
      /** @type {Response} */
      let answer;
      /** @type {Opened & {message?: string}} */
      let said;
      try {
        answer = await fetch(address, {
          method: "POST",
          credentials: "omit",
          headers: { "Content-Type": "text/plain;charset=UTF-8" },
          body: JSON.stringify({ learner, language: navigator.language }),
        });
        said = await answer.json();
      } catch (error) {
        say(words.unreachable, "error");
        return;
      }
      if (isOver) return;
      if (!answer.ok) {
        say(said.message || words.unreachable, "error");
        return;
      }
      if (lms.LMSGetValue("cmi.core.lesson_status") === "not attempted") {
        tell("cmi.core.lesson_status", "incomplete");
        keep();
      }
      course.src = said.address;
      course.hidden = false;
      say(words.open);
      progress = said.progress;
      timer = window.setInterval(ask, PACE);
      await ask();
    }

    document.addEventListener("visibilitychange", ask);
    window.addEventListener("pagehide", finish);
    // A page that comes back as it was has ended its session: it begins anew.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) window.location.reload();
    });
    open();
  }

  const found = api();
  if (!found || String(found.LMSInitialize("")) === "false") say(words.unrecorded, "error");
  else begin(found);
})();
