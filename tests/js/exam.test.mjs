/** A test's answers: read from the page and put back, kept until the server has them; and its clock. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { read, write } from "../../app/static/js/exam_answers.js";
import { Countdown, moment, said } from "../../app/static/js/exam_clock.js";
import { ExamJournal, forget } from "../../app/static/js/exam_journal.js";
import { FakeClock, fakeStorage, settle } from "./fakes.mjs";

const realFetch = globalThis.fetch;
const AUTOSAVE_MS = 2_000;
let clock;
let storage;
let lines;
let server;

/** A server with the rules of app/learning/exams/service.py. */
class ExamServer {
  constructor() {
    this.sequence = 0;
    this.answers = {};
    this.requests = [];
    this.cut = false;
    this.swallow = false;
    this.problem = null;
    this.fetch = async (address, { body, headers }) => {
      this.requests.push({ address, token: headers["X-CSRFToken"], ...JSON.parse(body) });
      if (this.cut) throw new TypeError("Failed to fetch");
      if (this.problem) return this.problem();
      const { sequence, answers } = JSON.parse(body);
      const isNew = sequence > this.sequence;
      if (isNew) {
        this.answers = { ...this.answers, ...answers };
        this.sequence = sequence;
      }
      const taken = Object.entries(answers).every(([name, answer]) => JSON.stringify(this.answers[name]) === JSON.stringify(answer));
      if (this.swallow) throw new TypeError("Failed to fetch");
      return json({ sequence: this.sequence, taken, left: 100 });
    };
  }
}

function json(document, status = 200) {
  return new Response(JSON.stringify(document), { status, headers: { "Content-Type": "application/json" } });
}

beforeEach(() => {
  clock = new FakeClock();
  storage = fakeStorage();
  lines = [];
  server = new ExamServer();
  globalThis.fetch = server.fetch;
});

afterEach(() => {
  clock.restore();
  globalThis.fetch = realFetch;
});

let token = "token";

function open(present = { a: null, b: null }, sequence = server.sequence) {
  const journal = new ExamJournal({
    address: "answers",
    sitting: "s1",
    sequence,
    token: () => token,
    renew: async () => void (token = "fresh"),
    storage,
    onLine: (line) => lines.push(line),
  });
  return { journal, left: journal.restore(present) };
}

async function pass(milliseconds) {
  clock.tick(milliseconds);
  await settle();
}

function radio(name, value, checked = false) {
  return { name, value, checked, type: "radio", tagName: "INPUT" };
}

function select(name, value) {
  return { name, value, type: "select-one", tagName: "SELECT" };
}

const CASES = [
  ["single", [radio("q1", "o1"), radio("q1", "o2", true)], "o2"],
  ["single", [radio("q1", "o1")], null],
  ["multiple", [radio("q1", "o1", true), radio("q1", "o2"), radio("q1", "o3", true)], ["o1", "o3"]],
  ["true_false", [radio("q1", "true"), radio("q1", "false", true)], false],
  ["true_false", [radio("q1", "true", true), radio("q1", "false")], true],
  ["fill_in", [{ name: "q1-1", value: "a", tagName: "INPUT" }, { name: "q1-2", value: "", tagName: "INPUT" }], ["a", ""]],
  ["ordering", [select("q1-x", "2"), select("q1-y", "1")], ["y", "x"]],
  ["ordering", [select("q1-x", "2"), select("q1-y", "")], { x: "2" }],
  ["ordering", [select("q1-x", "1"), select("q1-y", "1")], { x: "1", y: "1" }],
  ["matching", [select("q1-p", "c"), select("q1-r", "")], { p: "c" }],
  ["essay", [{ name: "q1", value: "文", tagName: "TEXTAREA" }], "文"],
  ["essay", [{ name: "q1", value: "", tagName: "TEXTAREA" }], null],
];

for (const [kind, controls, answer] of CASES) {
  test(`a ${kind} is read as ${JSON.stringify(answer)}, and put back the same`, () => {
    assert.deepEqual(read(kind, "q1", controls), answer);
    const blank = controls.map((each) => ({ ...each, value: each.type === "radio" ? each.value : "", checked: "checked" in each ? false : undefined }));
    for (const each of blank) if (each.checked === undefined) delete each.checked;
    write("q1", blank, answer);
    assert.deepEqual(read(kind, "q1", blank), answer);
  });
}

test("an answer is sent after a while, once, and then forgotten", async () => {
  const { journal } = open();
  journal.note("a", "1");
  journal.note("a", "2");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.requests.map(({ sequence, answers }) => [sequence, answers]), [[1, { a: "2" }]]);
  assert.deepEqual(Object.keys(storage), []);
  assert.deepEqual(lines, ["unsaved", "saving", "saved"]);
  await journal.flush();
  assert.equal(server.requests.length, 1);
});

test("while the line is cut, answers gather; back again, all are sent", async () => {
  server.cut = true;
  const { journal } = open();
  journal.note("a", "1");
  await pass(AUTOSAVE_MS);
  journal.note("b", "x");
  await pass(AUTOSAVE_MS);
  assert.equal(lines.at(-1), "offline");
  assert.equal(journal.isSaved, false);
  server.cut = false;
  await pass(30_000);
  assert.deepEqual(server.answers, { a: "1", b: "x" });
  assert.equal(lines.at(-1), "saved");
  assert.deepEqual(Object.keys(storage), []);
});

test("a saving whose acknowledgement was lost is sent again under its number, and applied once", async () => {
  server.swallow = true;
  const { journal } = open();
  journal.note("a", "1");
  await pass(AUTOSAVE_MS);
  server.swallow = false;
  await pass(1_000);
  assert.deepEqual(server.requests.map(({ sequence }) => sequence), [1, 1]);
  assert.equal(server.sequence, 1);
  assert.equal(journal.isSaved, true);
});

test("after a reload, what was left is put back and sent", async () => {
  server.cut = true;
  open().journal.note("a", "1");
  server.cut = false;
  const { journal, left } = open();
  assert.deepEqual(left, { a: "1" });
  await journal.flush();
  assert.deepEqual(server.answers, { a: "1" });
});

test("what was answered elsewhere meanwhile stands", () => {
  server.cut = true;
  open().journal.note("a", "1");
  const { journal, left } = open({ a: "9", b: null });
  assert.deepEqual(left, {});
  assert.equal(journal.isSaved, true);
});

test("two windows overtake one another, and nothing of either is lost", async () => {
  const one = open().journal;
  const other = open({ a: null, b: null }, 0).journal;
  one.note("a", "1");
  await one.flush();
  other.note("b", "2");
  await other.flush();
  assert.deepEqual(server.answers, { a: "1", b: "2" });
  assert.equal(server.sequence, 2);
});

test("what is answered while a saving is under way goes with the next one", async () => {
  const { journal } = open();
  journal.note("a", "1");
  const flushed = journal.flush();
  journal.note("a", "2");
  await flushed;
  assert.deepEqual(server.answers, { a: "2" });
  assert.equal(journal.isSaved, true);
});

for (const [type, line] of [["urn:kenshu:sitting_over", "over"], ["urn:kenshu:sitting_submitted", "submitted"], ["urn:kenshu:not_found", "failed"]]) {
  test(`${type} ends the trials and says ${line}`, async () => {
    server.problem = () => json({ type }, 422);
    const { journal } = open();
    journal.note("a", "1");
    await pass(AUTOSAVE_MS);
    assert.equal(lines.at(-1), line);
    journal.note("a", "2");
    await pass(60_000);
    assert.equal(server.requests.length, 1);
  });
}

test("whoever was signed out goes on after signing in elsewhere, by another token", async () => {
  server.problem = () => ({ ok: false, status: 0, headers: new Headers() });
  const { journal } = open();
  journal.note("a", "1");
  await pass(AUTOSAVE_MS);
  assert.equal(lines.at(-1), "signed-out");
  server.problem = () => json({ type: "urn:kenshu:csrf" }, 400);
  await pass(10_000);
  server.problem = null;
  await pass(1_000);
  assert.equal(lines.at(-1), "saved");
  assert.equal(server.requests.at(-1).token, "fresh");
});

for (const garbage of ["", "{", "null", "7", '{"a": 1}', "[]"]) {
  test(`an entry that is none of ours is passed over: ${JSON.stringify(garbage)}`, () => {
    storage.setItem("kenshu.exam.s1", garbage);
    assert.deepEqual(open().left, {});
  });
}

test("a browser that keeps nothing sends all the same", async () => {
  storage = null;
  const { journal } = open();
  journal.note("a", "1");
  await journal.flush();
  assert.deepEqual(server.answers, { a: "1" });
});

test("what is handed in is forgotten", () => {
  server.cut = true;
  open().journal.note("a", "1");
  forget(storage, "s1");
  assert.deepEqual(Object.keys(storage), []);
});

test("the time is said at ten, five and one minutes, once each", () => {
  assert.equal(moment(601, 600), 600);
  assert.equal(moment(600, 599), null);
  assert.equal(moment(301, 300), 300);
  assert.equal(moment(61, 60), 60);
  assert.equal(moment(700, 50), 60);
  assert.equal(moment(700, -5), null);
  assert.equal(said("残り{minutes}分{seconds}秒", 64.2), "残り1分05秒");
});

test("the clock ends once, and takes the server's word", () => {
  const realNow = Date.now;
  Date.now = () => clock.now;
  let ends = 0;
  const shown = [];
  const countdown = new Countdown(3, (left) => shown.push(left), () => {}, () => (ends += 1));
  const realClear = globalThis.clearInterval;
  globalThis.clearInterval = () => (clock.timers.length = 0);
  clock.tick(1_000);
  countdown.correct(10);
  clock.tick(9_000);
  assert.equal(ends, 0);
  clock.tick(5_000);
  assert.equal(ends, 1);
  globalThis.clearInterval = realClear;
  Date.now = realNow;
});
