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
from app.kernel.workflow import Transition, Transitions
from app.people.permission.models import Role
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState


class RunState(StrEnum):
    """準備中, 実施中, 終了, 開催中止."""

    DRAFT = "draft"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


#: The components by name: their rows are declared in a module that reads this one.
_ITEMS = sa.table("run_item", sa.column("run_id", sa.Uuid), sa.column("material_id", sa.Uuid))


def _can_be_opened(session: Session, run: Any, now: datetime) -> None:
    """Ask for components that can be launched, for learners, and for a day on which to learn."""
    _has_days_left(session, run, now)
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
    if not titles:
        raise Refused("run_has_no_material")
    for title, is_published in titles:
        if not is_published:
            raise Refused("run_material_unpublished", title=title)
    enrolled = sa.select(Enrolment.id).where(
        Enrolment.run_id == run.id, Enrolment.state != EnrolmentState.REVOKED
    )
    if session.execute(enrolled.limit(1)).first() is None:
        raise Refused("run_has_nobody")


def _has_days_left(_session: Session, run: Any, now: datetime) -> None:
    if clock.days_left(run.learn_until, now) < 0:
        raise Refused("run_is_over")


_PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})
_PLANNING_OR_SYSTEM = _PLANNING | {"system"}

TRANSITIONS: Transitions = {
    "open": Transition(
        (RunState.DRAFT,), RunState.OPEN, _PLANNING, guard=_can_be_opened, tells=True
    ),
    "end": Transition((RunState.OPEN,), RunState.ENDED, _PLANNING_OR_SYSTEM),
    "reopen": Transition((RunState.ENDED,), RunState.OPEN, _PLANNING, guard=_has_days_left),
    "cancel": Transition((RunState.DRAFT, RunState.OPEN), RunState.CANCELLED, _PLANNING),
}
