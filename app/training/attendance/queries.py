"""Reads of attendance: who was where, and how much of a run somebody missed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.attendance.models import Attendance, Presence
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans.models import RunSession


@dataclass(frozen=True)
class Sitting:
    """One session of a run."""

    id: uuid.UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    lecturer: str

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class Mark:
    """What is known of one person in one session."""

    session_id: uuid.UUID
    announced: str | None
    presence: str | None
    minutes: int | None


def sittings(session: Session, run_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Sitting]]:
    """Return the sessions of some runs, in their order, in one statement."""
    rows = session.scalars(
        sa.select(RunSession).where(RunSession.run_id.in_(run_ids)).order_by(RunSession.starts_at)
    )
    found: dict[uuid.UUID, list[Sitting]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(
            Sitting(
                row.id,
                row.number,
                row.starts_at,
                row.ends_at,
                row.place,
                row.online_url,
                row.lecturer,
            )
        )
    return dict(found)


def marks(session: Session, run_id: uuid.UUID) -> dict[uuid.UUID, dict[uuid.UUID, Mark]]:
    """Return what is known of each enrolment with a seat in a run, by session."""
    rows = session.execute(
        sa.select(
            Attendance.enrolment_id,
            Attendance.session_id,
            Attendance.announced,
            Attendance.presence,
            Attendance.minutes,
        )
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED))
    )
    found: dict[uuid.UUID, dict[uuid.UUID, Mark]] = defaultdict(dict)
    for enrolment_id, session_id, announced, presence, minutes in rows:
        found[enrolment_id][session_id] = Mark(session_id, announced, presence, minutes)
    return dict(found)


@dataclass(frozen=True)
class Missed:
    """How much of a run somebody missed, in minutes."""

    total: int
    missed: int
    #: Sessions of which nobody has said yet how it was.
    open: int

    def is_too_much(self, limit: int) -> bool:
        """Whether more than `limit` percent of the whole was missed; the limit itself is not."""
        return self.missed * 100 > self.total * limit


def missed(sessions: Collection[Sitting], known: dict[uuid.UUID, Mark]) -> Missed:
    """Add up what somebody missed of sessions.

    A session that is excused (公欠) counts neither way; one that was made up for counts as taken.
    """
    total = gone = unsaid = 0
    for sitting in sessions:
        mark = known.get(sitting.id)
        if mark is not None and mark.presence == Presence.EXCUSED:
            continue
        total += sitting.minutes
        if mark is None or mark.presence is None:
            unsaid += 1
        elif mark.presence != Presence.MADE_UP:
            gone += sitting.minutes - min(sitting.minutes, mark.minutes or 0)
    return Missed(total, gone, unsaid)
