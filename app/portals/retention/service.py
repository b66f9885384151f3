"""Rows about who comes from other systems: guests by their last activity, staff with all of it.

Logins and launches are kept for days and weeks only, see `gate.service.forget`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.holdings import (
    AT_ONCE,
    Counts,
    Due,
    Erasing,
    Holding,
    RecordClass,
    delete,
    forget_doer,
    moment_before,
)
from app.learning.records.models import LearnerRecord
from app.learning.retention import service as learning
from app.portals.api_learners.models import ApiLearner, ApiRegistration
from app.portals.invitations.models import PortalInvitation
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment
from app.portals.registrations.models import Portal, PortalDeployment
from app.portals.scores.models import PortalScore

#: When a guest last did something.
_LAST = sa.func.coalesce(LearnerRecord.last_at, PortalAssignment.created_at)


def _old(before: date) -> tuple[sa.ColumnElement[bool], ...]:
    return LearnerRecord.guest_id.is_not(None), moment_before(before) > _LAST


def _due(before: date) -> Due:
    """Return what guests have taken; nobody of the staff is named in it."""
    return (
        sa.select(sa.null(), sa.func.count(), sa.func.min(_LAST))
        .select_from(PortalAssignment)
        .join(LearnerRecord, LearnerRecord.assignment_id == PortalAssignment.id)
        .where(*_old(before))
        .having(sa.func.count() > 0)
    )


def _erase(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    if person_id is not None:
        return {}
    keys = session.scalars(
        sa.select(PortalAssignment.id)
        .join(LearnerRecord, LearnerRecord.assignment_id == PortalAssignment.id)
        .where(*_old(before))
        .limit(AT_ONCE)
    ).all()
    gone = _assignments(session, keys)
    taken = sa.select(PortalAssignment.learner_id)
    nobody = PortalLearner.person_id.is_(None), PortalLearner.id.not_in(taken)
    is_old = PortalLearner.created_at < moment_before(before)
    return {**gone, **delete(session, PortalLearner, *nobody, is_old)}


def _assignments(session: Session, keys: Collection[uuid.UUID]) -> Counts:
    gone = learning.erase_records(session, keys)
    gone += delete(session, PortalScore, PortalScore.assignment_id.in_(keys))
    return gone + delete(session, PortalAssignment, PortalAssignment.id.in_(keys))


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase that somebody of the staff came from portals, with what they took there."""
    mine = sa.select(PortalLearner.id).where(PortalLearner.person_id == person_id)
    taken = sa.select(PortalAssignment.id).where(PortalAssignment.learner_id.in_(mine))
    gone = dict(_assignments(session, session.scalars(taken).all()))
    forget_doer(
        session,
        person_id,
        Portal.proposed_by,
        Portal.approved_by,
        PortalDeployment.allowed_by,
        PortalInvitation.created_by,
    )
    return {**gone, **delete(session, PortalLearner, PortalLearner.person_id == person_id)}


#: When a learner of another system last did something.
_API_LAST = sa.func.coalesce(LearnerRecord.last_at, ApiRegistration.created_at)
_API = LearnerRecord.assignment_id == ApiRegistration.id


def _api_due(before: date) -> Due:
    """Return what learners of other systems have taken; nobody of the staff is named in it."""
    return (
        sa.select(sa.null(), sa.func.count(), sa.func.min(_API_LAST))
        .select_from(ApiRegistration)
        .outerjoin(LearnerRecord, _API)
        .where(moment_before(before) > _API_LAST)
        .having(sa.func.count() > 0)
    )


def _erase_api(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    if person_id is not None:
        return {}
    keys = session.scalars(
        sa.select(ApiRegistration.id)
        .outerjoin(LearnerRecord, _API)
        .where(moment_before(before) > _API_LAST)
        .limit(AT_ONCE)
    ).all()
    gone = learning.erase_records(session, keys)
    gone += delete(session, ApiRegistration, ApiRegistration.id.in_(keys))
    taking = sa.select(ApiRegistration.learner_id)
    is_old = ApiLearner.created_at < moment_before(before)
    return {**gone, **delete(session, ApiLearner, ApiLearner.id.not_in(taking), is_old)}


HOLDINGS = (
    Holding(RecordClass.COMPLETION, _due, _erase),
    Holding(RecordClass.COMPLETION, _api_due, _erase_api),
)
ERASING = Erasing("portals", erase_person)
