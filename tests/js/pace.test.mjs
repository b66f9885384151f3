/** How fast a file goes is told by the last seconds alone, and how long it takes in words that people would take. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, lasting } from "../../app/static/js/pace.js";

/** A pace that has noted these moments, in seconds, and what was done by then. */
function noted(...notes) {
  const pace = new Pace();
  for (const [at, done] of notes) pace.note(at * 1_000, done);
  return pace;
}

test("nothing is said before it can be told", () => {
  assert.equal(new Pace().speed, null);
  assert.equal(noted([0, 0]).speed, null);
  assert.equal(noted([0, 0], [1, 500]).speed, null);
  assert.equal(noted([0, 500], [5, 500]).left(1_000), null);
});

test("the speed is what was done in a second, and what is left takes its time by it", () => {
  const pace = noted([0, 0], [5, 500], [10, 1_000]);
  assert.equal(pace.speed, 100);
  assert.equal(pace.left(4_000), 30);
});

test("what was long ago is forgotten", () => {
  const slowAtFirst = [...Array(60).keys()].map((second) => [second, second]);
  const fastNow = [...Array(20).keys()].map((second) => [60 + second, 60 + 100 * (second + 1)]);
  assert.equal(noted(...slowAtFirst, ...fastNow).speed, 100);
});

for (const [seconds, unit, count, rest] of [
  [0, "seconds", 10, 0],
  [11, "seconds", 20, 0],
  [54, "seconds", 60, 0],
  [56, "minutes", 1, 0],
  [89, "minutes", 1, 0],
  [91, "minutes", 2, 0],
  [3_560, "minutes", 59, 0],
  [3_590, "hours", 1, 0],
  [5_400, "hours", 1, 30],
  [90_000, "hours", 25, 0],
]) {
  test(`${seconds} seconds are said as ${count} ${unit}`, () => {
    assert.deepEqual(lasting(seconds), { unit, count, rest });
  });
}
