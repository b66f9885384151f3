"""OpenID Connect, against a provider on the loopback: the way in, the way out, the ways back."""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc import jwt
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.federation.oidc import access
from app.people.sign_in.models import SignIn
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.oidc import OpenIdProvider, openid_provider
from tests.people.identity_providers.saml import a_pair

HERE = "http://localhost:8000"
pytestmark = pytest.mark.requirement("SEC-03")


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as served:
        served.callbacks.add(f"{HERE}/oidc/callback")
        yield served


@pytest.fixture
def settings(settings: Settings, provider: OpenIdProvider) -> Settings:
    return dataclasses.replace(settings, **provider.settings())


def lines(session: Session) -> list[tuple[str, object]]:
    query = sa.select(AuditEvent.action, AuditEvent.details).order_by(AuditEvent.seq)
    return [(action, details) for action, details in session.execute(query)]


def test_who_is_vouched_for_lands_on_the_page_that_was_asked_for(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    who = factories.person(session, number="00012")
    factories.informed(session, who, clock.now())
    asked = office.get("/history")
    page = office.get(asked.location).text
    assert "職場のアカウントでサインイン" in page
    answer = way.by_oidc(office, provider, "00012", begin="/oidc/begin?next=/history")
    assert (answer.status_code, answer.location) == (303, "/history")
    assert office.get("/history").status_code == 200
    assert session.scalars(sa.select(SignIn.person_id)).all() == [who.id]
    assert lines(session) == [("person.signed_in", {"method": "oidc", "shared": False})]


def test_the_button_keeps_the_page_and_says_what_the_settings_say(
    settings: Settings, database: Database
) -> None:
    told = dataclasses.replace(settings, oidc_label="庁内認証でサインイン")
    settings.instance.mkdir(exist_ok=True)
    page = factory.create_app(told, database).test_client().get("/sign-in?next=/history").text
    assert "庁内認証でサインイン" in page
    assert 'href="/oidc/begin?next=/history"' in page


def test_the_request_carries_what_the_answer_must_fit_and_our_own_address(
    office: FlaskClient, provider: OpenIdProvider
) -> None:
    sent = office.get("/oidc/begin", headers={"Host": "elsewhere.example"})
    asked = {name: value for name, (value,) in parse_qs(urlsplit(sent.location).query).items()}
    assert asked["redirect_uri"] == f"{HERE}/oidc/callback"
    assert (asked["response_type"], asked["scope"]) == ("code", "openid")
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = parse_qs(urlsplit(office.get("/oidc/begin").location).query)
    assert again["state"] != [asked["state"]]
    assert again["nonce"] != [asked["nonce"]]


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/x" * 300])
def test_the_way_back_leads_to_a_page_of_ours(
    office: FlaskClient, session: Session, provider: OpenIdProvider, wanted: str
) -> None:
    factories.person(session, number="00012")
    answer = way.by_oidc(office, provider, "00012", begin=f"/oidc/begin?next={wanted}")
    assert answer.location == "/"


def test_the_whole_way_holds_with_form_tokens(
    office_app: flask.Flask, session: Session, provider: OpenIdProvider
) -> None:
    office_app.config["WTF_CSRF_ENABLED"] = True
    factories.person(session, number="00012")
    office = office_app.test_client()
    assert way.by_oidc(office, provider, "00012").status_code == 303
    assert office_app.test_client().post("/oidc/finish", data={"state": "x"}).status_code == 400


def test_two_tabs_come_in_one_after_the_other(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    first = way.oidc_callback(office, "00012", begin="/oidc/begin?next=/history")
    way.oidc_callback(office, "00012")
    answer = way.hop(office, office.get(first.removeprefix(HERE)))
    assert answer.location == "/history"


def test_the_longest_paths_of_many_tabs_fit_into_the_cookie(
    office: FlaskClient, provider: OpenIdProvider
) -> None:
    for tab in range(5):
        path = "/" + f"{tab}" * 20 + secrets.token_hex(239)
        sent = office.get(f"/oidc/begin?next={path}")
        assert len(sent.headers["Set-Cookie"]) < 4000
    with office.session_transaction() as cookie:
        wanted = [begun["wanted"][1] for begun in cookie["handshakes"].values()]
    assert sorted(wanted) == ["2", "3", "4"]


def test_keys_that_the_provider_has_exchanged_count_at_once(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    assert way.by_oidc(office, provider, "00012").status_code == 303
    old = provider.keys[0]
    provider.rotate()
    assert way.by_oidc(office, provider, "00012").status_code == 303
    provider.sign = lambda header, claims: jwt.encode({"alg": "RS256", "kid": "first"}, claims, old)
    refused = way.by_oidc(office.application.test_client(), provider, "00012")
    assert refused.status_code == 422
    assert lines(session)[-1][1] == {"method": "oidc", "reason": "invalid_key_id"}


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    address = way.oidc_callback(office, "00012").removeprefix(HERE)
    stranger = office.application.test_client()
    refused = way.hop(stranger, stranger.get(address))
    assert refused.status_code == 422
    assert "サインインの手続きが途中で切れました" in refused.text
    assert way.hop(office, office.get(address)).status_code == 303
    office.post("/sign-out")
    assert way.hop(office, office.get(address)).status_code == 422
    assert provider.asked.count("/token") == 1


def test_a_second_click_does_not_frighten_who_is_in(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    address = way.oidc_callback(office, "00012").removeprefix(HERE)
    page = office.get(address)
    assert way.hop(office, page).status_code == 303
    assert way.hop(office, page).location == "/"


def test_an_answer_that_took_longer_than_ten_minutes_is_forgotten(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    address = way.oidc_callback(office, "00012").removeprefix(HERE)
    with office.session_transaction() as cookie:
        (begun,) = cookie["handshakes"].values()
        cookie["handshakes"] = {
            name: {**begun, "at": begun["at"] - 601} for name in cookie["handshakes"]
        }
    refused = way.hop(office, office.get(address))
    assert (refused.status_code, provider.asked.count("/token")) == (422, 0)
    assert "もう一度サインインする" in refused.text


def test_who_cancels_at_the_provider_finds_the_ways_back(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    refused = way.by_oidc(office, provider, "", "deny", "/oidc/begin?next=/history")
    assert refused.status_code == 422
    assert "職場のアカウントでのサインインが取り消されました" in refused.text
    assert 'href="/oidc/begin?next=/history"' in refused.text
    assert 'href="/sign-in?next=/history"' in refused.text
    assert "<b>no</b>" not in refused.text
    assert lines(session) == [
        ("person.sign_in_failed", {"method": "oidc", "reason": "access_denied"})
    ]


def test_a_provider_that_is_away_leaves_the_password(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    address = way.oidc_callback(office, "00012").removeprefix(HERE)
    for path in ("/token", "/.well-known/openid-configuration"):
        provider.answers[path] = lambda: ("away", 503)
    refused = way.hop(office, office.get(address))
    assert refused.status_code == 503
    assert "認証サーバーにつながりません" in refused.text
    begun = office.get("/oidc/begin?next=/history")
    assert begun.status_code == 503
    assert 'href="/sign-in?next=/history"' in begun.text


def test_nothing_listens_at_the_provider(settings: Settings, database: Database) -> None:
    gone = dataclasses.replace(settings, oidc_issuer="http://127.0.0.1:9")
    settings.instance.mkdir(exist_ok=True)
    answer = factory.create_app(gone, database).test_client().get("/oidc/begin")
    assert answer.status_code == 503
    assert "認証サーバーにつながりません" in answer.text


def test_a_provider_that_keeps_silent_is_given_up(
    office: FlaskClient, provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    provider.answers["/.well-known/openid-configuration"] = lambda: str(over.wait(10))
    monkeypatch.setattr(access, "PATIENCE", (0.2, 0.2))
    began = time.monotonic()
    answer = office.get("/oidc/begin")
    over.set()
    assert answer.status_code == 503
    assert time.monotonic() - began < 5


def test_a_provider_that_keeps_everybody_waiting_leaves_a_thread_to_the_others(
    settings: Settings, provider: OpenIdProvider
) -> None:
    narrow = dataclasses.replace(settings, threads=2)
    reached, over = threading.Event(), threading.Event()

    def wait() -> tuple[str, int]:
        reached.set()
        over.wait(10)
        return "", 500

    provider.answers["/.well-known/openid-configuration"] = wait

    def ask() -> None:
        with pytest.raises(Refused):
            access.provider(narrow)

    first = threading.Thread(target=ask)
    first.start()
    assert reached.wait(10)
    with pytest.raises(Refused) as second:
        access.provider(narrow)
    over.set()
    first.join()
    assert second.value.data["reason"] == "lines_busy"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
def test_no_redirect_leads_us_away_from_the_providers_addresses(
    office: FlaskClient, session: Session, provider: OpenIdProvider, path: str
) -> None:
    factories.person(session, number="00012")
    address = way.oidc_callback(office, "00012").removeprefix(HERE)
    with openid_provider() as other:
        provider.answers[path] = lambda: flask.redirect(f"{other.origin}{path}", 307)
        assert way.hop(office, office.get(address)).status_code == 422
        assert other.asked == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"issuer": "http://127.0.0.1:9"}, "wrong_issuer"),
        ({"issuer": None}, "wrong_issuer"),
        ({"token_endpoint": None}, "wrong_address"),
        ({"jwks_uri": "ftp://127.0.0.1/jwks"}, "wrong_address"),
        ({"jwks_uri": ["x"]}, "wrong_address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "wrong_address"),
    ],
)
def test_a_document_that_cannot_be_trusted_leads_nowhere(
    settings: Settings, provider: OpenIdProvider, document: dict[str, object], reason: str
) -> None:
    provider.document = document
    with pytest.raises(Refused) as refused:
        access.provider(settings)
    assert (refused.value.code, refused.value.data["reason"]) == ("provider_unusable", reason)


def test_the_secret_is_posted_to_a_provider_that_wants_it_so(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    given: list[dict[str, str]] = []
    provider.answers["/token"] = lambda: given.append(flask.request.form.to_dict()) or {}
    way.by_oidc(office, provider, "00012")
    assert given[0]["client_secret"] == provider.client_secret


def test_a_provider_of_a_private_authority_needs_its_certificate(
    settings: Settings, tmp_path: Path
) -> None:
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    pair = a_pair("tls")
    certificate.write_bytes(pair.certificate_pem)
    key.write_bytes(pair.private_pem)
    with openid_provider((str(certificate), str(key))) as provider:
        unknown = dataclasses.replace(settings, **provider.settings())
        with pytest.raises(Refused) as refused:
            access.provider(unknown)
        assert refused.value.data["reason"] == "SSLError"
        known = dataclasses.replace(unknown, oidc_ca_file=str(certificate))
        assert access.provider(known).token == f"{provider.origin}/token"
        provider.document = {"jwks_uri": "http://127.0.0.1/jwks"}
        with pytest.raises(Refused, match="provider_unusable"):
            access.provider(known)


def test_signing_out_ends_the_providers_sign_in_too(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.informed(session, factories.person(session, number="00012"), clock.now())
    way.by_oidc(office, provider, "00012")
    assert 'action="/sign-out/everywhere"' in office.get("/").text
    answer = office.post("/sign-out/everywhere")
    assert answer.location == "/oidc/leave"
    assert office.get("/").location.startswith("/sign-in")
    back = way.out(office, office.get("/oidc/leave"))
    assert provider.asked[-1] == "/end"
    page = office.get(back.location).text
    assert "サインアウトしました。" in page
    assert "サインインしたまま" not in page
    row = session.scalars(sa.select(SignIn)).one()
    session.refresh(row)
    assert row.ended_at is not None


@pytest.mark.parametrize("why", ["none", "away"])
def test_signing_out_says_so_where_the_provider_stays_signed_in(
    office: FlaskClient, session: Session, provider: OpenIdProvider, why: str
) -> None:
    factories.person(session, number="00012")
    way.by_oidc(office, provider, "00012")
    if why == "none":
        provider.document = {"end_session_endpoint": None}
    else:
        provider.answers["/.well-known/openid-configuration"] = lambda: ("away", 503)
    answer = office.get(office.post("/sign-out/everywhere").location)
    assert "サインインしたままかもしれません" in office.get(answer.location).text
    assert office.get("/").location.startswith("/sign-in")


def test_nobody_is_told_of_a_sign_out_that_was_not_asked_for(office: FlaskClient) -> None:
    for path in ("/oidc/leave", "/oidc/signed-out?state=x", "/oidc/signed-out"):
        answer = office.get(path)
        assert answer.location == "/sign-in"
        assert "サインアウトしました" not in office.get("/sign-in").text


def test_who_came_by_a_password_signs_out_here_alone(office: FlaskClient, session: Session) -> None:
    factories.enter(office, session, factories.person(session))
    assert 'action="/sign-out"' in office.get("/").text


def test_what_is_not_turned_on_is_not_there(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    office = factory.create_app(Settings(instance=tmp_path), database).test_client()
    assert "職場のアカウント" not in office.get("/sign-in").text
    for path in ("/oidc/begin", "/oidc/callback", "/saml/begin", "/saml/metadata"):
        assert office.get(path).status_code == 404
    with office.session_transaction() as cookie:
        cookie["came_by"] = {"method": "oidc"}
    assert office.get("/sign-in").status_code == 200


def test_no_lock_is_held_while_the_provider_is_asked(
    committed: Database, settings: Settings, provider: OpenIdProvider
) -> None:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(settings, committed)
    app.config["WTF_CSRF_ENABLED"] = False
    with committed.unit_of_work() as session:
        factories.person(session, number="00012")
    took: list[float] = []

    def write_meanwhile() -> None:
        began = time.monotonic()
        with committed.unit_of_work() as other:
            factories.section(other)
        took.append(time.monotonic() - began)

    provider.answers["/token"] = write_meanwhile
    assert way.by_oidc(app.test_client(), provider, "00012").status_code == 303
    assert took[0] < 1


def test_the_hop_needs_no_script(office: FlaskClient, provider: OpenIdProvider) -> None:
    page = office.get("/oidc/callback?state=%22%3E%3Cscript%3E&code=c&other=x").text
    _, fields = way.form_of(page)
    assert fields["state"] == '"><script>'
    assert "other" not in fields
    assert "続ける" in page
