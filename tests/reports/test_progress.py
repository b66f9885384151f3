"""受講率: by section with its department, by run, and how it grew until the due date."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import ExclusionPeriod, Person
from app.people.sections.models import Section
from app.reports.progress.curve import curve
from app.reports.progress.queries import Counts
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Obligation, Offering
from app.training.plans.models import Run, RunItem
from tests import factories
from tests.training.counting import statements


@dataclass
class Held:
    """What has to be taken, in two runs."""

    offering: Offering
    department: Section
    first: Section
    second: Section
    run: Run
    other: Run


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, "研修 次郎", roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


@pytest.fixture
def held(session: Session, clerk: Person) -> Held:
    """Seven people of two sections in as many states."""
    offering = factories.offering(session, factories.training(session, "個人情報研修"))
    offering.obligation = Obligation.MANDATORY
    material = factories.material(session, clerk, "基礎")
    run = factories.run(session, offered=offering, materials=(material,))
    other = factories.run(session, offered=offering)
    department = factories.section(session, "区民部")
    first = factories.section(session, "窓口課", parent=department)
    second = factories.section(session, "税務課", parent=department)
    made = Held(offering, department, first, second, run, other)
    for state in ("completed", "completed", "ordered", "exempted", "revoked"):
        enrol(session, run, first, state)
    enrol(session, run, second, "not_completed")
    away = enrol(session, other, second, "in_progress")
    session.add(ExclusionPeriod(person_id=away.person_id, valid_from=factories.LONG_AGO))
    left = enrol(session, other, second, "ordered")
    session.get_one(Person, left.person_id).left_on = clock.today(clock.now()) - timedelta(days=1)
    session.flush()
    return made


def enrol(session: Session, run: Run, section: Section, state: str) -> Enrolment:
    """Enrol somebody new; who has completed it did so yesterday, in an hour."""
    who = factories.person(session, section=section)
    row = factories.enrol(session, run, who, state)
    item = session.query(RunItem).filter_by(run_id=run.id).one_or_none()
    if state == "completed" and item is not None:
        session.add(
            LearnerRecord(
                person_id=who.id,
                material_id=item.material_id,
                assignment_id=factories.assignment_of(session, row),
                status="passed",
                seconds=3600.0,
                completed_at=clock.now() - timedelta(days=1),
            )
        )
        session.flush()
    return row


def table(page: str, name: str) -> list[list[str]]:
    """Return the rows of a table of the page, in plain text."""
    rows = html.fromstring(page).xpath(f'//*[@id="{name}"]//tbody/tr')
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in rows
    ]


def address(held: Held, query: str = "") -> str:
    return f"/reports/progress/{held.offering.id}{query}"


@pytest.mark.requirement("HIS-04")
def test_the_rate_is_told_by_section_and_adds_up_to_the_department(
    office: FlaskClient, held: Held
) -> None:
    page = office.get(address(held)).text
    assert "4人中 2人（50%）" in page
    assert "免除 1人、受講対象外の期間にいる人 1人" in page
    assert [row[:6] + row[7:] for row in table(page, "by-section")] == [
        ["区民部", "6", "2", "2", "1", "1", "2時間"],
        ["窓口課", "4", "2", "1", "1", "0", "2時間"],
        ["税務課", "2", "0", "1", "0", "1", "－"],
    ]
    assert [row[2:] for row in table(page, "by-run")] == [
        ["50%", "5", "2", "2"],
        ["－", "1", "0", "0"],
    ]
    alone = office.get(address(held, f"?run={held.run.id}")).text
    assert table(alone, "by-section")[0][1] == "5"
    assert f"run={held.run.id}" in alone.partition("未受講者を見る")[0]


@pytest.mark.requirement("HIS-04", "HIS-06")
def test_it_is_counted_by_the_section_of_today_or_by_that_of_the_time(
    office: FlaskClient, session: Session, held: Held
) -> None:
    gone = factories.section(session, "戸籍課")
    row = enrol(session, held.run, held.second, "ordered")
    row.section_id = gone.id
    session.flush()
    now = [line[0] for line in table(office.get(address(held)).text, "by-section")]
    then = office.get(address(held, "?organisation=then")).text
    assert "戸籍課" not in now
    assert ["戸籍課", "1"] in [line[:2] for line in table(then, "by-section")]


@pytest.mark.requirement("HIS-04")
def test_the_curve_goes_from_the_first_day_to_the_due_date(office: FlaskClient, held: Held) -> None:
    page = office.get(address(held)).text
    rows = table(page, "curve")
    today = clock.today(clock.now())
    assert 'data-chart="curve" data-chart-kind="line"' in page
    assert len(rows) == 38
    assert [row[1] for row in rows[:9]] == ["0"] * 6 + ["2", "2", "－"]
    assert rows[-1][2] == "4"
    assert held.run.learn_from == today - timedelta(days=7)


def test_what_people_met_for_is_completed_when_it_was_decided(
    office: FlaskClient, session: Session, held: Held
) -> None:
    unknown = enrol(session, held.other, held.first, "completed")
    known = enrol(session, held.other, held.first, "completed")
    session.add(
        Decision(
            enrolment_id=known.id,
            number=1,
            is_completed=True,
            rule={},
            facts={},
            decided_at=clock.now() - timedelta(days=3),
        )
    )
    session.flush()
    assert unknown.id
    page = office.get(address(held)).text
    assert "終えた日が記録にない1人は、推移に入りません" in page
    assert [row[1] for row in table(page, "curve")][4:8] == ["1", "1", "3", "3"]


def test_a_long_curve_has_few_points_and_late_completions_lengthen_it() -> None:
    first, until, today = date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 10)
    late = datetime(2027, 4, 5, tzinfo=UTC)
    points = curve([late, None], 10, first, until, today)
    assert len(points) <= 61
    assert (points[0].day, points[0].done) == (first, 0)
    assert (points[-1].day, points[-1].done, points[-1].pace) == (date(2027, 4, 5), 1, 10)
    assert curve([], 4, first, first, first)[0].pace == 4
    assert Counts(1, 2) + Counts(exempted=3, away=4) == Counts(1, 2, 3, 4)


@pytest.mark.requirement("HIS-04")
def test_the_offerings_of_a_year_stand_beside_one_another(
    office: FlaskClient, session: Session, held: Held
) -> None:
    named = factories.run(session, factories.training(session, "接遇研修"))
    enrol(session, named, held.first, "ordered")
    rows = table(office.get("/reports/progress").text, "rates")
    assert [row[:7] for row in rows] == [["個人情報研修", "50%", "6", "2", "2", "1", "1"]]
    both = table(office.get("/reports/progress?obligation=all").text, "rates")
    assert {row[0] for row in both} == {"個人情報研修", "接遇研修"}
    assert "この年度に始まった研修はありません" in office.get("/reports/progress?year=2000").text


@pytest.mark.requirement("HIS-02", "HIS-04")
def test_a_head_is_told_of_the_own_section_alone(
    office: FlaskClient, session: Session, held: Held
) -> None:
    who = factories.person(session, "架空 課長", section=held.second)
    grant = RoleGrant(
        person_id=who.id,
        role=Role.HEAD,
        section_id=held.second.id,
        valid_from=factories.LONG_AGO,
    )
    session.add(grant)
    session.flush()
    factories.enter(office, session, who)
    page = office.get(address(held)).text
    assert [row[:4] for row in table(page, "by-section")] == [
        ["区民部", "2", "0", "1"],
        ["税務課", "2", "0", "1"],
    ]
    overview = table(office.get("/reports/progress").text, "rates")
    assert overview[0][:3] == ["個人情報研修", "0%", "2"]
    assert office.get(f"/reports/progress/{uuid.uuid4()}").status_code == 404


def test_neither_page_asks_more_of_the_database_for_more_people(
    office: FlaskClient, session: Session, held: Held
) -> None:
    for path in ("/reports/progress", address(held)):
        with statements(session) as few:
            office.get(path)
        for _ in range(5):
            enrol(session, held.run, factories.section(session), "completed")
        with statements(session) as many:
            office.get(path)
        assert len(many) == len(few)


def test_the_reports_are_found_from_the_header_and_from_the_home(
    office: FlaskClient, session: Session, held: Held
) -> None:
    home = office.get("/").text
    assert 'href="/reports/unfinished"' in home
    assert "集計" in "".join(html.fromstring(home).xpath('//a[@href="/reports"]//text()'))
    index = office.get("/reports").text
    for path in ("/reports/unfinished", "/reports/progress", "/reports/yearly"):
        assert f'href="{path}"' in index
