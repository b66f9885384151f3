"""Whom an offering is for: the condition that an offering keeps, and the rows of its people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Source(StrEnum):
    """How somebody came to be meant: 条件, 個別指定."""

    CONDITION = "condition"
    LIST = "list"


@dataclass(frozen=True)
class Years:
    """From which to which year of something, by fiscal years (採用1年目〜3年目); None: no end."""

    first: int | None = None
    last: int | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it limits anything."""
        return (self.first, self.last) != (None, None)


@dataclass(frozen=True)
class Condition:
    """対象者の条件: all of what is asked for; what is empty is not asked for.

    It counts by the main post of the day: who serves beside it (兼務) is meant where they belong.
    """

    sections: tuple[uuid.UUID, ...] = ()
    with_children: bool = True
    titles: tuple[uuid.UUID, ...] = ()
    grades: tuple[str, ...] = ()
    job_types: tuple[str, ...] = ()
    #: Codes of `EmploymentClass`.
    employment: tuple[str, ...] = ()
    hired: Years = Years()
    promoted: Years = Years()
    #: Trainings all of which they have completed.
    completed: tuple[uuid.UUID, ...] = ()
    #: Trainings none of which they have completed.
    not_completed: tuple[uuid.UUID, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it; never empty, since the condition can be: everybody."""
        kept: dict[str, Any] = {"with_children": self.with_children}
        for name in _KEYS:
            kept[name] = [str(key) for key in getattr(self, name)]
        for name in _WORDS:
            kept[name] = list(getattr(self, name))
        for name in _YEARS:
            years: Years = getattr(self, name)
            kept[name] = [years.first, years.last] if years.is_asked else []
        return {name: value for name, value in kept.items() if value != []}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Condition:
        """Return the condition that was kept."""
        values: dict[str, Any] = {name: tuple(map(uuid.UUID, kept.get(name, ()))) for name in _KEYS}
        values |= {name: tuple(kept.get(name, ())) for name in _WORDS}
        values |= {name: Years(*kept.get(name, ())) for name in _YEARS}
        return cls(with_children=kept.get("with_children", True), **values)


_KEYS = ("sections", "titles", "completed", "not_completed")
_WORDS = ("grades", "job_types", "employment")
_YEARS = ("hired", "promoted")


class AudienceMember(Keyed, Base):
    """対象者: one person an offering is for, with the post of the day on which it was said."""

    __tablename__ = "audience_member"
    __table_args__ = (sa.UniqueConstraint("offering_id", "person_id"),)

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"))
    #: Who is meant.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: 所属 on that day.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 on that day.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: condition, list.
    source: Mapped[str] = mapped_column(default=Source.CONDITION)
    #: When it was said.
    added_at: Mapped[datetime]
