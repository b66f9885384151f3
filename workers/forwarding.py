"""Statements for other record stores, sent by several threads at a time: a store takes its while.

Each has one destination, so that what goes there keeps its order, and one that is slow or away
keeps no other's waiting. After a while they make room for whatever else the queue holds.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from app.kernel import clock
from app.learning.other_stores import service as other_stores
from app.learning.other_stores.service import Going, StoreAway, StoreRefuses
from app.learning.outgoing import service as outgoing
from app.learning.sending import service
from app.learning.sending.service import Claimed
from workers.workshop import Workshop

log = logging.getLogger(__name__)

THREADS: Final = 4
#: How long they send before others have their turn.
SHARE: Final = timedelta(seconds=30)


def forward(shop: Workshop) -> None:
    """Send all that may be sent now; what is left after a while goes to the end of the queue."""
    until = clock.now() + SHARE
    with ThreadPoolExecutor(THREADS) as threads:
        for hand in [threads.submit(_send_all, shop, until) for _ in range(THREADS)]:
            hand.result()
    with shop.database.unit_of_work() as session:
        if service.is_waiting(session, clock.now()):
            outgoing.nudge(session, clock.now(), even_again=True)


def _send_all(shop: Workshop, until: datetime) -> None:
    """Take a destination and send what comes next there, until nothing is left to be sent."""
    while clock.now() < until:
        with shop.database.unit_of_work() as session:
            claimed = service.claim(session, clock.now(), shop.settings)
        if claimed is None:
            return
        _send(shop, claimed)


def _send(shop: Workshop, claimed: Claimed) -> None:
    told = {"forward": str(claimed.forward_id), "count": len(claimed.going)}
    try:
        _send_some(shop, claimed)
    except StoreAway as error:
        log.warning(
            "statements.not_taken", extra={**told, "code": error.code, "status": error.status}
        )
        with shop.database.unit_of_work() as session:
            service.away(session, claimed, error, clock.now())
        return
    with shop.database.unit_of_work() as session:
        service.done(session, claimed, clock.now())
    log.info("statements.forwarded", extra=told)


def _send_some(shop: Workshop, claimed: Claimed) -> None:
    """Send all at once, and one by one where not all are taken. Raises StoreAway."""
    if len(claimed.going) > 1:
        try:
            _sent(shop, claimed, claimed.going)
        except StoreRefuses:
            log.info("statements.parted", extra={"forward": str(claimed.forward_id)})
        else:
            return
    for each in claimed.going:
        if not _sent_alone(shop, claimed, each):
            return


def _sent(shop: Workshop, claimed: Claimed, going: Sequence[Going]) -> bool:
    """Whether the hand may go on, once these are sent. Raises StoreRefuses and StoreAway."""
    other_stores.send(claimed.store, going, shop.settings)
    with shop.database.unit_of_work() as session:
        return service.taken(session, claimed, going, clock.now())


def _sent_alone(shop: Workshop, claimed: Claimed, going: Going) -> bool:
    """Whether the hand may go on, once one is sent or refused. Raises StoreAway."""
    try:
        return _sent(shop, claimed, [going])
    except StoreRefuses as error:
        log.warning(
            "statement.refused",
            extra={
                "forward": str(claimed.forward_id), "statement": str(going.id),
                "status": error.status,
            },
        )  # fmt: skip
        with shop.database.unit_of_work() as session:
            return service.refused(session, claimed, going, error, clock.now())


def drop_ended(shop: Workshop, now: datetime) -> int:  # noqa: ARG001 - as every task is called
    """Delete what waits for record stores that get nothing any more; return how much."""
    count = 0
    while True:
        with shop.database.unit_of_work() as session:
            some = service.drop_ended(session)
        count += some
        if some < service.AT_ONCE:
            break
    if count:
        log.info("outgoing.dropped", extra={"count": count})
    return count
