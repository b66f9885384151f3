"""What statements say of activities, put together (Data 2.4.4.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from app.kernel.db import insert_new
from app.learning.statements.models import XapiActivity
from app.learning.statements.queries import number
from xapi import activities
from xapi.storing import Prepared


def unseen(session: Session, prepared: Sequence[Prepared]) -> dict[str, Mapping[str, Any]]:
    """Return what statements say of activities, by their IRIs, that is not seen to be known."""
    said: dict[str, Mapping[str, Any]] = {}
    seen = _seen_by(session)
    for each in prepared:
        for iri, definition in each.definitions.items():
            if _is_more(definition, seen.get(iri)):
                said[iri] = activities.merged(said.get(iri, {}), definition)
    return said


def put(
    session: Session,
    said: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Mapping[str, Any]],
) -> None:
    """Put what is said of activities to what is known of them, where it is more."""
    seen = _seen_by(session)
    _make_room(seen, len(known))
    for iri in sorted(said, key=_term_of):
        if _is_more(said[iri], known.get(iri)):
            seen.pop(iri, None)
            _put_to(session, iri, said[iri])
        else:
            seen[iri] = known[iri]


def note(session: Session, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Note what is known of activities, to the letter."""
    seen = _seen_by(session)
    _make_room(seen, len(known))
    seen.update(known)


def _make_room(seen: dict[str, Mapping[str, Any]], count: int) -> None:
    if len(seen) + count > _MOST_SEEN:
        seen.clear()


def _is_more(said: Mapping[str, Any], known: Mapping[str, Any] | None) -> bool:
    """Whether a definition says anything that is not known."""
    return known is None or activities.merged(known, said) != known


#: What this process has last read of activities, by database: statements of a course say the same
#: of them again and again. Nothing of a definition is ever taken back; where two processes are told
#: different words for one, either may stay.
_seen: Final[WeakKeyDictionary[Any, dict[str, Mapping[str, Any]]]] = WeakKeyDictionary()
_MOST_SEEN: Final = 20_000


def _seen_by(session: Session) -> dict[str, Mapping[str, Any]]:
    return _seen.setdefault(session.get_bind(), {})


def _put_to(session: Session, iri: str, said: Mapping[str, Any]) -> None:
    """Put a definition to what is known now: another may have put theirs a moment ago."""
    term = _term_of(iri)
    if not insert_new(session, XapiActivity, term=term, iri=iri, definition=json.dumps(said)):
        row = session.get_one(XapiActivity, term, with_for_update=True, populate_existing=True)
        row.definition = json.dumps(activities.merged(json.loads(row.definition), said))
        session.flush()


def _term_of(iri: str) -> int:
    return number(("activity", iri))
