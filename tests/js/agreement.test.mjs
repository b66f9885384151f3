/** The browser's data model answers as the server's does, call by call, and comes to the same state. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createModel } from "../../app/static/player/model.js";
import { answers } from "./answers.mjs";

const { tables, scripts } = answers();

test("there is something to agree on", () => {
  assert.ok(scripts.length >= Object.keys(tables).length);
});

for (const { name, edition, state, requests, calls, after } of scripts) {
  test(`${edition}: ${name}`, () => {
    const model = createModel(tables[edition], structuredClone(state), { requests });
    calls.forEach(([call, element, value, error], at) => {
      const answer = call === "get" ? model.get(element) : model.set(element, value);
      const expected = call === "get" ? { value, error } : { error };
      assert.deepEqual(answer, expected, `call ${at}: ${call} ${element} ${value.slice(0, 60)}`);
    });
    assert.deepEqual(model.state, after);
  });
}
