"""Granting and ending roles, and letting somebody act in another's place for a time.

Nobody gives a role to themselves (C07): not as a grant, and not as a deputy by their own hand.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Forbidden, NotFound, Refused
from app.people.permission import access, queries
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.permission.queries import DELEGABLE
from app.people.sections import queries as sections

#: What can be granted; everybody is a learner without it.
GRANTABLE = tuple(role for role in Role if role != Role.LEARNER)
#: Roles that mean nothing without a section.
NEED_SECTION = frozenset({Role.HEAD, Role.COORDINATOR})
#: Roles that can be held for one training.
FOR_TRAINING = frozenset({Role.OFFICE, Role.ORGANISER, Role.LECTURER})


@dataclass(frozen=True)
class Period:
    """From a first day (None: today) to a last one (None: without an end)."""

    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Limits(Period):
    """A time, and the training that a role is held for (None: all)."""

    training_id: uuid.UUID | None = None


UNLIMITED = Limits()


def grant(
    session: Session,
    person_id: uuid.UUID,
    role: str,
    *,
    section_id: uuid.UUID | None,
    with_children: bool = True,
    limits: Limits = UNLIMITED,
    by: Actor,
    now: datetime,
) -> RoleGrant:
    """Give a person a role for a time, for a section or (None) for all, and for a training.

    Raises Refused for a role that cannot be granted so, is held so already or has no days, and
    Forbidden for one beyond the reach of who grants it.
    """
    today = clock.today(now)
    _check_role(session, role, section_id, limits, today)
    _check_reach(session, person_id, role, section_id, by, now)
    _check_not_own(person_id, by)
    row = RoleGrant(
        person_id=person_id,
        role=role,
        section_id=section_id,
        with_children=with_children,
        training_id=limits.training_id,
        valid_from=limits.valid_from or today,
        valid_to=limits.valid_to,
        granted_by=by.person_id,
    )
    _check_days(row.valid_from, row.valid_to, today)
    if _is_held(session, row):
        raise Refused("role_held")
    session.add(row)
    session.flush()
    _record(session, "person.role_granted", row, by, now)
    return row


def end(
    session: Session, person_id: uuid.UUID, grant_id: uuid.UUID, *, by: Actor, now: datetime
) -> RoleGrant:
    """Take a role away at once; its row stays, with yesterday as its last day."""
    row = session.get(RoleGrant, grant_id, with_for_update=True)
    held = {role.id for role in queries.held_by(session, person_id, now)}
    if row is None or row.id not in held:
        raise NotFound
    _check_reach(session, person_id, row.role, row.section_id, by, now)
    row.valid_to = clock.today(now) - timedelta(days=1)
    _record(session, "person.role_ended", row, by, now)
    return row


def carry(
    session: Session,
    successors: Mapping[uuid.UUID, uuid.UUID],
    day: date,
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Let the roles for sections that end go on, from a day on, for the ones that follow them."""
    grants = session.scalars(
        sa.select(RoleGrant).where(
            RoleGrant.section_id.in_(successors),
            sa.or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= day),
        )
    ).all()
    for row in grants:
        assert row.section_id is not None  # it is one of the successors' keys
        pair = [str(row.section_id), str(successors[row.section_id])]
        session.add(_following(row, successors[row.section_id], day))
        row.valid_to = day - timedelta(days=1)
        subject = ("person", row.person_id)
        details = {"role": row.role, "section_id": pair}
        audit.record(
            session, "person.role_carried", by=by, now=now, subject=subject, details=details
        )


def _following(row: RoleGrant, section_id: uuid.UUID, day: date) -> RoleGrant:
    """Return the same role for another section, for what is left of its time."""
    return RoleGrant(
        person_id=row.person_id,
        role=row.role,
        section_id=section_id,
        with_children=row.with_children,
        training_id=row.training_id,
        valid_from=max(day, row.valid_from),
        valid_to=row.valid_to,
        granted_by=row.granted_by,
    )


def delegate(
    session: Session,
    holder_id: uuid.UUID,
    deputy_id: uuid.UUID,
    role: str,
    *,
    period: Period,
    by: Actor,
    now: datetime,
) -> Delegation:
    """Let a deputy act in a role of its holder, with all its scopes, until a last day (代行).

    The holder does so, or whoever looks after them. Raises Refused for a role that cannot be lent
    or is not held, for days that are none or without an end, and for somebody as their own deputy.
    """
    today = clock.today(now)
    if by.person_id != holder_id:
        access.check_may_govern(session, [holder_id], by, now)
        _check_not_own(deputy_id, by)
    if deputy_id == holder_id:
        raise Refused("deputy_is_holder")
    held = {held.role for held in queries.held_by(session, holder_id, now)}
    if role not in DELEGABLE or role not in held:
        raise Refused("role_not_held")
    row = Delegation(
        from_id=holder_id,
        to_id=deputy_id,
        role=role,
        valid_from=period.valid_from or today,
        valid_to=period.valid_to,
        created_by=by.known_id,
    )
    if row.valid_to is None:
        raise Refused("deputy_needs_end")
    _check_days(row.valid_from, row.valid_to, today)
    session.add(row)
    session.flush()
    _record_deputy(session, "person.deputy_named", row, by, now)
    return row


def end_delegation(
    session: Session, person_id: uuid.UUID, delegation_id: uuid.UUID, *, by: Actor, now: datetime
) -> Delegation:
    """Let a deputy act no more; the holder may, the deputy, and whoever looks after the holder."""
    row = session.get(Delegation, delegation_id, with_for_update=True)
    today = clock.today(now)
    if row is None or person_id not in (row.from_id, row.to_id):
        raise NotFound
    if row.valid_to is not None and row.valid_to < today:
        raise NotFound
    row.valid_to = today - timedelta(days=1)
    _record_deputy(session, "person.deputy_ended", row, by, now)
    return row


def _check_role(
    session: Session, role: str, section_id: uuid.UUID | None, limits: Limits, today: date
) -> None:
    if role not in GRANTABLE:
        raise Refused("role_not_grantable")
    if role in NEED_SECTION and section_id is None:
        raise Refused("role_needs_section")
    if limits.training_id is not None and role not in FOR_TRAINING:
        raise Refused("role_takes_no_training")
    if section_id and section_id not in {place.id for place in sections.present(session, today)}:
        raise NotFound


def _check_not_own(person_id: uuid.UUID, by: Actor) -> None:
    if by.person_id == person_id:
        raise Forbidden("not_to_yourself")


def _check_days(first: date, last: date | None, today: date) -> None:
    if last is not None and last < max(first, today):
        raise Refused("period_is_none")


def _check_reach(
    session: Session,
    person_id: uuid.UUID,
    role: str,
    section_id: uuid.UUID | None,
    by: Actor,
    now: datetime,
) -> None:
    if by == SYSTEM:
        return
    access.check_may_govern(session, [person_id], by, now)
    if role in access.WATCHING and Role.ADMINISTRATOR not in by.roles:
        raise Forbidden("only_administrators")
    scope = access.governed_by(by)
    if scope is not None and section_id not in scope:
        raise Forbidden("beyond_your_sections")


def _is_held(session: Session, new: RoleGrant) -> bool:
    """Whether the same role with the same scope is held on one of these days."""
    same = [
        getattr(RoleGrant, name).is_not_distinct_from(getattr(new, name))
        for name in ("person_id", "role", "section_id", "training_id")
    ]
    query = sa.select(RoleGrant.id).where(
        *same, sa.or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= new.valid_from)
    )
    if new.valid_to is not None:
        query = query.where(RoleGrant.valid_from <= new.valid_to)
    return session.scalar(query.limit(1)) is not None


def _record(session: Session, action: str, row: RoleGrant, by: Actor, now: datetime) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("person", row.person_id),
        details={
            "role": row.role,
            "section": str(row.section_id) if row.section_id else None,
            "with_children": row.with_children,
            "training": str(row.training_id) if row.training_id else None,
            "from": row.valid_from.isoformat(),
            "until": row.valid_to.isoformat() if row.valid_to else None,
        },
    )


def _record_deputy(
    session: Session, action: str, row: Delegation, by: Actor, now: datetime
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("person", row.from_id),
        details={
            "role": row.role,
            "deputy": str(row.to_id),
            "from": row.valid_from.isoformat(),
            "until": row.valid_to.isoformat() if row.valid_to else None,
        },
    )
