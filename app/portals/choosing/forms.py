"""What the page of the choice sends: materials, and the times that their links are open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import flask

from app.kernel.clock import JST
from app.kernel.errors import Refused


@dataclass(frozen=True)
class Chosen:
    """What was chosen."""

    material_ids: tuple[uuid.UUID, ...]
    #: Words of the search.
    words: str
    #: search, choose, cancel.
    action: str
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    #: Whether the platform is asked for a column of scores.
    has_line_item: bool


def read(request: flask.Request) -> Chosen:
    """Return the form. Raises Refused("choice_malformed"), ("choice_times")."""
    form = request.form
    try:
        keys = tuple(dict.fromkeys(uuid.UUID(key) for key in form.getlist("material")))
    except ValueError as error:
        raise Refused("choice_malformed") from error
    opens, due, closes = (_moment(form.get(name, "")) for name in ("opens", "due", "closes"))
    times = [moment for moment in (opens, due, closes) if moment]
    if times != sorted(times):
        raise Refused("choice_times")
    return Chosen(
        material_ids=keys,
        words=form.get("q", "").strip()[:200],
        action=form.get("action", "search"),
        opens_at=opens,
        due_at=due,
        closes_at=closes,
        has_line_item="line_item" in form,
    )


def _moment(text: str) -> datetime | None:
    """Return a moment of the clock in Japan, as a browser's field gives it; None for nothing."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=JST)
    except ValueError as error:
        raise Refused("choice_malformed") from error
