"""What a course structure says, as plain frozen values, and the document that is stored of it.

`key` names a unit or a block by its place: `u1`, `u2` …, `b1` … in the order of the document. `id`
is the publisher's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from xapi.formats import preferred

#: Texts by language, as a language map (Data 4.2).
Words = Mapping[str, str]
#: Which of the two a course is written in.
Scheme = Literal["cmi5", "tincan"]


class MoveOn(StrEnum):
    """When a unit counts as satisfied (13.1.4)."""

    PASSED = "Passed"
    COMPLETED = "Completed"
    BOTH = "CompletedAndPassed"
    EITHER = "CompletedOrPassed"
    NOT_APPLICABLE = "NotApplicable"


class Mode(StrEnum):
    """How a unit is launched (10.2.2)."""

    NORMAL = "Normal"
    BROWSE = "Browse"
    REVIEW = "Review"


@dataclass(frozen=True)
class Unit:
    """An assignable unit: what can be launched (13.1.4)."""

    key: str
    id: str
    title: Words
    description: Words
    #: Relative to the package's root, or absolute.
    url: str
    move_on: str = MoveOn.NOT_APPLICABLE
    #: From 0 to 1; None where the course names none.
    mastery_score: float | None = None
    #: Whether it must have a window of its own.
    own_window: bool = False
    activity_type: str | None = None
    launch_parameters: str | None = None
    entitlement_key: str | None = None
    #: Ids of the objectives that it refers to.
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Units and blocks that belong together (13.1.2)."""

    key: str
    id: str
    title: Words
    description: Words
    children: tuple[Unit | Block, ...]
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """A course with all that it holds (13.1.1)."""

    scheme: Scheme
    id: str
    title: Words
    description: Words
    children: tuple[Unit | Block, ...]

    @cached_property
    def units(self) -> list[Unit]:
        """Return what can be launched, in order."""
        return [each for each in walk(self.children) if isinstance(each, Unit)]

    @cached_property
    def blocks(self) -> list[Block]:
        """Return the blocks, those within others before these."""
        return [each for each in _inner_first(self.children) if isinstance(each, Block)]

    def unit(self, key: str) -> Unit | None:
        """Return the unit of a key; None where there is none."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Unit]:
        return {each.key: each for each in self.units}


def walk(children: Sequence[Unit | Block]) -> Iterator[Unit | Block]:
    """Yield what stands in a course, blocks before what they hold."""
    for each in children:
        yield each
        if isinstance(each, Block):
            yield from walk(each.children)


def _inner_first(children: Sequence[Unit | Block]) -> Iterator[Unit | Block]:
    for each in children:
        if isinstance(each, Block):
            yield from _inner_first(each.children)
        yield each


def within(block: Block) -> list[Unit]:
    """Return the units of a block, and of the blocks in it."""
    return [each for each in walk(block.children) if isinstance(each, Unit)]


def said(words: Words, languages: Sequence[str] = ("ja", "en")) -> str:
    """Return a text in the language that is wanted most; "" where there is none."""
    return next(iter(preferred(words, languages).values()), "")


def to_document(course: Course) -> dict[str, Any]:
    """Return a course as a dictionary that JSON can hold."""
    return _plain(course)


def _plain(node: Course | Block | Unit) -> dict[str, Any]:
    """Return the parts of a node; what it holds each by itself, however deep."""
    plain = {each.name: getattr(node, each.name) for each in fields(node)}
    plain |= {"title": dict(node.title), "description": dict(node.description)}
    if not isinstance(node, Unit):
        plain["children"] = [_plain(each) for each in node.children]
    if not isinstance(node, Course):
        plain["objectives"] = list(node.objectives)
    return plain


def from_document(document: Mapping[str, Any]) -> Course:
    """Return the course that `to_document` wrote."""
    return Course(**{**document, "children": _nodes(document["children"])})


def _nodes(documents: Sequence[Mapping[str, Any]]) -> tuple[Unit | Block, ...]:
    return tuple(_node(each) for each in documents)


def _node(document: Mapping[str, Any]) -> Unit | Block:
    own = {**document, "objectives": tuple(document["objectives"])}
    if "children" in document:
        return Block(**{**own, "children": _nodes(document["children"])})
    return Unit(**own)
