"""Statements are added all or none, once each, and found from the same moment on.

`add` can all there is to do, in somebody's unit of work. Most statements are new, about no other,
and say of activities what is said of them always: `add_alone` keeps those by one statement of
PostgreSQL's, which is a transaction of its own and asks by the way whether all of this is so.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.kernel.plain import Plain
from app.kernel.system.service import IS_CHANGEABLE
from app.learning.definitions import service as definitions
from app.learning.finding import service as finding
from app.learning.outgoing import service as outgoing
from app.learning.statements import queries
from app.learning.statements.models import XapiAttachment, XapiStatement
from app.learning.statements.queries import array, number
from xapi.multipart import Attachment
from xapi.storing import STORED, Prepared

_STATEMENT: Final = cast("sa.Table", XapiStatement.__table__)


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
    seqs += finding.relate(session, related) if related else ()
    if is_any_wanted:
        outgoing.put(session, seqs, stored_at)


def add_alone(session: Session, prepared: Sequence[Prepared], client_id: uuid.UUID) -> bool:
    """Keep a client's statements as `add` does, beside the unit of work; return whether they are.

    They are not, and nothing has changed, where there is more to do than to insert them, where the
    client may not speak any more, and on SQLite, which gains nothing by it.
    """
    engine = session.get_bind()
    # A session of one connection, as an engine's is not, sees what others do not.
    if not isinstance(engine, sa.Engine) or engine.dialect.name != "postgresql":
        return False
    if any(each.target for each in prepared):
        return False
    ordered = sorted(prepared, key=lambda each: each.id)
    said = definitions.unseen(session, ordered)
    try:
        (count,) = _INSERT_ALONE.alone(
            engine,
            client=client_id,
            iris=json.dumps(list(said)),
            definitions=json.dumps([json.dumps(definition) for definition in said.values()]),
            **_columns(ordered, said),
        )
    except sa.exc.IntegrityError:  # another has stored one of them in the same moment
        return False
    if count:
        definitions.note(session, said)
    return bool(count)


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
    row = _INSERT.one(session, stored_at=stored_at, **_columns(prepared, activities, stored_at))
    assert row is not None
    added, known, is_any_wanted = row
    return _Told(
        {key: _Added(*rest) for key, *rest in added or ()},
        {iri: json.loads(definition) for iri, definition in (known or {}).items()},
        is_any_wanted,
    )


_ALONE: Final = sa.text("LOCK TABLE xapi_statement IN SHARE ROW EXCLUSIVE MODE")


def _columns(
    prepared: Sequence[Prepared], activities: Iterable[str], stored_at: datetime | None = None
) -> dict[str, str]:
    """Return a list for each column: a row of parameters each would cost more than the rows.

    Letters come in a list of JSON's: the driver would look at each of them.
    """
    texts = [each.text if stored_at is None else each.told(stored_at) for each in prepared]
    return {
        "ids": array(each.id for each in prepared),
        "texts": json.dumps(texts),
        "fingerprints": array(each.fingerprint.hex() for each in prepared),
        "targets": array(each.target or "NULL" for each in prepared),
        "voiding": array(each.is_voiding for each in prepared),
        "terms": array(f'"{array(set(map(number, each.terms)))}"' for each in prepared),
        "activities": array(number(("activity", iri)) for iri in activities),
    }


#: What both ways of inserting have in common: the rows that are given, and their terms.
_GIVEN: Final = """
    FROM unnest(
        CAST(:ids AS uuid[]), ARRAY(SELECT json_array_elements_text(CAST(:texts AS json))),
        CAST(:fingerprints AS text[]), CAST(:targets AS uuid[]), CAST(:voiding AS boolean[])
    ) AS given (id, text, fingerprint, target_id, is_voiding)
"""
_FOUND: Final = """
    INSERT INTO xapi_term (term, seq)
    SELECT unnest(CAST(terms AS bigint[])), seq
    FROM unnest(CAST(:ids AS uuid[]), CAST(:terms AS text[])) AS given (id, terms)
    JOIN new USING (id)
"""
_INSERT: Final = Plain(
    sa.text(f"""
WITH new AS (
    INSERT INTO xapi_statement
        (id, stored_at, text, fingerprint, target_id, is_voiding, is_voided)
    SELECT id, :stored_at, text, decode(fingerprint, 'hex'), target_id, is_voiding, false
    {_GIVEN}
    ON CONFLICT (id) DO NOTHING
    RETURNING id, seq
), found AS ({_FOUND})
SELECT
    (SELECT json_agg(json_build_array(id, seq, EXISTS (
        SELECT FROM xapi_statement AS other WHERE other.target_id = new.id
    ))) FROM new) AS added,
    (SELECT json_object_agg(iri, definition) FROM xapi_activity
        WHERE term = ANY(CAST(:activities AS bigint[]))) AS known,
    EXISTS (SELECT FROM xapi_forward WHERE wanted_since IS NOT NULL) AS is_any_wanted
""").columns(added=sa.JSON, known=sa.JSON, is_any_wanted=sa.Boolean)  # noqa: S608 - our own words
)
#: The condition that the system may be changed, in the words of a statement.
_IS_CHANGEABLE: Final = IS_CHANGEABLE.compile(
    dialect=postgresql.dialect(),  # type: ignore[no-untyped-call] # SQLAlchemy's has no types
    compile_kwargs={"literal_binds": True},
)
#: When they are stored is asked once the transaction is there for others to see: whoever asks until
#: when all can be read (`queries.consistent_through`) sees it, or has asked before that moment.
_INSERT_ALONE: Final = Plain(
    sa.text(f"""
WITH stored AS MATERIALIZED (SELECT clock_timestamp() AS at), said AS MATERIALIZED (
    SELECT term, iri, definition, (
        SELECT definition FROM xapi_activity WHERE xapi_activity.term = given.term
    ) AS known
    FROM unnest(
        CAST(:activities AS bigint[]), ARRAY(SELECT json_array_elements_text(CAST(:iris AS json))),
        ARRAY(SELECT json_array_elements_text(CAST(:definitions AS json)))
    ) AS given (term, iri, definition)
), new AS (
    INSERT INTO xapi_statement
        (id, stored_at, text, fingerprint, target_id, is_voiding, is_voided)
    SELECT id, (SELECT at FROM stored),
        replace(text, chr({ord(STORED)}), (
            SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\\:MI\\:SS.US"Z"') FROM stored
        )),
        decode(fingerprint, 'hex'), target_id, is_voiding, false
    {_GIVEN}
    WHERE EXISTS (SELECT FROM xapi_client WHERE id = :client AND stopped_at IS NULL)
    AND {_IS_CHANGEABLE}
    AND NOT EXISTS (SELECT FROM xapi_forward WHERE wanted_since IS NOT NULL)
    AND NOT EXISTS (SELECT FROM xapi_statement WHERE id = ANY(CAST(:ids AS uuid[])))
    -- Each for itself: for all at once the whole table might be read.
    AND NOT (
        SELECT bool_or(EXISTS (SELECT FROM xapi_statement WHERE target_id = one.id))
        FROM unnest(CAST(:ids AS uuid[])) AS one (id)
    )
    AND NOT EXISTS (SELECT FROM said WHERE definition <> known)
    RETURNING id, seq
), found AS ({_FOUND}), told AS (
    -- In their order, and after the statements: two who bring the same ones wait, and no more.
    INSERT INTO xapi_activity (term, iri, definition)
    SELECT term, iri, definition FROM said
    WHERE known IS NULL AND EXISTS (SELECT FROM new) ORDER BY term
)
SELECT count(*) AS count FROM new
""").columns(count=sa.BigInteger)  # noqa: S608 - our own words
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
            "text": each.told(stored_at),
            "fingerprint": each.fingerprint,
            "target_id": uuid.UUID(each.target) if each.target else None,
            "is_voiding": each.is_voiding,
            "is_voided": False,
        }
        seq = session.execute(inserting, row).scalar_one_or_none()
        if seq is not None:
            finding.put(session, [(number(term), seq) for term in each.terms])
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
