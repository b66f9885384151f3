"""What the player sends, read strictly: anything else is refused and nothing is applied."""

from __future__ import annotations

from typing import Any, TypeGuard

import flask

from app.kernel.errors import Refused
from app.learning.attempts.service import Message

#: More text than any data model holds.
LARGEST_COMMIT = 8 * 1024**2
#: So many lines of a debug log, of so many characters a part, are kept of one message.
MOST_CALLS, LONGEST_CALL = 2_000, 1_000


def _document(request: flask.Request) -> dict[str, Any]:
    if (request.content_length or 0) > LARGEST_COMMIT:
        raise Refused("commit_too_large")
    try:
        # A message sent while the page goes away comes as text, which no browser asks leave for.
        document = request.get_json(force=True, silent=True)
    except RecursionError as error:  # brackets within brackets, by the thousand
        raise Refused("commit_malformed") from error
    if not isinstance(document, dict):
        raise Refused("commit_malformed")
    return document


def navigation(request: flask.Request) -> tuple[int, str]:
    """Return the step and the request, which is written as adl.nav.request is, or `open`."""
    document = _document(request)
    step, wanted = document.get("step"), document.get("request")
    if not _is_number(step) or step < 1 or not isinstance(wanted, str):
        raise Refused("commit_malformed")
    return step, _storable(wanted)


def commit(request: flask.Request, lease: int) -> tuple[int, list[Message]]:
    """Return the lease and the messages of the document that `journal.js` describes.

    `lease` may be an earlier one of the same attempt: a newer page sends what an older one left.
    """
    document = _document(request)
    named, messages = document.get("lease", lease), document.get("messages")
    if not _is_number(named) or not 0 < named <= lease or not isinstance(messages, list):
        raise Refused("commit_malformed")
    return named, [_message(message) for message in messages]


def _message(document: object) -> Message:
    if not isinstance(document, dict):
        raise Refused("commit_malformed")
    sequence, item = document.get("sequence"), document.get("item")
    changes, finished = document.get("changes"), document.get("finished")
    leaving, calls = document.get("leaving", False), document.get("calls")
    if (
        not _is_number(sequence)
        or sequence < 1
        or not isinstance(item, str)
        or not isinstance(finished, bool)
        or not isinstance(leaving, bool)
        or not isinstance(changes, list)
        or not all(_is_change(change) for change in changes)
        or not (calls is None or _are_calls(calls))
    ):
        raise Refused("commit_malformed")
    pairs = [(_storable(name), _storable(value)) for name, value in changes]
    return Message(sequence, item, pairs, finished, leaving, _storable_calls(calls or []))


def _is_number(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number; Python takes true and false for numbers, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_change(change: object) -> bool:
    return (
        isinstance(change, list)
        and len(change) == 2
        and all(isinstance(part, str) for part in change)
    )


def _are_calls(calls: object) -> bool:
    """Whether these are lines of a debug log: call, element, value, answer, error."""
    return isinstance(calls, list) and all(
        isinstance(line, list) and len(line) == 5 and all(isinstance(part, str) for part in line)
        for line in calls
    )


def _storable_calls(calls: list[list[str]]) -> list[list[str]]:
    return [[_storable(part[:LONGEST_CALL]) for part in line] for line in calls[:MOST_CALLS]]


def _storable(value: str) -> str:
    """Replace what no database keeps: NUL, and the halves of pairs that scripts can make."""
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")
