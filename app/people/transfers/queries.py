"""What each line of a staff file would do to the register as it is on a day; nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.folding import name_key
from app.kernel.periods import valid
from app.kernel.tables.lines import Finding, Line
from app.people.imports.queries import Planned
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.sections import queries as sections
from app.people.sections.queries import Place
from app.people.transfers.forms import usual_length

#: What belongs to the main post, by the column that says it.
POST = ("section_code", "title", "job_type", "duty")
#: What belongs to the person, and has no day of its own.
ITEMS = ("name", "email", "gender", "age", "hired_on", "promoted_on", "left_on")


@dataclass(frozen=True)
class MainPost:
    """A main post of a day."""

    id: uuid.UUID
    section_id: uuid.UUID
    title: str
    job_type: str
    duty: str
    valid_from: date


@dataclass(frozen=True)
class Entry:
    """Somebody with a number on a day, serving or not, as a file could say it."""

    person_id: uuid.UUID
    number: str
    number_id: uuid.UUID
    #: Values of ITEMS, by column; "" for nothing.
    items: Mapping[str, str]
    post: MainPost | None
    #: Concurrent posts by the code of their section.
    concurrent: Mapping[str, uuid.UUID]
    #: Whether posts are registered that begin after the day.
    has_later: bool

    def serves(self, day: date) -> bool:
        """Whether the person serves on a day."""
        left_on = self.items["left_on"]
        return self.post is not None and (not left_on or left_on >= day.isoformat())


@dataclass(frozen=True)
class Register:
    """The register as it is on a day, read once for a whole file."""

    day: date
    entries: Mapping[str, Entry]
    places: Mapping[str, Place]
    #: Sections by their key, those that have ended, too.
    named: Mapping[uuid.UUID, str]
    #: Whose each number was, whenever it was theirs last.
    owners: Mapping[str, uuid.UUID]
    #: From when numbers are used that nobody has yet.
    later_numbers: Mapping[str, date]


def register_on(session: Session, day: date) -> Register:
    """Return the register of a day, in six statements."""
    places = sections.by_code(session, day)
    rows = session.execute(
        sa.select(StaffNumber.number, StaffNumber.person_id, StaffNumber.valid_from).order_by(
            StaffNumber.valid_from
        )
    ).all()
    return Register(
        day=day,
        entries=_entries(session, day),
        places=places,
        named=sections.names(session, day),
        owners={row.number: row.person_id for row in rows},
        later_numbers={row.number: row.valid_from for row in rows if row.valid_from > day},
    )


Posts = tuple[dict[uuid.UUID, MainPost], dict[uuid.UUID, dict[str, uuid.UUID]]]


def _posts(session: Session, day: date) -> Posts:
    """Return main and concurrent posts of a day by whose they are."""
    posts: dict[uuid.UUID, MainPost] = {}
    concurrent: dict[uuid.UUID, dict[str, uuid.UUID]] = {}
    codes = sections.codes(session)
    rows = session.execute(
        sa.select(
            Appointment.id,
            Appointment.person_id,
            Appointment.section_id,
            Appointment.kind,
            Title.name,
            Appointment.job_type,
            Appointment.duty,
            Appointment.valid_from,
        )
        .join(Title, Title.id == Appointment.title_id)
        .where(valid(Appointment, day))
    )
    for post_id, person_id, section_id, kind, title, job_type, duty, since in rows:
        if kind == PostKind.MAIN:
            posts[person_id] = MainPost(post_id, section_id, title, job_type, duty, since)
        else:
            concurrent.setdefault(person_id, {})[codes[section_id]] = post_id
    return posts, concurrent


def _entries(session: Session, day: date) -> dict[str, Entry]:
    posts, concurrent = _posts(session, day)
    later = set(
        session.scalars(sa.select(Appointment.person_id).where(Appointment.valid_from > day))
    )
    people = session.execute(
        sa.select(
            StaffNumber.number,
            StaffNumber.id,
            Person.id,
            *(getattr(Person, item) for item in ITEMS),
        )
        .join(Person, Person.id == StaffNumber.person_id)
        .where(valid(StaffNumber, day))
    )
    return {
        number: Entry(
            person_id=person_id,
            number=number,
            number_id=number_id,
            items={key: _written(value) for key, value in zip(ITEMS, values, strict=True)},
            post=posts.get(person_id),
            concurrent=concurrent.get(person_id, {}),
            has_later=person_id in later,
        )
        for number, number_id, person_id, *values in people
    }


def _written(value: str | int | date | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def plan(
    register: Register,
    lines: Sequence[Line],
    *,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Planned]:
    """Return what each line would do, and after them whoever serves and is in none of them."""
    usual = usual_length(iter([*register.entries, *(line.values["number"] for line in lines)]))
    found, seen = [], set()
    for count, line in enumerate(lines):
        if count % 500 == 0:
            told(count, len(lines))
        planned, entry = _planned(line, register, usual)
        found.append(planned)
        if entry:
            seen.add(entry.number)
    last = max((line.row for line in lines), default=1)
    absent = sorted(
        number
        for number, entry in register.entries.items()
        if number not in seen and entry.serves(register.day)
    )
    return found + [
        _absent(register, number, last + place) for place, number in enumerate(absent, 1)
    ]


def _absent(register: Register, number: str, row: int) -> Planned:
    values = {"number": number, "name": register.entries[number].items["name"]}
    return Planned(Line(row, values), is_known=True, is_absent=True)


def _planned(line: Line, register: Register, usual: int) -> tuple[Planned, Entry | None]:
    values = line.values
    number = values["number"]
    entry = entry_of(register, values)
    planned = Planned(line, is_known=entry is not None)
    planned.found += _of_number(line, entry, register, usual)
    planned.found += _of_sections(values, register)
    if entry:
        planned.changes = _changes(values, entry, register)
        moves = planned.changes.keys() & {*POST, "concurrent", "left_on"}
        if moves and entry.has_later:
            planned.found.append(Finding("", "post_later"))
    elif (later := register.later_numbers.get(number)) is not None:
        planned.found.append(Finding("number", "number_later", later.isoformat()))
    return planned, entry


def entry_of(register: Register, values: Mapping[str, str]) -> Entry | None:
    """Return whom a line is about: by the number, else by the one that it replaces."""
    entry = register.entries.get(values["number"])
    if entry is None and (previous := values.get("previous")):
        return register.entries.get(previous)
    return entry


def _of_number(
    line: Line, entry: Entry | None, register: Register, usual: int
) -> Iterable[Finding]:
    number, previous = line.values["number"], line.values.get("previous", "")
    if number.isdecimal() and len(number) < usual:
        yield Finding("number", "number_short", number)
    if previous:
        owner = register.owners.get(previous)
        if owner is None:
            yield Finding("previous", "previous_unknown", previous)
        elif number in register.owners and register.owners[number] != owner:
            yield Finding("previous", "previous_of_another", previous)
        elif entry is None:
            yield Finding("previous", "previous_over", previous)


def _of_sections(values: Mapping[str, str], register: Register) -> Iterable[Finding]:
    code, told = values["section_code"], values.get("section", "")
    place = register.places.get(code)
    if place is None:
        if code:
            yield Finding("section_code", "section_unknown", code)
    elif told and name_key(told) != name_key(place.name):
        yield Finding("section", "section_differs", told)
    for other in values.get("concurrent", "").split():
        if other not in register.places:
            yield Finding("concurrent", "section_unknown", other)
        elif other == code:
            yield Finding("concurrent", "concurrent_is_main", other)


def _changes(values: Mapping[str, str], entry: Entry, register: Register) -> dict[str, list[str]]:
    pairs = {"number": (entry.number, values["number"])}
    for item in ITEMS:
        if item in values:
            pairs[item] = (entry.items[item], values[item])
    if "left_on" not in values and not _serves_on(entry, register.day):
        pairs["left_on"] = (entry.items["left_on"], "")  # a file names who serves
    post = entry.post
    place = register.places.get(values["section_code"])
    old_section = register.named[post.section_id] if post else ""
    pairs["section_code"] = (old_section, register.named[place.id] if place else "")
    pairs["title"] = (post.title if post else "", values["title"])
    for item in ("job_type", "duty"):
        if item in values:
            pairs[item] = (getattr(post, item) if post else "", values[item])
    if "concurrent" in values:
        pairs["concurrent"] = (
            " ".join(sorted(entry.concurrent)),
            " ".join(sorted(values["concurrent"].split())),
        )
    return {column: [old, new] for column, (old, new) in pairs.items() if old != new}


def _serves_on(entry: Entry, day: date) -> bool:
    left_on = entry.items["left_on"]
    return not left_on or left_on >= day.isoformat()


def usual_of(session: Session, day: date) -> int:
    """Return the length that most staff numbers of a day have; 0 where there are none."""
    return usual_length(
        iter(session.scalars(sa.select(StaffNumber.number).where(valid(StaffNumber, day))))
    )
