"""Reads of sections' lists: who is on one, who could be, and how many more it takes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.queries import serving_in
from app.people.register import queries as register
from app.people.register.queries import Post, posts
from app.people.sections import queries as sections
from app.training.approvals import queries as approvals
from app.training.approvals.queries import Step
from app.training.calls import queries as calls
from app.training.calls.queries import Call, Standing
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.queries import PASSABLE, Line, Obstacle
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.nominations.service import CHANGEABLE
from app.training.offerings.models import NOMINATED_FOR, Quota
from app.training.offers import queries as offers
from app.training.proposals import queries as proposals
from app.training.proposals.queries import Clash
from app.training.seats import queries as seats
from app.training.seats.queries import Account


@dataclass(frozen=True)
class Asked:
    """A section that a call reaches, with how it stands and how many it may still send."""

    section_id: uuid.UUID
    section: str
    #: So many of its people the call is for.
    meant: int
    standing: Standing
    #: 割当; None where nothing limits it.
    limit: int | None
    #: 残枠.
    left: int | None


@dataclass(frozen=True)
class Entry:
    """Somebody on a section's list."""

    line: Line
    wishes: Sequence[uuid.UUID]
    clashes: Sequence[Clash]
    was_passed_over: bool
    #: The last word said to it, where there was one.
    last: Step | None
    #: Who entered it, where that was not the person.
    entered_by: str
    #: Whether it was entered or sent in another's place (代行).
    is_proxy: bool

    @property
    def is_changeable(self) -> bool:
        """Whether the section can still put it into another order."""
        return self.line.state in CHANGEABLE


@dataclass(frozen=True)
class Candidate:
    """Somebody of the section who could be put on its list, or what stands in the way."""

    post: Post
    #: Whether they serve here beside their main post (兼務).
    is_concurrent: bool
    obstacles: Sequence[Obstacle]
    was_passed_over: bool

    @property
    def is_passable(self) -> bool:
        """Whether the office may let them in although a condition is not met."""
        return set(self.obstacles) <= PASSABLE


def open_lists(
    session: Session, section_ids: Collection[uuid.UUID], now: datetime
) -> list[tuple[Call, list[Asked]]]:
    """Return the open calls that reach some sections, the most urgent first."""
    found = calls.open_calls(session, NOMINATED_FOR, now)
    if not found or not section_ids:
        return []
    standings = calls.standings(session, [call.offering.id for call in found])
    everybody = [pair for pair in calls.serving(session, now) if pair[0] in section_ids]
    lists = []
    for call in found:
        reached = _asked(session, call, standings, everybody, now, within=section_ids)
        if reached:
            lists.append((call, reached))
    return lists


def asked(session: Session, call: Call, now: datetime) -> list[Asked]:
    """Return all sections that a call reaches or that have put somebody forward, in their order."""
    standings = calls.standings(session, [call.offering.id])
    return _asked(session, call, standings, calls.serving(session, now), now)


def _asked(
    session: Session,
    call: Call,
    standings: Mapping[tuple[uuid.UUID, uuid.UUID], Standing],
    everybody: Iterable[tuple[uuid.UUID, uuid.UUID]],
    now: datetime,
    *,
    within: Collection[uuid.UUID] | None = None,
) -> list[Asked]:
    today = clock.today(now)
    offering_id = call.offering.id
    meant = calls.asked(session, offering_id, everybody)
    ledger = seats.ledger(session, offering_id, today) if _has_quota(session, offering_id) else None
    found = []
    for place in sections.present(session, today):
        standing = standings.get((offering_id, place.id), Standing())
        is_reached = place.id in meant or standing.counts or standing.answer
        if is_reached and (within is None or place.id in within):
            accounts = ledger.of(place.id, "") if ledger else []
            found.append(
                Asked(
                    place.id,
                    place.name,
                    meant.get(place.id, 0),
                    standing,
                    min((account.at_most for account in accounts), default=None),
                    min((account.left for account in accounts), default=None),
                )
            )
    return found


def _has_quota(session: Session, offering_id: uuid.UUID) -> bool:
    query = sa.select(Quota.id).where(Quota.offering_id == offering_id).limit(1)
    return session.scalar(query) is not None


def standing(session: Session, offering_id: uuid.UUID, section_id: uuid.UUID) -> Standing:
    """Return how one section stands to a call."""
    found = calls.standings(session, [offering_id])
    return found.get((offering_id, section_id), Standing())


def accounts(
    session: Session, offering_id: uuid.UUID, section_id: uuid.UUID, now: datetime
) -> list[tuple[str, Account]]:
    """Return the quotas that a section's people are charged to, each by what it is called."""
    today = clock.today(now)
    ledger = seats.ledger(session, offering_id, today)
    names = sections.names(session, today)
    return [
        (names.get(account.section_id, "") if account.section_id else "", account)
        for account in ledger.quotas
        if account in ledger.of(section_id, account.grade)
    ]


def entries(session: Session, call: Call, section_id: uuid.UUID, now: datetime) -> list[Entry]:
    """Return who is on a section's list, in its order."""
    lines = candidacies.found(
        session,
        clock.today(now),
        Candidacy.offering_id == call.offering.id,
        Candidacy.section_id == section_id,
        Candidacy.state.in_((*LIVE, CandidacyState.NOT_SELECTED)),
    )
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0))
    keys = [line.id for line in lines]
    wishes = candidacies.preferences(session, keys)
    calling = [run.id for run in call.runs]
    clashing = offers.clashes(session, {line.person_id for line in lines}, calling)
    people = {line.person_id for line in lines}
    passed = proposals.passed_over_before(session, call.offering, people)
    steps = approvals.steps_of(session, keys)
    names = register.names(session, {line.entered_by for line in lines if line.entered_by})
    found = []
    for line in lines:
        runs = wishes.get(line.id, [])
        overlaps = [
            clash for run in runs or calling for clash in clashing.get((line.person_id, run), [])
        ]
        said = steps.get(line.id, [])
        found.append(
            Entry(
                line,
                runs,
                list(dict.fromkeys(overlaps)),
                line.person_id in passed,
                said[-1] if said else None,
                names.get(line.entered_by, "") if line.entered_by else "",
                is_proxy=bool(line.entered_by and line.route == Route.APPLIED)
                or any(step.is_for_head for step in said),
            )
        )
    return found


def staff(session: Session, call: Call, section_id: uuid.UUID, now: datetime) -> list[Candidate]:
    """Return who serves in a section, also beside their main post: first those who can be added.

    Who is on the list of this section or of another is left out of neither: they are among those
    in whose way something stands.
    """
    today = clock.today(now)
    query = posts(now).where(serving_in({section_id}, today, is_concurrent=True))
    people = [Post(*row) for row in session.execute(query)]
    obstacles = candidacies.obstacles(
        session, call.offering, [post.person_id for post in people], now
    )
    passed = proposals.passed_over_before(
        session, call.offering, [post.person_id for post in people]
    )
    found = [
        Candidate(
            post,
            post.section_id != section_id,
            obstacles.get(post.person_id, []),
            post.person_id in passed,
        )
        for post in people
    ]
    return sorted(found, key=lambda candidate: bool(candidate.obstacles))
