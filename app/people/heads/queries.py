"""Who is head, or coordinator, of a section today: the nearest one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.periods import valid
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.permission.queries import goes_with, is_here, posts_by_person
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections import queries as sections


@dataclass(frozen=True)
class Heads:
    """Who holds a section's role, for all sections on a day."""

    #: By the section that somebody's role names: who holds it, and whether for those below, too.
    named: Mapping[uuid.UUID, tuple[tuple[uuid.UUID, bool], ...]]
    #: What each section stands under, itself first.
    lines: Mapping[uuid.UUID, tuple[uuid.UUID, ...]]
    #: What came after each section that has ended.
    after: Mapping[uuid.UUID, tuple[uuid.UUID, ...]]

    def of(self, section_id: uuid.UUID, *, but: uuid.UUID | None = None) -> frozenset[uuid.UUID]:
        """Return the nearest heads of a section, at it or above it; nobody where there are none.

        `but` is whom it is about: they never decide for themselves. A section that has ended has
        the heads of those that came after it.
        """
        found: set[uuid.UUID] = set()
        for place in self.after.get(section_id, (section_id,)):
            found |= self._nearest(place, but)
        return frozenset(found)

    def _nearest(self, section_id: uuid.UUID, but: uuid.UUID | None) -> set[uuid.UUID]:
        for above in self.lines.get(section_id, ()):
            found = {
                person_id
                for person_id, with_children in self.named.get(above, ())
                if person_id != but and (with_children or above == section_id)
            }
            if found:
                return found
        return set()


def heads(session: Session, now: datetime, role: Role = Role.HEAD) -> Heads:
    """Return the heads of today, or who holds another role of sections: four statements."""
    today = clock.today(now)
    lines = sections.lines(session, today)
    rows = session.scalars(
        sa.select(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.section_id.is_not(None),
            RoleGrant.training_id.is_(None),
            valid(RoleGrant, today),
            is_here(today),
        )
        .order_by(RoleGrant.id)
    ).all()
    posts = posts_by_person(session, {row.person_id for row in rows})
    named: dict[uuid.UUID, tuple[tuple[uuid.UUID, bool], ...]] = {}
    for row in rows:
        if row.section_id and goes_with(posts, row, _reach(row, lines), today):
            each = (row.person_id, row.with_children)
            named[row.section_id] = (*named.get(row.section_id, ()), each)
    return Heads(named, lines, sections.successors(session, today))


def near_to(
    session: Session,
    section_ids: Collection[uuid.UUID],
    role: Role,
    now: datetime,
    *,
    but: uuid.UUID | None = None,
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return who holds a role near each of some sections, with those who act in their place.

    A section for which nobody does has no entry. `but` is whom it is about: the next one is near.
    """
    found = heads(session, now, role)
    deputies: dict[uuid.UUID, list[uuid.UUID]] = {}
    lent = sa.select(Delegation).where(Delegation.role == role, valid(Delegation, clock.today(now)))
    for row in session.scalars(lent):
        deputies.setdefault(row.from_id, []).append(row.to_id)
    near = {}
    for section_id in section_ids:
        people = sorted(found.of(section_id, but=but))
        if people:
            acting = [deputy for person_id in people for deputy in deputies.get(person_id, ())]
            near[section_id] = list(dict.fromkeys([*people, *acting]))
    return near


def _reach(
    row: RoleGrant, lines: Mapping[uuid.UUID, Collection[uuid.UUID]]
) -> frozenset[uuid.UUID]:
    if row.section_id is None or not row.with_children:
        return frozenset({row.section_id} if row.section_id else ())
    return frozenset(place for place, line in lines.items() if row.section_id in line)


@dataclass(frozen=True)
class Tenure:
    """A time in which somebody headed sections (在任期間)."""

    sections: frozenset[uuid.UUID]
    begins_on: date
    #: Its last day; None while it lasts.
    ends_on: date | None


def tenures(session: Session, person_id: uuid.UUID, now: datetime) -> list[Tenure]:
    """Return when somebody headed which sections, with those below them, until today.

    As the role itself does, a tenure ends with the post within its reach, whatever day was granted.
    """
    today = clock.today(now)
    rows = session.scalars(
        sa.select(RoleGrant)
        .where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == Role.HEAD,
            RoleGrant.section_id.is_not(None),
            RoleGrant.training_id.is_(None),
            RoleGrant.valid_from <= today,
        )
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    ).all()
    posts = posts_by_person(session, {person_id} if rows else ()).get(person_id, [])
    found = []
    for row in rows:
        places = _places_of(session, row, today)
        begun = next((each.section_id for each in posts if _is_main_after(each, row)), None)
        for post in posts:
            is_of_it = post.kind == PostKind.MAIN and post.section_id == begun
            period = _overlap(row, post, today)
            if period and (is_of_it or post.section_id in places):
                found.append(Tenure(places, *period))
    return found


def has_headed(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    """Whether somebody heads a section, or ever has."""
    return bool(tenures(session, person_id, now))


def _places_of(session: Session, row: RoleGrant, today: date) -> frozenset[uuid.UUID]:
    """Return the sections that a role reached on its last day; on that of today, where it lasts."""
    last = min(row.valid_to or today, today)
    own = frozenset({row.section_id} if row.section_id else ())
    return own | (_reach(row, sections.lines(session, last)) if row.with_children else own)


def _is_main_after(post: Appointment, row: RoleGrant) -> bool:
    """Whether a post is a main one that had not ended when a role began."""
    return post.kind == PostKind.MAIN and (post.valid_to is None or post.valid_to >= row.valid_from)


def _overlap(row: RoleGrant, post: Appointment, today: date) -> tuple[date, date | None] | None:
    """Return the time that a role and a post have in common until today; None where it is none."""
    first = max(row.valid_from, post.valid_from)
    ends = [day for day in (row.valid_to, post.valid_to) if day is not None]
    last = min(ends) if ends else None
    return None if first > today or (last is not None and last < first) else (first, last)
