"""Rows that hold for a time, by whole days of Japan: from a first day to a last one, or on."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped


class Dated:
    """A row with a first day and a last day."""

    #: Its first day.
    valid_from: Mapped[date]
    #: Its last day; None while it lasts.
    valid_to: Mapped[date | None]


def valid(row: type[Dated], day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a row holds on a day."""
    return sa.and_(row.valid_from <= day, sa.or_(row.valid_to.is_(None), row.valid_to >= day))
