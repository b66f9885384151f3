"""The office plans runs."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans.models import Run, RunItem
from tests import factories
from tests.training.counting import rows


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def test_a_form_with_errors_keeps_what_was_written(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    factories.material(session, clerk)
    answer = office.post(
        f"/trainings/{training.id}/runs/new",
        data={"learn_from": "らいしゅう", "learn_until": "2026/7/1", "minutes": "三十"},
    )
    assert answer.status_code == 422
    assert "らいしゅう" in answer.text
    assert "2026/7/1、R8.7.1、令和8年7月1日のように入力してください。" in answer.text
    assert "1から6000までの数字を入力してください。" in answer.text
    assert "Not a valid" not in answer.text
    assert rows(session, Run) == 0


def test_a_run_is_planned_with_its_materials_in_order(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    first = factories.material(session, clerk, "はじめに")
    second = factories.material(session, clerk, "確認テスト")
    entered = {
        "key": str(uuid.uuid4()),
        "learn_from": "R8.12.1",
        "learn_until": "令和８年１２月２８日",
        "minutes": "３０",
        "what_1": str(second.id),
        "what_2": str(first.id),
    }
    answers = [office.post(f"/trainings/{training.id}/runs/new", data=entered) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    run = session.scalars(sa.select(Run)).one()
    assert (run.number, run.state, run.minutes) == (1, "draft", 30)
    assert (run.learn_from, run.learn_until) == (date(2026, 12, 1), date(2026, 12, 28))
    items = session.scalars(sa.select(RunItem.material_id).order_by(RunItem.position)).all()
    assert items == [second.id, first.id]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learn_until": "2026/11/30"}, "受講を始められる日より後の日を入力してください。"),
        ({"what_1": ""}, "教材を選んでください。"),
        ({"what_1": str(uuid.uuid4())}, "公開中の教材から選んでください。"),
        ({"minutes": "0"}, "1から6000までの数字を入力してください。"),
    ],
)
def test_a_run_that_cannot_be_is_not_planned(
    office: FlaskClient, session: Session, clerk: Person, changed: dict[str, str], said: str
) -> None:
    training = factories.training(session)
    material = factories.material(session, clerk)
    entered = {
        "learn_from": "2026/12/1",
        "learn_until": "2026/12/28",
        "minutes": "30",
        "what_1": str(material.id),
    }
    answer = office.post(f"/trainings/{training.id}/runs/new", data=entered | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(session, Run) == 0


def test_the_same_material_is_not_taken_twice(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    training = factories.training(session)
    material = factories.material(session, clerk)
    entered = {"learn_from": "2026/12/1", "learn_until": "2026/12/28", "minutes": "30"}
    twice = {"what_1": str(material.id), "what_2": str(material.id)}
    answer = office.post(f"/trainings/{training.id}/runs/new", data=entered | twice)
    assert answer.status_code == 422
    assert "同じ教材は一度だけ選べます。" in answer.text


def test_without_a_published_material_the_page_says_what_to_do(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    factories.material(session, clerk, state="draft")
    page = office.get(f"/trainings/{factories.training(session).id}/runs/new")
    assert "公開中の教材がありません" in page.text


@pytest.mark.parametrize(
    ("state", "enrolled", "primary"),
    [
        ("draft", False, "受講者を登録する"),
        ("draft", True, "受講を開始する"),
        ("open", True, "受講状況を見る"),
        ("ended", True, "受講状況を見る"),
    ],
)
def test_a_run_offers_the_one_thing_to_do_next(
    office: FlaskClient, session: Session, clerk: Person, state: str, enrolled: bool, primary: str
) -> None:
    run = factories.run(session, state=state, materials=(factories.material(session, clerk),))
    if enrolled:
        factories.enrol(session, run, clerk)
    page = office.get(f"/runs/{run.id}").text
    actions = page.split('class="heading__actions"')[1].split("</div>")[0]
    assert actions.count('data-kind="primary"') == 1
    assert primary in actions


def test_a_run_is_opened_from_its_page_and_only_once(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session, state="draft", materials=(factories.material(session, clerk),))
    factories.enrol(session, run, clerk)
    assert office.post(f"/runs/{run.id}/open").status_code == 303
    assert "受講を開始しました" in office.get(f"/runs/{run.id}").text
    assert office.post(f"/runs/{run.id}/open").status_code == 409


def test_a_refused_opening_says_why(office: FlaskClient, session: Session, clerk: Person) -> None:
    run = factories.run(session, state="draft", materials=(factories.material(session, clerk),))
    answer = office.post(f"/runs/{run.id}/open")
    assert answer.status_code == 422
    assert "受講者がいないため、受講を開始できません" in answer.text


def test_other_days_are_given_to_a_run(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session, learn_from=date(2026, 11, 1), learn_until=date(2026, 11, 2))
    assert "2026/11/02" in office.get(f"/runs/{run.id}/edit").text
    entered = {"learn_from": "2026/11/1", "learn_until": "2027/1/31", "minutes": "45"}
    assert office.post(f"/runs/{run.id}/edit", data=entered).status_code == 303
    session.refresh(run)
    assert (run.learn_until, run.minutes) == (date(2027, 1, 31), 45)


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (
            "2026/11/23",
            "令和8年11月23日（月）は閉庁日です。その前の開庁日は令和8年11月20日（金）です。",
        ),
        (
            "2026/12/31",
            "令和8年12月31日（木）は閉庁日です。その前の開庁日は令和8年12月28日（月）です。",
        ),
        ("2026/11/24", ""),
    ],
)
def test_a_last_day_on_which_the_office_is_closed_is_told(
    office: FlaskClient, session: Session, clerk: Person, until: str, told: str
) -> None:
    run = factories.run(session, learn_from=date(2026, 11, 1), learn_until=date(2026, 11, 2))
    entered = {"learn_from": "2026/11/1", "learn_until": until, "minutes": "45"}
    page = office.post(f"/runs/{run.id}/edit", data=entered, follow_redirects=True).text
    assert ("閉庁日" in page) == bool(told)
    assert told in page


def test_an_unknown_run_and_an_unknown_action_are_not_found(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session)
    assert office.get(f"/runs/{uuid.uuid4()}").status_code == 404
    assert office.post(f"/runs/{run.id}/destroy").status_code == 404
