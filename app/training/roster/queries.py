"""The people of a run; and a list of numbers held against the register before it is written."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Refused
from app.people.permission.queries import serving_in
from app.people.register.models import Person, StaffNumber
from app.people.register.queries import Post, excluded_on, is_called, newest_number, posts
from app.people.restriction import queries as restriction
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import progress
from app.training.enrolment.states import SEATED, EnrolmentState

#: Lines in one list; their numbers are the parameters of one statement.
MOST_LINES = 20_000
_NUMBER = re.compile(r"[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*")
_BETWEEN = re.compile(r"[\s,;、]+")


@dataclass(frozen=True)
class Entry:
    """A line of the list: where it stands, and what on it may be a staff number."""

    line: int
    text: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Odd:
    """A line that enrols nobody, with what is known about it."""

    line: int
    text: str
    name: str = ""
    #: Whose the number was; None for a number of nobody.
    person_id: uuid.UUID | None = None
    #: The number that was perhaps meant: a spreadsheet drops leading zeros.
    meant: str = ""


@dataclass(frozen=True)
class Check:
    """What a list would do: who would be enrolled, and which lines would not, and why."""

    found: tuple[Post, ...]
    unknown: tuple[Odd, ...] = ()
    left: tuple[Odd, ...] = ()
    #: Enrolled already, by the list or by a section.
    already: tuple[Post, ...] = ()
    #: Enrolled once and revoked: to be restored on the run's page.
    revoked: tuple[Post, ...] = ()
    #: Within a time in which they are asked to take no training (受講対象外期間).
    excluded: tuple[Post, ...] = ()
    #: Lines that name somebody a second time.
    repeated: int = 0
    #: How many are left out because their data is not to be used.
    restricted: int = 0

    @property
    def named(self) -> list[uuid.UUID]:
        """Whose names it tells; those who are enrolled already are only counted."""
        posts = (*self.found, *self.revoked)
        left = (odd.person_id for odd in self.left if odd.person_id)
        return [*(post.person_id for post in posts), *left]

    @property
    def by_section(self) -> list[tuple[str, int]]:
        """How many of each section would be enrolled, in the order of the sections."""
        counts: dict[str, int] = {}
        for post in self.found:
            counts[post.section] = counts.get(post.section, 0) + 1
        return list(counts.items())


@dataclass
class _Sorting:
    """The list while it is gone through."""

    chosen: dict[uuid.UUID, Post] = field(default_factory=dict)
    missing: list[Entry] = field(default_factory=list)
    repeated: int = 0


def entries(text: str) -> list[Entry]:
    """Return the lines of a pasted list that say something; a head of columns says nothing.

    Digits and letters of either width are read alike. Raises Refused("too_many_lines").
    """
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise Refused("too_many_lines", most=f"{MOST_LINES:,}")
    found: list[Entry] = []
    for place, line in enumerate(lines, 1):
        words = _BETWEEN.split(unicodedata.normalize("NFKC", line).strip())
        numbers = tuple(word for word in words if _NUMBER.fullmatch(word))
        is_head = not found and not numbers and "職員番号" in words
        if line.strip() and not is_head:
            found.append(Entry(place, line.strip(), numbers))
    return found


def check(
    session: Session,
    run_id: uuid.UUID | None,
    text: str,
    section_ids: Collection[uuid.UUID],
    now: datetime,
    *,
    within: Collection[uuid.UUID] | None = None,
) -> Check:
    """Return what enrolling a list and whole sections would do: five statements at most.

    Without a run: whom they name. A section brings the sections below it. Who serves beyond
    `within` (None: anywhere) is as unknown as somebody who never was.
    """
    today = clock.today(now)
    serving = [Post(*row) for row in session.execute(posts(now).where(serving_in(within, today)))]
    listed = entries(text)
    sorting = _sort(listed, {post.number: post for post in serving})
    if section_ids:
        reached = set(session.scalars(sections.below(section_ids, today)))
        sorting.chosen.update(
            {post.person_id: post for post in serving if post.section_id in reached}
        )
    left, unknown = _absent(
        session, sorting.missing, {post.number for post in serving}, serving_in(within, today)
    )
    chosen = [post for post in serving if post.person_id in sorting.chosen]
    parts, apart = _parts(session, run_id, chosen, today)
    return Check(
        **parts,
        restricted=apart,
        unknown=unknown,
        left=left,
        repeated=sorting.repeated,
    )


def _parts(
    session: Session, run_id: uuid.UUID | None, chosen: list[Post], today: date
) -> tuple[dict[str, tuple[Post, ...]], int]:
    """Return the chosen by what becomes of them, and how many are left out as restricted.

    Who is in the run already stays in it.
    """
    states = _states(session, run_id)
    apart = restriction.restricted(session) - states.keys()
    excluded = set(session.scalars(excluded_on(today)))
    parts: dict[str, list[Post]] = {"found": [], "already": [], "revoked": [], "excluded": []}
    for post in chosen:
        state = states.get(post.person_id)
        if state == EnrolmentState.REVOKED:
            parts["revoked"].append(post)
        elif state in SEATED:
            parts["already"].append(post)
        elif post.person_id not in apart:
            parts["excluded" if post.person_id in excluded else "found"].append(post)
    left_out = sum(post.person_id in apart for post in chosen)
    return {name: tuple(posts) for name, posts in parts.items()}, left_out


def _sort(listed: list[Entry], by_number: dict[str, Post]) -> _Sorting:
    sorting = _Sorting()
    for entry in listed:
        post = next((by_number[word] for word in entry.candidates if word in by_number), None)
        if post is None:
            sorting.missing.append(entry)
        elif post.person_id in sorting.chosen:
            sorting.repeated += 1
        else:
            sorting.chosen[post.person_id] = post
    return sorting


def _states(session: Session, run_id: uuid.UUID | None) -> dict[uuid.UUID, str]:
    """Return the state of each person's newest enrolment in a run; one with a seat comes first."""
    rows = session.execute(
        sa.select(Enrolment.person_id, Enrolment.state)
        .where(Enrolment.run_id == run_id)
        .order_by(Enrolment.state.in_(SEATED), Enrolment.id)
    )
    return {row.person_id: row.state for row in rows}


def _absent(
    session: Session,
    missing: list[Entry],
    serving: set[str],
    within: sa.ColumnElement[bool],
) -> tuple[tuple[Odd, ...], tuple[Odd, ...]]:
    """Return the lines of people who serve no more, and those of nobody."""
    numbers = {entry.candidates[0] for entry in missing if entry.candidates}
    known: dict[str, tuple[str, uuid.UUID]] = {}
    if numbers:
        rows = session.execute(
            sa.select(StaffNumber.number, Person.name, Person.id)
            .join(Person, Person.id == StaffNumber.person_id)
            .where(StaffNumber.number.in_(numbers), within)
        )
        known = {row.number: (row.name, row.id) for row in rows}
    left, unknown = [], []
    lengths = {len(number) for number in serving}
    for entry in missing:
        number = entry.candidates[0] if entry.candidates else ""
        if number in known:
            left.append(Odd(entry.line, entry.text, *known[number]))
        else:
            padded = {number.zfill(length) for length in lengths} & serving if number else set()
            unknown.append(Odd(entry.line, entry.text, meant=min(padded, default="")))
    return tuple(left), tuple(unknown)


@dataclass(frozen=True)
class Line:
    """One person of a run, as the office sees them."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    standing: str
    result: str


def people(
    run_id: uuid.UUID,
    day: date,
    *,
    reached: sa.ColumnElement[bool],
    standing: str = "",
    section_id: uuid.UUID | None = None,
    words: str = "",
) -> sa.Select[Any]:
    """Return the query of a run's people, with the columns of `Line`, by section and number.

    `reached` is the condition on `Person` that whoever asks may see them in it; `standing` is one
    of progress's; `words` are a number, or a part of a name.
    """
    rows = progress(Enrolment.run_id == run_id)
    number = newest_number(Person.id)
    query = (
        sa.select(
            rows.c.enrolment_id,
            Person.id,
            Person.name,
            number.label("number"),
            SectionVersion.name,
            rows.c.standing,
            rows.c.result,
        )
        .join(Person, Person.id == rows.c.person_id)
        .join(Section, Section.id == rows.c.section_id)
        .join(SectionVersion, sections.version_on(day))
        .where(reached)
        .order_by(*sections.ORDER, sa.text("number"), Person.id)
    )
    if standing:
        query = query.where(rows.c.standing == standing)
    if section_id:
        query = query.where(rows.c.section_id == section_id)
    if words:
        query = query.where(is_called(words, number))
    return query


def sections_of(session: Session, run_id: uuid.UUID, day: date) -> list[tuple[uuid.UUID, str]]:
    """Return the sections that the people of a run belonged to when they were enrolled."""
    rows = session.execute(
        sa.select(Section.id, SectionVersion.name)
        .join(SectionVersion, sections.version_on(day))
        .where(sa.exists().where(Enrolment.section_id == Section.id, Enrolment.run_id == run_id))
        .order_by(*sections.ORDER)
    )
    return [(row.id, row.name) for row in rows]
