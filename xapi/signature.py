"""Signed statements: what the signature says is what the statement says (Data 2.6).

The mathematics is the caller's: `Verify` is told the algorithm, what was signed, the signature and
the certificate, and says whether they belong together.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from xapi.errors import Invalid
from xapi.multipart import media_type
from xapi.reading import value
from xapi.statement import Version, check
from xapi.storing import fingerprint
from xapi.values import moment

USAGE: Final = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE: Final = "application/octet-stream"
ALGORITHMS: Final = ("RS256", "RS384", "RS512")
#: Algorithm, what was signed, the signature, and the certificate (DER).
Verify = Callable[[str, bytes, bytes, bytes], bool]


def hashes(statement: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-2 of a statement's signatures, each with its content type."""
    return {
        each["sha2"].lower(): each["contentType"]
        for each in statement.get("attachments", ())
        if each["usageType"] == USAGE
    }


def examine(
    statement: Mapping[str, Any], content_type: str, jws: bytes, version: Version, verify: Verify
) -> None:
    """See that a JWS signs this statement. Raises Invalid."""
    if media_type(content_type) != CONTENT_TYPE:
        raise Invalid("signature_type", content_type)
    pieces = jws.split(b".")
    if len(pieces) != len(("header", "payload", "signature")):
        raise Invalid("signature_form")
    header, payload, signed = (_decoded(piece) for piece in pieces)
    said = value(header)
    if not isinstance(said, dict):
        raise Invalid("signature_form")
    if said.get("alg") not in ALGORITHMS:
        raise Invalid("signature_algorithm", said.get("alg"))
    if not _is_same(check(value(payload), version), statement):
        raise Invalid("signature_differs")
    certificate = _certificate(said)
    if certificate is not None and not verify(
        said["alg"], b".".join(pieces[:2]), signed, certificate
    ):
        raise Invalid("signature_false")


def _is_same(signed: Mapping[str, Any], statement: Mapping[str, Any]) -> bool:
    """Whether one says what the other says; a time that was signed is not the store's to set."""
    times = [each["timestamp"] for each in (signed, statement) if "timestamp" in each]
    return fingerprint(signed) == fingerprint(statement) and len(set(map(moment, times))) <= 1


def _certificate(header: dict[str, Any]) -> bytes | None:
    """Return the certificate of the one who signed, None where the header brings none."""
    chain = header.get("x5c")
    if chain is None:
        return None
    if not isinstance(chain, list) or not chain or not isinstance(chain[0], str) or not chain[0]:
        raise Invalid("signature_form")
    try:
        return base64.b64decode(chain[0], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("signature_form") from None


def _decoded(piece: bytes) -> bytes:
    try:
        return base64.b64decode(piece + b"=" * (-len(piece) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("signature_form") from None
