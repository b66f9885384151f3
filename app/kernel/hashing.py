"""What is kept of secrets: of passwords by argon2id, of those that are random by SHA-256.

argon2id is slow by design: never while a database waits.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Longest that is looked at: argon2id takes any, a line of a form need not.
MOST = 200

#: For passwords that people choose: OWASP's least for argon2id, 19 MiB and two rounds.
_chosen = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: For those made here: 79 random bits need no slow hash, and a whole ward's are made at once.
_issued = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def of_chosen(password: str) -> str:
    """Return the hash of a password that somebody chose."""
    return _chosen.hash(password)


def of_issued(password: str) -> str:
    """Return the hash of a password that was made here, at random."""
    return _issued.hash(password)


def is_chosen(kept: str) -> bool:
    """Whether a hash is of a password that somebody chose."""
    return kept.startswith("$argon2id$") and _issued.check_needs_rehash(kept)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one of a hash; "" is nobody's.

    The work is the same for a chosen one, an issued one and nobody's: one slow hash.
    """
    is_right = verifies(kept, password) if kept else False
    if not is_chosen(kept):
        verifies(_nobodys(), password)
    return is_right


def verifies(kept: str, password: str) -> bool:
    """Whether a password is the one of a hash; how long it takes may tell the hash's kind."""
    try:
        return _chosen.verify(kept, password[:MOST])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Return the hash that an unknown person's password is tried on."""
    return _chosen.hash(secrets.token_urlsafe())


def hashed(secret: str) -> str:
    """Return what is kept of a secret of random bits, too many to be tried: a fast hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()
