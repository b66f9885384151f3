"""Fields that read what people write: a day, an hour, a whole number in any width; and a key."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Any, Final

from wtforms import Field, Form, HiddenField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from app.kernel import dates, db
from app.kernel.language import gettext

_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?|[+-]?\.[0-9]{1,12}")


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
    """The key of a row to come: sent twice, a form makes one row."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **{"default": new_key, **more})

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


class HourField(Field):
    """A time of day in any of the ways that people write one."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.hour}:{self.data:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; what is no hour stays on screen as it was written."""
        self.data = dates.parse_hour(valuelist[0]) if valuelist else None


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


class AmountField(Field):
    """A number that may have a fraction or a sign, in digits of either width."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.12g}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; None where it is no number."""
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        text = text.replace("−", "-").replace(",", "")
        self.data = float(text) if _AMOUNT.fullmatch(text) else None


def written(field: Field) -> str:
    """Return what was written into a field, without the spaces around it."""
    return str(field.raw_data[0]).strip() if field.raw_data else ""


def is_day(_form: Form, field: Field) -> None:
    """Ask for a day."""
    if field.data is None:
        raise StopValidation(gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。"))


def is_day_if_any(form: Form, field: Field) -> None:
    """Take nothing, or a day."""
    if written(field):
        is_day(form, field)
