"""SAML 2.0, against a provider on the loopback: the way in, the way out, and our metadata."""

from __future__ import annotations

import base64
import dataclasses
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from cryptography import x509
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.errors import Refused
from app.kernel.settings import Settings, SettingsError
from app.people.federation import service
from app.people.federation.models import UsedAssertion
from app.people.federation.saml import access
from app.people.sign_in.models import SignIn
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.saml import NAMES, SamlProvider, a_pair, saml_provider

HERE = "http://localhost:8000"
pytestmark = [
    pytest.mark.requirement("SEC-03"),
    # python3-saml 1.16 asks for the time as Python 3.12 has deprecated it.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]


@pytest.fixture
def provider() -> Iterator[SamlProvider]:
    with saml_provider() as served:
        yield served


@pytest.fixture
def settings(settings: Settings, provider: SamlProvider, own_pair: Path) -> Settings:
    settings.instance.mkdir()
    shutil.copy(own_pair, settings.instance / access.PAIR)
    return dataclasses.replace(settings, **provider.write_metadata(settings.instance))


@pytest.fixture
def office(office: FlaskClient, provider: SamlProvider) -> FlaskClient:
    provider.learn(office.get("/saml/metadata").data)
    return office


def lines(session: Session) -> list[tuple[str, object]]:
    query = sa.select(AuditEvent.action, AuditEvent.details).order_by(AuditEvent.seq)
    return [(action, details) for action, details in session.execute(query)]


def test_our_metadata_says_where_we_are_and_what_we_ask_for(
    office: FlaskClient, provider: SamlProvider
) -> None:
    answer = office.get("/saml/metadata")
    assert answer.mimetype == "application/samlmetadata+xml"
    assert provider.entity == f"{HERE}/saml/metadata"
    assert provider.consumer == f"{HERE}/saml/acs"
    assert provider.logout == f"{HERE}/saml/logout"
    root = etree.fromstring(answer.data)
    assert root.get("validUntil") is root.get("cacheDuration") is None
    (descriptor,) = root.findall("md:SPSSODescriptor", NAMES)
    assert descriptor.get("AuthnRequestsSigned") == descriptor.get("WantAssertionsSigned") == "true"
    assert [key.get("use") for key in descriptor.findall("md:KeyDescriptor", NAMES)] == ["signing"]


def test_who_is_vouched_for_lands_on_the_page_that_was_asked_for(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    who = factories.person(session, number="00012")
    factories.informed(session, who, clock.now())
    page = office.get(office.get("/history").location).text
    assert "職場のアカウントでサインイン" in page
    answer = way.by_saml(office, provider, "00012", begin="/saml/begin?next=/history")
    assert (answer.status_code, answer.location) == (303, "/history")
    assert office.get("/history").status_code == 200
    assert session.scalars(sa.select(SignIn.person_id)).all() == [who.id]
    assert lines(session) == [("person.signed_in", {"method": "saml", "shared": False})]


def test_an_attribute_can_hold_the_number(
    office: FlaskClient, settings: Settings, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    told = dataclasses.replace(settings, saml_number_attribute="employeeNumber")
    office.application.extensions["kenshu.settings"] = told
    provider.facts = {"name_id": "opaque"}
    assert way.by_saml(office, provider, "00012").status_code == 303
    two = "<saml:AttributeValue>00012</saml:AttributeValue>" * 2
    for values in ("", "<saml:AttributeValue> </saml:AttributeValue>", two):
        provider.facts = {"values": values}
        answer = way.by_saml(office.application.test_client(), provider, "00012")
        assert "職員番号を受け取れませんでした" in answer.text
        assert lines(session)[-1][1] == {"method": "saml", "reason": "number_missing"}


def test_who_is_not_registered_is_told_so(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    answer = way.by_saml(office, provider, "00099")
    assert answer.status_code == 422
    assert "この職員番号は登録されていません" in answer.text
    assert "00099" in answer.text
    assert lines(session) == [("person.sign_in_failed", {"method": "saml", "reason": "unknown"})]


def test_who_cancels_at_the_provider_finds_the_ways_back(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    refused = way.by_saml(office, provider, "", "deny", "/saml/begin?next=/history")
    assert refused.status_code == 422
    assert "職場のアカウントでのサインインが取り消されました" in refused.text
    assert 'href="/saml/begin?next=/history"' in refused.text
    assert 'href="/sign-in?next=/history"' in refused.text
    assert lines(session)[0][1] == {"method": "saml", "reason": "cancelled"}


def test_the_whole_way_holds_with_form_tokens(
    office_app: flask.Flask, session: Session, provider: SamlProvider
) -> None:
    office_app.config["WTF_CSRF_ENABLED"] = True
    factories.person(session, number="00012")
    office = office_app.test_client()
    provider.learn(office.get("/saml/metadata").data)
    assert way.by_saml(office, provider, "00012").status_code == 303


def test_the_addresses_are_ours_whatever_host_was_called(
    office: FlaskClient, provider: SamlProvider
) -> None:
    elsewhere = office.get("/saml/metadata", headers={"Host": "elsewhere.example"})
    assert elsewhere.data == office.get("/saml/metadata").data
    sent = office.get("/saml/begin", headers={"Host": "elsewhere.example"})
    assert way.at_provider(sent.location, "00012").ok


def test_a_key_that_the_provider_has_exchanged_counts_with_its_metadata(
    office: FlaskClient, settings: Settings, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    following = a_pair("following")
    provider.published = [provider.pair, following]
    provider.write_metadata(settings.instance)
    assert way.by_saml(office, provider, "00012").status_code == 303
    provider.pair = following
    assert way.by_saml(office, provider, "00012").status_code == 303
    provider.published = [following]
    provider.write_metadata(settings.instance)
    assert way.by_saml(office, provider, "00012").status_code == 303
    provider.pair = a_pair("first")
    assert way.by_saml(office.application.test_client(), provider, "00012").status_code == 422


def test_our_key_is_made_once_for_its_owner_alone(settings: Settings, now: datetime) -> None:
    path = settings.instance / access.PAIR
    before = path.read_text()
    access.make_pair(settings, now)
    assert path.read_text() == before
    path.unlink()
    access.make_pair(settings, now)
    assert path.read_text() != before
    assert path.stat().st_mode & 0o777 == 0o600
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc
    assert certificate.not_valid_after_utc - now == timedelta(days=3650)


def test_our_next_certificate_is_published_before_it_is_used(
    office: FlaskClient, settings: Settings, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    old, following = settings.instance / access.PAIR, settings.instance / access.NEXT_PAIR
    pair = a_pair("ours")
    following.write_bytes(pair.private_pem + pair.certificate_pem)
    provider.learn(office.get("/saml/metadata").data)
    assert len(provider.certificates) == 2
    assert pair.certificate in provider.certificates
    provider.certificates = [each for each in provider.certificates if each != pair.certificate]
    assert way.by_saml(office, provider, "00012").status_code == 303
    following.rename(old)
    provider.certificates = [pair.certificate]
    assert way.by_saml(office, provider, "00012").status_code == 303


def test_signing_out_ends_the_providers_sign_in_too(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.informed(session, factories.person(session, number="00012"), clock.now())
    way.by_saml(office, provider, "00012")
    assert 'action="/sign-out/everywhere"' in office.get("/").text
    assert office.post("/sign-out/everywhere").location == "/saml/leave"
    assert office.get("/").location.startswith("/sign-in")
    back = way.out(office, office.get("/saml/leave"))
    assert provider.asked[-1] == "/slo"
    page = office.get(back.location).text
    assert "サインアウトしました。" in page
    assert "サインインしたまま" not in page


@pytest.mark.parametrize("why", ["none", "unsigned", "not_success", "nobody_named"])
def test_signing_out_says_so_where_the_provider_stays_signed_in(
    office: FlaskClient, settings: Settings, session: Session, provider: SamlProvider, why: str
) -> None:
    factories.person(session, number="00012")
    provider.has_logout = why != "none"
    provider.write_metadata(settings.instance)
    way.by_saml(office, provider, "00012")
    with office.session_transaction() as cookie:
        assert ("name_id" in cookie["came_by"]) == provider.has_logout
        if why == "nobody_named":
            cookie["came_by"] = {"method": "saml"}
    provider.signs = why != "unsigned"
    if why == "not_success":
        provider.logout_status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
    page = office.get(office.post("/sign-out/everywhere").location)
    if why in ("unsigned", "not_success"):
        page = way.out(office, page)
    assert "サインインしたままかもしれません" in office.get(page.location).text
    assert office.get("/").location.startswith("/sign-in")


def test_an_answer_to_another_sign_out_proves_nothing(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    way.by_saml(office, provider, "00012")
    office.post("/sign-out/everywhere")
    page = office.get("/saml/leave")
    with office.session_transaction() as cookie:
        cookie["leaving"] = {"request": "another"}
    back = way.out(office, page)
    assert "サインインしたままかもしれません" in office.get(back.location).text


def test_nobody_is_told_of_a_sign_out_that_was_not_asked_for(office: FlaskClient) -> None:
    for path in ("/saml/leave", "/saml/logout?SAMLResponse=x", "/saml/logout?SAMLRequest=x"):
        answer = office.get(path)
        assert answer.location == "/sign-in"
        assert "サインアウトしました" not in office.get("/sign-in").text


@pytest.mark.parametrize(
    "answer", ["", "x", "!", base64.b64encode(b"<a/>").decode(), "A" * 300_000]
)
def test_a_sign_outs_answer_that_is_none_proves_nothing(office: FlaskClient, answer: str) -> None:
    with office.session_transaction() as cookie:
        cookie["leaving"] = {"request": "ours"}
    query = {"SAMLResponse": answer, "Signature": "AAAA", "SigAlg": "x"}
    back = office.get("/saml/logout", query_string=query)
    assert "サインインしたままかもしれません" in office.get(back.location).text


@pytest.mark.parametrize(
    "metadata",
    [
        b"<html><body>sign in first</body></html>",
        b"not even that",
        b'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ],
)
def test_metadata_that_does_not_do_is_told_at_the_start(
    settings: Settings, database: Database, metadata: bytes
) -> None:
    Path(settings.saml_metadata).write_bytes(metadata)
    with pytest.raises(SettingsError, match="KENSHU_SAML_METADATA"):
        factory.create_app(settings, database)


def test_metadata_without_a_certificate_is_told_at_the_start(
    settings: Settings, database: Database, provider: SamlProvider
) -> None:
    provider.published = []
    provider.write_metadata(settings.instance)
    with pytest.raises(SettingsError, match="cert"):
        factory.create_app(settings, database)


def test_an_assertion_counts_once_and_is_forgotten_when_it_has_expired(
    session: Session, now: datetime
) -> None:
    until = now + timedelta(minutes=5)
    service.use_once(session, "_a", until, now)
    with pytest.raises(Refused, match="provider_unusable"):
        service.use_once(session, "_a", until, now + timedelta(minutes=4))
    service.use_once(session, "_b", now + timedelta(days=3650), now)
    kept = sa.select(sa.func.count()).select_from(UsedAssertion)
    assert session.scalar(kept) == 2
    service.use_once(session, "_c", until + timedelta(minutes=5), until)
    assert session.scalar(kept) == 2
    service.use_once(session, "_d", until, now + timedelta(days=1))
    assert session.scalar(kept) == 1
