"""A run's page leads it through its life."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


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


def test_an_unknown_run_and_an_unknown_action_are_not_found(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = factories.run(session)
    assert office.get(f"/runs/{uuid.uuid4()}").status_code == 404
    assert office.post(f"/runs/{run.id}/destroy").status_code == 404
