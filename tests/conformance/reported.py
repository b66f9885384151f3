"""What the database holds after a package was played, and whether it is what was reported."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.records import queries
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.states import DONE, RANK, RecordStatus

Told = Mapping[str, Mapping[str, str]]
Values = Mapping[str, str]

_STATUSES = ("cmi.core.lesson_status", "cmi.completion_status", "cmi.success_status")
_BOUNDS = (("min", 0), ("max", 100))
_SCORES = ("cmi.core.score.raw", "cmi.score.raw", "cmi.score.scaled")
#: Status, the limit that the manifest sets, what it is held against, and what comes of it.
_JUDGED = {
    "cmi.core.lesson_status": (
        "cmi.student_data.mastery_score", "cmi.core.score.raw", "passed", "failed",
    ),
    "cmi.success_status": (
        "cmi.scaled_passing_score", "cmi.score.scaled", "passed", "failed",
    ),
    "cmi.completion_status": (
        "cmi.completion_threshold", "cmi.progress_measure", "completed", "incomplete",
    ),
}  # fmt: skip
_WORDS_1_2 = {
    "passed": RecordStatus.PASSED,
    "failed": RecordStatus.FAILED,
    "completed": RecordStatus.COMPLETED,
    "incomplete": RecordStatus.IN_PROGRESS,
    "browsed": RecordStatus.IN_PROGRESS,
}


@dataclass(frozen=True)
class Kept:
    """A record as a report tells it, and the run-time state of each item of the newest attempt."""

    status: RecordStatus
    score: float | None
    progress: float
    seconds: float
    #: Item → `values` and, once it was begun anew, `earlier`.
    states: Mapping[str, Mapping[str, Any]]
    #: Item's status and score as a report tells them, in the outline's order.
    items: tuple[tuple[str, float | None], ...]

    def __str__(self) -> str:
        score = "-" if self.score is None else f"{self.score:g}"
        return f"{self.status} {score} {self.progress:.0%} {self.seconds:.0f} s"

    def worse_than(self, before: Kept) -> Iterator[str]:
        """Tell in what this is worse than it was before."""
        if RANK.index(self.status) < RANK.index(before.status):
            yield f"status {before.status} has become {self.status}"
        for name in ("score", "progress", "seconds"):
            was, now = getattr(before, name) or 0, getattr(self, name) or 0
            if now < was:
                yield f"{name} {was:g} has become {now:g}"


def kept(session: Session, assignment_id: uuid.UUID) -> Kept:
    """Return what is kept of an assignment that was begun."""
    query = sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
    record = session.scalars(query).one()
    shown = queries.detail(session, record.id).attempts[0]
    document = session.get_one(Attempt, shown.id).document
    return Kept(
        RecordStatus(record.status),
        record.score,
        record.progress,
        record.seconds,
        document.get("items", {}),
        tuple((item.status, item.score) for item in shown.items),
    )


def missing(told: Told, kept: Kept, order: list[str]) -> Iterator[str]:
    """Tell what content has reported (item → element → value) and the record does not hold."""
    shown = dict(zip(order, kept.items, strict=True))
    for item, set_values in told.items():
        values: Values = kept.states.get(item, {}).get("values", {})
        for element in (*_STATUSES, *_SCORES):
            if element in set_values and not _holds(values, set_values, element):
                yield f"{item}: {element} {set_values[element]} is kept as {values.get(element)}"
        if "earlier" not in kept.states.get(item, {}):
            yield from _wrongly_shown(item, values, *shown[item])


def _holds(values: Values, told: Values, element: str) -> bool:
    held, said = values.get(element), told[element]
    if held is None or said == "not attempted":
        return held is not None  # who ends what is not attempted has attempted it
    if element in _SCORES:
        return held == said or (said != "" and float(held) == float(said))
    return held in (said, _judged(values, element))


def _judged(values: Values, element: str) -> str | None:
    """Return what the manifest's own limit makes of a status, None where it has none."""
    limit, measure, reached, missed = _JUDGED[element]
    if limit not in values or measure not in values:
        return None
    return reached if float(values[measure]) >= float(values[limit]) else missed


def _wrongly_shown(item: str, values: Values, status: str, score: float | None) -> Iterator[str]:
    expected = _expected_status(values)
    if expected and status != expected:
        yield f"{item}: is shown as {status} instead of {expected}"
    points = _expected_score(values)
    if points is not None and (score is None or abs(score - points) > 0.01):
        yield f"{item}: shows the score {score} instead of {points:g}"


def _expected_status(values: Values) -> str | None:
    if "cmi.core.lesson_status" in values:
        return _WORDS_1_2.get(values["cmi.core.lesson_status"])
    success, completion = (values.get(f"cmi.{name}_status") for name in ("success", "completion"))
    if success == "failed":
        return RecordStatus.FAILED
    if completion == "completed":
        return RecordStatus.PASSED if success == "passed" else RecordStatus.COMPLETED
    return RecordStatus.IN_PROGRESS if completion == "incomplete" else None


def _expected_score(values: Values) -> float | None:
    if "cmi.score.scaled" in values:
        return max(0.0, float(values["cmi.score.scaled"])) * 100
    for above in ("cmi.core.score", "cmi.score"):
        if values.get(f"{above}.raw"):
            raw = float(values[f"{above}.raw"])
            low, high = (float(values.get(f"{above}.{end}") or at) for end, at in _BOUNDS)
            return 100 * min(1.0, max(0.0, (raw - low) / (high - low))) if high > low else None
    return None


def missummed(kept: Kept) -> Iterator[str]:
    """Tell where a record of one attempt does not agree with its items.

    The rules of a course of several items may weigh them in their own way.
    """
    if len(kept.items) == 1:
        [(status, score)] = kept.items
        if (kept.status, kept.score) != (status, score):
            yield f"the record has {kept.status} {kept.score}, its item {status} {score}"
    elif all(status in DONE for status, _ in kept.items) and kept.status not in DONE:
        yield f"all items are done, and the record is {kept.status}"
    elif kept.status == RecordStatus.NOT_STARTED:
        yield "the record is not started"
