"""Files of staff: checked first, then all of it or nothing, once, and from a day on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.errors import Conflict, Forbidden, Refused
from app.kernel.settings import Settings
from app.people.imports import service
from app.people.imports.models import ImportBatch, ImportRow, Mode
from app.people.permission.models import Role
from app.people.register import queries
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.transfers.forms import COLUMNS
from tests import factories
from tests.people.importing import STAFF_HEAD as HEAD
from tests.people.importing import Importing


@pytest.fixture
def files(settings: Settings, database: Database, now: datetime) -> Importing:
    """The office, with files, in an installation that is no trial."""
    return Importing(replace(settings, demo=False), database, now)


def posts(session: Session, number: str, now: datetime) -> list[Appointment]:
    session.expire_all()
    person_id = queries.person_by_number(session, number, now)
    query = sa.select(Appointment).where(Appointment.person_id == person_id)
    return list(session.scalars(query.order_by(Appointment.valid_from, Appointment.kind)))


def person(session: Session, number: str, now: datetime) -> Person:
    session.expire_all()
    person_id = queries.person_by_number(session, number, now)
    return session.get_one(Person, person_id)


def changes(files: Importing, batch: ImportBatch) -> list[dict[str, list[str]]]:
    return [row.data["changes"] for row in files.rows(batch)]


@pytest.mark.requirement("STF-01")
def test_nobody_is_changed_before_the_commit(session: Session, files: Importing) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,髙橋,0101,総務課,主査,\n")
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0
    assert session.scalar(sa.select(Title).where(Title.name == "主査")) is None
    assert batch.summary["counts"]["added"] == 1
    assert batch.summary["new_titles"] == ["主査"]


def test_a_commit_adds_people_as_the_file_writes_them(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, "総務課", code="0101")
    files.bring(HEAD + "00012,髙橋　一郎,0101,総務課,主査,a@example.jp\n")
    post = queries.post_of(session, person(session, "00012", now).id, now)
    assert post
    assert (post.name, post.number, post.section, post.title, post.email) == (
        "髙橋　一郎",
        "00012",
        "総務課",
        "主査",
        "a@example.jp",
    )
    assert person(session, "00012", now).name_key == "高橋一郎"


@pytest.mark.requirement("STF-11", "STF-12")
def test_all_approved_items_are_taken_over(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, code="0101")
    factories.section(session, code="0202")
    head = ",".join(column.names[0] for column in COLUMNS.values())
    row = (
        "00012,,架空 太郎,0101,,０２０２,主事,事務,窓口,男,45歳,令和2年4月1日,H31.4.1,,a@example.jp"
    )
    files.bring(f"{head}\n{row}\n")
    who = person(session, "00012", now)
    today = clock.today(now)
    assert (who.gender, who.age, who.age_as_of) == ("男", 45, today)
    assert (who.hired_on, who.promoted_on) == (date(2020, 4, 1), date(2019, 4, 1))
    assert (who.left_on, who.confirmed_on) == (None, today)
    concurrent, main = posts(session, "00012", now)
    assert (main.kind, main.job_type, main.duty) == (PostKind.MAIN, "事務", "窓口")
    assert (concurrent.kind, concurrent.valid_to) == (PostKind.CONCURRENT, None)


def test_the_same_file_again_changes_nothing(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, code="0101")
    rows = HEAD + "00012,甲,0101,,主事,\n00013,乙,0101,,主査,b@example.jp\n"
    files.bring(rows)
    files.now = now + timedelta(days=1)
    assert files.bring(rows) == {"unchanged": 2}
    assert len(posts(session, "00012", now)) == 1
    assert person(session, "00012", now).confirmed_on == clock.today(files.now)


def test_a_second_commit_is_refused_and_does_nothing(session: Session, files: Importing) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,甲,0101,,主事,\n")
    files.commit(batch.id)
    with pytest.raises(Conflict, match="import_ended"):
        files.commit(batch.id)
    numbers = sa.select(sa.func.count()).where(StaffNumber.number == "00012")
    assert session.scalar(numbers) == 1


@pytest.mark.parametrize("how", ["commit", "discard", "expire"])
def test_nothing_of_the_file_stays_afterwards(
    session: Session, files: Importing, now: datetime, how: str
) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,甲,0101,,主事,\n=1,甲,0101,,主事,\n")
    assert len(files.rows(batch)) == 2
    if how == "commit":
        files.commit(batch.id, leaves_errors=True)
    elif how == "discard":
        with files.database.unit_of_work() as writing:
            service.discard(writing, batch.id, by=files.by, now=now)
    else:
        with files.database.unit_of_work() as writing:
            assert service.expire(writing, now + timedelta(hours=24)) == 1
    kept = files.batch(batch.id)
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0
    assert kept.ending is not None
    assert "甲" not in repr(kept.summary)


@pytest.mark.requirement("STF-09")
def test_a_move_ends_the_old_post_and_begins_a_new_one(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, code="0101")
    old = factories.section(session, "福祉課", code="0201")
    factories.person(session, "甲", number="00012", section=old)
    batch = files.check(HEAD + "00012,甲,0101,,係長,\n")
    assert changes(files, batch)[0] == {
        "section_code": ["0201 福祉課", "0101 総務課"],
        "title": ["主事", "係長"],
    }
    files.commit(batch.id)
    before, after = posts(session, "00012", now)
    today = clock.today(now)
    assert before.valid_to == today - timedelta(days=1)
    assert (after.valid_from, after.valid_to) == (today, None)


@pytest.mark.requirement("STF-09")
def test_a_transfer_of_a_later_day_takes_effect_on_that_day(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, "総務課", code="0101")
    old = factories.section(session, "福祉課", code="0201")
    who = factories.person(session, "甲", number="00012", section=old)
    day = date(2027, 4, 1)
    rows = HEAD + "00012,甲,0101,,主事,\n00077,新人,0101,,主事,\n"
    assert files.bring(rows, on=day) == {"added": 1, "changed": 1}
    eve = clock.end_of(day - timedelta(days=1))
    morning = clock.start_of(day)
    for moment, section, new in ((now, "福祉課", False), (eve, "福祉課", False),
                                 (morning, "総務課", True)):  # fmt: skip
        post = queries.post_of(session, who.id, moment)
        assert post
        assert post.section == section
        assert (queries.person_by_number(session, "00077", moment) is not None) == new


def test_what_is_registered_for_a_later_day_is_not_overtaken(
    session: Session, files: Importing
) -> None:
    factories.section(session, "総務課", code="0101")
    old = factories.section(session, "福祉課", code="0201")
    factories.person(session, "甲", number="00012", section=old)
    files.bring(HEAD + "00012,甲,0101,,主事,\n00077,新人,0101,,主事,\n", on=date(2027, 4, 1))
    batch = files.check(HEAD + "00012,甲,0201,,係長,\n00077,新人,0101,,主事,\n")
    assert files.findings(batch) == [(2, "", "post_later"), (3, "number", "number_later")]
    batch = files.check(HEAD + "00012,甲,0201,,主事,c@example.jp\n")
    assert changes(files, batch)[0] == {"email": ["", "c@example.jp"]}


def test_a_file_for_the_same_later_day_replaces_the_first(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, "総務課", code="0101")
    other = factories.section(session, "税務課", code="0301")
    old = factories.section(session, "福祉課", code="0201")
    factories.person(session, "甲", number="00012", section=old)
    for code in ("0101", "0301"):
        files.bring(HEAD + f"00012,甲,{code},,主事,\n", on=date(2027, 4, 1))
    before, after = posts(session, "00012", now)
    assert before.valid_to == date(2027, 3, 31)
    assert (after.section_id, after.valid_from) == (other.id, date(2027, 4, 1))


def test_concurrent_posts_come_and_go_with_their_column(
    session: Session, files: Importing, now: datetime
) -> None:
    for code in ("0101", "0201", "0301"):
        factories.section(session, code=code)
    head = "職員番号,氏名,所属コード,職名,兼務先コード\n"
    files.bring(head + "00012,甲,0101,主事,0201、0301\n")
    assert len(posts(session, "00012", now)) == 3
    files.now = now + timedelta(days=1)
    batch = files.check(head + "00012,甲,0101,主事,0301\n")
    assert changes(files, batch)[0] == {"concurrent": ["0201 0301", "0301"]}
    files.commit(batch.id)
    ended = [post.valid_to for post in posts(session, "00012", now)]
    assert sorted(map(str, ended)) == [clock.today(now).isoformat(), "None", "None"]
    assert files.bring(HEAD + "00012,甲,0101,,主事,\n") == {"unchanged": 1}
    batch = files.check(head + "00012,甲,0101,主事,0101 0999\n")
    assert files.findings(batch) == [
        (2, "concurrent", "concurrent_is_main"),
        (2, "concurrent", "section_unknown"),
    ]


@pytest.mark.requirement("STF-07")
def test_a_new_number_continues_the_same_person(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where)
    who.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    head = "職員番号,旧職員番号,氏名,所属コード,職名\n"
    batch = files.check(head + "90012,00012,甲,0101,再任用主事\n")
    assert changes(files, batch)[0]["number"] == ["00012", "90012"]
    files.commit(batch.id)
    assert person(session, "90012", now).id == who.id
    assert queries.person_by_number(session, "00012", now) is None
    assert queries.post_of(session, who.id, now)
    rows = session.scalars(sa.select(StaffNumber).order_by(StaffNumber.number)).all()
    assert [(row.number, row.valid_to) for row in rows] == [
        ("00012", clock.today(now) - timedelta(days=1)),
        ("90012", None),
    ]
    findings = files.findings(files.check(head + "1,77777,乙,0101,主事\n2,00012,丙,0101,主事\n"))
    assert [code for _, column, code in findings if column == "previous"] == [
        "previous_unknown",
        "previous_over",
    ]


@pytest.mark.requirement("STF-06")
def test_leading_zeros_are_filled_only_where_that_was_asked_for(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    for number in ("00001", "00002"):
        factories.person(session, number=number, section=where)
    batch = files.check(HEAD + "12,甲,0101,,主事,\n")
    assert files.findings(batch) == [(2, "number", "number_short")]
    assert files.rows(batch)[0].data["values"]["number"] == "12"
    batch = files.check(HEAD + "12,甲,0101,,主事,\n", fills=True)
    assert files.findings(batch) == [(2, "number", "number_filled")]
    files.commit(batch.id)
    assert queries.person_by_number(session, "00012", now)


@pytest.mark.requirement("STF-04", "STF-14")
def test_a_full_file_ends_the_service_of_who_is_not_in_it(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    people = [
        factories.person(session, f"職員{n}", number=f"{n:05}", section=where) for n in range(20)
    ]
    rows = HEAD + "".join(f"{n:05},職員{n},0101,,主事,\n" for n in range(1, 20))
    batch = files.check(rows, mode=Mode.FULL)
    assert batch.summary["counts"] | {"absent": 1} == batch.summary["counts"]
    files.commit(batch.id)
    session.expire_all()
    gone = session.get_one(Person, people[0].id)
    assert gone.left_on == clock.today(now) - timedelta(days=1)
    assert queries.post_of(session, gone.id, now) is None
    assert queries.post_of(session, people[1].id, now)
    assert files.bring(HEAD + "00000,職員0,0101,,主事,\n")["changed"] == 1
    assert queries.post_of(session, people[0].id, now), "who comes back is the same person"


@pytest.mark.requirement("STF-04")
def test_a_full_file_that_would_end_too_many_stops(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    people = [factories.person(session, number=f"{n:05}", section=where) for n in range(20)]
    rows = HEAD + "".join(f"{n:05},架空 太郎,0101,,主事,\n" for n in range(2, 20))
    batch = files.check(rows, mode=Mode.FULL)
    assert batch.summary["ends_too_many"]
    with pytest.raises(Refused, match="import_ends_too_many"):
        files.commit(batch.id)
    assert all(queries.post_of(session, who.id, now) for who in people)
    assert not files.check(rows).summary["ends_too_many"]


def test_absent_people_are_named_and_untouched_in_a_difference_file(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where)
    batch = files.check(HEAD + "00013,乙,0101,,主事,\n")
    assert [(row.state, row.data["values"]["number"]) for row in files.rows(batch)] == [
        ("added", "00013"),
        ("absent", "00012"),
    ]
    files.commit(batch.id)
    assert queries.post_of(session, who.id, now)


def test_a_change_is_audited_from_old_to_new(session: Session, files: Importing) -> None:
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where)
    files.bring(HEAD + "00012,乙,0101,,主事,\n")
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == who.id)).one()
    assert (line.action, line.details) == ("person.changed", {"name": ["甲", "乙"]})
    assert line.actor_id == files.by.person_id


def test_a_column_that_is_missing_changes_nothing_and_an_empty_cell_clears(
    session: Session, files: Importing, now: datetime
) -> None:
    where = factories.section(session, code="0101")
    factories.person(session, "甲", number="00012", section=where, email="a@example.jp")
    files.bring("staff_no,name,section_code,title\n00012,乙,0101,主事\n")
    assert person(session, "00012", now).email == "a@example.jp"
    files.bring(HEAD + "00012,乙,0101,,主事,\n")
    assert person(session, "00012", now).email is None


@pytest.mark.requirement("STF-03")
def test_rows_are_compared_with_the_register(session: Session, files: Importing) -> None:
    factories.section(session, "総務課", code="0101")
    factories.person(session, number="55555")
    rows = "00012,甲,0777,,主事,\n00013,乙,0101,福祉課,主事,\n14,丙,0101,総務課,主事,\n"
    batch = files.check(HEAD + rows)
    assert files.findings(batch) == [
        (2, "section_code", "section_unknown"),
        (3, "section", "section_differs"),
        (4, "number", "number_short"),
    ]
    assert (batch.summary["counts"]["added"], batch.summary["counts"]["error"]) == (2, 1)


def test_rows_in_error_are_left_out_only_where_somebody_says_so(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,甲,0777,,監,\n00013,乙,0101,,主事,\n")
    with pytest.raises(Refused, match="import_has_errors"):
        files.commit(batch.id)
    assert queries.person_by_number(session, "00013", now) is None
    files.commit(batch.id, leaves_errors=True)
    assert queries.person_by_number(session, "00013", now)
    assert queries.person_by_number(session, "00012", now) is None
    assert session.scalar(sa.select(Title).where(Title.name == "監")) is None


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("職員番号", "１２ ３", "code_unusable"),
        ("メールアドレス", "nobody", "email_unusable"),
        ("メールアドレス", "a b@example.jp", "email_unusable"),
        ("年齢", "1981-05-06", "age_unusable"),
        ("年齢", "7", "age_unusable"),
        ("採用年月日", "先月", "date_unusable"),
        ("昇任年月日", "2024/2/30", "date_unusable"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_a_finding(
    session: Session, files: Importing, column: str, value: str, code: str
) -> None:
    factories.section(session, code="0101")
    cells = {"職員番号": "00012", "氏名": "甲", "所属コード": "0101", "職名": "主事"}
    cells[column] = value
    batch = files.check(f"{','.join(cells)}\n{','.join(cells.values())}\n")
    assert [found[2] for found in files.findings(batch)] == [code]


def test_a_number_given_twice_is_a_finding_on_both_rows(session: Session, files: Importing) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,甲,0101,,主事,\n00012,乙,0101,,主事,\n")
    assert [(row, code) for row, _, code in files.findings(batch)] == [(2, "twice"), (3, "twice")]


def test_a_register_that_changed_after_the_check_stops_the_commit(
    session: Session, files: Importing, now: datetime
) -> None:
    factories.section(session, code="0101")
    first = files.check(HEAD + "00012,甲,0101,,主事,\n")
    second = files.check(HEAD + "00012,乙,0101,,主事,\n")
    files.commit(first.id)
    with pytest.raises(Conflict, match="import_outdated"):
        files.commit(second.id)
    assert person(session, "00012", now).name == "甲"
    again = files.check_again(second.id)
    assert changes(files, again)[0] == {"name": ["甲", "乙"]}
    files.commit(second.id)
    assert person(session, "00012", now).name == "乙"


def test_a_file_waits_a_day(session: Session, files: Importing, now: datetime) -> None:
    factories.section(session, code="0101")
    batch = files.check(HEAD + "00012,甲,0101,,主事,\n")
    files.now = now + timedelta(hours=24)
    with pytest.raises(Conflict, match="import_expired"):
        files.commit(batch.id)


def test_who_looks_after_a_part_imports_nothing(files: Importing) -> None:
    scope = frozenset({uuid.uuid4()})
    files.by = Actor(person_id=uuid.uuid4(), grants=(Grant(Role.OFFICE, scope),))
    with pytest.raises(Forbidden, match="whole_office_needed"):
        files.check(HEAD + "00012,甲,0101,,主事,\n")


def test_a_file_that_is_refused_leaves_nothing_behind(session: Session, files: Importing) -> None:
    with pytest.raises(Refused, match="file_columns"):
        files.check("番号,名前\n1,甲\n")
    assert not list(files.settings.uploads.iterdir())
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0
