/** Whatever the line and the page do, in the end the server has every value, once and in order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Journal } from "../../app/static/player/journal.js";
import { chance, FakeClock, FakeServer, fakeStorage, settle } from "./fakes.mjs";

const STEPS = 60;
const ITEM = "item";

class Life {
  constructor(seed) {
    this.pick = chance(seed);
    this.clock = new FakeClock();
    this.server = new FakeServer();
    this.storage = fakeStorage();
    this.set = [];
    this.realFetch = globalThis.fetch;
    globalThis.fetch = this.server.fetch;
    this.#open();
    this.journal.start(ITEM, 0);
  }

  #open() {
    this.journal = new Journal({ address: "commit", lease: 1, storage: this.storage, onLine: () => {} });
  }

  end() {
    this.clock.restore();
    globalThis.fetch = this.realFetch;
  }

  async pass(milliseconds) {
    this.clock.tick(milliseconds);
    await settle();
  }

  note(element) {
    const value = String(this.set.length);
    this.set.push([element, value]);
    this.journal.note(element, value);
  }

  async step() {
    const steps = [
      () => this.note("cmi.location"),
      () => this.note("cmi.suspend_data"),
      () => this.note(`cmi.interactions.${this.pick(3)}.id`),
      () => this.journal.seal(this.pick(10) === 0),
      () => (this.server.cut = !this.server.cut),
      () => (this.server.swallow = !this.server.swallow),
      () => (this.server.status = this.server.status === 200 ? 503 : 200),
      () => this.journal.farewell(false),
      () => this.pass(this.pick(15_000)),
      () => this.reload(),
    ];
    await steps[this.pick(steps.length)]();
  }

  async reload() {
    this.journal.farewell(true);
    this.note("cmi.exit");
    this.journal.seal(false);
    await settle();
    this.clock.timers.length = 0;
    this.#open();
    this.calm();
    await this.journal.recover();
    this.journal.start(ITEM, this.server.sequence);
  }

  calm() {
    Object.assign(this.server, { cut: false, swallow: false, status: 200 });
  }
}

for (let seed = 1; seed <= 100; seed += 1) {
  test(`nothing is lost and nothing is doubled, life ${seed}`, async () => {
    const life = new Life(seed);
    try {
      for (let step = 0; step < STEPS; step += 1) await life.step();
      life.calm();
      for (let turn = 0; turn < 8; turn += 1) await life.pass(30_000);
      const applied = life.server.changes;
      const isMember = ([element]) => element.startsWith("cmi.interactions");
      assert.deepEqual(applied.filter(isMember), life.set.filter(isMember));
      assert.deepEqual(Object.fromEntries(applied), Object.fromEntries(life.set));
      assert.equal(new Set(applied.map(([, value]) => value)).size, applied.length);
      assert.deepEqual(Object.keys(life.storage), []);
    } finally {
      life.end();
    }
  });
}
