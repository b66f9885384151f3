"""Reads of what was ordered and is held otherwise by now."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.orders import queries as orders
from app.training.orders.models import Order, OrderKind, OrderLine
from app.training.receipts.queries import stands

#: Whose order can be changed: they are to take the run still, or are taking it.
_ORDERED = (EnrolmentState.ORDERED, EnrolmentState.IN_PROGRESS)


@dataclass(frozen=True)
class Overtaken:
    """A version that says other days, times or places than its run has, and whom it orders."""

    order: Order
    enrolment_ids: tuple[uuid.UUID, ...]


def overtaken(session: Session, run_id: uuid.UUID) -> list[Overtaken]:
    """Return the versions that a run has overtaken, in their order: four statements at most."""
    issued = session.scalars(
        sa.select(Order)
        .where(Order.run_id == run_id, Order.kind != OrderKind.REVOCATION)
        .order_by(Order.fiscal_year, Order.serial, Order.version)
    ).all()
    if not issued:
        return []
    said = _said(orders.document(session, run_id))
    others = [order for order in issued if _said(order.document) != said]
    rows = session.execute(
        sa.select(OrderLine.order_id, OrderLine.enrolment_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Enrolment, Enrolment.id == OrderLine.enrolment_id)
        .where(
            Order.id.in_([order.id for order in others]),
            Enrolment.run_id == run_id,
            Enrolment.state.in_(_ORDERED),
            stands(),
        )
        .order_by(OrderLine.number)
    )
    named: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for order_id, enrolment_id in rows:
        named[order_id].append(enrolment_id)
    return [Overtaken(order, tuple(named[order.id])) for order in others if order.id in named]


def _said(document: dict[str, Any]) -> tuple[object, ...]:
    """Return of a document when and where people have to be."""
    held = orders.sessions_in(document)
    return (
        orders.period_in(document),
        [(each.starts_at, each.ends_at, each.place, each.online_url) for each in held],
    )
