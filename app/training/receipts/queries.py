"""Reads of receipts: which lines of orders hold, and who has not said that they received theirs."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.orders.models import Order, OrderKind, OrderLine


def stands() -> sa.ColumnElement[bool]:
    """Return the condition on `OrderLine` and `Order` that a line still says what holds.

    No later version of the order names the same enrolment, and whom it orders has the seat still.
    """
    later, newer = aliased(OrderLine), aliased(Order)
    is_replaced = (
        sa.exists()
        .where(
            later.enrolment_id == OrderLine.enrolment_id,
            newer.id == later.order_id,
            newer.fiscal_year == Order.fiscal_year,
            newer.serial == Order.serial,
            newer.version > Order.version,
        )
        .correlate(Order, OrderLine)
    )
    has_seat = (
        sa.exists()
        .where(Enrolment.id == OrderLine.enrolment_id, Enrolment.state.in_(SEATED))
        .correlate(OrderLine)
    )
    return sa.and_(~is_replaced, sa.or_(Order.kind == OrderKind.REVOCATION, has_seat))


def counts(session: Session, order_id: uuid.UUID, lines: sa.ColumnElement[bool]) -> tuple[int, int]:
    """Return how many people a version names, of those read, and how many have received it."""
    row = session.execute(
        sa.select(sa.func.count(), sa.func.count(OrderLine.acknowledged_at)).where(
            OrderLine.order_id == order_id, lines
        )
    ).one()
    return row[0], row[1]


def standing(session: Session, order_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the lines of a version that still say what holds."""
    return frozenset(
        session.scalars(
            sa.select(OrderLine.id)
            .join(Order, Order.id == OrderLine.order_id)
            .where(OrderLine.order_id == order_id, stands())
        )
    )


def open_lines(order_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """Return the query of the lines that hold and of which nobody has said they received them."""
    return (
        sa.select(OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.order_id == order_id, OrderLine.acknowledged_at.is_(None), stands())
    )


def unacknowledged(session: Session, order_id: uuid.UUID) -> list[uuid.UUID]:
    """Return who has not said that they received what a version still orders of them."""
    query = sa.select(OrderLine.person_id).where(OrderLine.id.in_(open_lines(order_id)))
    return list(session.scalars(query.order_by(OrderLine.number)))


def line_in_force(session: Session, enrolment_id: uuid.UUID) -> tuple[Order, OrderLine] | None:
    """Return the version that orders an enrolment now, with its line; None where nothing does."""
    row = session.execute(
        sa.select(Order, OrderLine)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.enrolment_id == enrolment_id, Order.kind != OrderKind.REVOCATION, stands())
        .order_by(Order.version.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None
