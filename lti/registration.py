"""What is agreed with a platform, and how the application is asked for it.

A platform is known by its issuer and the client id that it gave us; one issuer may give several.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from urllib.parse import urlsplit

from pylti1p3.registration import Registration as LibraryRegistration


@dataclass(frozen=True)
class Registration:
    """One agreement with one platform."""

    id: uuid.UUID
    issuer: str
    client_id: str
    #: Where a learner's browser is sent to be signed in (OIDC authorization).
    auth_login_url: str
    #: Where we get access tokens for the services.
    auth_token_url: str
    #: Where the platform publishes the keys that it signs with.
    key_set_url: str
    #: Whom access tokens are asked of, where that is not the address itself.
    auth_audience: str = ""
    #: Algorithms that its signatures may have; never taken from the message itself.
    algorithms: tuple[str, ...] = ("RS256",)
    #: Whether somebody may come of whom the platform says nothing (CORE 5.3.6.1).
    allows_anonymous: bool = False
    #: Hosts that services and return addresses may have beside those of the addresses above.
    more_hosts: tuple[str, ...] = ()

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Return the hosts that are the platform's, in lower case."""
        named = (self.issuer, self.auth_login_url, self.auth_token_url, self.key_set_url)
        found = (urlsplit(address).hostname for address in named)
        return frozenset([*(host for host in found if host), *self.more_hosts])

    def as_library(self) -> LibraryRegistration:
        """Return it as PyLTI1p3's classes take it."""
        made = LibraryRegistration()
        made.set_issuer(self.issuer).set_client_id(self.client_id)
        made.set_auth_login_url(self.auth_login_url).set_auth_token_url(self.auth_token_url)
        made.set_key_set_url(self.key_set_url)
        if self.auth_audience:
            made.set_auth_audience(self.auth_audience)
        return made


class Registrations(Protocol):
    """Where registrations and deployments are kept."""

    def of_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return what is agreed with an issuer and may be used now."""

    def has_deployment(self, registration_id: uuid.UUID, deployment_id: str) -> bool:
        """Whether a deployment of a registration is let in; one that is not known yet may be noted.

        It is asked only of a message whose signature holds.
        """


def find(registrations: Registrations, issuer: str, client_id: str | None) -> Registration | None:
    """Return the registration; without a client id, the only one of the issuer."""
    found = registrations.of_issuer(issuer)
    if client_id is None:
        return found[0] if len(found) == 1 else None
    return next((each for each in found if each.client_id == client_id), None)
