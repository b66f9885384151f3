"""A small SAML 2.0 identity provider that keeps to the rules, and breaks what a test tells it to.

Made of lxml and xmlsec: pysaml2 would need the program xmlsec1, and refuses to say what is wrong.
It checks the signature of every request, and answers by the HTTP-POST binding.
"""

from __future__ import annotations

import base64
import secrets
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import flask
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from markupsafe import escape

from tests.people.identity_providers.serving import served

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS}
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"

PAGE = """<!doctype html><html lang="ja"><title>架空区 認証基盤</title><h1>架空区 認証基盤</h1>
<form method="post"><label>アカウント <input name="account"></label>
<button name="do" value="allow">許可する</button>
<button name="do" value="deny">取り消す</button></form>"""
FORM = """<!doctype html><title>-</title><body onload="document.forms[0].submit()">
<form method="post" action="{action}"><input name="SAMLResponse" value="{answer}">
<input name="RelayState" value="{relay}"><button>続ける</button></form>"""

RESPONSE = """<samlp:Response xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="{response}"
 Version="2.0" IssueInstant="{now}" Destination="{destination}"{answers}>
<saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}">{substatus}</samlp:StatusCode></samlp:Status>
{assertion}</samlp:Response>"""
ASSERTION = """<saml:Assertion xmlns:saml="{saml}" ID="{assertion_id}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
>{name_id}</saml:NameID>
<saml:SubjectConfirmation Method="{method}"><saml:SubjectConfirmationData {confirmation}/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{not_before}" NotOnOrAfter="{until}">{restriction}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{session}"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified
</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="employeeNumber">{values}</saml:Attribute>
<saml:Attribute Name="mail"><saml:AttributeValue>hanako@idp.example</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion>"""


class Pair:
    """A private key and its certificate."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )

    @property
    def private_pem(self) -> bytes:
        """The key."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def certificate_pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def certificate_base64(self) -> str:
        """The certificate as metadata has it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


@cache
def a_pair(name: str) -> Pair:
    """Return the pair of that name, made once: it takes a while."""
    return Pair()


class SamlProvider:
    """An identity provider with one service provider and whatever accounts are typed in."""

    def __init__(self) -> None:
        self.origin = ""
        self.pair = a_pair("first")
        #: Certificates that its metadata publishes.
        self.published = [self.pair]
        self.has_logout = True
        #: What the service provider has published of itself.
        self.entity, self.consumer, self.logout = "", "", ""
        self.certificates: list[x509.Certificate] = []
        #: What differs from the rules in the next assertion.
        self.facts: dict[str, str] = {}
        #: What becomes of the response before and after it is signed.
        self.before: Callable[[etree._Element], None] = lambda _: None
        self.after: Callable[[etree._Element], etree._Element] = lambda response: response
        self.signs = True
        self.transform = xmlsec.Transform.RSA_SHA256
        self.logout_status = SUCCESS
        #: Answers that it has sent, in base64.
        self.sent: list[str] = []
        self.asked: list[str] = []

    def metadata(self) -> str:
        """Return its metadata."""
        keys = "".join(
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data>'
            f"<ds:X509Certificate>{pair.certificate_base64}</ds:X509Certificate>"
            "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for pair in self.published
        )
        binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        logout = (
            f'<md:SingleLogoutService Binding="{binding}" Location="{self.origin}/slo"/>'
            if self.has_logout
            else ""
        )
        return (
            f'<md:EntityDescriptor xmlns:md="{MD}" entityID="{self.origin}/idp">'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">{keys}{logout}'
            f'<md:SingleSignOnService Binding="{binding}" Location="{self.origin}/sso"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def write_metadata(self, folder: Path) -> dict[str, str]:
        """Write its metadata into a folder; return what our settings say of it."""
        path = folder / "idp.xml"
        path.write_text(self.metadata(), encoding="utf-8")
        return {"saml_metadata": str(path)}

    def learn(self, metadata: bytes) -> None:
        """Read what the service provider has published of itself."""
        root = etree.fromstring(metadata)
        self.entity = root.get("entityID") or ""
        self.consumer = root.find(".//md:AssertionConsumerService", NAMES).get("Location")
        self.logout = root.find(".//md:SingleLogoutService", NAMES).get("Location")
        self.certificates = [
            x509.load_der_x509_certificate(base64.b64decode(found.text))
            for found in root.iterfind(".//ds:X509Certificate", NAMES)
        ]

    def app(self) -> flask.Flask:
        """Return its application."""
        app = flask.Flask(__name__)

        @app.before_request
        def note() -> None:
            self.asked.append(flask.request.path)

        app.add_url_rule("/sso", view_func=self._sso, methods=["GET", "POST"])
        app.add_url_rule("/slo", view_func=self._slo)
        return app

    def _sso(self) -> Any:
        request = self._request("SAMLRequest")
        if request is None or request.get("AssertionConsumerServiceURL") != self.consumer:
            return "this request is not in order", 400
        if flask.request.method == "GET":
            return PAGE
        relay = flask.request.args["RelayState"]
        if flask.request.form["do"] == "deny":
            self.facts |= {
                "status": "urn:oasis:names:tc:SAML:2.0:status:Responder",
                "substatus": "<samlp:StatusCode "
                'Value="urn:oasis:names:tc:SAML:2.0:status:RequestDenied"/>',
                "assertion": "",
            }
        answer = self.answer(request.get("ID"), flask.request.form["account"])
        self.sent.append(answer)
        return FORM.format(action=self.consumer, answer=answer, relay=escape(relay))

    def answer(self, request_id: str, account: str) -> str:
        """Return a response to a request, in base64."""
        response = etree.fromstring(self._written(request_id, account))
        self.before(response)
        assertion = response.find("saml:Assertion", NAMES)
        if assertion is not None and self.signs:
            self.sign(assertion)
        # Read anew: what xmlsec has put in, lxml does not find by name.
        whole = etree.fromstring(etree.tostring(response))
        return base64.b64encode(etree.tostring(self.after(whole))).decode()

    def _written(self, request_id: str, account: str) -> str:
        now = datetime.now(UTC)
        until = _moment(now + timedelta(minutes=5))
        facts = {
            "samlp": SAMLP,
            "saml": SAML,
            "response": _id(),
            "assertion_id": _id(),
            "now": _moment(now),
            "not_before": _moment(now - timedelta(minutes=1)),
            "until": until,
            "destination": self.consumer,
            "answers": f' InResponseTo="{request_id}"',
            "issuer": f"{self.origin}/idp",
            "status": SUCCESS,
            "substatus": "",
            "name_id": account,
            "method": "urn:oasis:names:tc:SAML:2.0:cm:bearer",
            "confirmation": (
                f'InResponseTo="{request_id}" Recipient="{self.consumer}" NotOnOrAfter="{until}"'
            ),
            "restriction": (
                "<saml:AudienceRestriction><saml:Audience>"
                f"{self.entity}</saml:Audience></saml:AudienceRestriction>"
            ),
            "session": _id(),
            "values": f"<saml:AttributeValue>{account}</saml:AttributeValue>",
            **self.facts,
        }
        return RESPONSE.format(**{"assertion": ASSERTION.format(**facts), **facts})

    def sign(self, element: etree._Element, pair: Pair | None = None) -> None:
        """Sign a part as providers do: enveloped, below its issuer, with the certificate."""
        who = pair or self.pair
        signature = xmlsec.template.create(
            element, xmlsec.Transform.EXCL_C14N, self.transform, ns="ds"
        )
        element.find("saml:Issuer", NAMES).addnext(signature)
        reference = xmlsec.template.add_reference(
            signature, xmlsec.Transform.SHA256, uri=f"#{element.get('ID')}"
        )
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
        xmlsec.tree.add_ids(element, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(who.private_pem, xmlsec.KeyFormat.PEM, None)
        context.key.load_cert_from_memory(who.certificate_pem, xmlsec.KeyFormat.PEM)
        context.sign(signature)

    def _request(self, name: str) -> etree._Element | None:
        """Return the request of the address, where the service provider has signed it."""
        query = flask.request.query_string.decode()
        signed = "&".join(
            part
            for wanted in (name, "RelayState", "SigAlg")
            for part in query.split("&")
            if part.startswith(f"{wanted}=")
        )
        given = dict(parse_qsl(query))
        if given.get("SigAlg") != SHA256:
            return None
        self.certificates[-1].public_key().verify(
            base64.b64decode(given["Signature"]),
            signed.encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
        return etree.fromstring(zlib.decompress(base64.b64decode(given[name]), -15))

    def _slo(self) -> Any:
        request = self._request("SAMLRequest")
        assert request is not None
        assert request.findtext("saml:NameID", namespaces=NAMES)
        response = (
            f'<samlp:LogoutResponse xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{_id()}"'
            f' Version="2.0" IssueInstant="{_moment(datetime.now(UTC))}"'
            f' Destination="{self.logout}" InResponseTo="{request.get("ID")}">'
            f"<saml:Issuer>{self.origin}/idp</saml:Issuer><samlp:Status>"
            f'<samlp:StatusCode Value="{self.logout_status}"/></samlp:Status>'
            "</samlp:LogoutResponse>"
        )
        deflated = zlib.compress(response.encode())[2:-4]
        query = urlencode(
            {
                "SAMLResponse": base64.b64encode(deflated).decode(),
                "RelayState": flask.request.args["RelayState"],
                "SigAlg": SHA256,
            }
        )
        signature = self.pair.key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
        whole = f"{query}&{urlencode({'Signature': base64.b64encode(signature).decode()})}"
        return flask.redirect(f"{self.logout}?{whole if self.signs else query}")


def _id() -> str:
    return f"_{secrets.token_hex(16)}"


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def saml_provider() -> Iterator[SamlProvider]:
    """Serve a provider."""
    provider = SamlProvider()
    with served(provider.app()) as provider.origin:
        yield provider
