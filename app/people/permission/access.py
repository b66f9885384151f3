"""Who may see and do what: role, sections, training and day, decided here for every way in.

Pages, direct links, files, searches and the API ask the same functions. What an actor holds today
is spelled out by `queries.grants_of`; here it is held against a person or a training.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import networks
from app.kernel.actor import SYSTEM, Actor, Grant, act_by
from app.kernel.errors import Forbidden, NotFound
from app.kernel.settings import PREFIX, Settings, SettingsError
from app.people.permission import queries
from app.people.permission.models import Role

#: Roles that watch over the others: only an administrator may touch who holds them.
WATCHING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
#: Roles that see the staff of their sections, as far as a section needs to know of them.
NEAR = frozenset({Role.HEAD, Role.COORDINATOR})
#: Roles that act for the trainings they are given, and there for people of all sections.
OF_TRAININGS = frozenset({Role.ORGANISER, Role.LECTURER})
#: Roles that plan a training and look after its people.
PLANNING = frozenset({Role.OFFICE, Role.ORGANISER})


def sections_of(actor: Actor, *roles: str) -> frozenset[uuid.UUID] | None:
    """Return the sections that the actor's roles reach; None for all, empty for none.

    What is held for one training reaches no section: it opens nothing of the staff register.
    """
    return _sections(
        grant for grant in actor.grants if grant.role in roles and grant.training_id is None
    )


def reaches(actor: Actor, role: str, section_id: uuid.UUID) -> bool:
    """Whether the actor holds the role for a section."""
    scope = sections_of(actor, role)
    return scope is None or section_id in scope


def governed_by(actor: Actor) -> frozenset[uuid.UUID] | None:
    """Return the sections whose staff the actor looks after, as the office or as administrator."""
    if actor == SYSTEM or Role.ADMINISTRATOR in actor.roles:
        return None
    return sections_of(actor, Role.OFFICE)


@dataclass(frozen=True)
class Sight:
    """Whose people somebody may read, and how much of them."""

    #: Sections whose people are read with every item; None for all.
    whole: frozenset[uuid.UUID] | None
    #: Sections whose people are read as their head needs it: without gender, age and dates.
    near: frozenset[uuid.UUID]
    #: Whether those who serve in `near` beside their main post are among them (兼務先).
    is_concurrent: bool

    @property
    def sections(self) -> frozenset[uuid.UUID] | None:
        """All sections that are seen into; None for all there are."""
        return None if self.whole is None else self.whole | self.near

    def of_person(self, day: date) -> sa.ColumnElement[bool]:
        """Return the condition on `Person` that somebody is seen at all.

        Who has left is seen by those alone who see every item.
        """
        near = queries.serving_in(self.near, day, is_concurrent=self.is_concurrent)
        return sa.or_(self.of_whole(day), sa.and_(near, queries.is_here(day)))

    def of_whole(self, day: date) -> sa.ColumnElement[bool]:
        """Return the condition on `Person` that every item is seen."""
        return queries.serving_in(self.whole, day)


def sight_of(actor: Actor, *, is_concurrent: bool) -> Sight:
    """Return whose people the actor may read; the setting says whether 兼務 counts for a head."""
    near = sections_of(actor, *NEAR)
    return Sight(governed_by(actor), near or frozenset(), is_concurrent)


@dataclass(frozen=True)
class Subject:
    """What somebody acts for: a training, as far as this wing has to know of it."""

    training_id: uuid.UUID
    #: The section that holds it (主催); None for the training office itself.
    owner_id: uuid.UUID | None


@dataclass(frozen=True)
class Trainings:
    """For which trainings somebody acts: some by name, and all that some sections hold."""

    named: frozenset[uuid.UUID] = frozenset()
    #: The sections whose trainings are among them.
    owners: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How far somebody acts for one training."""

    #: The sections whose people are reached; None for all.
    sections: frozenset[uuid.UUID] | None

    def of_person(self, day: date) -> sa.ColumnElement[bool]:
        """Return the condition on `Person` that somebody is reached."""
        return queries.serving_in(self.sections, day)


def trainings_of(actor: Actor, roles: Collection[str], *, whole: bool = False) -> Trainings | None:
    """Return the trainings for which the actor acts in these roles; None for all.

    `whole` leaves out those in which only the people of some sections are the actor's.
    """
    if actor == SYSTEM:
        return None
    grants = [
        grant
        for grant in actor.grants
        if grant.role in roles and not (whole and _people(grant) is not None)
    ]
    if any(_is_of(grant, None) for grant in grants):
        return None
    return Trainings(
        frozenset(grant.training_id for grant in grants if grant.training_id),
        frozenset().union(*(_holding(grant) for grant in grants)),
    )


def owners_of(actor: Actor) -> frozenset[uuid.UUID] | None:
    """Return the sections for which the actor may register trainings; None for all and for none.

    The whole office does so for anybody, an organiser for the sections they organise for.
    """
    planning = [grant for grant in actor.grants if grant.role in PLANNING]
    if any(_is_of(grant, None) and _people(grant) is None for grant in planning):
        return None
    return frozenset().union(*(_holding(grant) for grant in planning))


def reach(
    actor: Actor, roles: Collection[str], subject: Subject | None, *, whole: bool = False
) -> Reach:
    """Return how far the actor acts for a training; None is what belongs to no training.

    `whole` asks for what concerns all its people, such as its days. Raises NotFound where no role
    reaches the training, and Forbidden("whole_training_needed") for some sections only.
    """
    if actor == SYSTEM:
        return Reach(None)
    grants = [grant for grant in actor.grants if grant.role in roles and _is_of(grant, subject)]
    if not grants:
        raise NotFound
    if whole:
        grants = [grant for grant in grants if _people(grant) is None]
        if not grants:
            raise Forbidden("whole_training_needed")
    act_by(grants)
    return Reach(_sections(grants))


def check_reaches(
    session: Session,
    actor: Actor,
    roles: Collection[str],
    person_id: uuid.UUID,
    subject: Subject | None,
    now: datetime,
) -> None:
    """Raise NotFound where these roles do not reach a person's part in a training today."""
    found = reach(actor, roles, subject)
    if not queries.is_serving_in(session, person_id, found.sections, now):
        raise NotFound


def not_governed(session: Session, by: Actor, now: datetime) -> set[uuid.UUID]:
    """Return whose password and roles the actor may not touch: other holders of a watching role.

    Whoever sets a person's password or roles can act as that person.
    """
    if by == SYSTEM or Role.ADMINISTRATOR in by.roles:
        return set()
    return queries.holders_of(session, WATCHING, now) - {by.known_id}


def check_may_govern(
    session: Session, person_ids: Iterable[uuid.UUID], by: Actor, now: datetime
) -> None:
    """Raise Forbidden("only_administrators") where `not_governed` has one of these people."""
    if not_governed(session, by, now).intersection(person_ids):
        raise Forbidden("only_administrators")


def _is_of(grant: Grant, subject: Subject | None) -> bool:
    """Whether a grant reaches a training; None asks for what is limited to no training.

    A section's organiser acts for the trainings that the section holds.
    """
    if grant.training_id is not None:
        return subject is not None and grant.training_id == subject.training_id
    if grant.role not in OF_TRAININGS or grant.sections is None:
        return True
    return subject is not None and subject.owner_id in _holding(grant)


def _holding(grant: Grant) -> frozenset[uuid.UUID]:
    """Return the sections whose trainings a grant reaches because they hold them."""
    if grant.role != Role.ORGANISER or grant.training_id is not None:
        return frozenset()
    return grant.sections or frozenset()


def _people(grant: Grant) -> frozenset[uuid.UUID] | None:
    return None if grant.role in OF_TRAININGS else grant.sections


def _sections(grants: Iterable[Grant]) -> frozenset[uuid.UUID] | None:
    scopes = [_people(grant) for grant in grants]
    if None in scopes:
        return None
    return frozenset().union(*(scope for scope in scopes if scope is not None))


def check_settings(settings: Settings) -> None:
    """Raise SettingsError for a role in the settings that there is not: it would guard nothing."""
    named = {
        "role_networks": networks.parse_by_role(settings.role_networks).keys(),
        "second_factor_roles": settings.second_factor_roles.split(),
        "break_glass_roles": settings.break_glass_roles.split(),
    }
    for name, roles in named.items():
        unknown = sorted(set(roles) - set(Role))
        if unknown:
            raise SettingsError(
                f"{PREFIX}{name.upper()} names a role that there is not: {unknown[0]}; "
                f"there are {', '.join(Role)}"
            )
