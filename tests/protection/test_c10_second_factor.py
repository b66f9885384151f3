"""C10: where a role asks for a second factor, none of its pages opens before it was given."""

from __future__ import annotations

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, sealing
from app.kernel.settings import Settings, SettingsError
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.second_factor.models import SecondFactor
from tests import factories
from tests.kernel.web.test_every_route import ask, routes
from tests.protection.conftest import OfficeWith
from tests.routes import METHODS, asks_nobody

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NEEDED = "administrator office"


def with_factor(session: Session, settings: Settings, *roles: Role) -> Person:
    """Make somebody whose second factor is set up."""
    who = factories.person(session, roles=roles)
    sealed = sealing.seal(settings, SECRET)
    session.add(SecondFactor(person_id=who.id, secret=sealed, set_up_at=clock.now()))
    session.flush()
    return who


def code() -> str:
    return pyotp.TOTP(SECRET).at(clock.now())


@pytest.mark.requirement("SEC-04")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("is_set_up", [False, True])
def test_no_page_but_its_own_opens_before_it_was_given(
    office_with: OfficeWith, session: Session, settings: Settings, method: str, is_set_up: bool
) -> None:
    app = office_with(second_factor_roles=NEEDED).application
    roles = tuple(role for role in Role if role is not Role.LEARNER)
    who = (
        with_factor(session, settings, *roles)
        if is_set_up
        else factories.person(session, roles=roles)
    )
    asked = 0
    for route, path, rule in routes(app, method):
        client = app.test_client()
        factories.enter(client, session, who)
        answer = ask(client, method, path)
        is_kept_out = (answer.status_code, answer.location) == (303, "/second-factor")
        is_step = rule.startswith("step:second_factor")
        is_open = is_step or rule == "identified" or asks_nobody(rule)
        if not is_open:
            assert is_kept_out, f"{route.endpoint}: {answer.status} {answer.location}"
            asked += 1
        elif route.endpoint not in ("second_factor.set_up", "second_factor.propose"):
            assert not is_kept_out, route.endpoint
    assert asked >= METHODS[method]


@pytest.mark.requirement("SEC-04")
def test_given_it_opens_them_in_this_sign_in_alone(
    office_with: OfficeWith, session: Session, settings: Settings
) -> None:
    client = office_with(second_factor_roles=NEEDED)
    who = with_factor(session, settings, Role.ADMINISTRATOR)
    factories.enter(client, session, who)
    assert client.get("/system").location == "/second-factor"
    assert client.get("/second-factor/set-up").location == "/second-factor"
    assert client.post("/second-factor", data={"code": "000000"}).status_code == 422
    assert client.get("/system").location == "/second-factor"
    assert client.post("/second-factor", data={"code": code()}).location == "/"
    assert client.get("/system").status_code == 200
    other = client.application.test_client()
    factories.enter(other, session, who)
    assert other.get("/system").location == "/second-factor"


@pytest.mark.requirement("SEC-04")
def test_who_has_none_sets_it_up_first(office_with: OfficeWith, session: Session) -> None:
    client = office_with(second_factor_roles=NEEDED)
    factories.enter(client, session, factories.person(session, roles=(Role.OFFICE,)))
    assert client.get("/staff").location == "/second-factor"
    assert client.get("/second-factor").location == "/second-factor/set-up"
    client.post("/second-factor/set-up")
    page = client.get("/second-factor/set-up").text
    key = page.partition("キー</dt><dd>")[2].partition("</dd>")[0].replace(" ", "")
    assert client.get("/staff").location == "/second-factor"
    shown = client.post("/second-factor/confirm", data={"code": pyotp.TOTP(key).at(clock.now())})
    assert "予備のコード" in shown.text
    assert client.get("/staff").status_code == 200


def test_a_role_that_asks_for_none_and_a_role_given_later(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(second_factor_roles="administrator")
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(client, session, who)
    assert client.get("/staff").status_code == 200
    session.add(
        factories.RoleGrant(
            person_id=who.id, role=Role.ADMINISTRATOR, valid_from=factories.LONG_AGO
        )
    )
    session.flush()
    assert client.get("/staff").location == "/second-factor"


def test_whoever_has_set_one_up_is_asked_for_it_whatever_the_role(
    office: FlaskClient, session: Session, settings: Settings
) -> None:
    factories.enter(office, session, with_factor(session, settings))
    assert office.get("/").location == "/second-factor"
    assert "6桁" in office.get("/second-factor").text
    office.post("/second-factor", data={"code": code()})
    assert office.get("/").status_code == 200


def test_a_misspelt_role_is_refused_at_the_start(office_with: OfficeWith) -> None:
    with pytest.raises(SettingsError, match=r"KENSHU_SECOND_FACTOR_ROLES .*adminstrator"):
        office_with(second_factor_roles="adminstrator")
