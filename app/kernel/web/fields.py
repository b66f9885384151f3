"""Fields that read what people write: a day in any calendar, a whole number in any width."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import Field, HiddenField
from wtforms.widgets import TextInput

from app.kernel import dates, db


def stripped(text: str | None) -> str:
    """Return a text without what surrounds it; a filter of fields."""
    return (text or "").strip()


def in_one_line(text: str | None) -> str:
    """Return a text with single spaces between its words; a filter of fields."""
    return " ".join((text or "").split())


def key_or_none(text: object) -> uuid.UUID | None:
    """Return the key that a text is; None where it is none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def new_key() -> str:
    """Return a new key, as a form carries it."""
    return str(db.new_id())


class KeyField(HiddenField):
    """The key of a row to come (by default `new_key`): sent twice, a form makes one row."""

    @property
    def key(self) -> uuid.UUID:
        """The key; a new one where it was lost on the way."""
        return key_or_none(self.data) or db.new_id()


class DayField(Field):
    """A day in any of the ways that people write one."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%Y/%m/%d}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; what is no day is an error, and stays on screen as it was written."""
        self.data = dates.parse(valuelist[0]) if valuelist else None


class CountField(Field):
    """A whole number, in digits of either width."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; None where it is no whole number."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 10 else None
