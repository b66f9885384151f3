"""On whose behalf something is done: a person with the roles they hold now, or the system."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Grant:
    """One role, held for a scope; neither scope means everywhere."""

    #: The role's code.
    role: str
    #: The sections it reaches, those below already added; None for all.
    sections: frozenset[uuid.UUID] | None = None
    #: The training it reaches; None for all.
    training_id: uuid.UUID | None = None


class Step(StrEnum):
    """What has to be done in a sign-in before anything else is open; in this order."""

    #: A password that the office gave is made one's own.
    PASSWORD = "password"  # noqa: S105 - a step's name
    #: The second factor is given, or set up.
    SECOND_FACTOR = "second_factor"
    #: One has read what the data is used for.
    PURPOSE = "purpose"


@dataclass(frozen=True)
class Actor:
    """Who acts. `person_id` is None for the system and for somebody not signed in."""

    person_id: uuid.UUID | None = None
    #: Name as registered, for the page's header.
    name: str = ""
    #: Section of the main post, for the page's header; empty for an operator.
    section: str = ""
    grants: tuple[Grant, ...] = ()
    #: The sign-in this comes from; None for the system.
    sign_in_id: uuid.UUID | None = None
    #: What has to be done before anything else, first things first.
    steps: tuple[Step, ...] = ()
    #: Roles that are held, but not from where this request comes.
    withheld: frozenset[str] = frozenset()
    #: Whether the sign-in is on a terminal that several people share.
    is_shared: bool = False
    #: Number of an operator's account; empty for staff.
    operator: str = ""
    roles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Name the roles once."""
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a person."""
        return self.person_id is not None

    @property
    def must_change_password(self) -> bool:
        """Whether the password was given by the office, and must become the person's own."""
        return Step.PASSWORD in self.steps

    @property
    def known_id(self) -> uuid.UUID:
        """The person's key, where a person is certain."""
        if self.person_id is None:
            raise LookupError("nobody is signed in")
        return self.person_id


ANONYMOUS = Actor()
SYSTEM = Actor(grants=(Grant("system"),))
