/** The journal loses nothing, applies nothing twice, and says how it stands. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Journal } from "../../app/static/player/journal.js";
import { FakeClock, FakeServer, fakeStorage, settle } from "./fakes.mjs";

const AUTOSAVE_MS = 10_000;
const realFetch = globalThis.fetch;
let clock;
let server;
let storage;
let lines;

beforeEach(() => {
  clock = new FakeClock();
  server = new FakeServer();
  storage = fakeStorage();
  lines = [];
  globalThis.fetch = server.fetch;
});

afterEach(() => {
  clock.restore();
  globalThis.fetch = realFetch;
});

/** A page that has opened the player: what is in memory goes with it, the storage stays. */
function open(lease = 1) {
  return new Journal({ address: "commit", lease, storage, onLine: (line) => lines.push(line) });
}

/** Let the content's script come to its end: what it has set is in the storage then. */
async function ended() {
  await Promise.resolve();
}

async function pass(milliseconds) {
  clock.tick(milliseconds);
  await settle();
}

test("what is set is sent at a commit, once and in order", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "3");
  journal.note("cmi.exit", "suspend");
  journal.seal(false);
  await settle();
  assert.deepEqual(server.applied, [
    { sequence: 1, item: "item", changes: [["cmi.location", "3"], ["cmi.exit", "suspend"]], finished: false, leaving: false },
  ]);
  assert.deepEqual(lines, ["unsaved", "saving", "saved"]);
});

test("what is set is sent after a while without a commit", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "3");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.changes, [["cmi.location", "3"]]);
});

test("a value set again is sent once, in the place of the last time", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.note("cmi.exit", "suspend");
  journal.note("cmi.location", "2");
  journal.seal(false);
  await settle();
  assert.deepEqual(server.changes, [["cmi.exit", "suspend"], ["cmi.location", "2"]]);
});

test("a member of a collection keeps each of its values and its place", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.interactions.0.id", "a");
  journal.note("cmi.interactions.0.type", "choice");
  journal.note("cmi.interactions.0.id", "b");
  journal.seal(false);
  await settle();
  assert.deepEqual(server.changes.map(([, value]) => value), ["a", "choice", "b"]);
});

test("the end of a session is sent even where nothing was set", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.seal(true);
  await settle();
  assert.deepEqual(server.applied, [{ sequence: 1, item: "item", changes: [], finished: true, leaving: false }]);
});

test("nothing is sent where nothing was set", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.seal(false);
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.requests, []);
});

test("an acknowledged message leaves nothing in the storage", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "3");
  await ended();
  assert.equal(Object.keys(storage).length, 1);
  journal.seal(false);
  await settle();
  assert.deepEqual(Object.keys(storage), []);
});

test("a reload sends what had only gathered", async () => {
  const journal = open();
  journal.start("item", 4);
  server.sequence = 4;
  journal.note("cmi.location", "3");
  await ended();
  const reloaded = open();
  await reloaded.recover();
  assert.deepEqual(server.applied, [
    { sequence: 5, item: "item", changes: [["cmi.location", "3"]], finished: false, leaving: false },
  ]);
  assert.deepEqual(Object.keys(storage), []);
});

test("a reload knows what of earlier pages the server has taken", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "3");
  await ended();
  const message = { sequence: 1, item: "item", changes: [["cmi.location", "3"]], finished: false, leaving: false };
  assert.deepEqual(await open().recover(), [{ lease: 1, messages: [message] }]);
  assert.deepEqual(await open().recover(), []);
});

test("what the server has refused of an earlier page was not taken", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "3");
  await ended();
  server.lease = 2;
  assert.deepEqual(await open().recover(), []);
});

test("a reload sends what was sealed before what had gathered", async () => {
  server.cut = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  journal.note("cmi.location", "2");
  await settle();
  server.cut = false;
  await open().recover();
  assert.deepEqual(server.changes, [["cmi.location", "1"], ["cmi.location", "2"]]);
});

test("a message whose acknowledgement was lost is sent again and applied once", async () => {
  server.swallow = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  assert.equal(lines.at(-1), "offline");
  server.swallow = false;
  await pass(1_000);
  assert.equal(server.requests.length, 2);
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
  assert.equal(lines.at(-1), "saved");
});

test("offline, changes gather; back again, all are sent and each value stands once", async () => {
  server.cut = true;
  const journal = open();
  journal.start("item", 0);
  for (let page = 1; page <= 20; page += 1) {
    journal.note("cmi.location", String(page));
    journal.seal(false);
    await pass(AUTOSAVE_MS);
  }
  assert.equal(lines.at(-1), "offline");
  server.cut = false;
  await pass(30_000);
  assert.deepEqual(server.changes, [["cmi.location", "1"], ["cmi.location", "20"]]);
  assert.equal(lines.at(-1), "saved");
  assert.deepEqual(Object.keys(storage), []);
});

for (const status of [429, 500, 503]) {
  test(`a server that answers ${status} is asked again`, async () => {
    server.status = status;
    const journal = open();
    journal.start("item", 0);
    journal.note("cmi.location", "1");
    journal.seal(false);
    await settle();
    assert.deepEqual(server.applied, []);
    server.status = 200;
    await pass(1_000);
    assert.deepEqual(server.changes, [["cmi.location", "1"]]);
  });
}

test("while the office may only be read, what is set is kept and said to rest, and is sent afterwards", async () => {
  const problem = JSON.stringify({ type: "urn:kenshu:read_only" });
  const headers = { "Content-Type": "application/problem+json" };
  globalThis.fetch = async () => new Response(problem, { status: 503, headers });
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  assert.equal(lines.at(-1), "resting");
  assert.equal(Object.keys(storage).length, 1);
  globalThis.fetch = server.fetch;
  await pass(1_000);
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
  assert.equal(lines.at(-1), "saved");
  assert.deepEqual(Object.keys(storage), []);
});

test("a page of the network in between is no acknowledgement", async () => {
  globalThis.fetch = async () => new Response("<h1>Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } });
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  assert.equal(lines.at(-1), "offline");
  assert.equal(Object.keys(storage).length, 1);
  globalThis.fetch = server.fetch;
  await pass(1_000);
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
});

test("a fault that is not the line's is not taken for one", async () => {
  globalThis.fetch = async () => {
    throw new RangeError("no such thing");
  };
  const journal = open();
  journal.start("item", 0);
  journal.kept.messages.push({ sequence: 1, item: "item", changes: [], finished: true, leaving: false });
  await assert.rejects(journal.flush(), RangeError);
  globalThis.fetch = server.fetch;
  await journal.flush();
  assert.equal(server.applied.length, 1);
});

test("the pauses between trials grow to half a minute and no further", async () => {
  server.cut = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    const before = server.requests.length;
    await pass(seconds * 1_000 - 1);
    assert.equal(server.requests.length, before, `nothing is asked before ${seconds} s`);
    await pass(1);
    assert.equal(server.requests.length, before + 1, `asked again after ${seconds} s`);
  }
});

test("flush resolves only when the server has everything, also what was set meanwhile", async () => {
  server.hold = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  journal.note("cmi.location", "2");
  journal.seal(false);
  let isFlushed = false;
  const flushed = journal.flush().then(() => (isFlushed = true));
  await settle();
  assert.equal(isFlushed, false);
  server.release();
  await flushed;
  assert.deepEqual(server.changes, [["cmi.location", "1"], ["cmi.location", "2"]]);
  assert.deepEqual(Object.keys(storage), []);
});

test("the end of a session is sealed even while another message is under way", async () => {
  server.hold = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  journal.note("cmi.exit", "suspend");
  journal.seal(true);
  journal.note("cmi.location", "2");
  server.release();
  await settle();
  assert.deepEqual(server.applied.map(({ finished }) => finished), [false, true, false]);
});

for (const [status, line] of [[404, "expired"], [410, "expired"], [400, "failed"], [413, "failed"]]) {
  test(`an answer ${status} ends the trials and says ${line}; the storage keeps the values`, async () => {
    server.status = status;
    const journal = open();
    journal.start("item", 0);
    journal.note("cmi.location", "1");
    journal.seal(false);
    await settle();
    await pass(60_000);
    assert.equal(server.requests.length, 1);
    assert.equal(lines.at(-1), line);
    assert.equal(Object.keys(storage).length, 1);
  });
}

test("a launch that a newer one has followed says so and applies nothing", async () => {
  server.lease = 2;
  const journal = open(1);
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  assert.equal(lines.at(-1), "superseded");
  assert.deepEqual(server.applied, []);
});

test("a newer launch brings in what an older one has left, the oldest first", async () => {
  const first = open(1);
  first.start("item", 0);
  first.note("cmi.location", "1");
  await ended();
  const ten = open(10);
  ten.start("item", 0);
  ten.note("cmi.location", "10");
  await ended();
  await open(11).recover();
  assert.deepEqual(server.requests.map(({ lease }) => lease), [1, 10]);
});

test("what an older launch has left is dropped once a newer one has gone on", async () => {
  const first = open(1);
  first.start("item", 0);
  first.note("cmi.location", "1");
  await ended();
  server.lease = 2;
  await open(3).recover();
  assert.deepEqual(server.applied, []);
  assert.deepEqual(Object.keys(storage), []);
});

test("what is left stays in the storage where the launch has expired", async () => {
  const first = open(1);
  first.start("item", 0);
  first.note("cmi.location", "1");
  await ended();
  server.status = 410;
  await open(1).recover();
  assert.equal(Object.keys(storage).length, 1);
  server.status = 200;
  await open(2).recover();
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
});

test("recovery waits for the line, and then says that all is saved", async () => {
  const first = open();
  first.start("item", 0);
  first.note("cmi.location", "1");
  await ended();
  server.cut = true;
  const recovered = open().recover();
  await settle();
  assert.equal(lines.at(-1), "offline");
  server.cut = false;
  clock.tick(1_000);
  await recovered;
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
  assert.equal(lines.at(-1), "saved");
});

for (const garbage of ["", "{", "null", "7", '{"buffer": 1}', "[]"]) {
  test(`recovery passes over an entry that content has written: ${JSON.stringify(garbage)}`, async () => {
    storage.setItem("kenshu.journal.1", garbage);
    storage.setItem("kenshu.journal.x", garbage);
    storage.setItem("bookmark", "5");
    await open().recover();
    assert.deepEqual(server.requests, []);
    assert.equal(storage.getItem("kenshu.journal.1"), null);
    assert.equal(storage.getItem("bookmark"), "5");
  });
}

test("what a script sets is in the storage once it has ended, by one write", async () => {
  let writes = 0;
  const { setItem } = storage;
  Object.defineProperty(storage, "setItem", {
    value(...given) {
      writes += 1;
      setItem(...given);
    },
  });
  const journal = open();
  journal.start("item", 0);
  for (let page = 0; page < 1_000; page += 1) journal.note("cmi.location", String(page));
  await ended();
  assert.equal(writes, 1);
  assert.deepEqual(JSON.parse(storage.getItem("kenshu.journal.1")).buffer, [["cmi.location", "999"]]);
  journal.note("cmi.location", "1000");
  await ended();
  assert.equal(writes, 2);
});

test("a full storage does not break the content's call, and the value is sent all the same", async () => {
  Object.defineProperty(storage, "setItem", {
    value() {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    },
  });
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
});

test("a large buffer is sent at once", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.suspend_data", "x".repeat(13_000));
  await settle();
  assert.equal(server.applied.length, 1);
});

test("a page that goes away sends what is left in a request that outlives it", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.farewell(true);
  assert.deepEqual(server.requests.map(({ keepalive }) => keepalive), [true]);
  await settle();
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
});

test("what content says after the farewell outlives the page too, though it is told to be hidden", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.farewell(true);
  journal.farewell(false);
  journal.note("cmi.exit", "suspend");
  journal.seal(true);
  assert.ok(server.requests.every(({ keepalive }) => keepalive));
  await settle();
  assert.deepEqual(server.applied.map(({ finished }) => finished), [false, true]);
});

test("a page that comes back sends again what it has no acknowledgement of", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  server.cut = true;
  journal.farewell(true);
  await settle();
  server.cut = false;
  journal.note("cmi.location", "2");
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.changes, [["cmi.location", "1"], ["cmi.location", "2"]]);
  assert.equal(lines.at(-1), "saved");
  assert.deepEqual(Object.keys(storage), []);
});

test("a hidden page sends by both ways, and each value is applied once", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.farewell(false);
  await settle();
  assert.deepEqual(server.requests.map(({ keepalive }) => keepalive).sort(), [false, true]);
  assert.deepEqual(server.changes, [["cmi.location", "1"]]);
  assert.equal(lines.at(-1), "saved");
});

test("the farewell keeps within 64 KiB, leaves no gap, and the storage holds the rest", async () => {
  server.hold = true;
  const journal = open();
  journal.start("item", 0);
  // Each is 3 bytes in UTF-8: 27,000 bytes a message, so that two fit and the third does not.
  for (const page of ["1", "2", "3", "4"]) {
    journal.note("cmi.suspend_data", "研".repeat(page === "4" ? 10 : 9_000) + page);
    journal.seal(true);
  }
  await settle();
  server.requests.length = 0;
  journal.farewell(true);
  const [farewell] = server.requests;
  assert.ok(farewell.bytes <= 64 * 1024);
  assert.deepEqual(farewell.messages.map(({ sequence }) => sequence), [1, 2]);
  server.waiting.splice(0);
  server.hold = false;
  await open().recover();
  assert.deepEqual(server.applied.map(({ sequence }) => sequence), [1, 2, 3, 4]);
});

test("a message too large for the farewell waits in the storage", async () => {
  const journal = open();
  journal.start("item", 0);
  server.cut = true;
  journal.note("cmi.suspend_data", "研".repeat(30_000));
  await settle();
  server.requests.length = 0;
  journal.farewell(true);
  assert.deepEqual(server.requests, []);
  server.cut = false;
  await open().recover();
  assert.equal(server.changes[0][1].length, 30_000);
});

const CALL = ["SetValue", "cmi.location", "3", "true", "0"];
const OTHER = ["GetLastError", "", "", "0", "0"];

test("what content has called goes with the next message, and once", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.trace(CALL);
  journal.note("cmi.location", "3");
  journal.trace(OTHER);
  journal.seal(false);
  await settle();
  journal.note("cmi.location", "4");
  journal.seal(true);
  await settle();
  assert.deepEqual(server.applied.map(({ calls }) => calls), [[CALL, OTHER], undefined]);
});

test("calls that set nothing are sent after a while, too", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.trace(OTHER);
  await pass(AUTOSAVE_MS);
  await pass(AUTOSAVE_MS);
  assert.deepEqual(server.applied, [
    { sequence: 1, item: "item", changes: [], finished: false, leaving: false, calls: [OTHER] },
  ]);
});

test("many calls are sent at once, so that the farewell stays small", async () => {
  const journal = open();
  journal.start("item", 0);
  for (let times = 0; times < 1_000; times += 1) journal.trace(CALL);
  await settle();
  const sent = server.applied.flatMap(({ calls }) => calls ?? []).length;
  assert.ok(sent > 300, `${sent} of 1,000`);
});

test("what is called while a message is under way goes with the one after it", async () => {
  server.hold = true;
  const journal = open();
  journal.start("item", 0);
  journal.note("cmi.location", "1");
  journal.seal(false);
  await settle();
  journal.trace(CALL);
  server.release();
  await settle();
  assert.deepEqual(server.applied.map(({ calls }) => calls), [undefined, [CALL]]);
});

test("calls whose acknowledgement was lost are sent again with their message", async () => {
  server.swallow = true;
  const journal = open();
  journal.start("item", 0);
  journal.trace(CALL);
  journal.seal(true);
  await settle();
  server.swallow = false;
  await pass(1_000);
  assert.deepEqual(server.requests.map(({ messages }) => messages[0].calls), [[CALL], [CALL]]);
  assert.equal(server.applied.length, 1);
});

test("an end of the session says whether the learner was leaving", async () => {
  const journal = open();
  journal.start("item", 0);
  journal.seal(true, true);
  await journal.flush();
  assert.deepEqual(
    server.applied.map(({ finished, leaving }) => [finished, leaving]),
    [[true, true]],
  );
});
