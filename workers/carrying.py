"""The outbox, emptied: each row goes to its handler, at least once, and again after an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel import clock, outbox
from app.kernel.audit.service import Origin, origin
from app.kernel.mail import MailError
from app.kernel.outbox import Claimed, Kind
from workers import following, mailing
from workers.workshop import Workshop

log = logging.getLogger(__name__)

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Handler:
    """How rows of one kind are carried."""

    #: May be called twice for one row, and does it once.
    carry: Callable[[Workshop, Payload], None]
    #: How often it may fail before it is given up; None where it is tried for ever.
    most_failures: int | None = None
    #: Notes a failure: session, payload, code, now, and whether it `is_last`.
    note_failure: Callable[..., None] | None = None


HANDLERS: Mapping[str, Handler] = {
    Kind.PROGRESSED: Handler(following.progressed),
    Kind.MOVED: Handler(following.moved),
    Kind.MAIL: Handler(mailing.send, mailing.MOST_FAILURES, mailing.note_failure),
    Kind.TRIAL: Handler(mailing.try_out, mailing.MOST_FAILURES_OF_TRIAL),
}


def carry(shop: Workshop) -> None:
    """Carry every row whose moment has come; one that fails is put off, and the others go on."""
    while (row := _claim(shop)) is not None:
        origin.set(Origin(reference=str(row.id)))
        try:
            HANDLERS[row.kind].carry(shop, row.payload)
        except MailError as error:
            # Without its trace: a server that is away would fill the log with it.
            log.warning("mail.not_taken", extra={"kind": row.kind, "code": error.code})
            _fail(shop, row, error.code, is_final=error.is_final)
        except Exception as error:
            log.exception("outbox.failed", extra={"kind": row.kind})
            _fail(shop, row, type(error).__name__)
        else:
            _done(shop, row)


def _claim(shop: Workshop) -> Claimed | None:
    with shop.database.unit_of_work() as session:
        limit = shop.settings.mail_limit
        return outbox.claim(session, clock.now(), mails_per_minute=limit)


def _fail(shop: Workshop, row: Claimed, code: str, *, is_final: bool = False) -> None:
    """Have a row wait after a failure, or end it where trying again is of no use."""
    handler, now = HANDLERS[row.kind], clock.now()
    with shop.database.unit_of_work() as session:
        failures = outbox.put_off(session, row.id, code, now)
        is_last = is_final or failures >= (handler.most_failures or failures + 1)
        if handler.note_failure:
            handler.note_failure(session, row.payload, code, now, is_last=is_last)
        if is_last:
            outbox.finish(session, row.id, now)
            log.error("outbox.given_up", extra={"kind": row.kind, "code": code})


def _done(shop: Workshop, row: Claimed) -> None:
    with shop.database.unit_of_work() as session:
        outbox.finish(session, row.id, clock.now())
