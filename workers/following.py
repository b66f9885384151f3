"""What the training office and portals do when a learner's record or a run has changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from app.kernel import clock, outbox
from app.kernel.audit.service import origin
from app.portals.scores import service as scores
from app.training.enrolment import service
from app.training.make_ups import service as make_ups
from app.training.telling import service as telling
from workers.workshop import Workshop


def progressed(shop: Workshop, payload: Mapping[str, Any]) -> None:
    """Let enrolments, what is made up for, and portals follow a record; twice changes nothing."""
    with shop.database.unit_of_work() as session:
        assignment_id = uuid.UUID(payload["assignment_id"])
        service.follow(session, assignment_id, clock.now())
        make_ups.follow(session, assignment_id, clock.now())
        scores.follow(session, assignment_id, clock.now())


def moved(shop: Workshop, payload: Mapping[str, Any]) -> None:
    """Tell those concerned that a row has moved; telling twice of one move says it once."""
    reference = origin.get().reference
    with shop.database.unit_of_work() as session:
        if (payload["table"], payload["action"]) == ("run", "open"):
            service.tell_opened(session, uuid.UUID(payload["id"]), clock.now())
        happened = outbox.happened_at(session, uuid.UUID(reference))
        telling.tell(session, payload, occasion=reference, happened=happened, now=clock.now())
