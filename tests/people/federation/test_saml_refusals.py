"""SAML answers that do not hold: each is refused for its own reason, and lets nobody in."""

from __future__ import annotations

import base64
import copy
import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import xmlsec
from flask.testing import FlaskClient
from hypothesis import given, strategies
from hypothesis import settings as hypothesis_settings
from lxml import etree
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.federation.saml import access, service
from app.people.federation.saml.access import Addresses
from app.people.sign_in.models import SignIn
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.saml import (
    DS,
    NAMES,
    SAML,
    SAMLP,
    SamlProvider,
    a_pair,
    saml_provider,
)

pytestmark = [
    pytest.mark.requirement("SEC-03"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]
# What is refused for what it says itself asks no database for anybody: one will do.
on_sqlite = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
Change = Callable[[SamlProvider, etree._Element], etree._Element]
CONFIRMED = (
    'InResponseTo="{request}" Recipient="http://localhost:8000/saml/acs" NotOnOrAfter="{at}"'
)
LONG_AGO, FAR = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


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


def reasons(session: Session) -> list[str]:
    query = sa.select(AuditEvent.details).where(AuditEvent.action == "person.sign_in_failed")
    return [details["reason"] for details in session.scalars(query.order_by(AuditEvent.seq))]


def nobody_is_in(office: FlaskClient, session: Session) -> bool:
    opened = session.scalar(sa.select(sa.func.count()).select_from(SignIn))
    return opened == 0 and office.get("/").location.startswith("/sign-in")


def restriction(*audiences: str) -> str:
    return "".join(
        f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>"
        "</saml:AudienceRestriction>"
        for audience in audiences
    )


OURS = "http://localhost:8000/saml/metadata"


@on_sqlite
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"answers": ""}, "unsolicited"),
        ({"answers": ' InResponseTo="_another"'}, "wrong_inresponseto"),
        ({"confirmation": f'NotOnOrAfter="{FAR}"'}, "wrong_confirmation"),
        (
            {"confirmation": CONFIRMED.format(request="_another", at=FAR)},
            "wrong_subjectconfirmation",
        ),
        ({"restriction": ""}, "wrong_audience"),
        ({"restriction": restriction("http://elsewhere.example")}, "wrong_audience"),
        ({"restriction": restriction(OURS, "http://elsewhere.example")}, "wrong_audience"),
        ({"destination": "http://elsewhere.example/saml/acs"}, "wrong_destination"),
        ({"issuer": "http://elsewhere.example/idp"}, "wrong_issuer"),
        ({"until": LONG_AGO}, "assertion_expired"),
        ({"not_before": FAR}, "assertion_too_early"),
        ({"until": "2099-01-01T00:00:00+09:00"}, "wrong_moment"),
        ({"now": "yesterday"}, "wrong_moment"),
        ({"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"}, "wrong_subjectconfirmation"),
        ({"name_id": ""}, "empty_nameid"),
        ({"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"}, "status_code_is_not_success"),
        ({"assertion": ""}, "wrong_number_of_assertions"),
        ({"assertion": "<saml:EncryptedAssertion/>"}, "wrong_number_of_assertions"),
    ],
)
def test_an_assertion_that_says_something_else_is_refused(
    office: FlaskClient,
    session: Session,
    provider: SamlProvider,
    facts: dict[str, str],
    reason: str,
) -> None:
    factories.person(session, number="00012")
    provider.facts = facts
    answer = way.by_saml(office, provider, "00012")
    assert answer.status_code == 422
    assert "認証サーバーの答えを確認できませんでした" in answer.text
    assert reasons(session) == [reason]
    assert nobody_is_in(office, session)


@on_sqlite
@pytest.mark.parametrize(
    "confirmation",
    [
        'InResponseTo="{request}" NotOnOrAfter="2099-01-01T00:00:00Z"',
        'InResponseTo="{request}" Recipient="{consumer}"',
        'InResponseTo="{request}" Recipient="{consumer}/more" NotOnOrAfter="2099-01-01T00:00:00Z"',
        'Recipient="{consumer}" NotOnOrAfter="2099-01-01T00:00:00Z"',
    ],
)
def test_a_confirmation_must_name_the_request_the_address_and_an_end(
    office: FlaskClient, session: Session, provider: SamlProvider, confirmation: str
) -> None:
    factories.person(session, number="00012")

    def confirm(response: etree._Element) -> None:
        data = response.find(".//saml:SubjectConfirmationData", NAMES)
        filled = confirmation.format(
            request=response.get("InResponseTo"), consumer=provider.consumer
        )
        data.attrib.clear()
        data.attrib.update(dict(re.findall(r'(\w+)="([^"]*)"', filled)))

    provider.before = confirm
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["wrong_confirmation"]
    assert nobody_is_in(office, session)


@on_sqlite
def test_a_confirmation_ends_to_the_second(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")

    def end(response: etree._Element) -> None:
        data = response.find(".//saml:SubjectConfirmationData", NAMES)
        data.set("NotOnOrAfter", response.get("IssueInstant"))

    provider.before = end
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["wrong_subjectconfirmation"]


@on_sqlite
def test_an_unsigned_assertion_is_refused(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    provider.signs = False
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["no_signed_assertion"]
    assert nobody_is_in(office, session)


@on_sqlite
def test_a_signature_of_the_response_alone_is_refused(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    provider.signs = False
    provider.before = provider.sign
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["no_signed_assertion"]


def test_a_response_may_be_signed_besides(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")

    def sign(response: etree._Element) -> etree._Element:
        provider.sign(response)
        return response

    provider.after = sign
    assert way.by_saml(office, provider, "00012").status_code == 303


@on_sqlite
def test_a_stranger_s_signature_is_refused_whatever_certificate_it_brings(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    provider.signs = False
    stranger = a_pair("stranger")
    provider.before = lambda response: provider.sign(
        response.find("saml:Assertion", NAMES), stranger
    )
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["invalid_signature"]
    assert nobody_is_in(office, session)


@on_sqlite
def test_sha_1_is_no_signature_any_more(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    provider.transform = xmlsec.Transform.RSA_SHA1
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["deprecated_signature_method"]


def test_a_comment_does_not_cut_a_number_short(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")

    def comment(response: etree._Element) -> etree._Element:
        text = etree.tostring(response).replace(b">000123<", b">00012<!-- -->3<")
        assert b"<!-- -->" in text
        return etree.fromstring(text)

    provider.after = comment
    answer = way.by_saml(office, provider, "000123")
    assert "「000123」" in answer.text
    assert reasons(session) == ["unknown"]


def _evil(assertion: etree._Element, *, keeps_signature: bool = False) -> etree._Element:
    """Return an assertion about somebody else, in the likeness of a signed one."""
    evil = copy.deepcopy(assertion)
    evil.set("ID", "_evil")
    evil.find("saml:Subject/saml:NameID", NAMES).text = "00001"
    if not keeps_signature:
        evil.remove(evil.find("ds:Signature", NAMES))
    return evil


def _beside_before(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: the evil one first, the signed one after it."""
    assertion = response.find("saml:Assertion", NAMES)
    assertion.addprevious(_evil(assertion))
    return response


def _beside_after(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: the signed one first, the evil one after it."""
    assertion = response.find("saml:Assertion", NAMES)
    assertion.addnext(_evil(assertion))
    return response


def _around(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: the signed one inside of the evil one."""
    assertion = response.find("saml:Assertion", NAMES)
    evil = _evil(assertion)
    response.replace(assertion, evil)
    evil.append(assertion)
    return response


def _around_with_its_signature(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: the evil one has the signature, and in it the signed one as an object."""
    assertion = response.find("saml:Assertion", NAMES)
    evil = _evil(assertion, keeps_signature=True)
    response.replace(assertion, evil)
    assertion.remove(assertion.find("ds:Signature", NAMES))
    wrapper = etree.SubElement(evil.find("ds:Signature", NAMES), f"{{{DS}}}Object")
    wrapper.append(assertion)
    return response


def _in_extensions(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: the signed one where extensions go, the evil one in its place."""
    assertion = response.find("saml:Assertion", NAMES)
    response.replace(assertion, _evil(assertion))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(assertion)
    response.find("saml:Issuer", NAMES).addnext(extensions)
    return response


def _in_another_response(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: a whole signed response inside of an evil one."""
    signed = copy.deepcopy(response)
    assertion = response.find("saml:Assertion", NAMES)
    response.replace(assertion, _evil(assertion))
    response.set("ID", "_outer")
    response.append(signed)
    return response


def _same_name(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """XSW: two of the same ID."""
    assertion = response.find("saml:Assertion", NAMES)
    evil = _evil(assertion, keeps_signature=True)
    evil.set("ID", assertion.get("ID"))
    assertion.addprevious(evil)
    return response


def _changed(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """Say another number in the signed one."""
    response.find("saml:Assertion/saml:Subject/saml:NameID", NAMES).text = "00001"
    return response


def _signature_of_nothing(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """A signature without a reference covers nothing."""
    information = response.find(".//ds:SignedInfo", NAMES)
    information.remove(information.find("ds:Reference", NAMES))
    return response


def _signature_of_the_whole(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """A reference of no name means the document."""
    response.find(".//ds:Reference", NAMES).set("URI", "")
    return response


def _with_a_secret(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """A signature by HMAC has no key that is ours to know."""
    method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    response.find(".//ds:SignatureMethod", NAMES).set("Algorithm", method)
    return response


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        _beside_before,
        _beside_after,
        _around,
        _around_with_its_signature,
        _in_extensions,
        _in_another_response,
        _same_name,
        _changed,
        _signature_of_nothing,
        _signature_of_the_whole,
        _with_a_secret,
    ],
)
def test_a_true_signature_vouches_for_nothing_else(
    office: FlaskClient, session: Session, provider: SamlProvider, change: Change
) -> None:
    factories.person(session, number="00001")
    factories.person(session, number="00012")
    provider.after = lambda response: change(provider, response)
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert len(reasons(session)) == 1
    assert nobody_is_in(office, session)


XSLT = (
    '<ds:Transform xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    ' Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><x:stylesheet version="1.0"'
    ' xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/"/></x:stylesheet>'
    "</ds:Transform>"
)


def _transforming(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """Have the verifier run a program of ours."""
    response.find(".//ds:Transforms", NAMES).insert(0, etree.fromstring(XSLT))
    return response


def _fetching(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """Have the verifier fetch a file or a page of ours."""
    reference = response.find(".//ds:Reference", NAMES)
    second = copy.deepcopy(reference)
    second.set("URI", f"{provider.origin}/fetched")
    reference.addnext(second)
    return response


def _retrieving(provider: SamlProvider, response: etree._Element) -> etree._Element:
    """Have the verifier fetch the key."""
    information = response.find(".//ds:KeyInfo", NAMES)
    etree.SubElement(information, f"{{{DS}}}RetrievalMethod", URI=f"{provider.origin}/fetched")
    return response


@on_sqlite
@pytest.mark.parametrize("change", [_transforming, _fetching, _retrieving])
def test_a_signature_has_nothing_run_or_fetched(
    office: FlaskClient, session: Session, provider: SamlProvider, change: Change
) -> None:
    provider.after = lambda response: change(provider, response)
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["wrong_signature_shape"]
    assert "/fetched" not in provider.asked


@on_sqlite
def test_what_is_encrypted_is_not_even_looked_at(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    provider.facts = {
        "assertion": "<saml:EncryptedAssertion>"
        '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">'
        f'<xenc:CipherData><xenc:CipherReference URI="{provider.origin}/fetched"/>'
        "</xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>"
    }
    assert way.by_saml(office, provider, "00012").status_code == 422
    assert reasons(session) == ["encrypted"]
    assert "/fetched" not in provider.asked


def test_an_answer_counts_once(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    _, fields = way.saml_answer(office, "00012")
    with office.session_transaction() as cookie:
        begun = cookie["handshakes"]
    assert way.consume(office, fields).status_code == 303
    office.post("/sign-out")
    with office.session_transaction() as cookie:
        cookie["handshakes"] = begun  # a copy of the cookie, kept from before
    assert way.consume(office, fields).status_code == 422
    assert reasons(session) == ["replayed"]
    assert office.get("/").location.startswith("/sign-in")


def test_an_answer_counts_in_the_browser_that_asked(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    _, fields = way.saml_answer(office, "00012")
    stranger = office.application.test_client()
    assert "サインインの手続きが途中で切れました" in way.consume(stranger, fields).text
    other = office.application.test_client()
    _, own = way.saml_answer(other, "00001")
    # Somebody else's answer under one's own RelayState: it names a request of another browser.
    mixed = {**own, "SAMLResponse": fields["SAMLResponse"]}
    assert way.consume(other, mixed).status_code == 422
    assert reasons(session) == ["wrong_inresponseto"]
    assert nobody_is_in(other, session)


@on_sqlite
def test_an_answer_that_nobody_asked_for_is_refused(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    answer = provider.answer("_nobody", "00012")
    for relay in ("", "x"):
        refused = way.consume(office, {"SAMLResponse": answer, "RelayState": relay})
        assert refused.status_code == 422
        assert "サインインの手続きが途中で切れました" in refused.text
    assert nobody_is_in(office, session)


@on_sqlite
def test_the_consumer_of_assertions_does_nothing_itself(
    office: FlaskClient, session: Session, provider: SamlProvider
) -> None:
    factories.person(session, number="00012")
    _, fields = way.saml_answer(office, "00012")
    page = office.post("/saml/acs", data=fields)
    assert page.status_code == 200
    assert nobody_is_in(office, session)
    assert way.form_of(page.text) == ("/saml/finish", fields)


BOMB = "".join(f'<!ENTITY l{n + 1} "&l{n};&l{n};&l{n};&l{n};">' for n in range(12))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<",
        b"<a/>",
        b"\x00\xff",
        f'<samlp:Response xmlns:samlp="{SAMLP}"/>'.encode(),
        f'<saml:Assertion xmlns:saml="{SAML}"/>'.encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        f'<!DOCTYPE x [<!ENTITY l0 "l">{BOMB}]><x>&l12;</x>'.encode(),
        b"<a>" * 1000,
        b" " * 200_000,
        f'<ds:Signature xmlns:ds="{DS}"/>'.encode(),
    ],
)
def test_what_is_no_answer_is_refused(
    settings: Settings, provider: SamlProvider, text: bytes
) -> None:
    with pytest.raises(Refused, match="provider_unusable"):
        service.asserted(settings, ADDRESSES, base64.b64encode(text).decode(), "_request")


ADDRESSES = Addresses(OURS, "http://localhost:8000/saml/acs", "http://localhost:8000/saml/logout")


@pytest.mark.parametrize("text", ["", "!", "é", "AAA", "%", "A" * 300_000])
def test_what_is_not_even_base64_is_refused(
    settings: Settings, provider: SamlProvider, text: str
) -> None:
    with pytest.raises(Refused, match="provider_unusable"):
        service.asserted(settings, ADDRESSES, text, "_request")


def test_a_true_answer_with_any_octet_changed_is_refused_or_says_the_same(
    settings: Settings, provider: SamlProvider
) -> None:
    provider.entity, provider.consumer = ADDRESSES.entity, ADDRESSES.consumer
    true = base64.b64decode(provider.answer("_request", "00012"))

    @hypothesis_settings(max_examples=150)
    @given(strategies.integers(0, len(true) - 1), strategies.integers(0, 255))
    def change(place: int, octet: int) -> None:
        changed = true[:place] + bytes([octet]) + true[place + 1 :]
        answer = base64.b64encode(changed).decode()
        try:
            found = service.asserted(settings, ADDRESSES, answer, "_request")
        except Refused:
            return
        assert found.number == "00012"

    change()
