"""Ordering anew those whose run has other days, times or places than they were ordered to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound
from app.training.amendments import queries
from app.training.orders import service as orders
from app.training.orders.models import Order
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.seats import service as seats


def amend(
    session: Session, run_id: uuid.UUID, *, by: Actor, now: datetime
) -> dict[Order, tuple[uuid.UUID, ...]]:
    """Order all whom their run has overtaken to what it is now (変更命令); return whom by which.

    One version of a number for each of its issuers: as a rule, one. Nobody is left to be ordered
    once it was done. Raises NotFound, and Conflict("wrong_state") for a run that is put off: where
    it goes on is not known yet.
    """
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    seats.locked(session, run.offering_id)  # two clerks at once take turns
    session.refresh(run)
    if run.state == RunState.POSTPONED:
        raise Conflict("wrong_state", action="amend", state=run.state)
    versions: dict[tuple[int, int, str], tuple[Order, list[uuid.UUID]]] = {}
    for each in queries.overtaken(session, run_id):
        key = (each.order.fiscal_year, each.order.serial, each.order.issuer)
        _, enrolment_ids = versions.setdefault(key, (each.order, []))
        enrolment_ids.extend(each.enrolment_ids)
    return {
        orders.amend(session, earlier, named, by=by, now=now): tuple(named)
        for earlier, named in versions.values()
    }
