"""Reads of the register: who holds which post, on a day, and what a file would change."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import portions
from app.kernel.folding import code_key, name_key
from app.kernel.lists import Column, Listing
from app.kernel.periods import valid
from app.people.register.models import (
    Appointment,
    ExclusionPeriod,
    Person,
    PostKind,
    StaffNumber,
    Title,
)
from app.people.register.text import COLUMNS
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion

#: So many numbers are asked for in one statement.
_SOME = 1_000


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


def _listing(number: sa.SQLColumnExpression[str]) -> Listing:
    """Return the list of staff; where the number stands differs with who is listed."""
    return Listing(
        columns=(
            Column("name", COLUMNS["name"], (Person.name_key,), may_hide=False),
            Column("number", COLUMNS["number"], (number,)),
            Column("section", COLUMNS["section"], sections.ORDER),
            Column("title", COLUMNS["title"], (Title.rank_order, Title.name)),
            Column("email", COLUMNS["email"], (Person.email,), is_shown=False),
        ),
        filters=("q", "section", "kind"),
        order=(*sections.ORDER, Title.rank_order, number),
    )


def posts(
    now: datetime,
) -> sa.Select[uuid.UUID, str, str, uuid.UUID, str, uuid.UUID, str, str | None]:
    """Return the query of everybody who serves today, with the columns of `Post`.

    Ordered as the organisation lists people: by section, then rank, then number.
    """
    return _posts(clock.today(now))


@lru_cache(maxsize=8)
def _posts(
    today: date,
) -> sa.Select[uuid.UUID, str, str, uuid.UUID, str, uuid.UUID, str, str | None]:
    """Build it once a day: every request asks it, and to build it takes longer than to ask."""
    return (
        sa.select(
            Person.id,
            Person.name,
            StaffNumber.number,
            Section.id,
            SectionVersion.name,
            Title.id,
            Title.name,
            Person.email,
        )
        .join(Appointment, Appointment.person_id == Person.id)
        .join(StaffNumber, StaffNumber.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .join(SectionVersion, sections.version_on(today))
        .join(Title, Title.id == Appointment.title_id)
        .where(
            Appointment.kind == PostKind.MAIN,
            valid(Appointment, today),
            valid(StaffNumber, today),
            sa.or_(Person.left_on.is_(None), Person.left_on >= today),
        )
        .order_by(*sections.ORDER, Title.rank_order, StaffNumber.number)
    )


def post_of(session: Session, person_id: uuid.UUID, now: datetime) -> Post | None:
    """Return one person's post of today; None for somebody who does not serve."""
    row = session.execute(posts(now).where(Person.id == person_id)).first()
    return Post(*row) if row else None


def posts_of(session: Session, person_ids: Collection[uuid.UUID], now: datetime) -> list[Post]:
    """Return the posts of these people, in the register's order; who does not serve is left out."""
    return [Post(*row) for row in session.execute(posts(now).where(Person.id.in_(person_ids)))]


def without_address(
    session: Session, person_ids: Collection[uuid.UUID], now: datetime
) -> list[Post]:
    """Return the posts of those of some people who get no mail, in the register's order."""
    return [
        Post(*row)
        for some in portions(list(person_ids))
        for row in session.execute(posts(now).where(Person.id.in_(some), Person.email.is_(None)))
    ]


def names(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of some people by their key."""
    rows = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def person_by_number(session: Session, number: str, now: datetime) -> uuid.UUID | None:
    """Return whose number it is today, serving or not."""
    return session.scalar(
        sa.select(StaffNumber.person_id)
        .where(StaffNumber.number == number, valid(StaffNumber, clock.today(now)))
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
    )


def person_by_any_number(session: Session, number: str) -> uuid.UUID | None:
    """Return whose number it is or was last."""
    return session.scalar(
        sa.select(StaffNumber.person_id)
        .where(StaffNumber.number == number)
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
    )


def people_by_any_numbers(session: Session, numbers: Iterable[str]) -> list[uuid.UUID]:
    """Return who has, or had, one of these numbers."""
    found: set[uuid.UUID] = set()
    named = iter(numbers)
    while some := list(islice(named, _SOME)):
        found.update(
            session.scalars(sa.select(StaffNumber.person_id).where(StaffNumber.number.in_(some)))
        )
    return sorted(found)


def newest_number(person_id: sa.SQLColumnExpression[uuid.UUID]) -> sa.ScalarSelect[str]:
    """Return the staff number that a person has now, or had last."""
    return (
        sa.select(StaffNumber.number)
        .where(StaffNumber.person_id == person_id)
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


#: The list of who serves, over `posts`, and of who has left, over `left_posts`.
SERVING = _listing(StaffNumber.number)
LEFT = replace(_listing(newest_number(Person.id)), order=(Person.left_on.desc(), Person.id))


def is_called(words: str, number: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a person has this number, or these words in the name."""
    return sa.or_(
        number == code_key(words), Person.name_key.contains(name_key(words), autoescape=True)
    )


def matching(
    text: str,
    section_ids: Collection[uuid.UUID] | None,
    now: datetime,
    *,
    posts: sa.Select[Any] | None = None,
) -> sa.Select[Any]:
    """Return `posts` narrowed to a part of a name or number, and to sections (None: all).

    `posts` is another query with the columns of `Post`; without one it is of who serves today.
    """
    query = serving(now) if posts is None else posts
    if key := name_key(text):
        by_name = Person.name_key.contains(key, autoescape=True)
        number = StaffNumber.number.contains(code_key(text), autoescape=True)
        by_number = (
            number
            if posts is None
            else sa.exists().where(StaffNumber.person_id == Person.id, number)
        )
        query = query.where(sa.or_(by_name, by_number))
    if section_ids is not None:
        query = query.where(Section.id.in_(section_ids))
    return query


def serving(now: datetime) -> sa.Select[Any]:
    """Return `posts`, to be narrowed."""
    return cast("sa.Select[Any]", posts(now))


def excluded_on(day: date) -> sa.Select[uuid.UUID]:
    """Return the query of who is asked to take no training on a day (受講対象外期間)."""
    return sa.select(ExclusionPeriod.person_id).where(valid(ExclusionPeriod, day))


def left_posts(now: datetime) -> sa.Select[Any]:
    """Return the query of who has left, with the columns of `Post` as of their last day."""
    today = clock.today(now)
    found = (
        sa.select(
            Person.id,
            Person.name,
            newest_number(Person.id),
            Section.id,
            SectionVersion.name,
            Title.id,
            Title.name,
            Person.email,
        )
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .join(SectionVersion, SectionVersion.section_id == Section.id)
        .join(Title, Title.id == Appointment.title_id)
        .where(
            Person.left_on < today,
            Appointment.kind == PostKind.MAIN,
            *(_on_last_day(row) for row in (Appointment, SectionVersion)),
        )
        .order_by(Person.left_on.desc(), Person.id)
    )
    return cast("sa.Select[Any]", found)


def _on_last_day(row: type[Appointment | SectionVersion]) -> sa.ColumnElement[bool]:
    return sa.and_(
        row.valid_from <= Person.left_on,
        sa.or_(row.valid_to.is_(None), row.valid_to >= Person.left_on),
    )
