"""The first account of an installation: somebody who can sign in and let everybody else in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.folding import code_key, name_key
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person, StaffNumber, Title
from app.people.sections import queries
from app.people.sections import service as sections
from app.people.sign_in import service as sign_in

#: The system's administrator, and the training office: the one who may grant roles to others.
ROLES = (Role.ADMINISTRATOR, Role.OFFICE)


@dataclass(frozen=True)
class NewAccount:
    """Who the account is for; the post is that of the staff list, which may be imported later."""

    number: str
    name: str
    section_code: str
    section: str
    title: str


def create(session: Session, account: NewAccount, now: datetime) -> str:
    """Add a person with a post, the roles and a password; return the password, kept in no row.

    Raises Refused("number_taken") where somebody has the number already.
    """
    number = code_key(account.number)
    if session.scalar(sa.select(StaffNumber.id).where(StaffNumber.number == number)):
        raise Refused("number_taken", number=number)
    today = clock.today(now)
    person = Person(name=account.name, name_key=name_key(account.name))
    session.add(person)
    session.flush()
    session.add(StaffNumber(person_id=person.id, number=number, valid_from=today))
    session.add(
        Appointment(
            person_id=person.id,
            section_id=_section(session, account, today),
            title_id=_title(session, account.title).id,
            valid_from=today,
        )
    )
    session.add_all(RoleGrant(person_id=person.id, role=role, valid_from=today) for role in ROLES)
    session.flush()
    audit.record(
        session, "person.created_by_command", by=None, now=now, subject=("person", person.id)
    )
    [(_, password)] = sign_in.issue_passwords(session, [person.id], SYSTEM, now)
    return password


def _section(session: Session, account: NewAccount, today: date) -> uuid.UUID:
    """Return the section that has the code today, or a new one."""
    place = queries.by_code(session, today).get(account.section_code)
    if place:
        return place.id
    return sections.found(session, account.section_code, account.section, on=today).id


def _title(session: Session, name: str) -> Title:
    """Return the title of that name, or a new one that ranks after all others."""
    found = session.scalar(sa.select(Title).where(Title.name == name))
    if found is None:
        last = session.scalar(sa.select(sa.func.max(Title.rank_order))) or 0
        found = Title(name=name, rank_order=last + 1)
        session.add(found)
        session.flush()
    return found
