"""A platform as launches see it: an agreement, keys, and messages that it signs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm
from requests import Response

from lti.errors import LineRefused
from lti.keys import KeySets
from lti.launch import Gate
from lti.login import Login
from lti.message import DEEP_LINKING, LTI
from lti.registration import Registration

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LINK = "https://kenshu.example.com/lti/open/7"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
REGISTRATION = Registration(
    id=uuid.UUID(int=1),
    issuer="https://platform.example.com",
    client_id="client-7",
    auth_login_url="https://platform.example.com/auth",
    auth_token_url="https://platform.example.com/token",
    key_set_url="https://platform.example.com/keys",
)


def is_ours(address: str) -> bool:
    """Whether an address leads to the tool."""
    return address.startswith("https://kenshu.example.com/lti/open/")


@cache
def key(name: str, bits: int = 2048) -> RSAPrivateKey:
    """Return a key of the platform's; the same name gives the same key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public(name: str, kid: str, **more: object) -> dict[str, Any]:
    """Return a key as a set of keys holds it; a member that is None is left out."""
    numbers = json.loads(RSAAlgorithm.to_jwk(key(name).public_key()))
    found = {"kty": "RSA", "n": numbers["n"], "e": numbers["e"], "kid": kid, "alg": "RS256"}
    found = {**found, "use": "sig", **more}
    return {member: value for member, value in found.items() if value is not None}


class Platform:
    """The platform of one agreement, and what the application knows of it."""

    def __init__(self, *registrations: Registration) -> None:
        self.registrations = registrations or (REGISTRATION,)
        self.deployments = {(self.registrations[0].id, "deployment-1")}
        #: What its set of keys holds; None where it does not answer.
        self.published: object = {"keys": [public("first", "kid-1")]}
        self.headers: dict[str, str] = {}
        self.status = 200
        #: How often it was asked.
        self.asked = 0
        self.gate = Gate(self, KeySets(self._answer), is_ours)

    def of_issuer(self, issuer: str) -> Sequence[Registration]:
        return [each for each in self.registrations if each.issuer == issuer]

    def has_deployment(self, registration_id: uuid.UUID, deployment_id: str) -> bool:
        return (registration_id, deployment_id) in self.deployments

    def _answer(self, _registration: Registration) -> Response:
        self.asked += 1
        if self.published is None:
            raise LineRefused("line_broken")
        answer = Response()
        answer.status_code = self.status
        answer.headers.update(self.headers)
        answer._content = json.dumps(self.published).encode()
        return answer


def login(state: str = "state-1", nonce: str = "nonce-1", **more: Any) -> Login:
    """Return a login that waits for its answer."""
    given = {"registration_id": REGISTRATION.id, "target_link_uri": LINK, **more}
    return Login(state, nonce, **given)


def claims(**changes: object) -> dict[str, Any]:
    """Return the claims of a good launch; a claim that is None is left out."""
    found: dict[str, object] = {
        "iss": REGISTRATION.issuer,
        "aud": REGISTRATION.client_id,
        "sub": "person-1",
        "exp": seconds(300),
        "iat": seconds(0),
        "nonce": "nonce-1",
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}roles": [LEARNER],
        f"{LTI}deployment_id": "deployment-1",
        f"{LTI}target_link_uri": LINK,
        f"{LTI}resource_link": {"id": "link-1"},
        f"{LTI}context": {"id": "course-1"},
    }
    short = {name if name in ALONE else LTI + name: value for name, value in changes.items()}
    found |= short
    return {name: value for name, value in found.items() if value is not None}


#: Claims that are not of LTI's own vocabulary, or have their whole name.
ALONE = {"iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce", "name", "email"}


def choosing(**changes: object) -> dict[str, Any]:
    """Return the claims of a good request to choose links."""
    found = claims(
        message_type="LtiDeepLinkingRequest",
        roles=[INSTRUCTOR],
        target_link_uri=None,
        resource_link=None,
        **changes,
    )
    wanted = {
        "deep_link_return_url": "https://platform.example.com/chosen",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"],
    }
    return {DEEP_LINKING: wanted, **found}


def seconds(later: float) -> int:
    """Return a moment as tokens have it, by so many seconds later than now."""
    return int((NOW + timedelta(seconds=later)).timestamp())


def signed(
    payload: Mapping[str, Any],
    *,
    by: str = "first",
    header: Mapping[str, Any] | None = None,
    algorithm: str = "RS256",
) -> str:
    """Sign a message; a member of the header that is None is left out."""
    given = {"kid": "kid-1", **(header or {})}
    members = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(dict(payload), key(by), algorithm=algorithm, headers=members)
