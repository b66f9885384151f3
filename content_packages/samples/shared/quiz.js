/**
 * Reads, marks and explains the questions of one form.
 * A question is a `fieldset` with its id in data-question, its type in data-type
 * and its correct choices, comma-separated, in data-correct.
 */
"use strict";

class Quiz {
  /** `onChange()` is called after each answer. */
  constructor(form, onChange) {
    this.form = form;
    this.questions = [...form.querySelectorAll("fieldset")];
    this.times = {};
    form.addEventListener("change", (event) => {
      const question = event.target.closest("fieldset");
      this.noteTime(question.dataset.question);
      this.showError(question, false);
      onChange();
    });
  }

  /** Called when the learner can see the questions: the clock of each unanswered one starts. */
  start() {
    for (const question of this.questions) {
      const id = question.dataset.question;
      this.times[id] ??= { shown: Date.now() };
    }
  }

  noteTime(id) {
    this.times[id].first ??= Date.now();
    this.times[id].last = Date.now();
  }

  response(question) {
    return [...question.querySelectorAll("input:checked")].map((input) => input.value);
  }

  /** What has to be kept to go on later: plain values for JSON. */
  save() {
    const answers = {};
    for (const question of this.questions) {
      answers[question.dataset.question] = this.response(question);
    }
    return { answers, times: this.times };
  }

  restore({ answers, times }) {
    this.times = times;
    for (const question of this.questions) {
      const chosen = answers[question.dataset.question] ?? [];
      for (const input of question.querySelectorAll("input")) {
        input.checked = chosen.includes(input.value);
      }
    }
  }

  clear() {
    this.form.reset();
    this.times = {};
    for (const question of this.questions) this.showError(question, false);
  }

  /** A marked quiz can be read, not changed, until the learner asks for another try. */
  lock(isLocked) {
    for (const question of this.questions) question.disabled = isLocked;
    document.querySelector("[data-mark]").hidden = isLocked;
    document.querySelector("[data-locked]").hidden = !isLocked;
  }

  /** Points at the questions without an answer; the first takes the focus. True where none is missing. */
  isComplete() {
    const missing = this.questions.filter((question) => !this.response(question).length);
    for (const question of this.questions) {
      this.showError(question, missing.includes(question));
    }
    if (missing.length) missing[0].querySelector("input").focus();
    return missing.length === 0;
  }

  showError(question, isShown) {
    const error = question.querySelector(".error");
    error.hidden = !isShown;
    if (isShown) question.setAttribute("aria-describedby", error.id);
    else question.removeAttribute("aria-describedby");
  }

  /** A list, one entry a question: id, type, text, response, correct, isCorrect, shown, first, last (ms). */
  results() {
    return this.questions.map((question) => {
      const { question: id, type } = question.dataset;
      const response = this.response(question);
      const correct = question.dataset.correct.split(",");
      const text = question.querySelector("legend [data-text]").textContent.trim();
      const isCorrect = response.join() === correct.join();
      return { id, type, text, response, correct, isCorrect, ...this.times[id] };
    });
  }

  /** Percent of the questions answered correctly, 0 to 100. */
  score() {
    const results = this.results();
    return Math.round((100 * results.filter((result) => result.isCorrect).length) / results.length);
  }

  /** Fills `list` with one entry a question: right or wrong, both answers, the reason. */
  explainIn(list) {
    list.replaceChildren(...this.results().map((result, index) => {
      const question = this.questions[index];
      const item = document.createElement("li");
      const mark = result.isCorrect ? "○ 正解" : "× 不正解";
      item.className = result.isCorrect ? "right" : "wrong";
      item.append(
        paragraph("mark", mark),
        paragraph("asked", result.text),
        paragraph("", `あなたの答え：${this.words(question, result.response)}`),
      );
      if (!result.isCorrect) item.append(paragraph("", `正しい答え：${this.words(question, result.correct)}`));
      item.append(paragraph("reason", question.querySelector(".explanation").textContent.trim()));
      return item;
    }));
  }

  words(question, values) {
    const chosen = [...question.querySelectorAll("input")].filter((input) => values.includes(input.value));
    return chosen.map((input) => input.closest("label").textContent.trim()).join("／");
  }
}

function paragraph(className, text) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

/** Fills the result page: score, passed or not, an explanation for each question. */
function showResult(quiz, { score, mastery }) {
  const isPassed = score >= mastery;
  const verdict = document.querySelector("[data-verdict]");
  verdict.className = isPassed ? "verdict passed" : "verdict failed";
  verdict.querySelector("[data-sign]").textContent = isPassed ? "✓ 合格" : "！ 不合格";
  verdict.querySelector("[data-score]").textContent = String(score);
  verdict.querySelector("[data-mastery]").textContent = `合格点 ${mastery}点`;
  document.querySelector("[data-retry]").hidden = isPassed;
  document.querySelector("[data-unmarked]").hidden = true;
  document.querySelector("[data-marked]").hidden = false;
  quiz.explainIn(document.querySelector("[data-explanations]"));
}

function hideResult() {
  document.querySelector("[data-unmarked]").hidden = false;
  document.querySelector("[data-marked]").hidden = true;
}
