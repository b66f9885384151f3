"""C36: one click closes an account, another one lets the whole system only be read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, hashing
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.kernel.system import service as system
from app.people.accounts import service as accounts
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import Credential
from tests import factories
from tests.kernel.web.test_every_route import ask, routes
from tests.learning import made
from tests.learning.player.conftest import message
from tests.protection.conftest import Window
from tests.routes import CHANGES

OWN = "わたしの長い合い言葉です"
EVERYTHING = tuple(role for role in Role if role is not Role.LEARNER)
#: What is let through while nothing may be changed: signing in and out with its steps, the choice
#: of a language and of years, which are cookies, what ends the mode, and what closes accounts in
#: an incident.
LET_THROUGH = {
    "sign_in.sign_in",
    "sign_in.sign_out",
    "passwords.change",
    "second_factor.give",
    "second_factor.propose",
    "second_factor.confirm",
    "second_factor.reset",
    "purposes.confirm",
    "frame.choose_language",
    "frame.choose_years",
    "system.end_read_only",
    "accounts.freeze",
    "operators.end",
    "portals.stop",
    "xapi_clients.stop",
    "xapi_forwards.stop",
}


def with_own_password(session: Session, number: str = "00012") -> Person:
    who = factories.person(session, "架空 太郎", number=number)
    factories.informed(session, who, clock.now())
    session.add(
        Credential(
            person_id=who.id,
            password_hash=hashing.of_chosen(OWN),
            must_change=False,
            changed_at=clock.now(),
        )
    )
    session.flush()
    return who


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMINISTRATOR])
def test_a_click_ends_what_is_open_and_refuses_every_way_in_until_it_is_undone(
    office: FlaskClient, session: Session, settings: Settings, role: Role
) -> None:
    who, clerk = with_own_password(session), factories.person(session, roles=(role,))
    browser = office.application.test_client()
    typed = {"number": "00012", "password": OWN}
    assert browser.post("/sign-in", data=typed).status_code == 303
    factories.enter(office, session, clerk)
    path = f"/staff/{who.id}"
    assert "アカウントを停止する" in office.get(path).text
    assert office.post(f"{path}/freeze").location == path
    assert browser.get("/").location.startswith("/sign-in")
    assert browser.post("/sign-in", data=typed).status_code == 422
    for method in ("oidc", "saml", "password"):
        with pytest.raises(Refused, match="account_closed"):
            sign_in.begin(session, who.id, clock.now(), settings, method=method)
    assert "停止中" in office.get(path).text
    assert office.post(f"{path}/thaw").location == path
    assert browser.post("/sign-in", data=typed).status_code == 303
    actions = session.execute(
        sa.select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.subject_id)
        .where(AuditEvent.action.in_(("person.frozen", "person.thawed")))
        .order_by(AuditEvent.seq)
    ).all()
    assert [tuple(line) for line in actions] == [
        ("person.frozen", clerk.id, who.id),
        ("person.thawed", clerk.id, who.id),
    ]


def test_the_office_freezes_nobody_beyond_or_above(office: FlaskClient, session: Session) -> None:
    own = factories.section(session)
    clerk = factories.person(session, section=own)
    grant = {"person_id": clerk.id, "role": Role.OFFICE, "valid_from": factories.LONG_AGO}
    session.add(factories.RoleGrant(section_id=own.id, **grant))
    beyond = factories.person(session)
    above = factories.person(session, section=own, roles=(Role.ADMINISTRATOR,))
    factories.enter(office, session, clerk)
    for who, status in ((beyond, 404), (above, 403), (clerk, 422)):
        assert office.post(f"/staff/{who.id}/freeze").status_code == status


def test_an_open_player_of_a_frozen_account_shows_no_more_and_keeps_what_it_holds(
    window: Window, session: Session
) -> None:
    window.go()
    person_id = made.attempt(session, window.attempt_id).person_id
    accounts.freeze(session, person_id, by=SYSTEM, now=clock.now())
    session.flush()
    assert window.get().status_code == 410
    assert window.at_step(2, "continue").status_code == 410
    assert window.commit(message(1, ["cmi.suspend_data", "kept"])).status_code == 200


@pytest.fixture
def read_only(session: Session) -> None:
    """A system that may only be read."""
    system.begin(session, "incident", by=SYSTEM, now=clock.now())
    session.flush()


@pytest.mark.usefixtures("read_only")
def test_every_change_is_refused_and_says_why_but_those_that_an_incident_needs(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, roles=EVERYTHING)
    let_through = set()
    changes = [
        (each, method)
        for method in CHANGES
        for each in routes(office.application, method)
        if not each[2].startswith("token:")  # one that is forged is not even looked at
    ]
    for (route, path, _), method in changes:
        if system.read_only(session) is None:  # the route before has ended it
            system.begin(session, "incident", by=SYSTEM, now=clock.now())
            session.flush()
        client = office.application.test_client()
        factories.enter(client, session, who)
        answer = ask(client, method, path)
        if answer.status_code == 503:
            assert answer.get_json()["type"] == "urn:kenshu:read_only", route.endpoint
            assert "操作は保存されていません" in answer.get_json()["detail"]
        else:
            let_through.add(route.endpoint)
    assert let_through == LET_THROUGH


@pytest.mark.usefixtures("read_only")
def test_every_page_can_be_read_and_says_so_on_top(office: FlaskClient, session: Session) -> None:
    assert "いまは閲覧だけできます" in office.get("/sign-in").text
    factories.enter(office, session, factories.person(session, roles=EVERYTHING))
    for path in ("/", "/staff", "/trainings", "/materials", "/history", "/account", "/nowhere"):
        page = office.get(path).text
        assert page.count("いまは閲覧だけできます") == 1, path
        assert "事故などの調査と対応" in page
    posted = office.post("/trainings/new", data={"code": "X"})
    assert posted.status_code == 503
    assert "前の画面に戻り、再開してから、もう一度送信してください" in posted.text


def test_the_administrator_begins_and_ends_it_on_a_page(
    office: FlaskClient, session: Session
) -> None:
    who = factories.person(session, roles=(Role.ADMINISTRATOR, Role.OFFICE))
    factories.enter(office, session, who)
    assert "いまは閲覧だけできます" not in office.get("/system").text
    refused = office.post("/system/read-only", data={"reason": ""})
    assert refused.status_code == 422
    assert "理由を選んでください" in refused.text
    assert office.post("/system/read-only", data={"reason": "drill"}).location == "/system"
    assert "訓練" in office.get("/system").text
    assert office.post("/trainings/new", data={}).status_code == 503
    assert office.post("/system/read-only/end").location == "/system"
    assert office.post("/trainings/new", data={}).status_code == 422
    actions = list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert [each for each in actions if each.startswith("system.")] == [
        "system.read_only_began",
        "system.read_only_ended",
    ]
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    assert office.post("/system/read-only", data={"reason": "drill"}).status_code == 403


def test_what_a_learner_does_meanwhile_waits_in_the_player_and_arrives_afterwards(
    window: Window, session: Session
) -> None:
    window.go()
    system.begin(session, "maintenance", by=SYSTEM, now=clock.now())
    session.flush()
    sent = message(1, ["cmi.suspend_data", "typed meanwhile"])
    for answer in (window.commit(sent), window.at_step(2, "continue"), window.post("leave", {})):
        # The player repeats what is answered with 503, and keeps it until it is taken.
        assert answer.status_code == 503
        assert answer.get_json()["type"] == "urn:kenshu:read_only"
    assert window.get().status_code == 200
    system.end(session, by=SYSTEM, now=clock.now())
    session.flush()
    assert window.commit(sent).get_json()["sequence"] == 1
    values = window.go("open")["state"]["values"]
    assert values["cmi.suspend_data"] == "typed meanwhile"
