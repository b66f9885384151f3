"""Forms with rows: several things of one kind on one form, as many as are asked for.

Each cell is a field of the form itself (`day_2`), so that an error names its row and leads to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar, cast

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import FormMeta

from app.kernel.web.forms import PostedForm

#: Classes of rows, each with how many of it a form has.
Counts = tuple[tuple[type[PostedForm], int], ...]


class RowedForm(PostedForm):
    """A form that `with_rows` can give rows."""

    row_counts: ClassVar[Mapping[type[PostedForm], int]] = {}

    def rows_of(self, row: type[PostedForm]) -> list[SimpleNamespace]:
        """Return the rows of a class, each with its number and its cells by their names."""
        names = [name for name, _ in _cells(row)]
        return [
            SimpleNamespace(number=number, **{name: self[f"{name}_{number}"] for name in names})
            for number in range(1, self.row_counts.get(row, 0) + 1)
        ]


@cache
def with_rows(form: type[RowedForm], counts: Counts) -> type[RowedForm]:
    """Return a form with so many rows of each class; no two classes have a cell of one name."""
    cells = {
        f"{name}_{number}": UnboundField(cell.field_class, *cell.args, **cell.kwargs)
        for row, count in counts
        for number in range(1, count + 1)
        for name, cell in _cells(row)
    }
    more = {**cells, "row_counts": dict(counts)}
    return cast("type[RowedForm]", FormMeta(form.__name__, (form,), more))


def _cells(row: type[PostedForm]) -> Iterator[tuple[str, UnboundField[Any]]]:
    named = ((name, getattr(row, name)) for name in vars(row))
    return ((name, cell) for name, cell in named if isinstance(cell, UnboundField))


def count_of(sent: Iterable[str], cell: str, least: int, most: int) -> int:
    """Return how many rows a form was sent with, by the names of its fields."""
    numbers = [name.rpartition("_")[2] for name in sent if name.startswith(f"{cell}_")]
    return min(most, max([least, *(int(each) for each in numbers if each.isdecimal())]))


def moved_up(
    values: MultiDict[str, str], cells: Collection[str], number: int
) -> MultiDict[str, str]:
    """Return what was sent with one row's cells in the place of those of the row before it."""
    moved = values.copy()
    if number < 2:
        return moved
    for cell in cells:
        here, above = f"{cell}_{number}", f"{cell}_{number - 1}"
        moved[here], moved[above] = values.get(above, ""), values.get(here, "")
    return moved
