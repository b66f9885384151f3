"""Learners of portals, and how one of them is found to be of the staff.

Only two ways lead there: somebody's own sign-in in a window of the office, or the office's table of
both numbers. What a portal says of people is never believed: no name, no address.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.errors import NotFound, Refused
from app.learning.owners import service as owners
from app.learning.owners.models import Owner
from app.portals.gate.queries import hashed
from app.portals.learners.models import LinkedBy, PortalLearner
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import insert_new
from lti.errors import LaunchRefused


def known(session: Session, portal: Portal, subject: str, now: datetime) -> PortalLearner:
    """Return a portal's learner, made when they come first; no name makes a new one each time.

    Raises LaunchRefused("too_many_learners") where the agreement has no room for another.
    """
    if subject:
        found = _of(session, portal.id, subject)
        if found is not None:
            return found
    if portal.most_learners is not None and _count(session, portal.id) >= portal.most_learners:
        raise LaunchRefused("too_many_learners")
    key = new_id()
    insert_new(
        session,
        PortalLearner,
        id=key,
        portal_id=portal.id,
        subject=subject or None,
        created_at=now,
    )
    if not subject:
        return session.get_one(PortalLearner, key)
    found = _of(session, portal.id, subject)  # another launch of the same moment may have made it
    assert found is not None
    return found


def subject_of(portal: Portal, number: str) -> str:
    """Return what somebody is known by here whom a portal knows by a number.

    An LMS without LTI gives the number that its people know, of which a hash is kept alone.
    """
    return hashed(f"{portal.id} {number}") if portal.package_key else number


def owner_of(learner: PortalLearner) -> Owner:
    """Return whose what they learn is: a member of the staff's once that is proved."""
    return Owner(learner.person_id) if learner.person_id else Owner(guest_id=learner.id)


def link_self(
    session: Session, learner_id: uuid.UUID, *, by: Actor, now: datetime
) -> PortalLearner:
    """Have what somebody learns by a portal be on their own record, by their own sign-in.

    Raises NotFound, and Refused("learner_is_linked") where it is somebody's already.
    """
    row = session.get(PortalLearner, learner_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.person_id == by.known_id:
        return row
    if row.person_id is not None:
        raise Refused("learner_is_linked")
    _link(session, row, by.known_id, LinkedBy.SELF, by, now)
    return row


def link_table(
    session: Session, portal: Portal, table: Mapping[str, uuid.UUID], *, by: Actor, now: datetime
) -> int:
    """Say of a portal's learners who of the staff they are; return how many are new or others.

    Who has not come yet is known when they come.
    """
    count = 0
    for number, person_id in table.items():
        subject = subject_of(portal, number)
        insert_new(
            session,
            PortalLearner,
            id=new_id(),
            portal_id=portal.id,
            subject=subject,
            created_at=now,
        )
        row = _of(session, portal.id, subject)
        assert row is not None
        if row.person_id != person_id:
            _link(session, row, person_id, LinkedBy.TABLE, by, now)
            count += 1
    return count


def part(session: Session, learner_id: uuid.UUID, *, by: Actor, now: datetime) -> PortalLearner:
    """Have a portal's learner be nobody of the staff any more; what was learnt stays theirs."""
    row = session.get(PortalLearner, learner_id, with_for_update=True)
    if row is None or row.person_id is None:
        raise NotFound
    person_id, row.person_id, row.linked_by, row.linked_at = row.person_id, None, None, None
    _record(session, "portal_learner.parted", row, person_id, by, now)
    return row


def _link(
    session: Session,
    row: PortalLearner,
    person_id: uuid.UUID,
    linked_by: LinkedBy,
    by: Actor,
    now: datetime,
) -> None:
    row.person_id, row.linked_by, row.linked_at = person_id, linked_by, now
    owners.hand_over(session, row.id, person_id)
    _record(session, "portal_learner.linked", row, person_id, by, now)


def _record(
    session: Session,
    action: str,
    row: PortalLearner,
    person_id: uuid.UUID,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("portal_learner", row.id),
        details={"people": [str(person_id)], "portal": str(row.portal_id)},
    )


def _of(session: Session, portal_id: uuid.UUID, subject: str) -> PortalLearner | None:
    return session.scalars(
        sa.select(PortalLearner).where(
            PortalLearner.portal_id == portal_id, PortalLearner.subject == subject
        )
    ).one_or_none()


def _count(session: Session, portal_id: uuid.UUID) -> int:
    query = sa.select(sa.func.count()).where(PortalLearner.portal_id == portal_id)
    return session.scalar(query) or 0
