"""Issuing certificates, issuing one anew by another name, and taking one back.

What one says is copied into it: it never changes. Numbers follow one another within a fiscal year
without a gap: they are given in the transaction that issues, one clerk at a time.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Person
from app.training.certificates import queries
from app.training.certificates.models import Certificate
from app.training.enrolment.models import Enrolment

#: Names, among PostgreSQL's advisory locks, the one of whoever gives numbers.
_NUMBERING = 0x63657274
#: Crockford's base 32: no letter that is taken for another.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Of five bits each: 100 bits, which nobody guesses.
CODE_LETTERS = 20


@dataclass(frozen=True)
class Header:
    """What stands on all of them: by whom, of which day, and where one has it confirmed."""

    issuer: str
    issued_on: date
    #: The address of the page that confirms one.
    address: str

    @property
    def said(self) -> dict[str, str]:
        """What a certificate keeps of it beside its day."""
        return {"issuer": self.issuer.strip(), "address": self.address}


def issue(
    session: Session,
    run_id: uuid.UUID,
    header: Header,
    enrolment_ids: Collection[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Issue one to each of some people who completed a run and have none; return how many.

    Raises Refused("certificate_needs_issuer") and Refused("nobody_to_certify").
    """
    if not header.issuer.strip():
        raise Refused("certificate_needs_issuer")
    _alone(session)
    people = _chosen(session, run_id, enrolment_ids, now)
    if not people:
        raise Refused("nobody_to_certify")
    year = clock.fiscal_year(header.issued_on)
    first = queries.last_number(session, year) + 1
    said = queries.document(session, run_id) | header.said
    rows = [
        {
            "id": db.new_id(),
            "fiscal_year": year,
            "number": number,
            "enrolment_id": each.enrolment_id,
            "decision_id": each.decision_id,
            "document": said | {"name": each.name},
            "issued_on": header.issued_on,
            "check_code": new_code(),
            "issued_by": by.person_id,
            "issued_at": now,
        }
        for number, each in enumerate(people, first)
    ]
    session.execute(sa.insert(Certificate), rows)
    _note_issued(session, run_id, people, (year, first), by=by, now=now)
    return len(rows)


def _chosen(
    session: Session, run_id: uuid.UUID, enrolment_ids: Collection[uuid.UUID], now: datetime
) -> list[queries.Due]:
    """Return who of these is to be issued one, in the order of numbers."""
    wanted = set(enrolment_ids)
    due = queries.due(session, run_id, clock.today(now))
    return [each for each in due if each.enrolment_id in wanted]


def _note_issued(
    session: Session,
    run_id: uuid.UUID,
    people: Sequence[queries.Due],
    numbers: tuple[int, int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    year, first = numbers
    details = {"year": year, "first": first, "last": first + len(people) - 1}
    audit.record(
        session,
        "certificate.issued",
        by=by.person_id,
        now=now,
        subject=("run", run_id),
        details={**audit.shown(each.person_id for each in people), **details},
    )


def reissue(
    session: Session, certificate_id: uuid.UUID, *, by: Actor, now: datetime
) -> Certificate:
    """Issue a certificate anew by the name that its person has now; the old one holds no more.

    Raises NotFound, Refused("certificate_revoked") and Refused("certificate_name_same").
    """
    _alone(session)
    old = session.get(Certificate, certificate_id, with_for_update=True)
    if old is None:
        raise NotFound
    if old.revoked_at is not None:
        raise Refused("certificate_revoked")
    person = session.get_one(Person, session.get_one(Enrolment, old.enrolment_id).person_id)
    if person.name == old.document["name"]:
        raise Refused("certificate_name_same")
    old.revoked_at = now
    session.flush()  # first: one holds a decision at a time
    made = _instead_of(session, old, person.name, by=by, now=now)
    details = {
        "people": [str(person.id)],
        "number": f"{made.fiscal_year}-{made.number}",
        "before": f"{old.fiscal_year}-{old.number}",
    }
    subject = ("certificate", made.id)
    audit.record(
        session, "certificate.reissued", by=by.person_id, now=now, subject=subject, details=details
    )
    return made


def _instead_of(
    session: Session, old: Certificate, name: str, *, by: Actor, now: datetime
) -> Certificate:
    """Add a certificate that says what an old one says, by another name and of today."""
    today = clock.today(now)
    year = clock.fiscal_year(today)
    made = Certificate(
        fiscal_year=year,
        number=queries.last_number(session, year) + 1,
        enrolment_id=old.enrolment_id,
        decision_id=old.decision_id,
        document={**old.document, "name": name},
        issued_on=today,
        check_code=new_code(),
        issued_by=by.person_id,
        issued_at=now,
    )
    session.add(made)
    session.flush()
    return made


def revoke(session: Session, enrolment_id: uuid.UUID, *, by: Actor, now: datetime) -> bool:
    """Have the certificate of an enrolment hold no more; return whether there was one."""
    row = session.scalars(
        sa.select(Certificate)
        .where(Certificate.enrolment_id == enrolment_id, Certificate.revoked_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False
    row.revoked_at = now
    session.flush()
    person_id = session.get_one(Enrolment, enrolment_id).person_id
    details = {"people": [str(person_id)], "number": f"{row.fiscal_year}-{row.number}"}
    audit.record(
        session,
        "certificate.revoked",
        by=by.person_id,
        now=now,
        subject=("certificate", row.id),
        details=details,
    )
    return True


def new_code() -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def _alone(session: Session) -> None:
    """Have whoever else gives numbers wait until this unit of work is over.

    SQLite has but one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_NUMBERING)))
