"""The run-time of one SCO over a state that is plain JSON: begin, get, set, finish.

A state is a dictionary:

`values`    element name → text; what the LMS gives stands among what content has set
`counts`    collection → how many members it has; a collection without members is absent
`session`   "open", "suspended" (to be resumed) or "finished"
`access`    only where a manifest restricts adl.data: element name → "r", "w" or "" for neither
`earlier`   only in a new attempt of SCORM 2004: `outcome`, the best of the attempts before, and
            `interactions`, the last that were told

Functions that return a state leave theirs alone; `set_value` and `apply` change it.
"""

from collections.abc import Sequence
from typing import Any, Final

from scorm.data_model import Rejection, apply, get_value, set_value
from scorm.launch import Launch, Mode
from scorm.sessions import begin, finish

__all__ = [
    "Launch",
    "Mode",
    "Rejection",
    "apply",
    "are_notes",
    "begin",
    "finish",
    "get_value",
    "is_open",
    "is_suspended",
    "set_value",
]


#: What content notes for itself: nothing is derived from it.
_NOTES: Final = frozenset({"cmi.suspend_data", "cmi.location", "cmi.core.lesson_location"})


def are_notes(changes: Sequence[tuple[str, str]]) -> bool:
    """Return whether content has only noted things for itself: what is derived stays as it was."""
    return all(element in _NOTES for element, _ in changes)


def is_open(state: dict[str, Any]) -> bool:
    """Return whether a session has begun and not said that it ends."""
    return bool(state["session"] == "open")


def is_suspended(state: dict[str, Any]) -> bool:
    """Return whether the last session is to be resumed."""
    return bool(state["session"] == "suspended")
