"""C04: at the first sign-in and after each new wording, people read what their data is for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role
from app.people.purposes.models import PurposeConfirmation, PurposeStatement
from app.people.register.models import Person
from app.people.sign_in import service
from tests import factories
from tests.kernel.web.test_every_route import JSON, ask, routes
from tests.learning.surveying import held
from tests.protection.conftest import OfficeWith
from tests.routes import METHODS, asks_nobody

OWN = "わたしの長い合い言葉です"
WORDING = {"purpose": "新しい目的", "viewers": "新しい閲覧者", "retention": "新しい期間"}


def first_sign_in(client: FlaskClient, session: Session, who: Person, number: str) -> None:
    """Sign somebody in for the first time, up to their own password."""
    ((_, password),) = service.issue_passwords(session, [who.id], SYSTEM, clock.now())
    client.post("/sign-in", data={"number": number, "password": password, "next": "/history"})
    typed = {"present": password, "new": OWN, "again": OWN}
    assert client.post("/password", data=typed).status_code == 303


@pytest.mark.requirement("SEC-03")
def test_the_first_sign_in_shows_purpose_viewers_and_retention_after_the_password(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, number="00012")
    first_sign_in(office, session, who, "00012")
    assert office.get("/").location == "/purposes"
    page = office.get("/purposes").text
    for words in ("何に使うか", "誰が見るか", "いつまで保管するか", "確認しました"):
        assert words in page
    assert "職員研修の計画、受講者の決定" in page
    assert "修了の認定、出席、報告、アンケートの記録は3年" in page
    confirmed = office.post("/purposes/confirm", data={"version": "0"})
    assert confirmed.location == "/history"  # the page that was asked for at the beginning
    assert office.get("/history").status_code == 200
    row = session.scalars(sa.select(PurposeConfirmation)).one()
    assert (row.person_id, row.version) == (who.id, 0)
    assert clock.now().timestamp() - row.confirmed_at.timestamp() < 60
    lines = session.scalars(sa.select(AuditEvent.action)).all()
    assert lines.count("person.purposes_confirmed") == 1


@pytest.mark.parametrize("method", METHODS)
def test_before_that_nothing_else_is_open_to_whatever_role(
    office: FlaskClient, session: Session, method: str
) -> None:
    everything = tuple(role for role in Role if role is not Role.LEARNER)
    who = factories.person(session, roles=everything)
    asked = 0
    for route, path, rule in routes(office.application, method):
        if asks_nobody(rule) or rule in ("identified", "step:purpose"):
            continue
        client = office.application.test_client()
        factories.enter(client, session, who)
        session.execute(sa.delete(PurposeConfirmation))
        answer = ask(client, method, path)
        assert (answer.status_code, answer.location) == (303, "/purposes"), route.endpoint
        asked += 1
    assert asked >= METHODS[method]


def test_it_comes_after_the_second_factor(office_with: OfficeWith, session: Session) -> None:
    client = office_with(second_factor_roles="office")
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(client, session, who)
    session.execute(sa.delete(PurposeConfirmation))
    assert client.get("/").location == "/second-factor"
    assert client.get("/purposes").location == "/second-factor"


def test_a_new_wording_is_read_by_everybody_and_the_old_ones_are_kept(
    office: FlaskClient, session: Session
) -> None:
    writer = factories.person(session, "文案 花子", roles=(Role.OFFICE,))
    reader = office.application.test_client()
    factories.enter(office, session, writer)
    factories.enter(reader, session, factories.person(session))
    assert reader.get("/").status_code == 200
    answer = office.post("/purposes/edit", data={**WORDING, "after": "0"})
    assert answer.location == "/purposes"
    for client in (reader, office):
        assert client.get("/").location == "/purposes"
        page = client.get("/purposes").text
        assert all(words in page for words in WORDING.values())
        assert "説明の文面が変わりました" in page
        stale = client.post("/purposes/confirm", data={"version": "0"}, headers=JSON)
        assert stale.get_json()["type"] == "urn:kenshu:purposes_changed"
        client.post("/purposes/confirm", data={"version": "1"})
        assert client.get("/").status_code == 200
    versions = office.get("/purposes/edit").text
    assert "文案 花子" in versions
    assert "職員研修の計画、受講者の決定" in versions
    assert session.scalars(sa.select(PurposeStatement)).one().created_by == writer.id
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "purpose_statement.written")
    ).one()
    assert (line.actor_id, line.details) == (writer.id, {"version": 1})


def test_later_it_is_read_from_every_page(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session))
    assert 'href="/purposes"' in office.get("/").text.partition("<footer")[2]
    page = office.get("/purposes").text
    assert "に確認しました" in page
    assert "確認しました</span></button>" not in page


def test_the_wording_that_comes_with_it_speaks_the_readers_language(
    office: FlaskClient, session: Session
) -> None:
    factories.enter(office, session, factories.person(session))
    office.set_cookie("language", "ja")
    assert "ほかの目的には使いません。" in office.get("/purposes").text


@pytest.mark.requirement("SEC-03")
def test_every_survey_shows_purpose_viewers_and_retention_as_they_are_worded(
    office: FlaskClient, session: Session
) -> None:
    place = held(session, office, count=1)
    by = place.people[0].id
    session.add(PurposeStatement(version=1, **WORDING, created_by=by, created_at=clock.now()))
    session.flush()
    path = place.launch(place.people[0])
    page = office.get(path).text
    assert all(words in page for words in WORDING.values())
