/** The API object keeps the session's states and codes, and tells what was accepted. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { createApi } from "../../app/static/player/api.js";
import { createModel } from "../../app/static/player/model.js";
import { answers } from "./answers.mjs";

const { tables, texts } = answers("--tables");
const CASE = fileURLToPath(new URL("../../../shared/conformance/scorm2004-cts/cases/API.json", import.meta.url));

/** A session on an empty state; `told` is what the API has told its caller, `calls` where each is told of. */
function begin(edition, calls = null) {
  const told = [];
  const model = createModel(tables[edition], { values: {}, counts: {}, session: "open" }, { requests: {} });
  const api = createApi(edition, model, {
    onChange: (element, value) => told.push(["change", element, value]),
    onCommit: () => told.push(["commit"]),
    onTerminate: (ended) => told.push(["terminate", ended]),
    onCall: calls && ((call) => calls.push(call)),
  });
  return { api, told, model };
}

/** What the calls of both versions are called. */
function named(edition) {
  const is2004 = edition !== "1.2";
  const prefix = is2004 ? "" : "LMS";
  return {
    initialize: `${prefix}Initialize`,
    terminate: is2004 ? "Terminate" : "LMSFinish",
    get: `${prefix}GetValue`,
    set: `${prefix}SetValue`,
    commit: `${prefix}Commit`,
    lastError: `${prefix}GetLastError`,
    errorString: `${prefix}GetErrorString`,
    diagnostic: `${prefix}GetDiagnostic`,
    location: is2004 ? "cmi.location" : "cmi.core.lesson_location",
  };
}

const CODES = {
  1.2: { again: "101", late: "101", before: ["301", "301", "301", "301"], after: ["301", "301", "301", "301"] },
  "2004-4": { again: "103", late: "104", before: ["122", "132", "142", "112"], after: ["123", "133", "143", "113"] },
};

for (const edition of ["1.2", "2004-4"]) {
  const call = named(edition);
  const codes = CODES[edition];

  /** Get, set, commit and terminate where there is no session, with the codes that follow. */
  const misplaced = (api) =>
    [[call.get, call.location], [call.set, call.location, "x"], [call.commit, ""], [call.terminate, ""]].map(
      ([name, ...given]) => [api[name](...given), api[call.lastError]()],
    );

  test(`${edition}: the object has the eight calls and no other`, () => {
    const { location: _, ...calls } = call;
    assert.deepEqual(Object.keys(begin(edition).api).sort(), Object.values(calls).sort());
  });

  test(`${edition}: nothing can be done before the session`, () => {
    const { api, told } = begin(edition);
    assert.deepEqual(misplaced(api), ["", "false", "false", "false"].map((answer, at) => [answer, codes.before[at]]));
    assert.deepEqual(told, []);
  });

  test(`${edition}: nothing can be done after the session`, () => {
    const { api, told } = begin(edition);
    api[call.initialize]("");
    api[call.terminate]("");
    told.length = 0;
    assert.deepEqual(misplaced(api), ["", "false", "false", "false"].map((answer, at) => [answer, codes.after[at]]));
    assert.deepEqual(told, []);
  });

  test(`${edition}: a session begins once`, () => {
    const { api } = begin(edition);
    assert.equal(api[call.initialize](""), "true");
    assert.equal(api[call.lastError](), "0");
    assert.equal(api[call.initialize](""), "false");
    assert.equal(api[call.lastError](), codes.again);
    api[call.terminate]("");
    assert.equal(api[call.initialize](""), "false");
    assert.equal(api[call.lastError](), codes.late);
  });

  for (const wanted of ["initialize", "commit", "terminate"]) {
    test(`${edition}: ${call[wanted]} takes an empty string and refuses another`, () => {
      const { api, told } = begin(edition);
      if (wanted !== "initialize") api[call.initialize]("");
      assert.equal(api[call[wanted]]("illegal"), "false");
      assert.equal(api[call.lastError](), "201");
      assert.deepEqual(told, []);
      assert.equal(api[call[wanted]](""), "true");
    });

    for (const empty of [undefined, null]) {
      test(`${edition}: ${call[wanted]} takes ${empty} for an empty string, as real content gives it`, () => {
        const { api } = begin(edition);
        if (wanted !== "initialize") api[call.initialize]("");
        assert.equal(api[call[wanted]](empty), "true");
      });
    }
  }

  test(`${edition}: a value that was accepted is told and reads back`, () => {
    const { api, told } = begin(edition);
    api[call.initialize]("");
    assert.equal(api[call.set](call.location, "3"), "true");
    assert.equal(api[call.get](call.location), "3");
    assert.deepEqual(told, [["change", call.location, "3"]]);
  });

  test(`${edition}: a value that was refused is not told and changes nothing`, () => {
    const { api, told, model } = begin(edition);
    api[call.initialize]("");
    const before = structuredClone(model.state);
    for (const element of ["cmi", "", "cmi.x", "x", "cmi.interactions", "cmi.interactions.5.id", "cmi._version"]) {
      assert.equal(api[call.set](element, "x"), "false", element);
      assert.notEqual(api[call.lastError](), "0", element);
    }
    assert.deepEqual(model.state, before);
    assert.deepEqual(told, []);
  });

  test(`${edition}: numbers and booleans are taken as their text`, () => {
    const { api, told } = begin(edition);
    api[call.initialize]("");
    api[call.set](call.location, 3);
    api[call.set](call.location, true);
    api[call.set](call.location, null);
    assert.deepEqual(told.map(([, , value]) => value), ["3", "true", ""]);
  });

  test(`${edition}: a commit is told, and so is the end, after all that was set`, () => {
    const { api, told } = begin(edition);
    api[call.initialize]("");
    api[call.set](call.location, "3");
    api[call.commit]("");
    api[call.terminate]("");
    assert.deepEqual(told.map(([what]) => what), ["change", "commit", "terminate"]);
  });

  test(`${edition}: the calls about errors leave the last error as it is`, () => {
    const { api } = begin(edition);
    api[call.initialize]("");
    api[call.get]("cmi.x");
    const last = api[call.lastError]();
    api[call.errorString]("0");
    api[call.diagnostic]("");
    assert.equal(api[call.lastError](), last);
  });

  test(`${edition}: each code has the text that the server knows, under 255 characters`, () => {
    const { api } = begin(edition);
    for (const [code, text] of Object.entries(texts[edition])) {
      assert.equal(api[call.errorString](code), text);
      assert.equal(api[call.errorString](Number(code)), text);
      assert.ok(text.length < 255);
    }
  });

  test(`${edition}: what is no code has no text`, () => {
    const { api } = begin(edition);
    for (const code of ["", "001", "1444", "-1", "x", "constructor", undefined]) {
      assert.equal(api[call.errorString](code), "");
    }
  });

  test(`${edition}: the diagnostic names the element and the value, and keeps under 255 characters`, () => {
    const { api } = begin(edition);
    api[call.initialize]("");
    api[call.set]("cmi.x", "y".repeat(1_000));
    const diagnostic = api[call.diagnostic](api[call.lastError]());
    assert.match(diagnostic, /cmi\.x = yyy/);
    assert.ok(diagnostic.length < 255);
    assert.equal(api[call.diagnostic](""), diagnostic);
    assert.equal(api[call.diagnostic]("0"), texts[edition]["0"]);
    assert.equal(api[call.diagnostic]("1444"), "");
  });
}

for (const edition of ["1.2", "2004-4"]) {
  const call = named(edition);

  test(`${edition}: where a log is kept every call is told, with what it was given, its answer and its code`, () => {
    const calls = [];
    const { api } = begin(edition, calls);
    const { before } = CODES[edition];
    api[call.get](call.location);
    api[call.initialize]();
    api[call.set](call.location, 3);
    api[call.get](call.location);
    api[call.set]("cmi.x", null);
    api[call.lastError]();
    api[call.errorString]("0");
    api[call.diagnostic]("");
    api[call.commit]("");
    api[call.terminate]("");
    const unknown = "401";
    const said = `${texts[edition][unknown]}: cmi.x = `;
    assert.deepEqual(calls, [
      [call.get, call.location, "", "", before[0]],
      [call.initialize, "", "", "true", "0"],
      [call.set, call.location, "3", "true", "0"],
      [call.get, call.location, "", "3", "0"],
      [call.set, "cmi.x", "", "false", unknown],
      [call.lastError, "", "", unknown, unknown],
      [call.errorString, "0", "", texts[edition]["0"], unknown],
      [call.diagnostic, "", "", said, unknown],
      [call.commit, "", "", "true", "0"],
      [call.terminate, "", "", "true", "0"],
    ]);
  });

  test(`${edition}: an object whose calls are told answers as any other does`, () => {
    const traced = begin(edition, []);
    const plain = begin(edition);
    assert.deepEqual(Object.keys(traced.api), Object.keys(plain.api));
    for (const { api } of [traced, plain]) {
      api[call.initialize]("");
      api[call.set](call.location, "3");
      api[call.terminate]("");
    }
    assert.deepEqual(traced.told, plain.told);
    assert.deepEqual(traced.model.state, plain.model.state);
  });
}

test("2004: the end tells what content asked for last", () => {
  for (const [asked, navigation] of [
    [[], "_none_"],
    [["continue"], "continue"],
    [["continue", "exitAll"], "exitAll"],
    [["{target=a.1}choice"], "{target=a.1}choice"],
    [["continue", "nonsense"], "continue"],
  ]) {
    const { api, told } = begin("2004-4");
    api.Initialize("");
    for (const request of asked) api.SetValue("adl.nav.request", request);
    api.Terminate("");
    assert.deepEqual(told.at(-1), ["terminate", { navigation }]);
  }
});

test("1.2: the end asks for nothing", () => {
  const { api, told } = begin("1.2");
  api.LMSInitialize("");
  api.LMSFinish("");
  assert.deepEqual(told, [["terminate", { navigation: "" }]]);
});

test("2004: valid requests are answered from the map", () => {
  const requests = { continue: "true", previous: "false", choice: "a.1 b", jump: "" };
  const state = { values: {}, counts: {}, session: "open" };
  const model = createModel(tables["2004-4"], state, { requests });
  const valid = (request) => model.get(`adl.nav.request_valid.${request}`).value;
  assert.equal(valid("continue"), "true");
  assert.equal(valid("previous"), "false");
  assert.equal(valid("choice.{target=a.1}"), "true");
  assert.equal(valid("choice.{target=c}"), "false");
  assert.equal(valid("jump.{target=b}"), "false");
  assert.equal(createModel(tables["2004-4"], state, { requests: {} }).get("adl.nav.request_valid.continue").value, "unknown");
});

test("1.2: suspend_data takes what real courses write", () => {
  const { api } = begin("1.2");
  api.LMSInitialize("");
  assert.equal(api.LMSSetValue("cmi.suspend_data", "x".repeat(64_000)), "true");
  assert.equal(api.LMSSetValue("cmi.suspend_data", "x".repeat(64_001)), "false");
});

const reason = existsSync(CASE) ? false : "ADL's test suite is not beside the checkout";
test("2004: ADL's case of the API gets its answers", { skip: reason }, () => {
  for (const { key, calls } of JSON.parse(readFileSync(CASE, "utf8")).activities) {
    const { api } = begin("2004-4");
    calls.forEach(({ call, arg, value, expect, error }, at) => {
      const answer = api[call](...(call === "SetValue" ? [arg, value] : [arg]));
      const place = `${key}, call ${at}: ${call} ${arg}`;
      if (expect === "<string shorter than 255>") assert.ok(answer.length < 255, place);
      else assert.equal(answer, expect, place);
      assert.equal(api.GetLastError(), error, place);
    });
  }
});
