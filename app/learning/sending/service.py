"""What waits for one destination after another, by as many hands as there are.

A hand takes a destination by putting it off, and with it what waits for it first. It sends that
without holding anything, and notes what came of it. Whoever dies in between leaves it to the next:
the same statements are sent again then, and the store knows them by their ids.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from app.kernel import sealing
from app.kernel.db import portions
from app.kernel.settings import Settings
from app.learning.agents import queries as agents
from app.learning.forwarding.models import XapiForward
from app.learning.forwarding.states import ForwardState
from app.learning.other_stores.service import Going, OtherStore, StoreAway, StoreRefuses
from app.learning.outgoing.models import HELD_BACK, XapiOutgoing
from app.learning.statements import queries as statements
from app.learning.statements.models import XapiAttachment, XapiStatement, XapiTerm
from app.people.restriction import queries as restriction
from xapi import storing

#: Statements of one request at most, and bytes of it where they are more than one.
MOST: Final = 50
LARGEST: Final = 4 * 1024**2
#: How long a destination is left to whoever is sending: longer than a request may take.
LEASE: Final = timedelta(minutes=5)
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
#: Rows of destinations that have ended that go in one unit of work.
AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class Claimed:
    """A destination that is its claimer's, with what it is to get next, in its order."""

    forward_id: uuid.UUID
    #: Until when it is.
    until: datetime
    store: OtherStore
    going: Sequence[Going]


def _ready(now: datetime) -> sa.Select[XapiForward]:
    waits = sa.exists().where(
        XapiOutgoing.forward_id == XapiForward.id, XapiOutgoing.refused_at.is_(None)
    )
    return (
        sa.select(XapiForward)
        .where(XapiForward.state == ForwardState.ACTIVE, XapiForward.next_at <= now, waits)
        .order_by(XapiForward.next_at, XapiForward.id)
        .limit(1)
    )


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether anything could be sent now."""
    return session.scalar(_ready(now).with_only_columns(XapiForward.id)) is not None


def claim(session: Session, now: datetime, settings: Settings) -> Claimed | None:
    """Take a destination for which something waits; None where there is none."""
    # Whoever keeps a statement refers to the row: that is no reason to wait for each other.
    locked = _ready(now).with_for_update(skip_locked=True, key_share=True)
    row = session.scalars(locked).one_or_none()
    if row is None:
        return None
    row.next_at = until = now + LEASE
    try:
        store = store_of(row, settings)
    except StoreAway as error:
        _leave(row, error, now)
        return claim(session, now, settings)
    _hold_back(session, row.id, now, settings)
    return Claimed(row.id, until, store, _next(session, row.id))


def store_of(row: XapiForward, settings: Settings) -> OtherStore:
    """Return a destination as it is spoken to.

    Raises StoreAway("secret_unreadable") where no key of the installation opens its secret.
    """
    try:
        secret = sealing.unseal(settings, row.secret)
    except InvalidToken:
        raise StoreAway("secret_unreadable") from None
    return OtherStore(row.endpoint, row.key, secret, row.version)


def _hold_back(session: Session, forward_id: uuid.UUID, now: datetime, settings: Settings) -> None:
    """Send nothing about those whose data is only kept (利用停止): somebody says when it may go."""
    people = restriction.restricted(session)
    if not people:
        return
    numbers = agents.of_people(session, people, settings.office_origin)
    for some in portions(sorted(numbers)):
        about = sa.select(XapiTerm.seq).where(XapiTerm.term.in_(some))
        session.execute(
            sa.update(XapiOutgoing)
            .where(
                XapiOutgoing.forward_id == forward_id,
                XapiOutgoing.refused_at.is_(None),
                XapiOutgoing.seq.in_(about),
            )
            .values(refused_at=now, status=HELD_BACK, answer="")
            .execution_options(synchronize_session=False)
        )


def _next(session: Session, forward_id: uuid.UUID) -> list[Going]:
    """Return what a destination is to get next: so many, and so much, as a request may hold."""
    sizes = session.execute(
        sa.select(XapiOutgoing.seq, sa.func.length(XapiStatement.text))
        .outerjoin(XapiStatement, XapiStatement.seq == XapiOutgoing.seq)
        .where(XapiOutgoing.forward_id == forward_id, XapiOutgoing.refused_at.is_(None))
        .order_by(XapiOutgoing.seq)
        .limit(MOST)
    ).all()
    if gone := [seq for seq, size in sizes if size is None]:  # erased while it was put down
        _drop(session, forward_id, gone)
    there = [(seq, size) for seq, size in sizes if size is not None]
    some = [seq for seq, _ in there[: _fitting(size for _, size in there)]]
    rows = session.execute(
        sa.select(XapiStatement.seq, XapiStatement.id, XapiStatement.text)
        .where(XapiStatement.seq.in_(some))
        .order_by(XapiStatement.seq)
    ).all()
    return _with_attachments(session, [Going(*row) for row in rows])


def _fitting(sizes: Iterable[int]) -> int:
    """Return how many of the first fit into a request: one does, whatever its size."""
    total = 0
    for place, size in enumerate(sizes):
        total += size
        if place and total > LARGEST:
            return place
    return MOST


def _with_attachments(session: Session, going: Sequence[Going]) -> list[Going]:
    """Return the first of these that fit with what must go along: what has no address."""
    hashes = [
        [
            sha2
            for sha2, has_address in storing.attachments(json.loads(each.text))
            if not has_address
        ]
        for each in going
    ]
    every = {sha2 for some in hashes for sha2 in some}
    if not every:
        return list(going)
    size = sa.select(XapiAttachment.sha2, sa.func.length(XapiAttachment.content))
    rows = session.execute(size.where(XapiAttachment.sha2.in_(every)))
    sizes: dict[str, int] = {row.sha2: row[1] for row in rows}
    count = _fitting(
        len(each.text) + sum(sizes.get(sha2, 0) for sha2 in some)
        for each, some in zip(going, hashes, strict=True)
    )
    wanted = {sha2 for some in hashes[:count] for sha2 in some}
    kept = {each.sha2: each for each in statements.attachments(session, wanted)}
    return [
        Going(each.seq, each.id, each.text, [kept[sha2] for sha2 in some if sha2 in kept])
        for each, some in zip(going[:count], hashes[:count], strict=True)
    ]


def taken(session: Session, claimed: Claimed, going: Sequence[Going], now: datetime) -> bool:
    """Note that a store has taken statements; return whether the hand may go on."""
    gone = _drop(session, claimed.forward_id, [each.seq for each in going])
    row = _locked(session, claimed)
    row.sent, row.sent_at = row.sent + gone, now
    row.failures, row.error, row.answer = 0, "", ""
    return _is_still(row, claimed)


def refused(
    session: Session, claimed: Claimed, going: Going, error: StoreRefuses, now: datetime
) -> bool:
    """Note that a store will not have a statement; return whether the hand may go on."""
    session.execute(
        sa.update(XapiOutgoing)
        .where(
            XapiOutgoing.forward_id == claimed.forward_id,
            XapiOutgoing.seq == going.seq,
            XapiOutgoing.refused_at.is_(None),
        )
        .values(refused_at=now, status=error.status, answer=error.said)
        .execution_options(synchronize_session=False)
    )
    return _is_still(_locked(session, claimed), claimed)


def away(session: Session, claimed: Claimed, error: StoreAway, now: datetime) -> None:
    """Note that nothing could be sent: the destination is left alone, longer each time."""
    row = _locked(session, claimed)
    if row.next_at == claimed.until:
        _leave(row, error, now)


def _leave(row: XapiForward, error: StoreAway, now: datetime) -> None:
    row.failures, row.error = row.failures + 1, error.code
    row.answer = f"{error.status} {error.said}".strip() if error.status else ""
    row.next_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures - 1, 20))


def done(session: Session, claimed: Claimed, now: datetime) -> None:
    """Let a destination go, for whoever takes what waits for it next."""
    row = _locked(session, claimed)
    if row.next_at == claimed.until:
        row.next_at = now


def drop_ended(session: Session) -> int:
    """Delete some of what waits for destinations that have ended; return how many."""
    ended = (
        sa.select(XapiOutgoing.forward_id, XapiOutgoing.seq)
        .join(XapiForward, XapiForward.id == XapiOutgoing.forward_id)
        .where(XapiForward.state == ForwardState.ENDED)
        .limit(AT_ONCE)
    )
    rows = session.execute(ended).all()
    for forward_id in {each for each, _ in rows}:
        _drop(session, forward_id, [seq for each, seq in rows if each == forward_id])
    return len(rows)


def _locked(session: Session, claimed: Claimed) -> XapiForward:
    return session.get_one(
        XapiForward, claimed.forward_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _is_still(row: XapiForward, claimed: Claimed) -> bool:
    """Whether a destination is still its claimer's, and nobody has stopped it."""
    return row.next_at == claimed.until and row.state == ForwardState.ACTIVE


def _drop(session: Session, forward_id: uuid.UUID, seqs: Sequence[int]) -> int:
    """Delete what waits no more; return how much of it was still there."""
    found = 0
    for some in portions(seqs):
        found += len(
            session.execute(
                sa.delete(XapiOutgoing)
                .where(XapiOutgoing.forward_id == forward_id, XapiOutgoing.seq.in_(some))
                .returning(XapiOutgoing.seq)
                .execution_options(synchronize_session=False)
            ).all()
        )
    return found
