"""Telling those again who have not said that they received an order."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.orders.models import Order
from app.training.receipts import queries


def remind(
    session: Session, order_id: uuid.UUID, key: uuid.UUID, *, by: Actor, now: datetime
) -> int:
    """Have those told again who have not said that they received a version; return how many.

    The same key again tells nobody twice. Raises NotFound and Refused("all_acknowledged").
    """
    order = session.get(Order, order_id, with_for_update=True)
    if order is None:
        raise NotFound
    people = queries.unacknowledged(session, order_id)
    if not people:
        raise Refused("all_acknowledged")
    payload = {"table": "training_order", "id": str(order_id), "action": "remind"}
    if session.get(outbox.Outgoing, key) is None:
        outbox.put(session, outbox.Kind.MOVED, payload, now, key)
        audit.record(
            session,
            "order.reminded",
            by=by.person_id,
            now=now,
            subject=("training_order", order_id),
            details=audit.shown(people),
        )
    return len(people)
