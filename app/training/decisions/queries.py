"""Reads for deciding on completion: what would be decided of a run's people, and what was."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.kernel.lists import Listing
from app.people.register.models import Person, Title
from app.people.register.queries import is_called, newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.completion import queries as completion
from app.training.completion.models import Facts, Judgement
from app.training.completion.queries import Ruled
from app.training.completion.service import judge
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import UNDER_WAY, EnrolmentState

#: Of whom it can be decided; who was ordered to stop (受講中止命令) neither completes nor fails.
DECIDABLE = (*UNDER_WAY, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
#: What narrows the list; it has an order of its own.
LISTING = Listing(columns=(), filters=("q", "section", "standing"))


class Standing(StrEnum):
    """修了案, 未修了案, 未確定, and what was decided: 修了, 未修了."""

    WOULD_COMPLETE = "would_complete"
    WOULD_FAIL = "would_fail"
    OPEN = "open"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


#: Those of whom nobody has decided yet.
UNDECIDED = (Standing.WOULD_COMPLETE, Standing.WOULD_FAIL, Standing.OPEN)


@dataclass(frozen=True)
class Decided:
    """The decision that holds of an enrolment."""

    id: uuid.UUID
    number: int
    is_completed: bool
    reason: str | None
    decided_at: datetime


@dataclass(frozen=True)
class Proposal:
    """One person of a run, with what the rule says of them and what was decided."""

    facts: Facts
    judgement: Judgement
    decision: Decided | None
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section_id: uuid.UUID
    section: str
    title: str
    state: str

    @property
    def standing(self) -> Standing:
        """What was decided, or would be."""
        if self.decision is not None:
            is_completed = self.decision.is_completed
            return Standing.COMPLETED if is_completed else Standing.NOT_COMPLETED
        return {
            True: Standing.WOULD_COMPLETE,
            False: Standing.WOULD_FAIL,
            None: Standing.OPEN,
        }[self.judgement.is_completed]


def proposals(
    session: Session,
    found: Ruled,
    now: datetime,
    *conditions: sa.ColumnElement[bool],
) -> list[Proposal]:
    """Return what would be decided of the people of a run, in the order of sections and ranks.

    Conditions are on `Enrolment` and `Person`; the same few statements for any number.
    """
    known = completion.facts(session, found, now)
    decided = holding(session, Enrolment.run_id == found.run.id)
    rows = session.execute(_people(found.run.id, now).where(*conditions))
    return [
        Proposal(facts, judge(found.rule, facts), decided.get(row[0]), *row)
        for row in rows
        if (facts := known.get(row[0])) is not None
    ]


def _people(run_id: uuid.UUID, now: datetime) -> sa.Select[Any]:
    number = newest_number(Person.id)
    found = (
        sa.select(
            Enrolment.id,
            Person.id,
            Person.name,
            number.label("number"),
            Section.id,
            # The organisation may have changed since: who was sent stays where they were sent from.
            sa.func.coalesce(SectionVersion.name, Section.code),
            Title.name,
            Enrolment.state,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .outerjoin(SectionVersion, sections.version_on(clock.today(now)))
        .join(Title, Title.id == Enrolment.title_id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(DECIDABLE))
        .order_by(*sections.ORDER, Title.rank_order, sa.text("number"), Person.id)
    )
    return cast("sa.Select[Any]", found)


def holding(session: Session, *conditions: sa.ColumnElement[bool]) -> dict[uuid.UUID, Decided]:
    """Return the decisions that hold, by enrolment; conditions are on `Enrolment`."""
    rows = session.execute(
        sa.select(
            Decision.enrolment_id,
            Decision.id,
            Decision.number,
            Decision.is_completed,
            Decision.reason,
            Decision.decided_at,
        )
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .where(*conditions)
        .order_by(Decision.number)
    )
    # The highest number comes last and holds.
    return {row[0]: Decided(*row[1:]) for row in rows}


def is_holding() -> sa.ColumnElement[bool]:
    """Return the condition on `Decision` that no later one has taken its place."""
    later = aliased(Decision)
    return ~sa.exists().where(
        later.enrolment_id == Decision.enrolment_id, later.number > Decision.number
    )


def called(words: str) -> sa.ColumnElement[bool]:
    """Return the condition on `Person` that somebody is called so, or has that number."""
    return is_called(words, newest_number(Person.id))


def narrowed(rows: Iterable[Proposal], standing: str, section: str) -> list[Proposal]:
    """Return those who stand so, of one section; empty: all."""
    return [
        row
        for row in rows
        if standing in ("", row.standing) and section in ("", str(row.section_id))
    ]


def counts(rows: Iterable[Proposal]) -> Counter[str]:
    """Return how many stand where."""
    return Counter(str(row.standing) for row in rows)


@dataclass(frozen=True)
class Plan:
    """What deciding of some people would do."""

    completed: tuple[Proposal, ...]
    failed: tuple[Proposal, ...]
    #: Decided already: another word is said one by one.
    decided: int = 0
    #: Left as they are, since the rule does not say yet.
    left_open: int = 0

    @property
    def people(self) -> tuple[Proposal, ...]:
        """All of whom it would be decided."""
        return (*self.completed, *self.failed)

    @property
    def otherwise(self) -> tuple[Proposal, ...]:
        """Those of whom it would be decided otherwise than proposed."""
        return (
            *(row for row in self.completed if row.standing != Standing.WOULD_COMPLETE),
            *(row for row in self.failed if row.standing != Standing.WOULD_FAIL),
        )

    @property
    def groups(self) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
        """The keys of both, as the page's mark is made of them."""
        return (
            [row.enrolment_id for row in self.completed],
            [row.enrolment_id for row in self.failed],
        )


def plan(rows: Collection[Proposal], *, is_completed: bool | None) -> Plan:
    """Return what deciding would do; None decides as the rule says, and leaves what is open."""
    undecided = [row for row in rows if row.standing in UNDECIDED]
    left = 0
    completed: list[Proposal] = []
    failed: list[Proposal] = []
    for row in undecided:
        wanted = row.judgement.is_completed if is_completed is None else is_completed
        if wanted is None:
            left += 1
        else:
            (completed if wanted else failed).append(row)
    return Plan(tuple(completed), tuple(failed), len(rows) - len(undecided), left)


@dataclass(frozen=True)
class Version:
    """One decision of an enrolment, as its page tells it."""

    number: int
    is_completed: bool
    #: The version of the rule, and the rule.
    rule_version: int
    rule: dict[str, Any]
    facts: Facts
    #: What the rule said of them then.
    unmet: tuple[str, ...]
    open: frozenset[str]
    reason: str | None
    decided_by: str | None
    decided_at: datetime


def versions(session: Session, enrolment_id: uuid.UUID) -> list[Version]:
    """Return all that was decided of an enrolment, the newest first, in one statement."""
    rows = session.execute(
        sa.select(Decision, Person.name)
        .outerjoin(Person, Person.id == Decision.decided_by)
        .where(Decision.enrolment_id == enrolment_id)
        .order_by(Decision.number.desc())
    )
    return [
        Version(
            row.number,
            row.is_completed,
            row.rule.get("version", 1),
            row.rule,
            Facts.of(row.facts),
            tuple(row.facts.get("unmet", ())),
            frozenset(row.facts.get("open", ())),
            row.reason,
            name,
            row.decided_at,
        )
        for row, name in rows
    ]


def section_names(rows: Sequence[Proposal]) -> dict[uuid.UUID, str]:
    """Return the sections of some people, in the order of the list."""
    return {row.section_id: row.section for row in rows}
