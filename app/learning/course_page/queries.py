"""What the page of a course begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from app.learning.courses import queries as courses
from app.learning.player import service as player
from app.learning.player.access import Launch
from app.learning.records.states import DONE
from xapi.cmi5.course import Block, Course, Unit, said


def setup(session: Session, launch: Launch, settings: Settings) -> dict[str, Any]:
    """Return what the page of a course starts from. Raises NotFound and Gone("launch_expired")."""
    found = courses.attempt(session, launch.attempt_id)
    player.check_open(session, launch, found)
    whole = courses.course(session, found.version_id)
    languages = (launch.language, "ja", "en")
    now = courses.standing_of(session, found)
    return {
        "title": said(whole.title, languages),
        "outline": [_entry(node, languages) for node in whole.children],
        "count": len(whole.units),
        "windows": [unit.key for unit in whole.units if unit.own_window],
        "current": _next(whole, now["statuses"]),
        "standing": now,
        "preview": found.record_id is None,
        "framed": bool(launch.door),
        "back": player.back_of(launch, settings),
    }


def _next(whole: Course, told: Mapping[str, str]) -> str:
    """Return the unit to begin with: the first that is not done, else the first of all."""
    todo = (unit.key for unit in whole.units if told[unit.key] not in DONE)
    return next(todo, whole.units[0].key)


def _entry(node: Unit | Block, languages: Sequence[str]) -> dict[str, Any]:
    within = node.children if isinstance(node, Block) else ()
    return {
        "id": node.key,
        "title": said(node.title, languages),
        "launchable": isinstance(node, Unit),
        "visible": True,
        "items": [_entry(child, languages) for child in within],
    }
