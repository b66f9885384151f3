"""Reads of calls: which are open, of which runs, and how each section stands to one."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound
from app.people.permission.access import Subject
from app.people.register.queries import posts
from app.training.audiences import queries as audiences
from app.training.calls.models import Answer, SectionAnswer
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState
from app.training.seats import queries as seats

#: What is on a section's list and not before the office yet.
_WRITTEN = (CandidacyState.DRAFT, CandidacyState.RETURNED)
#: What a section has sent.
_SENT = (
    CandidacyState.NOMINATED,
    CandidacyState.SELECTED,
    CandidacyState.WAITLISTED,
    CandidacyState.NOT_SELECTED,
)


class Limited(Protocol):
    """A run, with the days between which it is applied for."""

    @property
    def state(self) -> str:
        """Where it stands."""

    @property
    def apply_from(self) -> date | None:
        """The first day; None for that of its call."""

    @property
    def apply_until(self) -> datetime | None:
        """The last moment for learners; None where it is that of their heads."""

    @property
    def head_until(self) -> datetime | None:
        """The last moment for heads; None where there is none."""


def takes_applications(run: Limited, now: datetime) -> bool:
    """Whether somebody can apply for a run now: the one rule, for pages and for who applies."""
    limit = run.apply_until or run.head_until
    has_begun = run.apply_from is None or run.apply_from <= clock.today(now)
    in_time = has_begun and (limit is None or now <= limit)
    return run.state == RunState.CALLING and in_time


@dataclass(frozen=True)
class Called:
    """A run that people are called for, or were."""

    id: uuid.UUID
    number: int
    kind: str
    state: str
    learn_from: date
    learn_until: date
    apply_from: date | None
    apply_until: datetime | None
    head_until: datetime | None
    #: Seats that are left; None for as many as are wanted.
    left: int | None

    def takes_applications(self, now: datetime) -> bool:
        """Whether somebody can still apply for it."""
        return takes_applications(self, now)

    def takes_nominations(self, now: datetime) -> bool:
        """Whether a section can still put people forward for it."""
        limit = self.head_until
        return self.state == RunState.CALLING and (limit is None or now <= limit)


@dataclass(frozen=True)
class Call:
    """An offering, as those who answer its call see it."""

    offering: Offering
    training: Training
    #: In the order of their numbers, without those that are being prepared.
    runs: tuple[Called, ...]

    @property
    def subject(self) -> Subject:
        """The training as permission asks for it."""
        return Subject(self.training.id, self.training.owner_id)

    def apply_until(self, now: datetime) -> datetime | None:
        """Return until when somebody can apply, for the run that is open longest."""
        limits = [
            run.apply_until or run.head_until for run in self.runs if run.takes_applications(now)
        ]
        return max((limit for limit in limits if limit), default=None)

    def head_until(self, now: datetime) -> datetime | None:
        """Return until when heads decide, for the run that is open longest."""
        limits = [run.head_until for run in self.runs if run.takes_nominations(now)]
        return max((limit for limit in limits if limit), default=None)

    def is_open(self, now: datetime) -> bool:
        """Whether a section can still put people forward."""
        return any(run.takes_nominations(now) for run in self.runs)


def call(session: Session, offering_id: uuid.UUID) -> Call:
    """Return an offering with its runs; raises NotFound."""
    found = _calls(session, Offering.id == offering_id)
    if not found:
        raise NotFound
    return found[0]


def open_calls(session: Session, obligations: Collection[str], now: datetime) -> list[Call]:
    """Return the calls of these kinds that sections can answer now, the most urgent first."""
    calling = sa.select(Run.offering_id).where(
        Run.state == RunState.CALLING, sa.or_(Run.head_until.is_(None), Run.head_until >= now)
    )
    found = _calls(session, Offering.obligation.in_(obligations), Offering.id.in_(calling))
    latest = clock.end_of(date.max.replace(year=9000))
    return sorted(found, key=lambda each: (each.head_until(now) or latest, each.training.code))


def _calls(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Call]:
    offerings = session.execute(
        sa.select(Offering, Training)
        .join(Training, Training.id == Offering.training_id)
        .where(*conditions)
        .order_by(Training.code)
    ).all()
    rows = session.scalars(
        sa.select(Run)
        .where(
            Run.offering_id.in_([offering.id for offering, _ in offerings]),
            Run.state != RunState.DRAFT,
        )
        .order_by(Run.number)
    )
    runs: dict[uuid.UUID, list[Run]] = defaultdict(list)
    for row in rows:
        runs[row.offering_id].append(row)
    return [
        Call(offering, training, tuple(_called(session, offering.id, runs[offering.id])))
        for offering, training in offerings
    ]


def _called(session: Session, offering_id: uuid.UUID, rows: Iterable[Run]) -> Iterable[Called]:
    accounts = seats.runs(session, offering_id)
    for row in rows:
        yield Called(
            row.id,
            row.number,
            row.kind,
            row.state,
            row.learn_from,
            row.learn_until,
            row.apply_from,
            row.apply_until,
            row.head_until,
            accounts[row.id].left,
        )


def limits(
    session: Session, offering_ids: Iterable[uuid.UUID], now: datetime
) -> dict[uuid.UUID, datetime]:
    """Return until when heads decide on what is put forward for some offerings."""
    rows = session.execute(
        sa.select(Run.offering_id, sa.func.max(Run.head_until).label("until"))
        .where(
            Run.offering_id.in_(set(offering_ids)),
            Run.state == RunState.CALLING,
            Run.head_until >= now,
        )
        .group_by(Run.offering_id)
    )
    return {row.offering_id: row.until for row in rows}


class Stage(StrEnum):
    """How far a section's answer is: 未提出, 作成中, 所属長の承認待ち, 提出済, 該当なし."""

    NOTHING = "nothing"
    WRITING = "writing"
    ASKED = "asked"
    SENT = "sent"
    NOBODY = "nobody"


#: Those with which the office still waits for a section.
UNANSWERED = frozenset({Stage.NOTHING, Stage.WRITING, Stage.ASKED})


@dataclass(frozen=True)
class Standing:
    """How a section stands to a call."""

    counts: Mapping[str, int] = field(default_factory=dict)
    answer: SectionAnswer | None = None

    @property
    def written(self) -> int:
        """How many are on its list that are not sent yet."""
        return sum(self.counts.get(state, 0) for state in _WRITTEN)

    @property
    def applied(self) -> int:
        """How many of its people have applied and wait for its head."""
        return self.counts.get(CandidacyState.APPLIED, 0)

    @property
    def sent(self) -> int:
        """How many it has put forward."""
        return sum(self.counts.get(state, 0) for state in _SENT)

    @property
    def stage(self) -> Stage:
        """How far its answer is."""
        said = self.answer.answer if self.answer else None
        if self.written:
            return Stage.ASKED if said == Answer.LIST else Stage.WRITING
        if self.sent:
            return Stage.SENT
        return Stage.NOBODY if said == Answer.NOBODY else Stage.NOTHING


def standings(
    session: Session, offering_ids: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], Standing]:
    """Return how sections stand to some calls, by offering and section: two statements.

    Who has neither answered nor put anybody forward is not named.
    """
    counts: dict[tuple[uuid.UUID, uuid.UUID], dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(Candidacy.offering_id, Candidacy.section_id, Candidacy.state, sa.func.count())
        .where(Candidacy.offering_id.in_(offering_ids))
        .group_by(Candidacy.offering_id, Candidacy.section_id, Candidacy.state)
    )
    for offering_id, section_id, state, count in rows:
        counts[offering_id, section_id][state] = count
    answers = {
        (row.offering_id, row.section_id): row
        for row in session.scalars(
            sa.select(SectionAnswer).where(SectionAnswer.offering_id.in_(offering_ids))
        )
    }
    return {key: Standing(counts.get(key, {}), answers.get(key)) for key in counts.keys() | answers}


def serving(session: Session, now: datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return everybody who serves today, as section and person."""
    return [(row[3], row[0]) for row in session.execute(posts(now))]


def asked(
    session: Session, offering_id: uuid.UUID, everybody: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> dict[uuid.UUID, int]:
    """Return the sections whose people an offering is for, with how many of them it is for."""
    meant = audiences.meant(session, offering_id)
    return Counter(
        section_id for section_id, person_id in everybody if meant is None or person_id in meant
    )


class RunName(NamedTuple):
    """A run, as those who asked for it tell it from others."""

    number: int
    learn_from: date


def run_names(session: Session, run_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, RunName]:
    """Return number and first day of some runs."""
    rows = session.execute(
        sa.select(Run.id, Run.number, Run.learn_from).where(Run.id.in_(set(run_ids)))
    )
    return {row.id: RunName(row.number, row.learn_from) for row in rows}
