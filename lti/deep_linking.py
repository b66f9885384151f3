"""The answer to a request to choose links (Deep Linking 2.0): signed, and only what was asked for.

Where a platform takes no links of tools, or somebody chooses nothing, the answer is empty; it is
sent all the same (DL 2.3), so that nobody stays behind in a frame.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem

from lti.errors import LaunchRefused
from lti.message import DEEP_LINK, Message
from lti.roles import Part
from lti.signing import ToolKey

#: What we offer links of.
LINK: Final = "ltiResourceLink"
_HOLDS: Final = timedelta(minutes=5)
_DL: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@dataclass(frozen=True)
class Link:
    """A link as somebody has chosen it."""

    title: str
    url: str
    text: str = ""
    icon: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    #: What is reached at most; None for what has no score.
    maximum: float | None = None
    #: What is learnt, by which its line item is found again.
    resource_id: str = ""
    #: From when until when it may be opened; by when it should be done.
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Wishes:
    """What a platform takes."""

    takes_links: bool
    takes_several: bool
    takes_line_items: bool


@dataclass(frozen=True)
class Answer:
    """What the browser posts, in one field called JWT, and where to."""

    address: str
    token: str


def wishes(message: Message) -> Wishes:
    """Return what a request takes.

    Raises LaunchRefused where it may not be answered: message_unknown for another kind of message,
    not_staff for somebody who may not choose, return_not_registered for an address that is not the
    platform's.
    """
    if message.kind != DEEP_LINK:
        raise LaunchRefused("message_unknown")
    if message.part is not Part.STAFF:
        raise LaunchRefused("not_staff")
    address = urlsplit(_address(message))
    if address.scheme not in ("https", "http") or address.hostname not in (
        message.registration.hosts
    ):
        raise LaunchRefused("return_not_registered")
    asked = message.deep_linking
    types = asked.get("accept_types")
    return Wishes(
        takes_links=isinstance(types, list) and LINK in types,
        takes_several=_is_wanted(asked.get("accept_multiple"), otherwise=True),
        takes_line_items=_is_wanted(asked.get("accept_lineitem"), otherwise=False),
    )


def answer(message: Message, links: Sequence[Link], key: ToolKey, now: datetime) -> Answer:
    """Return the answer with the links that the platform takes of these. Raises as `wishes`."""
    wanted = wishes(message)
    taken = list(links) if wanted.takes_links else []
    taken = taken if wanted.takes_several else taken[:1]
    asked: Any = message.deep_linking
    chosen = _Choice(message.registration.as_library(), message.deployment_id, asked)
    items = [_Item(link, has_score=wanted.takes_line_items) for link in taken]
    claims = chosen.get_message_jwt(items)
    claims |= {"iat": int(now.timestamp()), "exp": int((now + _HOLDS).timestamp())}
    claims["aud"] = message.registration.issuer
    if "data" not in message.deep_linking:  # given back if, and only if, it was sent (DL 4.5)
        del claims[f"{_DL}data"]
    return Answer(_address(message), key.sign(claims))


def _address(message: Message) -> str:
    return str(message.deep_linking["deep_link_return_url"])


def _is_wanted(value: object, *, otherwise: bool) -> bool:
    """Return a wish; some platforms write it in letters."""
    if isinstance(value, str):
        return value.lower() == "true"
    return value if isinstance(value, bool) else otherwise


class _Choice(DeepLink):
    """PyLTI1p3's answer."""

    def _generate_nonce(self) -> str:
        return secrets.token_urlsafe(32)


class _Item(DeepLinkResource):
    """PyLTI1p3's item, which says nothing that it does not know."""

    def __init__(self, link: Link, *, has_score: bool) -> None:
        self._link = link
        self.set_title(link.title).set_url(link.url).set_custom_params(link.custom)
        if link.icon:
            self.set_icon_url(link.icon)
        if has_score and link.maximum is not None:
            item = LineItem().set_score_maximum(link.maximum).set_label(link.title)
            self.set_lineitem(item.set_resource_id(link.resource_id) if link.resource_id else item)

    def to_dict(self) -> dict[str, object]:
        link = self._link
        found = super().to_dict()
        if not link.custom:
            del found["custom"]
        if link.text:
            found["text"] = link.text
        opened = {"startDateTime": link.opens_at, "endDateTime": link.closes_at}
        handed_in = {"startDateTime": link.opens_at, "endDateTime": link.due_at or link.closes_at}
        for name, dates in (("available", opened), ("submission", handed_in)):
            said = {end: _written(moment) for end, moment in dates.items() if moment is not None}
            if said:
                found[name] = said
        return found


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
