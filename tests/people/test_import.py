"""Importing staff and sections: checked first, then all of it or nothing, and once."""

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.people.permission.models import Role
from app.people.register import queries, service
from app.people.register.forms import staff_table
from app.people.register.models import Appointment, ImportBatch, Person, StaffNumber, Title
from app.people.sections import queries as section_queries
from app.people.sections import service as section_service
from app.people.sections.forms import sections_table
from app.people.sections.models import Section
from tests import factories

HEAD = "職員番号,氏名,所属コード,所属,職名,メールアドレス\n"


def office(session: Session) -> Actor:
    who = factories.person(session, number="99999")
    return Actor(person_id=who.id, grants=(Grant(Role.OFFICE),))


def check(session: Session, rows: str, by: Actor, now: datetime) -> ImportBatch:
    return service.check(session, staff_table((HEAD + rows).encode()), by=by, now=now)


def bring(session: Session, rows: str, by: Actor, now: datetime) -> dict[str, int]:
    return service.commit(session, check(session, rows, by, now).id, by=by, now=now)


def posts(session: Session, number: str, now: datetime) -> list[Appointment]:
    person_id = queries.person_by_number(session, number, now)
    query = sa.select(Appointment).where(Appointment.person_id == person_id)
    return list(session.scalars(query.order_by(Appointment.valid_from)))


def found(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(kept[0], kept[1]) for row in batch.rows for kept in (*row["own"], *row["found"])]


@pytest.mark.requirement("STF-01")
def test_nobody_is_changed_before_the_commit(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    before = session.scalar(sa.select(sa.func.count(Person.id)))
    batch = check(session, "00012,髙橋,0101,総務課,主査,\n", by, now)
    assert session.scalar(sa.select(sa.func.count(Person.id))) == before
    assert session.scalar(sa.select(Title).where(Title.name == "主査")) is None
    assert batch.summary["counts"] == {"added": 1, "changed": 0, "unchanged": 0, "error": 0}
    assert batch.summary["new_titles"] == ["主査"]


def test_a_commit_adds_people_as_the_file_writes_them(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, "総務課", code="0101")
    bring(session, "00012,髙橋　一郎,0101,総務課,主査,a@example.jp\n", by, now)
    person_id = queries.person_by_number(session, "00012", now)
    assert person_id
    post = queries.post_of(session, person_id, now)
    assert post
    assert (post.name, post.number, post.section, post.title, post.email) == (
        "髙橋　一郎",
        "00012",
        "総務課",
        "主査",
        "a@example.jp",
    )
    assert session.get_one(Person, person_id).name_key == "高橋一郎"


def test_a_new_title_ranks_after_the_last(session: Session, now: datetime) -> None:
    by = office(session)
    factories.title(session, "部長", rank_order=10)
    factories.title(session, "主任", rank_order=70)
    factories.section(session, code="0101")
    bring(session, "00012,甲,0101,,主査,\n", by, now)
    assert session.scalars(sa.select(Title).where(Title.name == "主査")).one().rank_order == 71


def test_the_same_file_again_changes_nothing(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    rows = "00012,甲,0101,,主事,\n00013,乙,0101,,主査,b@example.jp\n"
    bring(session, rows, by, now)
    counts = bring(session, rows, by, now + timedelta(days=1))
    assert counts == {"added": 0, "changed": 0, "unchanged": 2, "error": 0}
    assert len(posts(session, "00012", now)) == 1


def test_a_second_commit_is_refused_and_does_nothing(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    batch = check(session, "00012,甲,0101,,主事,\n", by, now)
    service.commit(session, batch.id, by=by, now=now)
    with pytest.raises(Conflict, match="import_ended"):
        service.commit(session, batch.id, by=by, now=now)
    numbers = sa.select(sa.func.count()).where(StaffNumber.number == "00012")
    assert session.scalar(numbers) == 1


@pytest.mark.parametrize("how", ["commit", "discard"])
def test_nothing_of_the_file_stays_afterwards(session: Session, now: datetime, how: str) -> None:
    by = office(session)
    factories.section(session, code="0101")
    batch = check(session, "00012,甲,0101,,主事,\n=1,甲,0101,,主事,\n", by, now)
    if how == "commit":
        service.commit(session, batch.id, by=by, now=now)
    else:
        service.discard(session, batch.id, service.KIND, by=by, now=now)
    session.flush()
    session.expire_all()
    kept = session.get_one(ImportBatch, batch.id)
    assert (kept.rows, kept.ended_at) == ([], now)
    assert "甲" not in repr(kept.summary)


def test_a_move_ends_the_old_post_and_begins_a_new_one(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    old = factories.section(session, "福祉課", code="0201")
    factories.person(session, "甲", number="00012", section=old)
    batch = check(session, "00012,甲,0101,,係長,\n", by, now)
    assert batch.rows[0]["changes"] == {
        "section_code": ["0201 福祉課", "0101 総務課"],
        "title": ["主事", "係長"],
    }
    service.commit(session, batch.id, by=by, now=now)
    before, after = posts(session, "00012", now)
    today = clock.today(now)
    assert before.valid_to == today - timedelta(days=1)
    assert (after.valid_from, after.valid_to) == (today, None)


def test_a_second_move_on_one_day_replaces_the_first(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    last = factories.section(session, "福祉課", code="0201")
    bring(session, "00012,甲,0101,,主事,\n", by, now)
    bring(session, "00012,甲,0201,,主事,\n", by, now)
    (post,) = posts(session, "00012", now)
    assert post.section_id == last.id


def test_a_change_is_audited_from_old_to_new(session: Session, now: datetime) -> None:
    by = office(session)
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where)
    bring(session, "00012,乙,0101,,主事,\n", by, now)
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == who.id)).one()
    assert (line.action, line.details) == ("person.changed", {"name": ["甲", "乙"]})


def test_a_file_without_addresses_leaves_them(session: Session, now: datetime) -> None:
    by = office(session)
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where, email="a@example.jp")
    table = staff_table("staff_no,name,section_code,title\n00012,乙,0101,主事\n".encode())
    batch = service.check(session, table, by=by, now=now)
    service.commit(session, batch.id, by=by, now=now)
    assert (who.name, who.email) == ("乙", "a@example.jp")


def test_somebody_who_had_left_comes_back_as_the_same_person(
    session: Session, now: datetime
) -> None:
    by = office(session)
    where = factories.section(session, code="0101")
    who = factories.person(session, "甲", number="00012", section=where)
    who.left_on = clock.today(now) - timedelta(days=10)
    session.flush()
    assert bring(session, "00012,甲,0101,,主事,\n", by, now)["changed"] == 1
    assert queries.post_of(session, who.id, now)


@pytest.mark.requirement("STF-03")
def test_rows_are_compared_with_the_register(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, "総務課", code="0101")
    rows = "00012,甲,0777,,主事,\n00013,乙,0101,福祉課,主事,\n14,丙,0101,総務課,主事,\n"
    batch = check(session, rows, by, now)
    assert found(batch) == [
        ("section_code", "section_unknown"),
        ("section", "section_differs"),
        ("number", "number_short"),
    ]
    assert batch.summary["counts"] == {"added": 2, "changed": 0, "unchanged": 0, "error": 1}


def test_rows_with_an_error_are_left_out_of_the_commit(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    counts = bring(session, "00012,甲,0777,,監,\n00013,乙,0101,,主事,\n", by, now)
    assert (counts["added"], counts["error"]) == (1, 1)
    assert queries.person_by_number(session, "00012", now) is None
    assert session.scalar(sa.select(Title).where(Title.name == "監")) is None


def test_a_register_that_changed_after_the_check_stops_the_commit(
    session: Session, now: datetime
) -> None:
    by = office(session)
    where = factories.section(session, code="0101")
    batch = check(session, "00012,甲,0101,,主事,\n", by, now)
    factories.person(session, "乙", number="00012", section=where)
    with pytest.raises(Conflict, match="import_outdated"):
        service.commit(session, batch.id, by=by, now=now)


def test_a_file_waits_a_day_and_is_then_emptied(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    batch = check(session, "00012,甲,0101,,主事,\n", by, now)
    later = now + timedelta(hours=24)
    with pytest.raises(Conflict, match="import_expired"):
        service.commit(session, batch.id, by=by, now=later)
    check(session, "00013,乙,0101,,主事,\n", by, later)
    session.expire_all()
    assert session.get_one(ImportBatch, batch.id).rows == []


def test_anothers_file_is_not_there(session: Session, now: datetime) -> None:
    by = office(session)
    factories.section(session, code="0101")
    batch = check(session, "00012,甲,0101,,主事,\n", by, now)
    other = Actor(person_id=factories.person(session).id, grants=(Grant(Role.OFFICE),))
    for verb in (service.commit, section_service.commit):
        with pytest.raises(NotFound):
            verb(session, batch.id, by=other, now=now)
    with pytest.raises(NotFound):
        section_service.commit(session, batch.id, by=by, now=now)


def test_who_looks_after_a_part_imports_nothing(session: Session, now: datetime) -> None:
    scope = frozenset({uuid.uuid4()})
    by = Actor(person_id=uuid.uuid4(), grants=(Grant(Role.OFFICE, scope),))
    with pytest.raises(Forbidden, match="whole_office_needed"):
        check(session, "00012,甲,0101,,主事,\n", by, now)


def bring_sections(session: Session, rows: str, by: Actor, now: datetime) -> dict[str, int]:
    table = sections_table(("所属コード,所属名,上位所属コード\n" + rows).encode())
    batch = section_service.check(session, table, by=by, now=now)
    return section_service.commit(session, batch.id, by=by, now=now)


def tree(session: Session, now: datetime) -> list[tuple[str, int]]:
    return [(row.code, row.depth) for row in section_queries.tree(session, now)]


@pytest.fixture
def by(session: Session, now: datetime) -> Actor:
    """The whole office, with nobody in the register."""
    return Actor(person_id=uuid.uuid4(), grants=(Grant(Role.OFFICE),))


def test_sections_come_in_any_order_and_make_a_tree(
    session: Session, now: datetime, by: Actor
) -> None:
    bring_sections(session, "11,人事係,10\n10,総務課,1\n1,総務部,\n2,福祉部,\n", by, now)
    assert tree(session, now) == [("1", 0), ("10", 1), ("11", 2), ("2", 0)]


def test_sections_can_be_renamed_moved_and_reordered(
    session: Session, now: datetime, by: Actor
) -> None:
    bring_sections(session, "1,総務部,\n10,総務課,1\n2,福祉部,\n", by, now)
    counts = bring_sections(session, "2,福祉部,\n10,庶務課,2\n1,総務部,\n", by, now)
    assert counts == {"added": 0, "changed": 1, "unchanged": 2, "error": 0}
    assert tree(session, now) == [("2", 0), ("10", 1), ("1", 0)]
    assert bring_sections(session, "2,福祉部,\n10,庶務課,2\n1,総務部,\n", by, now)["changed"] == 0


def test_a_part_of_the_sections_leaves_the_others_in_their_order(
    session: Session, now: datetime, by: Actor
) -> None:
    bring_sections(session, "1,総務部,\n2,福祉部,\n", by, now)
    bring_sections(session, "0,会計室,\n", by, now)
    assert tree(session, now) == [("1", 0), ("2", 0), ("0", 0)]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("1,部,1\n", {"section_circle"}),
        ("1,部,2\n2,課,1\n3,係,2\n", {"section_circle"}),
        ("1,部,9\n2,課,1\n", {"section_unknown"}),
        ("1,部,\n1,課,\n", {"twice"}),
        ("1,,\n", {"missing"}),
        ("1,=cmd(),\n", {"formula"}),
    ],
)
def test_sections_that_make_no_tree_are_left_out(
    session: Session, now: datetime, by: Actor, rows: str, errors: set[str]
) -> None:
    table = sections_table(("所属コード,所属名,上位所属コード\n" + rows).encode())
    batch = section_service.check(session, table, by=by, now=now)
    assert {code for _, code in found(batch)} == errors
    section_service.commit(session, batch.id, by=by, now=now)
    assert session.scalar(sa.select(sa.func.count(Section.id))) == 0


def test_heads_are_counted_here_and_below(session: Session, now: datetime) -> None:
    top = factories.section(session, "総務部")
    below = factories.section(session, "総務課", parent=top)
    factories.person(session, section=top)
    factories.person(session, section=below)
    gone = factories.person(session, section=below)
    gone.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    rows = section_queries.tree(session, now)
    assert [(row.people, row.people_below) for row in rows] == [(1, 2), (1, 1)]
