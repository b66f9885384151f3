"""The life of a run."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.content.materials.states import VersionState
from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.workflow import BACK, Transition, Transitions
from app.people.permission.models import Role
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, UNDER_WAY


class RunState(StrEnum):
    """準備中, 募集中, 募集締切, 決定済, 実施中, 終了, 確定, 開催中止, 延期."""

    DRAFT = "draft"
    CALLING = "calling"
    CLOSED = "closed"
    DECIDED = "decided"
    OPEN = "open"
    ENDED = "ended"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class RunReason(StrEnum):
    """Why a run is cancelled or postponed: 災害, 交通障害, 申込者不足, 講師の都合, その他."""

    DISASTER = "disaster"
    TRANSPORT = "transport"
    TOO_FEW = "too_few"
    LECTURER = "lecturer"
    OTHER = "other"


#: States in which people may be put into a run.
TAKING = frozenset(
    {RunState.DRAFT, RunState.CALLING, RunState.CLOSED, RunState.DECIDED, RunState.OPEN}
)

#: By name: their rows are declared in a module that reads this one.
_ITEMS = sa.table("run_item", sa.column("run_id", sa.Uuid), sa.column("material_id", sa.Uuid))
_SESSIONS = sa.table("run_session", sa.column("run_id", sa.Uuid))


def _can_be_opened(session: Session, run: Any, now: datetime) -> None:
    """Ask for what can be taken, for learners, and for a day on which to learn."""
    _has_days_left(session, run, now)
    _has_what_it_needs(session, run)
    enrolled = sa.select(Enrolment.id).where(
        Enrolment.run_id == run.id, Enrolment.state.in_(SEATED)
    )
    if session.execute(enrolled.limit(1)).first() is None:
        raise Refused("run_has_nobody")


def _has_what_it_needs(session: Session, run: Any) -> None:
    """Ask for materials that can be launched, where it is learnt from them, and for sessions."""
    titles = session.execute(
        sa.select(
            Material.title,
            sa.exists().where(
                Version.material_id == Material.id, Version.state == VersionState.PUBLISHED
            ),
        )
        .join(_ITEMS, _ITEMS.c.material_id == Material.id)
        .where(_ITEMS.c.run_id == run.id)
    ).all()
    if not titles and run.kind != "classroom":
        raise Refused("run_has_no_material")
    for title, is_published in titles:
        if not is_published:
            raise Refused("run_material_unpublished", title=title)
    if run.kind != "e_learning" and not _is_there(session, _SESSIONS, run):
        raise Refused("run_has_no_sessions")


def _is_there(session: Session, table: sa.TableClause, run: Any) -> bool:
    query = sa.select(sa.literal(1)).select_from(table).where(table.c.run_id == run.id)
    return session.execute(query.limit(1)).first() is not None


def _can_be_called(session: Session, run: Any, now: datetime) -> None:
    """Ask for deadlines that follow one another and still lie ahead."""
    _has_days_left(session, run, now)
    if run.head_until is None:
        raise Refused("call_needs_deadline")
    if run.head_until <= now:
        raise Refused("call_deadline_over")
    if run.apply_until and run.apply_until > run.head_until:
        raise Refused("call_deadlines_crossed")
    if run.kind != "e_learning" and not _is_there(session, _SESSIONS, run):
        raise Refused("run_has_no_sessions")


def _is_decided(session: Session, run: Any, _now: datetime) -> None:
    """Ask for nobody of whom it is open still whether they have completed it."""
    count = session.scalar(
        sa.select(sa.func.count()).where(Enrolment.run_id == run.id, Enrolment.state.in_(UNDER_WAY))
    )
    if count:
        raise Refused("run_has_undecided", count=f"{count:,}")


def _has_days_left(_session: Session, run: Any, now: datetime) -> None:
    if clock.days_left(run.learn_until, now) < 0:
        raise Refused("run_is_over")


_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})
_PLANNING_OR_SYSTEM = _PLANNING | {"system"}
_BEFORE_IT = (RunState.DRAFT, RunState.CALLING, RunState.CLOSED, RunState.DECIDED)

TRANSITIONS: Transitions = {
    "call": Transition(
        (RunState.DRAFT,), RunState.CALLING, _PLANNING, guard=_can_be_called, tells=True
    ),
    "close": Transition((RunState.CALLING,), RunState.CLOSED, _PLANNING_OR_SYSTEM),
    "call_again": Transition(
        (RunState.CLOSED,), RunState.CALLING, _PLANNING, guard=_can_be_called, tells=True
    ),
    "decide": Transition((RunState.CALLING, RunState.CLOSED), RunState.DECIDED, _PLANNING),
    "open": Transition(
        (RunState.DRAFT, RunState.CLOSED, RunState.DECIDED),
        RunState.OPEN,
        _PLANNING_OR_SYSTEM,
        guard=_can_be_opened,
        tells=True,
    ),
    "end": Transition((RunState.OPEN,), RunState.ENDED, _PLANNING_OR_SYSTEM),
    "reopen": Transition((RunState.ENDED,), RunState.OPEN, _PLANNING, guard=_has_days_left),
    "settle": Transition((RunState.ENDED,), RunState.SETTLED, _PLANNING, guard=_is_decided),
    "cancel": Transition(
        (*_BEFORE_IT, RunState.OPEN, RunState.ENDED, RunState.POSTPONED),
        RunState.CANCELLED,
        _PLANNING,
        tells=True,
        keeps=True,
    ),
    "restore": Transition((RunState.CANCELLED,), BACK, _PLANNING, tells=True),
    "postpone": Transition(
        (*_BEFORE_IT, RunState.OPEN), RunState.POSTPONED, _PLANNING, tells=True, keeps=True
    ),
    "resume": Transition((RunState.POSTPONED,), BACK, _PLANNING, guard=_has_days_left, tells=True),
}
