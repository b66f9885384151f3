"""Making an operator's account by the command line, and ending one from the page.

An operator is a person of whom nothing but the name is kept, without staff number or post: no list,
no count and no export of staff can have one.
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
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import name_key
from app.people.accounts import service as accounts
from app.people.operators.models import Operator
from app.people.permission.models import RoleGrant
from app.people.permission.service import GRANTABLE, NEED_SECTION
from app.people.register.models import Person
from app.people.sign_in import service as sign_in

#: Longest time that an account may be made for: a contract's year.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class NewOperator:
    """A new operator's account: its number, and the password that is shown this once."""

    person_id: uuid.UUID
    number: str
    password: str


def create(session: Session, name: str, until: date, role: str, now: datetime) -> NewOperator:
    """Make an account with one role until a day, that day included.

    Raises Refused("operator_role") for a role that needs a section or that nobody grants,
    and Refused("operator_time") for a day that is past or more than a year away.
    """
    today = clock.today(now)
    if role not in GRANTABLE or role in NEED_SECTION:
        raise Refused("operator_role")
    if not today <= until <= today + LONGEST:
        raise Refused("operator_time")
    person = Person(name=name, name_key=name_key(name))
    session.add(person)
    session.flush()
    row = Operator(
        person_id=person.id, number=_next_number(session), valid_to=until, created_at=now
    )
    session.add(row)
    session.add(RoleGrant(person_id=person.id, role=role, valid_from=today, valid_to=until))
    session.flush()
    details = {"number": row.number, "until": until.isoformat(), "role": role}
    _record(session, "operator.created", person.id, SYSTEM, now, details)
    password = sign_in.issue_operators(session, person.id, SYSTEM, now)
    return NewOperator(person.id, row.number, password)


def end(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """End an operator's account today: what is open ends at once, and nothing lets it in again.

    Raises NotFound, and Refused("own_account").
    """
    row = session.get(Operator, person_id, with_for_update=True)
    yesterday = clock.today(now) - timedelta(days=1)
    if row is None:
        raise NotFound
    if person_id == by.person_id:
        raise Refused("own_account")
    if row.valid_to > yesterday:
        row.valid_to = yesterday
        session.execute(
            sa.update(RoleGrant)
            .where(RoleGrant.person_id == person_id, RoleGrant.valid_to > yesterday)
            .values(valid_to=yesterday)
        )
        _record(session, "operator.ended", person_id, by, now, {"number": row.number})
    accounts.end_sign_ins(session, [person_id], now)


def _next_number(session: Session) -> str:
    last = session.scalar(sa.select(sa.func.max(Operator.number))) or "op-0000"
    return f"op-{int(last.removeprefix('op-')) + 1:04}"


def _record(
    session: Session,
    action: str,
    person_id: uuid.UUID,
    by: Actor,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    subject = ("person", person_id)
    audit.record(session, action, by=by.person_id, now=now, subject=subject, details=details)
