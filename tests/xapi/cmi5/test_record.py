"""What a registration comes to: its units one by one, and all of them together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm.outcome import Outcome
from tests.xapi.cmi5.made import group, known, unit, whole
from xapi.cmi5 import standing
from xapi.cmi5.course import Course, MoveOn
from xapi.values import duration

BEGUN = {"is_begun": True}
COMPLETED, PASSED, FAILED = (
    BEGUN | {f"is_{word}": True} for word in ("completed", "passed", "failed")
)
THREE = whole(unit("u1"), group("b1", unit("u2", MoveOn.PASSED), unit("u3", MoveOn.EITHER)))


def outcome(move_on: str = MoveOn.COMPLETED, **said: Any) -> Outcome:
    """Return what a unit comes to of which this was said."""
    return standing.outcomes(whole(unit("u1", move_on)), known(u1=said))["u1"]


def record(course: Course = THREE, **of_units: Any) -> Outcome:
    """Return what a course comes to of whose units this was said."""
    document = known(**of_units)
    standing.newly_satisfied(course, document)
    return standing.whole(course, json.loads(json.dumps(document)))


# --- a unit


def test_a_unit_that_nobody_has_opened_has_not_been_attempted() -> None:
    course = whole(unit("u1"), unit("u2"))
    nothing = Outcome("not attempted", "unknown", progress_measure=0.0)
    assert standing.outcomes(course, standing.fresh()) == {"u1": nothing, "u2": nothing}


@pytest.mark.parametrize(
    ("move_on", "said", "expected"),
    [
        (MoveOn.COMPLETED, BEGUN, ("incomplete", "unknown", 0)),
        (MoveOn.COMPLETED, BEGUN | {"progress": 40}, ("incomplete", "unknown", 0.4)),
        (MoveOn.COMPLETED, {"progress": 40}, ("not attempted", "unknown", 0.4)),
        (MoveOn.COMPLETED, COMPLETED, ("completed", "unknown", 1)),
        (MoveOn.COMPLETED, COMPLETED | {"progress": 40}, ("completed", "unknown", 1)),
        (MoveOn.COMPLETED, COMPLETED | FAILED, ("completed", "failed", 1)),
        (MoveOn.COMPLETED, PASSED, ("incomplete", "passed", 0)),
        (MoveOn.PASSED, COMPLETED, ("completed", "unknown", 1)),
        (MoveOn.PASSED, PASSED, ("completed", "passed", 1)),
        (MoveOn.PASSED, FAILED | {"progress": 70}, ("incomplete", "failed", 0.7)),
        (MoveOn.BOTH, PASSED | {"progress": 70}, ("incomplete", "passed", 0.7)),
        (MoveOn.BOTH, PASSED | COMPLETED, ("completed", "passed", 1)),
        (MoveOn.EITHER, PASSED, ("completed", "passed", 1)),
        (MoveOn.NOT_APPLICABLE, {}, ("not attempted", "unknown", 0)),
        (MoveOn.NOT_APPLICABLE, BEGUN, ("incomplete", "unknown", 0)),
        (MoveOn.NOT_APPLICABLE, PASSED, ("incomplete", "passed", 0)),
        (MoveOn.NOT_APPLICABLE, COMPLETED, ("completed", "unknown", 1)),
    ],
)
def test_a_unit_comes_to_what_was_said_of_it(
    move_on: MoveOn, said: dict[str, Any], expected: tuple[str, str, float]
) -> None:
    found = outcome(move_on, **said)
    assert (found.completion, found.success, found.progress_measure) == expected


@pytest.mark.parametrize("move_on", list(MoveOn))
def test_what_was_waived_counts_as_done(move_on: MoveOn) -> None:
    """9.3.7 and 9.5.3: our own statement says that it is complete."""
    found = outcome(move_on, waived="Equivalent AU")
    assert (found.completion, found.progress_measure) == ("completed", 1)


def test_a_score_and_the_time_spent_are_told_as_they_are_known() -> None:
    found = outcome(scaled=0.85, seconds=61.5)
    assert (found.scaled, found.seconds, found.raw) == (0.85, 61.5, None)


@pytest.mark.parametrize(
    ("move_on", "mastery_score", "said", "expected"),
    [
        (MoveOn.COMPLETED, None, {}, False),
        (MoveOn.COMPLETED, None, BEGUN, False),
        (MoveOn.COMPLETED, None, COMPLETED, True),
        (MoveOn.COMPLETED, 0.8, COMPLETED, False),
        (MoveOn.COMPLETED, 0.8, COMPLETED | PASSED, True),
        (MoveOn.COMPLETED, None, COMPLETED | FAILED, False),
        (MoveOn.PASSED, None, PASSED, True),
        (MoveOn.PASSED, 0.8, FAILED, False),
        (MoveOn.BOTH, 0.8, PASSED, False),
        (MoveOn.EITHER, 0.8, PASSED, True),
        (MoveOn.EITHER, 0.8, COMPLETED, False),
        (MoveOn.EITHER, None, COMPLETED, True),
        (MoveOn.NOT_APPLICABLE, None, {}, False),
        (MoveOn.NOT_APPLICABLE, None, BEGUN, False),
        (MoveOn.NOT_APPLICABLE, None, COMPLETED, True),
        (MoveOn.PASSED, None, {"waived": "Tested Out"}, False),
    ],
)
def test_a_unit_is_reviewed_once_nothing_more_can_come_of_it(
    move_on: MoveOn, mastery_score: float | None, said: dict[str, Any], expected: bool
) -> None:
    asked = unit("u1", move_on, mastery_score=mastery_score)
    assert standing.is_to_review(asked, known(u1=said)) is expected


# --- all of them


@pytest.mark.parametrize(
    ("of_units", "status"),
    [
        ({}, ("not attempted", "unknown")),
        ({"u1": BEGUN}, ("incomplete", "unknown")),
        ({"u1": COMPLETED}, ("incomplete", "unknown")),
        ({"u2": PASSED}, ("incomplete", "unknown")),
        ({"u2": FAILED}, ("incomplete", "failed")),
        ({"u1": COMPLETED, "u2": FAILED, "u3": COMPLETED}, ("incomplete", "failed")),
        ({"u1": COMPLETED, "u2": PASSED, "u3": COMPLETED}, ("completed", "passed")),
        ({"u1": COMPLETED, "u2": PASSED, "u3": COMPLETED | FAILED}, ("completed", "passed")),
        ({"u1": COMPLETED, "u2": {"waived": "x"}, "u3": COMPLETED}, ("completed", "unknown")),
        ({"u1": COMPLETED, "u2": FAILED | {"waived": "x"}, "u3": COMPLETED},
         ("completed", "unknown")),
        ({each: {"waived": "x"} for each in ("u1", "u2", "u3")}, ("completed", "unknown")),
        ({"u1": {"waived": "x"}}, ("not attempted", "unknown")),
    ],
)  # fmt: skip
def test_a_course_is_complete_once_all_of_it_is_satisfied(
    of_units: dict[str, Any], status: tuple[str, str]
) -> None:
    found = record(**of_units)
    assert (found.completion, found.success) == status


def test_a_judgement_that_nobody_asked_for_does_not_fail_a_course() -> None:
    """It fails while a unit that must be passed is not; this one must be completed."""
    assert record(whole(unit("u1", MoveOn.COMPLETED)), u1=FAILED).success == "unknown"
    assert record(whole(unit("u1", MoveOn.NOT_APPLICABLE)), u1=FAILED).success == "unknown"
    assert record(whole(unit("u1", MoveOn.BOTH)), u1=FAILED | COMPLETED).success == "failed"


def test_a_course_stays_complete_once_it_was() -> None:
    document = known(u1=COMPLETED, u2=PASSED, u3=PASSED)
    standing.newly_satisfied(THREE, document)
    standing.noted(document, "u3").update(is_passed=False, is_failed=True)
    found = standing.whole(THREE, document)
    assert (found.completion, found.success, found.progress_measure) == ("completed", "failed", 1)


def test_a_course_that_asks_for_nothing_is_complete_from_the_start() -> None:
    found = record(whole(unit("u1", MoveOn.NOT_APPLICABLE)))
    assert (found.completion, found.success, found.progress_measure) == ("completed", "unknown", 1)


@pytest.mark.parametrize(
    ("scores", "mean"),
    [((), None), ((0.8,), 0.8), ((0.5, 1.0), 0.75), ((0.0, 0.3, 0.9), 0.4), ((None, 0.6), 0.6)],
)
def test_the_score_is_the_mean_of_those_that_are_known(
    scores: tuple[float | None, ...], mean: float | None
) -> None:
    of_units = {f"u{at}": {"scaled": score} for at, score in enumerate(scores, 1)}
    assert record(**of_units).scaled == (None if mean is None else pytest.approx(mean))


@pytest.mark.parametrize(
    ("of_units", "share"),
    [
        ({}, 0),
        ({"u1": COMPLETED}, 1 / 3),
        ({"u1": COMPLETED, "u2": {"progress": 50}}, 0.5),
        ({"u1": {"progress": 100}, "u2": {"progress": 100}, "u3": {"progress": 100}}, 1),
        ({"u1": COMPLETED, "u2": PASSED, "u3": PASSED | {"progress": 5}}, 1),
    ],
)
def test_progress_is_the_mean_of_all_units(of_units: dict[str, Any], share: float) -> None:
    assert record(**of_units).progress_measure == pytest.approx(share)


def test_the_progress_of_a_single_unit_is_that_of_its_course() -> None:
    assert record(whole(unit("u1")), u1={"progress": 70}).progress_measure == 0.7


def test_the_time_is_that_of_all_units() -> None:
    assert record(u1={"seconds": 60.0}, u3={"seconds": 0.5}).seconds == 60.5


def test_a_course_without_units_comes_to_nothing() -> None:
    assert record(whole()) == Outcome("not attempted", "unknown", progress_measure=0.0)


# --- durations


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("PT0S", 0),
        ("PT1.5S", 1.5),
        ("PT1,5S", 1.5),
        ("PT1M", 60),
        ("PT1H1M1S", 3661),
        ("PT0.5H", 1800),
        ("PT36H", 129_600),
        ("P1D", 86_400),
        ("P1DT1S", 86_401),
        ("P1W", 604_800),
        ("P1.5W", 907_200),
        ("P0,5W", 302_400),
        ("P1M", 365 * 7200),
        ("P12M", 365 * 86_400),
        ("P1Y", 365 * 86_400),
        ("P1Y1M1DT1H1M1.25S", 365 * 86_400 + 365 * 7200 + 86_400 + 3661.25),
        ("P0,25D", 21_600),
        ("PT0.000S", 0),
        ("PT1M2.345S", 62.345),
    ],
)
def test_a_duration_is_told_in_seconds(said: str, seconds: float) -> None:
    """Data 4.6."""
    duration(said)
    assert standing.seconds_of(said) == pytest.approx(seconds)


PARTS = {"Y": 31_536_000, "M": 2_628_000, "D": 86_400}
TIMES = {"H": 3600, "m": 60, "S": 1}


@given(
    st.dictionaries(st.sampled_from([*PARTS, *TIMES]), st.integers(0, 999), min_size=1),
    st.sampled_from(["", ".5", ",25"]),
)
def test_whatever_obeys_is_told_in_seconds(counts: dict[str, int], fraction: str) -> None:
    units = PARTS | TIMES
    named = [each for each in units if each in counts]
    said = {each: f"{counts[each]}{fraction if each == named[-1] else ''}" for each in named}
    days = "".join(f"{said[each]}{each}" for each in PARTS if each in said)
    times = "".join(f"{said[each]}{each.upper()}" for each in TIMES if each in said)
    text = f"P{days}{'T' if times else ''}{times}"
    duration(text)
    share = float(fraction.replace(",", ".") or 0) * units[named[-1]]
    whole_parts = sum(count * units[each] for each, count in counts.items())
    assert standing.seconds_of(text) == pytest.approx(whole_parts + share)
