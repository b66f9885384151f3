"""The shape of a bundle: the items of the closed list, each with source, day and tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.keeping.disclosure.text import COLUMNS, TITLES
from app.kernel import clock


@dataclass(frozen=True)
class Table:
    """Rows of one kind; its code names its CSV file."""

    code: str
    rows: list[list[str]]

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.code]

    @property
    def columns(self) -> tuple[str, ...]:
        """What its columns are called."""
        return COLUMNS[self.code]


@dataclass(frozen=True)
class Item:
    """One item of the list; number 0 is what is kept besides."""

    number: int
    title: str
    source: str
    #: The day of which it tells.
    as_of: str
    #: The present value; empty where only its tables tell.
    value: str = ""
    tables: tuple[Table, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self.value and not any(table.rows for table in self.tables)


@dataclass(frozen=True)
class Dossier:
    """All that is held about one person."""

    number: str
    name: str
    made_at: datetime
    items: tuple[Item, ...]
    #: Whole documents, which no table can hold: each attempt's run-time state.
    documents: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        """All tables in their order."""
        return [table for item in self.items for table in item.tables]


def table(code: str, rows: Iterable[Iterable[object]]) -> Table:
    """Return a table with every cell written out."""
    return Table(code, [[written(cell) for cell in row] for row in rows])


def written(value: object) -> str:
    """Return a value as a reader in Japan writes it; empty for None."""
    match value:
        case None:
            said = ""
        case datetime():
            said = f"{value.astimezone(clock.JST):%Y/%m/%d %H:%M:%S}"
        case date():
            said = f"{value:%Y/%m/%d}"
        case bool():
            said = "はい" if value else "いいえ"
        case float():
            said = f"{value:.2f}".rstrip("0").rstrip(".")
        case dict() | list():
            said = json.dumps(value, ensure_ascii=False)
        case _:
            said = str(value)
    return said
