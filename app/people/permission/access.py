"""How far a role reaches: what a wing asks before it shows or changes what belongs to a section."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import networks
from app.kernel.actor import SYSTEM, Actor
from app.kernel.errors import Forbidden
from app.kernel.settings import PREFIX, Settings, SettingsError
from app.people.permission import queries
from app.people.permission.models import Role

#: Roles that watch over the others: only an administrator may touch who holds them.
WATCHING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def sections_of(actor: Actor, role: str) -> frozenset[uuid.UUID] | None:
    """Return the sections that the actor's role reaches; None for all, empty for none."""
    scopes = [grant.sections for grant in actor.grants if grant.role == role]
    if None in scopes:
        return None
    return frozenset().union(*(scope for scope in scopes if scope is not None))


def reaches(actor: Actor, role: str, section_id: uuid.UUID) -> bool:
    """Whether the actor holds the role for a section."""
    scope = sections_of(actor, role)
    return scope is None or section_id in scope


def governed_by(actor: Actor) -> frozenset[uuid.UUID] | None:
    """Return the sections whose staff the actor looks after, as the office or as administrator."""
    if actor == SYSTEM or Role.ADMINISTRATOR in actor.roles:
        return None
    return sections_of(actor, Role.OFFICE)


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
