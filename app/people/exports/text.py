"""The head of a file of staff, and the cells under it."""

from __future__ import annotations

from datetime import date

from app.kernel.language import Lazy, lazy
from app.people.exports.queries import FileLine
from app.people.profiles.text import EMPLOYMENT, ITEMS

#: Columns of a file of staff; those of the second part are the office's alone.
_NEAR = ("number", "name", "section", "concurrent", "title", "job_type", "duty", "email")
_WHOLE = ("hired_on", "promoted_on")


def columns(*, is_whole: bool) -> dict[str, Lazy]:
    """Return the head of a file of staff, by a key each."""
    head = {name: ITEMS[name] for name in (*_NEAR, *(_WHOLE if is_whole else ()))}
    return {**head, "employment_class": lazy("任用区分")}


def row(line: FileLine, *, is_whole: bool) -> list[object]:
    """Return the cells of one person, under `columns`."""
    cells = [_cell(getattr(line, name)) for name in (*_NEAR, *(_WHOLE if is_whole else ()))]
    return [*cells, str(EMPLOYMENT.get(line.employment_class, ""))]


def _cell(value: object) -> object:
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else value
