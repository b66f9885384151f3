"""Reads of training orders: versions, those they name, and what a run says of itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
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


def lines(
    session: Session, order_id: uuid.UUID, day: date, *conditions: sa.ColumnElement[bool]
) -> list[LineRow]:
    """Return those whom a version names, by section and number."""
    query = cast(
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
        .join(SectionVersion, sections.version_on(day))
        .where(OrderLine.order_id == order_id, *conditions)
        .order_by(*sections.ORDER, OrderLine.number),
    )
    return [LineRow(*row) for row in session.execute(query)]


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
