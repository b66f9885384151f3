"""Navigation in SCORM 1.2, which leaves it to the LMS: through the leaves, as prerequisites allow.

And what both versions share: how requests are written.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from scorm import prerequisites
from scorm.course import Controls, Course
from scorm.structure import Item, leaves

#: What a request is called: by the player, and by content in adl.nav.request (RTE 4e, 4.4.1).
_WORDS: Final = frozenset(
    {
        *("open", "start", "resumeAll", "continue", "previous"),
        *("exit", "exitAll", "abandon", "abandonAll", "suspendAll"),
    }
)
_OF_CONTENT: Final = _WORDS - {"open", "start", "resumeAll"}
_TARGETED: Final = re.compile(r"\{target=([^{}]*)\}(choice|jump)")


def parse_request(text: str, *, of_content: bool = True) -> tuple[str, str | None] | None:
    """Return a request and its target; None where nothing is asked for, or nothing known.

    `of_content` takes what adl.nav.request may say; a player may also open, start and resume.
    """
    targeted = _TARGETED.fullmatch(text)
    if targeted:
        return targeted[2], targeted[1]
    return (text, None) if text in (_OF_CONTENT if of_content else _WORDS) else None


def deliver(
    course: Course, document: Mapping[str, Any], request: str, target: str | None
) -> Item | None:
    """Return the leaf that a request leads to, None where it leads to none.

    What is opened anew goes to the present leaf, or to the first that may be entered.
    """
    order = leaves(course.organization)
    present = document.get("current")
    places = {item.identifier: place for place, item in enumerate(order)}
    allowed = _allowed(course, document)
    if request in ("choice", "jump"):
        return course.items[target] if target in allowed else None
    if request in ("continue", "previous") and present in places:
        return _beside(order, places[present], request, allowed)
    if request not in ("open", "start", "resumeAll", "continue"):
        return None
    if present in places and present in allowed:
        return course.items[present]
    return next((item for item in order if item.identifier in allowed), None)


def _beside(order: list[Item], place: int, request: str, allowed: set[str]) -> Item | None:
    """Return the next or the former leaf, past what may not be entered."""
    rest = order[place + 1 :] if request == "continue" else order[:place][::-1]
    return next((item for item in rest if item.identifier in allowed), None)


def _allowed(course: Course, document: Mapping[str, Any]) -> set[str]:
    statuses = lesson_statuses(course, document)
    return {
        identifier
        for identifier, item in course.items.items()
        if prerequisites.allows(item.prerequisites, statuses)
    }


def lesson_statuses(course: Course, document: Mapping[str, Any]) -> dict[str, str]:
    """Return the status of each leaf, and of each block what its leaves come to, by identifier."""
    states = document.get("items", {})
    found: dict[str, str] = {}

    def read(item: Item) -> str:
        below = [read(child) for child in item.children]
        state = states.get(item.identifier)
        own = state["values"].get("cmi.core.lesson_status") if state else None
        if item.href is not None:
            below.append(own or "not attempted")
        status = below[0] if len(set(below)) == 1 else _of_block(below)
        found[item.identifier] = status
        return status

    for item in course.organization.items:
        read(item)
    return found


def _of_block(statuses: list[str]) -> str:
    if not statuses:
        return "not attempted"
    if all(status in ("passed", "completed") for status in statuses):
        return "completed"
    return "failed" if "failed" in statuses else "incomplete"


def controls(course: Course, document: Mapping[str, Any]) -> Controls:
    """Return what may be asked for now."""
    order = leaves(course.organization)
    allowed = _allowed(course, document)
    places = {item.identifier: place for place, item in enumerate(order)}
    place = places.get(document.get("current") or "")
    return Controls(
        can_continue=place is not None and _beside(order, place, "continue", allowed) is not None,
        can_go_back=place is not None and _beside(order, place, "previous", allowed) is not None,
        choices=tuple(item.identifier for item in order if item.identifier in allowed),
    )
