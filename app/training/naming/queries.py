"""Reads of naming: whom a list would name, and what those who were named have answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.people.register.models import Title
from app.people.register.queries import Post, posts_of
from app.people.restriction import queries as restriction
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.queries import PASSABLE, Obstacle
from app.training.candidacies.states import Answer, CandidacyState
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.plans.states import TAKING
from app.training.seats import queries as seats
from app.training.seats.queries import Account

#: What the page of answers is narrowed by, beside the answers: nobody's yet.
UNANSWERED = "none"
#: Those who can still answer, and have not.
_unanswered = sa.and_(Candidacy.answer.is_(None), Candidacy.state == CandidacyState.NOMINATED)


@dataclass(frozen=True)
class Stopped:
    """Somebody in whose way something stands, and what."""

    post: Post
    obstacle: Obstacle

    @property
    def is_passable(self) -> bool:
        """Whether the office may let it pass, for a reason (例外許可)."""
        return self.obstacle in PASSABLE


@dataclass(frozen=True)
class Sorted:
    """The people of a list by whether they can be named."""

    free: tuple[Post, ...]
    #: Those for whom no place of their section's quota is left.
    beyond: tuple[Post, ...]
    #: In whose way nothing stands but what the office may let pass.
    passable: tuple[Stopped, ...]
    stopped: tuple[Stopped, ...]
    #: How many are left out because their data is not to be used.
    restricted: int


def sorted_out(
    session: Session, offering: Offering, person_ids: Collection[uuid.UUID], now: datetime
) -> Sorted:
    """Return people by whether they can be named: the same statements for any number of them."""
    keys = list(dict.fromkeys(person_ids))
    apart = restriction.restricted(session)
    listed = [post for some in db.portions(keys) for post in posts_of(session, some, now)]
    posts = [post for post in listed if post.person_id not in apart]
    found = candidacies.obstacles(session, offering, keys, now)
    parts: dict[bool, list[Stopped]] = {True: [], False: []}
    for post in posts:
        if reasons := found.get(post.person_id):
            # The one that cannot pass is told, where there is one.
            first = next((each for each in reasons if each not in PASSABLE), reasons[0])
            parts[first in PASSABLE].append(Stopped(post, first))
    clear = [post for post in posts if post.person_id not in found]
    beyond = _beyond(session, offering.id, clear, clock.today(now))
    return Sorted(
        free=tuple(post for post in clear if post.person_id not in beyond),
        beyond=tuple(post for post in clear if post.person_id in beyond),
        passable=tuple(parts[True]),
        stopped=tuple(parts[False]),
        restricted=len(listed) - len(posts),
    )


def _beyond(
    session: Session, offering_id: uuid.UUID, posts: Sequence[Post], day: date
) -> set[uuid.UUID]:
    """Return for whom no place would be left, were the others named in their order."""
    grades = {row.id: row.grade for row in session.execute(sa.select(Title.id, Title.grade))}
    ledger = seats.ledger(session, offering_id, day)
    charged: dict[uuid.UUID, Account] = {}
    found = set()
    for post in posts:
        quotas = [
            charged.get(quota.id, quota)
            for quota in ledger.of(post.section_id, grades[post.title_id])
        ]
        if all(quota.left for quota in quotas):
            charged |= {quota.id: replace(quota, taken=quota.taken + 1) for quota in quotas}
        else:
            found.add(post.person_id)
    return found


def named(offering_id: uuid.UUID, day: date, answer: str = "") -> sa.Select[Any]:
    """Return the query of who was named, with the columns of `candidacies.Line`.

    `answer` narrows it to one answer, or to those who have given none.
    """
    conditions = [Candidacy.offering_id == offering_id, Candidacy.route == Route.NAMED]
    if answer == UNANSWERED:
        conditions.append(_unanswered)
    elif answer:
        conditions.append(Candidacy.answer == answer)
    return candidacies.lines(day, *conditions)


def counts(session: Session, offering_id: uuid.UUID) -> dict[str, int]:
    """Return how many were named, by their answer; `""` counts them all."""
    row = session.execute(
        sa.select(
            sa.func.count(),
            *(sa.func.count(sa.case((Candidacy.answer == answer, 1))) for answer in Answer),
            sa.func.count(sa.case((_unanswered, 1))),
        ).where(Candidacy.offering_id == offering_id, Candidacy.route == Route.NAMED)
    ).one()
    return dict(zip(("", *Answer, UNANSWERED), row, strict=True))


def runs(session: Session, offering_id: uuid.UUID) -> list[Run]:
    """Return the runs that somebody who is named may come to be put in, in their order."""
    query = sa.select(Run).where(Run.offering_id == offering_id, Run.state.in_(TAKING))
    return list(session.scalars(query.order_by(Run.number)))
