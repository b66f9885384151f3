"""Granting and ending roles."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Forbidden, NotFound, Refused
from app.people.permission import access, queries
from app.people.permission.models import Role, RoleGrant
from app.people.sections import queries as sections

#: What can be granted; everybody is a learner without it.
GRANTABLE = tuple(role for role in Role if role != Role.LEARNER)
#: Roles that mean nothing without a section.
NEED_SECTION = frozenset({Role.HEAD, Role.COORDINATOR})


def grant(
    session: Session,
    person_id: uuid.UUID,
    role: str,
    *,
    section_id: uuid.UUID | None,
    with_children: bool = True,
    by: Actor,
    now: datetime,
) -> RoleGrant:
    """Give a person a role from today on, for a section or (None) for all.

    Raises Refused for a role that nobody grants, that needs a section or that is already held so,
    and Forbidden for one beyond the reach of who grants it.
    """
    if role not in GRANTABLE:
        raise Refused("role_not_grantable")
    if role in NEED_SECTION and section_id is None:
        raise Refused("role_needs_section")
    if section_id and section_id not in {
        place.id for place in sections.present(session, clock.today(now))
    }:
        raise NotFound
    _check_reach(session, person_id, role, section_id, by, now)
    today = clock.today(now)
    if _is_held(session, person_id, role, section_id, now):
        raise Refused("role_held")
    row = RoleGrant(
        person_id=person_id,
        role=role,
        section_id=section_id,
        with_children=with_children,
        valid_from=today,
        granted_by=by.person_id,
    )
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


def _is_held(
    session: Session,
    person_id: uuid.UUID,
    role: str,
    section_id: uuid.UUID | None,
    now: datetime,
) -> bool:
    ids = [held.id for held in queries.held_by(session, person_id, now) if held.role == role]
    same = (
        RoleGrant.section_id.is_(None) if section_id is None else RoleGrant.section_id == section_id
    )
    return session.scalar(sa.select(RoleGrant.id).where(RoleGrant.id.in_(ids), same)) is not None


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
        },
    )
