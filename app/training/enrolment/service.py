"""What happens to enrolments without anybody's hand: they follow the records, and people are told.

Workers call `follow` and `tell_opened`; both may be called again and change nothing then.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, workflow
from app.kernel.actor import SYSTEM
from app.kernel.errors import Refused
from app.kernel.notices import service as notices
from app.learning.exams import service as exams
from app.learning.exams.models import Sitting
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE, RecordStatus
from app.people.register.models import Person
from app.people.restriction import queries as restriction
from app.training.decisions.models import Decision
from app.training.enrolment import access, queries
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.queries import Task
from app.training.enrolment.states import BEFORE_IT, SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.outstanding import queries as outstanding
from app.training.plans.models import Run, RunItem, RunKind, Training
from app.training.plans.states import RunState

OPENED = "run.opened"
#: What follows the records: whatever else was decided stands.
_FOLLOWING = (
    *BEFORE_IT,
    EnrolmentState.IN_PROGRESS,
    # What was done in time may come to us after it was over.
    EnrolmentState.AWAITING,
    EnrolmentState.COMPLETED,
)


@dataclass(frozen=True)
class Place:
    """Somebody's place in a run to come, with the post that is written down for it."""

    person_id: uuid.UUID
    section_id: uuid.UUID
    title_id: uuid.UUID
    candidacy_id: uuid.UUID | None = None
    follows_id: uuid.UUID | None = None


def place(
    session: Session,
    run_id: uuid.UUID,
    places: Sequence[Place],
    now: datetime,
    *,
    state: EnrolmentState = EnrolmentState.DECIDED,
) -> list[uuid.UUID]:
    """Put people into a run, with an assignment for each of its materials; return the enrolments.

    A few statements for any number. Whoever calls has seen to the seats, and to who is there
    already.
    """
    items = session.scalars(
        sa.select(RunItem.id)
        .where(RunItem.run_id == run_id, RunItem.material_id.is_not(None))
        .order_by(RunItem.position)
    ).all()
    rows = [
        {**vars(each), "id": db.new_id(), "run_id": run_id, "state": state, "decided_at": now}
        for each in places
    ]
    session.execute(sa.insert(Enrolment), rows)
    if items:
        session.execute(
            sa.insert(Assignment),
            [
                {"id": db.new_id(), "enrolment_id": row["id"], "run_item_id": item}
                for row in rows
                for item in items
            ],
        )
    return [row["id"] for row in rows]


def reset_ends(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """Have who sits a test of a run end as the run says it by now."""
    sits = sa.exists().where(Sitting.record_id == LearnerRecord.id, Sitting.submitted_at.is_(None))
    rows = session.execute(queries.tasks(Run.id == run_id, sits)).all()
    if rows:
        exams.reset_ends(session, [access.of_task(Task(*row), now) for row in rows])


def refuse_seated(session: Session, run_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Raise Refused("seated_already") where somebody has come to a seat in a run another way."""
    seated = sa.select(Enrolment.id).where(
        Enrolment.run_id == run_id,
        Enrolment.person_id == person_id,
        Enrolment.state.in_(SEATED),
    )
    if session.scalar(seated.limit(1)) is not None:
        raise Refused("seated_already")


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
    """Complete an enrolment when all that is required is done, start it when something is begun.

    Where only the report is still to come, it waits for that (報告待ち). A completion that the
    content has taken back is reopened. Who is out of the run stays as they are, and so does what
    was decided of an enrolment; what is not required settles nothing.
    """
    if enrolment.state not in _FOLLOWING:
        return
    statuses = session.scalars(
        sa.select(sa.func.coalesce(LearnerRecord.status, RecordStatus.NOT_STARTED.value))
        .select_from(Assignment)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(Assignment.enrolment_id == enrolment.id, RunItem.is_required.is_(True))
    ).all()
    if not statuses:
        return
    # Where people also meet, what they learnt alone is not the whole of it.
    is_alone = session.get_one(Run, enrolment.run_id).kind == RunKind.E_LEARNING
    is_done = is_alone and all(status in DONE for status in statuses)
    was_done = enrolment.state == EnrolmentState.COMPLETED
    is_begun = any(status != RecordStatus.NOT_STARTED for status in statuses)
    action = None
    if is_done and not was_done:
        action = "finish" if outstanding.is_owed(session, enrolment) else "complete"
    elif was_done and is_alone and not is_done:
        action = None if _is_decided(session, enrolment) else "reopen"
    elif enrolment.state in BEFORE_IT and is_begun:
        action = "start"
    if action and enrolment.state in Enrolment.transitions[action].sources:
        workflow.move(session, enrolment, action, by=SYSTEM, now=now)


def _is_decided(session: Session, enrolment: Enrolment) -> bool:
    """Whether the office has decided on an enrolment: then its word stands, not the records'."""
    decided = sa.select(Decision.id).where(Decision.enrolment_id == enrolment.id).limit(1)
    return session.scalar(decided) is not None


def tell_opened(session: Session, run_id: uuid.UUID, now: datetime) -> int:
    """Tell all who are enrolled that a run can be taken; return how many were told now."""
    run = session.get(Run, run_id)
    if run is None or run.state != RunState.OPEN:
        return 0
    enrolled = session.scalars(
        sa.select(Enrolment.person_id).where(
            Enrolment.run_id == run_id, Enrolment.state.in_(SEATED)
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
        "title": title_of(session, run),
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


def title_of(session: Session, run: Run) -> str:
    """Return what a run's training is called."""
    return session.scalars(
        sa.select(Training.title)
        .join(Offering, Offering.training_id == Training.id)
        .where(Offering.id == run.offering_id)
    ).one()
