"""Reads of what was said to a candidacy or a change, and what waits for somebody's word."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.people.permission.access import PLANNING
from app.people.register.models import Person
from app.training.approvals.models import ApprovalStep

#: What a head says; said by the office, it is said in the head's place (代行).
_OF_HEADS = frozenset({"nominate", "decline"})


@dataclass(frozen=True)
class Step:
    """What was said to a candidacy or a change, and by whom."""

    action: str
    actor: str | None
    for_name: str | None
    reason: str | None
    at: datetime
    role: str | None = None

    @property
    def is_for_head(self) -> bool:
        """Whether the office said it in the place of a head (代行)."""
        return self.role in PLANNING and self.action in _OF_HEADS


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody's word, of whatever kind: a line of their inbox."""

    #: list, application, change; and what other rooms add.
    kind: str
    id: uuid.UUID
    #: The training.
    title: str
    #: Whose it is; of a list: nobody's.
    person: str
    since: datetime
    #: Until when it has to be said; None without a limit.
    due: datetime | None
    #: Where it is told in full.
    url: str
    #: Staff number and 職名, by which the same names are told apart.
    number: str = ""
    post: str = ""
    section: str = ""
    #: Whom it is about.
    people: tuple[uuid.UUID, ...] = ()
    #: Whether it can be said in the list, without opening it.
    is_single: bool = True


def steps(session: Session, subject_id: uuid.UUID) -> list[Step]:
    """Return what was said to a candidacy or a change, the first thing first."""
    return steps_of(session, [subject_id]).get(subject_id, [])


def steps_of(session: Session, subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Step]]:
    """Return what was said to each of some candidacies or changes: one statement."""
    deputy = aliased(Person)
    rows = session.execute(
        sa.select(
            ApprovalStep.subject_id,
            ApprovalStep.action,
            Person.name,
            deputy.name,
            ApprovalStep.reason,
            ApprovalStep.at,
            ApprovalStep.role,
        )
        .outerjoin(Person, Person.id == ApprovalStep.actor_id)
        .outerjoin(deputy, deputy.id == ApprovalStep.for_id)
        .where(ApprovalStep.subject_id.in_(subject_ids))
        .order_by(ApprovalStep.at, ApprovalStep.id)
    )
    found: dict[uuid.UUID, list[Step]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Step(*row[1:]))
    return found
