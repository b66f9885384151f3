"""Scores for portals, sent by several threads at a time: a platform takes its while for each."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.kernel import clock
from app.portals.passback import service
from app.portals.passback.service import Claimed
from lti.services import ServiceRefused
from workers.workshop import Workshop

log = logging.getLogger(__name__)

THREADS: Final = 8


def pass_back(shop: Workshop) -> None:
    """Send every score whose moment has come."""
    with ThreadPoolExecutor(THREADS) as threads:
        for hand in [threads.submit(_send_all, shop) for _ in range(THREADS)]:
            hand.result()


def _send_all(shop: Workshop) -> None:
    while True:
        with shop.database.unit_of_work() as session:
            claimed = service.claim(session, clock.now(), shop.settings)
        if claimed is None:
            return
        _send(shop, claimed)


def _send(shop: Workshop, claimed: Claimed) -> None:
    told = {"portal": str(claimed.portal_id), "assignment": str(claimed.assignment_id)}
    try:
        address = claimed.line_item or _item(shop, claimed)
        if not address:
            return
        service.send(claimed, address)
    except ServiceRefused as error:
        log.warning("score.not_taken", extra={**told, "code": error.code, "status": error.status})
        with shop.database.unit_of_work() as session:
            service.refused(session, claimed, error, clock.now())
        return
    with shop.database.unit_of_work() as session:
        service.taken(session, claimed, clock.now())
    log.info("score.taken", extra=told)


def _item(shop: Workshop, claimed: Claimed) -> str:
    """Return where a score goes, made or found first; empty where another hand is at it."""
    with shop.database.unit_of_work() as session:
        if not service.may_make_item(session, claimed, clock.now()):
            return ""
    made = ""
    try:
        made = service.make_item(claimed)
    finally:
        with shop.database.unit_of_work() as session:
            service.keep_item(session, claimed, made)
    return made
