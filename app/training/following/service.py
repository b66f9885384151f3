"""Letting candidacies and enrolments follow the register, once a round of the workers.

The register stands below and knows no training: it is read here. Called again, nothing more
happens.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, workflow
from app.kernel.actor import SYSTEM
from app.kernel.open_days import OpenDays
from app.people.register.models import ExclusionPeriod, Person
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import OPEN
from app.training.changes.models import ChangeRequest
from app.training.changes.states import PENDING
from app.training.effects import service as effects
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import UNDER_WAY
from app.training.offerings.models import Obligation, Offering
from app.training.plans.models import Run
from app.training.seats import service as seats

#: So many days after their return somebody who was away has for what is mandatory.
AFTER_RETURN = timedelta(days=30)


def leave(session: Session, days: OpenDays, now: datetime) -> int:
    """Close what is open of those who have left (離職); return how many seats were freed.

    What was learnt and attended stays. The order needs no revocation: it ends with the post.
    """
    gone = sa.select(Person.id).where(Person.left_on < clock.today(now))
    candidacies = session.scalars(
        sa.select(Candidacy).where(Candidacy.person_id.in_(gone), Candidacy.state.in_(OPEN))
    ).all()
    for candidacy in candidacies:
        workflow.move(session, candidacy, "withdraw", by=SYSTEM, now=now)
    seated = session.execute(
        sa.select(Enrolment.id, Run.offering_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Enrolment.person_id.in_(gone), Enrolment.state.in_(UNDER_WAY))
    ).all()
    for enrolment_id, offering_id in seated:
        offering = seats.locked(session, offering_id)
        row = session.get_one(Enrolment, enrolment_id, with_for_update=True)
        for request in session.scalars(
            sa.select(ChangeRequest).where(
                ChangeRequest.enrolment_id == row.id, ChangeRequest.state.in_(PENDING)
            )
        ):
            workflow.move(session, request, "withdraw", by=SYSTEM, now=now)
        workflow.move(session, row, "leave", by=SYSTEM, now=now)
        session.flush()
        effects.move_up(session, row.run_id, offering, days, now)
    return len(seated)


def extend(session: Session) -> int:
    """Give those who were away (受講対象外期間) over a mandatory due date time after their return.

    They have until `AFTER_RETURN` days after the last day of their absence; one whose end nobody
    knows yet is extended once it is known. Return how many.
    """
    last = sa.func.max(ExclusionPeriod.valid_to)
    away = session.execute(
        sa.select(Enrolment, last, Run.learn_until)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(ExclusionPeriod, ExclusionPeriod.person_id == Enrolment.person_id)
        .where(
            Offering.obligation == Obligation.MANDATORY,
            Enrolment.state.in_(UNDER_WAY),
            ExclusionPeriod.valid_from <= Run.learn_until,
            ExclusionPeriod.valid_to >= Run.learn_from,
        )
        .group_by(Enrolment.id, Run.learn_until)
    ).all()
    count = 0
    for row, returned_on, due_on in away:
        until = (returned_on or due_on) + AFTER_RETURN
        if until > due_on and row.extended_until != until:
            row.extended_until = until
            count += 1
    return count
