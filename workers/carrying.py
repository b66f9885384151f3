"""The outbox, emptied: each row goes to its handler, at least once, and again after an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from app.kernel import clock, outbox
from app.kernel.audit.service import Origin, origin
from app.kernel.outbox import Claimed, Kind
from workers import following, mailing
from workers.workshop import Workshop

log = logging.getLogger(__name__)

#: Kind → what carries it; each may be called twice for one row, and does it once.
HANDLERS: Mapping[str, Callable[[Workshop, Mapping[str, Any]], None]] = {
    Kind.PROGRESSED: following.progressed,
    Kind.MOVED: following.moved,
    Kind.MAIL: mailing.send,
}


def carry(shop: Workshop) -> None:
    """Carry every row whose moment has come; one that fails is put off, and the others go on."""
    while (row := _claim(shop)) is not None:
        origin.set(Origin(reference=str(row.id)))
        try:
            HANDLERS[row.kind](shop, row.payload)
        except Exception as error:
            log.exception("outbox.failed", extra={"kind": row.kind})
            with shop.database.unit_of_work() as session:
                outbox.put_off(session, row.id, type(error).__name__, clock.now())
        else:
            _done(shop, row)


def _claim(shop: Workshop) -> Claimed | None:
    with shop.database.unit_of_work() as session:
        return outbox.claim(session, clock.now())


def _done(shop: Workshop, row: Claimed) -> None:
    with shop.database.unit_of_work() as session:
        outbox.finish(session, row.id, clock.now())
