"""What is kept is put down for whom it is for, in the transaction that keeps it.

A statement is for a destination when it has a verb and an activity of its rule, as the index of
terms has them: what is found by a question for these is what is sent. So what voids a statement, or
is about it, goes where that one goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import after_commit, portions
from app.kernel.plain import Plain
from app.learning.forwarding.models import XapiForward

#: The kinds of terms that a rule names.
KINDS: Final = ("verb", "any_activity")
_IS_ANY_WANTED: Final = Plain(
    sa.select(XapiForward.id).where(XapiForward.wanted_since.is_not(None)).limit(1)
)
#: A process asks for a hand so often at most: one that is at work sends what comes meanwhile.
BETWEEN: Final = timedelta(seconds=10)
#: When each of those who can ask for one did so last.
_asked_at: WeakKeyDictionary[Callable[..., None], datetime] = WeakKeyDictionary()


def is_any_wanted(session: Session) -> bool:
    """Whether any destination gets anything."""
    return _IS_ANY_WANTED.one(session) is not None


def put(session: Session, seqs: Sequence[int], now: datetime) -> None:
    """Put statements down for the destinations that they are for, each once."""
    found = [session.execute(_PUT, {"seqs": some}).first() for some in portions(sorted(set(seqs)))]
    if any(found):
        nudge(session, now)


#: Of each kind, a statement has one of the terms that a rule names, where it names any.
_PUT: Final = sa.text("""
INSERT INTO xapi_outgoing (forward_id, seq)
SELECT forward.id, statement.seq
FROM xapi_forward AS forward JOIN xapi_statement AS statement ON statement.seq IN :seqs
WHERE forward.wanted_since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM xapi_forward_rule AS named
    WHERE named.forward_id = forward.id AND NOT EXISTS (
        SELECT 1 FROM xapi_forward_rule AS rule JOIN xapi_term AS had ON had.term = rule.term
        WHERE rule.forward_id = forward.id AND rule.kind = named.kind AND had.seq = statement.seq
    )
)
ON CONFLICT DO NOTHING
RETURNING seq
""").bindparams(sa.bindparam("seqs", expanding=True))


def nudge(session: Session, now: datetime, *, even_again: bool = False) -> None:
    """Have the worker send what waits, once this is committed; not with every statement."""
    call = session.info.get("nudge")
    if call is None:
        return
    last = _asked_at.get(call)
    if even_again or last is None or not timedelta() <= now - last < BETWEEN:
        _asked_at[call] = now
        after_commit(session, lambda: call("forward"))
