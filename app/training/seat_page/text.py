"""What the page of a seat says from Python."""

from __future__ import annotations

from app.kernel.audit.text import WHO, Act, Manner
from app.kernel.language import Lazy, lazy
from app.training.enrolment.states import EnrolmentState
from app.training.enrolment.text import PROGRESS, STATES

#: The word of each state of a seat, and the kind of its chip.
CHIPS: dict[str, tuple[Lazy, str]] = {
    **{state: PROGRESS[state] for state in EnrolmentState if state in PROGRESS},
    EnrolmentState.DECIDED: (STATES[EnrolmentState.DECIDED], "info"),
    EnrolmentState.ORDERED: (STATES[EnrolmentState.ORDERED], "info"),
    EnrolmentState.COMPLETED: (STATES[EnrolmentState.COMPLETED], "success"),
}

#: What is written into the audit here.
ACTS: dict[str, Act] = {
    "enrolment.viewed": Act("training", lazy("受講の席を閲覧"), Manner.SEEN, WHO),
    "enrolment.listed": Act("training", lazy("所属の受講の一覧を閲覧"), Manner.LISTED, WHO),
}
