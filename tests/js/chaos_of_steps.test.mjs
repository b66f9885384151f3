/** Whatever the line, the learner and the page do, each step is taken once and each item has its own values. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Journal } from "../../app/static/player/journal.js";
import { Play } from "../../app/static/player/play.js";
import { answers } from "./answers.mjs";
import { chance, FakeClock, FakeLaunch, FakeStage, fakeStorage, settle } from "./fakes.mjs";

const { tables } = answers("--tables");
const STEPS = 60;
const REQUESTS = ["continue", "previous", "{target=a}choice", "{target=c}choice"];

class Life {
  constructor(seed) {
    this.pick = chance(seed);
    this.clock = new FakeClock();
    this.server = new FakeLaunch(["a", "b", "c", "d", "e", "f"]);
    this.storage = fakeStorage();
    this.set = [];
    this.asked = [];
    this.realFetch = globalThis.fetch;
    globalThis.fetch = this.server.fetch;
  }

  /** Load the page, which begins where the server says that the one before it has stopped. */
  async load() {
    const { server, storage } = this;
    const stage = new FakeStage(server.log);
    const journal = new Journal({ address: "commit", lease: 1, storage, onLine: (_, answer) => play.acknowledge(answer) });
    const setup = { edition: "2004-4", elements: tables["2004-4"], step: server.step, traced: false };
    const play = new Play({ setup, journal, post: server.post, onWait: () => {}, stage });
    Object.assign(this, { stage, journal, play });
    await play.open();
    stage.api.Initialize("");
  }

  end() {
    this.clock.restore();
    globalThis.fetch = this.realFetch;
  }

  async pass(milliseconds) {
    this.clock.tick(milliseconds);
    await settle();
  }

  /** Let the content that is shown set a value that no other call has set. */
  note(api = this.stage.api) {
    const { current, isMoving } = this.play;
    const value = `${current} ${this.set.length}`;
    api.Initialize("");
    const isTaken = api.SetValue("cmi.location", value) === "true";
    // Content that was taken away already speaks to nobody.
    if (isTaken && !isMoving) this.set.push([current, value]);
  }

  /** One of the requests, noted as one that somebody has made. */
  request() {
    const request = REQUESTS[this.pick(REQUESTS.length)];
    this.asked.push(request);
    return request;
  }

  go() {
    this.stage.lastWords = (api) => api.Terminate("");
    void this.play.go(this.request());
    return settle();
  }

  async ask() {
    const { api } = this.stage;
    api.SetValue("adl.nav.request", this.request());
    api.Terminate("");
    await this.pass(0);
  }

  async reload() {
    this.calm();
    this.journal.farewell(true);
    await settle();
    this.clock.timers.length = 0;
    await this.load();
  }

  calm() {
    this.server.fault = null;
    Object.assign(this.server.commits, { cut: false, swallow: false, status: 200 });
  }

  step() {
    const { commits } = this.server;
    const steps = [
      () => this.note(),
      () => this.note(),
      () => this.stage.api.Commit(""),
      () => this.go(),
      () => this.ask(),
      () => (this.server.fault = [null, "cut", "swallow", 503][this.pick(4)]),
      () => (commits.cut = !commits.cut),
      () => (commits.swallow = !commits.swallow),
      () => this.pass(this.pick(15_000)),
      () => this.reload(),
    ];
    return steps[this.pick(steps.length)]();
  }
}

/** Whether all of some stand among others, in their order. */
function isWithin(some, others) {
  let at = 0;
  for (const other of others) at += other === some[at] ? 1 : 0;
  return at === some.length;
}

for (let seed = 1; seed <= 50; seed += 1) {
  test(`no step is taken twice and no value strays, life ${seed}`, async () => {
    const life = new Life(seed);
    try {
      await life.load();
      for (let step = 0; step < STEPS; step += 1) await life.step();
      life.calm();
      for (let turn = 0; turn < 8; turn += 1) await life.pass(30_000);
      const { server, play } = life;
      const taken = server.taken.filter((request) => request !== "open");
      assert.ok(isWithin(taken, life.asked), `${taken} of ${life.asked}`);
      assert.equal(play.current, server.items[server.at]);
      const applied = server.commits.applied.flatMap(({ item, changes }) =>
        changes.filter(([element]) => element === "cmi.location").map(([, value]) => [item, value]),
      );
      for (const [item, value] of applied) assert.ok(value.startsWith(`${item} `), `${value} in ${item}`);
      assert.deepEqual(Object.fromEntries(applied), Object.fromEntries(life.set));
      assert.equal(new Set(applied.map(([, value]) => value)).size, applied.length);
      assert.deepEqual(Object.keys(life.storage), []);
      assert.equal(play.isStopped, false);
    } finally {
      life.end();
    }
  });
}
