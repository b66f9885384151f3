"""A learner looks for something to take."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.models import Role
from app.people.register.models import Appointment, Person
from app.training.audiences.models import AudienceMember
from app.training.candidacies.models import Candidacy
from app.training.offerings.models import Obligation, Offering
from app.training.plans.models import Prerequisite, Run, RunKind, RunSession, TrainingCategory
from tests import factories
from tests.training.counting import statements

TODAY = clock.today(clock.now())


@pytest.fixture
def reader(session: Session, office: FlaskClient) -> Person:
    """A member of the staff without any role, signed in."""
    who = factories.person(session)
    factories.enter(office, session, who)
    return who


def called(session: Session, title: str, *, obligation: str = Obligation.OPEN) -> Run:
    """Make a classroom run that is called for: in a month, one session, three seats."""
    day = TODAY + timedelta(days=30)
    run = factories.run(
        session,
        factories.training(session, title),
        state="calling",
        learn_from=day,
        learn_until=day,
    )
    run.kind, run.capacity_max = RunKind.CLASSROOM, 3
    run.head_until = clock.end_of(TODAY + timedelta(days=14))
    run.apply_until = clock.end_of(TODAY + timedelta(days=7))
    starts = clock.start_of(day) + timedelta(hours=9)
    ends = starts + timedelta(hours=3)
    session.add(
        RunSession(run_id=run.id, number=1, starts_at=starts, ends_at=ends, place="第1研修室")
    )
    offered(session, run).obligation = obligation
    session.flush()
    return run


def offered(session: Session, run: Run) -> Offering:
    """Return what a run is of."""
    return session.get_one(Offering, run.offering_id)


def post_of(session: Session, who: Person) -> dict[str, uuid.UUID]:
    """Return the post that is written down of somebody."""
    query = sa.select(Appointment).where(Appointment.person_id == who.id)
    post = session.scalars(query).one()
    return {"section_id": post.section_id, "title_id": post.title_id}


def put_forward(session: Session, run: Run, who: Person) -> None:
    """Have somebody be put forward for a run."""
    session.add(
        Candidacy(
            offering_id=run.offering_id,
            person_id=who.id,
            state="nominated",
            **post_of(session, who),
            created_at=clock.now(),
        )
    )
    session.flush()


def words(page: str) -> dict[str, str]:
    """Return the rows of the catalogue, by what they are headed with."""
    lines = html.fromstring(page).xpath("//main//tbody/tr")
    return {
        " ".join(line.xpath("./th")[0].text_content().split()): " ".join(
            line.text_content().split()
        )
        for line in lines
    }


@pytest.mark.requirement("PLN-13")
def test_each_training_says_how_its_reader_stands_to_it(
    office: FlaskClient, session: Session, reader: Person
) -> None:
    runs = {
        title: called(session, title)
        for title in ("空きあり", "満席", "申込済", "決定済", "募集前", "受付終了", "準備中")
    }
    called(session, "指名", obligation=Obligation.NAMED)
    for _ in range(3):
        factories.enrol(session, runs["満席"], factories.person(session))
    put_forward(session, runs["申込済"], reader)
    factories.enrol(session, runs["決定済"], reader)
    runs["募集前"].apply_from = TODAY + timedelta(days=2)
    runs["受付終了"].apply_until = clock.now() - timedelta(minutes=1)
    runs["準備中"].state = "draft"
    session.flush()
    found = words(office.get("/courses").text)
    said = {
        "空きあり": "申込できる",
        "満席": "満席",
        "申込済": "推薦済（選考待ち）",
        "決定済": "決定済",
        "募集前": "募集前",
        "受付終了": "受付終了",
        "指名": "推薦・指名で受講",
    }
    assert {title for title, state in said.items() if state in found[title]} == found.keys()
    assert "残り3席（定員3人）" in found["空きあり"]
    assert "（あと7日）" in found["空きあり"]
    page = office.get("/courses?only=open")
    assert words(page.text).keys() == {"空きあり", "満席"}
    assert office.get(f"/courses/{runs['準備中'].offering_id}").status_code == 404


@pytest.mark.requirement("PLN-13")
def test_the_list_is_narrowed_to_what_is_for_the_reader_and_searched(
    office: FlaskClient, session: Session, reader: Person
) -> None:
    mine, others, everybodys = (called(session, title) for title in ("私の", "よその", "みんなの"))
    for run, who in ((mine, reader), (others, factories.person(session))):
        session.add(
            AudienceMember(
                offering_id=run.offering_id,
                person_id=who.id,
                **post_of(session, who),
                added_at=clock.now(),
            )
        )
    category = session.scalars(sa.select(TrainingCategory).order_by(TrainingCategory.name)).first()
    assert category is not None
    offering = offered(session, everybodys)
    offering.subjects = "文書の作成"
    session.get_one(
        type(factories.training(session)), offering.training_id
    ).category_id = category.id
    session.flush()
    assert words(office.get("/courses?only=mine").text).keys() >= {"私の"}
    assert "よその" not in words(office.get("/courses?only=mine").text)
    for found in ("q=文書", f"category={category.id}"):
        assert [*words(office.get(f"/courses?{found}").text)] == [f"みんなの{category.name}"]
    assert "当てはまる研修がありません" in office.get(f"/courses?category={uuid.uuid4()}").text
    page = office.get(f"/courses/{others.offering_id}").text
    assert "この研修の対象" in page


def test_the_list_costs_the_same_statements_whatever_its_size(
    office: FlaskClient, session: Session, reader: Person
) -> None:
    called(session, "一つ")
    with statements(session) as few:
        office.get("/courses?view=calendar")
    for number in range(10):
        called(session, f"研修{number}")
    with statements(session) as many:
        office.get("/courses?view=calendar")
    assert len(many) == len(few)


@pytest.mark.requirement("PLN-13")
def test_a_month_shows_sessions_on_their_days(
    office: FlaskClient, session: Session, reader: Person
) -> None:
    run = called(session, "集合")
    draft = factories.run(
        session,
        factories.training(session, "準備"),
        state="draft",
        learn_from=run.learn_from,
        learn_until=run.learn_from,
    )
    month = f"{run.learn_from:%Y-%m}"
    for address, is_office in (
        ("/courses?view=calendar&month=", False),
        ("/runs/calendar?month=", True),
    ):
        if is_office:
            factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
        page = html.fromstring(office.get(address + month).text)
        [cell] = page.xpath(f"//td[p/time[@datetime='{run.learn_from}']]")
        said = " ".join(cell.text_content().split())
        assert "09:00〜12:00" in said
        assert "集合" in said
        assert ("準備" in said) == is_office
        links = cell.xpath(".//a/@href")
        wanted = (
            [f"/runs/{draft.id}", f"/runs/{run.id}"]
            if is_office
            else [f"/courses/{run.offering_id}"]
        )
        assert set(links) == set(wanted)
        assert len(page.xpath("//table/thead/tr/th")) == 7
    assert "の実施回はありません" in office.get("/runs/calendar?month=2031-02").text
    assert office.get("/runs/calendar?month=zz").status_code == 200


@pytest.mark.requirement("PLN-13")
def test_a_course_says_what_is_asked_for_before_and_whether_it_is_met(
    office: FlaskClient, session: Session, reader: Person
) -> None:
    run = called(session, "応用研修")
    offering = offered(session, run)
    met, unmet = (factories.training(session, title) for title in ("入門研修", "基礎研修"))
    for each in (met, unmet):
        session.add(Prerequisite(training_id=offering.training_id, required_id=each.id))
    before = factories.run(session, met, state="settled", learn_from=date(2026, 4, 1))
    factories.enrol(session, before, reader, "completed")
    page = " ".join(
        html.fromstring(office.get(f"/courses/{offering.id}").text).text_content().split()
    )
    assert "入門研修 修了しています" in page
    assert "基礎研修 まだ修了していません" in page
    assert "前提となる研修" in page
    assert "第1研修室" in page
