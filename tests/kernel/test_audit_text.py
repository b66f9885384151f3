"""Every line that the source can write has its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app import factory
from app.kernel.audit.text import ACTS, FIELDS, GROUPS
from app.kernel.db import Base

ROOT = Path(__file__).parents[2]
#: A code: a word, a dot, a word. Each may be open in the source: f"import.{how}".
CODE = re.compile(r"(\w+|\{\})\.(\w+|\{\})")
#: What adds lines, and what rooms call the function that does it for them.
WRITERS = {
    "record", "record_many", "note", "person", "Export", "tell", "_record", "_record_deputy",
    "Taken", "_note", "opened",
}  # fmt: skip
#: The one place whose codes are those of the tables of transitions.
GENERATED = ROOT / "app" / "kernel" / "workflow.py"

factory.tell()


def _written(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be, with {} for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)


def _codes_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in WRITERS:
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            for argument in arguments:
                yield from (text for text in _written(argument) if CODE.fullmatch(text))


def codes() -> set[str]:
    """Return every code in the source, and those of all transitions."""
    found = {
        code
        for package in ("app", "workers")
        for path in (ROOT / package).rglob("*.py")
        if path != GENERATED
        for code in _codes_of(ast.parse(path.read_text(encoding="utf-8")))
    }
    for mapper in Base.registry.mappers:
        for action in getattr(mapper.class_, "transitions", {}):
            found.add(f"{mapper.class_.__tablename__}.{action}")
    return found


def test_every_act_that_is_written_has_its_words() -> None:
    """A code without words: add it to ACTS in the text of its room, and that to app/factory.py."""
    silent = [
        code
        for code in sorted(codes())
        if not any(re.fullmatch(re.escape(code).replace(r"\{\}", r"\w+"), act) for act in ACTS)
    ]
    assert silent == []


def test_the_codes_are_really_looked_for() -> None:
    found = codes()
    assert {
        "people.listed",
        "import.{}",
        "section.changed",
        "run.open",
        "attempt.untraced",
    } <= found
    assert len(found) > 50


def test_no_words_are_left_of_an_act_that_is_gone() -> None:
    patterns = [re.escape(code).replace(r"\{\}", r"\w+") for code in codes()]
    constants = {
        "audit.verified", "audit.broken", "person.second_factor_given", "person.recovery_code_used",
    }  # fmt: skip
    gone = [
        code
        for code in ACTS
        if code not in constants and not any(re.fullmatch(pattern, code) for pattern in patterns)
    ]
    assert gone == []


def test_an_act_belongs_to_a_group_and_shows_what_has_a_name() -> None:
    for code, act in ACTS.items():
        assert act.group in GROUPS, code
        assert set(act.fields) <= set(FIELDS), code
        assert not act.fields or act.manner, code
