"""What answers are worth: each kind at its edges, and whatever JSON a browser may send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.questions.item import (
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    arranged,
    choices,
    from_document,
    to_document,
)  # fmt: skip
from content_packages.questions.marking import fraction, is_answered, points, said
from tests.content_packages.questions.made import options, questions

LETTERS = tuple(Option(name, name.upper()) for name in "abcd")


def lettered(right):
    return tuple(Option(each.id, each.text, each.id in right) for each in LETTERS)


SINGLE = Question("q", Kind.SINGLE, "?", options=lettered("b"))
MULTIPLE = Question("q", Kind.MULTIPLE, "?", options=lettered("ab"))
SHARED = Question("q", Kind.MULTIPLE, "?", options=lettered("ab"), is_partial=True)
TRUE = Question("q", Kind.TRUE_FALSE, "?", answer=True)
FALSE = Question("q", Kind.TRUE_FALSE, "?", answer=False)
CITY, YEAR = Blank(("東京", "Tokyo")), Blank(number=Number(1603, 1))
FILL_IN = Question("q", Kind.FILL_IN, "[[1]] [[2]]", blanks=(CITY, YEAR))
FILLED = Question("q", Kind.FILL_IN, "[[1]] [[2]]", blanks=(CITY, YEAR), is_partial=True)
ORDERING = Question("q", Kind.ORDERING, "?", options=LETTERS)
ORDERED = Question("q", Kind.ORDERING, "?", options=LETTERS, is_partial=True)
PAIRS = (Pair("p1", "課税", "X"), Pair("p2", "納税", "Y"), Pair("p3", "収税", "X"))
MATCHING = Question("q", Kind.MATCHING, "?", pairs=PAIRS, distractors=(Option("d", "Z"),))
MATCHED = Question("q", Kind.MATCHING, "?", pairs=PAIRS, is_partial=True)
X, Y, Z = (option.id for option in choices(MATCHING))
ESSAY = Question("q", Kind.ESSAY, "?", most=10)

SCORES = [
    (SINGLE, "b", 1),
    (SINGLE, "a", 0),
    (MULTIPLE, ["a", "b"], 1),
    (MULTIPLE, ["b", "a"], 1),
    (MULTIPLE, ["a"], 0),
    (MULTIPLE, ["a", "b", "c"], 0),
    (SHARED, ["a", "b"], 1),
    (SHARED, ["a"], 0.5),
    (SHARED, ["a", "b", "c"], 0.5),
    (SHARED, ["a", "c"], 0),
    (SHARED, ["c", "d"], 0),
    (TRUE, True, 1),
    (TRUE, False, 0),
    (FALSE, False, 1),
    (FILL_IN, ["東京", "1603"], 1),
    (FILL_IN, ["東京", "1601"], 0),
    (FILL_IN, ["東京"], 0),
    (FILLED, ["東京", "1601"], 0.5),
    (FILLED, ["", "1604"], 0.5),
    (FILLED, ["東京"], 0.5),
    (FILLED, [None, "1602"], 0.5),
    (ORDERING, ["a", "b", "c", "d"], 1),
    (ORDERING, ["b", "a", "c", "d"], 0),
    (ORDERED, ["a", "b", "c", "d"], 1),
    (ORDERED, ["b", "c", "d", "a"], pytest.approx(2 / 3)),
    (ORDERED, ["d", "c", "b", "a"], 0),
    (MATCHING, {"p1": X, "p2": Y, "p3": X}, 1),
    (MATCHING, {"p1": X, "p2": Y, "p3": Z}, 0),
    (MATCHING, {"p1": X, "p2": Y}, 0),
    (MATCHED, {"p1": X, "p2": Y}, pytest.approx(2 / 3)),
    (MATCHED, {"p1": Y, "p2": "", "p3": None}, 0),
    (ESSAY, "課税の根拠は法律にある。", None),
]


@pytest.mark.requirement("QST-01")
@pytest.mark.parametrize(("question", "answer", "expected"), SCORES)
def test_an_answer_of_each_kind_is_worth_what_its_rule_says(question, answer, expected):
    assert fraction(question, answer) == expected
    assert is_answered(question, answer)


NO_ANSWERS = [
    (SINGLE, ["b"]), (SINGLE, "z"), (SINGLE, 1), (SINGLE, ""),
    (MULTIPLE, "a"), (MULTIPLE, []), (MULTIPLE, ["a", "a", "b"]), (MULTIPLE, ["a", "z"]),
    (MULTIPLE, [["a"]]), (MULTIPLE, {"a": 1}),
    (TRUE, 1), (TRUE, "true"), (FALSE, 0), (FALSE, ""),
    (FILL_IN, "東京"), (FILL_IN, ["", " "]), (FILL_IN, [1, 2]), (FILL_IN, ["a", "b", "c"]),
    (FILL_IN, ["a" * 1001]), (FILL_IN, []),
    (ORDERING, ["a", "b", "c"]), (ORDERING, ["a", "a", "b", "c"]), (ORDERING, "abcd"),
    (MATCHING, []), (MATCHING, {}), (MATCHING, {"p9": X}), (MATCHING, {"p1": "d"}),
    (MATCHING, {"p1": [X]}), (MATCHING, {"p1": ""}),
    (ESSAY, " \n"), (ESSAY, ["a"]), (ESSAY, "a" * 100_001),
    *((question, None) for question, _, _ in SCORES),
    *((question, float("nan")) for question, _, _ in SCORES),
]  # fmt: skip


@pytest.mark.parametrize(("question", "answer"), NO_ANSWERS)
def test_what_is_no_answer_to_the_question_is_worth_nothing(question, answer):
    assert fraction(question, answer) == 0
    assert not is_answered(question, answer)
    assert said(question, answer) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["a", "b", "p1", X, "1603", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["p1", "p2", "x"]), inner, max_size=3),
)  # fmt: skip


@given(st.one_of(questions(), st.sampled_from([each for each, _, _ in SCORES])), JSON)
def test_whatever_is_sent_is_worth_something_between_nothing_and_all(question, answer):
    earned = fraction(question, answer)
    if earned is None:
        assert question.kind is Kind.ESSAY
        assert points(question, answer) is None
    else:
        assert 0 <= earned <= 1
        assert points(question, answer) == earned * question.points
    assert isinstance(said(question, answer), str)


def right_matching(question):
    texts = {option.text: option.id for option in choices(question)}
    return {pair.id: texts[pair.right] for pair in question.pairs}


RIGHT = {
    Kind.SINGLE: lambda q: next(option.id for option in q.options if option.is_right),
    Kind.MULTIPLE: lambda q: [option.id for option in q.options if option.is_right],
    Kind.TRUE_FALSE: lambda q: q.answer,
    Kind.FILL_IN: lambda q: [
        str(blank.number[0]) if blank.number else blank.accepted[0] for blank in q.blanks
    ],
    Kind.ORDERING: lambda q: [option.id for option in q.options],
    Kind.MATCHING: right_matching,
    Kind.ESSAY: lambda q: "text",
}


@given(questions(), st.text(max_size=3))
def test_the_right_answer_earns_all_points_however_it_was_shown(question, seed):
    answer = json.loads(json.dumps(RIGHT[question.kind](question)))
    kept = from_document(json.loads(json.dumps(to_document(question))))
    earned = points(kept, answer)
    assert earned == (None if question.kind is Kind.ESSAY else question.points)
    shown = arranged(kept, seed)
    assert fraction(shown, answer) == fraction(kept, answer) or question.kind is Kind.ORDERING


@pytest.mark.parametrize(
    ("accepted", "given", "is_right"),
    [
        ("東京", "　東京　", True),
        ("東京", "東 京", False),
        ("A B", "Ａ\u3000\u3000ｂ", True),
        ("カタカナ", "ｶﾀｶﾅ", True),
        ("Straße", "STRASSE", True),
        ("12", "１２", True),
        ("東京", "京都", False),
    ],
)
def test_a_blank_overlooks_width_space_and_case(accepted, given, is_right):
    question = Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank((accepted,)),))
    assert fraction(question, [given]) == is_right


def test_a_blank_can_insist_on_case_but_never_on_width():
    question = Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(("pH",), True),))
    assert fraction(question, ["ｐＨ"]) == 1
    assert fraction(question, ["PH"]) == 0


@pytest.mark.parametrize(
    ("given", "is_right"),
    [
        ("1234.5", True), ("１，２３４．５", True), ("1,234.4", True), ("1234.6", True),
        ("1234.61", False), ("+1234.5", True), ("1.2345e3", True), ("12,34.5", False),
        ("-1234.5", False), ("1234.5円", False), ("", False), (".", False), ("e3", False),
        ("千", False), ("1e999", False), ("NaN", False), ("inf", False), ("1234.", False),
        ("1" * 999, False),
    ],
)  # fmt: skip
def test_a_number_may_be_off_by_its_tolerance_and_written_in_any_width(given, is_right):
    blank = Blank(number=Number(1234.5, 0.1))
    question = Question("q", Kind.FILL_IN, "[[1]]", blanks=(blank,))
    assert fraction(question, [given]) == is_right


def test_a_number_below_zero_takes_every_sign_for_minus():
    question = Question("q", Kind.FILL_IN, "[[1]]", blanks=(Blank(number=Number(-0.3)),))
    assert [fraction(question, [f"{sign}.3"]) for sign in "-−－–"] == [1] * 4


def test_a_blank_may_ask_for_a_number_or_a_word():
    blank = Blank(("なし", ""), number=Number(0))
    question = Question("q", Kind.FILL_IN, "[[1]]", blanks=(blank,))
    assert fraction(question, ["ナシ"]) == 0
    assert [fraction(question, [given]) for given in ("0", "なし")] == [1, 1]


def test_a_question_without_any_right_option_is_worth_nothing():
    question = Question("q", Kind.MULTIPLE, "?", options=options("a", "b"), is_partial=True)
    assert fraction(question, [question.options[0].id]) == 0


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        (SINGLE, "b", "B"),
        (MULTIPLE, ["c", "a"], "A / C"),
        (TRUE, True, "○"),
        (TRUE, False, "×"),
        (FILL_IN, ["東京 ", None], "東京 / "),
        (ORDERING, ["d", "c", "b", "a"], "D → C → B → A"),
        (MATCHING, {"p1": X, "p3": Z}, "課税 = X / 納税 =  / 収税 = Z"),
        (ESSAY, " 一\r\n二 ", "一\n二"),
    ],
)
def test_an_answer_can_be_read(question, answer, text):
    assert said(question, answer) == text
