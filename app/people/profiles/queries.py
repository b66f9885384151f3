"""Reads of one person: the approved items in their order, and the changes that the audit keeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.register.models import (
    Appointment,
    ExclusionPeriod,
    Person,
    PostKind,
    StaffNumber,
    Title,
)
from app.people.sections.models import SectionVersion

#: Months after which what nobody has confirmed since counts as old (C21).
STALE_AFTER = 13


@dataclass(frozen=True)
class Number:
    """A staff number with its days."""

    number: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class PostLine:
    """A post with its days: what it was called then is what it was called."""

    section: str
    title: str
    employment_class: str
    kind: str
    job_type: str
    duty: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Exclusion:
    """A time in which somebody is asked to take no training."""

    id: uuid.UUID
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Age:
    """An age and the day of which it tells; it is never counted on."""

    years: int
    as_of: date | None


@dataclass(frozen=True)
class Whole:
    """What the office alone reads: no section needs it. Gender is not among it, see `gender`."""

    numbers: list[Number]
    age: Age | None
    hired_on: date | None
    promoted_on: date | None
    #: 採用○年目 and 現職○年目.
    year_of_service: int | None
    year_of_post: int | None
    exclusions: list[Exclusion]
    confirmed_on: date | None
    is_stale: bool


@dataclass(frozen=True)
class Profile:
    """One person, as far as whoever asks may read."""

    person_id: uuid.UUID
    name: str
    number: str
    email: str | None
    left_on: date | None
    #: The posts of today, or those of the last day; the main one first.
    posts: list[PostLine]
    #: The posts that were and that will be; none where only today is read.
    other_posts: list[PostLine]
    #: None where only what a section needs is read.
    whole: Whole | None


@dataclass(frozen=True)
class Change:
    """One entry of the record of changes (変更の記録)."""

    at: datetime
    by: str
    #: In whose place it was done; empty for nobody's.
    by_proxy_of: str
    action: str
    #: Old and new value by item; codes and days as the audit keeps them.
    items: dict[str, tuple[Any, Any]]


def profile(session: Session, person_id: uuid.UUID, now: datetime, *, is_whole: bool) -> Profile:
    """Return what is held about somebody, as far as it may be read."""
    row = session.get_one(Person, person_id)
    today = clock.today(now)
    day = min(today, row.left_on) if row.left_on else today
    numbers = _numbers(session, person_id)
    posts = list(_posts(session, person_id, day))
    present = [post for post in posts if _holds(post, day)]
    return Profile(
        person_id=person_id,
        name=row.name,
        number=next((each.number for each in numbers if _holds(each, day)), numbers[0].number)
        if numbers
        else "",
        email=row.email,
        left_on=row.left_on,
        posts=sorted(present, key=lambda post: post.kind != PostKind.MAIN),
        other_posts=[post for post in posts if post not in present] if is_whole else [],
        whole=_whole(session, row, numbers, today) if is_whole else None,
    )


def gender(session: Session, person_id: uuid.UUID) -> str | None:
    """Return somebody's gender: for the one page that was asked for it."""
    return session.get_one(Person, person_id).gender


def is_stale(confirmed_on: date | None, today: date) -> bool:
    """Whether no file of the register has confirmed somebody for more than 13 months."""
    return confirmed_on is not None and confirmed_on < clock.months_before(today, STALE_AFTER)


def is_old(today: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Person` that `is_stale` says yes."""
    return Person.confirmed_on < clock.months_before(today, STALE_AFTER)


#: What has changed somebody's items; what they were is kept with it.
CHANGING = (
    "person.changed",
    "person.corrected",
    "person.left",
    "person.stayed",
    "person.excluded",
    "person.exclusion_ended",
)


def changes(session: Session, person_id: uuid.UUID, most: int = 50) -> list[Change]:
    """Return what has been changed of somebody, the newest first: what was there before is kept."""
    actor, holder = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(AuditEvent, actor.name, holder.name)
        .outerjoin(actor, actor.id == AuditEvent.actor_id)
        .outerjoin(holder, holder.id == AuditEvent.for_id)
        .where(AuditEvent.subject_kind == "person", AuditEvent.subject_id == person_id)
        .where(AuditEvent.action.in_(CHANGING))
        .order_by(AuditEvent.seq.desc())
        .limit(most)
    )
    return [
        Change(
            at=line.at,
            by=by or "",
            by_proxy_of=holder_name or "",
            action=line.action,
            items={
                name: (pair[0], pair[1])
                for name, pair in (line.details or {}).items()
                if isinstance(pair, list) and len(pair) == 2
            },
        )
        for line, by, holder_name in rows
    ]


def _whole(session: Session, row: Person, numbers: list[Number], today: date) -> Whole:
    exclusions = session.execute(
        sa.select(ExclusionPeriod.id, ExclusionPeriod.valid_from, ExclusionPeriod.valid_to)
        .where(ExclusionPeriod.person_id == row.id)
        .where(
            sa.or_(
                ExclusionPeriod.valid_to.is_(None),
                ExclusionPeriod.valid_to >= ExclusionPeriod.valid_from,
            )
        )
        .order_by(ExclusionPeriod.valid_from.desc())
    )
    return Whole(
        numbers=numbers,
        age=Age(row.age, row.age_as_of) if row.age is not None else None,
        hired_on=row.hired_on,
        promoted_on=row.promoted_on,
        year_of_service=clock.year_of(row.hired_on, today),
        year_of_post=clock.year_of(row.promoted_on, today),
        exclusions=[Exclusion(*found) for found in exclusions],
        confirmed_on=row.confirmed_on,
        is_stale=is_stale(row.confirmed_on, today),
    )


def _numbers(session: Session, person_id: uuid.UUID) -> list[Number]:
    rows = session.execute(
        sa.select(StaffNumber.number, StaffNumber.valid_from, StaffNumber.valid_to)
        .where(StaffNumber.person_id == person_id)
        .order_by(StaffNumber.valid_from.desc(), StaffNumber.number)
    )
    return [Number(*row) for row in rows]


def _posts(session: Session, person_id: uuid.UUID, day: date) -> Iterator[PostLine]:
    """Yield all posts, the newest first, each with the section's name of its own last day."""
    last = sa.func.coalesce(Appointment.valid_to, sa.literal(day))
    then = sa.case((Appointment.valid_from > last, Appointment.valid_from), else_=last)
    rows = session.execute(
        sa.select(
            SectionVersion.name,
            Title.name,
            Title.employment_class,
            Appointment.kind,
            Appointment.job_type,
            Appointment.duty,
            Appointment.valid_from,
            Appointment.valid_to,
        )
        .join(Title, Title.id == Appointment.title_id)
        .outerjoin(
            SectionVersion,
            sa.and_(
                SectionVersion.section_id == Appointment.section_id,
                SectionVersion.valid_from <= then,
                sa.or_(SectionVersion.valid_to.is_(None), SectionVersion.valid_to >= then),
            ),
        )
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.valid_from.desc(), Appointment.kind.desc(), Appointment.id)
    )
    for row in rows:
        yield PostLine(row[0] or "", *row[1:])


def _holds(row: Number | PostLine, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
