"""Which roles somebody holds on a day, with their scopes spelled out, and who serves where."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.kernel.actor import Grant
from app.kernel.periods import Dated, valid
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections import queries as sections
from app.people.sections.models import SectionVersion

#: Roles that go with a post in the section: they end with the holder's transfer.
OF_POSTS = frozenset({Role.HEAD, Role.COORDINATOR})
#: Roles for which somebody may stand in.
DELEGABLE = frozenset({Role.OFFICE, Role.ORGANISER, Role.HEAD, Role.COORDINATOR})
#: The place of each role in the order in which roles are told.
_PLACES: dict[str, int] = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True)
class HeldRole:
    """One role that somebody holds, or will hold, as a page shows it."""

    id: uuid.UUID
    role: str
    #: Name of the section it reaches; None for all.
    section: str | None
    with_children: bool
    training_id: uuid.UUID | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Deputy:
    """A role in which somebody acts in another's place, now or later."""

    id: uuid.UUID
    role: str
    holder_id: uuid.UUID
    holder: str
    deputy_id: uuid.UUID
    deputy: str
    valid_from: date
    valid_to: date | None


def held_by(session: Session, person_id: uuid.UUID, now: datetime) -> list[HeldRole]:
    """Return the roles that somebody was granted, and holds today or will hold."""
    today = clock.today(now)
    rows = session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.role,
            SectionVersion.name,
            RoleGrant.with_children,
            RoleGrant.training_id,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
        )
        .outerjoin(SectionVersion, sections.version_on(today, RoleGrant.section_id))
        .where(RoleGrant.person_id == person_id, _not_over(RoleGrant, today))
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return [HeldRole(*row) for row in rows]


def deputies(session: Session, person_id: uuid.UUID, now: datetime) -> list[Deputy]:
    """Return where somebody lets another act, and where they act for another, now or later."""
    holder, deputy = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(
            Delegation.id,
            Delegation.role,
            holder.id,
            holder.name,
            deputy.id,
            deputy.name,
            Delegation.valid_from,
            Delegation.valid_to,
        )
        .join(holder, holder.id == Delegation.from_id)
        .join(deputy, deputy.id == Delegation.to_id)
        .where(
            sa.or_(Delegation.from_id == person_id, Delegation.to_id == person_id),
            _not_over(Delegation, clock.today(now)),
        )
        .order_by(Delegation.valid_from, Delegation.id)
    )
    return [Deputy(*row) for row in rows]


def holders_of(session: Session, roles: Collection[str], now: datetime) -> set[uuid.UUID]:
    """Return who holds one of these roles today, or will."""
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.role.in_(roles), _not_over(RoleGrant, clock.today(now))
    )
    return set(session.scalars(query))


def grants_of(session: Session, person_id: uuid.UUID, now: datetime) -> tuple[Grant, ...]:
    """Return the roles held today, one's own and those one acts in for another (代行).

    In the order of `Role`, one's own before others'. Every person is a learner. A head's or
    coordinator's role ends with the day of their transfer: it holds while they have a post within
    its reach, or the main post with which it began.
    """
    today = clock.today(now)
    granted, lending = _granted(today)
    own = session.scalars(granted, {"person": person_id}).all()
    lent = session.execute(lending, {"person": person_id}).all()
    held = [(row, None, "") for row in own] + [tuple(row) for row in lent]
    posts = posts_by_person(session, {row.person_id for row, *_ in held if row.role in OF_POSTS})
    found = [Grant(Role.LEARNER, frozenset())]
    for row, for_id, for_name in held:
        scope = _reach(session, row.section_id, today, with_children=row.with_children)
        if row.role not in OF_POSTS or goes_with(posts, row, scope, today):
            found.append(Grant(row.role, scope, row.training_id, for_id, for_name))
    return tuple(sorted(found, key=lambda grant: (_PLACES[grant.role], grant.for_id is not None)))


def serving_in(
    section_ids: Collection[uuid.UUID] | None, day: date, *, is_concurrent: bool = False
) -> sa.ColumnElement[bool]:
    """Return the condition on `Person` of a post in these sections (None: any) on a day.

    Of who has left, the posts of the last day of service count. Concurrent posts count where
    `is_concurrent` says so.
    """
    if section_ids is None:
        return sa.true()
    if not section_ids:
        return sa.false()
    last = sa.case((Person.left_on < day, Person.left_on), else_=day)
    post = sa.exists().where(
        Appointment.person_id == Person.id,
        Appointment.section_id.in_(section_ids),
        Appointment.valid_from <= last,
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= last),
    )
    if not is_concurrent:
        post = post.where(Appointment.kind == PostKind.MAIN)
    return post.correlate(Person)


def is_here(day: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Person` that somebody has not left by a day."""
    return sa.or_(Person.left_on.is_(None), Person.left_on >= day)


def is_serving_in(
    session: Session,
    person_id: uuid.UUID,
    section_ids: Collection[uuid.UUID] | None,
    now: datetime,
    *,
    is_concurrent: bool = False,
) -> bool:
    """Whether somebody's main post of today is in these sections (None: any), or any post."""
    query = sa.select(Person.id).where(
        Person.id == person_id,
        serving_in(section_ids, clock.today(now), is_concurrent=is_concurrent),
    )
    return session.scalar(query) is not None


def _not_over(row: type[Dated], day: date) -> sa.ColumnElement[bool]:
    return sa.or_(row.valid_to.is_(None), row.valid_to >= day)


@lru_cache(maxsize=8)
def _granted(today: date) -> tuple[sa.Select[RoleGrant], sa.Select[Any]]:
    """Return the queries of a person's own grants and of those lent to them, with the lender.

    Built once a day: every request asks them, and to build them takes longer than to ask.
    """
    granted = sa.select(RoleGrant).where(valid(RoleGrant, today)).order_by(RoleGrant.id)
    lent = (
        granted.add_columns(Person.id, Person.name)
        .join(
            Delegation,
            sa.and_(Delegation.from_id == RoleGrant.person_id, Delegation.role == RoleGrant.role),
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            Delegation.to_id == sa.bindparam("person"),
            valid(Delegation, today),
            RoleGrant.role.in_(DELEGABLE),
            is_here(today),
        )
    )
    return granted.where(RoleGrant.person_id == sa.bindparam("person")), lent


def posts_by_person(
    session: Session, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Appointment]]:
    """Return all posts of some people, each person's in the order of time."""
    found: dict[uuid.UUID, list[Appointment]] = {person_id: [] for person_id in person_ids}
    if person_ids:
        rows = session.scalars(
            sa.select(Appointment)
            .where(Appointment.person_id.in_(person_ids))
            .order_by(Appointment.valid_from)
        )
        for row in rows:
            found[row.person_id].append(row)
    return found


def goes_with(
    posts: dict[uuid.UUID, list[Appointment]],
    row: RoleGrant,
    scope: frozenset[uuid.UUID] | None,
    today: date,
) -> bool:
    """Whether a head's or coordinator's role still holds: it goes with a post within its reach."""
    mine = posts[row.person_id]
    if scope is None or any(post.section_id in scope for post in mine if _holds(post, today)):
        return True
    main = [post for post in mine if post.kind == PostKind.MAIN]
    begun = _first(main, row.valid_from)
    present = [post.section_id for post in main if _holds(post, today)]
    return begun is not None and begun in present


def _first(main: Iterable[Appointment], day: date) -> uuid.UUID | None:
    """Return the section of the main post of a day, or of the first one after it."""
    return next(
        (post.section_id for post in main if post.valid_to is None or post.valid_to >= day), None
    )


def _holds(post: Appointment, day: date) -> bool:
    return post.valid_from <= day and (post.valid_to is None or post.valid_to >= day)


def _reach(
    session: Session, section_id: uuid.UUID | None, today: date, *, with_children: bool
) -> frozenset[uuid.UUID] | None:
    if section_id is None:
        return None
    if not with_children:
        return frozenset({section_id})
    return frozenset(session.scalars(sections.below([section_id], today)))
