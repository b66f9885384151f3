"""Saying something to people: once for each thing that happens, however often it is carried."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.calendar import Event
from app.kernel.notices import service as notices
from app.training.notifying import queries


def say(
    session: Session,
    person_ids: Collection[uuid.UUID],
    kind: str,
    data: Mapping[str, object],
    path: str,
    *,
    dedupe: str,
    now: datetime,
    events: Sequence[Event] = (),
) -> int:
    """Tell those of some people who may be told; return to how many it was news.

    `dedupe` names what is told, as `notices.notify` takes it.
    """
    people = queries.reachable(session, person_ids, now)
    if not people:
        return 0
    mail_to = {person_id for person_id, has_address in people.items() if has_address}
    return notices.notify(
        session,
        list(people),
        kind,
        data,
        path,
        now=now,
        dedupe=dedupe,
        mail_to=mail_to,
        events=events,
    )


@dataclass(frozen=True)
class Telling:
    """One row of the outbox, on its way to those concerned."""

    session: Session
    #: The row that moved.
    key: uuid.UUID
    payload: Mapping[str, Any]
    #: What makes it happen another time: the outbox's row.
    occasion: str
    #: When it happened, however late it is carried.
    happened: datetime
    now: datetime

    def say(
        self,
        kind: str,
        person_ids: Collection[uuid.UUID],
        data: Mapping[str, object],
        path: str,
        events: Sequence[Event] = (),
    ) -> None:
        """Tell some people something, on screen and by mail."""
        dedupe = f"{kind}:{self.key}:{self.occasion}"
        say(self.session, person_ids, kind, data, path, dedupe=dedupe, now=self.now, events=events)
