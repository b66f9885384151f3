// Answers without a name are kept in the tab alone, come back with their page, and go with what ends them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { attachSurveys, fill, said } from "../../app/static/js/survey.js";

class Shelf {
  constructor(kept = {}) {
    this.kept = new Map(Object.entries(kept));
  }
  get length() {
    return this.kept.size;
  }
  key(place) {
    return [...this.kept.keys()][place] ?? null;
  }
  getItem(key) {
    return this.kept.get(key) ?? null;
  }
  setItem(key, text) {
    this.kept.set(key, text);
  }
  removeItem(key) {
    this.kept.delete(key);
  }
}

const box = (name, value, type = "radio") => ({ name, value, type, checked: false });
const text = (name, value = "") => ({ name, value, type: "textarea" });
const asked = () => [
  box("answer-1", "a"), box("answer-1", "b"),
  box("answer-2", "x", "checkbox"), box("answer-2", "y", "checkbox"),
  text("answer-3"),
  { name: "csrf_token", value: "secret", type: "hidden" },
];

function page({ form, done, signIn = false }) {
  const found = {
    'input[type="password"]': signIn ? [{}] : [],
    "[data-forgotten-here]": done ? [{ getAttribute: () => done }] : [],
    "form[data-kept-here]": form ? [form] : [],
  };
  return { querySelector: (what) => found[what][0] ?? null, querySelectorAll: (what) => found[what] };
}

function formOf(fields) {
  const listeners = {};
  return {
    getAttribute: () => "survey-1",
    querySelectorAll: () => fields,
    addEventListener: (name, listener) => (listeners[name] = listener),
    input: () => listeners.input(),
  };
}

test("what is chosen and written comes back with the page", () => {
  const shelf = new Shelf();
  const first = asked();
  const form = formOf(first);
  attachSurveys(page({ form }), shelf);
  first[1].checked = first[2].checked = first[3].checked = true;
  first[4].value = "意見";
  form.input();
  const again = asked();
  attachSurveys(page({ form: formOf(again) }), shelf);
  assert.deepEqual(again.slice(0, 4).map((field) => field.checked), [false, true, true, true]);
  assert.equal(again[4].value, "意見");
});

test("nothing but answers is kept", () => {
  const fields = asked();
  const form = formOf(fields);
  const shelf = new Shelf();
  attachSurveys(page({ form }), shelf);
  form.input();
  assert.equal(shelf.getItem("survey-1"), "{}");
});

test("what was handed in is forgotten, and all of it where somebody signs in", () => {
  const shelf = new Shelf({ "survey-1": "{}", "survey-2": "{}", "survey-3": "{}", other: "1" });
  attachSurveys(page({ done: "survey-1" }), shelf);
  assert.equal(shelf.getItem("survey-1"), null);
  assert.equal(shelf.length, 3);
  attachSurveys(page({ signIn: true }), shelf);
  assert.deepEqual([...shelf.kept.keys()], ["other"]);
});

test("what is no record of answers changes nothing", () => {
  for (const kept of [null, "", "{", "3", "null", '{"answer-1": 5}', "[]"]) {
    const fields = asked().slice(0, 5);
    fill(fields, kept);
    assert.deepEqual(said(fields), {});
  }
});

test("a storage that takes nothing keeps nobody from answering", () => {
  const form = formOf(asked());
  const shelf = new Shelf();
  shelf.setItem = () => {
    throw new Error("full");
  };
  attachSurveys(page({ form }), shelf);
  form.input();
});
