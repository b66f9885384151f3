"""What a state comes to: completion, success, score and time; rolled up over a course."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from scorm import duration
from scorm.edition import Edition
from scorm.evaluation import completion_of, success_of
from scorm.interactions import InteractionRecord, interactions

__all__ = [
    "Completion",
    "InteractionRecord",
    "Outcome",
    "Success",
    "interactions",
    "of",
    "roll_up",
    "to_document",
]

Completion = Literal["unknown", "not attempted", "incomplete", "completed"]
Success = Literal["unknown", "passed", "failed"]

_BETTER: Final = ("not attempted", "unknown", "incomplete", "completed")
#: SCORM 1.2 has one status for both. A failed test has been taken to its end.
_BY_LESSON_STATUS: Final[dict[str, tuple[Completion, Success]]] = {
    "passed": ("completed", "passed"),
    "failed": ("completed", "failed"),
    "completed": ("completed", "unknown"),
    "incomplete": ("incomplete", "unknown"),
    "browsed": ("incomplete", "unknown"),
    "not attempted": ("not attempted", "unknown"),
}


@dataclass(frozen=True)
class Outcome:
    """How it stands; scores as content gave them, None where it gave none; time in seconds.

    `scaled` lies between -1 and 1, `progress_measure` between 0 and 1.
    """

    completion: Completion = "not attempted"
    success: Success = "unknown"
    scaled: float | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None
    progress_measure: float | None = None
    seconds: float = 0.0


def to_document(edition: Edition, state: dict[str, Any]) -> dict[str, Any]:
    """Return the `outcome` and the `interactions` of a state as JSON can hold them."""
    told = [asdict(record) for record in interactions(edition, state)]
    return {
        "outcome": asdict(of(edition, state)),
        "interactions": [{**record, "correct": list(record["correct"])} for record in told],
    }


def of(edition: Edition, state: dict[str, Any] | None) -> Outcome:
    """Return what the state of one SCO comes to; None is one that was never delivered."""
    if state is None:
        return Outcome()
    if not edition.is_2004:
        return _of_1_2(state)
    now = _of_2004(state)
    return _best(Outcome(**state["earlier"]["outcome"]), now) if "earlier" in state else now


def _of_1_2(state: dict[str, Any]) -> Outcome:
    values = state["values"]
    completion, success = _BY_LESSON_STATUS[values.get("cmi.core.lesson_status", "not attempted")]
    return Outcome(
        completion=completion,
        success=success,
        raw=_number(values, "cmi.core.score.raw"),
        min=_number(values, "cmi.core.score.min"),
        max=_number(values, "cmi.core.score.max"),
        seconds=_seconds(Edition.SCORM_12, values, "cmi.core."),
    )


def _of_2004(state: dict[str, Any]) -> Outcome:
    """Content that has ended without a word on completion is complete (S&N 4e, UP.4)."""
    values = state["values"]
    completion: Any = completion_of(values)
    success: Any = success_of(values)
    if completion == "unknown" and state["session"] == "finished":
        completion = "completed"
    return Outcome(
        completion=completion,
        success=success,
        scaled=_number(values, "cmi.score.scaled"),
        raw=_number(values, "cmi.score.raw"),
        min=_number(values, "cmi.score.min"),
        max=_number(values, "cmi.score.max"),
        progress_measure=_number(values, "cmi.progress_measure"),
        seconds=_seconds(Edition.SCORM_2004_4, values, "cmi."),
    )


def _number(values: dict[str, str], name: str) -> float | None:
    text = values.get(name)
    return float(text) if text else None


def _seconds(edition: Edition, values: dict[str, str], above: str) -> float:
    """Sum the time of the sessions before and of the one that is open."""
    texts = (values.get(above + name) for name in ("total_time", "session_time"))
    return sum(duration.parse(edition, text) for text in texts if text) / duration.SECOND


def _best(earlier: Outcome, now: Outcome) -> Outcome:
    """Keep what was reached: a second look at a finished item takes nothing away."""
    completion = max(earlier.completion, now.completion, key=_BETTER.index)
    success: Success = "passed" if "passed" in (earlier.success, now.success) else now.success
    if success == "unknown":
        success = earlier.success
    scored = max((earlier, now), key=_rank)
    measures = [m for m in (earlier.progress_measure, now.progress_measure) if m is not None]
    return replace(
        scored,
        completion=completion,
        success=success,
        progress_measure=max(measures, default=None),
        seconds=earlier.seconds + now.seconds,
    )


def _rank(outcome: Outcome) -> float:
    score = scaled_of(outcome)
    return -2.0 if score is None else score


def scaled_of(outcome: Outcome) -> float | None:
    """Return the scaled score, or the raw one brought between 0 and 1 by its bounds.

    Without bounds a raw score is taken as one of 100.
    """
    if outcome.scaled is not None or outcome.raw is None:
        return outcome.scaled
    low = 0.0 if outcome.min is None else outcome.min
    high = 100.0 if outcome.max is None else outcome.max
    if high <= low:
        low, high = 0.0, 100.0
    return min(1.0, max(0.0, (outcome.raw - low) / (high - low)))


def roll_up(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what the leaves of a course come to together, by the default rollup.

    Completed if all are; failed if any is; passed if one is and all the others are passed too, or
    are completed and say nothing of success. The score is the mean of those that are known, and
    progress that of all: what is completed counts whole, what tells no measure not at all.
    """
    if len(outcomes) == 1:
        return replace(outcomes[0], progress_measure=_mean_progress(outcomes))
    scores = [score for score in map(scaled_of, outcomes) if score is not None]
    return Outcome(
        completion=_completion(outcomes),
        success=_success(outcomes),
        scaled=sum(scores) / len(scores) if scores else None,
        progress_measure=_mean_progress(outcomes),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )


def _completion(outcomes: Sequence[Outcome]) -> Completion:
    found = {outcome.completion for outcome in outcomes}
    if len(found) == 1:
        return found.pop()
    return "incomplete" if found & {"incomplete", "completed"} else "unknown"


def _success(outcomes: Sequence[Outcome]) -> Success:
    found = {outcome.success for outcome in outcomes}
    if "failed" in found:
        return "failed"
    silent = (outcome for outcome in outcomes if outcome.success == "unknown")
    is_rest_done = all(outcome.completion == "completed" for outcome in silent)
    return "passed" if "passed" in found and is_rest_done else "unknown"


def _mean_progress(outcomes: Sequence[Outcome]) -> float | None:
    if not outcomes:
        return None
    known = (1.0 if o.completion == "completed" else o.progress_measure or 0.0 for o in outcomes)
    return sum(known) / len(outcomes)
