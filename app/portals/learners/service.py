"""Learners of portals, and how one of them is found to be of the staff.

Only two ways lead there: somebody's own sign-in in a window of the office, or the office's table of
both numbers. What a portal says of people is never believed: no name, no address.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import insert_new, new_id
from app.kernel.errors import NotFound, Refused
from app.kernel.hashing import hashed
from app.learning.owners import service as owners
from app.learning.owners.models import Owner
from app.portals.learners.models import LinkedBy, PortalLearner
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import OpenPortal
from lti.errors import LaunchRefused


@dataclass(frozen=True)
class Learner:
    """Somebody from a portal, as a launch needs them."""

    id: uuid.UUID
    #: Who of the staff it is; None while nobody knows.
    person_id: uuid.UUID | None

    @property
    def owner(self) -> Owner:
        """Return whose what they learn is: a member of the staff's once that is proved."""
        return Owner(self.person_id) if self.person_id else Owner(guest_id=self.id)


def enter(session: Session, portal: OpenPortal, subject: str, now: datetime) -> Learner:
    """Return a portal's learner who comes for the first time; no name makes a new one each time.

    Raises LaunchRefused("too_many_learners") where the agreement has no room for another.
    """
    if portal.most_learners is not None and _count(session, portal.id) >= portal.most_learners:
        raise LaunchRefused("too_many_learners")
    said = {"portal_id": portal.id, "subject": subject or None}
    key = new_id()
    if insert_new(session, PortalLearner, id=key, **said, created_at=now):
        return Learner(key, None)
    # Another launch of the same moment was the first.
    query = sa.select(PortalLearner.id, PortalLearner.person_id).filter_by(**said)
    return Learner(*session.execute(query).one())


def subject_of(portal: Portal, number: str) -> str:
    """Return what somebody is known by here whom a portal knows by a number.

    An LMS without LTI gives the number that its people know, of which a hash is kept alone.
    """
    return hashed(f"{portal.id} {number}") if portal.package_key else number


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
