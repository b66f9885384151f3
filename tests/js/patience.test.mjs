/** What is sent is sent until somebody answers, and what is an answer is told from what is none. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { patiently } from "../../app/static/player/patience.js";
import { FakeClock, json, settle } from "./fakes.mjs";

let clock;

beforeEach(() => {
  clock = new FakeClock();
});

afterEach(() => {
  clock.restore();
});

/** Send patiently what these answers come to, one after another; `waits` is what was waited for. */
function sending(...answers) {
  const told = { sent: 0, waits: [], reply: null };
  const send = async () => {
    const answer = answers[Math.min(told.sent, answers.length - 1)];
    told.sent += 1;
    if (answer instanceof Error) throw answer;
    return answer.clone();
  };
  told.done = patiently(send, (wait) => told.waits.push(wait)).then((reply) => (told.reply = reply));
  return told;
}

const CUT = new TypeError("Failed to fetch");
const PORTAL = new Response("<h1>Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } });

test("an answer is given at once, as it is", async () => {
  const told = sending(json({ sequence: 1 }));
  await told.done;
  assert.deepEqual(told.reply, { ok: true, status: 200, answer: { sequence: 1 } });
  assert.deepEqual([told.sent, told.waits], [1, []]);
});

test("a refusal is an answer too, with its document or without one", async () => {
  const problem = new Response('{"type": "x"}', {
    status: 422,
    headers: { "Content-Type": "application/problem+json" },
  });
  const refused = sending(problem);
  const bare = sending(new Response("", { status: 404, headers: { "Content-Type": "text/plain" } }));
  const silent = sending(new Response(null, { status: 410 }));
  await Promise.all([refused.done, bare.done, silent.done]);
  assert.deepEqual(refused.reply, { ok: false, status: 422, answer: { type: "x" } });
  assert.deepEqual(bare.reply, { ok: false, status: 404, answer: null });
  assert.deepEqual(silent.reply, { ok: false, status: 410, answer: null });
});

for (const [what, answer] of [
  ["a line that is cut", CUT],
  ["a server that restarts", json({}, 503)],
  ["a server at its fault", json({}, 500)],
  ["a server that has too much to do", json({}, 429)],
  ["a page of the network in between", PORTAL],
]) {
  test(`${what} is waited for, and told`, async () => {
    const told = sending(answer, answer, json({ sequence: 1 }));
    await settle();
    assert.deepEqual([told.sent, told.waits, told.reply], [1, ["offline"], null]);
    clock.tick(1_000);
    await settle();
    assert.deepEqual([told.sent, told.waits.length, told.reply], [2, 2, null]);
    clock.tick(2_000);
    await told.done;
    assert.deepEqual(told.reply.answer, { sequence: 1 });
  });
}

test("an office that may only be read is waited for, and told as what it is", async () => {
  const told = sending(json({ type: "urn:kenshu:read_only" }, 503), CUT, json({ sequence: 1 }));
  await settle();
  clock.tick(1_000);
  await settle();
  assert.deepEqual([told.sent, told.waits, told.reply], [2, ["resting", "offline"], null]);
  clock.tick(2_000);
  await told.done;
  assert.deepEqual(told.reply.answer, { sequence: 1 });
});

test("the pauses grow to half a minute, and are short again for what is sent next", async () => {
  const told = sending(CUT);
  await settle();
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    const before = told.sent;
    clock.tick(seconds * 1_000 - 1);
    await settle();
    assert.equal(told.sent, before, `nothing is sent before ${seconds} s`);
    clock.tick(1);
    await settle();
    assert.equal(told.sent, before + 1, `sent again after ${seconds} s`);
  }
  const next = sending(CUT, json({}));
  await settle();
  clock.tick(1_000);
  await next.done;
  assert.equal(next.sent, 2);
});

test("a fault that is not the line's is not taken for one", async () => {
  await assert.rejects(sending(new RangeError("no such thing")).done, RangeError);
});
