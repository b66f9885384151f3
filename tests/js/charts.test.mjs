/** A chart shows what its table says. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { number, read, setup } from "../../app/static/js/charts.js";

/** A cell of a table, with as much of an element as is asked of it. */
function cell(textContent, value = null) {
  return { textContent, getAttribute: () => value };
}

function table(heads, rows) {
  const found = { "thead th": heads.map((head) => cell(head)), "tbody tr": rows.map((row) => ({ querySelectorAll: () => row })) };
  return { querySelectorAll: (selector) => found[selector] };
}

const LOOK = { text: "#333", line: "#ccc", font: "sans", colours: ["blue", "orange"] };

for (const [said, expected] of [["12", 12], ["1,234人", 1234], ["87.5%", 87.5], ["−0.25", -0.25], ["—", null], ["", null]]) {
  test(`a cell that says ${JSON.stringify(said)} is ${expected}`, () => {
    assert.equal(number(cell(said)), expected);
  });
}

test("a cell's own value is asked before its text", () => {
  assert.equal(number(cell("5人中3人", "60")), 60);
});

test("no cell has no number", () => {
  assert.equal(number(undefined), null);
});

test("the columns that are asked for are read, and rows without a number are left out", () => {
  const drawn = read(
    table(
      ["所属", "人数", "修了"],
      [
        [cell(" 総務\n 課 "), cell("10"), cell("8")],
        [cell("合計"), cell("—"), cell("")],
        [cell("福祉部"), cell("4"), cell("—")],
      ],
    ),
    [1, 2],
    0,
  );
  assert.deepEqual(drawn.names, ["総務 課", "福祉部"]);
  assert.deepEqual(drawn.series, [
    { label: "人数", values: [10, 4] },
    { label: "修了", values: [8, null] },
  ]);
});

test("nothing moves, the scale begins at nought and ends where it is told", () => {
  const made = setup({ names: ["a"], series: [{ label: "率", values: [50] }] }, { kind: "bar", most: 100, unit: "%" }, LOOK);
  assert.equal(made.options.animation, false);
  assert.equal(made.options.scales.y.beginAtZero, true);
  assert.equal(made.options.scales.y.max, 100);
  assert.equal(made.options.scales.y.ticks.callback(50), "50%");
  assert.equal(made.options.plugins.legend.display, false);
});

test("lines are told apart by more than their colours, and an open scale has no end", () => {
  const series = [{ label: "a", values: [1] }, { label: "b", values: [2] }];
  const made = setup({ names: ["x"], series }, { kind: "line", most: null, unit: "" }, LOOK);
  const [one, other] = made.data.datasets;
  assert.notEqual(one.pointStyle, other.pointStyle);
  assert.notDeepEqual(one.borderDash, other.borderDash);
  assert.equal("max" in made.options.scales.y, false);
  assert.equal(made.options.plugins.legend.display, true);
});
