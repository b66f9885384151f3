"""By what statements are found: terms in the index, those of what one is about handed on to it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.learning.statements.models import XapiStatement, XapiTerm
from app.learning.statements.queries import array, number
from xapi import terms
from xapi.storing import Prepared

_TERM: Final = cast("sa.Table", XapiTerm.__table__)
#: Statements about statements about statements …: so far their terms are handed on.
_FARTHEST: Final = 20
#: What is not handed on: who vouches for one does not vouch for what is said about it.
_OWN: Final = frozenset({"authority", "attachment"})


def put(session: Session, rows: Sequence[tuple[int, int]]) -> None:
    """Put terms and the numbers of statements into the index; what is there stays."""
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        numbers, seqs = zip(*rows, strict=True)
        session.execute(_INSERT_TERMS, {"terms": array(numbers), "seqs": array(seqs)})
    else:
        session.execute(
            sqlite.insert(_TERM).on_conflict_do_nothing(),
            [{"term": term, "seq": seq} for term, seq in rows],
        )


#: One statement for all of them: a row of parameters each would cost more than the rows.
_INSERT_TERMS: Final = sa.text(
    "INSERT INTO xapi_term (term, seq)"
    " SELECT * FROM unnest(CAST(:terms AS bigint[]), CAST(:seqs AS bigint[]))"
    " ON CONFLICT DO NOTHING"
)


def relate(session: Session, new: Sequence[Prepared]) -> set[int]:
    """Void what is voided, and let statements about others be found as these are.

    Returns the numbers of those that are found by more than before.
    """
    told = {key for each in new for key in (each.id, each.target) if key}
    for keys in portions([uuid.UUID(key) for key in sorted(told)]):
        session.execute(
            sa.update(XapiStatement)
            .where(XapiStatement.id.in_(_voided(keys)), XapiStatement.is_voiding.is_(False))
            .values(is_voided=True)
            .execution_options(synchronize_session=False)
        )
    return {seq for each in new for seq in _hand_on(session, uuid.UUID(each.id))}


def _voided(among: Iterable[uuid.UUID]) -> sa.Select[Any]:
    return sa.select(XapiStatement.target_id).where(
        XapiStatement.is_voiding, XapiStatement.target_id.in_(list(among))
    )


def _hand_on(session: Session, key: uuid.UUID) -> Sequence[int]:
    """Let one, and all statements about it, be found by the terms of what it is about.

    Returns their numbers.
    """
    numbers: set[int] = set()
    following: uuid.UUID | None = key
    seen: set[uuid.UUID] = set()
    while following and following not in seen and len(seen) <= _FARTHEST:
        seen.add(following)
        found = session.execute(
            sa.select(XapiStatement.text, XapiStatement.target_id).where(
                XapiStatement.id == following
            )
        ).one_or_none()
        if found is None:
            break
        own = terms.of(json.loads(found.text))
        numbers.update(number(term) for term in own if term[0] not in _OWN)
        following = found.target_id
    seqs = _about(session, key)
    put(session, [(term, seq) for seq in seqs for term in numbers])
    return seqs


def _about(session: Session, key: uuid.UUID) -> list[int]:
    """Return the numbers of a statement, of those about it, of those about these, and so on."""
    columns = sa.select(XapiStatement.id, XapiStatement.seq)
    rows = session.execute(columns.where(XapiStatement.id == key)).all()
    met = {each for each, _ in rows}
    found = [seq for _, seq in rows]
    for _ in range(_FARTHEST):
        waiting = [each for each, _ in rows]
        rows = [
            row
            for keys in portions(waiting)
            for row in session.execute(columns.where(XapiStatement.target_id.in_(keys)))
            if row.id not in met
        ]
        if not rows:
            break
        met |= {each for each, _ in rows}
        found += [seq for _, seq in rows]
    return found
