"""The outline of a version: of a SCORM manifest, and of a course that speaks xAPI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.content.materials.models import Version
from scorm import structure
from scorm.structure import Item
from xapi.cmi5 import course as courses
from xapi.cmi5.course import Block, Unit

#: The editions of versions whose content speaks xAPI: their manifest is `xapi.cmi5.course`'s.
COURSES: Final = frozenset({"cmi5", "tincan"})


def outline(version: Version) -> tuple[str, tuple[Item, ...]]:
    """Return the title of what a version holds, and its items; no items where it has none."""
    if version.edition in COURSES:
        course = courses.from_document(version.manifest)
        return courses.said(course.title), _items(course.children)
    organization = structure.from_document(version.manifest).organization
    return (organization.title, organization.items) if organization else ("", ())


def _items(nodes: Iterable[Unit | Block]) -> tuple[Item, ...]:
    return tuple(_item(node) for node in nodes)


def _item(node: Unit | Block) -> Item:
    title = courses.said(node.title)
    if isinstance(node, Block):
        return Item(node.key, title, children=_items(node.children))
    return Item(node.key, title, href=node.url, resource_type="sco")
