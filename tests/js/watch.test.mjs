/** A watch tells what was played, all of it and nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { GAP, union, Watch } from "../../app/static/player/watch.js";
import { chance } from "./fakes.mjs";

const LONG = 100;

/** @param {object} more */
function opened(more = {}) {
  return new Watch({ duration: LONG, played: [], moment: 0, ...more });
}

/** The values of one kind of elements. */
function told(elements, name) {
  return elements.filter(([element]) => element.split(".")[0] === name).map(([, value]) => value);
}

/** All stretches that elements tell of. */
function stretches(elements) {
  return told(elements, "played").map((value) => value.split(",").map(Number));
}

/**
 * A browser's player with a clock: it plays, stands, jumps and lacks data, tells the watch so as
 * browsers do, and knows what it has played.
 */
class FakePlayer {
  constructor(watch, random) {
    Object.assign(this, { watch, random, place: 0, rate: 1, moment: 0, isPlaying: false, from: 0, truth: [], elements: [] });
  }

  /** Let seconds pass; the browser says where it is up to four times a second. */
  pass(seconds) {
    for (let left = seconds; left > 1e-9 && this.place < LONG; ) {
      const step = Math.min(left, 0.05 + this.random(20) / 100);
      left -= step;
      this.moment += step;
      if (!this.isPlaying) continue;
      this.place = Math.min(LONG, this.place + step * this.rate);
      if (this.place === LONG) return this.#end();
      this.watch.time(this.place, this.moment);
    }
  }

  play() {
    if (this.isPlaying || this.place >= LONG) return;
    this.isPlaying = true;
    this.from = this.place;
    this.watch.play(this.place, this.moment);
    if (this.random(2)) this.watch.play(this.place, this.moment); // "playing" and "seeked" both say so
  }

  pause() {
    this.#close();
    this.watch.time(this.place, this.moment);
    this.watch.stop(this.moment);
  }

  jump(place) {
    const goesOn = this.isPlaying;
    this.moment += 0.1;
    if (goesOn) this.place = Math.min(LONG, this.place + 0.1 * this.rate);
    this.#close();
    this.watch.jump(this.moment);
    this.moment += this.random(30) / 10; // it looks for the place
    this.place = place;
    this.watch.time(place, this.moment);
    if (goesOn) this.play();
  }

  turn(rate) {
    this.rate = rate;
    this.watch.time(this.place, this.moment);
    this.watch.turn(rate, this.moment);
  }

  tell() {
    this.elements.push(...this.watch.take(this.moment));
  }

  #end() {
    this.#close();
    this.watch.end(this.moment);
  }

  #close() {
    if (this.isPlaying && this.place > this.from) this.truth.push([this.from, this.place]);
    this.isPlaying = false;
  }
}

/** Stretches without gaps that are closed or not by the rounding of what is told alone. */
function closed(stretches) {
  return stretches.reduce((found, [start, stop]) => {
    const last = found.at(-1);
    if (last && start - last[1] < GAP + 0.0137) return [...found.slice(0, -1), [last[0], stop]];
    return [...found, [start, stop]];
  }, []);
}

/** Whether two unions are the same but for the rounding of what is told. */
function assertSame(first, second, what) {
  const [one, other] = [closed(first), closed(second)];
  assert.equal(one.length, other.length, `${what}: ${JSON.stringify(one)} is not ${JSON.stringify(other)}`);
  one.flat().forEach((place, at) => assert.ok(Math.abs(place - other.flat()[at]) < 0.01, what));
}

test("whatever is done in whatever order, what is told is what was played", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = chance(seed);
    const watch = opened();
    const player = new FakePlayer(watch, random);
    for (let turn = 0; turn < 30; turn += 1) {
      const act = ["play", "pause", "jump", "turn", "tell", "pass", "pass"][random(7)];
      if (act === "jump") player.jump(random(LONG * 10) / 10);
      else if (act === "turn") player.turn([0.75, 1, 1.5, 2][random(4)]);
      else if (act === "pass") player.pass(random(120) / 10);
      else player[act]();
    }
    player.pause();
    player.tell();
    const truth = union(player.truth, LONG);
    assertSame(union(stretches(player.elements), LONG), truth, `seed ${seed}`);
    assertSame(watch.union(), truth, `seed ${seed}, at once`);
  }
});

test("clock time is told of once: playing, present and hidden", () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = chance(seed);
    const player = new FakePlayer(opened(), random);
    let playing = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const before = player.moment;
      const wasPlaying = player.isPlaying;
      player.pass(random(50) / 10);
      if (wasPlaying && player.isPlaying) playing += player.moment - before;
      if (player.place > LONG - 15) break;
      if (random(2)) player.play();
      else player.pause();
      if (random(3) === 0) player.tell();
    }
    player.pause();
    player.elements.push(...player.watch.take(player.moment + 1));
    const sums = told(player.elements, "spent").map((value) => value.split(",").map(Number));
    const [played, present, hidden] = [0, 1, 2].map((at) => sums.reduce((sum, each) => sum + each[at], 0));
    assert.ok(Math.abs(played - playing) < 0.1, `seed ${seed}: ${played} of ${playing}`);
    assert.ok(Math.abs(present - player.moment - 1) < 0.1);
    assert.equal(hidden, 0);
  }
});

test("nothing is counted while it stands, looks for a place or lacks data", () => {
  const watch = opened();
  watch.time(10, 5);
  watch.play(10, 5);
  watch.stop(5);
  watch.time(10, 60);
  watch.jump(60);
  watch.time(50, 64);
  const elements = watch.take(65);
  assert.deepEqual(stretches(elements), []);
  assert.deepEqual(told(elements, "spent"), ["0.000,65.000,0.000"]);
});

test("a stretch under way is told of piece by piece, without a gap", () => {
  const player = new FakePlayer(opened(), chance(3));
  player.play();
  for (let turn = 0; turn < 3; turn += 1) {
    player.pass(10);
    player.tell();
  }
  const pieces = stretches(player.elements);
  assert.equal(pieces.length, 3);
  assert.equal(pieces[0][0], 0);
  assert.equal(pieces[1][0], pieces[0][1]);
  assert.equal(pieces[2][0], pieces[1][1]);
  assert.ok(Math.abs(pieces[2][1] - 30) < 0.01);
  assert.deepEqual(told(player.elements, "position").at(-1), pieces[2][1].toFixed(3));
});

test("no name is used twice, however long it goes on", () => {
  const player = new FakePlayer(opened(), chance(5));
  for (let turn = 0; turn < 20; turn += 1) {
    player.play();
    player.pass(1);
    player.pause();
    player.tell();
  }
  const names = player.elements.map(([element]) => element).filter((element) => element.includes("."));
  assert.equal(new Set(names).size, names.length);
});

test("a jump that no event has told of ends a stretch", () => {
  const watch = opened();
  watch.play(0, 0);
  watch.time(4, 4);
  watch.time(40, 4.2);
  watch.time(41, 5.2);
  watch.time(10, 5.3);
  watch.time(11, 6.3);
  watch.stop(6.3);
  assert.deepEqual(stretches(watch.take(7)), [[0, 4], [40, 41], [10, 11]]);
});

test("a page that slept was not watched meanwhile", () => {
  const watch = opened();
  watch.play(0, 0);
  watch.time(2, 2);
  watch.time(2.2, 3_602);
  watch.stop(3_602);
  const elements = watch.take(3_602);
  assert.deepEqual(stretches(elements), [[0, 2.2]]);
  assert.deepEqual(told(elements, "spent"), ["2.000,2.000,0.000"]);
});

test("a film that ran to its end has ended, one that was led there has not", () => {
  const ran = opened();
  ran.play(95, 0);
  ran.time(99.8, 4.8);
  ran.end(5);
  assert.deepEqual(ran.union(), [[95, LONG]]);
  assert.deepEqual(told(ran.take(5), "ended"), ["1"]);
  const led = opened();
  led.play(0, 0);
  led.time(5, 5);
  led.jump(5);
  led.time(LONG, 6);
  led.end(6);
  assert.deepEqual(led.union(), [[0, 5]]);
  assert.deepEqual(told(led.take(6), "ended"), []);
});

test("a page that is hidden while it plays says so each time", () => {
  const watch = opened();
  watch.hide(true, 1);
  watch.hide(false, 3);
  watch.play(0, 3);
  watch.hide(true, 5);
  watch.hide(true, 6);
  watch.time(4, 7);
  watch.hide(false, 7);
  const elements = watch.take(8);
  assert.deepEqual(told(elements, "hidden"), ["1"]);
  assert.deepEqual(told(elements, "spent"), ["5.000,8.000,4.000"]);
});

test("who may not skip gets to what was played and to its edge", () => {
  const watch = opened({ played: [[0, 20], [50, 60]] });
  assert.equal(watch.reach(12), 12);
  assert.equal(watch.reach(20), 20);
  assert.equal(watch.reach(20.3), 20);
  assert.equal(watch.reach(45), 20);
  assert.equal(watch.reach(55), 55);
  assert.equal(watch.reach(90), 60);
  assert.equal(opened().reach(30), 0);
});

test("what is under way can be gone back to", () => {
  const watch = opened();
  watch.play(0, 0);
  watch.time(8, 8);
  assert.equal(watch.reach(7), 7);
  assert.equal(watch.reach(30), 8);
});

test("what the server does not believe was not played, and is begun again", () => {
  const watch = opened();
  watch.play(0, 0);
  watch.time(30, 30);
  watch.take(30);
  watch.time(31, 31);
  assert.equal(watch.settle([[0, 30]]), null);
  assert.deepEqual(watch.union(), [[0, 31]]);
  assert.equal(watch.settle([[0, 12]]), 12);
  watch.jump(31);
  assert.equal(watch.settle([[0, 12]]), null);
});

test("what was not taken yet is kept beside what the server says", () => {
  const watch = opened();
  watch.play(0, 0);
  watch.time(5, 5);
  watch.stop(5);
  watch.settle([]);
  assert.deepEqual(watch.union(), [[0, 5]]);
  assert.equal(watch.progress(), 0.05);
});

test("a union is in order, apart, within the film, and the same in any order", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = chance(seed);
    const some = Array.from({ length: random(12) }, () => {
      const start = random(1_200) / 10 - 5;
      return [start, start + random(300) / 10 - 2];
    });
    const found = union(some, LONG);
    assert.deepEqual(union([...some].reverse(), LONG), found);
    assert.deepEqual(union(found, LONG), found);
    for (const [start, stop] of found) assert.ok(0 <= start && start < stop && stop <= LONG);
    for (let at = 1; at < found.length; at += 1) assert.ok(found[at][0] - found[at - 1][1] >= GAP);
    for (const [start, stop] of some.filter(([one, other]) => other > one && other > 0 && one < LONG)) {
      assert.ok(found.some(([one, other]) => one <= Math.max(0, start) && Math.min(stop, LONG) <= other));
    }
  }
});
