"""Stopping the use of somebody's data, and beginning again."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Person


class Reason(StrEnum):
    """Why: a code, never free text."""

    #: 本人の請求.
    REQUEST = "request"
    #: 内容の確認中.
    INQUIRY = "inquiry"
    #: 係争.
    DISPUTE = "dispute"


def restrict(
    session: Session, person_id: uuid.UUID, reason: str, *, by: Actor, now: datetime
) -> Person:
    """Use somebody's data for nothing but keeping it: no list to enrol, no notice, no mail.

    Twice is no error. Raises NotFound, Refused("restriction_reason_unknown").
    """
    if reason not in list(Reason):
        raise Refused("restriction_reason_unknown")
    person = _locked(session, person_id)
    if person.restricted_at is None:
        person.restricted_at = now
        _record(session, "person.restricted", person, by, now, {"reason": reason})
    return person


def release(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> Person:
    """Use somebody's data again; twice is no error. Raises NotFound."""
    person = _locked(session, person_id)
    if person.restricted_at is not None:
        person.restricted_at = None
        _record(session, "person.restriction_ended", person, by, now, {})
    return person


def _locked(session: Session, person_id: uuid.UUID) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person


def _record(
    session: Session,
    action: str,
    person: Person,
    by: Actor,
    now: datetime,
    details: dict[str, object],
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("person", person.id),
        details=details,
    )
