"""The ways out to other systems that administrators have named: the addresses, and the lines.

Nothing is called while a row is locked: who calls has committed, or let go of the database, before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from app.kernel import networks
from app.kernel.settings import Settings
from lti.http import Line

#: Letters of an address at most.
LONGEST: Final = 2000
#: A host as it is compared: letters, digits, hyphens and dots; nothing that a policy's header,
#: where it comes to stand, would read as something else.
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]*[a-z0-9])*")


def is_address(text: str, configured: Settings) -> bool:
    """Whether a text is an address that may be called: by TLS, but within networks inside."""
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST or " " in text:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    schemes = ("https", "http") if configured.portal_networks else ("https",)
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    return parts.scheme in schemes and is_plain and is_host(parts.hostname or "")


def is_host(text: str) -> bool:
    """Whether a text is a host by itself: no scheme, no port, no path."""
    return _HOST.fullmatch(text) is not None


@lru_cache(maxsize=64)
def line(
    settings: Settings, hosts: frozenset[str], *, seconds: tuple[float, float] | None = None
) -> Line:
    """Return the line to some hosts; its connections are kept.

    `seconds` are how long an answer may take to begin and how long all of it, where the line's own
    are too few.
    """
    inside = networks.parse(settings.portal_networks)
    return Line(hosts, networks=inside, ca_file=settings.portal_ca_file, seconds=seconds)
