"""The keys that platforms sign with: fetched when they are needed, kept as long as they say.

A key that is not known makes us ask once more, as platforms change theirs at any time (SEC 6.3); a
platform that does not answer leaves the last good set in its place. Each key is made ready once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from lti.errors import LaunchRefused, LineRefused
from lti.http import Answer
from lti.registration import Registration

#: How long a set is kept: at least, at most, and where its platform does not say.
LEAST: Final = timedelta(minutes=5)
MOST: Final = timedelta(hours=24)
USUAL: Final = timedelta(hours=1)
#: Between two questions because of keys that are not known, and after one without an answer.
PAUSE: Final = timedelta(minutes=1)
#: RFC 7518, 3.3.
_BITS: Final = 2048
#: Keys of a set that are looked at.
_KEYS: Final = 100

_log = logging.getLogger(__name__)


@dataclass
class _Set:
    keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    #: Until when it is believed without asking.
    fresh_until: datetime | None = None
    #: When it was last asked for because of a key that was not there.
    missed_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeySets:
    """The sets of all platforms, for all threads of a process."""

    def __init__(self, get: Callable[[Registration], Answer]) -> None:
        """`get` asks for a registration's `key_set_url`; raises as `lti.http.Line` does."""
        self._get = get
        self._sets: dict[str, _Set] = {}
        self._lock = threading.Lock()

    def key(self, registration: Registration, kid: str, now: datetime) -> RSAPublicKey:
        """Return a platform's key.

        Raises LaunchRefused("keys_unreachable"), and ("key_unknown") for none or an unusable one.
        """
        with self._lock:
            kept = self._sets.setdefault(registration.key_set_url, _Set())
        with kept.lock:
            if kept.fresh_until is None or now >= kept.fresh_until:
                self._renew(kept, registration, now)
            elif kid not in kept.keys and (kept.missed_at is None or now - kept.missed_at >= PAUSE):
                kept.missed_at = now
                self._renew(kept, registration, now)
            found = kept.keys.get(kid)
        if found is None:
            raise LaunchRefused("key_unknown")
        return found

    def is_at_hand(self, registration: Registration, kid: str, now: datetime) -> bool:
        """Whether `key` would answer without asking the platform."""
        with self._lock:
            kept = self._sets.get(registration.key_set_url)
        if kept is None or kept.fresh_until is None or now >= kept.fresh_until:
            return False
        return kid in kept.keys

    def _renew(self, kept: _Set, registration: Registration, now: datetime) -> None:
        try:
            answer = self._get(registration)
            found = _usable(_listed(answer), registration.algorithms)
        except (LineRefused, ValueError, TypeError, KeyError) as error:
            _log.warning(
                "lti.keys_unreachable",
                extra={"registration": registration.id, "reason": type(error).__name__},
            )
            if not kept.keys:
                raise LaunchRefused("keys_unreachable") from error
            kept.fresh_until = now + PAUSE
            return
        for kid in found.keys() & kept.keys.keys():
            if found[kid].public_numbers() != kept.keys[kid].public_numbers():
                _log.warning("lti.key_replaced", extra={"registration": registration.id})
        kept.keys = found
        kept.fresh_until = now + _kept_for(answer.headers)


def _listed(answer: Answer) -> list[Any]:
    """Return the keys of a set as they are; raises ValueError, KeyError or TypeError for none."""
    entries = answer.json()["keys"]
    if not answer.ok or not isinstance(entries, list):
        raise ValueError("no set of keys")
    return entries


def _usable(entries: list[Any], algorithms: tuple[str, ...]) -> dict[str, RSAPublicKey]:
    """Return the keys that may verify, by their ids; others of a set are none of our business."""
    found = {}
    for entry in entries[:_KEYS]:
        if not (
            isinstance(entry, dict)
            and isinstance(entry.get("kid"), str)
            and entry.get("kty") == "RSA"
            and entry.get("use", "sig") == "sig"
            and entry.get("alg", algorithms[0]) in algorithms
        ):
            continue
        public = {name: entry.get(name) for name in ("kty", "n", "e")}
        try:
            key = RSAAlgorithm.from_jwk(public)
        except (InvalidKeyError, ValueError, TypeError):
            continue
        if isinstance(key, RSAPublicKey) and key.key_size >= _BITS:
            found[entry["kid"]] = key
    return found


def _kept_for(headers: Mapping[str, str]) -> timedelta:
    """Return how long a set is kept, by its Cache-Control (RFC 9111, 5.2.2)."""
    said = headers.get("Cache-Control", "").lower().replace(" ", "").split(",")
    if "no-store" in said or "no-cache" in said:
        return LEAST
    ages = [part.partition("=")[2].strip('"') for part in said if part.startswith("max-age=")]
    if not ages or not ages[0].isdecimal():
        return USUAL
    return min(MOST, max(LEAST, timedelta(seconds=min(int(ages[0]), 10**7))))
