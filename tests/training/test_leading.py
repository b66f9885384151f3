"""Every page of the workflow is reached from where its reader looks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.training.candidacies.models import Candidacy
from app.training.naming import service as naming
from app.training.offerings.models import Obligation
from app.training.plans.models import RunSession
from tests import factories
from tests.training.counting import statements
from tests.training.offered import Offered, offered
from tests.training.staged import Stage, enter, staged


def as_seen(office: FlaskClient, session: Session, who: Person, path: str) -> str:
    """Return a page as somebody sees it."""
    factories.enter(office, session, who)
    answer = office.get(path)
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


def named(made: Offered) -> list[Candidacy]:
    """Have two people named; the first says that they can."""
    keys = [who.id for who in made.people[:2]]
    naming.name_all(made.session, made.offering.id, keys, by=made.office, now=made.now)
    rows = [
        made.session.scalars(sa.select(Candidacy).where(Candidacy.person_id == key)).one()
        for key in keys
    ]
    learner = Actor(person_id=keys[0], grants=(Grant("learner", frozenset()),))
    naming.answer(made.session, rows[0], "can", by=learner, now=made.now)
    return rows


@pytest.mark.requirement("NOM-06")
def test_the_office_finds_candidacies_and_namings_from_the_offering_and_from_each_run_called(
    office: FlaskClient, session: Session
) -> None:
    made = offered(session)
    way = f"/offerings/{made.offering.id}"
    assert "本人の返答を受け取ります" in as_seen(office, session, made.clerk, way)
    named(made)
    page = as_seen(office, session, made.clerk, way)
    assert f'href="{way}/naming"' in page
    assert f'href="{way}/candidacies"' in page
    assert "指名2人、返答1人、返答待ち1人" in page
    page = as_seen(office, session, made.clerk, f"{way}/candidacies")
    assert f'href="{way}/naming"' in page
    assert "2人のうち1人が返答" in page
    assert 'href="/nominations/stuck"' in page
    run = made.runs[0]
    for state in ("draft", "calling", "decided", "ended", "settled"):
        run.state = state
        session.flush()
        page = as_seen(office, session, made.clerk, f"/runs/{run.id}")
        was_called = state != "draft"
        assert (f'href="{way}/candidacies"' in page) == was_called
        assert (f'href="{way}/selection"' in page) == was_called


@pytest.mark.requirement("NOM-06")
def test_whoever_is_named_is_led_to_the_answer_from_the_home_and_from_their_applications(
    office: FlaskClient, session: Session
) -> None:
    made = offered(session)
    _, waiting = named(made)
    link = f'href="/naming/{waiting.id}"'
    who = made.people[1]
    home = as_seen(office, session, who, "/")
    assert link in home.partition("返答を待っている指名")[2]
    assert home.count('data-kind="primary"') == 1
    page = as_seen(office, session, who, "/applications")
    assert link in page
    assert "返答待ち" in page
    assert "書かないで" not in as_seen(office, session, who, f"/naming/{waiting.id}")
    office.post(f"/naming/{waiting.id}", data={"answer": "cannot"})
    assert "返答を待っている指名" not in office.get("/").text
    page = office.get("/applications").text
    assert link in page
    assert "受けられない事情あり" in page
    assert link not in as_seen(office, session, made.people[0], "/applications")


@pytest.mark.requirement("CHG-02")
def test_the_office_finds_a_seat_wherever_it_finds_its_person_and_a_lecturer_none(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session, capacity=9)
    run = stage.runs[0]
    attendance = f"/runs/{run.id}/attendance"
    assert attendance not in as_seen(office, session, stage.clerk, f"/runs/{run.id}")
    seat = stage.seat(stage.people[0], run)
    assert attendance in as_seen(office, session, stage.clerk, f"/runs/{run.id}")
    link = f'href="/seats/{seat.id}"'
    paths = [f"/runs/{run.id}", attendance, f"/reports/runs/{run.id}"]
    for path in (*paths, f"/enrolments/{seat.id}/attendance"):
        assert link in as_seen(office, session, stage.clerk, path)
    lecturer = factories.person(session)
    taught = RoleGrant(
        person_id=lecturer.id,
        role=Role.LECTURER,
        training_id=stage.offering.training_id,
        valid_from=factories.LONG_AGO,
    )
    session.add(taught)
    session.flush()
    for path in paths[:2]:
        page = as_seen(office, session, lecturer, path)
        assert stage.people[0].name in page
        assert "/seats/" not in page
    factories.enter(office, session, stage.clerk)
    with statements(session) as few:
        office.get(attendance)
    for who in stage.people[1:]:
        stage.seat(who, run, ordered=False)
    with statements(session) as many:
        office.get(attendance)
    assert len(many) == len(few)


@pytest.mark.requirement("ATT-02")
def test_on_the_day_of_a_session_home_and_seat_lead_to_the_check_in(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who, guest = stage.people[:2]
    seat = stage.seat(who, stage.runs[0])
    pages = ("/", f"/seats/{seat.id}")
    for path in pages:
        assert "/check-in" not in as_seen(office, session, who, path)
    first = stage.begin(stage.runs[0])
    for path in pages:
        page = as_seen(office, session, who, path)
        assert 'href="/check-in"' in page
        assert page.count('data-kind="primary"') == 1
    assert "/check-in" not in as_seen(office, session, guest, "/")
    assert "/check-in" not in as_seen(office, session, stage.coordinator, pages[1])
    stage.runs[0].state = "postponed"
    session.flush()
    for path in pages:
        assert "/check-in" not in as_seen(office, session, who, path)
    stage.runs[0].state = "open"
    session.flush()
    checked_in(office, stage, first, who)
    for path in pages:
        assert "/check-in" not in as_seen(office, session, who, path)
    assert "受付済" in office.get("/").text


def checked_in(office: FlaskClient, stage: Stage, sitting: RunSession, who: Person) -> None:
    """Have somebody check in by the code."""
    enter(office, stage, stage.clerk)
    office.post(f"/sessions/{sitting.id}/check-in/open")
    stage.session.refresh(sitting)
    enter(office, stage, who)
    answer = office.post("/check-in", data={"code": sitting.check_in_code})
    assert "受け付けました" in answer.text


def test_what_is_learnt_alone_leads_to_its_seat_and_is_taken_late_where_the_run_allows_it(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session)
    today = clock.today(clock.now())
    run = factories.run(
        session,
        materials=(factories.material(session, who),),
        learn_from=today - timedelta(days=9),
        learn_until=today - timedelta(days=1),
    )
    seat = factories.enrol(session, run, who)
    key = factories.assignment_of(session, seat)
    assert f'href="/seats/{seat.id}"' in as_seen(office, session, who, f"/assignments/{key}")
    launch = f'action="/assignments/{key}/launch"'
    page = as_seen(office, session, who, "/").partition("期限を過ぎた研修")[2]
    assert launch not in page
    assert "研修担当に連絡してください" in page
    run.takes_late = True
    session.flush()
    page = as_seen(office, session, who, "/").partition("期限を過ぎた研修")[2]
    assert launch in page
    assert "研修担当に連絡してください" not in page


@pytest.mark.requirement("NOM-02")
@pytest.mark.parametrize(
    ("obligation", "days", "is_offered"),
    [
        (Obligation.OPEN, 0, True),
        (Obligation.FREE, -3, True),
        (Obligation.OPEN, 1, False),
        (Obligation.NOMINATED, 0, False),
        (Obligation.NAMED, 0, False),
    ],
)
def test_the_home_offers_what_can_be_applied_for_from_its_day_on(
    office: FlaskClient, session: Session, obligation: str, days: int, is_offered: bool
) -> None:
    made = offered(session)
    made.offering.obligation = obligation
    for run in made.runs:
        run.apply_from = clock.today(made.now) + timedelta(days=days)
    session.flush()
    page = as_seen(office, session, made.people[0], "/")
    assert (f'href="/courses/{made.offering.id}/apply"' in page) == is_offered


def test_the_list_of_trainings_tells_each_state_that_something_is_to_come_of(
    office: FlaskClient, session: Session
) -> None:
    made = offered(session)
    made.runs[1].state = "decided"
    factories.run(session, factories.training(session, "昔の研修"), state="ended")
    page = as_seen(office, session, made.clerk, "/trainings")
    assert "募集中 1回" in page
    assert "決定済 1回" in page
    assert page.count("予定なし") == 1
