"""What statements of SCORM content are about, and what they say has come of it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from xapi.scorm import statements
from xapi.scorm.seen import Answer, Outcome, Thing

SCO = Thing("https://office.example.org/activities/1", "第1章")


def answer(**parts: Any) -> Answer:
    """Return an answer of which nothing but these parts is told."""
    empty: dict[str, Any] = {
        **dict.fromkeys(("id", "kind", "prompt", "response", "result"), ""),
        "correct": (),
        "latency_seconds": None,
        "at": None,
    }
    return Answer(**{**empty, **parts})


def test_an_item_is_a_lesson_and_all_of_them_a_course() -> None:
    types = "http://adlnet.gov/expapi/activities/"
    for made, kind in ((statements.lesson, "lesson"), (statements.course, "course")):
        assert made(SCO) == {
            "id": SCO.id,
            "definition": {"name": {"und": "第1章"}, "type": f"{types}{kind}"},
        }


def test_an_attempt_on_an_item_is_no_more_than_its_iri() -> None:
    assert statements.sco_attempt(SCO, uuid.UUID(int=7), 2) == {
        "id": f"{SCO.id}/attempts/{uuid.UUID(int=7)}/2"
    }


def test_an_interaction_says_what_was_asked_and_what_is_right() -> None:
    asked = answer(id="問 1/2", kind="choice", prompt="出口は？", correct=("a[,]b", "c"))
    assert statements.interaction(SCO, 0, asked, is_2004=True) == {
        "id": f"{SCO.id}/interactions/%E5%95%8F%201%2F2",
        "definition": {
            "name": {"und": "問 1/2"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "interactionType": "choice",
            "description": {"und": "出口は？"},
            "correctResponsesPattern": ["a[,]b", "c"],
        },
    }


def test_an_interaction_without_a_name_or_a_kind_is_told_by_its_place() -> None:
    found = statements.interaction(SCO, 3, answer(), is_2004=False)
    assert found["id"] == f"{SCO.id}/interactions/3"
    assert found["definition"] == {
        "name": {"und": "3"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "other",
    }


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        ("true-false", "t", "true"),
        ("true-false", "1", "true"),
        ("true-false", "False", "false"),
        ("true-false", "0", "false"),
        ("true-false", "maybe", "maybe"),
        ("choice", "a", "a"),
        ("choice", "a, c", "a[,]c"),
        ("choice", "{a,c}", "a[,]c"),
        ("choice", "a[,]c", "a[,]c"),
        ("sequencing", "b,a", "b[,]a"),
        ("matching", "{1.a,2.c.d}", "1[.]a[,]2[.]c.d"),
        ("matching", "1[.]a", "1[.]a"),
        ("fill-in", "a, b", "a, b"),
        ("numeric", "1.5", "1.5"),
        ("performance", "1.2,3", "1.2,3"),
    ],
)
def test_responses_of_1_2_are_parted_as_those_of_2004(kind: str, text: str, written: str) -> None:
    assert statements.response(kind, text, is_2004=False) == written
    assert statements.response(kind, text, is_2004=True) == text
    asked = answer(kind=kind, correct=(text,))
    found = statements.interaction(SCO, 0, asked, is_2004=False)
    assert found["definition"]["correctResponsesPattern"] == [written]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"result": "correct"}, {"success": True}),
        ({"result": "incorrect"}, {"success": False}),
        ({"result": "neutral"}, {}),
        ({"result": "unanticipated"}, {}),
        ({"result": "-0.5"}, {"score": {"raw": -0.5}}),
        (
            {"response": "1,2", "kind": "choice", "latency_seconds": 2.25},
            {"response": "1[,]2", "duration": "PT2.25S"},
        ),
    ],
)
def test_an_answer_says_what_was_answered_whether_it_was_right_and_how_long_it_took(
    said: dict[str, Any], found: dict[str, Any]
) -> None:
    assert statements.answered(answer(**said), is_2004=False) == found


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        (Outcome(), {}),
        (Outcome("completed", "passed"), {"completion": True, "success": True}),
        (Outcome("incomplete", "failed"), {"completion": False, "success": False}),
        (Outcome("not attempted", scaled=0.5), {"score": {"scaled": 0.5}}),
    ],
)
def test_a_result_says_what_is_known(outcome: Outcome, found: dict[str, Any]) -> None:
    assert statements.result(outcome) == found
    assert statements.result(outcome, 61.5) == {**found, "duration": "PT61.5S"}


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ({"raw": 40.0}, {"raw": 40.0}),
        ({"raw": 40.0, "min": 0.0, "max": 50.0}, {"raw": 40.0, "min": 0.0, "max": 50.0}),
        ({"min": 0.0, "max": 50.0}, {"min": 0.0, "max": 50.0}),
        ({"raw": 60.0, "max": 50.0}, {"raw": 60.0}),
        ({"raw": -1.0, "min": 0.0}, {"raw": -1.0}),
        ({"raw": 0.0, "min": 0.0, "max": 0.0}, {"raw": 0.0}),
        ({"min": 9.0, "max": 1.0}, {}),
    ],
)
def test_bounds_that_a_score_does_not_keep_are_left_out(
    numbers: dict[str, float], found: dict[str, float]
) -> None:
    outcome = Outcome(scaled=0.8, **numbers)
    assert statements.scored(outcome) == {"score": {"scaled": 0.8, **found}}
    assert outcome.score == [0.8, *(numbers.get(name) for name in ("raw", "min", "max"))]
    assert Outcome(**numbers).score is None


def test_an_answer_is_told_from_another_by_what_was_answered() -> None:
    first = answer(id="q", response="a")
    assert first.mark == answer(id="q", response="a", prompt="?", correct=("b",), at="x").mark
    assert first.mark != answer(id="q", response="b").mark
    assert (first.is_given, answer(id="q", prompt="?").is_given) == (True, False)
    assert answer(result="correct").is_given
