"""Statements are added all or none, once each, and found from the same moment on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.kernel.errors import Conflict
from app.kernel.plain import Plain
from app.learning.definitions import service as definitions
from app.learning.outgoing import service as outgoing
from app.learning.statements import queries
from app.learning.statements.models import (
    XapiAttachment,
    XapiStatement,
    XapiTerm,
)
from app.learning.statements.queries import array, number
from xapi import terms
from xapi.multipart import Attachment
from xapi.storing import Prepared

_STATEMENT: Final = cast("sa.Table", XapiStatement.__table__)
_TERM: Final = cast("sa.Table", XapiTerm.__table__)
#: Statements about statements about statements …: so far their terms are handed on.
_FARTHEST: Final = 20
#: What is not handed on: who vouches for one does not vouch for what is said about it.
_OWN: Final = frozenset({"authority", "attachment"})


class _Added(NamedTuple):
    """A statement that is new."""

    seq: int
    #: Whether others are about it already.
    is_target: bool


class _Told(NamedTuple):
    """What adding statements tells, all of it asked at once."""

    #: Those that are new, by their ids.
    added: Mapping[str, _Added]
    #: What was known of activities before, by their IRIs.
    known: Mapping[str, Mapping[str, Any]]
    #: Whether any other record store gets anything.
    is_any_wanted: bool


def add(session: Session, prepared: Sequence[Prepared], stored_at: datetime) -> None:
    """Keep statements, those that are there already left as they are.

    Raises Conflict where another one has the same id (Communication 2.1.1).
    """
    # In the order of their ids: two who bring the same ones wait for each other in one order.
    ordered = sorted(prepared, key=lambda each: each.id)
    said = definitions.unseen(session, ordered)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = _insert_at_once if is_postgresql else _insert
    added, known, is_any_wanted = insert(session, ordered, stored_at, said)
    if len(added) < len(ordered):
        _compare(session, [each for each in ordered if each.id not in added])
    definitions.put(session, said, known)
    new = [each for each in ordered if each.id in added]
    related = [each for each in new if each.target or added[each.id].is_target]
    seqs = [each.seq for each in added.values()]
    seqs += _relate(session, related) if related else ()
    if is_any_wanted:
        outgoing.put(session, seqs, stored_at)


def keep(session: Session, attachments: Iterable[Attachment]) -> None:
    """Keep attachments, each once."""
    for each in sorted(attachments, key=lambda one: one.sha2):
        session.execute(
            _insert_into(session, cast("sa.Table", XapiAttachment.__table__))
            .values(sha2=each.sha2, content_type=each.content_type, content=each.content)
            .on_conflict_do_nothing()
        )


def _insert_into(session: Session, table: sa.Table) -> Any:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql if is_postgresql else sqlite).insert(table)


def _insert_at_once(
    session: Session, prepared: Sequence[Prepared], stored_at: datetime, activities: Iterable[str]
) -> _Told:
    """Insert those that are not there, with their terms, by one statement of PostgreSQL's."""
    if any(each.target for each in prepared):
        # While one about another is written nobody writes that other: neither would see the other.
        session.execute(_ALONE)
    terms_of = [(one.id, term) for one in prepared for term in set(map(number, one.terms))]
    row = _INSERT.one(
        session,
        stored_at=stored_at,
        ids=array(each.id for each in prepared),
        texts=json.dumps([each.text for each in prepared]),
        fingerprints=array(each.fingerprint.hex() for each in prepared),
        targets=array(each.target or "NULL" for each in prepared),
        voiding=array(each.is_voiding for each in prepared),
        of=array(key for key, _ in terms_of),
        terms=array(term for _, term in terms_of),
        activities=array(number(("activity", iri)) for iri in activities),
    )
    assert row is not None
    added, known, is_any_wanted = row
    return _Told(
        {key: _Added(*rest) for key, *rest in added or ()},
        {iri: json.loads(definition) for iri, definition in (known or {}).items()},
        is_any_wanted,
    )


_ALONE: Final = sa.text("LOCK TABLE xapi_statement IN SHARE ROW EXCLUSIVE MODE")
#: A list for each column: a row of parameters each would cost more than the rows. Letters come in a
#: list of JSON's: the driver would look at each of them.
_INSERT: Final = Plain(
    sa.text("""
WITH new AS (
    INSERT INTO xapi_statement
        (id, stored_at, text, fingerprint, target_id, is_voiding, is_voided)
    SELECT id, :stored_at, text, decode(fingerprint, 'hex'), target_id, is_voiding, false
    FROM unnest(
        CAST(:ids AS uuid[]), ARRAY(SELECT json_array_elements_text(CAST(:texts AS json))),
        CAST(:fingerprints AS text[]), CAST(:targets AS uuid[]), CAST(:voiding AS boolean[])
    ) AS given (id, text, fingerprint, target_id, is_voiding)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, seq
), found AS (
    INSERT INTO xapi_term (term, seq)
    SELECT given.term, new.seq
    FROM unnest(CAST(:of AS uuid[]), CAST(:terms AS bigint[])) AS given (id, term)
    JOIN new USING (id)
)
SELECT
    (SELECT json_agg(json_build_array(id, seq, EXISTS (
        SELECT FROM xapi_statement AS other WHERE other.target_id = new.id
    ))) FROM new) AS added,
    (SELECT json_object_agg(iri, definition) FROM xapi_activity
        WHERE term = ANY(CAST(:activities AS bigint[]))) AS known,
    EXISTS (SELECT FROM xapi_forward WHERE wanted_since IS NOT NULL) AS is_any_wanted
""").columns(added=sa.JSON, known=sa.JSON, is_any_wanted=sa.Boolean)
)


def _insert(
    session: Session, prepared: Sequence[Prepared], stored_at: datetime, activities: Collection[str]
) -> _Told:
    """Insert them as `_insert_at_once` does, one after another: SQLite is not far away."""
    inserting = (
        sqlite.insert(_STATEMENT)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(_STATEMENT.c.seq)
    )
    added = {}
    for each in prepared:
        key = uuid.UUID(each.id)
        row = {
            "id": key,
            "stored_at": stored_at,
            "text": each.text,
            "fingerprint": each.fingerprint,
            "target_id": uuid.UUID(each.target) if each.target else None,
            "is_voiding": each.is_voiding,
            "is_voided": False,
        }
        seq = session.execute(inserting, row).scalar_one_or_none()
        if seq is not None:
            _insert_terms(session, [(number(term), seq) for term in each.terms])
            others = sa.exists().where(XapiStatement.target_id == key)
            is_target = bool(session.scalar(sa.select(others)))
            added[each.id] = _Added(seq, is_target)
    known = queries.definitions(session, activities)
    return _Told(added, known, outgoing.is_any_wanted(session))


def _compare(session: Session, there: Sequence[Prepared]) -> None:
    """See that statements whose ids are taken are the same as those that have them."""
    kept = queries.fingerprints(session, [uuid.UUID(each.id) for each in there])
    for each in there:
        if kept[uuid.UUID(each.id)] != each.fingerprint:
            raise Conflict("statement_differs", id=each.id)


def _insert_terms(session: Session, rows: Sequence[tuple[int, int]]) -> None:
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


def _relate(session: Session, new: Sequence[Prepared]) -> set[int]:
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
    _insert_terms(session, [(term, seq) for seq in seqs for term in numbers])
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
