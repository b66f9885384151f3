"""Item analysis, by hand-reckoned figures."""

from __future__ import annotations

import pytest

from content_packages.questions.analysis import Sat, analyse, correlation, spread
from content_packages.questions.answers import right
from content_packages.questions.item import Blank, Kind, Number, Option, Pair, Question
from content_packages.questions.paper import Paper, Rules, Section

FIRST = Question(
    "a",
    Kind.SINGLE,
    "?",
    points=2,
    options=(Option("x", "はい", is_right=True), Option("y", "いいえ")),
)
SECOND = Question("b", Kind.TRUE_FALSE, "?", answer=True)
ESSAY = Question("c", Kind.ESSAY, "?", points=4)
PAPER = Paper(Rules(), (Section("s", questions=(FIRST, SECOND, ESSAY)),))


def sat(first: float, second: float | None, essay: float | None = None) -> Sat:
    """Return a sitting of the first two, and of the essay where it has points."""
    marks = {"a": first, "b": second} | ({"c": essay} if essay is not None else {})
    answers: dict[str, object] = {"a": "x" if first else "y", "b": bool(second)}
    return Sat(list(marks), answers, marks)


@pytest.mark.requirement("QST-06")
def test_difficulty_discrimination_and_choices_are_as_reckoned_by_hand() -> None:
    rows = [sat(2, 1)] * 4 + [sat(2, 0)] * 1 + [sat(0, 1)] * 1 + [sat(0, 0)] * 4
    first, second = analyse(PAPER, rows)
    assert (first.asked, first.answered, first.marked) == (10, 10, 10)
    assert first.difficulty == 0.5
    # A table of four: 4·4 − 1·1 over 5·5.
    assert first.discrimination == pytest.approx(0.6)
    # The three best and the three worst, whoever they are among those who are level.
    assert first.upper_lower == pytest.approx(0.8 - 0.2)
    assert [(each.text, each.is_right, each.count) for each in first.choices] == [
        ("はい", True, 5),
        ("いいえ", False, 5),
    ]
    assert [each.count for each in second.choices] == [5, 5]


def test_too_few_sittings_tell_nothing_of_discrimination() -> None:
    first, *_ = analyse(PAPER, [sat(2, 1), sat(0, 0)])
    assert (first.difficulty, first.discrimination, first.upper_lower) == (0.5, None, None)


def test_what_nobody_has_marked_yet_counts_for_nothing() -> None:
    waiting = Sat(["c"], {"c": "文"}, {"c": None})
    (essay,) = analyse(PAPER, [waiting])
    assert (essay.asked, essay.answered, essay.marked, essay.difficulty) == (1, 1, 0, None)
    assert essay.choices == ()
    alone = analyse(PAPER, [Sat(["c"], {"c": "文"}, {"c": 1.0})])
    assert alone[0].difficulty == 0.25
    assert analyse(PAPER, [Sat(["gone"], {}, {})]) == []


def test_what_never_varies_correlates_with_nothing() -> None:
    assert correlation([(1, 1), (1, 0)]) is None
    assert correlation([(1, 1), (0, 1)]) is None
    assert correlation([(0, 1), (1, 0)]) == pytest.approx(-1)


def test_scores_are_counted_by_tens_with_the_full_score_in_the_last() -> None:
    assert spread([0, 9.9, 10, 95, 100]) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (FIRST, "はい"),
        (SECOND, "○"),
        (Question("d", Kind.TRUE_FALSE, "?", answer=False), "×"),
        (
            Question(
                "e", Kind.FILL_IN, "?", blanks=(Blank(("鍵",)), Blank(number=Number(1.5)), Blank())
            ),
            "鍵 / 1.5 / ",
        ),
        (
            Question("f", Kind.ORDERING, "?", options=(Option("x", "一"), Option("y", "二"))),
            "一 → 二",
        ),
        (Question("g", Kind.MATCHING, "?", pairs=(Pair("p", "左", "右"),)), "左 = 右"),
        (ESSAY, ""),
    ],
)
def test_the_right_answer_is_said_as_people_read_it(question: Question, said: str) -> None:
    assert right(question) == said
