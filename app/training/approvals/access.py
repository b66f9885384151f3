"""What waits for somebody's word, of every kind, and the one way to say it to several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.training.approvals.queries import Waiting
from app.training.calls import queries as calls
from app.training.candidacies.queries import Line
from app.training.candidacies.states import CandidacyState
from app.training.changes import access as changes
from app.training.waiting import access as waiting_access
from app.training.waiting import queries as waiting_queries


class Scope(StrEnum):
    """How far an inbox goes: 自分が承認するもの, 配下全員."""

    MINE = "mine"
    ALL = "all"


#: What a source is asked: for whom, when, and how far.
Source = Callable[[Session, Actor, datetime, Scope], list[Waiting]]


def waiting(
    session: Session, actor: Actor, now: datetime, scope: Scope = Scope.MINE
) -> list[Waiting]:
    """Return all that waits for somebody's word, what is due first, first.

    `Scope.ALL` adds what a nearer head would say.
    """
    found = [each for source in SOURCES for each in source(session, actor, now, scope)]
    return sorted(found, key=lambda each: (each.due is None, each.due or each.since, each.since))


def _candidacies(session: Session, actor: Actor, now: datetime, scope: Scope) -> list[Waiting]:
    lines = waiting_access.waiting(session, actor, now, is_all=scope == Scope.ALL)
    if not lines:
        return []
    since = waiting_queries.waiting_since(session, lines)
    due = calls.limits(session, (line.offering_id for line in lines), now)
    singles = [line for line in lines if line.state == CandidacyState.APPLIED]
    found = [
        Waiting(
            "application",
            line.id,
            line.training,
            line.name,
            since[line.id],
            due.get(line.offering_id),
            _path(line),
            number=line.number,
            post=line.title,
            section=line.section,
            people=(line.person_id,),
        )
        for line in singles
    ]
    for listed in _by_section(line for line in lines if line.state == CandidacyState.DRAFT):
        first = listed[0]
        found.append(
            Waiting(
                "list",
                first.section_id,
                first.training,
                "",
                since[first.id],
                due.get(first.offering_id),
                _path(first),
                section=first.section,
                people=tuple(line.person_id for line in listed),
                is_single=False,
            )
        )
    return found


def _changes(
    session: Session,
    actor: Actor,
    now: datetime,
    _scope: Scope,  # who has a word on a change has it near or far
) -> list[Waiting]:
    return [
        Waiting(
            "change",
            row.id,
            row.training,
            row.name,
            row.requested_at,
            row.due,
            "/changes/waiting",
            number=row.number,
            section=row.section,
            people=(row.person_id,),
            is_single=False,
        )
        for row in changes.waiting(session, actor, now)
    ]


def _by_section(lines: Iterable[Line]) -> list[list[Line]]:
    found: dict[object, list[Line]] = {}
    for line in lines:
        found.setdefault((line.offering_id, line.section_id), []).append(line)
    return list(found.values())


def _path(line: Line) -> str:
    return f"/nominations/{line.offering_id}?section={line.section_id}"


#: Each kind of thing that waits.
SOURCES: tuple[Source, ...] = (_candidacies, _changes)
