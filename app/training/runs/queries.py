"""Reads of one run: all that is said of it, what it consists of, and how its seats stand."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.videos.models import WatchingRule
from app.kernel.errors import NotFound
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.orders import queries as orders
from app.training.plans.models import ItemKind, Run, RunItem, RunKind, RunSession
from app.training.plans.service import Limits, RunData
from app.training.programme.service import ItemData, SessionData
from app.training.seats import queries as seats
from app.training.viewing.queries import Said, watched


@dataclass(frozen=True)
class Standing:
    """How a run stands: its seats, its deadlines, and where it goes back to."""

    state_before: str | None
    reason: str | None
    takes_late: bool
    capacity_min: int | None
    capacity_max: int | None
    #: How many have a seat, wait for one, and are put forward for the offering.
    taken: int
    waiting: int
    undecided: int
    #: How many went out of it when it was cancelled.
    gone: int
    apply_from: date | None
    apply_until: datetime | None
    head_until: datetime | None
    change_until: datetime | None
    is_ordered: bool
    #: How people come to it.
    obligation: str

    @property
    def limits(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        """The deadlines of learners, of heads, and of changes."""
        return self.apply_until, self.head_until, self.change_until

    @property
    def is_short(self) -> bool:
        """Whether fewer have a seat than are needed to hold it."""
        return self.capacity_min is not None and self.taken < self.capacity_min


@dataclass(frozen=True)
class Part:
    """One part of a run, in its order."""

    id: uuid.UUID
    kind: str
    position: int
    material_id: uuid.UUID | None
    title: str | None
    is_required: bool
    due_until: datetime | None
    is_published: bool
    #: What kind of material it is; None for what is none.
    material_kind: str | None
    #: How a video is watched, as its run and as it says itself; see `watching`.
    said: Said
    play: Said | None

    @property
    def watching(self) -> WatchingRule | None:
        """How it is watched; None for what is no video."""
        return watched(self)


def standing(session: Session, run_id: uuid.UUID) -> Standing:
    """Return how a run stands; raises NotFound."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    counted = sa.select(
        sa.func.count(sa.case((_waits_for(run), 1))),
        sa.func.count(sa.case((Candidacy.state == CandidacyState.NOMINATED, 1))),
    ).where(Candidacy.offering_id == run.offering_id)
    gone = sa.select(sa.func.count()).where(
        Enrolment.run_id == run_id, Enrolment.state == EnrolmentState.RUN_CANCELLED
    )
    waiting, undecided = session.execute(counted).one()
    return Standing(
        run.state_before,
        run.reason,
        run.takes_late,
        run.capacity_min,
        run.capacity_max,
        seats.runs(session, run.offering_id)[run_id].taken,
        waiting,
        undecided,
        session.scalar(gone) or 0,
        run.apply_from,
        run.apply_until,
        run.head_until,
        run.change_until,
        orders.first_of_run(session, run_id) is not None,
        session.get_one(Offering, run.offering_id).obligation,
    )


def _waits_for(run: Run) -> sa.ColumnElement[bool]:
    return sa.and_(Candidacy.state == CandidacyState.WAITLISTED, Candidacy.run_id == run.id)


def parts(session: Session, run_id: uuid.UUID) -> list[Part]:
    """Return what a run consists of, in its order."""
    rows = session.execute(
        sa.select(
            RunItem.id,
            RunItem.kind,
            RunItem.position,
            RunItem.material_id,
            Material.title,
            RunItem.is_required,
            RunItem.due_until,
            sa.exists().where(
                Version.material_id == RunItem.material_id,
                Version.state == VersionState.PUBLISHED,
            ),
            Material.kind,
            RunItem.watching,
            Material.play,
        )
        .outerjoin(Material, Material.id == RunItem.material_id)
        .where(RunItem.run_id == run_id)
        .order_by(RunItem.position)
    )
    return [Part(*row) for row in rows]


def said(session: Session, run_id: uuid.UUID) -> RunData:
    """Return all that is said of a run, as `plans.service.reschedule` takes it."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    items = session.scalars(
        sa.select(RunItem).where(RunItem.run_id == run_id).order_by(RunItem.position)
    )
    held = session.scalars(
        sa.select(RunSession).where(RunSession.run_id == run_id).order_by(RunSession.starts_at)
    )
    return RunData(
        run.learn_from,
        run.learn_until,
        run.minutes,
        tuple(
            ItemData(
                row.material_id,
                ItemKind(row.kind),
                row.is_required,
                row.due_rule,
                row.extra_minutes,
            )
            for row in items
        ),
        kind=RunKind(run.kind),
        capacity_min=run.capacity_min,
        capacity_max=run.capacity_max,
        takes_late=run.takes_late,
        apply_from=run.apply_from,
        limits=Limits(run.apply_rule, run.head_rule, run.change_rule),
        sessions=tuple(
            SessionData(row.starts_at, row.ends_at, row.place, row.online_url, row.lecturer, row.id)
            for row in held
        ),
    )


def exams(session: Session, material_ids: Collection[uuid.UUID]) -> frozenset[str]:
    """Return which of some materials are tests, as a form names them."""
    rows = session.scalars(
        sa.select(Material.id).where(
            Material.id.in_(material_ids), Material.kind == MaterialKind.EXAM
        )
    )
    return frozenset(map(str, rows))


def titles(session: Session, data: RunData) -> list[tuple[uuid.UUID, str]]:
    """Return the materials of a run by their titles: they stay to be chosen, published or not."""
    rows = session.execute(
        sa.select(Material.id, Material.title).where(Material.id.in_(data.materials))
    )
    return [(row.id, row.title) for row in rows]
