"""Lists: what each declares once, and how somebody asks for it by an address.

An address says which columns are shown (`columns`, once for each), by what the rows are ordered
(`sort`, the first first; a `-` before the key turns it round), and what they are narrowed to (the
list's own names). What a list does not know it passes over: an old bookmark still opens.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.kernel.errors import Conflict
from app.kernel.language import Lazy

COLUMNS, SORT, CHOSEN, ROW, CONFIRMED = "columns", "sort", "chosen", "row", "confirmed"
#: So many columns order a list; of one more nobody would see that it does.
MOST_SORTS = 3

Pairs = Iterable[tuple[str, str]]


class Sort(NamedTuple):
    """A column that rows are ordered by."""

    key: str
    is_descending: bool = False

    @property
    def written(self) -> str:
        """How an address writes it."""
        return f"-{self.key}" if self.is_descending else self.key


def sorts(written: Iterable[str]) -> tuple[Sort, ...]:
    """Return what an address says of the order, each column once and the first ones only."""
    found: dict[str, Sort] = {}
    for each in written:
        key = each.removeprefix("-")
        found.setdefault(key, Sort(key, each.startswith("-")))
    return tuple(found.values())[:MOST_SORTS]


def turned(present: Sequence[Sort], key: str) -> tuple[Sort, ...]:
    """Return the order after the head of a column was pressed.

    It comes first, and what came first before it orders what is alike in it; pressed again it turns
    round.
    """
    is_again = bool(present) and present[0] == Sort(key)
    others = (each for each in present if each.key != key)
    return (Sort(key, is_again), *others)[:MOST_SORTS]


@dataclass(frozen=True)
class Column:
    """A column of a list."""

    key: str
    label: Lazy
    #: What rows are ordered by; nothing where the column orders none.
    order: tuple[sa.ColumnElement[Any] | sa.SQLColumnExpression[Any], ...] = ()
    #: Whether it is shown where nobody has chosen columns.
    is_shown: bool = True
    #: Whether it can be left out; what names the row cannot.
    may_hide: bool = True
    is_number: bool = False


@dataclass(frozen=True)
class Listing:
    """What a list declares: its columns, what narrows it, and its order."""

    columns: tuple[Column, ...]
    #: The names in the address that narrow it.
    filters: tuple[str, ...] = ()
    #: The order where nobody asks for another, and within what is alike.
    order: tuple[sa.ColumnElement[Any] | sa.SQLColumnExpression[Any], ...] = ()

    def asked(self, pairs: Pairs) -> View:
        """Return the list as the pairs of an address ask for it."""
        said = [(name, value) for name, value in pairs if value]
        known = {column.key: column for column in self.columns}
        order = sorts(value for name, value in said if name == SORT)
        chosen = {value for name, value in said if name == COLUMNS}
        return View(
            self,
            chosen=frozenset(chosen & known.keys()),
            sorts=tuple(each for each in order if each.key in known and known[each.key].order),
            narrowing=tuple((name, value) for name, value in said if name in self.filters),
        )


@dataclass(frozen=True)
class View:
    """A list as somebody asks for it."""

    listing: Listing
    #: Keys of the columns that were chosen; none where nobody has.
    chosen: frozenset[str] = field(default_factory=frozenset)
    sorts: tuple[Sort, ...] = ()
    #: What narrows it, as pairs of an address.
    narrowing: tuple[tuple[str, str], ...] = ()

    def shows(self, key: str) -> bool:
        """Whether a column of the list is shown."""
        return any(column.key == key for column in self.columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown, in the list's order."""
        return tuple(
            column
            for column in self.listing.columns
            if not column.may_hide
            or (column.key in self.chosen if self.chosen else column.is_shown)
        )

    @property
    def heads(self) -> list[dict[str, object]]:
        """The columns as the table's macro takes them."""
        first = self.listing.order[:1]
        return [
            {
                "label": column.label,
                "number": column.is_number,
                "sort": column.key if column.order else None,
                "sorted": "ascending" if first and column.order[:1] == first else None,
            }
            for column in self.columns
        ]

    @property
    def arrangement(self) -> tuple[tuple[str, str], ...]:
        """Its columns, where they were chosen, and its order, as pairs of an address."""
        shown = self.columns if self.chosen else ()
        return (*((COLUMNS, column.key) for column in shown), *self.ordering)

    @property
    def ordering(self) -> tuple[tuple[str, str], ...]:
        """Its order, as pairs of an address."""
        return tuple((SORT, each.written) for each in self.sorts)

    @property
    def said_order(self) -> list[tuple[Lazy, bool]]:
        """What the rows are ordered by: the column's label, and whether it is turned round."""
        labels = {column.key: column.label for column in self.listing.columns}
        return [(labels[each.key], each.is_descending) for each in self.sorts]

    def ordered(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """Return a query of the rows in the order that is asked for; what is empty comes last."""
        orders = {column.key: column.order for column in self.listing.columns}
        asked = [
            (part.desc() if each.is_descending else part.asc()).nulls_last()
            for each in self.sorts
            for part in orders[each.key]
        ]
        return query.order_by(None).order_by(*asked, *self.listing.order)


@dataclass(frozen=True)
class Choice:
    """Rows of a list that somebody chose: some by their keys, or all that it is narrowed to."""

    keys: tuple[uuid.UUID, ...]
    is_all: bool
    #: What the list was narrowed to, as pairs of an address.
    narrowing: tuple[tuple[str, str], ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The choice as the next form carries it."""
        if self.is_all:
            return (*self.narrowing, (CHOSEN, "all"))
        rows = ((ROW, str(key)) for key in self.keys)
        return (*self.narrowing, (CHOSEN, "rows"), *rows)

    def among(
        self, query: sa.Select[Any], key: sa.SQLColumnExpression[uuid.UUID]
    ) -> sa.Select[uuid.UUID]:
        """Return the query of the chosen keys, counted anew among what the list is narrowed to."""
        found = query.with_only_columns(key).order_by(None)
        return found if self.is_all else found.where(key.in_(self.keys))


def mark(*groups: Collection[uuid.UUID]) -> str:
    """Return the mark of what a page says it will be done to: the same for the same keys."""
    said = "\n".join(" ".join(sorted(map(str, keys))) for keys in groups)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def check(confirmed: str, *groups: Collection[uuid.UUID]) -> None:
    """Raise Conflict("choice_changed") where something else was confirmed than there is now."""
    if confirmed != mark(*groups):
        raise Conflict("choice_changed")
