"""A sheet says all it is, takes answers and nothing else, and counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.questions import sheet as sheets
from content_packages.questions.sheet import (
    Choice,
    Sheet,
    SheetKind,
    SheetQuestion,
    check,
    merged,
    options_of,
    summary,
    taken,
)

SCALE = SheetQuestion("s", SheetKind.SCALE, "役に立ちましたか", low="いいえ", high="はい")
SINGLE = SheetQuestion("o", SheetKind.SINGLE, "どれですか", options=options_of(("青", "赤")))
MULTIPLE = replace(SINGLE, id="m", kind=SheetKind.MULTIPLE, is_required=False)
TEXT = SheetQuestion("t", SheetKind.TEXT, "ご意見", is_required=False, most=10)
SHEET = Sheet(questions=(SCALE, SINGLE, MULTIPLE, TEXT))
BLUE, RED = (option.id for option in SINGLE.options)


def codes(of: Sheet) -> list[str]:
    return [found.code for found in check(of)]


def test_a_document_says_it_all() -> None:
    made = Sheet(False, True, "はじめに", SHEET.questions, is_common_set=True)
    assert Sheet.of(made.document()) == made
    assert Sheet.of({}) == Sheet()


def test_options_are_the_lines_that_say_something_and_keep_their_names() -> None:
    found = options_of((" 青 ", "", "赤"))
    assert [option.text for option in found] == ["青", "赤"]
    assert found == SINGLE.options


def test_common_questions_come_after_its_own_and_in_the_place_of_the_former() -> None:
    once = SHEET.with_common((replace(TEXT, id="c1"),))
    twice = once.with_common((replace(TEXT, id="c2"),))
    assert [question.id for question in twice.own] == ["s", "o", "m", "t"]
    assert [question.id for question in twice.common] == ["c2"]
    assert twice.questions[-1].is_common


def test_a_sound_sheet_has_no_findings() -> None:
    assert check(SHEET) == []


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (replace(TEXT, text=""), "text_missing"),
        (replace(TEXT, text="あ" * 2001), "text_too_long"),
        (replace(TEXT, most=0), "most_wrong"),
        (replace(SCALE, size=2), "size_wrong"),
        (replace(SINGLE, options=options_of(("青",))), "options_too_few"),
        (replace(SINGLE, options=options_of(map(str, range(51)))), "options_too_many"),
        (replace(SINGLE, options=options_of(("あ" * 2001, "い"))), "text_too_long"),
        (replace(MULTIPLE, options=options_of(("青", "青"))), "option_twice"),
    ],
)
def test_what_cannot_be_asked_is_found(question: SheetQuestion, code: str) -> None:
    [found] = check(Sheet(questions=(SCALE, question)))
    assert (found.code, found.data["number"]) == (code, 2)


def test_a_sheet_asks_something_and_not_too_much() -> None:
    assert codes(Sheet()) == ["questions_missing"]
    assert codes(Sheet(questions=(SCALE,) * 101)) == ["questions_too_many"]


@pytest.mark.requirement("QST-02")
def test_answers_are_taken_as_they_are_kept() -> None:
    raw = {"s": "4", "o": RED, "m": [RED, BLUE], "t": "  よい\r\n研修 ", "x": "?"}
    assert taken(SHEET, raw) == ({"s": 4, "o": RED, "m": [BLUE, RED], "t": "よい\n研修"}, [])
    assert taken(SHEET, {"s": 5, "o": BLUE, "m": BLUE})[0] == {"s": 5, "o": BLUE, "m": [BLUE]}


@pytest.mark.requirement("QST-02")
def test_what_is_required_is_asked_for_and_the_rest_may_stay_empty() -> None:
    answers, findings = taken(SHEET, {"o": "", "m": [], "t": " "})
    assert answers == {}
    assert [(found.code, found.data["question"]) for found in findings] == [
        ("answer_missing", "s"),
        ("answer_missing", "o"),
    ]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("s", "6"), ("s", "0"), ("s", "²"), ("s", "100"), ("s", True), ("s", 2.5),
        ("o", "green"), ("o", 1), ("m", ["green"]), ("m", {"a": 1}), ("t", 5),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_none(name: str, given: object) -> None:
    answers, findings = taken(SHEET, {"s": 1, "o": BLUE, name: given})
    assert name not in answers
    assert [(found.code, found.data["question"]) for found in findings] == [
        ("answer_unknown", name)
    ]


def test_too_long_a_text_is_kept_to_be_shortened_and_says_so() -> None:
    answers, [found] = taken(SHEET, {"s": 1, "o": BLUE, "t": "あ" * 11})
    assert answers["t"] == "あ" * 11
    assert (found.code, found.data) == ("answer_too_long", {"question": "t", "limit": 10})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["s", "o", "m", "t", "x"]), _JSON))
def test_whatever_comes_is_taken_or_told(raw: dict[str, object]) -> None:
    answers, findings = taken(SHEET, raw)
    again, _ = taken(SHEET, answers)
    assert again == answers
    assert all(found.code in {"answer_missing", "answer_unknown", "answer_too_long"}
               for found in findings)  # fmt: skip


def test_answers_are_counted_question_by_question() -> None:
    rows = [
        {"s": 5, "o": RED, "m": [BLUE, RED], "t": "に"},
        {"s": 2, "o": RED, "t": "い"},
        {"s": 9, "o": "gone", "m": "x"},
    ]
    scale, single, multiple, text = summary(SHEET.questions, rows)
    assert (scale.answered, scale.counts, scale.mean) == (2, (0, 1, 0, 0, 1), 3.5)
    assert scale.labels == ("1", "2", "3", "4", "5")
    assert (single.counts, single.labels, single.percents) == ((0, 2), ("青", "赤"), (0.0, 100.0))
    assert (multiple.answered, multiple.counts) == (1, (1, 1))
    assert text.texts == ("い", "に")  # not as they came


def test_of_nobody_there_is_nothing_to_count() -> None:
    scale, single, *_ = summary(SHEET.questions, [])
    assert (scale.mean, scale.percents) == (None, (0.0,) * 5)
    assert single.percents == (0.0, 0.0)


def test_several_versions_are_read_as_one() -> None:
    older = Sheet(questions=(replace(SINGLE, text="前の", options=options_of(("青", "緑"))), TEXT))
    found = merged((Sheet(questions=(SINGLE,)), older))
    assert [question.text for question in found] == ["どれですか", "ご意見"]
    assert [option.text for option in found[0].options] == ["青", "赤", "緑"]


def test_the_parts_have_their_names() -> None:
    assert [kind.value for kind in SheetKind] == ["scale", "single", "multiple", "text"]
    assert Choice("a", "b").text == "b"
    assert sheets.SIZES[-1] == 10
