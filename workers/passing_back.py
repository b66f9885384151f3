"""Scores for portals, sent by several threads at a time: a platform takes its while for each.

What they do with the database they do in turns, one whole piece after another. Where all did theirs
at once, each would be as late as the last of them, and all would then ask the platform, wait and
come back at once again; in turns they soon come back one by one, and nobody waits for anybody.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import clock
from app.portals.passback import service
from app.portals.passback.service import Claimed
from lti.services import ServiceRefused
from workers.workshop import Workshop

log = logging.getLogger(__name__)

THREADS: Final = 8


def pass_back(shop: Workshop) -> None:
    """Send every score whose moment has come."""
    hands = _Hands(shop)
    with ThreadPoolExecutor(THREADS) as threads:
        for hand in [threads.submit(hands.send_all) for _ in range(THREADS)]:
            hand.result()


class _Hands:
    """What each of the threads does, and whose turn it is."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._turn = threading.Lock()

    @contextmanager
    def _in_turn(self) -> Iterator[Session]:
        with self._turn, self._shop.database.unit_of_work() as session:
            yield session

    def send_all(self) -> None:
        """Take a score and send it, until none is left."""
        while True:
            with self._in_turn() as session:
                claimed = service.claim(session, clock.now(), self._shop.settings)
            if claimed is None:
                return
            self._send(claimed)

    def _send(self, claimed: Claimed) -> None:
        told = {"portal": str(claimed.portal_id), "assignment": str(claimed.assignment_id)}
        try:
            address = claimed.line_item or self._item(claimed)
            if not address:
                return
            service.send(claimed, address)
        except ServiceRefused as error:
            log.warning(
                "score.not_taken", extra={**told, "code": error.code, "status": error.status}
            )
            with self._in_turn() as session:
                service.refused(session, claimed, error, clock.now())
            return
        with self._in_turn() as session:
            service.taken(session, claimed, clock.now())
        log.info("score.taken", extra=told)

    def _item(self, claimed: Claimed) -> str:
        """Return where a score goes, made or found first; empty where another hand is at it."""
        with self._in_turn() as session:
            if not service.may_make_item(session, claimed, clock.now()):
                return ""
        made = ""
        try:
            made = service.make_item(claimed)
        finally:
            with self._in_turn() as session:
                service.keep_item(session, claimed, made)
        return made
