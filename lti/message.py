"""What a platform says when somebody comes: its claims, checked in form and cut to what is used.

Names, addresses and pictures of people are left where they are: we need to know that it is the same
person as last time, and nothing else. Claims that are not known are passed over (CORE 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lti.errors import LaunchRefused
from lti.registration import Registration
from lti.roles import Part, part

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
GRADES: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

VERSION: Final = "1.3.0"
RESOURCE_LINK: Final = "LtiResourceLinkRequest"
DEEP_LINK: Final = "LtiDeepLinkingRequest"
#: Letters of an id (CORE 5.3.3, 5.3.5, 5.3.6).
ID: Final = 255


@dataclass(frozen=True)
class Message:
    """A launch that is believed."""

    registration: Registration
    deployment_id: str
    #: RESOURCE_LINK or DEEP_LINK.
    kind: str
    #: Who comes, as this platform calls them; empty for somebody of whom it says nothing.
    subject: str
    part: Part
    #: Where they want to; empty in a request to choose links.
    target_link_uri: str
    #: Which link they came by; empty in a request to choose links.
    resource_link_id: str
    #: The course around it; empty where the platform names none.
    context_id: str
    #: What we gave along with the link, or the platform's office added.
    custom: Mapping[str, str]
    #: Language (BCP 47) and where to go back to, as `launch_presentation` has them.
    locale: str
    return_url: str
    #: The services, as their claims have them; empty where they are not offered.
    grades: Mapping[str, Any]
    roster: Mapping[str, Any]
    deep_linking: Mapping[str, Any]


def read(claims: Mapping[str, Any], registration: Registration) -> Message:
    """Return a message from claims whose signature holds.

    Raises LaunchRefused("claim_missing"), ("claim_malformed") or ("version_unknown"),
    ("message_unknown"), with the claim's name.
    """
    kind = _kind(claims)
    deep_linking = _object(claims, DEEP_LINKING)
    target, link = "", ""
    if kind == RESOURCE_LINK:
        target = _text(claims, f"{LTI}target_link_uri")
        link = _text(_object(claims, f"{LTI}resource_link"), "id", most=ID)
    else:
        _text(deep_linking, "deep_link_return_url")
    context = _object(claims, f"{LTI}context")
    custom = _object(claims, f"{LTI}custom")
    shown = _object(claims, f"{LTI}launch_presentation")
    return Message(
        registration=registration,
        deployment_id=_text(claims, f"{LTI}deployment_id", most=ID),
        kind=kind,
        subject=_subject(claims, registration),
        part=part(_roles(claims)),
        target_link_uri=target,
        resource_link_id=link,
        context_id=_text(context, "id", most=ID) if context else "",
        custom={name: value for name, value in custom.items() if isinstance(value, str)},
        locale=_said(shown, "locale"),
        return_url=_said(shown, "return_url"),
        grades=_object(claims, GRADES),
        roster=_object(claims, ROSTER),
        deep_linking=deep_linking,
    )


def _kind(claims: Mapping[str, Any]) -> str:
    if _text(claims, f"{LTI}version") != VERSION:
        raise LaunchRefused("version_unknown")
    kind = _text(claims, f"{LTI}message_type")
    if kind not in (RESOURCE_LINK, DEEP_LINK):
        raise LaunchRefused("message_unknown")
    return kind


def _roles(claims: Mapping[str, Any]) -> list[str]:
    """Return the roles; none at all is legal (CORE 5.3.7.1), a launch that is silent is not."""
    roles = claims.get(f"{LTI}roles")
    if roles is None:
        raise LaunchRefused("claim_missing", claim=f"{LTI}roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise LaunchRefused("claim_malformed", claim=f"{LTI}roles")
    return roles


def _subject(claims: Mapping[str, Any], registration: Registration) -> str:
    """Return who comes. Nobody at all is legal (CORE 5.3.6.1), an empty name is not."""
    if "sub" not in claims and registration.allows_anonymous:
        return ""
    return _text(claims, "sub", most=ID)


def _text(claims: Mapping[str, Any], name: str, *, most: int | None = None) -> str:
    """Return a claim that has to be there, as text that says something."""
    value = claims.get(name)
    if value is None or value == "":
        raise LaunchRefused("claim_missing", claim=name)
    if not isinstance(value, str) or (most is not None and len(value) > most):
        raise LaunchRefused("claim_malformed", claim=name)
    return value


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a claim that is an object; empty where it is missing."""
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LaunchRefused("claim_malformed", claim=name)
    return value


def _said(claims: Mapping[str, Any], name: str) -> str:
    """Return what may be said or not; empty for anything that is no text."""
    value = claims.get(name)
    return value if isinstance(value, str) else ""
