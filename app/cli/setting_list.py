"""`kenshu settings`: what can be set, read off the source, which the list cannot differ from."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields

import click

from app.kernel.settings import PREFIX, Settings

COMMENT = "#:"


@dataclass(frozen=True)
class Setting:
    """One setting as an operator sees it."""

    variable: str
    #: As it would be written into the variable; empty for nothing.
    default: str
    meaning: str


def settings() -> Iterator[Setting]:
    """Yield every setting in the order of the source."""
    meanings = dict(_meanings(inspect.getsource(Settings)))
    for field in fields(Settings):
        default = "instance" if field.default is MISSING else _written(field.default)
        yield Setting(PREFIX + field.name.upper(), default, meanings[field.name])


def _meanings(source: str) -> Iterator[tuple[str, str]]:
    """Yield each field's name with the comment above it."""
    lines = source.splitlines()
    [declared] = ast.parse(source).body
    assert isinstance(declared, ast.ClassDef)
    for node in declared.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, _comment_above(lines, node.lineno - 1)


def _comment_above(lines: list[str], row: int) -> str:
    found: list[str] = []
    while lines[row - 1].strip().startswith(COMMENT):
        row -= 1
        found.insert(0, lines[row].strip().removeprefix(COMMENT).strip())
    return " ".join(found)


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@click.command("settings")
def list_settings() -> None:
    """List the settings: the variable, its default, what it means."""
    for each in settings():
        click.echo(f"{each.variable} = {each.default}\n    {each.meaning}")
