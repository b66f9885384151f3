"""Who is in a course, as its platform tells (NRPS 2.0): ids and parts, and no names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pylti1p3.names_roles import NamesRolesProvisioningService

from lti.message import ID
from lti.roles import Part, part
from lti.services import Connector, Pages

SCOPE: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
#: Pages that are turned over at most.
_PAGES: Final = 200


@dataclass(frozen=True)
class Member:
    """Somebody in a course."""

    user_id: str
    part: Part
    #: Whether they are in it now.
    is_active: bool


def members(connector: Connector, address: str, resource_link_id: str = "") -> list[Member]:
    """Return who is in a course, or who may use one of its links. Raises ServiceRefused."""
    service = _Service(connector, {"context_memberships_url": address})
    return [
        Member(
            user_id=entry["user_id"],
            part=part(role for role in _listed(entry.get("roles")) if isinstance(role, str)),
            # Active where nothing is said (NRPS 2.0, 2.2).
            is_active=entry.get("status", "Active") == "Active",
        )
        for entry in service.get_members(resource_link_id or None)
        if _is_id(entry.get("user_id"))
    ]


class _Service(NamesRolesProvisioningService):
    """PyLTI1p3's service, whose pages have an end."""

    def __init__(self, connector: Connector, claim: Any) -> None:
        super().__init__(connector, claim)
        self._pages = Pages(_PAGES)

    def get_members_page(self, members_url: str | None = None) -> tuple[list[Any], str | None]:
        data = self.get_nrps_data(members_url)
        body = data["body"]
        found = _listed(body.get("members") if isinstance(body, dict) else None)
        following = self._pages.turned(data["next_page_url"])
        return [entry for entry in found if isinstance(entry, dict)], following


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= ID
