"""The glossary names what there is: each identifier is looked up in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app import factory
from app.kernel.db import Base

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "content_packages", "scorm", "workers")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([\w.]+)` \|$", re.MULTILINE)
ROWS: list[tuple[str, str, str]] = ROW.findall((ROOT / "docs/glossary.md").read_text("utf-8"))

assert factory  # imports every row of every wing


def _members(node: ast.ClassDef) -> set[str]:
    """Return what a class names in its body."""
    names = set()
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            names.add(part.target.id)
        elif isinstance(part, ast.Assign):
            names |= {target.id for target in part.targets if isinstance(target, ast.Name)}
    return names


def _known() -> set[str]:
    """Return every class, what it names, every function, every table and every column."""
    known = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    known |= {node.name, *_members(node)}
                    known |= {f"{node.name}.{member}" for member in _members(node)}
                elif isinstance(node, ast.FunctionDef):
                    known.add(node.name)
    for table in Base.metadata.tables.values():
        known |= {table.name, *(f"{table.name}.{column.name}" for column in table.columns)}
    return known


@pytest.fixture(scope="module")
def known() -> set[str]:
    """All identifiers of the code."""
    return _known()


def test_every_row_of_the_glossary_can_be_read() -> None:
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and "---" not in line]
    heads = [line for line in rows if line.startswith("| 日本語")]
    assert len(ROWS) == len(rows) - len(heads) > 50


def test_every_identifier_of_the_glossary_is_in_the_code(known: set[str]) -> None:
    assert [(term, name) for term, _, name in ROWS if name not in known] == []


def test_a_term_that_is_gone_would_be_noticed(known: set[str]) -> None:
    assert not {"person.furigana", "Role.MAYOR", "no_such_table"} & known


def test_a_japanese_term_stands_for_one_thing() -> None:
    terms = [term for term, _, _ in ROWS]
    names = [name for _, _, name in ROWS]
    assert sorted(set(terms)) == sorted(terms)
    assert {name for name in names if names.count(name) > 1} == set()


def test_every_table_has_its_word() -> None:
    named = {name.partition(".")[0] for _, _, name in ROWS}
    inner = {"audit_head"}  # the end of the audit's chain: nobody ever speaks of it
    assert set(Base.metadata.tables) - named == inner
