"""Dynamic registration: an address that holds once, and what a platform makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Gone
from app.kernel.hashing import hashed
from app.kernel.settings import Settings
from app.people.register.models import Person
from app.portals.invitations import queries, service
from app.portals.invitations.models import PortalInvitation
from app.portals.registrations.models import Portal, PortalDeployment
from lti.dynamic import Platform, Registered
from tests import factories
from tests.lti import services
from tests.lti.services import Services
from tests.lti.test_dynamic import TOOL_CLAIM, configuration
from tests.portals import made

CONFIGURATION = "/config?site=1"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which a platform on the loopback may be called."""
    return replace(settings, portal_networks="127.0.0.0/8")


@pytest.fixture
def platform() -> Iterator[Services]:
    """A platform that registers whoever asks."""
    with services.serving() as serving:
        serving.answers_with(f"GET {CONFIGURATION}", configuration(serving))
        given = {"client_id": "client-9", TOOL_CLAIM: {"deployment_id": "5"}}
        serving.answers_with("POST /register?site=1", given)
        yield serving


@pytest.fixture
def first(office: FlaskClient, session: Session) -> Person:
    """The administrator who invites."""
    who = made.administrator(session, "招待 一子")
    factories.enter(office, session, who)
    return who


@pytest.fixture
def token(session: Session, first: Person) -> str:
    """The token of an address that holds."""
    return service.invite(session, "学びの窓", by=made.acting(first), now=clock.now())[1]


def invitation(session: Session) -> PortalInvitation:
    session.expire_all()
    return session.scalars(sa.select(PortalInvitation)).one()


def portals(session: Session) -> list[Portal]:
    session.expire_all()
    return list(session.scalars(sa.select(Portal)))


def sent(platform: Services) -> dict[str, str]:
    """Return what a platform sends along."""
    return {
        "openid_configuration": platform.origin + CONFIGURATION,
        "registration_token": "once-from-the-platform",
    }


def test_an_address_is_shown_once_and_only_its_hash_is_kept(
    office: FlaskClient, session: Session, settings: Settings, first: Person
) -> None:
    assert "まだ使われていないアドレス" not in office.get("/portals/invitations/new").text
    assert office.post("/portals/invitations", data={"name": " "}).status_code == 422
    answer = office.post("/portals/invitations", data={"name": "学びの窓"})
    page = html.document_fromstring(answer.text)
    address = page.xpath("//input[@id='address']/@value")[0]
    start = f"{settings.office_origin}/lti/register/"
    assert address.startswith(start)
    token = address.removeprefix(start)
    row = invitation(session)
    assert (row.token_hash, row.created_by) == (hashed(token), first.id)
    assert row.expires_at == row.created_at + timedelta(days=7)
    assert row.used_at is None
    later = office.get("/portals/invitations/new").text
    assert "学びの窓" in later
    assert token not in later
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "portal_invitation.created")
    ).one()
    assert token not in json.dumps(line.details)


@pytest.mark.requirement("LTI-05")
def test_a_platform_registers_itself_and_waits_for_another_administrator(
    office: FlaskClient, session: Session, first: Person, token: str, platform: Services,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    stranger = office.application.test_client()
    path = f"/lti/register/{token}"
    asked = stranger.get(path, query_string=sent(platform))
    assert asked.status_code == 200
    assert platform.origin.removeprefix("http://") in asked.text
    assert "登録を申し込む" in asked.text
    assert "frame-ancestors 'self' *" in asked.headers["Content-Security-Policy"]
    assert platform.asked == [], "nothing is called before somebody says so"
    page = html.document_fromstring(asked.text)
    fields = {each.get("name"): each.get("value") for each in page.xpath("//form//input")}
    assert fields == sent(platform)

    answer = stranger.post(path, data=fields)
    assert answer.status_code == 200
    assert html.document_fromstring(answer.text).xpath("//*[@data-portal-close]")
    (row,) = portals(session)
    assert (row.name, row.state, row.proposed_by) == ("学びの窓", "proposed", first.id)
    assert (row.issuer, row.client_id) == (platform.origin, "client-9")
    waiting = session.scalars(sa.select(PortalDeployment)).one()
    assert (waiting.deployment_id, waiting.allowed_at) == ("5", None)
    assert invitation(session).portal_id == row.id
    said = json.loads(platform.asked[-1].body)
    assert said["initiate_login_uri"].endswith("/lti/login")
    assert platform.asked[-1].headers["Authorization"] == "Bearer once-from-the-platform"
    told = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "once-from-the-platform" not in told

    assert office.post(f"/portals/{row.id}/approve").status_code == 422, "who invited proposed it"
    factories.enter(stranger, session, made.administrator(session, "承認 二郎"))
    assert stranger.post(f"/portals/{row.id}/approve").status_code == 303

    again = stranger.post(path, data=fields)
    assert again.status_code == 410
    assert "もう使えません" in again.text
    assert len(portals(session)) == 1


def test_an_address_that_does_not_hold_says_so(
    office: FlaskClient, session: Session, token: str, platform: Services
) -> None:
    for method in (office.get, office.post):
        unknown = method("/lti/register/open", query_string=sent(platform), data=sent(platform))
        assert unknown.status_code == 404
        assert "登録用のアドレスが正しくありません" in unknown.text
    invitation(session).expires_at = clock.now() - timedelta(seconds=1)
    session.flush()
    late = office.get(f"/lti/register/{token}", query_string=sent(platform))
    assert "もう使えません" in late.text
    assert platform.asked == []


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1/", "nowhere", "http://a;b/"])
def test_without_a_configuration_nothing_is_called(
    office: FlaskClient, token: str, address: str
) -> None:
    asked = office.get(f"/lti/register/{token}?openid_configuration={quote(address)}")
    assert asked.status_code == 422
    assert "ツールの登録" in asked.text
    assert "frame-ancestors 'self' *" in asked.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issuer": "https://elsewhere.example.com"}, "別のホスト"),
        ({"jwks_uri": None}, "jwks_uri"),
        (
            {"authorization_endpoint": "javascript://127.0.0.1/%0aalert(1)"},
            "authorization_endpoint",
        ),
        ({"token_endpoint": "http://127.0.0.1;x/"}, "token_endpoint"),
    ],
)
def test_what_a_platform_gets_wrong_is_told_and_uses_nothing_up(
    office: FlaskClient,
    session: Session,
    token: str,
    platform: Services,
    change: dict[str, object],
    told: str,
) -> None:
    platform.answers_with(f"GET {CONFIGURATION}", configuration(platform, **change))
    answer = office.post(f"/lti/register/{token}", data=sent(platform))
    assert answer.status_code == 422
    assert told in answer.text
    assert invitation(session).used_at is None
    assert portals(session) == []
    assert [each.method for each in platform.asked] == ["GET"], "it was not told of us"


def test_a_platform_that_refuses_or_is_away_uses_nothing_up(
    office: FlaskClient, session: Session, token: str, platform: Services
) -> None:
    platform.answers_with("POST /register?site=1", "no", status=403)
    answer = office.post(f"/lti/register/{token}", data=sent(platform))
    assert "受け付けませんでした（状態 403）" in answer.text
    platform.answers_with(f"GET {CONFIGURATION}", "no document")
    answer = office.post(f"/lti/register/{token}", data=sent(platform))
    assert "全体を読み取れません" in answer.text
    away = {"openid_configuration": "http://127.0.0.1:9/", "registration_token": ""}
    answer = office.post(f"/lti/register/{token}", data=away)
    assert "つながらないか、答えがありません" in answer.text
    assert re.search("庁内のポータルは", answer.text)
    assert invitation(session).used_at is None


def test_what_is_registered_already_takes_nothing_back(
    office: FlaskClient, session: Session, settings: Settings, token: str, platform: Services
) -> None:
    made.proposed(session, settings, issuer=platform.origin, client_id="client-9")
    answer = office.post(f"/lti/register/{token}", data=sent(platform))
    assert answer.status_code == 422
    assert "もう登録されています" in answer.text
    assert invitation(session).used_at is None


def test_of_two_that_come_at_once_one_is_registered(
    session: Session, settings: Settings, token: str
) -> None:
    row = queries.known(session, token)
    assert row is not None
    at = "https://lms.example.jp"
    platform = Platform(at, f"{at}/auth", f"{at}/token", f"{at}/keys", f"{at}/register", "", "", ())
    given = {"now": clock.now(), "settings": settings}
    service.accept(session, row.id, platform, Registered("client-1", ""), **given)
    with pytest.raises(Gone, match="invitation_used"):
        service.accept(session, row.id, platform, Registered("client-2", ""), **given)
    assert session.scalar(sa.select(sa.func.count()).select_from(PortalDeployment)) == 0
    assert queries.waiting(session, clock.now()) == []
