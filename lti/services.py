"""How a platform's services are asked: with a token for the least that is needed (SEC 4.1).

A token is kept until shortly before its end; where the platform does not take it any more, one new
one is fetched and the question put again, once.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse

from lti.errors import LineRefused
from lti.http import Answer, Line
from lti.registration import Registration
from lti.signing import ToolKey

#: Seconds before its end that a token is let go; and how long one holds that does not say.
_EARLY: Final = 60
_USUAL: Final = 300
#: How long our own word to the token's address holds.
_HOLDS: Final = timedelta(seconds=60)
#: Letters of a platform's answer that are kept to be read by somebody.
_SAID: Final = 500


class ServiceRefused(Exception):
    """A service that did not do what it was asked.

    `code` is service_unreachable (no answer, or none that can be read), service_failed (its own
    fault: 5xx, 429), service_stale (409), service_refused (any other) or token_refused.
    """

    def __init__(self, code: str, status: int = 0, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        #: The HTTP status; 0 where there was no answer.
        self.status = status
        #: What the platform said, cut.
        self.said = said

    @property
    def may_pass(self) -> bool:
        """Whether the same may be taken later."""
        return self.code in ("service_unreachable", "service_failed", "token_refused")


class Pages:
    """The pages of a list as a platform links them: each is turned to once, and so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[str] = set()

    def turned(self, following: str | None) -> str | None:
        """Return the address of the next page; None where the list has come to its end."""
        if following is None or following in self._seen or len(self._seen) >= self._most:
            return None
        self._seen.add(following)
        return following


class Tokens:
    """Access tokens of all platforms, for all threads of a process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[uuid.UUID, str], tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, registration: Registration, scopes: str) -> str | None:
        """Return a token that still holds."""
        with self._lock:
            token, until = self._kept.get((registration.id, scopes), ("", 0.0))
        return token if time.monotonic() < until else None

    def keep(self, registration: Registration, scopes: str, token: str, seconds: float) -> None:
        """Keep a token for so many seconds from now."""
        with self._lock:
            self._kept[registration.id, scopes] = token, time.monotonic() + seconds - _EARLY

    def drop(self, registration: Registration, scopes: str) -> None:
        """Forget a token that was not taken."""
        with self._lock:
            self._kept.pop((registration.id, scopes), None)


class Connector(ServiceConnector):
    """PyLTI1p3's connector: its services ask through it. Raises ServiceRefused."""

    def __init__(
        self,
        registration: Registration,
        key: ToolKey,
        line: Line,
        tokens: Tokens,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(registration.as_library(), line)
        self._ours = registration
        self._key = key
        self._line = line
        self._tokens = tokens
        self._now = now

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """Return a token for these scopes and no others."""
        wanted = " ".join(sorted(scopes))
        kept = self._tokens.get(self._ours, wanted)
        if kept is not None:
            return kept
        given = _read(self._called("POST", self._ours.auth_token_url, data=self._asked(wanted)))
        token = given.get("access_token") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(token, str):
            raise ServiceRefused("service_unreachable", said="no access_token")
        seconds = given.get("expires_in")
        holds = seconds if isinstance(seconds, int | float) else _USUAL
        self._tokens.keep(self._ours, wanted, token, holds)
        return token

    def _asked(self, scopes: str) -> dict[str, str]:
        """Return how a token is asked for: private_key_jwt (RFC 7523)."""
        now = self._now()
        claims = {
            "iss": self._ours.client_id,
            "sub": self._ours.client_id,
            "aud": self._ours.auth_audience or self._ours.auth_token_url,
            "iat": int(now.timestamp()),
            "exp": int((now + _HOLDS).timestamp()),
            "jti": uuid.uuid4().hex,
        }
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._key.sign(claims),
            "scope": scopes,
        }

    def make_service_request(
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,  # noqa: FBT001, FBT002 - the library's own
        data: str | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = False,  # noqa: FBT001, FBT002 - the library's own
    ) -> TServiceConnectorResponse:
        """Ask a service; the next page's address comes back as the platform wrote it."""
        headers = {"Accept": accept} | ({"Content-Type": content_type} if is_post else {})
        method = "POST" if is_post else "GET"
        body = data.encode() if data is not None else None

        def ask() -> Answer:
            bearer = {"Authorization": f"Bearer {self._token(scopes)}"}
            return self._called(method, url, data=body, headers=headers | bearer)

        answer = ask()
        if answer.status_code == 401:  # Unauthorized
            self._tokens.drop(self._ours, " ".join(sorted(scopes)))
            answer = ask()
        found = _read(answer)
        return {
            "headers": answer.headers if case_insensitive_headers else dict(answer.headers),
            "body": found,
            "next_page_url": answer.links.get("next", {}).get("url"),
        }

    def _token(self, scopes: Sequence[str]) -> str:
        try:
            return self.get_access_token(scopes)
        except ServiceRefused as error:
            if error.code == "service_refused":
                raise ServiceRefused("token_refused", error.status, error.said) from error
            raise

    def _called(self, method: str, url: str, **given: Any) -> Answer:
        try:
            return self._line.request(method, url, **given)
        except LineRefused as error:
            raise ServiceRefused("service_unreachable", said=error.code) from error


def _read(answer: Answer) -> Any:
    """Return what an answer holds; nothing that a redirect would lead to."""
    status, said = answer.status_code, answer.text[:_SAID]
    if status in (429, 500) or status > 500:  # Too Many Requests, 5xx
        raise ServiceRefused("service_failed", status, said)
    if status == 409:  # Conflict
        raise ServiceRefused("service_stale", status, said)
    if status >= 300:  # redirects, and what is refused
        raise ServiceRefused("service_refused", status, said)
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        return None  # a platform may answer a score with words: it has taken it
