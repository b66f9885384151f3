"""Dynamic registration (LTI DR 1.0): a platform tells us its addresses, we tell it ours.

It begins with an address of ours that holds once; that is the application's. What comes of it is a
proposal until the office has approved it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from lti.errors import LineRefused
from lti.grades import LINE_ITEM, SCORE
from lti.http import Answer, Line
from lti.message import DEEP_LINK, RESOURCE_LINK
from lti.roster import SCOPE as ROSTER

_TOOL: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_PLATFORM: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
#: What we ask for, where the platform has it.
_SCOPES: Final = (SCORE, LINE_ITEM, ROSTER)
#: Letters of what a platform gives us, at most.
_ID: Final = 255


class RegistrationRefused(Exception):
    """A registration that did not come about.

    `code` is platform_unreachable, document_unusable (with the member's name), issuer_differs,
    or registration_refused (with the status).
    """

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Tool:
    """We, as platforms are told of us."""

    name: str
    description: str
    #: Where the tool lives: the origin of all that follows.
    origin: str
    login_address: str
    launch_address: str
    key_set_address: str
    choosing_address: str


@dataclass(frozen=True)
class Platform:
    """A platform, as its configuration has it."""

    issuer: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    registration_url: str
    #: Whom access tokens are asked of, where that is said.
    auth_audience: str
    #: What it is: moodle, canvas, …
    product: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Registered:
    """What the platform calls us from now on."""

    client_id: str
    #: The deployment that was made along with it; empty where none was.
    deployment_id: str


def discover(line: Line, address: str) -> Platform:
    """Return a platform by the address of its configuration. Raises RegistrationRefused."""
    document = _document(_called(line, "GET", address))
    platform = Platform(
        issuer=_address(document, "issuer"),
        auth_login_url=_address(document, "authorization_endpoint"),
        auth_token_url=_address(document, "token_endpoint"),
        key_set_url=_address(document, "jwks_uri"),
        registration_url=_address(document, "registration_endpoint"),
        auth_audience=_text(document, "authorization_server"),
        product=_text(_member(document, _PLATFORM), "product_family_code"),
        scopes=_texts(document, "scopes_supported"),
    )
    hosts = {urlsplit(each).hostname for each in (platform.issuer, platform.registration_url)}
    if hosts != {urlsplit(address).hostname}:
        raise RegistrationRefused("issuer_differs")
    return platform


def register(line: Line, platform: Platform, tool: Tool, token: str) -> Registered:
    """Tell a platform of us; the token is the one that it sent along. Raises as `discover`."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = _client(platform, tool)
    answer = _called(line, "POST", platform.registration_url, json=asked, headers=headers)
    document = _document(answer)
    client_id = _text(document, "client_id")
    if not client_id:
        raise RegistrationRefused("document_unusable", member="client_id")
    return Registered(client_id, _text(_member(document, _TOOL), "deployment_id"))


def _client(platform: Platform, tool: Tool) -> dict[str, Any]:
    """Return what we are, as OpenID Connect's registration and LTI's part of it have it."""
    said: Sequence[Mapping[str, str]] = (
        {"type": RESOURCE_LINK},
        {"type": DEEP_LINK, "target_link_uri": tool.choosing_address, "label": tool.name},
    )
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": tool.login_address,
        "redirect_uris": [tool.launch_address],
        "client_name": tool.name,
        "jwks_uri": tool.key_set_address,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in _SCOPES if scope in platform.scopes),
        _TOOL: {
            "domain": urlsplit(tool.origin).netloc,
            "description": tool.description,
            "target_link_uri": tool.origin,
            # Who somebody is, and nothing of them.
            "claims": ["iss", "sub"],
            "messages": said,
        },
    }


def _called(line: Line, method: str, address: str, **given: Any) -> Answer:
    try:
        answer = line.request(method, address, **given)
    except LineRefused as error:
        raise RegistrationRefused("platform_unreachable", reason=error.code) from error
    if answer.status_code >= 300:  # redirects are not followed
        raise RegistrationRefused("registration_refused", status=str(answer.status_code))
    return answer


def _document(answer: Answer) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except ValueError as error:
        raise RegistrationRefused("document_unusable", member="") from error
    if not isinstance(document, dict):
        raise RegistrationRefused("document_unusable", member="")
    return document


def _address(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        raise RegistrationRefused("document_unusable", member=name)
    return parts.geturl()


def _member(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _text(document: Mapping[str, Any], name: str) -> str:
    """Return a text; empty where it is missing, is none, or is longer than an id may be."""
    value = document.get(name)
    return value if isinstance(value, str) and len(value) <= _ID else ""


def _texts(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
