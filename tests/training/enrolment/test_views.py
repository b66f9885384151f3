"""The learner's home and the way to the player."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.notices.models import Notice
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.enrolment import service
from app.training.enrolment.models import Enrolment
from app.training.plans.models import RunItem
from tests import factories
from tests.training.counting import statements


@pytest.fixture
def learner(session: Session, office: FlaskClient) -> Person:
    """A learner, signed in."""
    who = factories.person(session)
    factories.enter(office, session, who)
    return who


def today() -> date:
    """Return the present day in Japan: pages know no other."""
    return clock.today(clock.now())


def assign(
    session: Session, who: Person, title: str, first: int, last: int, status: str | None = None
) -> uuid.UUID:
    """Enrol somebody in an open run whose days are counted from today."""
    run = factories.run(
        session,
        factories.training(session, title),
        materials=(factories.material(session, who, f"{title}の教材"),),
        learn_from=today() + timedelta(days=first),
        learn_until=today() + timedelta(days=last),
    )
    key = factories.assignment_of(session, factories.enrol(session, run, who))
    if status:
        done = status in ("completed", "passed")
        session.add(
            LearnerRecord(
                person_id=who.id,
                material_id=session.scalars(
                    sa.text("select material_id from run_item order by id desc limit 1").columns(
                        material_id=sa.Uuid
                    )
                ).one(),
                assignment_id=key,
                status=status,
                progress=1.0 if done else 0.4,
                seconds=600.0,
                started_at=clock.now(),
                completed_at=clock.now() if done else None,
            )
        )
        session.flush()
    return key


def part(page: str, head: str) -> str:
    """Return the part of a page under one of its headings."""
    return page.split(f">{head}</h2>")[1].split("</section>", maxsplit=1)[0]


def test_a_home_without_anything_says_so(office: FlaskClient, learner: Person) -> None:
    page = office.get("/").text
    assert "受講する研修はありません" in page
    assert "研修担当の仕事" not in page
    assert "お知らせ" not in page.split("<main")[1].split("</main>")[0]


# What is to be done by deadline, and the start within two clicks.
@pytest.mark.requirement("UIX-01")
def test_home_sorts_by_deadline_with_one_button_each(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    due = assign(session, learner, "きょうの研修", -3, 0)
    assign(session, learner, "先の研修", -3, 30, "in_progress")
    assign(session, learner, "過ぎた研修", -9, -1)
    assign(session, learner, "来月の研修", 10, 40)
    assign(session, learner, "済んだ研修", -3, 30, "passed")
    page = office.get("/").text
    assert "きょうの研修" in part(page, "今日と今週")
    assert "今日まで" in part(page, "今日と今週")
    assert f"/assignments/{due}/launch" in part(page, "今日と今週")
    assert "続ける" in part(page, "これから期限が来る研修")
    assert "過ぎた研修" in part(page, "期限を過ぎた研修")
    assert "/launch" not in part(page, "期限を過ぎた研修")
    assert "/launch" not in part(page, "まだ始まっていない研修")
    assert "合格" in part(page, "最近完了した研修")
    assert page.split("<main")[1].count('data-kind="primary"') == 1


def test_what_is_left_to_somebody_is_said_to_be_so_and_makes_nobody_late(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    first, second = (factories.material(session, learner, name) for name in ("必ず読む", "読み物"))
    run = factories.run(session, materials=(first, second))
    optional = session.scalars(sa.select(RunItem).where(RunItem.material_id == second.id)).one()
    optional.is_required = False
    factories.enrol(session, run, learner)
    page = office.get("/").text
    assert page.count("任意の教材です") == 1
    run.learn_until = clock.today(clock.now()) - timedelta(days=1)
    session.flush()
    late = part(office.get("/").text, "期限を過ぎた研修")
    assert "必ず読む" in late
    assert "読み物" not in late


def test_home_does_not_show_what_is_not_to_be_taken(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    for state in ("draft", "ended", "cancelled"):
        training = factories.training(session, f"見えない研修 {state}")
        material = factories.material(session, learner)
        run = factories.run(session, training, state=state, materials=(material,))
        factories.enrol(session, run, learner)
    run = factories.run(session, materials=(factories.material(session, learner),))
    factories.enrol(session, run, learner, state="revoked")
    assign(session, factories.person(session), "ほかの人の研修", -3, 0)
    page = office.get("/").text
    assert "受講する研修はありません" in page
    assert "見えない研修" not in page
    assert "ほかの人の研修" not in page


def test_home_costs_the_same_statements_however_much_there_is_to_do(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    assign(session, learner, "研修", -3, 3)
    with statements(session) as few:
        office.get("/")
    for _ in range(10):
        assign(session, learner, "研修", -3, 3)
    with statements(session) as many:
        office.get("/")
    assert len(many) == len(few)


def test_the_office_sees_runs_near_their_deadline_and_drafts(
    office: FlaskClient, session: Session
) -> None:
    clerk = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, clerk)
    assert "急ぐ仕事はありません" in office.get("/").text
    assign(session, factories.person(session), "近い研修", -3, 2)
    factories.run(session, factories.training(session, "準備の研修"), state="draft")
    desk = part(office.get("/").text, "研修担当の仕事")
    assert "近い研修" in desk
    assert "まだ完了していない人 1人" in desk
    assert "準備の研修" in desk


# The unread notices.
@pytest.mark.requirement("NTF-05")
def test_a_notice_is_shown_until_it_is_read_by_its_own_person(
    office: FlaskClient, session: Session, learner: Person, now: datetime
) -> None:
    assign(session, learner, "接遇の基本", -3, 20)
    run_id = session.scalars(sa.select(Enrolment.run_id)).one()
    service.tell_opened(session, run_id, now)
    assert "研修の受講を始められます：接遇の基本" in office.get("/").text
    notice = session.scalars(sa.select(Notice)).one()
    factories.enter(office, session, factories.person(session))
    assert office.post(f"/notices/{notice.id}/read").status_code == 404
    factories.enter(office, session, learner)
    answer = office.post(f"/notices/{notice.id}/read")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "研修の受講を始められます" not in office.get("/").text


def test_all_notices_are_read_at_once(
    office: FlaskClient, session: Session, learner: Person, now: datetime
) -> None:
    assign(session, learner, "接遇の基本", -3, 20)
    run_id = session.scalars(sa.select(Enrolment.run_id)).one()
    service.tell_opened(session, run_id, now)
    assert office.post("/notices/read").status_code == 303
    assert "研修の受講を始められます" not in office.get("/").text


def test_an_assignment_shows_how_far_it_is(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    key = assign(session, learner, "接遇の基本", -3, 20, "in_progress")
    page = office.get(f"/assignments/{key}").text
    assert "接遇の基本の教材" in page
    assert "続ける" in page
    assert "10分" in page


def test_an_assignment_that_cannot_be_launched_says_why_and_is_refused(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    key = assign(session, learner, "接遇の基本", -9, -1)
    page = office.get(f"/assignments/{key}").text
    assert "受講の期限を過ぎています" in page
    assert "/launch" not in page
    answer = office.post(f"/assignments/{key}/launch")
    assert answer.status_code == 422
    assert "受講の期限を過ぎています" in answer.text


def test_an_assignment_of_somebody_else_is_neither_shown_nor_launched(
    office: FlaskClient, session: Session, learner: Person
) -> None:
    key = assign(session, factories.person(session), "ほかの人の研修", -3, 20)
    assert office.get(f"/assignments/{key}").status_code == 404
    assert office.post(f"/assignments/{key}/launch").status_code == 404


def test_home_asks_who_one_is(office: FlaskClient) -> None:
    assert office.get("/").status_code == 303
