"""Confirming that one has read what the data is used for, and writing a new wording of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Forbidden
from app.people.permission import access as permission
from app.people.purposes import queries
from app.people.purposes.models import PurposeConfirmation, PurposeStatement


@dataclass(frozen=True)
class Wording:
    """What people are told, in three parts."""

    purpose: str
    viewers: str
    retention: str


def confirm(session: Session, version: int, *, by: Actor, now: datetime) -> None:
    """Note that the actor has read a version.

    Raises Conflict("purposes_changed") where another one is shown by now.
    """
    if queries.present(session).version != version:
        raise Conflict("purposes_changed")
    if queries.confirmed_at(session, by.known_id, version):
        return
    session.add(PurposeConfirmation(person_id=by.known_id, version=version, confirmed_at=now))
    session.flush()
    audit.record(
        session,
        "person.purposes_confirmed",
        by=by.person_id,
        now=now,
        subject=("person", by.person_id),
        details={"version": version},
    )


def write(
    session: Session, wording: Wording, after: int, *, by: Actor, now: datetime
) -> PurposeStatement:
    """Add a version after the one that the writer saw; everybody is asked to confirm it.

    Raises Forbidden("whole_office_for_purposes") for whoever looks after a part of the staff only,
    and Conflict("purposes_changed") where somebody else has added one meanwhile.
    """
    if permission.governed_by(by) is not None:
        raise Forbidden("whole_office_for_purposes")
    row = PurposeStatement(
        version=after + 1,
        purpose=wording.purpose,
        viewers=wording.viewers,
        retention=wording.retention,
        created_by=by.known_id,
        created_at=now,
    )
    if queries.present(session).version != after:
        raise Conflict("purposes_changed")
    try:
        with session.begin_nested():
            session.add(row)
    except sa.exc.IntegrityError as error:  # somebody else's of the same moment
        raise Conflict("purposes_changed") from error
    audit.record(
        session,
        "purpose_statement.written",
        by=by.person_id,
        now=now,
        subject=("purpose_statement", row.id),
        details={"version": row.version},
    )
    return row
