"""Note what turns in an attempt: an item is begun or left, a video's player is opened.

Where an item stands can be read at any time later, but for its sessions' beginnings and ends, and
for data that a new attempt on it replaces. These are noted in the transaction in which they come
about. A commit notes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.plain import Plain
from app.learning.records.models import Attempt
from app.learning.turns.models import AttemptTold
from scorm import outcome
from scorm.edition import Edition
from scorm.interactions import interactions
from scorm.structure import Item

#: How long after a turn an attempt is looked at.
WAIT: Final = timedelta(minutes=1)
_TABLE: Final = cast("sa.Table", AttemptTold.__table__)
State = Mapping[str, Any]


@dataclass(frozen=True)
class Before:
    """How an attempt stood before a turn."""

    #: The item that was delivered last, and its session: open, suspended, finished.
    item: str | None
    session: str
    state: State
    committed_at: datetime | None


def before(attempt: Attempt) -> Before:
    """Return how an attempt stands, for `turned` to know."""
    item = attempt.document.get("current")
    state = attempt.document["items"][item] if item else {}
    return Before(item, state.get("session", ""), state, attempt.committed_at)


def turned(
    session: Session,
    attempt: Attempt,
    edition: Edition,
    was: Before,
    item: Item | None,
    now: datetime,
) -> None:
    """Note that a navigation was followed, or that the learner has left; `item` was delivered.

    A preview leaves no mark.
    """
    if attempt.record_id is None or not (item or was.item):
        return
    states: Mapping[str, State] = attempt.document["items"]
    turn: dict[str, Any] = {"at": now.isoformat()}
    if item:
        turn["item"] = item.identifier
        turn["entry"] = _entry(edition, states[item.identifier])
    if was.item:
        begun = turn if item and item.identifier == was.item else {}
        turn["left"] = _left(edition, was, states[was.item], begun.get("entry"), now)
    _note(session, attempt.id, turn, now)


def opened(session: Session, attempt: Attempt, now: datetime) -> None:
    """Note that a video's player was opened, before what it brings is applied."""
    if attempt.record_id is None:
        return
    names = ("position", "played", "played_seconds")
    left = {name: attempt.document[name] for name in names}
    left_at = attempt.committed_at or now
    turn = {"at": now.isoformat(), "left_at": left_at.isoformat(), "left": left}
    _note(session, attempt.id, turn, now)


def came_to(edition: Edition, state: State) -> dict[str, Any]:
    """Return what an item has come to since its data began, as `xapi.scorm.seen.Outcome` has it."""
    found = outcome.of(edition, _own(state))
    return {
        "completion": found.completion,
        "success": found.success,
        "scaled": outcome.scaled_of(found),
        "raw": found.raw,
        "min": found.min,
        "max": found.max,
        "seconds": found.seconds,
    }


def answers(edition: Edition, state: State) -> list[dict[str, Any]]:
    """Return the interactions of an item as `xapi.scorm.seen.Answer` has them."""
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "prompt": each.prompt,
            "response": each.response,
            "correct": list(each.correct),
            "result": each.result,
            "latency_seconds": each.latency_seconds,
            "at": each.at,
        }
        for each in interactions(edition, _own(state))
    ]


def _own(state: State) -> dict[str, Any]:
    """Return a state without what attempts before have come to: of them was told then."""
    return {name: value for name, value in state.items() if name != "earlier"}


def _entry(edition: Edition, state: State) -> str:
    entry: str = state["values"].get("cmi.entry" if edition.is_2004 else "cmi.core.entry", "")
    return entry


def _left(
    edition: Edition, was: Before, state: State, entry: str | None, now: datetime
) -> dict[str, Any]:
    """Return how an item was left; `state` is its own now, `entry` what it was begun with anew."""
    # A session that says nothing as it ends lasts until the learner turns.
    at = now if was.session == "open" or was.committed_at is None else was.committed_at
    found: dict[str, Any] = {"item": was.item, "at": at.isoformat()}
    if entry is None:
        found["is_suspended"] = state["session"] != "finished"
    else:
        found["is_suspended"] = entry == "resume"
        if entry == "ab-initio" and "earlier" in state:
            state = {**was.state, "session": "finished"}
            found["answers"] = answers(edition, state)
    return {**found, "outcome": came_to(edition, state)}


def _note(session: Session, attempt_id: uuid.UUID, turn: Mapping[str, Any], now: datetime) -> None:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    noting = _NOTE_POSTGRESQL if is_postgresql else _NOTE_SQLITE
    noting.rows(session, attempt_id=attempt_id, next_at=now + WAIT, turns=[turn], told={})


def _upsert(insert: Any, joined: Any) -> Plain:
    """Return the statement that adds a turn to those that wait."""
    inserting = insert(_TABLE)
    return Plain(
        inserting.on_conflict_do_update(
            index_elements=[_TABLE.c.attempt_id],
            set_={
                "next_at": inserting.excluded.next_at,
                "turns": joined(_TABLE.c.turns, inserting.excluded.turns),
            },
        )
    )


_NOTE_POSTGRESQL: Final = _upsert(postgresql.insert, lambda old, new: old.op("||")(new))
_NOTE_SQLITE: Final = _upsert(
    sqlite.insert,
    lambda old, new: sa.func.json_insert(
        old, sa.literal_column("'$[#]'"), sa.func.json_extract(new, sa.literal_column("'$[0]'"))
    ),
)
