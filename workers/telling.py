"""Attempts told to the record store, one after another, beside all else that workers do."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Final

from app.kernel import clock
from app.kernel.errors import Conflict
from app.learning.telling import service
from workers.workshop import Workshop
from xapi.errors import Invalid

log = logging.getLogger(__name__)

#: So many are asked for at once.
AT_ONCE: Final = 200


def tell(shop: Workshop, now: datetime) -> int:
    """Tell of every attempt whose moment has come, each by itself; return how many statements.

    What was told of is not due any more: an end in the middle leaves the rest to the next round.
    """
    count = 0
    while True:
        with shop.database.reading() as session:
            due = service.due(session, now, AT_ONCE)
        count += sum(_tell(shop, attempt_id) for attempt_id in due)
        if len(due) < AT_ONCE:
            break
    if count:
        log.info("attempts.told", extra={"count": count})
    return count


def _tell(shop: Workshop, attempt_id: uuid.UUID) -> int:
    """Tell of one attempt; what goes wrong with it puts it off, and keeps no other waiting."""
    count = None
    try:
        with shop.database.unit_of_work() as session:
            row = service.claim(session, attempt_id, clock.now())
            # When they are stored is read after the work has begun: readers go by that.
            kept = service.tell(session, row, shop.settings, now=clock.now()) if row else 0
        count = kept
    except (Invalid, Conflict):
        log.exception("attempt.not_told", extra={"attempt": str(attempt_id)})
    finally:
        if count is None:
            with shop.database.unit_of_work() as session:
                service.put_off(session, attempt_id, clock.now())
    return count or 0
