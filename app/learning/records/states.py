"""The words for how far a learner is with a material, derived from what the content says."""

from __future__ import annotations

from enum import StrEnum

from scorm.outcome import Outcome, scaled_of


class RecordStatus(StrEnum):
    """未受講, 受講中, 完了, 合格, 不合格: derived, never moved by hand."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"


#: The statuses that count as done.
DONE = (RecordStatus.COMPLETED, RecordStatus.PASSED)

#: From worst to best: a record shows the best of its attempts.
RANK = (
    RecordStatus.NOT_STARTED,
    RecordStatus.IN_PROGRESS,
    RecordStatus.FAILED,
    RecordStatus.COMPLETED,
    RecordStatus.PASSED,
)


def status_of(outcome: Outcome, *, begun: bool) -> RecordStatus:
    """Return the one word for an outcome: success speaks before completion.

    Passed before it is complete is still in progress: the test stands, the rest is to be taken.
    """
    if outcome.success == "failed":
        return RecordStatus.FAILED
    if outcome.completion == "completed":
        return RecordStatus.PASSED if outcome.success == "passed" else RecordStatus.COMPLETED
    return RecordStatus.IN_PROGRESS if begun else RecordStatus.NOT_STARTED


def score_of(outcome: Outcome) -> float | None:
    """Return the score from 0 to 100."""
    scaled = scaled_of(outcome)
    return None if scaled is None else max(0.0, scaled) * 100
