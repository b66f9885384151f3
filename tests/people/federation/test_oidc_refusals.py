"""ID tokens that do not hold: each is refused for its own reason, and lets nobody in."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.kernel.settings import Settings
from app.people.register.models import Person
from app.people.sign_in.models import Credential, SignIn
from tests import factories
from tests.people.identity_providers import oidc, way
from tests.people.identity_providers.oidc import OpenIdProvider, openid_provider

pytestmark = [
    pytest.mark.requirement("SEC-03"),
    # These are about the provider's answer; test_oidc.py signs in on both databases.
    pytest.mark.parametrize("migrated", ["sqlite"], indirect=True),
]
OTHER = "http://127.0.0.1:9"


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as served:
        served.callbacks.add("http://localhost:8000/oidc/callback")
        yield served


@pytest.fixture
def settings(settings: Settings, provider: OpenIdProvider) -> Settings:
    return dataclasses.replace(settings, **provider.settings())


def reasons(session: Session) -> list[str]:
    query = sa.select(AuditEvent.details).where(AuditEvent.action == "person.sign_in_failed")
    return [details["reason"] for details in session.scalars(query.order_by(AuditEvent.seq))]


def nobody_is_in(office: FlaskClient, session: Session) -> bool:
    opened = session.scalar(sa.select(sa.func.count()).select_from(SignIn))
    return opened == 0 and office.get("/").location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, "invalid_claim:nonce"),
        ({"nonce": None}, "missing_claim:nonce"),
        ({"aud": "another"}, "invalid_claim:aud"),
        ({"aud": ["another"]}, "invalid_claim:aud"),
        ({"aud": None}, "missing_claim:aud"),
        ({"aud": ["kenshu", "another"]}, "missing_claim:azp"),
        ({"aud": ["kenshu", "another"], "azp": "another"}, "invalid_claim:azp"),
        ({"iss": OTHER}, "invalid_claim:iss"),
        ({"iss": None}, "missing_claim:iss"),
        ({"sub": None}, "missing_claim:sub"),
        ({"exp": int(time.time()) - 600}, "expired_token:exp"),
        ({"exp": None}, "missing_claim:exp"),
        ({"exp": "never"}, "invalid_claim:exp"),
        ({"iat": int(time.time()) + 3600}, "invalid_claim:iat"),
        ({"nbf": int(time.time()) + 3600}, "invalid_claim:nbf"),
        ({"at_hash": "AAAA"}, "invalid_claim:at_hash"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    office: FlaskClient,
    session: Session,
    provider: OpenIdProvider,
    claims: dict[str, Any],
    reason: str,
) -> None:
    factories.person(session, number="00012")
    provider.claims = claims
    answer = way.by_oidc(office, provider, "00012")
    assert answer.status_code == 422
    assert "認証サーバーの答えを確認できませんでした" in answer.text
    assert reasons(session) == [reason]
    assert nobody_is_in(office, session)


def _with_a_strange_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign by a key that nobody has published, under the name of one that is."""
    return jwt.encode(header, claims, RSAKey.generate_key(2048))


def _with_its_own_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign by a key that the token brings along."""
    key = ECKey.generate_key("P-256")
    own = {**header, "alg": "ES256", "jwk": key.as_dict(private=False)}
    return jwt.encode(own, claims, key)


def _with_a_changed_claim(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Change a token after it was signed."""
    head, _, seal = jwt.encode(header, claims, oidc.a_key("first")).split(".")
    changed = oidc.unsigned(header, {**claims, "employee_number": "00001"}).split(".")[1]
    return f"{head}.{changed}.{seal}"


def _of_an_unknown_kind(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Name a key that is not there."""
    return jwt.encode({**header, "kid": "third"}, claims, oidc.a_key("first"))


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (oidc.unsigned, "unsupported_algorithm"),
        (oidc.signed_with_what_is_public(oidc.a_key("first")), "unsupported_algorithm"),
        (_with_a_strange_key, "bad_signature"),
        (_with_its_own_key, "invalid_key_type"),
        (_with_a_changed_claim, "bad_signature"),
        (_of_an_unknown_kind, "invalid_key_id"),
        (lambda header, claims: "no token at all", "decode_error"),
        (lambda header, claims: "", "decode_error"),
    ],
)
def test_a_token_that_the_provider_has_not_signed_is_refused(
    office: FlaskClient,
    session: Session,
    provider: OpenIdProvider,
    sign: Callable[[dict[str, Any], dict[str, Any]], str],
    reason: str,
) -> None:
    factories.person(session, number="00012")
    # What the document offers does not count: neither nothing nor a shared secret is a signature.
    provider.document = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    provider.sign = sign
    assert way.by_oidc(office, provider, "00012").status_code == 422
    assert reasons(session) == [reason]
    assert nobody_is_in(office, session)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"access_token": "opaque", "token_type": "Bearer"}, "no_id_token"),
        ({"id_token": 7}, "decode_error"),
        ({"error": "invalid_grant"}, "invalid_grant"),
        ({"error": "<b>no code at all</b>"}, "error"),
        ([], "ValueError"),
        ("<html>", "ValueError"),
    ],
)
def test_an_answer_without_a_token_is_refused(
    office: FlaskClient, session: Session, provider: OpenIdProvider, answer: Any, reason: str
) -> None:
    provider.answers["/token"] = lambda: answer
    refused = way.by_oidc(office, provider, "00012")
    assert refused.status_code == 422
    assert "<b>" not in refused.text
    assert reasons(session) == [reason]


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "AA" * 20}]}, []])
def test_keys_that_are_none_open_nothing(
    office: FlaskClient, session: Session, provider: OpenIdProvider, keys: Any
) -> None:
    factories.person(session, number="00012")
    provider.answers["/jwks"] = lambda: keys
    assert way.by_oidc(office, provider, "00012").status_code == 422
    assert nobody_is_in(office, session)


def test_a_wrong_secret_of_ours_is_told_to_the_administrator(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    provider.client_secret = "another"
    refused = way.by_oidc(office, provider, "00012")
    assert "受付番号をシステム管理者に伝えてください" in refused.text
    assert refused.headers["X-Request-Id"] in refused.text
    assert reasons(session) == ["invalid_client"]


@pytest.mark.parametrize("query", ["iss=http://127.0.0.1:9&code=c", "", "code="])
def test_an_answer_of_another_provider_or_of_none_is_refused(
    office: FlaskClient, session: Session, provider: OpenIdProvider, query: str
) -> None:
    way.oidc_callback(office, "00012")
    with office.session_transaction() as cookie:
        (state,) = cookie["handshakes"]
    refused = way.hop(office, office.get(f"/oidc/callback?state={state}&{query}"))
    assert refused.status_code == 422
    assert reasons(session) == ["wrong_answer"]
    assert "/token" not in provider.asked


def test_clocks_may_differ_by_a_little(
    office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    provider.claims = {"iat": int(time.time()) + 30, "exp": int(time.time()) - 30}
    assert way.by_oidc(office, provider, "00012").status_code == 303


@pytest.mark.parametrize("told", [None, "", "  ", 12, ["00012"], {"number": "00012"}, True])
def test_a_number_that_is_not_told_as_text_is_none(
    office: FlaskClient, session: Session, provider: OpenIdProvider, told: Any
) -> None:
    factories.person(session, number="00012")
    provider.claims = {"employee_number": told}
    answer = way.by_oidc(office, provider, "00012")
    assert answer.status_code == 422
    assert "職員番号を受け取れませんでした" in answer.text
    assert reasons(session) == ["number_missing"]


def test_another_claim_can_hold_the_number(
    settings: Settings, office: FlaskClient, session: Session, provider: OpenIdProvider
) -> None:
    factories.person(session, number="00012")
    claim = dataclasses.replace(settings, oidc_number_claim="extension_shokuin")
    office.application.extensions["kenshu.settings"] = claim
    provider.claims = {"employee_number": None, "extension_shokuin": "００012 "}
    assert way.by_oidc(office, provider, "x").status_code == 303


@pytest.mark.parametrize("how", ["unknown", "left"])
def test_who_is_not_registered_is_told_so_and_is_not_registered_by_it(
    office: FlaskClient, session: Session, provider: OpenIdProvider, how: str
) -> None:
    known = factories.person(session, number="00012")
    if how == "left":
        known.left_on = factories.LONG_AGO
        session.flush()
    number = "00012" if how == "left" else "<00099>"
    answer = way.by_oidc(office, provider, number)
    assert answer.status_code == 422
    assert "この職員番号は登録されていません" in answer.text
    assert "研修担当に登録を依頼してください" in answer.text
    assert ("00012" if how == "left" else "&lt;00099&gt;") in answer.text
    (line,) = session.scalars(sa.select(AuditEvent))
    assert (line.action, line.actor_id) == ("person.sign_in_failed", None)
    assert line.subject_id == (known.id if how == "left" else None)
    assert line.details == {"method": "oidc", "reason": how}
    assert session.scalars(sa.select(Person.id)).all() == [known.id]
    assert session.scalars(sa.select(Credential)).all() == []
    assert nobody_is_in(office, session)
