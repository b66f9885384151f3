"""Fields that read what people write: a day in any calendar, a whole number in any width."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from app.kernel import dates


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
