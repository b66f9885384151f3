"""C09: whoever signs in by the organisation's account has no local password, nor needs one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.federation import service
from app.people.permission.models import Role
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import Credential, SignIn
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.oidc import OpenIdProvider, openid_provider

pytestmark = pytest.mark.requirement("SEC-03")


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as served:
        served.callbacks.add("http://localhost:8000/oidc/callback")
        yield served


@pytest.fixture
def settings(settings: Settings, provider: OpenIdProvider) -> Settings:
    return dataclasses.replace(settings, **provider.settings())


def actions(session: Session) -> list[str]:
    return list(session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_the_first_sign_in_needs_no_password_and_makes_none(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.informed(session, factories.person(session, number="00012"), clock.now())
    assert way.by_oidc(office, provider, "00012").location == "/"
    assert office.get("/").status_code == 200
    assert session.scalars(sa.select(Credential)).all() == []


def test_a_password_issued_or_chosen_ends_with_the_sign_in(
    office: FlaskClient, session: Session, provider: OpenIdProvider, settings: Settings
) -> None:
    who = factories.person(session, number="00012")
    factories.informed(session, who, clock.now())
    ((_, password),) = sign_in.issue_passwords(session, [who.id], SYSTEM, clock.now())
    assert way.by_oidc(office, provider, "00012").location == "/"
    assert session.scalars(sa.select(Credential)).all() == []
    assert actions(session)[-2:] == ["person.password_withdrawn", "person.signed_in"]
    typed = {"number": "00012", "password": password}
    assert office.application.test_client().post("/sign-in", data=typed).status_code == 422
    line = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert line is not None
    assert line.details["reason"] == "no_password"
    assert office.get("/").status_code == 200


def test_the_page_of_the_password_says_that_there_is_none(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.informed(session, factories.person(session, number="00012"), clock.now())
    way.by_oidc(office, provider, "00012")
    typed = {"present": "x", "new": "a long sentence of mine", "again": "a long sentence of mine"}
    for answer in (office.get("/password"), office.post("/password", data=typed)):
        assert answer.status_code == 422
        assert "パスワードはありません" in answer.text
    assert session.scalars(sa.select(Credential)).all() == []


def test_an_administrator_keeps_one_for_the_day_on_which_the_provider_is_away(
    session: Session, now: datetime, settings: Settings
) -> None:
    who = factories.person(session, number="00001", roles=(Role.ADMINISTRATOR,))
    ((_, password),) = sign_in.issue_passwords(session, [who.id], SYSTEM, now)
    assert isinstance(service.admit(session, "00001", now, settings, method="oidc"), SignIn)
    checked = sign_in.check(session, "00001", password, now)
    assert isinstance(sign_in.sign_in(session, checked, now, settings), SignIn)


def test_somebody_who_is_not_let_in_loses_nothing(
    session: Session, now: datetime, settings: Settings
) -> None:
    who = factories.person(session, number="00012")
    sign_in.issue_passwords(session, [who.id], SYSTEM, now)
    who.left_on = factories.LONG_AGO
    session.flush()
    assert isinstance(service.admit(session, "00012", now, settings, method="saml"), Refused)
    assert session.get(Credential, who.id) is not None
