/** A launch is played: nothing of one item gets into another, and nothing is asked for twice. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Journal } from "../../app/static/player/journal.js";
import { Play } from "../../app/static/player/play.js";
import { answers } from "./answers.mjs";
import { FakeClock, FakeLaunch, FakeStage, fakeStorage, settle } from "./fakes.mjs";

const { tables } = answers("--tables");
const AUTOSAVE_MS = 10_000;
const FINAL = ["superseded", "expired", "failed"];
const ENDED = { item: null, ended: true, left: false, reason: "" };
const realFetch = globalThis.fetch;
let clock;
let server;
let storage;

beforeEach(() => {
  clock = new FakeClock();
  server = new FakeLaunch();
  storage = fakeStorage();
  globalThis.fetch = server.fetch;
});

afterEach(() => {
  clock.restore();
  globalThis.fetch = realFetch;
});

/** A page that plays the launch, put together as the player's is. */
function page({ edition = "2004-4", step = 0, traced = false } = {}) {
  const stage = new FakeStage(server.log);
  const lines = [];
  const journal = new Journal({
    address: "commit",
    lease: 1,
    storage,
    onLine: (line, answer) => {
      lines.push(line);
      play.acknowledge(answer);
      if (FINAL.includes(line)) play.stop(line);
    },
  });
  const setup = { edition, elements: tables[edition], step, traced };
  const play = new Play({ setup, journal, post: server.post, onWait: (wait) => lines.push(wait), stage });
  return { play, stage, journal, lines };
}

/** A page whose first item is there, its session begun. */
async function opened(given) {
  const made = page(given);
  await made.play.open();
  const { api } = made.stage;
  (api.Initialize ?? api.LMSInitialize)("");
  server.log.length = 0;
  return { ...made, api };
}

async function pass(milliseconds) {
  clock.tick(milliseconds);
  await settle();
}

/** End a session as content does that asks for something. */
function terminate(api, request) {
  if (request) api.SetValue("adl.nav.request", request);
  api.Terminate("");
}

// One after another.

test("a launch opens with its first step and shows the item that it leads to", async () => {
  const { play, stage } = page();
  await play.open();
  assert.deepEqual(server.log, [["clear"], ["navigate", 1, "open"], ["show", "a"]]);
  assert.equal(play.current, "a");
  assert.deepEqual(stage.told("change"), [[server.controls, { a: "in_progress" }]]);
  assert.deepEqual(stage.told("move"), [[true], [false]]);
});

test("what an earlier page has left behind is sent before the first step", async () => {
  const journal = new Journal({ address: "commit", lease: 1, storage, onLine: () => {} });
  journal.start("a", 0);
  journal.note("cmi.location", "3");
  await settle();
  await page().play.open();
  assert.deepEqual(server.log.map(([what]) => what), ["commit", "clear", "navigate", "show"]);
  assert.deepEqual(server.commits.changes, [["cmi.location", "3"]]);
});

test("content goes first, then all that it has said is sent, and only then the step is taken", async () => {
  const { play, stage, api } = await opened();
  api.SetValue("cmi.location", "3");
  stage.lastWords = (mine) => {
    mine.SetValue("cmi.exit", "suspend");
    mine.Terminate("");
  };
  await play.go("continue");
  assert.deepEqual(server.log, [["commit", "a finished"], ["clear"], ["navigate", 2, "continue"], ["show", "b"]]);
  assert.deepEqual(server.commits.changes, [["cmi.location", "3"], ["cmi.exit", "suspend"]]);
});

test("a step waits for a message that is under way", async () => {
  const { play, api } = await opened();
  server.commits.hold = true;
  api.SetValue("cmi.location", "3");
  api.Commit("");
  const going = play.go("continue");
  await settle();
  assert.deepEqual(server.navigations, []);
  server.commits.release();
  await going;
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"]]);
});

test("a page that was loaded again goes on counting its steps", async () => {
  server.step = 4;
  await page({ step: 4 }).play.open();
  assert.deepEqual(server.navigations, [["navigate", 5, "open"]]);
});

test("while one step is being taken no other one is", async () => {
  const { play } = await opened();
  await Promise.all([play.go("continue"), play.go("previous"), play.go("{target=c}choice")]);
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"]]);
  await play.go("{target=c}choice");
  assert.equal(play.current, "c");
});

// Whose request counts.

for (const [request, asked] of [
  ["continue", "continue"],
  ["exitAll", "exitAll"],
  ["suspendAll", "suspendAll"],
  ["{target=c}choice", "{target=c}choice"],
]) {
  test(`content that ends with ${request} is followed, once its call is over`, async () => {
    const { api } = await opened();
    terminate(api, request);
    assert.deepEqual(server.navigations, []);
    await pass(0);
    assert.deepEqual(server.log[0], ["commit", "a finished"]);
    assert.deepEqual(server.navigations, [["navigate", 2, asked]]);
  });
}

test("content that ends without asking for anything leaves the learner where the choice is", async () => {
  const { stage, api } = await opened();
  terminate(api);
  await pass(0);
  assert.deepEqual(stage.told("stay"), [["left", ""]]);
  assert.deepEqual(server.navigations, []);
});

test("the notice at an item's end knows the answer to the last words, if it comes soon", async () => {
  const { stage, api } = await opened();
  server.commits.hold = true;
  terminate(api);
  await pass(0);
  assert.deepEqual(stage.told("stay"), []);
  await pass(2_000);
  assert.deepEqual(stage.told("stay"), [["left", ""]]);
});

test("no notice of an item's end comes where the learner has gone on meanwhile", async () => {
  const { play, stage, api } = await opened();
  server.commits.hold = true;
  terminate(api);
  await pass(0);
  const gone = play.go("continue");
  server.commits.release();
  await gone;
  await pass(2_000);
  assert.deepEqual(stage.told("stay"), []);
});

test("1.2: content that ends asks for nothing", async () => {
  const { stage, api } = await opened({ edition: "1.2" });
  api.LMSFinish("");
  await pass(0);
  assert.deepEqual(stage.told("stay"), [["left", ""]]);
  assert.deepEqual(server.navigations, []);
});

test("what the learner asks for goes before what content asks for as it goes", async () => {
  const { play, stage } = await opened();
  stage.lastWords = (api) => terminate(api, "exitAll");
  await play.go("continue");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"]]);
  assert.deepEqual(stage.told("stay"), []);
});

for (const request of ["exitAll", null]) {
  test(`a learner who presses before content's end is followed goes first, where it asked for ${request}`, async () => {
    const { play, stage, api } = await opened();
    server.fault = "cut";
    terminate(api, request);
    const going = play.go("continue");
    await pass(0);
    server.fault = null;
    await pass(1_000);
    await going;
    await pass(AUTOSAVE_MS);
    assert.ok(server.navigations.every(([, , asked]) => asked === "continue"));
    assert.deepEqual(server.taken, ["open", "continue"]);
    assert.deepEqual(stage.told("stay"), []);
  });
}

// Where a step has led.

for (const [why, answer] of [
  ["ended", ENDED],
  ["left", { ...ENDED, ended: false, left: true }],
  ["refused", { ...ENDED, ended: false, reason: "NB.2.1-4" }],
]) {
  test(`a step that leads to no item says that it has ${why}`, async () => {
    const { play, stage } = await opened();
    server.answer = { ...answer, controls: server.controls, statuses: {} };
    await play.go("continue");
    assert.deepEqual(stage.told("stay"), [[why, answer.reason]]);
    assert.equal(play.isStopped, false);
    server.answer = null;
    await play.go("{target=b}choice");
    assert.equal(play.current, "b");
  });
}

test("an attempt that has ended is over, and nothing has gone wrong", async () => {
  const { play, stage } = await opened();
  globalThis.fetch = server.fetch;
  play.post = async () =>
    new Response('{"type": "urn:kenshu:attempt_ended"}', {
      status: 422,
      headers: { "Content-Type": "application/problem+json" },
    });
  await play.go("continue");
  assert.deepEqual(stage.told("stay"), [["ended", ""]]);
  assert.deepEqual(stage.told("stop"), []);
});

for (const [status, why] of [[409, "superseded"], [410, "expired"], [404, "expired"], [422, "failed"]]) {
  test(`a step that is answered by ${status} stops the page: ${why}`, async () => {
    const { play, stage } = await opened();
    server.fault = status;
    await play.go("continue");
    assert.deepEqual(stage.told("stop"), [[why]]);
    server.fault = null;
    server.log.length = 0;
    await play.go("continue");
    await play.leave();
    await pass(60_000);
    assert.deepEqual(server.log, []);
  });
}

test("no step is taken where the server refuses what content has said", async () => {
  const { play, stage, api } = await opened();
  server.commits.lease = 2;
  api.SetValue("cmi.location", "3");
  await play.go("continue");
  assert.deepEqual(stage.told("stop"), [["superseded"]]);
  assert.deepEqual(server.navigations, []);
});

// The line.

test("a step whose answer was lost is sent again under its number, and taken once", async () => {
  const { play, lines } = await opened();
  server.fault = "swallow";
  const going = play.go("continue");
  await settle();
  assert.equal(lines.at(-1), "offline");
  server.fault = null;
  await pass(1_000);
  await going;
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"], ["navigate", 2, "continue"]]);
  assert.deepEqual([server.step, play.current], [2, "b"]);
  assert.deepEqual(server.log.filter(([what]) => what === "show"), [["show", "b"]]);
  await play.go("continue");
  assert.equal(play.current, "c");
});

for (const fault of ["cut", 503, 429]) {
  test(`a step is sent until the line is good again, after ${fault} too`, async () => {
    const { play, stage } = await opened();
    server.fault = fault;
    const going = play.go("continue");
    await pass(1_000);
    await pass(2_000);
    assert.deepEqual(stage.told("move").at(-1), [true]);
    server.fault = null;
    await pass(4_000);
    await going;
    assert.ok(server.navigations.every(([, step]) => step === 2));
    assert.equal(play.current, "b");
    assert.deepEqual(stage.told("move").at(-1), [false]);
  });
}

test("a fault that is not the line's lets the learner try again", async () => {
  const { play, stage } = await opened();
  play.post = async () => {
    throw new RangeError("no such thing");
  };
  await assert.rejects(play.go("continue"), RangeError);
  assert.deepEqual(stage.told("move").at(-1), [false]);
});

// What content says too late.

test("what a late timer of an item sets is not written into the next one", async () => {
  const { play, journal, api: late } = await opened();
  await play.go("continue");
  late.SetValue("cmi.location", "late");
  late.SetValue("adl.nav.request", "exitAll");
  late.Commit("");
  late.Terminate("");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(journal.kept, { item: "b", buffer: [], next: 1, messages: [] });
  assert.deepEqual(server.commits.applied, []);
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"]]);
});

test("what it sets while the step is being taken is not kept either", async () => {
  const { play, stage, api: late } = await opened();
  server.fault = "cut";
  const going = play.go("continue");
  await settle();
  late.SetValue("cmi.location", "late");
  late.Terminate("");
  server.fault = null;
  await pass(1_000);
  await going;
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.commits.applied, []);
  assert.deepEqual(stage.told("stay"), []);
});

test("each item begins with its own state", async () => {
  const { play, stage, api } = await opened();
  api.SetValue("cmi.location", "3");
  await play.go("continue");
  stage.api.Initialize("");
  assert.equal(stage.api.GetValue("cmi.launch_data"), "b");
  assert.equal(stage.api.GetValue("cmi.location"), "");
});

// What may be asked for.

test("content asks what is valid, and the answer is renewed by the answer to its commit", async () => {
  const { play, stage, api } = await opened();
  const valid = (request) => api.GetValue(`adl.nav.request_valid.${request}`);
  assert.deepEqual([valid("continue"), valid("previous"), valid("choice.{target=c}")], ["true", "false", "true"]);
  server.commits.controls = { continue: false, previous: true, choices: ["a", "b"], jumps: ["c"], hidden: ["c"] };
  api.SetValue("cmi.location", "3");
  api.Commit("");
  assert.equal(valid("continue"), "true");
  await settle();
  assert.deepEqual([valid("continue"), valid("previous"), valid("choice.{target=c}")], ["false", "true", "false"]);
  assert.equal(valid("jump.{target=c}"), "true");
  assert.deepEqual(play.controls, server.commits.controls);
  assert.deepEqual(stage.told("change").at(-1), [server.commits.controls, {}]);
});

test("an answer that says nothing of what is valid changes nothing", async () => {
  const { play, stage } = await opened();
  const before = stage.said.length;
  play.acknowledge(null);
  play.acknowledge({ sequence: 0 });
  assert.equal(stage.said.length, before);
  assert.deepEqual(play.controls, server.controls);
});

// Leaving.

test("who leaves lets content end, has all of it sent, and then says so", async () => {
  const { play, stage } = await opened();
  stage.lastWords = (api) => terminate(api, "continue");
  await play.leave();
  assert.deepEqual(server.log, [["commit", "a finished"], ["clear"], ["leave"]]);
  assert.deepEqual(server.commits.applied.map(({ leaving }) => leaving), [true]);
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.navigations, []);
});

test("content that has ended before its learner leaves did not end for that", async () => {
  const { play, api } = await opened();
  terminate(api);
  await pass(0);
  await play.leave();
  assert.deepEqual(server.commits.applied.map(({ finished, leaving }) => [finished, leaving]), [[true, false]]);
});

test("a leaving whose answer was lost is said again", async () => {
  const { play } = await opened();
  server.fault = "swallow";
  const leaving = play.leave();
  await settle();
  server.fault = null;
  await pass(1_000);
  await leaving;
  assert.deepEqual(server.log.filter(([what]) => what === "leave"), [["leave"], ["leave"]]);
});

test("nobody leaves in the middle of a step, and who has left takes no more", async () => {
  const { play } = await opened();
  await Promise.all([play.go("continue"), play.leave()]);
  assert.ok(!server.log.some(([what]) => what === "leave"));
  await play.leave();
  await play.go("continue");
  assert.deepEqual(server.navigations, [["navigate", 2, "continue"]]);
});

// The debug log.

test("a launch that is traced has the calls of its content go with its messages", async () => {
  const { play, api: late } = await opened({ traced: true });
  late.SetValue("cmi.location", "3");
  late.SetValue("cmi.no_such", 4);
  await play.go("continue");
  late.GetValue("cmi.location");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.commits.applied.map(({ item, calls }) => [item, calls]), [
    [
      "a",
      [
        ["Initialize", "", "", "true", "0"],
        ["SetValue", "cmi.location", "3", "true", "0"],
        ["SetValue", "cmi.no_such", "4", "false", "401"],
      ],
    ],
  ]);
});

test("a launch that is not traced tells of no calls", async () => {
  const { play, api } = await opened();
  api.SetValue("cmi.location", "3");
  await play.go("continue");
  assert.ok(server.commits.applied.every((message) => !("calls" in message)));
});
