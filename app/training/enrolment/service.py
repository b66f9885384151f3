"""What happens to enrolments without anybody's hand: they follow the records, and people are told.

Workers call `follow` and `tell_opened`; both may be called again and change nothing then.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import SYSTEM
from app.kernel.notices import service as notices
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE, RecordStatus
from app.people.register.models import Person
from app.people.restriction import queries as restriction
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState

OPENED = "run.opened"


def follow(session: Session, assignment_id: uuid.UUID, now: datetime) -> None:
    """Bring the enrolment of an assignment to where its records are.

    An assignment that is not ours (a portal's launch keeps records, too) is nobody's business here.
    """
    enrolment = session.scalars(
        sa.select(Enrolment)
        .join(Assignment, Assignment.enrolment_id == Enrolment.id)
        .where(Assignment.id == assignment_id)
        .with_for_update(of=Enrolment)
    ).one_or_none()
    if enrolment is not None:
        settle(session, enrolment, now)


def settle(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Complete an enrolment when all its records are done, start it when one is begun.

    A completion that the content has taken back is reopened; a revoked enrolment stays as it is.
    """
    if enrolment.state == EnrolmentState.REVOKED:
        return
    statuses = session.scalars(
        sa.select(sa.func.coalesce(LearnerRecord.status, RecordStatus.NOT_STARTED.value))
        .select_from(Assignment)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(Assignment.enrolment_id == enrolment.id)
    ).all()
    is_done = bool(statuses) and all(status in DONE for status in statuses)
    was_done = enrolment.state == EnrolmentState.COMPLETED
    if is_done != was_done:
        action = "complete" if is_done else "reopen"
        workflow.move(session, enrolment, action, by=SYSTEM, now=now)
    elif enrolment.state == EnrolmentState.DECIDED and any(
        status != RecordStatus.NOT_STARTED for status in statuses
    ):
        workflow.move(session, enrolment, "start", by=SYSTEM, now=now)


def tell_opened(session: Session, run_id: uuid.UUID, now: datetime) -> int:
    """Tell all who are enrolled that a run can be taken; return how many were told now."""
    run = session.get(Run, run_id)
    if run is None or run.state != RunState.OPEN:
        return 0
    enrolled = session.scalars(
        sa.select(Enrolment.person_id).where(
            Enrolment.run_id == run_id, Enrolment.state != EnrolmentState.REVOKED
        )
    ).all()
    return invite(session, run, enrolled, now)


def invite(session: Session, run: Run, person_ids: Sequence[uuid.UUID], now: datetime) -> int:
    """Tell some people, once each, that they can take a run; return how many were told now.

    Who is restricted is told nothing, until they are not and the run is opened again.
    """
    apart = restriction.restricted(session)
    reachable = set(
        session.scalars(
            sa.select(Person.id)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .where(Enrolment.run_id == run.id, Person.email.is_not(None))
        )
    )
    data = {
        "title": session.get_one(Training, run.training_id).title,
        "from_on": run.learn_from.isoformat(),
        "until_on": run.learn_until.isoformat(),
    }
    return notices.notify(
        session,
        [person_id for person_id in person_ids if person_id not in apart],
        OPENED,
        data,
        "/",
        now=now,
        dedupe=f"{OPENED}:{run.id}",
        mail_to=reachable,
    )
