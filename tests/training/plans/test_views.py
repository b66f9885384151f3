"""The office plans trainings."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans.models import Training
from tests import factories
from tests.training.counting import rows, statements


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def test_a_training_is_registered_once_however_often_the_form_is_sent(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    page = office.get("/trainings/new").text
    assert 'name="key"' in page
    entered = {
        "key": str(uuid.uuid4()),
        "code": " S-01 ",
        "title": "情報セキュリティ",
        "purpose": "",
    }
    answers = [office.post("/trainings/new", data=entered) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    row = session.scalars(sa.select(Training)).one()
    assert (row.code, row.title) == ("S-01", "情報セキュリティ")
    assert "研修を登録しました" in office.get(answers[0].location).text


def test_a_code_of_another_training_is_said_at_its_field(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    taken = factories.training(session)
    entered = {"key": str(uuid.uuid4()), "code": taken.code, "title": "別の研修"}
    answer = office.post("/trainings/new", data=entered)
    assert answer.status_code == 422
    assert f"研修コード {taken.code} は、ほかの研修で使われています" in answer.text
    assert "別の研修" in answer.text
    assert rows(session, Training) == 1


def test_the_list_is_searched_filtered_and_counted(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    held = factories.training(session, "情報セキュリティ")
    factories.training(session, "接遇の基本")
    factories.run(session, held, state="open")
    page = office.get("/trainings?state=open").text
    assert "情報セキュリティ" in page
    assert "接遇の基本" not in page
    assert "すべて（2）" in page
    assert "実施中の回がある（1）" in page
    assert "当てはまる研修がありません" in office.get("/trainings?q=無い").text


def test_the_list_costs_the_same_statements_whatever_its_size(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    factories.run(session)
    with statements(session) as few:
        office.get("/trainings")
    for _ in range(20):
        factories.run(session)
    with statements(session) as many:
        office.get("/trainings")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "path", ["/trainings", "/trainings/new", "/runs/{run}", "/runs/{run}/enrol"]
)
def test_a_learner_does_not_plan(office: FlaskClient, session: Session, path: str) -> None:
    factories.enter(office, session, factories.person(session))
    run = factories.run(session)
    assert office.get(path.format(run=run.id)).status_code == 403
