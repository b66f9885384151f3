"""Secrets that must be read again, sealed with a key that comes from the installation's own.

Another key for another purpose: HKDF (RFC 5869) derives it, so that neither tells of the other.
"""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.kernel.settings import Settings

_PURPOSE = b"kenshu sealed secrets"


def seal(settings: Settings, secret: str) -> str:
    """Return a secret as it may be stored."""
    return _box(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """Return what was sealed with the present key or with a former one.

    Raises cryptography's InvalidToken for what none of them has sealed.
    """
    return _box(settings).decrypt(sealed.encode()).decode()


def seal_anew(settings: Settings, sealed: str) -> str:
    """Return the same secret, sealed with the present key. Raises as `unseal` does."""
    return _box(settings).rotate(sealed.encode()).decode()


@cache
def _box(settings: Settings) -> MultiFernet:
    keys = (settings.key(), *settings.former_secret_keys.split())
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
