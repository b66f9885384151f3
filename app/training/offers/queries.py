"""Reads of what a call is to somebody who might be put forward."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.training.calls.queries import Call, Called
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line, Obstacle
from app.training.candidacies.states import LIVE
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import APPLIED_FOR, Offering
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import RunState
from app.training.proposals.queries import Clash


@dataclass(frozen=True)
class Terms:
    """What a call is to one person."""

    call: Call
    #: Runs that can be applied for now.
    choices: tuple[Called, ...]
    #: What stands in the way, without what they are put forward with themselves.
    obstacles: tuple[Obstacle, ...]
    #: With which they are put forward already.
    mine: Line | None
    #: Which of the runs are held at the time of another of theirs.
    clashes: dict[uuid.UUID, list[Clash]]
    apply_until: datetime | None
    head_until: datetime | None

    @property
    def is_applied_for(self) -> bool:
        """Whether people come to it by applying (公募, 自由受講)."""
        return self.call.offering.obligation in APPLIED_FOR

    @property
    def is_open(self) -> bool:
        """Whether this person can apply now."""
        return bool(self.choices) and not (self.obstacles or self.mine)


def terms(session: Session, call: Call, person_id: uuid.UUID, now: datetime) -> Terms:
    """Return what a call is to one person."""
    offering = call.offering
    mine = candidacies.found(
        session,
        clock.today(now),
        Candidacy.offering_id == offering.id,
        Candidacy.person_id == person_id,
        Candidacy.state.in_(LIVE),
    )
    obstacles = candidacies.obstacles(session, offering, [person_id], now).get(person_id, [])
    choices = tuple(run for run in call.runs if run.takes_applications(now))
    clashing = clashes(session, [person_id], [run.id for run in choices])
    return Terms(
        call,
        choices,
        tuple(each for each in obstacles if each != Obstacle.PUT_FORWARD),
        mine[0] if mine else None,
        {run.id: clashing.get((person_id, run.id), []) for run in choices},
        call.apply_until(now),
        call.head_until(now),
    )


def clashes(
    session: Session, person_ids: Collection[uuid.UUID], run_ids: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], list[Clash]]:
    """Return, by person and run, their seats elsewhere at the time of these runs: one statement.

    What is learnt alone clashes with nothing.
    """
    theirs, wanted = aliased(RunSession), aliased(RunSession)
    rows = session.execute(
        sa.select(Enrolment.person_id, wanted.run_id, Training.title, Run.number)
        .distinct()
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(theirs, theirs.run_id == Enrolment.run_id)
        .join(
            wanted,
            sa.and_(wanted.starts_at < theirs.ends_at, theirs.starts_at < wanted.ends_at),
        )
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.state.in_(SEATED),
            wanted.run_id.in_(run_ids),
            theirs.run_id != wanted.run_id,
            Run.state.not_in((RunState.CANCELLED, RunState.POSTPONED)),
        )
        .order_by(Training.title, Run.number)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Clash]] = defaultdict(list)
    for person_id, run_id, title, number in rows:
        found[person_id, run_id].append(Clash(title, number))
    return dict(found)
