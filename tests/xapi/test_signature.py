"""Signed statements: what is signed is what is said, and in the form that the rules know."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.xapi.made import ATTACHMENT, BUN, CHI, ID, OTHER_ID, SHA2, full, refused, statement
from xapi import signature
from xapi.statement import Version

CERTIFICATE = b"a certificate that nobody gave"
KIND = "application/octet-stream"


def _sealed(algorithm: str, signed: bytes, certificate: bytes) -> bytes:
    return hashlib.sha256(algorithm.encode() + signed + certificate).digest()


def _verify(algorithm: str, signed: bytes, found: bytes, certificate: bytes) -> bool:
    """Stand for the mathematics: what `_sealed` has sealed is sealed."""
    return found == _sealed(algorithm, signed, certificate)


def _coded(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def jws(payload: object, header: object = None) -> bytes:
    """Return the compact form of a signature, as its sender makes it."""
    chain = [base64.b64encode(CERTIFICATE).decode()]
    said = {"alg": "RS256", "x5c": chain} if header is None else header
    signed = b".".join(_coded(json.dumps(each).encode()) for each in (said, payload))
    algorithm = str(said.get("alg")) if isinstance(said, dict) else ""
    return signed + b"." + _coded(_sealed(algorithm, signed, CERTIFICATE))


def signing(sha2: str = SHA2, kind: str = KIND) -> dict[str, Any]:
    """Return the attachment that says that a statement is signed."""
    usage = {"usageType": signature.USAGE, "contentType": kind, "sha2": sha2}
    return {**ATTACHMENT, **usage}


def _examine(said: dict[str, Any], signed: bytes, kind: str = KIND) -> None:
    signature.examine(said, kind, signed, Version.OLD, _verify)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("chain", [True, False])
def test_a_statement_is_signed_before_its_signature_is_attached(
    algorithm: str, chain: bool
) -> None:
    header: dict[str, Any] = {"alg": algorithm}
    if chain:
        header["x5c"] = [base64.b64encode(CERTIFICATE).decode(), "the next one"]
    said = statement(id=ID)
    _examine({**said, "attachments": [signing()]}, jws(said, header))


@pytest.mark.parametrize("kind", [KIND, "Application/Octet-Stream ; a=b"])
def test_a_signature_is_bytes(kind: str) -> None:
    _examine(full(), jws(full()), kind)


def test_what_a_store_adds_is_not_signed() -> None:
    before = statement(id=ID)
    after = {
        **before,
        "stored": "2026-11-24T00:00:00Z",
        "timestamp": "2026-11-24T00:00:00Z",
        "authority": CHI,
        "version": "1.0.0",
        "attachments": [ATTACHMENT, signing()],
    }
    _examine(after, jws({**before, "attachments": [ATTACHMENT]}))


@pytest.mark.parametrize("kind", ["text/plain", "application/json", ""])
def test_a_signature_of_another_type_is_refused(kind: str) -> None:
    assert refused(_examine, statement(), jws(statement()), kind) == ("signature_type", ())


@pytest.mark.parametrize(
    "signed",
    [
        b"",
        b"a.b",
        jws(statement()) + b".",
        jws(statement()).replace(b".", b"", 1),
        b"!" + jws(statement())[1:],
        jws(statement())[:-1] + b"\xff",
        jws(statement()) + b"!!!!",
        b"A" + jws(statement()),
        jws(statement(), ["RS256"]),
        jws(statement(), "RS256"),
        jws(statement(), {"alg": "RS256", "x5c": []}),
        jws(statement(), {"alg": "RS256", "x5c": "AAAA"}),
        jws(statement(), {"alg": "RS256", "x5c": [7]}),
        jws(statement(), {"alg": "RS256", "x5c": [""]}),
        jws(statement(), {"alg": "RS256", "x5c": ["A"]}),
        jws(statement(), {"alg": "RS256", "x5c": ["証"]}),
    ],
)
def test_a_signature_of_another_form_is_refused(signed: bytes) -> None:
    assert refused(_examine, statement(), signed) == ("signature_form", ())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "rs256", "", None, ["RS256"]])
def test_a_signature_by_another_algorithm_is_refused(algorithm: object) -> None:
    signed = jws(statement(), {"alg": algorithm})
    assert refused(_examine, statement(), signed) == ("signature_algorithm", ())
    assert refused(_examine, statement(), jws(statement(), {})) == ("signature_algorithm", ())


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (statement(actor=BUN), "signature_differs"),
        (statement(result={"success": True}), "signature_differs"),
        (statement(verb={"id": "finished"}), "iri"),
        ([statement()], "object"),
        ({}, "missing"),
    ],
)
def test_a_signature_of_another_statement_is_refused(payload: object, rule: str) -> None:
    assert refused(_examine, statement(), jws(payload))[0] == rule


def test_what_is_signed_is_json() -> None:
    header = _coded(b'{"alg": "RS256"}')
    assert refused(_examine, statement(), header + b"." + _coded(b"{") + b".AAAA")[0] == "json"
    assert refused(_examine, statement(), _coded(b"{") + b".AAAA.AAAA")[0] == "json"


def test_a_signature_that_the_certificate_does_not_prove_is_refused() -> None:
    other = [base64.b64encode(b"another certificate").decode()]
    signed = jws(statement(), {"alg": "RS256", "x5c": other})
    assert refused(_examine, statement(), signed) == ("signature_false", ())
    head, payload, _ = jws(statement()).split(b".")
    forged = b".".join([head, payload, _coded(b"forged")])
    assert refused(_examine, statement(), forged) == ("signature_false", ())


def test_signatures_are_told_from_other_attachments() -> None:
    other = signing("CD" * 32, "text/plain")
    value = statement(attachments=[ATTACHMENT, signing(), other])
    assert signature.hashes(value) == {SHA2: KIND, "cd" * 32: "text/plain"}
    assert signature.hashes(statement(id=OTHER_ID, attachments=[ATTACHMENT])) == {}
    assert signature.hashes(statement()) == {}
