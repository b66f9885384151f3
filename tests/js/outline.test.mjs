/** The outline shows what can be launched with its state, and lets that be chosen which may be. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { draw, leaves } from "../../app/static/player/outline.js";
import { fakeDocument } from "./fake_document.mjs";

const WORDS = {
  not_started: "未受講",
  in_progress: "受講中",
  completed: "完了",
  passed: "合格",
  failed_status: "不合格",
  failed: "記録を保存できません",
  locked: "まだ開けません",
};

before(() => {
  globalThis.document = fakeDocument;
});

after(() => {
  delete globalThis.document;
});

function leaf(id, more = {}) {
  return { id, title: `題 ${id}`, launchable: true, visible: true, items: [], ...more };
}

function cluster(id, items, more = {}) {
  return { id, title: `章 ${id}`, launchable: false, visible: true, items, ...more };
}

const TREE = [leaf("a"), cluster("c", [leaf("b"), cluster("d", [leaf("e")])]), leaf("f")];

/** Draw a tree of which each leaf may be chosen, unless a test says which. */
function drawn(entries, { statuses = {}, current = null, choices = leaves(entries).map(({ id }) => id), hidden = [] } = {}) {
  const place = fakeDocument.createElement("div");
  const chosen = [];
  const shown = { statuses, current, choices: new Set(choices), hidden: new Set(hidden), words: WORDS };
  draw(place, entries, shown, (id) => chosen.push(id));
  return { place, chosen, buttons: place.all("button") };
}

/** The titles of what is drawn by a tag, in their order. */
function titles(elements) {
  return elements.map((element) => element.children[0]?.textContent ?? element.textContent);
}

test("the leaves are what can be launched, in the order of the tree", () => {
  assert.deepEqual(leaves(TREE).map(({ id }) => id), ["a", "b", "e", "f"]);
});

test("a launchable entry that holds others stands before them", () => {
  assert.deepEqual(leaves([leaf("a", { items: [leaf("b")] })]).map(({ id }) => id), ["a", "b"]);
});

test("an invisible entry is still a leaf that can be passed through", () => {
  assert.deepEqual(leaves([leaf("a", { visible: false })]).map(({ id }) => id), ["a"]);
});

test("each leaf that may be chosen is a button, each cluster is a heading", () => {
  const { place, buttons } = drawn(TREE);
  assert.deepEqual(titles(buttons), ["題 a", "題 b", "題 e", "題 f"]);
  assert.deepEqual(titles(place.all("p")), ["章 c", "章 d"]);
  assert.equal(place.all("ol").length, 3);
});

test("an invisible entry is not shown", () => {
  const { buttons } = drawn([leaf("a", { visible: false }), leaf("f")]);
  assert.deepEqual(titles(buttons), ["題 f"]);
});

test("what lies in an invisible entry stands in its place", () => {
  const inner = cluster("d", [leaf("b")], { visible: false });
  const { place, buttons } = drawn([cluster("c", [leaf("a"), inner], { visible: false }), leaf("f")]);
  assert.deepEqual(titles(buttons), ["題 a", "題 b", "題 f"]);
  assert.equal(place.all("p").length, 0);
});

test("a leaf that may not be chosen is no button, and says so beside its state", () => {
  const { place, buttons, chosen } = drawn(TREE, { choices: ["a"], statuses: { b: "completed" } });
  assert.deepEqual(titles(buttons), ["題 a"]);
  const locked = place.all("p").filter(({ className }) => className === "leaf");
  assert.deepEqual(titles(locked), ["題 b", "題 e", "題 f"]);
  assert.deepEqual(
    locked.map(({ children }) => children[1].textContent),
    ["✓ 完了、まだ開けません", "○ 未受講、まだ開けません", "○ 未受講、まだ開けません"],
  );
  assert.deepEqual(locked.map(({ listeners }) => listeners), [{}, {}, {}]);
  assert.deepEqual(chosen, []);
});

test("the present leaf is open, though it may not be chosen again", () => {
  const { place } = drawn([leaf("a"), leaf("b")], { choices: ["b"], current: "a" });
  const [present] = place.all("p");
  assert.equal(present.attributes["aria-current"], "true");
  assert.equal(present.children[1].textContent, "○ 未受講");
});

test("a cluster that may be chosen is a button, and choosing it asks for the cluster", () => {
  const { buttons, chosen } = drawn(TREE, { choices: ["c", "f"] });
  assert.deepEqual(titles(buttons), ["章 c", "題 f"]);
  assert.equal(buttons[0].className, "cluster");
  buttons[0].click();
  assert.deepEqual(chosen, ["c"]);
});

test("what rules hide is not shown, with all that it holds", () => {
  const { place, buttons } = drawn(TREE, { hidden: ["c", "b", "d", "e"] });
  assert.deepEqual(titles(buttons), ["題 a", "題 f"]);
  assert.deepEqual(place.all("p"), []);
});

for (const [status, word, sign] of [
  ["not_started", "未受講", "○"],
  ["in_progress", "受講中", "◐"],
  ["completed", "完了", "✓"],
  ["passed", "合格", "✓"],
  ["failed", "不合格", "✕"],
]) {
  test(`a leaf that is ${status} says so by a word and by a sign that is not read aloud`, () => {
    const { buttons } = drawn([leaf("a")], { statuses: { a: status } });
    const state = buttons[0].children[1];
    assert.equal(state.textContent, `${sign} ${word}`);
    assert.equal(state.children[0].attributes["aria-hidden"], "true");
    assert.equal(buttons[0].dataset.status, status);
  });
}

test("a leaf of which nothing is known has not been started", () => {
  assert.equal(drawn([leaf("a")]).buttons[0].dataset.status, "not_started");
});

test("the present leaf is marked, and no other", () => {
  const { buttons } = drawn(TREE, { current: "b" });
  assert.deepEqual(buttons.map((button) => button.attributes["aria-current"]), [undefined, "true", undefined, undefined]);
});

test("pressing a leaf chooses it", () => {
  const { buttons, chosen } = drawn(TREE);
  buttons[2].click();
  assert.deepEqual(chosen, ["e"]);
});

test("drawing again takes the place of what was drawn", () => {
  const place = fakeDocument.createElement("div");
  const shown = { statuses: {}, current: null, choices: new Set(["a", "b", "e", "f"]), hidden: new Set(), words: WORDS };
  for (let turn = 0; turn < 2; turn += 1) draw(place, TREE, shown, () => {});
  assert.equal(place.all("button").length, 4);
});
