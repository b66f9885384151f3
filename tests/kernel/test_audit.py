"""The audit: append-only, and a change is seen."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.orm import Session

from app.kernel import clock, schema
from app.kernel.actor import Grant, act_as_oneself, act_by
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent, AuditHead, AuditPerson
from app.kernel.audit.seal import seal
from app.kernel.audit.service import Origin, origin
from app.kernel.db import Database, new_id
from tests.training.counting import statements

WHO = uuid.UUID(int=7)


def _three_lines(session: Session, now: datetime) -> None:
    for number in range(3):
        audit.record(
            session,
            "thing.done",
            by=None,
            now=now,
            subject=("thing", None),
            details={"number": number, "word": "髙"},
        )


def _about(session: Session, who: uuid.UUID, now: datetime, name: str = "架空 花子") -> AuditEvent:
    subject = ("person", who)
    details = {"name": ["", name]}
    return audit.record(
        session, "person.changed", by=None, now=now, subject=subject, details=details
    )


def _columns(line: AuditEvent) -> dict[str, object]:
    return {column.key: getattr(line, column.key) for column in AuditEvent.__table__.c}


def _slip_in(session: Session, **values: object) -> None:
    """Add a line behind the back of the service."""
    plain: dict[str, object] = {
        "action": "x", "actor_id": None, "role": "", "for_id": None, "subject_kind": "x",
        "subject_id": None, "details": {}, "salt": None, "details_hash": "", "address": "",
        "reference": "", "seal_version": 1, "previous_hash": "0" * 64, "hash": "0" * 64,
    }  # fmt: skip
    session.execute(sa.insert(AuditEvent).values(**(plain | values)))


def _lift_guards(session: Session) -> None:
    """Do as the database's owner could: take the triggers away."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            session.execute(sa.text(f'DROP TRIGGER "{name}"'))


def _refused(session: Session, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text(statement))


# The chain.


def test_the_chain_holds_when_nothing_was_changed(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    session.expire_all()
    verdict = verification.verify(session)
    last = session.get_one(AuditEvent, 3)
    assert verdict == verification.Verdict(lines=3, last=3, hash=last.hash, broken=None)


def test_a_chain_without_a_line_holds(session: Session) -> None:
    assert verification.verify(session).broken is None


@pytest.mark.requirement("SEC-07")
@pytest.mark.parametrize("table", ["audit_event", "audit_person"])
@pytest.mark.parametrize("act", ["UPDATE {} SET seq = seq + 10", "DELETE FROM {}"])
def test_a_line_cannot_be_changed_or_deleted(
    session: Session, now: datetime, table: str, act: str
) -> None:
    details = {"people": [str(WHO)]}
    audit.record(session, "x", by=None, now=now, subject=("x", None), details=details)
    _refused(session, act.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "UPDATE audit_event SET details = NULL",
        "UPDATE audit_event SET salt = NULL",
        "UPDATE audit_event SET details = NULL, salt = NULL",
        "UPDATE audit_event SET details = NULL, salt = NULL, action = 'x'",
        "UPDATE audit_event SET details = '{}', salt = NULL",
    ],
)
def test_no_column_of_a_line_can_be_set(session: Session, now: datetime, statement: str) -> None:
    _about(session, WHO, now)
    _refused(session, statement)


def test_a_rowid_is_no_way_around_the_guard(session: Session, now: datetime) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("rowid is SQLite's own")
    _three_lines(session, now)
    _refused(session, "UPDATE audit_event SET rowid = 99 WHERE seq = 1")
    _refused(session, "REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 1")


def test_a_line_that_was_slipped_in_breaks_the_chain(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    _slip_in(session, seq=4, at=now)
    assert verification.first_broken(session) == 4


def test_a_line_that_is_sealed_rightly_but_not_by_the_service_is_seen(
    session: Session, now: datetime
) -> None:
    _three_lines(session, now)
    forged = _columns(session.get_one(AuditEvent, 3))
    forged |= {"seq": 4, "previous_hash": forged["hash"]}
    forged["hash"] = seal(forged)
    _slip_in(session, **forged)
    assert verification.first_broken(session) == 5


@pytest.mark.requirement("SEC-07")
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_event SET action = 'y' WHERE seq = 2", 2),
        ("UPDATE audit_event SET role = 'forged' WHERE seq = 2", 2),
        ("UPDATE audit_event SET details = '{\"number\": 9}' WHERE seq = 2", 2),
        ("UPDATE audit_event SET salt = NULL WHERE seq = 2", 2),
        ("UPDATE audit_event SET seal_version = 9 WHERE seq = 2", 2),
        ("UPDATE audit_event SET details = NULL, salt = NULL WHERE seq = 2", 2),
        ("DELETE FROM audit_event WHERE seq = 1", 1),
        ("DELETE FROM audit_event WHERE seq = 2", 2),
        ("DELETE FROM audit_event WHERE seq = 3", 3),
        ("DELETE FROM audit_event", 1),
        ("UPDATE audit_head SET first_seq = 2", 2),
    ],
)
def test_what_an_owner_of_the_database_changes_is_seen(
    session: Session, now: datetime, statement: str, broken: int
) -> None:
    _three_lines(session, now)
    _lift_guards(session)
    session.execute(sa.text(statement))
    session.expire_all()
    assert verification.first_broken(session) == broken


def test_the_lines_of_one_chain_have_no_gap(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    assert list(session.scalars(sa.select(AuditEvent.seq).order_by(AuditEvent.seq))) == [1, 2, 3]


# What a line says.


def test_a_line_says_as_which_role_for_whom_and_from_where(session: Session, now: datetime) -> None:
    token = origin.set(Origin("192.0.2.7", "abc"))
    try:
        act_by([Grant("office")])
        line = audit.record(
            session, "x", by=WHO, now=now, subject=("x", None), for_id=uuid.UUID(int=8)
        )
    finally:
        origin.reset(token)
        act_as_oneself()
    assert (line.role, line.for_id) == ("office", uuid.UUID(int=8))
    assert (line.address, line.reference) == ("192.0.2.7", "abc")
    assert verification.first_broken(session) is None


def test_the_people_of_a_list_are_found_by_their_keys(session: Session, now: datetime) -> None:
    people = [uuid.UUID(int=number) for number in (3, 4, 3)]
    details = audit.shown(people, total=90, q="架空", section=None, standing="", only=False)
    assert details == {
        "count": 2,
        "people": [str(people[0]), str(people[1])],
        "total": 90,
        "filter": {"q": "架空"},
    }
    line = audit.record(session, "x", by=None, now=now, subject=("x", None), details=details)
    found = session.scalars(sa.select(AuditPerson.person_id).where(AuditPerson.seq == line.seq))
    assert set(found) == set(people)


@pytest.mark.requirement("SEC-07")
def test_ten_thousand_changes_are_written_with_one_lock_and_one_insert(
    session: Session, now: datetime
) -> None:
    lines = [(("person", new_id()), {"name": ["架空", str(n)]}) for n in range(10_000)]
    _three_lines(session, now)
    session.flush()
    with statements(session) as asked:
        began = time.perf_counter()
        assert audit.record_many(session, "person.changed", lines, by=WHO, now=now) == 10_000
        seconds = time.perf_counter() - began
    assert [text.split()[0] for text in asked] == ["SELECT", "INSERT", "UPDATE"]
    assert seconds < 10  # about one; a machine that is shared takes several times as long
    assert verification.verify(session).lines == 10_003
    line = session.get_one(AuditEvent, 4)
    assert (line.subject_id, line.details) == (lines[0][0][1], {"name": ["架空", "0"]})


def test_many_lines_of_nothing_are_none(session: Session, now: datetime) -> None:
    assert audit.record_many(session, "x", [], by=None, now=now) == 0
    assert session.get_one(AuditHead, 1).seq == 0


# Forgetting.


@pytest.mark.requirement("SEC-07")
def test_what_lines_tell_of_somebody_is_forgotten_and_the_chain_holds(
    session: Session, now: datetime
) -> None:
    other = uuid.UUID(int=8)
    _about(session, WHO, now)
    _about(session, other, now, "架空 次郎")
    _about(session, WHO, now)
    assert audit.forget(session, "person", WHO, by=other, now=now) == 2
    session.expire_all()
    lines = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [line.details for line in lines] == [
        None, {"name": ["", "架空 次郎"]}, None, {"count": 2},
    ]  # fmt: skip
    assert [line.salt is None for line in lines] == [True, False, True, False]
    told = lines[-1]
    assert (told.action, told.actor_id, told.subject_id) == ("audit.forgotten", other, WHO)
    assert verification.first_broken(session) is None
    raw = session.scalars(sa.text("SELECT details FROM audit_event WHERE seq = 1")).one()
    assert raw is None  # SQL's NULL, and not JSON's


def test_forgetting_twice_finds_nothing_more(session: Session, now: datetime) -> None:
    _about(session, WHO, now)
    assert audit.forget(session, "person", WHO, by=None, now=now) == 1
    assert audit.forget(session, "person", WHO, by=None, now=now) == 0
    assert session.get_one(AuditHead, 1).seq == 2
    _about(session, WHO, now)
    assert audit.forget(session, "person", WHO, by=None, now=now) == 1
    assert verification.first_broken(session) is None


def test_what_is_told_to_be_forgotten_is_of_that_subject_alone(
    session: Session, now: datetime
) -> None:
    _about(session, uuid.UUID(int=8), now)
    _about(session, WHO, now)
    audit.forget(session, "person", WHO, by=None, now=now)
    _refused(session, "UPDATE audit_event SET details = NULL, salt = NULL WHERE seq = 1")


def test_a_line_that_was_written_after_the_forgetting_must_tell_its_details(
    session: Session, now: datetime
) -> None:
    _about(session, WHO, now)
    audit.forget(session, "person", WHO, by=None, now=now)
    _about(session, WHO, now)
    _lift_guards(session)
    session.execute(sa.text("UPDATE audit_event SET details = NULL, salt = NULL WHERE seq = 3"))
    assert verification.first_broken(session) == 3


# Past their time.


def _years(count: float) -> timedelta:
    return timedelta(days=366 * count)


def test_lines_past_their_time_are_dropped_and_the_chain_begins_later(
    session: Session, now: datetime
) -> None:
    for age in (5, 4, 2, 0):
        details = {"people": [str(WHO)]}
        moment = now - _years(age)
        audit.record(session, "x", by=None, now=moment, subject=("x", None), details=details)
    assert audit.expire(session, now, 3) == 2
    session.expire_all()
    head = session.get_one(AuditHead, 1)
    assert (head.first_seq, head.seq) == (3, 5)
    assert list(session.scalars(sa.select(AuditPerson.seq).order_by(AuditPerson.seq))) == [3, 4]
    told = session.get_one(AuditEvent, 5)
    assert (told.action, told.details) == ("audit.expired", {"count": 2, "first": 1, "last": 2})
    assert verification.verify(session).lines == 3
    assert verification.first_broken(session) is None
    assert audit.expire(session, now, 3) == 0


def test_a_chain_that_is_past_its_time_whole_begins_anew(session: Session, now: datetime) -> None:
    _three_lines(session, now - _years(4))
    assert audit.expire(session, now, 3) == 3
    assert session.scalars(sa.select(AuditEvent.action)).all() == ["audit.expired"]
    assert verification.first_broken(session) is None


def test_nothing_is_dropped_before_a_year(session: Session) -> None:
    now = clock.now()
    _three_lines(session, now - timedelta(days=364))
    assert audit.expire(session, now, 1) == 0
    with pytest.raises(ValueError, match="1 year"):
        audit.expire(session, now, 0)
    # Whoever asks the database directly, or says that it is later than it is, is refused there.
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|a year"), session.begin_nested():
        audit.expire(session, now + _years(2), 1)
    audit.record(session, "audit.expired", by=None, now=now, subject=("audit_event", None))
    session.execute(sa.text("UPDATE audit_head SET first_seq = 3"))
    _refused(session, "DELETE FROM audit_event WHERE seq < 3")


def test_no_old_line_goes_without_being_told(session: Session) -> None:
    now = clock.now()
    _three_lines(session, now - _years(4))
    _three_lines(session, now)
    session.execute(sa.text("UPDATE audit_head SET first_seq = 3"))
    _refused(session, "DELETE FROM audit_event WHERE seq < 3")


# What was there before.


def _old_line(session: Session, seq: int, previous_hash: str, now: datetime) -> str:
    """Add a line as the first revision did, sealed over its details; return its hash."""
    details = {"b": 1, "a": "髙"}
    content = json.dumps(
        [
            seq, now.isoformat(timespec="microseconds"), "thing.done", str(WHO), "thing", "",
            details, "192.0.2.7", "r", previous_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )  # fmt: skip
    sealed = hashlib.sha256(content.encode()).hexdigest()
    columns = [
        column
        for column in AuditEvent.__table__.c
        if column.name not in ("role", "for_id", "salt", "details_hash", "seal_version")
    ]
    table = sa.table("audit_event", *(sa.column(column.name, column.type) for column in columns))
    session.execute(
        sa.insert(table).values(
            seq=seq, at=now, action="thing.done", actor_id=WHO, subject_kind="thing",
            details=details, address="192.0.2.7", reference="r", previous_hash=previous_hash,
            hash=sealed,
        )
    )  # fmt: skip
    session.execute(sa.text("UPDATE audit_head SET seq = :seq, hash = :hash"),
                    {"seq": seq, "hash": sealed})  # fmt: skip
    return sealed


def test_lines_of_the_first_revision_verify_and_are_followed(
    committed: Database, now: datetime
) -> None:
    command.downgrade(schema.configuration(committed), "0002")
    with committed.unit_of_work() as session:
        first = _old_line(session, 1, "0" * 64, now.astimezone(UTC))
        _old_line(session, 2, first, now.astimezone(UTC))
    schema.upgrade(committed)
    with committed.unit_of_work() as session:
        assert [line.seal_version for line in session.scalars(sa.select(AuditEvent))] == [1, 1]
        _about(session, WHO, now)
        assert verification.verify(session).lines == 3
        assert verification.first_broken(session) is None
        # Their seal covers their details: those stay until the lines are dropped.
        assert audit.forget(session, "thing", WHO, by=None, now=now) == 0
        _refused(session, "UPDATE audit_event SET details = NULL WHERE seq = 1")
        _lift_guards(session)
        session.execute(sa.text("UPDATE audit_event SET details = '{\"a\": 2}' WHERE seq = 1"))
        assert verification.first_broken(session) == 1


# The nightly look.


def test_what_came_of_the_last_look_can_be_read(session: Session, now: datetime) -> None:
    assert verification.last_check(session) is None
    verification.note(session, verification.verify(session), now)
    assert verification.last_check(session) == verification.Check(now, held=True)
    _lift_guards(session)
    session.execute(sa.text("UPDATE audit_event SET action = 'x' WHERE seq = 1"))
    later = now + timedelta(days=1)
    verification.note(session, verification.verify(session), later)
    assert verification.last_check(session) == verification.Check(later, held=False)


def test_a_line_that_comes_while_the_others_are_looked_at_is_no_break(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        _three_lines(session, now)
    came = []

    def come(*_: object) -> None:
        if not came:
            came.append(True)
            with committed.unit_of_work() as other:
                _three_lines(other, now)

    with committed.reading() as reading:
        sa.event.listen(committed.engine, "after_cursor_execute", come)
        try:
            assert verification.verify(reading).broken is None
        finally:
            sa.event.remove(committed.engine, "after_cursor_execute", come)
    assert came
