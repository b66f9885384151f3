/** Parts of the page of a video that need no browser: where it goes on, what is asked, which picture and size. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { timeOf } from "../../app/static/player/places.js";
import { due } from "../../app/static/player/questions.js";
import { isWorthResuming, resumed } from "../../app/static/player/resuming.js";
import { sidesOf } from "../../app/static/player/sizes.js";
import { pictureAt } from "../../app/static/player/storyboard.js";

const SETUP = { lease: 3, sequence: 4, position: 12 };

/** A message with these changes. */
function message(sequence, ...changes) {
  return { sequence, item: "video", changes, finished: false, leaving: false };
}

test("a page goes on from what it was given with", () => {
  assert.deepEqual(resumed(SETUP, []), { sequence: 4, position: 12, played: [] });
});

test("a page that was written before the last words of another goes on after those", () => {
  const left = [
    { lease: 2, messages: [message(9, ["played.1", "0.000,8.000"], ["position", "8.000"])] },
    { lease: 3, messages: [message(5, ["played.4", "12.000,20.500"], ["position", "20.500"]), message(6, ["code", "x"])] },
  ];
  const played = [[0, 8], [12, 20.5]];
  assert.deepEqual(resumed(SETUP, left), { sequence: 6, position: 20.5, played });
});

test("neither the very beginning nor the end is resumed", () => {
  assert.deepEqual([0, 5, 6, 54, 55, 60].map((place) => isWorthResuming(place, 60)), [false, false, true, true, false, false]);
});

test("the first question that is not answered yet is asked, and nothing is played beyond it", () => {
  const questions = [
    { id: "late", at: 30, text: "", choices: [], multiple: false },
    { id: "early", at: 10, text: "", choices: [], multiple: false },
  ];
  assert.equal(due(questions, new Set(), 9.9), null);
  assert.equal(due(questions, new Set(), 10)?.id, "early");
  assert.equal(due(questions, new Set(), 50)?.id, "early");
  assert.equal(due(questions, new Set(["early"]), 50)?.id, "late");
  assert.equal(due(questions, new Set(["early", "late"]), 50), null);
});

test("the picture of a place lies row by row, sheet by sheet", () => {
  const board = { interval: 5, width: 160, height: 90, columns: 3, rows: 2, sheets: ["one", "two"] };
  assert.deepEqual(pictureAt(board, 0), { sheet: "one", x: 0, y: 0 });
  assert.deepEqual(pictureAt(board, 12), { sheet: "one", x: 320, y: 0 });
  assert.deepEqual(pictureAt(board, 29.9), { sheet: "one", x: 320, y: 90 });
  assert.deepEqual(pictureAt(board, 30), { sheet: "two", x: 0, y: 0 });
});

test("sizes are told by their shorter side, each once, and sound has none", () => {
  const sizes = [{ width: 640, height: 360 }, { width: 720, height: 1280 }, { width: 1280, height: 720 }, {}];
  assert.deepEqual(sidesOf(sizes), [720, 360]);
});

test("times are written as on a clock", () => {
  assert.deepEqual([0, 65.9, 3_723].map(timeOf), ["0:00", "1:05", "1:02:03"]);
});
