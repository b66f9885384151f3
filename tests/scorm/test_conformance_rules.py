"""Answers are compared as ADL's suite does: by data type, with what its README tolerates."""

import pytest

from tests.conformance.rules import difference, is_same, named

STEPS = "cmi.interactions.0.correct_responses.0.pattern"


@pytest.mark.parametrize(
    ("argument", "answer", "expected", "same"),
    [
        ("cmi.total_time", "PT2H20S", "PT2H0M20S", True),
        ("cmi.total_time", "PT2H20S", "PT2H21S", False),
        ("cmi.score.scaled", "0.50000001", "0.5", True),
        ("cmi.score.scaled", "0.5001", "0.5", False),
        ("cmi.score.scaled", "", "", True),
        ("cmi.objectives.&o&.score.raw", "7.0", "7", True),
        ("cmi.comments_from_learner.0.comment", "{lang=en}Yes", "Yes", True),
        ("cmi.comments_from_learner.0.comment", "{lang=ja}Yes", "Yes", False),
        (STEPS, "{order_matters=true}a[,]b", "a[,]b", True),
        (STEPS, "{order_matters=false}a[,]b", "a[,]b", False),
        ("cmi.score._children", "raw,min,max,scaled", "scaled,raw,min,max", True),
        ("cmi.score._children", "raw,min,max", "scaled,raw,min,max", False),
        ("cmi.learner_id", "anybody", "<learner_id>", True),
        ("cmi.learner_name", "", "<learner_name>", False),
        ("cmi.location", "3", "3.0", False),
    ],
)
def test_values_are_the_same_by_their_type(
    argument: str, answer: str, expected: str, same: bool
) -> None:
    assert is_same(argument, answer, expected) is same


def call(argument: str, expected: str, error: str = "0", name: str = "GetValue") -> dict[str, str]:
    return {"call": name, "arg": argument, "expect": expected, "error": error}


@pytest.mark.parametrize(
    ("made", "answer", "error", "fits"),
    [
        (call("cmi.location", "3"), "3", 0, True),
        (call("cmi.location", "3"), "3", "403", False),
        (call("cmi.location", "3"), "4", "0", False),
        (call("cmi.objectives.&o&.id", ""), "o", "0", True),
        (call("cmi.objectives.&o&.id", "true", name="SetValue"), "true", "0", True),
        (call("cmi.comments_from_lms.0.comment", ""), "", "301", True),
        (call("cmi.comments_from_lms.0.comment", ""), "", "201", False),
        (call("adl.nav.request_valid.choice.{target=a}", "true"), "true", "301", True),
        (call("adl.nav.request_valid.continue", "true"), "true", "301", False),
        (call("402", "<string shorter than 255>", name="GetErrorString"), "x" * 254, "0", True),
        (call("402", "<string shorter than 255>", name="GetDiagnostic"), "x" * 255, "0", False),
    ],
)
def test_an_answer_fits_with_its_error_code(
    made: dict[str, str], answer: str, error: int | str, fits: bool
) -> None:
    assert (difference(made, answer, error) is None) is fits


def test_an_argument_may_name_a_member_by_its_id() -> None:
    assert named("cmi.objectives.&a.b&.score.raw") == ("cmi.objectives", "a.b", "score.raw")
    assert named("adl.data.&d&.store") == ("adl.data", "d", "store")
    assert named("cmi.objectives.0.id") is None
