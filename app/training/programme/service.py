"""Writing what a run consists of: its parts in their order, and its sessions in that of time.

Both are said as a whole: what is there and not said any more is taken away, as far as nobody has
been there. Numbers and places follow from the order.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db, deadlines
from app.kernel.errors import NotFound, Refused
from app.kernel.open_days import OpenDays
from app.training.attendance.models import Attendance
from app.training.enrolment.models import Assignment, Enrolment
from app.training.plans.models import ItemKind, Run, RunItem, RunKind, RunSession
from app.training.plans.states import RunState


@dataclass(frozen=True)
class SessionData:
    """What the office says about one sitting of a run."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    online_url: str = ""
    lecturer: str = ""
    #: The session that it changes; None for another one.
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class ItemData:
    """What the office says about one part of a run."""

    #: The material; None for what is no material.
    material_id: uuid.UUID | None = None
    kind: ItemKind = ItemKind.MATERIAL
    is_required: bool = True
    #: Until when: a day, or a rule that counts back from the first session.
    due: str = ""
    #: Minutes that a test takes longer here than its paper says.
    extra_minutes: int = 0

    @property
    def what(self) -> tuple[str, uuid.UUID | None]:
        """What it is, as a run has it once."""
        return str(self.kind), self.material_id


def limit(text: str, anchor: date, days: OpenDays) -> tuple[str, datetime | None]:
    """Return a deadline as it is written, and the moment it means; nothing is none.

    Raises Refused("deadline_unreadable").
    """
    if not text.strip():
        return "", None
    found = deadlines.moment(text, anchor, days)
    if found is None:
        raise Refused("deadline_unreadable", text=text)
    return text.strip(), found


def hold(session: Session, run: Run, wanted: Collection[SessionData]) -> bool:
    """Write the sessions of a run, numbered in the order of time; return whether any is another.

    Raises NotFound for a session of another run, and Refused("session_has_attendance") where one
    would be taken away about which somebody has said something.
    """
    known = {row.id: row for row in session.scalars(_sessions(run.id))}
    before = {key: _said(row) for key, row in known.items()}
    _drop(session, [row for key, row in known.items() if key not in {each.id for each in wanted}])
    # A number is somebody else's until all have got their own.
    for place, row in enumerate(known.values(), 1):
        row.number = -place
    session.flush()
    for number, each in enumerate(sorted(wanted, key=lambda each: each.starts_at), 1):
        row = _row(session, run.id, known, each.id)
        row.number, row.starts_at, row.ends_at = number, each.starts_at, each.ends_at
        row.place, row.online_url, row.lecturer = each.place, each.online_url, each.lecturer
    session.flush()
    return before != {row.id: _said(row) for row in session.scalars(_sessions(run.id))}


def arrange(session: Session, run: Run, items: Sequence[ItemData], days: OpenDays) -> None:
    """Write the parts of a run in their order, each with the moment until which it is due.

    Who is enrolled already takes what is new. Once people know of the run, its parts stay what
    they are: then only their limits, and the time for a test, can be others. Raises Refused:
    "run_items_fixed", "deadline_unreadable".
    """
    known = {(row.kind, row.material_id): row for row in session.scalars(_items(run.id))}
    is_fixed = run.state != RunState.DRAFT
    wanted = {item.what: item for item in (items if is_fixed else _whole(run.kind, items))}
    if is_fixed and list(known) != list(wanted):
        raise Refused("run_items_fixed")
    anchor = first_day(session, run)
    session.execute(sa.delete(Assignment).where(Assignment.run_item_id.in_(_gone(known, wanted))))
    for what in known.keys() - wanted.keys():
        session.delete(known[what])
    for place, row in enumerate(known.values(), 1):
        row.position = -place
    session.flush()
    for position, (what, item) in enumerate(wanted.items(), 1):
        row = known.get(what) or RunItem(run_id=run.id, kind=item.kind, material_id=what[1])
        row.position = position
        row.due_rule, row.due_until = limit(item.due, anchor, days)
        row.extra_minutes = item.extra_minutes
        if not is_fixed:
            row.is_required = item.is_required
        session.add(row)
    session.flush()
    _assign(session, run.id)


def first_day(session: Session, run: Run) -> date:
    """Return the day of a run's first session, from which limits of its parts count back.

    Where nobody meets it is the run's first day.
    """
    query = sa.select(sa.func.min(RunSession.starts_at)).where(RunSession.run_id == run.id)
    first = session.scalar(query)
    return clock.today(first) if first else run.learn_from


def go_online(session: Session, run_id: uuid.UUID, url: str, now: datetime) -> int:
    """Have all sessions of a run that are still to come be joined on line; return how many."""
    coming = session.scalars(_sessions(run_id).where(RunSession.ends_at > now)).all()
    for row in coming:
        row.online_url = url
    session.flush()
    return len(coming)


def _sessions(run_id: uuid.UUID) -> sa.Select[RunSession]:
    return sa.select(RunSession).where(RunSession.run_id == run_id).order_by(RunSession.starts_at)


def _items(run_id: uuid.UUID) -> sa.Select[RunItem]:
    return sa.select(RunItem).where(RunItem.run_id == run_id).order_by(RunItem.position)


def _said(row: RunSession) -> SessionData:
    said = SessionData(row.starts_at, row.ends_at, row.place, row.online_url, row.lecturer)
    return replace(said, id=row.id)


def _row(
    session: Session, run_id: uuid.UUID, known: dict[uuid.UUID, RunSession], key: uuid.UUID | None
) -> RunSession:
    if key is not None:
        if key not in known:
            raise NotFound
        return known[key]
    row = RunSession(run_id=run_id)
    session.add(row)
    return row


def _drop(session: Session, rows: Sequence[RunSession]) -> None:
    """Take sessions away, none of which anybody has announced an absence from or attended."""
    keys = [row.id for row in rows]
    spoken_of = session.scalar(
        sa.select(RunSession.number)
        .join(
            Attendance,
            sa.or_(Attendance.session_id == RunSession.id, Attendance.makes_up_id == RunSession.id),
        )
        .where(RunSession.id.in_(keys))
        .limit(1)
    )
    if spoken_of is not None:
        raise Refused("session_has_attendance", number=spoken_of)
    for row in rows:
        session.delete(row)
    session.flush()


def _whole(kind: str, items: Sequence[ItemData]) -> list[ItemData]:
    """Return the parts with the sessions among them where, and only where, people meet."""
    if kind == RunKind.E_LEARNING:
        return [item for item in items if item.kind != ItemKind.SESSIONS]
    if all(item.kind != ItemKind.SESSIONS for item in items):
        return [*items, ItemData(kind=ItemKind.SESSIONS)]
    return list(items)


def _gone(
    known: dict[tuple[str, uuid.UUID | None], RunItem], wanted: Collection[object]
) -> list[uuid.UUID]:
    return [row.id for what, row in known.items() if what not in wanted]


def _assign(session: Session, run_id: uuid.UUID) -> None:
    """Give everybody in a run an assignment of each material that they have none of yet."""
    missing = session.execute(
        sa.select(Enrolment.id, RunItem.id)
        .join(RunItem, RunItem.run_id == Enrolment.run_id)
        .outerjoin(
            Assignment,
            sa.and_(Assignment.enrolment_id == Enrolment.id, Assignment.run_item_id == RunItem.id),
        )
        .where(
            Enrolment.run_id == run_id, RunItem.material_id.is_not(None), Assignment.id.is_(None)
        )
    ).all()
    if missing:
        session.execute(
            sa.insert(Assignment),
            [{"id": db.new_id(), "enrolment_id": row[0], "run_item_id": row[1]} for row in missing],
        )
