"""Taking over what an institute has decided: all lines in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.institutes import queries
from app.training.institutes.queries import DECISIONS, ENDS, Outcome, Plan, Planned, ResultLine
from app.training.seating import service as seating
from app.training.seats import service as seats
from app.training.selection import service as selection


def take_over(
    session: Session,
    offering_id: uuid.UUID,
    lines: Sequence[ResultLine],
    *,
    by: Actor,
    now: datetime,
) -> Plan:
    """Make lines come true that were checked before; what is so already stays as it is.

    The institute has decided: neither quotas nor seats hold it back. Raises Conflict
    ("results_changed") where a line has become impossible meanwhile; then nothing is changed.
    """
    seats.locked(session, offering_id)
    plan = queries.plan(session, offering_id, lines)
    if plan.of(Outcome.ERROR):
        raise Conflict("results_changed")
    changed = plan.of(Outcome.CHANGED)
    for each in changed:
        _make_true(session, each, by=by, now=now)
    if any(each.line.result in DECISIONS for each in changed):
        session.flush()
        selection.mark_decided(session, offering_id, by=by, now=now)
    if changed:
        people = [each.person_id for each in changed if each.person_id]
        audit.record(
            session,
            "offering.results_taken",
            by=by.person_id,
            now=now,
            subject=("offering", offering_id),
            details=audit.shown(people),
        )
    return plan


def _make_true(session: Session, planned: Planned, *, by: Actor, now: datetime) -> None:
    result = planned.line.result
    if result in ENDS:
        enrolment = session.get_one(Enrolment, planned.row_id)
        workflow.move(session, enrolment, ENDS[EnrolmentState(result)], by=by, now=now)
        return
    row = session.get_one(Candidacy, planned.row_id)
    if result == CandidacyState.SELECTED and planned.run_id:
        seating.seat(session, row, planned.run_id, by=by, now=now)
    elif result == CandidacyState.WAITLISTED and planned.run_id:
        seating.wait(session, row, planned.run_id, by=by, now=now)
    else:
        workflow.move(session, row, DECISIONS[CandidacyState(result)], by=by, now=now)
