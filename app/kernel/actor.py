"""On whose behalf something is done: a person with the roles they hold now, or the system."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextvars import ContextVar
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
    #: In whose place it is held (代行); None for one's own.
    for_id: uuid.UUID | None = None
    #: Their name, for the page's header.
    for_name: str = ""


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


#: In whose place the present request acts: what the audit writes down beside who did it.
acting_for: ContextVar[uuid.UUID | None] = ContextVar("acting_for", default=None)


#: As which role the present request acts: what the audit writes down beside who did it.
acting_as: ContextVar[str] = ContextVar("acting_as", default="")


def act_as_oneself() -> None:
    """Note that what follows is done in nobody's place and by no role."""
    acting_for.set(None)
    acting_as.set("")


def act_by(grants: Iterable[Grant]) -> None:
    """Note the role by which something is done, and in whose place; the first grant says which.

    It is done in nobody's place where one of the grants is one's own.
    """
    held = list(grants)
    owners = {grant.for_id for grant in held}
    acting_for.set(None if None in owners or not owners else min(filter(None, owners)))
    acting_as.set(held[0].role if held else "")


ANONYMOUS = Actor()
SYSTEM = Actor(grants=(Grant("system"),))
