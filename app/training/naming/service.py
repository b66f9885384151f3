"""Naming people for an offering without their sections' approval, and taking their answers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.people.register.queries import Post
from app.training.approvals.models import ApprovalStep
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.states import Answer, CandidacyState, ExceptionReason
from app.training.naming import queries
from app.training.offerings.models import Offering
from app.training.seats import service as seats


@dataclass(frozen=True)
class Named:
    """How many were named now, how many of them by an exception, and how many were left out."""

    named: int
    excepted: int
    left_out: int


def name_all(
    session: Session,
    offering_id: uuid.UUID,
    person_ids: Collection[uuid.UUID],
    *,
    by: Actor,
    now: datetime,
    exception: str | None = None,
) -> Named:
    """Name people for an offering (指名): nominated at once, and asked whether they can.

    In whose way something stands is left out. For a reason (例外許可) they are let in where the
    office may let it pass, and beyond the quota. The same again names nobody twice. Raises
    NotFound, Refused("reason_needed") for an unknown reason and Refused("quota_full").
    """
    if exception is not None and exception not in list(ExceptionReason):
        raise Refused("reason_needed")
    offering = seats.locked(session, offering_id)
    found = queries.sorted_out(session, offering, person_ids, now)
    excepted: list[Post] = []
    plain = [*found.free, *found.beyond]
    if exception is not None:
        excepted = [*found.beyond, *(each.post for each in found.passable)]
        plain = list(found.free)
    wanted = seats.of_posts(session, [(post.section_id, post.title_id) for post in plain])
    seats.reserve(session, offering, wanted, now=now)
    rows = _rows(offering, plain, None, by, now) + _rows(offering, excepted, exception, by, now)
    if rows:
        _write(session, offering, rows, by=by, now=now)
    return Named(len(rows), len(excepted), len(set(person_ids)) - len(rows))


def answer(session: Session, candidacy: Candidacy, said: str, *, by: Actor, now: datetime) -> None:
    """Take what somebody who was named says to it; they may say otherwise until it is decided.

    Raises NotFound for a word that is no answer, and Conflict("wrong_state") once it is decided.
    """
    if said not in list(Answer):
        raise NotFound
    session.refresh(candidacy, with_for_update=True)
    if candidacy.state != CandidacyState.NOMINATED:
        raise Conflict("wrong_state", action="answer", state=candidacy.state)
    if candidacy.answer == said:
        return
    candidacy.answer = said
    audit.record(
        session,
        "candidacy.answered",
        by=by.person_id,
        now=now,
        subject=("candidacy", candidacy.id),
        details={"people": [str(candidacy.person_id)]},
    )


def _rows(
    offering: Offering, posts: Sequence[Post], exception: str | None, by: Actor, now: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "id": db.new_id(),
            "offering_id": offering.id,
            "person_id": post.person_id,
            "route": Route.NAMED,
            "state": CandidacyState.NOMINATED,
            "section_id": post.section_id,
            "title_id": post.title_id,
            "exception": exception,
            "entered_by": by.person_id,
            "created_at": now,
        }
        for post in posts
    ]


def _write(
    session: Session,
    offering: Offering,
    rows: list[dict[str, Any]],
    *,
    by: Actor,
    now: datetime,
) -> None:
    session.execute(sa.insert(Candidacy), rows)
    steps = [
        {
            "id": db.new_id(),
            "subject_id": row["id"],
            "action": "except",
            "actor_id": by.person_id,
            "reason": row["exception"],
            "at": now,
        }
        for row in rows
        if row["exception"]
    ]
    if steps:
        session.execute(sa.insert(ApprovalStep), steps)
    audit.record(
        session,
        "candidacy.named",
        by=by.person_id,
        now=now,
        subject=("offering", offering.id),
        details=audit.shown(row["person_id"] for row in rows),
    )
    told = [{"table": "candidacy", "id": str(row["id"]), "action": "name"} for row in rows]
    outbox.put_all(session, outbox.Kind.MOVED, told, now)
