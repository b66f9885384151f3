"""Our own keys: what we sign with, and what platforms read us by (SEC 6.4, 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

ALGORITHM: Final = "RS256"
_BITS: Final = 2048


@dataclass(frozen=True)
class ToolKey:
    """A key of ours and the id that platforms know it by."""

    kid: str
    private: RSAPrivateKey

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return claims as a signed token."""
        return jwt.encode(
            dict(claims), self.private, algorithm=ALGORITHM, headers={"kid": self.kid}
        )


def generate() -> str:
    """Return a new private key, as PEM without a password: it is sealed by whoever keeps it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@lru_cache(maxsize=256)
def load(kid: str, pem: str) -> ToolKey:
    """Return a key that is ready to sign; reading one takes a hundred times as long as signing."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)  # `generate` makes no other
    return ToolKey(kid, key)


def key_set(keys: Iterable[ToolKey]) -> dict[str, Any]:
    """Return the public halves as a set of keys (RFC 7517)."""
    return {"keys": [_public(key) for key in keys]}


def _public(key: ToolKey) -> dict[str, Any]:
    public = RSAAlgorithm.to_jwk(key.private.public_key(), as_dict=True)
    return {
        **{name: public[name] for name in ("kty", "n", "e")},
        "kid": key.kid,
        "alg": ALGORITHM,
        "use": "sig",
    }
