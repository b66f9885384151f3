"""Sites (拠点) with a line of their own, and how much film it bears, as one setting names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.kernel import networks
from app.kernel.networks import Networks

#: Figures of a site, in their order in the setting.
FIGURES = 3


@dataclass(frozen=True)
class Site:
    """A site by its networks; 0 stands for no limit."""

    name: str
    networks: Networks
    #: Height of the largest size that is played there: 480 for 480p.
    height: int
    #: From so many viewers at once on, the smallest size alone is played.
    busy: int
    #: More viewers at once are asked to come later.
    most: int


@lru_cache(maxsize=8)
def parse(text: str) -> tuple[Site, ...]:
    """Return the sites of `name=network,network;height;busy;most name=…`.

    Raises ValueError for what has another form.
    """
    return tuple(_site(part) for part in text.split())


def of_address(sites: Sequence[Site], address: str) -> Site | None:
    """Return the first site that an address belongs to; None for none."""
    return next((site for site in sites if networks.contain(site.networks, address)), None)


def _site(part: str) -> Site:
    name, sign, rest = part.partition("=")
    listed, *figures = rest.split(";")
    known = networks.parse(listed)
    if not (name and sign and known) or len(figures) != FIGURES:
        raise ValueError(f"{part!r} is not of the form name=network,network;height;busy;most")
    if not all(figure.isdecimal() for figure in figures):
        raise ValueError(f"{part!r} has a figure that is no whole number")
    height, busy, most = (int(figure) for figure in figures)
    return Site(name, known, height, busy, most)
