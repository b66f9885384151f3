"""What the office changes of one person by hand: corrections, leaving, times without training.

A correction keeps what was there before (C20): the audit's line has old and new value by item. Each
change moves the register's revision. Transfers come with a file of the register.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import name_key
from app.kernel.periods import valid
from app.people.permission import access as permission
from app.people.permission.models import Delegation, RoleGrant
from app.people.register.models import Appointment, ExclusionPeriod, Person, PostKind
from app.people.register.service import bump

#: Items of the person, and items of the main post of today.
OF_PERSON = ("name", "email", "gender", "age", "age_as_of", "hired_on", "promoted_on")
OF_POST = ("job_type", "duty")


@dataclass(frozen=True)
class Correction:
    """The items as they should be."""

    name: str
    email: str | None
    gender: str | None
    age: int | None
    age_as_of: date | None
    hired_on: date | None
    promoted_on: date | None
    job_type: str
    duty: str


def correct(
    session: Session, person: Person, data: Correction, *, by: Actor, now: datetime
) -> dict[str, list[Any]]:
    """Put somebody's items right, and return old and new value of those that differ.

    `person` comes locked from `access.kept`. Raises Forbidden where they hold a role above the
    actor's: whoever changes an address can have a password sent to it.
    """
    permission.check_may_govern(session, [person.id], by, now)
    changes: dict[str, list[Any]] = {}
    for name in OF_PERSON:
        _set(person, name, getattr(data, name), changes)
    person.name_key = name_key(person.name)
    post = _main_post(session, person.id, clock.today(now))
    for name in OF_POST if post else ():
        _set(post, name, getattr(data, name), changes)
    if changes:
        _record(session, "person.corrected", person.id, changes, by, now)
    return changes


def leave(session: Session, person: Person, last: date, *, by: Actor, now: datetime) -> None:
    """End somebody's service with a last day: no sign-in and no list from the day after.

    Roles and deputies end with it. Raises Forbidden("only_administrators"), Refused("leaves_self").
    """
    permission.check_may_govern(session, [person.id], by, now)
    if person.id == by.person_id:
        raise Refused("leaves_self")
    changes: dict[str, list[Any]] = {}
    _set(person, "left_on", last, changes)
    if not changes:
        return
    mine: list[tuple[type[RoleGrant | Delegation], sa.ColumnElement[bool]]] = [
        (RoleGrant, RoleGrant.person_id == person.id),
        (Delegation, sa.or_(Delegation.from_id == person.id, Delegation.to_id == person.id)),
    ]
    for row, condition in mine:
        session.execute(
            sa.update(row)
            .where(condition, sa.or_(row.valid_to.is_(None), row.valid_to > last))
            .values(valid_to=last)
        )
    _record(session, "person.left", person.id, changes, by, now)


def stay(session: Session, person: Person, *, by: Actor, now: datetime) -> None:
    """Take back that somebody leaves or has left; roles that ended with it are not given again."""
    permission.check_may_govern(session, [person.id], by, now)
    changes: dict[str, list[Any]] = {}
    _set(person, "left_on", None, changes)
    if changes:
        _record(session, "person.stayed", person.id, changes, by, now)


def exclude(
    session: Session, person: Person, first: date, last: date | None, *, by: Actor, now: datetime
) -> ExclusionPeriod:
    """Ask somebody to take no training for a time (受講対象外期間); nobody is told or asked why."""
    if last is not None and last < first:
        raise Refused("exclusion_is_none")
    row = ExclusionPeriod(person_id=person.id, valid_from=first, valid_to=last)
    session.add(row)
    session.flush()
    changes: dict[str, list[Any]] = {"exclusion": [None, _days(row)]}
    _record(session, "person.excluded", person.id, changes, by, now)
    return row


def end_exclusion(
    session: Session, person: Person, exclusion_id: uuid.UUID, *, by: Actor, now: datetime
) -> None:
    """End such a time with yesterday; raises NotFound for one that is over or another's."""
    row = session.get(ExclusionPeriod, exclusion_id, with_for_update=True)
    today = clock.today(now)
    if row is None or row.person_id != person.id or (row.valid_to and row.valid_to < today):
        raise NotFound
    before = _days(row)
    row.valid_to = today - timedelta(days=1)
    changes: dict[str, list[Any]] = {"exclusion": [before, _days(row)]}
    _record(session, "person.exclusion_ended", person.id, changes, by, now)


def _days(row: ExclusionPeriod) -> str:
    return f"{row.valid_from.isoformat()}/{row.valid_to.isoformat() if row.valid_to else ''}"


def _set(row: Any, name: str, new: Any, changes: dict[str, list[Any]]) -> None:
    old = getattr(row, name)
    if old != new:
        setattr(row, name, new)
        changes[name] = [
            value.isoformat() if isinstance(value, date) else value for value in (old, new)
        ]


def _main_post(session: Session, person_id: uuid.UUID, today: date) -> Appointment | None:
    return session.scalars(
        sa.select(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.kind == PostKind.MAIN,
            valid(Appointment, today),
        )
        .with_for_update()
    ).first()


def _record(
    session: Session,
    action: str,
    person_id: uuid.UUID,
    changes: dict[str, list[Any]],
    by: Actor,
    now: datetime,
) -> None:
    session.flush()
    bump(session)
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("person", person_id),
        details=changes,
    )
