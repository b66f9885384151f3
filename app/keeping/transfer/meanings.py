"""What each table and column holds, read off the source, so that it cannot differ from the code."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from app.kernel.db import Base

_COMMENT = "#:"


@cache
def tables() -> dict[str, tuple[str, dict[str, str]]]:
    """Return for every table what it is and what its columns hold."""
    return {
        mapper.local_table.name: (  # type: ignore[attr-defined] # a table, not a join
            " ".join((inspect.getdoc(mapper.class_) or "").split()),
            dict(_columns(mapper.class_)),
        )
        for mapper in Base.registry.mappers
    }


def _columns(model: type[Any]) -> Iterator[tuple[str, str]]:
    """Yield each column with the comment above it, those of what the class is made of first."""
    for owner in reversed(model.__mro__):
        if owner.__module__.startswith("app."):
            yield from _commented(inspect.getsource(owner))


def _commented(source: str) -> Iterator[tuple[str, str]]:
    lines = source.splitlines()
    [declared] = ast.parse(source).body
    assert isinstance(declared, ast.ClassDef)
    for node in declared.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, _above(lines, node.lineno - 1)


def _above(lines: list[str], row: int) -> str:
    found: list[str] = []
    while lines[row - 1].strip().startswith(_COMMENT):
        row -= 1
        found.insert(0, lines[row].strip().removeprefix(_COMMENT).strip())
    return " ".join(found)
