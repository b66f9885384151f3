"""What a section sends about its list: an order, wishes, and whom it adds."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.training.calls.service import MOST_PREFERENCES

#: Where a row without a readable rank goes: it keeps its place.
_HALF = 0.5


@dataclass(frozen=True)
class OrderData:
    """A section's list as it was sent: its order, and the runs that each row asks for."""

    candidacy_ids: tuple[uuid.UUID, ...]
    wishes: dict[uuid.UUID, tuple[uuid.UUID, ...]]
    #: How many ranks were no numbers: their rows stay where they are.
    unreadable: int


def order_of(sent: MultiDict[str, str]) -> OrderData:
    """Read the order: rows by the numbers typed, and one of them moved up or down by its button.

    Digits of either width are read. Of two rows with one number, the one that stood first goes
    first.
    """
    keys = _keys(sent.getlist("listed"))
    places: dict[uuid.UUID, float] = {}
    unreadable = 0
    for place, key in enumerate(keys, 1):
        typed = unicodedata.normalize("NFKC", sent.get(f"rank_{key}", "")).strip()
        if typed.isdecimal() and len(typed) < 6:
            places[key] = float(typed)
        else:
            places[key] = place - _HALF
            unreadable += 1
    ordered = sorted(keys, key=lambda key: places[key])
    for name, step in (("up", -1), ("down", 1)):
        for key in _keys(sent.getlist(name)):
            _swap(ordered, key, step)
    wishes = {
        key: tuple(_keys(sent.get(f"wish_{key}_{n}", "") for n in range(1, MOST_PREFERENCES + 1)))
        for key in keys
        if f"wish_{key}_1" in sent
    }
    return OrderData(tuple(ordered), wishes, unreadable)


def people_of(sent: MultiDict[str, str]) -> tuple[uuid.UUID, ...]:
    """Return who was chosen from the staff."""
    return tuple(_keys(sent.getlist("person")))


def _swap(ordered: list[uuid.UUID], key: uuid.UUID, step: int) -> None:
    if key not in ordered:
        return
    here = ordered.index(key)
    there = here + step
    if 0 <= there < len(ordered):
        ordered[here], ordered[there] = ordered[there], ordered[here]


def _keys(words: Iterable[str]) -> list[uuid.UUID]:
    """Return the keys among some words; what is none is passed over."""
    found = []
    for word in words:
        try:
            found.append(uuid.UUID(word))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
