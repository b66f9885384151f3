"""Whose a row of learning is: a member of the staff, or a guest of whom nothing is known here.

A guest comes from a wing above, which alone knows who that is: its key is opaque here. The staff's
own reads join `person`, and so never meet one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


@dataclass(frozen=True)
class Owner:
    """Who learns: one of both is set."""

    person_id: uuid.UUID | None = None
    guest_id: uuid.UUID | None = None

    @property
    def id(self) -> uuid.UUID:
        """Return the key, whichever it is: both are unique among all."""
        found = self.person_id or self.guest_id
        assert found is not None
        return found

    @property
    def people(self) -> list[str]:
        """Return whose details the audit is told of: a guest's are nobody's that it knows."""
        return [str(self.person_id)] if self.person_id else []

    def columns(self) -> dict[str, uuid.UUID | None]:
        """Return what a row of theirs holds."""
        return {"person_id": self.person_id, "guest_id": self.guest_id}


class Owned:
    """A row that is somebody's."""

    #: Whose it is; None for a guest's.
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The guest whose it is: a key of the wing that lets guests in; opaque here.
    guest_id: Mapped[uuid.UUID | None] = mapped_column(index=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> Any:
        return (one_owner(),)

    @property
    def owner(self) -> Owner:
        """Return whose it is."""
        return Owner(self.person_id, self.guest_id)

    @classmethod
    def is_of(cls, owner: Owner) -> sa.ColumnElement[bool]:
        """Return the condition that a row is theirs."""
        if owner.person_id:
            return cls.person_id == owner.person_id
        return cls.guest_id == owner.id


def one_owner() -> sa.CheckConstraint:
    """Return the rule of every such table: one of both, and not both."""
    return sa.CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_owner")
