"""Reads of the audit: its lines by what somebody looks for, and the people that lines name."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent, AuditPerson
from app.kernel.folding import code_key, name_key
from app.people.register.models import Person, StaffNumber

#: Lines of a page.
SIZE = 50
#: Lines are counted up to here: counting a million takes longer than anybody waits.
MOST_COUNTED = 1_000
#: Parameters of one statement.
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; None or empty where it does not matter."""

    since: datetime | None = None
    #: The first moment that is too late.
    until: datetime | None = None
    by: tuple[uuid.UUID, ...] | None = None
    #: Whom the line is about, shows or was done for.
    about: tuple[uuid.UUID, ...] | None = None
    actions: tuple[str, ...] | None = None
    role: str = ""
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One line, without its seal."""

    seq: int
    at: datetime
    action: str
    actor_id: uuid.UUID | None
    role: str
    for_id: uuid.UUID | None
    subject_kind: str
    subject_id: uuid.UUID | None
    details: dict[str, Any] | None
    address: str
    reference: str
    hash: str

    @property
    def people(self) -> list[uuid.UUID]:
        """Whom it shows or changes: its subject, and those whom its details name."""
        named = [uuid.UUID(key) for key in (self.details or {}).get("people", ())]
        if self.subject_kind == "person" and self.subject_id is not None:
            named.insert(0, self.subject_id)
        return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Named:
    """Somebody by the number and the name of today."""

    number: str
    name: str


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.since:
        yield AuditEvent.at >= wanted.since
    if wanted.until:
        yield AuditEvent.at < wanted.until
    if wanted.by is not None:
        yield AuditEvent.actor_id.in_(wanted.by)
    if wanted.about is not None:
        # By the keys alone: an OR over the line's own columns would be looked up in no index.
        yield AuditEvent.seq.in_(
            sa.union_all(
                sa.select(AuditEvent.seq).where(AuditEvent.subject_id.in_(wanted.about)),
                sa.select(AuditEvent.seq).where(AuditEvent.for_id.in_(wanted.about)),
                sa.select(AuditPerson.seq).where(AuditPerson.person_id.in_(wanted.about)),
            )
        )
    if wanted.actions is not None:
        yield AuditEvent.action.in_(wanted.actions)
    if wanted.role:
        yield AuditEvent.role == wanted.role
    if wanted.address:
        yield AuditEvent.address == wanted.address


def _lines(wanted: Wanted) -> sa.Select[Any]:
    columns = [getattr(AuditEvent, name) for name in Line.__dataclass_fields__]
    found: sa.Select[Any] = sa.select(*columns).where(*_conditions(wanted))
    return found.order_by(AuditEvent.at.desc(), AuditEvent.seq.desc())


def page(session: Session, wanted: Wanted, before: int | None) -> tuple[list[Line], bool]:
    """Return the newest lines, or those before one, and whether there are older ones."""
    query = _lines(wanted).limit(SIZE + 1)
    last = session.get(AuditEvent, before) if before else None
    if last is not None:
        query = query.where(sa.tuple_(AuditEvent.at, AuditEvent.seq) < (last.at, last.seq))
    found = [Line(*row) for row in session.execute(query)]
    return found[:SIZE], len(found) > SIZE


def counted(session: Session, wanted: Wanted, most: int = MOST_COUNTED) -> int:
    """Return how many lines there are; one more than `most` where there are more."""
    some = sa.select(AuditEvent.seq).where(*_conditions(wanted)).limit(most + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def every(session: Session, wanted: Wanted) -> Iterator[Line]:
    """Yield all lines, the newest first, in bounded memory."""
    for row in session.execute(_lines(wanted).execution_options(yield_per=500)):
        yield Line(*row)


def named(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Named]:
    """Return the people of these keys, serving or not, by the last number of each."""
    newest = (
        sa.select(StaffNumber.number)
        .where(StaffNumber.person_id == Person.id)
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    query, keys = sa.select(Person.id, newest, Person.name), iter(dict.fromkeys(person_ids))
    found: dict[uuid.UUID, Named] = {}
    while some := list(islice(keys, _AT_ONCE)):
        for key, number, name in session.execute(query.where(Person.id.in_(some))):
            found[key] = Named(number or "", name)
    return found


def holders(session: Session, number: str) -> list[uuid.UUID]:
    """Return everybody who has or had a staff number."""
    query = sa.select(StaffNumber.person_id).where(StaffNumber.number == code_key(number))
    return list(session.scalars(query.distinct()))


def people_like(session: Session, words: str, most: int) -> Sequence[uuid.UUID]:
    """Return who has or had this number, or this in the name: one more than `most` at most."""
    by_number = sa.exists().where(
        StaffNumber.person_id == Person.id, StaffNumber.number == code_key(words)
    )
    query = sa.select(Person.id).where(by_number)
    if key := name_key(words):
        query = sa.select(Person.id).where(
            sa.or_(by_number, Person.name_key.contains(key, autoescape=True))
        )
    return session.scalars(query.limit(most + 1)).all()


@dataclass
class Touch:
    """What somebody did, once or several times, to what is held about one person."""

    person_id: uuid.UUID
    actor_id: uuid.UUID
    action: str
    first_at: datetime
    last_at: datetime
    fields: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    #: The lines that tell it.
    lines: list[int] = field(default_factory=list)


def touches(session: Session, wanted: Wanted) -> list[Touch]:
    """Return who was touched by what others did, a row for each person, actor and act.

    What the system does by itself and what people do with what is their own touches nobody.
    """
    found: dict[tuple[uuid.UUID, uuid.UUID, str], Touch] = {}
    for line in every(session, wanted):
        if line.actor_id is None:
            continue
        for person_id in {*line.people, *_indexed(session, line)} - {line.actor_id}:
            key = (person_id, line.actor_id, line.action)
            touch = found.setdefault(key, Touch(*key, first_at=line.at, last_at=line.at))
            touch.first_at = min(touch.first_at, line.at)
            touch.last_at = max(touch.last_at, line.at)
            touch.fields |= _changed(line)
            touch.addresses.add(line.address)
            touch.lines.append(line.seq)
    return list(found.values())


def _indexed(session: Session, line: Line) -> Sequence[uuid.UUID]:
    """Return whom a line names whose details were forgotten."""
    if line.details is not None:
        return ()
    query = sa.select(AuditPerson.person_id).where(AuditPerson.seq == line.seq)
    return session.scalars(query).all()


def _changed(line: Line) -> set[str]:
    """Return the names of what a line changes from an old to a new value."""
    return {
        name
        for name, value in (line.details or {}).items()
        if isinstance(value, list) and len(value) == 2 and name != "people"
    }
