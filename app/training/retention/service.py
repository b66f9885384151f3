"""Training's rows about people: enrolments with their assignments."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.holdings import Counts, Due, Erasing, Holding, RecordClass, delete
from app.learning.retention import service as learning
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.plans.models import Run


def _is_due(before: date) -> sa.ColumnElement[bool]:
    """Return the condition that an enrolment was revoked in a run that ended before a day."""
    ended = sa.select(Run.id).where(Run.learn_until < before)
    return sa.and_(Enrolment.state == EnrolmentState.REVOKED, Enrolment.run_id.in_(ended))


def _due(before: date) -> Due:
    return (
        sa.select(Enrolment.person_id, sa.func.count(), sa.func.min(Run.learn_until))
        .join(Run, Run.id == Enrolment.run_id)
        .where(_is_due(before))
        .group_by(Enrolment.person_id)
    )


def _erase(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    """Erase revoked enrolments, and what was learnt for them."""
    return _enrolments(session, Enrolment.person_id == person_id, _is_due(before))


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase all enrolments of somebody."""
    return _enrolments(session, Enrolment.person_id == person_id)


def _enrolments(session: Session, *conditions: sa.ColumnElement[bool]) -> Counter[str]:
    keys = sa.select(Enrolment.id).where(*conditions)
    of_these = Assignment.enrolment_id.in_(keys)
    assignments = session.scalars(sa.select(Assignment.id).where(of_these)).all()
    gone = learning.erase_records(session, assignments)
    gone += delete(session, Assignment, of_these)
    return gone + delete(session, Enrolment, *conditions)


HOLDINGS = (Holding(RecordClass.REVOKED, _due, _erase),)
ERASING = Erasing("training", erase_person)
