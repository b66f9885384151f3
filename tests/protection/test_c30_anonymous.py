"""C30: no way leads from an answer without a name to a person, a record, or a moment."""

from __future__ import annotations

import json
import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Base, UtcDateTime
from app.kernel.outbox import Outgoing
from app.learning.surveys.models import AnonymousResponse
from tests.learning.surveying import form, held

pytestmark = pytest.mark.requirement("QST-03")

TABLE = Base.metadata.tables["anonymous_response"]
#: What an answer shares with other rows: what it is counted with, and what was asked.
SHARED = {"group_id", "version_id"}


def test_no_column_leads_to_anybody_or_to_a_moment() -> None:
    keys = {column.name for column in TABLE.columns if isinstance(column.type, sa.Uuid)}
    assert keys == {"id", *SHARED}
    assert {key.column.table.name for key in TABLE.foreign_keys} == {"material_version"}
    times = (UtcDateTime, sa.DateTime, sa.Date, sa.Time, sa.Integer, sa.Sequence)
    assert [column.name for column in TABLE.columns if isinstance(column.type, times)] == []
    named = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is TABLE
    }
    assert named == set()


def test_the_key_is_made_by_chance_alone() -> None:
    keys = [uuid.uuid4() for _ in range(2)]
    made = TABLE.columns["id"].default
    assert made is not None
    assert made.arg(None).version == keys[0].version == 4  # type: ignore[attr-defined] # a callable


def everything_else(session: Session) -> dict[str, list[str]]:
    """Return all rows of all other tables, as text."""
    return {
        table.name: [
            json.dumps(list(row), default=str) for row in session.execute(sa.select(table))
        ]
        for table in Base.metadata.sorted_tables
        if table is not TABLE
    }


def test_nothing_of_an_answer_is_in_any_other_table(office: FlaskClient, session: Session) -> None:
    place = held(session, office, count=3)
    for number, who in enumerate(place.people):
        answer = place.answer(who, scale=number + 1, words=f"目印{number}の意見")
        assert answer.status_code == 303
    rows = session.scalars(sa.select(AnonymousResponse)).all()
    assert len(rows) == 3
    rest = everything_else(session)
    for row in rows:
        for secret in (str(row.id), row.id.hex, row.answers["words"]):
            found = [name for name, lines in rest.items() if any(secret in line for line in lines)]
            assert found == [], secret
        # What was asked and in which run is known; no row about a person says which version.
        for table in ("learner_record", "assignment", "enrolment", "outbox", "sign_in"):
            assert not any(str(row.version_id) in line for line in rest[table])


def test_the_record_and_its_news_tell_the_day_and_no_line_of_the_audit_tells_more(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office, count=1)
    who = place.people[0]
    path = place.launch(who)
    before = session.scalar(sa.select(sa.func.max(AuditEvent.seq))) or 0
    office.post(path, data=form())
    day = clock.start_of(clock.today(clock.now()))
    record = place.record(who)
    assert {record.started_at, record.completed_at, record.last_at} == {day}
    assert record.seconds == 0
    told = session.scalars(sa.select(Outgoing)).all()
    assert {row.created_at for row in told} == {day}
    assert [row.payload for row in told] == [{"assignment_id": str(place.assignment(who))}]
    assert session.scalars(sa.select(AuditEvent).where(AuditEvent.seq > before)).all() == []


def test_neither_keys_nor_places_tell_who_came_first(office: FlaskClient, session: Session) -> None:
    place = held(session, office, count=12)
    for number, who in enumerate(place.people):
        place.hand_in(who, words=f"{number:02}")
    came = [f"{number:02}" for number in range(12)]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    place_of = sa.literal_column("rowid" if is_sqlite else "ctid")
    for order in (place_of, TABLE.c.id):
        rows = session.scalars(sa.select(TABLE.c.answers).order_by(order)).all()
        found = [row["words"] for row in rows]
        assert sorted(found) == came
        assert found not in (came, came[::-1])
    if not is_sqlite:
        writers = session.scalars(sa.select(sa.literal_column("xmin::text")).select_from(TABLE))
        assert len(set(writers)) == 1
