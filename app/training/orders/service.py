"""Issuing training orders: each a new version, numbered within its fiscal year.

What a version says is copied into it when it is issued, from the run and from those it names: what
is changed afterwards changes no paper.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock, db, outbox, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.people.register.models import Person, Title
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.orders import queries
from app.training.orders.models import Order, OrderKind, OrderLine

#: The kind of notice that tells somebody of an order.
ISSUED = "order.issued"
#: How often a number is tried for: each time somebody else has taken it a moment before.
_TRIES = 5


@dataclass(frozen=True)
class Header:
    """What stands at the head of an order: by whom it is given, and of which day."""

    issuer: str
    issued_on: date
    #: What stands before its number; empty: what stood there in an earlier version.
    prefix: str = ""


@dataclass(frozen=True)
class _Draft:
    """A version to come."""

    kind: OrderKind
    run_id: uuid.UUID
    header: Header
    #: An earlier version of the same order; None for one with a number of its own.
    earlier: Order | None


def issue(
    session: Session,
    run_id: uuid.UUID,
    header: Header,
    *,
    by: Actor,
    now: datetime,
    section_ids: Collection[uuid.UUID] | None = None,
    seen: str | None = None,
) -> Order:
    """Order all who are decided for a run and not ordered yet (発令), or those of some sections.

    The first time it is an order of its own number; later (追加) another version of it. Raises
    Refused("order_needs_issuer"), Refused("nobody_to_order"), and Conflict("people_changed") where
    it is about others than those whose mark (`queries.mark`) was `seen`.
    """
    if not header.issuer.strip():
        raise Refused("order_needs_issuer")
    rows = session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state == EnrolmentState.DECIDED)
        .with_for_update()
    ).all()
    if seen not in (None, queries.mark(row.id for row in rows)):
        raise Conflict("people_changed")
    rows = [row for row in rows if section_ids is None or row.section_id in section_ids]
    if not rows:
        raise Refused("nobody_to_order")
    for row in rows:
        workflow.move(session, row, "order", by=by, now=now)
    session.flush()
    return write(session, run_id, header, [row.id for row in rows], by=by, now=now)


def write(
    session: Session,
    run_id: uuid.UUID,
    header: Header,
    enrolment_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
    tells: bool = True,
) -> Order:
    """Add the version that orders some enrolments, which are in the state ordered already.

    Where whoever calls tells them by itself (not `tells`), only their sections are told of it.
    """
    draft = _Draft(OrderKind.ORDER, run_id, header, queries.first_of_run(session, run_id))
    return _add(session, draft, enrolment_ids, by=by, now=now, tells=tells)


def change(
    session: Session, before: Enrolment, after: Enrolment, *, by: Actor, now: datetime
) -> Order | None:
    """Order one enrolment in the place of another (変更命令); None where that was never ordered."""
    earlier = queries.newest_of(session, before.id)
    if earlier is None:
        return None
    workflow.move(session, after, "order", by=by, now=now)
    session.flush()
    header = Header(earlier.issuer, clock.today(now))
    draft = _Draft(OrderKind.CHANGE, after.run_id, header, earlier)
    return _add(session, draft, [after.id], by=by, now=now)


def amend(
    session: Session,
    earlier: Order,
    enrolment_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> Order:
    """Order some of a run, who were ordered before, to what the run is now (変更命令)."""
    header = Header(earlier.issuer, clock.today(now))
    draft = _Draft(OrderKind.CHANGE, earlier.run_id, header, earlier)
    return _add(session, draft, enrolment_ids, by=by, now=now)


def revoke(session: Session, enrolment: Enrolment, *, by: Actor, now: datetime) -> Order | None:
    """Take back what was ordered of one enrolment (命令取消); None where nothing was."""
    earlier = queries.newest_of(session, enrolment.id)
    if earlier is None or earlier.kind == OrderKind.REVOCATION:
        return None
    header = Header(earlier.issuer, clock.today(now))
    draft = _Draft(OrderKind.REVOCATION, enrolment.run_id, header, earlier)
    return _add(session, draft, [enrolment.id], by=by, now=now)


def acknowledge(session: Session, line_id: uuid.UUID, *, by: Actor, now: datetime) -> OrderLine:
    """Note that somebody has received what orders them (受領確認); twice keeps the first moment."""
    row = session.get(OrderLine, line_id, with_for_update=True)
    if row is None or row.person_id != by.known_id:
        raise NotFound
    if row.acknowledged_at is None:
        row.acknowledged_at = now
        audit.record(
            session,
            "order.acknowledged",
            by=by.person_id,
            now=now,
            subject=("training_order", row.order_id),
            details={"people": [str(row.person_id)]},
        )
    return row


def _add(
    session: Session,
    draft: _Draft,
    enrolment_ids: Sequence[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
    tells: bool = True,
) -> Order:
    values = {
        "kind": draft.kind,
        "run_id": draft.run_id,
        "issued_on": draft.header.issued_on,
        "issuer": draft.header.issuer.strip(),
        "document": queries.document(session, draft.run_id) | {"prefix": _prefix(draft)},
        "issued_by": by.person_id,
        "issued_at": now,
    }
    order = _numbered(session, values, draft.earlier)
    lines = _lines(session, order.id, enrolment_ids, clock.today(now))
    session.execute(sa.insert(OrderLine), lines)
    audit.record(
        session,
        f"order.{draft.kind}",
        by=by.person_id,
        now=now,
        subject=("training_order", order.id),
        details={
            **audit.shown(line["person_id"] for line in lines),
            "number": f"{order.fiscal_year}-{order.serial}-{order.version}",
        },
    )
    action = str(draft.kind) if tells else "of_many"
    payload = {"table": "training_order", "id": str(order.id), "action": action}
    outbox.put(session, outbox.Kind.MOVED, payload, now)
    return order


def _prefix(draft: _Draft) -> str:
    earlier = draft.earlier.document.get("prefix", "") if draft.earlier else ""
    return draft.header.prefix.strip() or earlier


def _numbered(session: Session, values: dict[str, Any], earlier: Order | None) -> Order:
    """Add an order under the next number of its year, or the next version of an earlier one."""
    for left in reversed(range(_TRIES)):
        if earlier is not None:
            year, serial = earlier.fiscal_year, earlier.serial
            version = queries.last_version(session, year, serial) + 1
        else:
            year = clock.fiscal_year(values["issued_on"])
            serial, version = queries.last_serial(session, year) + 1, 1
        order = Order(fiscal_year=year, serial=serial, version=version, **values)
        try:
            with session.begin_nested():
                session.add(order)
                session.flush()
        except IntegrityError:
            if not left:
                raise
        else:
            return order
    raise AssertionError("tried no number")


def _lines(
    session: Session, order_id: uuid.UUID, enrolment_ids: Collection[uuid.UUID], day: date
) -> list[dict[str, Any]]:
    """Return the lines of a version: each person as they were when their place was decided."""
    rows = [
        row
        for some in db.portions(list(enrolment_ids))
        for row in session.execute(
            sa.select(
                Enrolment.id,
                Person.id,
                newest_number(Person.id),
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
            .where(Enrolment.id.in_(some))
        )
    ]
    return [
        {
            "id": db.new_id(),
            "order_id": order_id,
            "enrolment_id": row[0],
            "person_id": row[1],
            "number": row[2],
            "name": row[3],
            "section_id": row[4],
            "section": row[5],
            "title": row[6],
        }
        for row in rows
    ]
