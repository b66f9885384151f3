"""What content says becomes what is tracked of it, and back again when it is delivered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm.sequencing import reporting, tracking
from scorm.sequencing.session import Session
from tests.scorm.sequencing.made import at, begun, go, item, objective, tell

P = objective("p")
O = objective("o")  # noqa: E741 - as the other is called p


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.3"),
        (1e-12, "0"),
        (-1e-12, "0"),
        (1e-7, "0.0000001"),
        (1e9, "1000000000"),
    ],
)
def test_a_number_is_written_without_an_exponent(number: float, text: str) -> None:
    assert reporting.number_text(number) == text


@given(st.floats(-1, 1))
def test_a_number_that_is_written_is_read_again(number: float) -> None:
    text = reporting.number_text(number)
    assert float(text) == pytest.approx(number, abs=1e-9)
    assert "e" not in text


# --- from content


def known(s: Session, identifier: str | None = None) -> tuple[Any, ...]:
    a = at(s, "a")
    processes = (tracking.satisfied, tracking.completed, tracking.measure, tracking.progress)
    return tuple(process(s, a, identifier) for process in processes)


def test_what_content_says_of_itself_is_the_primary_objective_s() -> None:
    s = begun(item("a", primary=P), flow=True)
    tell(s, success="passed", completion="incomplete", scaled="0.5", progress="0.25")
    assert known(s) == known(s, "p") == (True, False, 0.5, 0.25)


@pytest.mark.parametrize(("said", "expected"), [("not attempted", False), ("unknown", None)])
def test_what_was_not_attempted_is_not_completed(said: str, expected: bool | None) -> None:
    s = begun("a", flow=True)
    tell(s, completion=said)
    assert known(s)[1] is expected


def test_what_content_says_of_its_primary_objective_by_name_counts_too() -> None:
    elements = {
        "success_status": "failed",
        "completion_status": "completed",
        "score.scaled": "-0.5",
        "progress_measure": "1",
    }
    s = begun(item("a", primary=P), "b", flow=True)
    tell(s, objectives={"p": elements})
    assert known(s) == (False, True, -0.5, 1.0)
    assert s.activities["a"]["said"] == ["success", "completion"]


def test_what_content_says_of_itself_goes_before_what_it_says_by_name_but_for_success() -> None:
    """The name of an objective is the more exact word on its success."""
    s = begun(item("a", primary=P), flow=True)
    elements = {
        "success_status": "failed",
        "completion_status": "completed",
        "score.scaled": "0",
        "progress_measure": "0",
    }
    tell(
        s,
        success="passed",
        completion="unknown",
        scaled="1",
        progress="1",
        objectives={"p": elements},
    )
    assert known(s) == (False, None, 1.0, 1.0)


def test_other_objectives_are_taken_over_by_their_names() -> None:
    s = begun(item("a", objectives=(O,)), flow=True)
    tell(
        s,
        objectives={
            "x": {},
            "o": {"success_status": "passed", "score.raw": "7", "progress_measure": "0.5"},
        },
    )
    assert known(s, "o") == (True, None, None, 0.5)
    assert known(s) == (None, None, None, None)
    assert tracking.values(s, at(s, "a"), O)["raw"] == 7.0


def test_what_content_takes_back_is_unknown_again() -> None:
    s = begun(item("a", objectives=(O,)), flow=True)
    tell(
        s, success="passed", completion="completed", objectives={"o": {"success_status": "passed"}}
    )
    tell(
        s, success="unknown", completion="unknown", objectives={"o": {"success_status": "unknown"}}
    )
    assert known(s) == known(s, "o") == (None, None, None, None)


def test_to_report_again_changes_nothing() -> None:
    s = begun(item("a", primary=P, objectives=(O,)), flow=True)
    said: dict[str, Any] = {
        "success": "passed",
        "scaled": "1",
        "objectives": {"o": {"score.min": "1"}},
    }
    tell(s, **said)
    before = str(s.state)
    tell(s, **said)
    assert str(s.state) == before


def test_only_the_current_activity_reports_and_only_while_it_goes_on() -> None:
    s = begun("a", "b", flow=True)
    state = {"values": {"cmi.success_status": "failed"}, "counts": {}, "session": "open"}
    reporting.report(s, at(s, "b"), state)
    assert "b" not in s.activities
    go(s, "exit")
    reporting.report(s, at(s, "a"), state)
    assert known(s)[0] is True


def test_what_ends_its_session_says_whether_it_is_to_be_resumed() -> None:
    s = begun("a", flow=True)
    tell(s, session="suspended")
    assert tracking.is_suspended(s, at(s, "a"))
    tell(s, session="finished")
    assert not tracking.is_suspended(s, at(s, "a"))


# --- to content


def laid_out(s: Session, name: str, values: dict[str, str], count: int = 0) -> dict[str, str]:
    laid = dict(values)
    counts = {"cmi.objectives": count} if count else {}
    reporting.lay_out(s, at(s, name), {"values": laid, "counts": counts, "session": "open"})
    return laid


def test_objectives_stand_in_the_data_model_with_what_is_known_of_them() -> None:
    reading = objective("o", reads={"g": "satisfied measure raw min max completed progress"})
    s = begun(item("a", primary=P, objectives=(reading,)), flow=True)
    s.shared["g"] = {
        "satisfied": False,
        "measure": -0.5,
        "raw": 7.0,
        "min": 0.0,
        "max": 10.0,
        "completed": True,
        "progress": 0.1 + 0.2,
    }
    assert laid_out(s, "a", {}) == {
        "cmi.objectives.0.id": "o",
        "cmi.objectives.0.success_status": "failed",
        "cmi.objectives.0.score.scaled": "-0.5",
        "cmi.objectives.0.score.raw": "7",
        "cmi.objectives.0.score.min": "0",
        "cmi.objectives.0.score.max": "10",
        "cmi.objectives.0.completion_status": "completed",
        "cmi.objectives.0.progress_measure": "0.3",
        "cmi.objectives.1.id": "p",
    }


def test_an_objective_without_a_name_stands_nowhere() -> None:
    s = begun("a", flow=True)
    tell(s, success="passed")
    assert laid_out(s, "a", {}) == {}


def test_what_is_resumed_keeps_its_places_and_gets_what_is_new() -> None:
    reading = objective("o", reads={"g": "satisfied"})
    s = begun(item("a", objectives=(O, reading)), flow=True)
    s.shared["g"] = {"satisfied": True}
    kept = {
        "cmi.objectives.0.id": "x",
        "cmi.objectives.1.id": "o",
        "cmi.objectives.1.success_status": "failed",
    }
    assert laid_out(s, "a", kept, 2) == {**kept, "cmi.objectives.1.success_status": "passed"}


def test_content_that_is_not_tracked_reads_what_is_shared_all_the_same() -> None:
    reading = objective("o", reads={"g": "satisfied"})
    s = begun(item("a", objectives=(reading,), tracked=False), flow=True)
    s.shared["g"] = {"satisfied": True}
    assert laid_out(s, "a", {})["cmi.objectives.0.success_status"] == "passed"


def test_an_objective_by_measure_is_read_as_its_measure_has_it() -> None:
    reading = objective("o", measure=0.5, reads={"g": "measure"})
    s = begun(item("a", objectives=(reading,)), flow=True)
    s.shared["g"] = {"measure": 0.4, "satisfied": True}
    assert laid_out(s, "a", {})["cmi.objectives.0.success_status"] == "failed"
    s.shared["g"] = {}
    assert laid_out(s, "a", {}) == {"cmi.objectives.0.id": "o"}
