"""Saying a word to several reports at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.errors import Refused
from app.training.approvals import service as approvals
from app.training.enrolment import service as enrolments
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from app.training.results.models import ResultReport
from app.training.results.queries import TAKING
from app.training.results.states import HANDED_IN, ReportState


def accept_all(
    session: Session,
    run_id: uuid.UUID,
    enrolment_ids: Collection[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
    is_unconfirmed: bool = False,
) -> int:
    """Take in those reports of a run that heads have confirmed; return how many.

    `is_unconfirmed`: those, too, that none has. Raises Refused("report_closed") once the run is
    settled, and Refused("nothing_to_accept").
    """
    if session.get_one(Run, run_id).state not in TAKING:
        raise Refused("report_closed")
    people = session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.id.in_(enrolment_ids))
        .order_by(Enrolment.id)
        .with_for_update()
    ).all()
    rows = _handed_in(session, [each.id for each in people], is_unconfirmed=is_unconfirmed)
    if not rows:
        raise Refused("nothing_to_accept")
    workflow.move_all(session, rows, "accept", by=by, now=now)
    approvals.note_all(session, [row.id for row in rows], "accept", by=by, now=now)
    accepted = {row.enrolment_id for row in rows}
    for each in people:
        if each.id in accepted:
            enrolments.settle(session, each, now)
    return len(rows)


def _handed_in(
    session: Session, enrolment_ids: Collection[uuid.UUID], *, is_unconfirmed: bool
) -> Sequence[ResultReport]:
    states = HANDED_IN if is_unconfirmed else (ReportState.CONFIRMED,)
    return session.scalars(
        sa.select(ResultReport)
        .where(ResultReport.enrolment_id.in_(enrolment_ids), ResultReport.state.in_(states))
        .order_by(ResultReport.id)
        .with_for_update()
    ).all()
