"""The second half of a launch: a signed message, believed or refused with its reason (SEC 5.1.3).

Nothing of the message counts before it is held against the login that it answers: state, nonce and
registration belong together, and the application has used the login up before it asks here.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pylti1p3.cookie import CookieService
from pylti1p3.deployment import Deployment
from pylti1p3.exception import LtiException
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti import message
from lti.errors import LaunchRefused
from lti.http import Line
from lti.keys import KeySets
from lti.login import Login, Ours, Params
from lti.message import Message
from lti.registration import Registration, Registrations, find

#: By how much our clock and a platform's may differ.
LEEWAY: Final = timedelta(seconds=60)
#: How old a message may be, and for how long it may claim to hold.
OLDEST: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=24)
#: Letters of a message.
_MOST: Final = 100_000
#: The library wants one at hand, and has no use for it here: this one calls nobody.
_NO_LINE: Final = Line(())
#: How one is written (RFC 7515, 7.1); one without a signature is refused for its algorithm.
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Gate:
    """What every launch is held against."""

    registrations: Registrations
    keys: KeySets
    #: Whether an address is one of ours that a link may lead to.
    is_ours: Ours


@dataclass(frozen=True)
class Claimed:
    """What a message claims before it is believed: empty where it cannot be read.

    What a launch will need can be looked up by it; whether it holds, `admit` says.
    """

    kid: str = ""
    issuer: str = ""
    deployment_id: str = ""

    @classmethod
    def of(cls, token: str) -> Claimed:
        """Return what a signed message (RFC 7515, compact) claims."""
        try:
            header, payload, _ = token.split(".")
            key, said = (json.loads(urlsafe_b64decode(part + "==")) for part in (header, payload))
            found = key.get("kid"), said.get("iss"), said.get(f"{message.LTI}deployment_id")
        except (ValueError, AttributeError, RecursionError):
            return cls()
        return cls(*found) if all(isinstance(each, str) for each in found) else cls()


def admit(params: Mapping[str, str], login: Login | None, gate: Gate, now: datetime) -> Message:
    """Return what a platform says, once all of it holds.

    `login` is the login of the request's state, used up by now; None where there is none that could
    be used. Raises LaunchRefused.
    """
    if params.get("error"):
        raise LaunchRefused("platform_refused", error=params["error"][:100])
    if not params.get("state"):
        raise LaunchRefused("state_missing")
    if login is None:
        raise LaunchRefused("state_unknown")
    launch = _Launch(params, login, gate, now)
    launch.validate()
    return launch.message


class _Launch(MessageLaunch[Request, Any, SessionService, CookieService]):
    """PyLTI1p3's launch, each of whose steps asks for what it leaves open."""

    def __init__(self, params: Mapping[str, str], login: Login, gate: Gate, now: datetime) -> None:
        request = Params(params)  # type: ignore[abstract] # what it leaves out is not asked for
        tool = _Tool(gate.registrations)  # type: ignore[abstract] # what it leaves out is not asked for
        browser = CookieService()  # type: ignore[abstract] # what it leaves out is not asked for
        answers = _Answers(login)
        super().__init__(
            request,
            tool,
            session_service=answers,
            cookie_service=browser,
            requests_session=_NO_LINE,
        )
        self._params = params
        self._login = login
        self._gate = gate
        self._now = now
        self._ours: Registration
        self.message: Message

    def _get_request_param(self, key: str) -> str:
        return self._params.get(key, "")

    def validate_state(self) -> _Launch:
        return self  # the login was found by it

    def validate_jwt_format(self) -> _Launch:
        token = self._params.get("id_token", "")
        if not token:
            raise LaunchRefused("token_missing")
        if len(token) > _MOST:
            raise LaunchRefused("token_too_long")
        if not _COMPACT.fullmatch(token):  # a decoder would pass over what is no letter of its own
            raise LaunchRefused("token_malformed")
        _as("token_malformed", super().validate_jwt_format)
        header: object = self._jwt["header"]
        if not isinstance(header, dict) or not isinstance(self._jwt["body"], dict):
            raise LaunchRefused("token_malformed")
        if "crit" in header:  # RFC 7515, 4.1.11: we know none of what could be critical
            raise LaunchRefused("token_critical")
        return self

    def validate_nonce(self) -> _Launch:
        nonce: object = self._claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise LaunchRefused("claim_missing", claim="nonce")
        _as("nonce_wrong", super().validate_nonce)
        return self

    def get_client_id(self) -> str:
        """Return which of the audience we are: `azp` where there are several (SEC 5.1.3, 3-5)."""
        audience: object = self._claims.get("aud")
        meant = [audience] if isinstance(audience, str) else audience
        if not isinstance(meant, list) or not meant or not all(isinstance(m, str) for m in meant):
            raise LaunchRefused("claim_missing", claim="aud")
        party: object = self._claims.get("azp")
        if party is None and len(meant) > 1:
            raise LaunchRefused("claim_missing", claim="azp")
        if party is not None and party not in meant:
            raise LaunchRefused("party_wrong")
        return str(meant[0] if party is None else party)

    def validate_registration(self) -> _Launch:
        issuer: object = self._claims.get("iss")
        if not isinstance(issuer, str) or not issuer:
            raise LaunchRefused("claim_missing", claim="iss")
        found = find(self._gate.registrations, issuer, self.get_client_id())
        if found is None:
            raise LaunchRefused("platform_unknown")
        if found.id != self._login.registration_id:
            raise LaunchRefused("platform_differs")
        self._ours = self._tool_config.ours = found
        return self

    def get_public_key(self) -> tuple[RSAPublicKey, str]:  # type: ignore[override] # a key made ready
        header: Mapping[str, object] = self._jwt["header"]
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or not kid:
            raise LaunchRefused("key_missing")
        if not isinstance(algorithm, str) or algorithm not in self._ours.algorithms:
            raise LaunchRefused("algorithm_wrong")
        return self._gate.keys.key(self._ours, kid, self._now), algorithm

    def validate_jwt_signature(self) -> _Launch:
        # The library would decode the whole message once more, letter by letter in Python.
        key, algorithm = self.get_public_key()
        signed, _, signature = self._params["id_token"].encode().rpartition(b".")
        holds = jwt.get_algorithm_by_name(algorithm).verify
        if len(signature) % 4 == 1 or not holds(signed, key, urlsafe_b64decode(signature + b"==")):
            raise LaunchRefused("signature_wrong")
        self._validate_times()
        return self

    def _validate_times(self) -> None:
        issued, expires = self._moment("iat"), self._moment("exp")
        if expires + LEEWAY.total_seconds() <= self._now.timestamp():
            raise LaunchRefused("token_expired")
        if issued > (self._now + LEEWAY).timestamp():
            raise LaunchRefused("token_early")
        if issued < (self._now - OLDEST).timestamp():
            raise LaunchRefused("token_old")
        if expires - issued > LONGEST.total_seconds():
            raise LaunchRefused("token_holds_too_long")
        if "nbf" in self._claims and self._moment("nbf") > (self._now + LEEWAY).timestamp():
            raise LaunchRefused("token_early")

    def _moment(self, name: str) -> float:
        """Return a time of the message, in seconds (RFC 7519, 2: NumericDate)."""
        value: object = self._claims.get(name)
        if value is None:
            raise LaunchRefused("claim_missing", claim=name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise LaunchRefused("claim_malformed", claim=name)
        return value

    def validate_deployment(self) -> _Launch:
        self.message = message.read(self._claims, self._ours)
        _as("deployment_unknown", super().validate_deployment)
        return self

    def validate_message(self) -> _Launch:
        target = self.message.target_link_uri
        if self.message.kind == message.RESOURCE_LINK and not self._gate.is_ours(target):
            raise LaunchRefused("target_not_ours")
        return self

    def save_launch_data(self) -> _Launch:
        return self  # the application keeps of the message what it needs

    @property
    def _claims(self) -> Mapping[str, Any]:
        return self._jwt["body"]


def _as(code: str, step: Callable[[], object]) -> None:
    """Take a step of the library's, and call what it refuses by our name."""
    try:
        step()
    except LaunchRefused:
        raise
    except LtiException as error:
        raise LaunchRefused(code) from error


class _Tool(ToolConfAbstract[Request]):
    """The agreement of a launch, once it is found, as PyLTI1p3 asks for its deployments."""

    def __init__(self, registrations: Registrations) -> None:
        self._registrations = registrations
        self.ours: Registration

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002 - the library's name
        return False

    def find_deployment_by_params(
        self,
        iss: str,  # noqa: ARG002 - of the agreement that was found
        deployment_id: str,
        client_id: str,  # noqa: ARG002 - the same
        *_given: Any,
        **_more: Any,
    ) -> Deployment | None:
        if not self._registrations.has_deployment(self.ours.id, deployment_id):
            return None
        return Deployment().set_deployment_id(deployment_id)


class _Answers(SessionService):
    """What the login knows."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def check_nonce(self, nonce: str) -> bool:
        return hmac.compare_digest(nonce.encode(), self._login.nonce.encode())
