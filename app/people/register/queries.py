"""Reads of the register: who holds which post, on a day, and what a file would change."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.folding import code_key, name_key
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.sections import queries as sections
from app.people.sections.models import Section

#: Findings that do not keep a row out.
WARNINGS = frozenset({"number_short", "section_differs"})


@dataclass(frozen=True)
class Post:
    """A person with the number and the main post of a day."""

    person_id: uuid.UUID
    name: str
    number: str
    section_id: uuid.UUID
    section: str
    title_id: uuid.UUID
    title: str
    email: str | None


def posts(
    now: datetime,
) -> sa.Select[uuid.UUID, str, str, uuid.UUID, str, uuid.UUID, str, str | None]:
    """Return the query of everybody who serves today, with the columns of `Post`.

    Ordered as the organisation lists people: by section, then rank, then number.
    """
    today = clock.today(now)
    return (
        sa.select(
            Person.id,
            Person.name,
            StaffNumber.number,
            Section.id,
            Section.name,
            Title.id,
            Title.name,
            Person.email,
        )
        .join(Appointment, Appointment.person_id == Person.id)
        .join(StaffNumber, StaffNumber.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .join(Title, Title.id == Appointment.title_id)
        .where(
            Appointment.kind == PostKind.MAIN,
            *_valid(Appointment, today),
            *_valid(StaffNumber, today),
            sa.or_(Person.left_on.is_(None), Person.left_on >= today),
        )
        .order_by(Section.position, Section.code, Title.rank_order, StaffNumber.number)
    )


def post_of(session: Session, person_id: uuid.UUID, now: datetime) -> Post | None:
    """Return one person's post of today; None for somebody who does not serve."""
    row = session.execute(posts(now).where(Person.id == person_id)).first()
    return Post(*row) if row else None


def posts_of(session: Session, person_ids: Collection[uuid.UUID], now: datetime) -> list[Post]:
    """Return the posts of these people, in the register's order; who does not serve is left out."""
    return [Post(*row) for row in session.execute(posts(now).where(Person.id.in_(person_ids)))]


def person_by_number(session: Session, number: str, now: datetime) -> uuid.UUID | None:
    """Return whose number it is today, serving or not."""
    return session.scalar(
        sa.select(StaffNumber.person_id)
        .where(StaffNumber.number == number, *_valid(StaffNumber, clock.today(now)))
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
    )


def people_by_number(
    session: Session, numbers: Collection[str], now: datetime
) -> Sequence[uuid.UUID]:
    """Return whose numbers these are today, serving or not; a number of nobody is left out."""
    return session.scalars(
        sa.select(StaffNumber.person_id).where(
            StaffNumber.number.in_(numbers), *_valid(StaffNumber, clock.today(now))
        )
    ).all()


def _valid(row: type[StaffNumber | Appointment], today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (row.valid_from <= today, sa.or_(row.valid_to.is_(None), row.valid_to >= today))


def matching(text: str, section_ids: Collection[uuid.UUID] | None, now: datetime) -> sa.Select[Any]:
    """Return `posts` narrowed to a part of a name or number, and to sections (None: all)."""
    query = cast("sa.Select[Any]", posts(now))
    if key := name_key(text):
        by_name = Person.name_key.contains(key, autoescape=True)
        by_number = StaffNumber.number.contains(code_key(text), autoescape=True)
        query = query.where(sa.or_(by_name, by_number))
    if section_ids is not None:
        query = query.where(Section.id.in_(section_ids))
    return query


@dataclass(frozen=True)
class Finding:
    """What is to be said about a cell of a row; a column of "" means the whole row."""

    column: str
    code: str
    value: str


@dataclass(frozen=True)
class Line:
    """One row of a file by its number there, with the values of the columns we know."""

    row: int
    values: dict[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Table:
    """A file that could be read, and the names of its columns that are not kept."""

    lines: Sequence[Line]
    ignored: Sequence[str]


@dataclass
class Planned:
    """What a line of a file would do."""

    line: Line
    is_known: bool
    #: What was found beside the line's own findings.
    found: list[Finding] = field(default_factory=list)
    #: Old and new value by column, as people read them.
    changes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """One of error, added, changed, unchanged."""
        if any(found.code not in WARNINGS for found in (*self.line.findings, *self.found)):
            return "error"
        if not self.is_known:
            return "added"
        return "changed" if self.changes else "unchanged"

    @property
    def moves(self) -> bool:
        """Whether a new post begins."""
        return bool(self.changes.keys() & {"section_code", "title", "left_on"})

    def kept(self) -> dict[str, Any]:
        """Return all this as the JSON that waits for the commit."""
        return {
            "row": self.line.row,
            "values": self.line.values,
            "own": [[found.column, found.code, found.value] for found in self.line.findings],
            "found": [[found.column, found.code, found.value] for found in self.found],
            "state": self.state,
            "changes": self.changes,
        }


def lines_of(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return kept rows as the lines they were read as."""
    return [
        Line(row["row"], row["values"], tuple(Finding(*found) for found in row["own"]))
        for row in rows
    ]


@dataclass(frozen=True)
class Registered:
    """Somebody with a staff number of today, serving or not, and the main post if there is one."""

    person: Person
    appointment: Appointment | None
    section: Section | None
    title: str | None


def registered(session: Session, now: datetime) -> dict[str, Registered]:
    """Return everybody in the register by today's number: one statement."""
    today = clock.today(now)
    rows = session.execute(
        sa.select(StaffNumber.number, Person, Appointment, Section, Title.name)
        .join(Person, Person.id == StaffNumber.person_id)
        .outerjoin(
            Appointment,
            sa.and_(
                Appointment.person_id == Person.id,
                Appointment.kind == PostKind.MAIN,
                *_valid(Appointment, today),
            ),
        )
        .outerjoin(Section, Section.id == Appointment.section_id)
        .outerjoin(Title, Title.id == Appointment.title_id)
        .where(*_valid(StaffNumber, today))
    )
    return {
        number: Registered(person, appointment, section, title)
        for number, person, appointment, section, title in rows
    }


def plan(session: Session, lines: Sequence[Line], now: datetime) -> list[Planned]:
    """Return what each line of a staff file would do to the register."""
    known = registered(session, now)
    by_code = sections.by_code(session, now)
    usual = _usual_length([*known, *(line.values["number"] for line in lines)])
    return [_planned(line, known, by_code, usual, clock.today(now)) for line in lines]


def _planned(
    line: Line,
    known: dict[str, Registered],
    by_code: dict[str, Section],
    usual: int,
    today: date,
) -> Planned:
    number, code = line.values["number"], line.values["section_code"]
    entry, section = known.get(number), by_code.get(code)
    told = line.values.get("section", "").strip()
    planned = Planned(line, is_known=entry is not None)
    if section is None and code:
        planned.found.append(Finding("section_code", "section_unknown", code))
    elif section and told and name_key(told) != name_key(section.name):
        planned.found.append(Finding("section", "section_differs", told))
    if number.isdecimal() and len(number) < usual:
        planned.found.append(Finding("number", "number_short", number))
    if section and entry:
        planned.changes = _changes(line.values, entry, section, today)
    return planned


def _usual_length(numbers: Iterable[str]) -> int:
    lengths = Counter(len(number) for number in numbers if number.isdecimal())
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _changes(
    values: dict[str, str], known: Registered, section: Section, today: date
) -> dict[str, list[str]]:
    email = known.person.email or ""
    pairs = {
        "name": (known.person.name, values["name"]),
        "section_code": (_named(known.section), _named(section)),
        "title": (known.title or "", values["title"]),
        "email": (email, values.get("email", email)),
    }
    if known.person.left_on and known.person.left_on < today:
        pairs["left_on"] = (known.person.left_on.isoformat(), "")
    return {column: [old, new] for column, (old, new) in pairs.items() if old != new}


def _named(section: Section | None) -> str:
    return f"{section.code} {section.name}" if section else ""
