"""Signed statements: by a real key whose certificate stands in the signature."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.learning.record_store.conftest import Speaker, broken
from tests.learning.record_store.test_attachments import attachment, bring, brought_back, naming
from tests.xapi.made import BUN, ID, letters, statement
from xapi.signature import CONTENT_TYPE, USAGE

HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
#: Version 3 of a certificate in DER, and one that there is not.
VERSION_3, VERSION_9 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x08"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certified(key: Key) -> bytes:
    """Return a certificate (DER) that a key gives itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "course.example.org")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Signer:
    """Somebody who signs what they say."""

    key: rsa.RSAPrivateKey
    certificate: bytes

    def sign(self, said: Any, algorithm: str = "RS256", certificate: bytes | None = None) -> bytes:
        """Return the signature of a statement (JWS, compact)."""
        chain = [base64.b64encode(certificate or self.certificate).decode()]
        pieces = [coded(letters(each)) for each in ({"alg": algorithm, "x5c": chain}, said)]
        signed = b".".join(pieces)
        return signed + b"." + coded(self.key.sign(signed, padding.PKCS1v15(), HASHES[algorithm]))


def coded(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def send(store: Speaker, said: dict[str, Any], jws: bytes) -> Any:
    """Send a statement with a signature; return the answer."""
    brought = attachment(jws, kind=CONTENT_TYPE)
    return bring(store, {**said, "attachments": naming(brought, usageType=USAGE)}, brought)


@pytest.fixture(scope="module")
def signer() -> Signer:
    """Somebody with a key and a certificate of their own."""
    key = rsa.generate_private_key(65537, 2048)
    return Signer(key, certified(key))


@pytest.mark.parametrize("algorithm", list(HASHES))
def test_a_signed_statement_is_kept_with_its_signature(
    store: Speaker, signer: Signer, algorithm: str
) -> None:
    said = statement(id=ID)
    jws = signer.sign(said, algorithm)
    assert send(store, said, jws).get_json() == [ID]
    _, found = brought_back(store.get(statementId=ID, attachments="true"))
    assert [each.content for each in found.values()] == [jws]


def test_a_signature_of_something_else_is_refused(store: Speaker, signer: Signer) -> None:
    said = statement(id=ID)
    assert broken(send(store, said, signer.sign({**said, "actor": BUN})))[0] == "signature_differs"
    head, _, signed = signer.sign(said).split(b".")
    other = coded(letters({**said, "result": {"success": True}}))
    changed = {**said, "result": {"success": True}}
    forged = b".".join([head, other, signed])
    assert broken(send(store, changed, forged))[0] == "signature_false"
    assert store.found() == []


def test_a_signature_by_another_key_is_refused(store: Speaker, signer: Signer) -> None:
    curve = certified(ec.generate_private_key(ec.SECP256R1()))
    strange = signer.certificate.replace(VERSION_3, VERSION_9, 1)
    assert strange != signer.certificate
    for certificate in (curve, strange, b"none", signer.certificate[:-300]):
        jws = signer.sign(statement(), certificate=certificate)
        assert broken(send(store, statement(), jws))[0] == "signature_false"
    head, payload, _ = signer.sign(statement()).split(b".")
    assert broken(send(store, statement(), head + b"." + payload + b"."))[0] == "signature_false"


def test_what_is_no_signature_is_refused(store: Speaker, signer: Signer) -> None:
    assert broken(send(store, statement(), b"signed: ami"))[0] == "signature_form"
    jws = signer.sign(statement())
    brought = attachment(jws)
    said = {**statement(), "attachments": naming(brought, usageType=USAGE)}
    assert broken(bring(store, said, brought))[0] == "signature_type"
