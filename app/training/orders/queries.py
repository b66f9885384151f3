"""Reads of training orders: versions, those they name, and what a run says of itself."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.people.register.models import Person, Title
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.orders.models import Order, OrderKind, OrderLine
from app.training.plans.models import Run, RunSession, Training


@dataclass(frozen=True)
class OrderRow:
    """One version, as lists show it, with how many it names and how many have received it."""

    id: uuid.UUID
    fiscal_year: int
    serial: int
    version: int
    kind: str
    run_id: uuid.UUID
    issued_on: date
    issuer: str
    document: dict[str, Any]
    issued_at: datetime
    people: int
    acknowledged: int


@dataclass(frozen=True)
class LineRow:
    """One person that a version names."""

    id: uuid.UUID
    order_id: uuid.UUID
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str
    name: str
    section_id: uuid.UUID
    section: str
    title: str
    acknowledged_at: datetime | None


def versions(session: Session, *conditions: sa.ColumnElement[bool]) -> list[OrderRow]:
    """Return versions of orders, the newest first, in one statement."""
    rows = session.execute(
        sa.select(
            Order.id,
            Order.fiscal_year,
            Order.serial,
            Order.version,
            Order.kind,
            Order.run_id,
            Order.issued_on,
            Order.issuer,
            Order.document,
            Order.issued_at,
            sa.func.count(OrderLine.id),
            sa.func.count(OrderLine.acknowledged_at),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(*conditions)
        .group_by(Order.id)
        .order_by(Order.issued_at.desc(), Order.id.desc())
    )
    return [OrderRow(*row) for row in rows]


def version(session: Session, order_id: uuid.UUID) -> OrderRow:
    """Return one version; raises NotFound."""
    found = versions(session, Order.id == order_id)
    if not found:
        raise NotFound
    return found[0]


def people(order_id: uuid.UUID, day: date, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the query of those whom a version names, with the columns of `LineRow`.

    By section, as the organisation is on a day, and number.
    """
    return cast(
        "sa.Select[Any]",
        sa.select(
            OrderLine.id,
            OrderLine.order_id,
            OrderLine.enrolment_id,
            OrderLine.person_id,
            OrderLine.number,
            OrderLine.name,
            OrderLine.section_id,
            OrderLine.section,
            OrderLine.title,
            OrderLine.acknowledged_at,
        )
        .select_from(OrderLine)
        .join(Section, Section.id == OrderLine.section_id)
        .outerjoin(SectionVersion, sections.version_on(day))
        .where(OrderLine.order_id == order_id, *conditions)
        .order_by(*sections.ORDER, OrderLine.number),
    )


def lines(
    session: Session, order_id: uuid.UUID, day: date, *conditions: sa.ColumnElement[bool]
) -> list[LineRow]:
    """Return those whom a version names, by section and number."""
    return [LineRow(*row) for row in session.execute(people(order_id, day, *conditions))]


def sections_of(
    session: Session, order_id: uuid.UUID, lines: sa.ColumnElement[bool]
) -> dict[uuid.UUID, str]:
    """Return the sections of those whom a version names, of the lines that are read."""
    rows = session.execute(
        sa.select(OrderLine.section_id, OrderLine.section)
        .distinct()
        .where(OrderLine.order_id == order_id, lines)
        .order_by(OrderLine.section)
    )
    return {row.section_id: row.section for row in rows}


@dataclass(frozen=True)
class ToOrder:
    """Somebody who is decided for a run and not ordered yet."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str
    name: str
    section_id: uuid.UUID
    section: str
    title: str


def to_order(session: Session, run_id: uuid.UUID, day: date) -> list[ToOrder]:
    """Return who would be ordered into a run, by section and number."""
    number = newest_number(Person.id)
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Person.id,
            number.label("number"),
            Person.name,
            Section.id,
            sa.func.coalesce(SectionVersion.name, Section.code),
            Title.name,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .outerjoin(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == Enrolment.title_id)
        .where(Enrolment.run_id == run_id, Enrolment.state == EnrolmentState.DECIDED)
        .order_by(*sections.ORDER, sa.text("number"))
    )
    return [ToOrder(*row) for row in rows]


def mark(enrolment_ids: Iterable[uuid.UUID]) -> str:
    """Return a mark of some enrolments: another one as soon as it is about anybody else."""
    told = "\n".join(sorted(key.hex for key in enrolment_ids))
    return hashlib.sha256(told.encode()).hexdigest()


def issuers(session: Session, most: int = 10) -> list[str]:
    """Return by whom orders were given lately, the last one first."""
    rows = session.execute(
        sa.select(Order.issuer, sa.func.max(Order.issued_at).label("last"))
        .group_by(Order.issuer)
        .order_by(sa.text("last DESC"))
        .limit(most)
    )
    return [row.issuer for row in rows]


def first_of_run(session: Session, run_id: uuid.UUID) -> Order | None:
    """Return the version by which a run was ordered first; None while nobody is."""
    return session.scalars(
        sa.select(Order)
        .where(Order.run_id == run_id, Order.kind == OrderKind.ORDER)
        .order_by(Order.issued_at, Order.version)
        .limit(1)
    ).first()


def newest_of(session: Session, enrolment_id: uuid.UUID) -> Order | None:
    """Return the version that was the last to name an enrolment."""
    return session.scalars(
        sa.select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.enrolment_id == enrolment_id)
        .order_by(Order.version.desc())
        .limit(1)
    ).first()


def last_serial(session: Session, fiscal_year: int) -> int:
    """Return the last number given in a year; 0 before the first."""
    query = sa.select(sa.func.max(Order.serial)).where(Order.fiscal_year == fiscal_year)
    return session.scalar(query) or 0


def last_version(session: Session, fiscal_year: int, serial: int) -> int:
    """Return the last version of an order."""
    query = sa.select(sa.func.max(Order.version)).where(
        Order.fiscal_year == fiscal_year, Order.serial == serial
    )
    return session.scalar(query) or 0


def document(session: Session, run_id: uuid.UUID) -> dict[str, Any]:
    """Return what a run says of itself now: titles, days, sessions; times in ISO 8601, UTC."""
    run, title, code = session.execute(
        sa.select(Run, Training.title, Training.code)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Run.id == run_id)
    ).one()
    held = session.scalars(
        sa.select(RunSession).where(RunSession.run_id == run_id).order_by(RunSession.number)
    )
    return {
        "title": title,
        "code": code,
        "run": run.number,
        "kind": run.kind,
        "learn_from": run.learn_from.isoformat(),
        "learn_until": run.learn_until.isoformat(),
        "minutes": run.minutes,
        "sessions": [
            {
                "number": each.number,
                "starts_at": each.starts_at.isoformat(),
                "ends_at": each.ends_at.isoformat(),
                "place": each.place,
                "online_url": each.online_url,
                "lecturer": each.lecturer,
            }
            for each in held
        ],
    }


@dataclass(frozen=True)
class Held:
    """One session, as an order says it."""

    number: int
    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    lecturer: str


def sessions_in(document: dict[str, Any]) -> list[Held]:
    """Return the sessions that the document of a version names."""
    return [
        Held(
            each["number"],
            datetime.fromisoformat(each["starts_at"]),
            datetime.fromisoformat(each["ends_at"]),
            each["place"],
            each["online_url"],
            each["lecturer"],
        )
        for each in document["sessions"]
    ]


def period_in(document: dict[str, Any]) -> tuple[date, date]:
    """Return the first and the last day that the document of a version names."""
    return date.fromisoformat(document["learn_from"]), date.fromisoformat(document["learn_until"])
