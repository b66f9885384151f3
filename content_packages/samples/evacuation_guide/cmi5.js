/** One session of a cmi5 unit: its token, what it was launched with, what it says, and its end. */
"use strict";

const VERBS = "http://adlnet.gov/expapi/verbs/";
const CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/";
const EXTENSION = "https://w3id.org/xapi/cmi5/context/extensions/";
const UNRECORDED = "記録されません。研修の画面から開くと、進みぐあいと点数が残ります。";
const UNSAVED = "保存できませんでした。通信を確かめて、もう一度ページを進めてください。";

class Cmi5Session {
  constructor() {
    this.launch = new URLSearchParams(window.location.search);
    this.startedAt = Date.now();
    this.isOpen = false;
    /** What is sent goes one after another: the order of statements counts. */
    this.sending = Promise.resolve();
  }

  /** Begins the session; whether there is one. Whoever opens the page by itself has none. */
  async begin() {
    if (!this.launch.has("fetch")) return false;
    try {
      const { "auth-token": token } = await (await fetch(this.launch.get("fetch"), { method: "POST" })).json();
      if (!token) return false;
      this.token = token;
      this.data = await this.read("activities/state", { ...this.about(), stateId: "LMS.LaunchData" });
      await this.read("agents/profile", { agent: this.launch.get("actor"), profileId: "cmi5LearnerPreferences" });
      await this.ask("PUT", "statements", this.statement("initialized"));
    } catch (error) {
      console.warn("cmi5", error);
      return false;
    }
    this.isOpen = true;
    return true;
  }

  get isJudged() {
    return this.isOpen && this.data.launchMode === "Normal";
  }

  about() {
    const [activityId, agent, registration] = ["activityId", "actor", "registration"].map((name) => this.launch.get(name));
    return { activityId, agent, registration };
  }

  /** Asks the record store; `said` goes along as JSON. */
  async ask(method, path, said, params = {}, keepalive = false) {
    const query = new URLSearchParams(said?.verb ? { statementId: said.id } : params);
    const headers = { Authorization: `Basic ${this.token}`, "X-Experience-API-Version": "1.0.3" };
    if (said) headers["Content-Type"] = "application/json";
    const body = said && JSON.stringify(said);
    const endpoint = this.launch.get("endpoint").replace(/\/*$/, "/");
    const answer = await fetch(`${endpoint}${path}?${query}`, { method, headers, body, keepalive });
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer;
  }

  async read(path, params) {
    const answer = await this.ask("GET", path, undefined, params);
    return answer.ok ? answer.json() : {};
  }

  /** A statement as cmi5 defines it. */
  statement(verb, result) {
    const context = structuredClone(this.data.contextTemplate);
    const categories = [`${CATEGORY}cmi5`];
    if (result && ("success" in result || "completion" in result)) categories.push(`${CATEGORY}moveon`);
    context.registration = this.launch.get("registration");
    context.contextActivities.category = categories.map((id) => ({ id }));
    if (result?.score && this.data.masteryScore !== undefined) {
      context.extensions[`${EXTENSION}masteryscore`] = this.data.masteryScore;
    }
    return {
      id: crypto.randomUUID?.() ?? randomId(),
      actor: JSON.parse(this.launch.get("actor")),
      verb: { id: VERBS + verb, display: { en: verb } },
      object: { id: this.launch.get("activityId") },
      ...(result && { result }),
      context,
      timestamp: new Date().toISOString(),
    };
  }

  duration() {
    return `PT${((Date.now() - this.startedAt) / 1000).toFixed(2)}S`;
  }

  /** Says something after all that was said before; says on the page where it could not be kept. */
  say(verb, result, keepalive = false) {
    if (!this.isOpen) return this.sending;
    const said = this.statement(verb, result && { ...result, duration: this.duration() });
    return this.queue(() => this.ask("PUT", "statements", said, {}, keepalive));
  }

  queue(send) {
    this.sending = this.sending.then(send).then(() => showNote(""), (error) => {
      console.warn("cmi5", error);
      showNote(UNSAVED);
    });
    return this.sending;
  }

  /** What an earlier session has left, or {}. */
  recall() {
    return this.isOpen ? this.read("activities/state", { ...this.about(), stateId: "course" }) : {};
  }

  remember(state) {
    if (!this.isOpen) return;
    const kept = structuredClone(state);
    this.queue(() => this.ask("PUT", "activities/state", kept, { ...this.about(), stateId: "course" }));
  }

  /** Ends the session; a second call does nothing. */
  async finish({ leads = false } = {}) {
    if (!this.isOpen) return;
    const last = this.statement("terminated", { duration: this.duration() });
    this.isOpen = false;
    if (!leads) {
      // The page is going: nothing can be waited for.
      void this.ask("PUT", "statements", last, {}, true).catch(() => {});
      return;
    }
    await this.queue(() => this.ask("PUT", "statements", last));
    if (this.data.returnURL) window.location.assign(this.data.returnURL);
  }
}

/** A UUID where the page is not secure enough for the browser to make one. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Ends the session when the page goes. */
function finishWithThePage(session) {
  window.addEventListener("pagehide", () => void session.finish());
  // a page that comes back out of the browser's cache has lost its session: begin anew
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
}
