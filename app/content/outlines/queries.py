"""The outline of a version: of a SCORM manifest, and of a course that speaks xAPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.content.materials.models import Version
from scorm import structure
from scorm.structure import Item
from xapi.cmi5 import course as courses
from xapi.cmi5.course import Block, Unit

#: The editions of versions whose content speaks xAPI: their manifest is `xapi.cmi5.course`'s.
COURSES: Final = frozenset({"cmi5", "tincan"})


@dataclass(frozen=True)
class Entry:
    """Something to launch, or what holds such things."""

    title: str
    #: sco where it tells of its learner, asset where it does not; None for what is not launched.
    kind: str | None
    children: tuple[Entry, ...] = ()
    is_visible: bool = True
    #: Whether there is anything to launch.
    is_launchable: bool = False
    #: Of a unit: when it counts as done (cmi5, moveOn), and the score from 0 to 1 that passes it.
    move_on: str | None = None
    mastery_score: float | None = None


def outline(version: Version) -> tuple[str, tuple[Entry, ...]]:
    """Return the title of what a version holds, and its entries; none where it has none."""
    if version.edition in COURSES:
        course = courses.from_document(version.manifest)
        return courses.said(course.title), tuple(map(_of_node, course.children))
    organization = structure.from_document(version.manifest).organization
    if organization is None:
        return "", ()
    return organization.title, tuple(map(_of_item, organization.items))


def launchable(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield what can be launched, in its order."""
    for entry in entries:
        if entry.is_launchable:
            yield entry
        yield from launchable(entry.children)


def _of_item(item: Item) -> Entry:
    return Entry(
        item.title,
        item.resource_type,
        tuple(map(_of_item, item.children)),
        is_visible=item.visible,
        is_launchable=item.href is not None,
    )


def _of_node(node: Unit | Block) -> Entry:
    title = courses.said(node.title)
    if isinstance(node, Block):
        return Entry(title, None, tuple(map(_of_node, node.children)))
    return Entry(
        title,
        "sco",
        is_launchable=True,
        move_on=node.move_on,
        mastery_score=node.mastery_score,
    )
