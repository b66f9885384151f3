"""Reads of statements: one by its id, or a page of those that have all terms."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.learning.statements.models import (
    XapiActivity,
    XapiAttachment,
    XapiStatement,
    XapiTerm,
)
from xapi.actors import identity
from xapi.multipart import Attachment
from xapi.query import Query
from xapi.terms import Term

#: Statements of a page where the request does not say, and at most.
USUAL: Final = 100
MOST: Final = 500
#: Which of several terms leads, the rarest kind first: the others are looked up for each of its.
_LEADING: Final = (
    "registration", "agent", "any_agent", "activity", "any_activity", "verb",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A statement as it is kept."""

    seq: int
    stored_at: datetime
    text: str
    #: Whether another has voided it.
    is_voided: bool = False


@dataclass(frozen=True)
class Page:
    """Some of the statements that were asked for, in their order, and whether there are more."""

    statements: Sequence[Kept]
    has_more: bool


def number(term: Term) -> int:
    """Return what stands for a term in the index: 64 bits of its hash, as the database counts."""
    kind, value = term
    said = f"{kind} {value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), signed=True)


def one(session: Session, key: str, *, is_voided: bool) -> Kept | None:
    """Return a statement by its id, among those that are voided or those that are not."""
    found = session.execute(
        sa.select(XapiStatement.seq, XapiStatement.stored_at, XapiStatement.text).where(
            XapiStatement.id == uuid.UUID(key), XapiStatement.is_voided == is_voided
        )
    ).one_or_none()
    return Kept(*found) if found else None


def fingerprints(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """Return what tells statements apart (`xapi.storing.fingerprint`), of those that are there."""
    query = sa.select(XapiStatement.id, XapiStatement.fingerprint)
    return {
        key: fingerprint
        for some in portions(ids)
        for key, fingerprint in session.execute(query.where(XapiStatement.id.in_(some)))
    }


def page(
    session: Session,
    asked: Query,
    *,
    past: int | None,
    of: Collection[int] = (),
    has_voided: bool = False,
) -> Page:
    """Return a page: what comes after the statement `past` in the order that is asked for.

    `of` are further terms, as numbers, that each statement must have. What was voided is passed
    over, or told as such.
    """
    limit = min(asked.limit or USUAL, MOST)
    columns = (*_KEPT, XapiStatement.is_voided) if has_voided else _KEPT
    query, order = found(asked, columns, of, has_voided=has_voided)
    if past is not None:
        query = query.where(order > past if asked.is_ascending else order < past)
    query = query.order_by(order if asked.is_ascending else order.desc())
    rows = session.execute(query.limit(limit + 1)).all()
    return Page([Kept(*row) for row in rows[:limit]], len(rows) > limit)


_KEPT: Final = (XapiStatement.seq, XapiStatement.stored_at, XapiStatement.text)


def found(
    asked: Query,
    columns: Iterable[Any],
    of: Collection[int] = (),
    *,
    has_voided: bool = False,
) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """Return the query of columns of the statements that are asked for, and what orders them."""
    first, *others = (*_numbers(asked.terms), *of) or (None,)
    order: sa.ColumnElement[int] = XapiStatement.seq.expression
    query: sa.Select[Any] = sa.select(*columns).select_from(XapiStatement)
    if not has_voided:
        query = query.where(XapiStatement.is_voided.is_(False))
    if first is not None:
        order = XapiTerm.seq.expression
        query = query.join(XapiTerm, XapiTerm.seq == XapiStatement.seq).where(
            XapiTerm.term == first
        )
    for other in others:
        also = sa.orm.aliased(XapiTerm)
        query = query.join(also, sa.and_(also.seq == order, also.term == other))
    if asked.since:
        query = query.where(XapiStatement.stored_at > asked.since)
    if asked.until:
        query = query.where(XapiStatement.stored_at <= asked.until)
    return query, order


def _numbers(terms: Collection[Term]) -> list[int]:
    return [number(term) for term in sorted(terms, key=lambda term: _LEADING.index(term[0]))]


def consistent_through(session: Session, now: datetime) -> datetime:
    """Return until when all that was stored can be read (Communication 2.1.3).

    On PostgreSQL whoever is still writing has begun after that, and whoever has lately begun and
    may still write; SQLite has one writer at a time, and what it has not committed nobody has been
    told of.
    """
    if session.get_bind().dialect.name != "postgresql":
        return now
    oldest: datetime = session.scalars(_OLDEST_WRITER).one()
    return min(now, oldest.astimezone(UTC) - timedelta(microseconds=1))


_OLDEST_WRITER: Final = sa.text(
    # Of the database's clock, too: by that some of what is stored is told when.
    "SELECT least(statement_timestamp(), min(xact_start)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
    # A request has noted when it stores before it writes: it needs less than a minute for that.
    " AND (backend_xid IS NOT NULL OR xact_start > now() - interval '1 minute')"
)


def attachments(session: Session, hashes: Collection[str]) -> list[Attachment]:
    """Return the attachments that are kept of these, in the order of their hashes."""
    query = sa.select(XapiAttachment).order_by(XapiAttachment.sha2)
    return [
        Attachment(row.sha2, row.content_type, row.content)
        for keys in portions(sorted(hashes))
        for row in session.scalars(query.where(XapiAttachment.sha2.in_(keys)))
    ]


def array(values: Iterable[object]) -> str:
    """Return numbers, keys or truths as PostgreSQL writes a list: the driver looks at none."""
    return f"{{{','.join(map(str, values))}}}"


def definitions(session: Session, iris: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Return what is known of activities, by their IRIs."""
    query = sa.select(XapiActivity.iri, XapiActivity.definition)
    return {
        iri: json.loads(definition)
        for terms in portions([number(("activity", iri)) for iri in iris])
        for iri, definition in session.execute(query.where(XapiActivity.term.in_(terms)))
    }


def names(session: Session, agent: Mapping[str, Any]) -> list[str]:
    """Return what the latest statements of an agent call it, each name once."""
    key = identity(agent)
    assert key is not None
    texts = session.scalars(
        sa.select(XapiStatement.text)
        .join(XapiTerm, XapiTerm.seq == XapiStatement.seq)
        .where(XapiTerm.term == number(("agent", key)))
        .order_by(XapiTerm.seq.desc())
        .limit(_LATEST)
    )
    found = dict[str, None]()
    for text in texts:
        shown = json.loads(text)
        for who in (shown["actor"], shown["object"], *shown["actor"].get("member", ())):
            if "name" in who and identity(who) == key:
                found[who["name"]] = None
    return list(found)


#: Statements that are looked through for an agent's names.
_LATEST: Final = 50
