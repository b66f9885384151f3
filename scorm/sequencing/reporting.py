"""Between the run-time data of the delivered content and what is tracked of its activity.

S&N 4e, 3.4, and RTE 4e, 4.2.17: what content sets of its status, score and objectives is the
activity's; what is known of its objectives stands in cmi.objectives when it is delivered.
"""

from collections.abc import Mapping
from typing import Any, Final

from scorm.evaluation import completion_of, success_of
from scorm.sequencing import tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity

_COLLECTION: Final = "cmi.objectives"
_SUCCESS: Final = {"passed": True, "failed": False}
_COMPLETION: Final = {"completed": True, "incomplete": False, "not attempted": False}
_SCORES: Final = ("raw", "min", "max")


def lay_out(s: Session, activity: Activity, state: dict[str, Any]) -> None:
    """Put what is known of the activity's objectives into a run-time state that is to begin."""
    values, counts = state["values"], state["counts"]
    places = {values.get(f"{_COLLECTION}.{at}.id"): at for at in range(counts.get(_COLLECTION, 0))}
    for identifier, objective in activity.objectives.items():
        if not identifier:
            continue
        if identifier not in places:
            places[identifier] = counts.get(_COLLECTION, 0)
            counts[_COLLECTION] = places[identifier] + 1
        place = f"{_COLLECTION}.{places[identifier]}"
        values[f"{place}.id"] = identifier
        known = tracking.values(s, activity, objective)
        values |= {f"{place}.{name}": text for name, text in _as_written(known).items()}


def _as_written(known: Mapping[str, Any]) -> dict[str, str]:
    written = {}
    if "satisfied" in known:
        written["success_status"] = "passed" if known["satisfied"] else "failed"
    if "completed" in known:
        written["completion_status"] = "completed" if known["completed"] else "incomplete"
    numbers = {"measure": "score.scaled", "progress": "progress_measure"}
    numbers |= {name: f"score.{name}" for name in _SCORES}
    return written | {
        element: number_text(known[name]) for name, element in numbers.items() if name in known
    }


def number_text(number: float) -> str:
    """Return a real as content reads it, never with an exponent."""
    text = f"{number:.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def report(s: Session, activity: Activity, state: Mapping[str, Any]) -> None:
    """Take over what the current activity's content has set; to do so again changes nothing."""
    if activity is not s.current or not tracking.is_active(s, activity):
        return
    if not activity.definition.tracked:
        return
    values = state["values"]
    primary = activity.primary.identifier
    of_primary: Mapping[str, str] = {}
    for at in range(state["counts"].get(_COLLECTION, 0)):
        place = f"{_COLLECTION}.{at}."
        one = {
            name.removeprefix(place): text
            for name, text in values.items()
            if name.startswith(place)
        }
        if one.get("id") == primary:
            of_primary = one
        _report_objective(s, activity, one)
    _report_primary(s, activity, values, of_primary)
    if state["session"] != "open":
        is_suspended = state["session"] == "suspended"
        tracking.set_flag(s, activity, "suspended", value=is_suspended)


def _report_objective(s: Session, activity: Activity, one: Mapping[str, str]) -> None:
    identifier = one.get("id")
    for name in _SCORES:
        tracking.set_score(s, activity, identifier, name, _number(one.get(f"score.{name}")))
    if identifier == activity.primary.identifier:
        return
    success, completion = one.get("success_status"), one.get("completion_status")
    if success is not None:
        tracking.set_satisfied(s, activity, identifier, value=_SUCCESS.get(success))
    tracking.set_measure(s, activity, identifier, _number(one.get("score.scaled")))
    if completion is not None:
        tracking.set_completed(s, activity, identifier, value=_COMPLETION.get(completion))
    tracking.set_progress(s, activity, identifier, _number(one.get("progress_measure")))


def _report_primary(
    s: Session, activity: Activity, values: Mapping[str, str], objective: Mapping[str, str]
) -> None:
    """Take over what is said of the activity itself: of its primary objective, by either name."""
    said = [
        name
        for name in ("success", "completion")
        if f"cmi.{name}_status" in values or f"{name}_status" in objective
    ]
    tracking.record(s, activity)["said"] = said
    success = objective.get("success_status") or success_of(values)
    if success in _SUCCESS or "success" in said:
        tracking.set_satisfied(s, activity, None, value=_SUCCESS.get(success))
    completion = completion_of(values)
    if completion == "unknown" and "cmi.completion_status" not in values:
        completion = objective.get("completion_status", "unknown")
    tracking.set_completed(s, activity, None, value=_COMPLETION.get(completion))
    scaled = values.get("cmi.score.scaled", objective.get("score.scaled"))
    tracking.set_measure(s, activity, None, _number(scaled))
    progress = values.get("cmi.progress_measure", objective.get("progress_measure"))
    if progress is not None:
        tracking.set_progress(s, activity, None, _number(progress))


def _number(text: str | None) -> float | None:
    return float(text) if text else None
