"""Pages of a list: the rows of one page, and how many there are in all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session

Row = TypeVar("Row")
SIZE = 50
#: No list is as long; what asks for more would not fit the database's numbers.
LAST = 1_000_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list."""

    rows: Sequence[Row]
    #: Its number, from 1.
    number: int
    #: Rows in all pages together.
    total: int
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; one when the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the page's first row, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the page's last row."""
        return min(self.number * self.size, self.total)


def number() -> int:
    """Return the page that the request asks for, from 1 to LAST."""
    return min(LAST, max(1, flask.request.args.get("page", 1, type=int)))


def page_of(
    session: Session, query: sa.Select[Any], make: Callable[..., Row], number: int, size: int = SIZE
) -> Page[Row]:
    """Return one page of a query, each row made by `make(*columns)`: two statements in all."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    found = session.execute(query.limit(size).offset((number - 1) * size))
    return Page([make(*row) for row in found], number, total or 0, size)
