"""The first half of a launch: a platform asks us to ask it who is there (SEC 5.1.1).

What it brings is not signed. So the address that the answer comes to is ours and fixed, where it
wants to lead is only compared, and what we send is kept by the application until it is used once.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pylti1p3.cookie import CookieService
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.request import Request
from pylti1p3.session import SessionService

from lti.errors import LaunchRefused
from lti.registration import Registration, Registrations, find

#: Bytes of chance in a state and in a nonce.
CHANCE: Final = 32
#: Letters of what a platform hands us to give back, at most.
_HINT: Final = 4096
_HINTS: Final = ("login_hint", "lti_message_hint", "target_link_uri", "lti_storage_target")

Ours = Callable[[str], bool]


@dataclass(frozen=True)
class Login:
    """What was asked for, to be kept until the answer comes; both secrets count once."""

    state: str
    nonce: str
    registration_id: uuid.UUID
    target_link_uri: str


@dataclass(frozen=True)
class Begun:
    """A login that was begun, and where it goes on."""

    login: Login
    registration: Registration
    #: Where the browser is sent.
    address: str
    #: The frame of the platform that keeps things for us, where it offers one: `_parent` or a name.
    storage_target: str


def begin(
    params: Mapping[str, str],
    registrations: Registrations,
    *,
    launch_address: str,
    is_ours: Ours,
    of: Registration | None = None,
) -> Begun:
    """Take a login initiation, by GET or POST, and say where to send the browser.

    `of` is the registration where the address that was called names it. Raises LaunchRefused.
    """
    asked = _Login(params, registrations, is_ours, of)  # type: ignore[abstract] # what it leaves out is not asked for
    address = asked.address(launch_address)
    return Begun(asked.login, asked.found, address, params.get("lti_storage_target", ""))


class _Login(OIDCLogin[Request, Any, SessionService, CookieService, Any]):
    """PyLTI1p3's login, whose secrets are kept together instead of one by one."""

    def __init__(
        self,
        params: Mapping[str, str],
        registrations: Registrations,
        is_ours: Ours,
        of: Registration | None,
    ) -> None:
        kept = _Kept()  # type: ignore[abstract] # what it leaves out is not asked for
        request = Params(params)  # type: ignore[abstract] # what it leaves out is not asked for
        super().__init__(request, registrations, session_service=kept, cookie_service=kept)
        self._params = params
        self._registrations = registrations
        self._is_ours = is_ours
        self._of = of
        self._kept = kept
        self.found: Registration

    @property
    def login(self) -> Login:
        return Login(
            self._kept.state, self._kept.nonce, self.found.id, self._params["target_link_uri"]
        )

    def address(self, launch_address: str) -> str:
        """Return where the browser goes; an address of the platform may have a query already."""
        made: str = self._prepare_redirect_url(launch_address)
        base = self.found.auth_login_url
        return base + ("&" if "?" in base else "?") + made[len(base) + 1 :]

    def validate_oidc_login(self) -> LibraryRegistration:
        for name in ("iss", "login_hint", "target_link_uri"):
            if not self._params.get(name):
                raise LaunchRefused("login_incomplete", name=name)
        if any(len(self._params.get(name, "")) > _HINT for name in _HINTS):
            raise LaunchRefused("login_too_long")
        if not self._is_ours(self._params["target_link_uri"]):
            raise LaunchRefused("target_not_ours")
        issuer, client_id = self._params["iss"], self._params.get("client_id") or None
        if self._of is None:
            found = find(self._registrations, issuer, client_id)
        else:
            is_it = self._of.issuer == issuer and client_id in (None, self._of.client_id)
            found = self._of if is_it else None
        if found is None:
            raise LaunchRefused("platform_unknown")
        self.found = found
        return found.as_library()

    def _get_uuid(self) -> str:
        return secrets.token_urlsafe(CHANCE)

    def _generate_nonce(self) -> str:
        return secrets.token_urlsafe(CHANCE)


class Params(Request):
    """The parameters of a request, as PyLTI1p3 reads them."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    def get_param(self, key: str) -> str:
        """Return a parameter, empty where it is missing."""
        return self._params.get(key, "")


class _Kept(SessionService, CookieService):
    """The state and the nonce of one login, for the application to keep in one row."""

    def __init__(self) -> None:
        self.state = ""
        self.nonce = ""

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce

    def set_cookie(
        self,
        name: str,
        value: str | int,  # noqa: ARG002 - the same as the name
        exp: int | None = None,  # noqa: ARG002 - the application knows how long it keeps it
    ) -> None:
        self.state = name
