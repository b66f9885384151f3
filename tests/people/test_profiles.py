"""One person's page: the approved items, what follows from them, and what the office changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.people.exports import queries as exports
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import (
    Appointment,
    EmploymentClass,
    ExclusionPeriod,
    Person,
    PostKind,
    RegisterRevision,
)
from app.people.sections.models import Section
from app.people.sign_in import service as passwords
from app.training.roster import queries as roster
from tests import factories

TODAY = clock.today(clock.now())


@pytest.fixture
def clerk(office: FlaskClient, session: Session) -> Person:
    """The office's own person, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def somebody(session: Session, section: Section | None = None) -> Person:
    """Make a person with every item."""
    who = factories.person(
        session, "架空 太郎", number="P0012", section=section, email="taro@example.jp"
    )
    who.gender, who.age, who.age_as_of = "男", 45, date(2026, 4, 1)
    who.hired_on, who.promoted_on = date(2004, 10, 1), date(2025, 4, 1)
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    post.job_type, post.duty = "一般事務", "庶務"
    session.flush()
    return who


def head_of(session: Session, section: Section, role: Role = Role.HEAD) -> Person:
    """Make the head of a section."""
    who = factories.person(session, "所属 長子", section=section)
    session.add(
        RoleGrant(person_id=who.id, role=role, section_id=section.id, valid_from=factories.LONG_AGO)
    )
    session.flush()
    return who


def correction(**changed: str) -> dict[str, str]:
    """Return the form as it comes back from the page, with some items changed."""
    return {
        "name": "架空 太郎",
        "email": "taro@example.jp",
        "gender": "",
        "age": "45",
        "age_as_of": "2026/04/01",
        "hired_on": "2004/10/01",
        "promoted_on": "2025/04/01",
        "job_type": "一般事務",
        "duty": "庶務",
        **changed,
    }


@pytest.mark.requirement("STF-11", "STF-13", "STF-16")
def test_the_office_reads_every_item_with_what_follows_from_it(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)
    factories.title(session).employment_class = EmploymentClass.FISCAL_YEAR
    session.flush()
    page = office.get(f"/staff/{who.id}").text
    assert "45歳（令和8年4月1日現在）" in page
    year = clock.fiscal_year(TODAY)
    assert f"平成16年10月1日（採用{year - 2004 + 1}年目）" in page
    assert f"令和7年4月1日（現職{year - 2025 + 1}年目）" in page
    assert "主事（会計年度任用）" in page
    for item in ("P0012", "一般事務", "庶務", "taro@example.jp"):
        assert item in page


@pytest.mark.requirement("STF-13")
@pytest.mark.parametrize(
    ("begun", "day", "year"),
    [
        (date(2024, 4, 1), date(2024, 4, 1), 1),
        (date(2024, 4, 1), date(2025, 3, 31), 1),
        (date(2024, 4, 1), date(2025, 4, 1), 2),
        (date(2025, 3, 31), date(2025, 4, 1), 2),
        (date(2025, 4, 2), date(2025, 4, 1), None),
        (None, date(2025, 4, 1), None),
    ],
)
def test_years_of_service_are_counted_by_fiscal_years(
    begun: date | None, day: date, year: int | None
) -> None:
    assert clock.year_of(begun, day) == year


@pytest.mark.requirement("STF-12")
def test_the_gender_is_shown_once_when_it_is_asked_for_and_nowhere_else(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)
    who.gender = "ひみつの性別"
    session.flush()
    for path in ("/staff", f"/staff/{who.id}", f"/staff/{who.id}/correction"):
        if "correction" not in path:
            assert "ひみつの性別" not in office.get(path).text
    taken = office.get("/staff.csv?reason=register").data.decode("utf-8-sig")
    assert "架空 太郎" in taken
    assert "ひみつの性別" not in taken
    assert "45" not in taken.splitlines()[0]
    assert office.get(f"/staff/{who.id}/gender").status_code == 405
    answer = office.post(f"/staff/{who.id}/gender")
    assert "ひみつの性別" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    lines = session.scalars(sa.select(AuditEvent.action)).all()
    assert lines.count("person.gender_shown") == 1


@pytest.mark.requirement("STF-12")
@pytest.mark.parametrize("role", [Role.HEAD, Role.COORDINATOR])
def test_a_section_reads_what_it_needs_and_neither_gender_age_nor_days(
    office: FlaskClient, session: Session, role: Role
) -> None:
    section = factories.section(session)
    who = somebody(session, section)
    factories.enter(office, session, head_of(session, section, role))
    page = office.get(f"/staff/{who.id}").text
    for item in ("P0012", "架空 太郎", "一般事務", "庶務", "taro@example.jp"):
        assert item in page
    for item in (
        "性別",
        "年齢",
        "採用年月日",
        "昇任年月日",
        "45歳",
        "変更の記録",
        "受講対象外期間",
    ):
        assert item not in page.partition("<main")[2]
    for path in ("gender", "correction", "leaving", "exclusions"):
        assert office.post(f"/staff/{who.id}/{path}").status_code == 403


@pytest.mark.requirement("STF-08")
def test_posts_past_and_to_come_are_shown_with_their_days(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session, factories.section(session, "総務課"))
    session.add(
        Appointment(
            person_id=who.id,
            section_id=factories.section(session, "兼務する課").id,
            title_id=factories.title(session).id,
            kind=PostKind.CONCURRENT,
            valid_from=TODAY + timedelta(days=9),
        )
    )
    session.flush()
    page = office.get(f"/staff/{who.id}").text
    assert "兼務する課" in page
    assert "予定" in page


def test_a_correction_says_what_is_wrong_and_loses_nothing(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)
    address = f"/staff/{who.id}/correction"
    for item, written in [
        ("name", ""),
        ("name", "外字\ue000"),
        ("email", "nobody"),
        ("age", "四十"),
        ("age", "7"),
        ("age_as_of", ""),
        ("hired_on", "きのう"),
        ("promoted_on", "1999/4/1"),
        ("gender", "よその値"),
        ("duty", "長" * 51),
    ]:
        answer = office.post(address, data=correction(**{item: written}))
        assert answer.status_code == 422, item
        assert "まだ送られていません" in answer.text
        if item not in ("gender",):
            assert f'value="{written}"' in answer.text, item
    assert session.scalars(sa.select(AuditEvent.action)).all() == []


@pytest.mark.requirement("STF-15")
def test_a_time_without_training_is_added_and_ended_without_a_reason(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)
    run = factories.run(session)
    address = f"/staff/{who.id}/exclusions"
    assert office.post(address, data={"valid_from": ""}).status_code == 422
    wrong = {"valid_from": "2026/4/2", "valid_to": "2026/4/1"}
    assert office.post(address, data=wrong).status_code == 422
    assert office.post(address, data={"valid_from": f"{TODAY:%Y/%m/%d}"}).status_code == 303
    check = roster.check(session, run.id, "P0012", [], clock.now())
    assert [post.number for post in check.excluded] == ["P0012"]
    assert check.found == ()
    row = session.scalars(sa.select(ExclusionPeriod)).one()
    assert {column.name for column in ExclusionPeriod.__table__.columns} == {
        "id",
        "person_id",
        "valid_from",
        "valid_to",
    }
    assert office.post(f"{address}/{row.id}/end").status_code == 303
    session.expire_all()
    check = roster.check(session, run.id, "P0012", [], clock.now())
    assert [post.number for post in check.found] == ["P0012"]
    assert office.post(f"{address}/{row.id}/end").status_code == 404


@pytest.mark.requirement("STF-14")
def test_who_has_left_signs_in_no_more_and_is_on_no_list_but_keeps_their_page(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)
    session.add(RoleGrant(person_id=who.id, role=Role.AUTHOR, valid_from=factories.LONG_AGO))
    session.flush()
    address = f"/staff/{who.id}/leaving"
    assert office.post(address, data={"left_on": "いつか"}).status_code == 422
    assert office.post(address, data={"left_on": f"{TODAY:%Y/%m/%d}"}).status_code == 303
    assert "架空 太郎" in office.get("/staff").text
    yesterday = f"{TODAY - timedelta(days=1):%Y/%m/%d}"
    assert office.post(address, data={"left_on": yesterday}).status_code == 303
    session.expire_all()
    assert "架空 太郎" not in office.get("/staff").text
    assert "架空 太郎" in office.get("/staff?kind=left").text
    assert "架空 太郎" in office.get("/staff?kind=left&q=P0012").text
    page = office.get(f"/staff/{who.id}")
    assert page.status_code == 200
    assert "退職" in page.text
    assert passwords.issue_passwords(session, [who.id], SYSTEM, clock.now()) == []
    grant = session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == who.id)).one()
    assert grant.valid_to == TODAY - timedelta(days=1) or grant.valid_to == TODAY
    assert office.post(f"/staff/{who.id}/staying").status_code == 303
    assert "架空 太郎" in office.get("/staff").text
    assert office.post(f"/staff/{clerk.id}/leaving", data={"left_on": yesterday}).status_code == 422


def test_every_change_by_hand_moves_the_registers_revision(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    who = somebody(session)

    def revision() -> int:
        return session.get_one(RegisterRevision, 1, populate_existing=True).number

    before = revision()
    day = f"{TODAY:%Y/%m/%d}"
    office.post(f"/staff/{who.id}/correction", data=correction(duty="経理"))
    office.post(f"/staff/{who.id}/exclusions", data={"valid_from": day})
    office.post(f"/staff/{who.id}/leaving", data={"left_on": day})
    office.post(f"/staff/{who.id}/staying")
    assert revision() == before + 4
    office.post(f"/staff/{who.id}/correction", data=correction(duty="経理"))
    assert revision() == before + 4


def test_titles_are_listed_by_rank_and_put_right(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    title = factories.title(session, "主事")
    factories.title(session, "課長", 20)
    page = office.get("/titles").text
    assert page.index("課長") < page.index("主事")
    address = f"/titles/{title.id}"
    sound = {"name": "主事", "grade": "係員", "rank_order": "55", "employment_class": "temporary"}
    for wrong in (
        {"name": ""},
        {"rank_order": "多"},
        {"employment_class": "king"},
        {"name": "課長"},
    ):
        assert office.post(address, data={**sound, **wrong}).status_code == 422
    assert office.post(address, data=sound).status_code == 303
    assert "係員" in office.get("/titles").text
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "title.changed")).one()
    assert line.details["rank_order"] == [50, 55]


def test_the_statements_of_a_file_do_not_grow_with_it(session: Session) -> None:
    ids = [factories.person(session).id for _ in range(3)]
    assert [line.title for line in exports.lines(session, ids, TODAY)] == ["主事"] * 3
