"""Networks by their CIDR: which addresses a setting names, and whether a caller's is among them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=64)
def parse(text: str) -> Networks:
    """Return the networks of a list, parted by spaces or commas; a bare address is one of its own.

    Raises ValueError, naming what is no network: also where an address has bits beyond its mask.
    """
    return tuple(ip_network(part) for part in text.replace(",", " ").split())


@lru_cache(maxsize=64)
def parse_by_role(text: str) -> Mapping[str, Networks]:
    """Return the networks of `role=CIDR,CIDR role=CIDR …` by the role's code.

    Raises ValueError for what has another form.
    """
    found = {}
    for part in text.split():
        role, sign, listed = part.partition("=")
        networks = parse(listed)
        if not (role and sign and networks) or role in found:
            raise ValueError(f"{part!r} is not of the form role=network,network")
        found[role] = networks
    return found


def contain(networks: Networks, address: str) -> bool:
    """Whether a caller's address lies in one of the networks.

    An IPv4 address that comes in IPv6's clothes (::ffff:192.0.2.1) counts as what it is. What is no
    address lies nowhere.
    """
    try:
        caller = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in network for network in networks)


def admit(networks: Networks, address: str) -> bool:
    """Whether an address may come where only these networks may: no network at all means all."""
    return not networks or contain(networks, address)
