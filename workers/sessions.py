"""Sessions of launched content that end without a word of its own."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import Final

from app.kernel.errors import NotFound
from app.learning.sessions import queries, service
from workers.workshop import Workshop

log = logging.getLogger(__name__)

#: So many are asked for at once: each is ended in a unit of work of its own.
AT_ONCE: Final = 100


def abandon_sessions(shop: Workshop, now: datetime) -> int:
    """End the sessions of content whose token has expired, each by itself; return how many.

    One that ends itself at the same moment stays as it has ended.
    """
    place = service.Place(shop.settings.office_origin, now)
    count = 0
    while True:
        with shop.database.reading() as session:
            expired = queries.expired(session, now, AT_ONCE)
        for session_id in expired:
            with suppress(NotFound), shop.database.unit_of_work() as session:  # erased meanwhile
                service.abandon(session, session_id, place)
        count += len(expired)
        if len(expired) < AT_ONCE:
            break
    if count:
        log.info("sessions.abandoned", extra={"count": count})
    return count
