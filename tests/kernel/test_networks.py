"""Addresses and networks: IPv4, IPv6, and the one in the clothes of the other."""

from __future__ import annotations

import pytest

from app.kernel import networks

INSIDE = "10.0.0.0/8, 192.0.2.7 2001:db8::/32"


@pytest.mark.requirement("SEC-05")
@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("10.255.255.255", True),
        ("11.0.0.0", False),
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("::ffff:10.1.2.3", True),
        ("::ffff:11.1.2.3", False),
        ("2001:db8::1%eth0", True),
        ("", False),
        ("unix:", False),
        ("10.0.0.1, 192.0.2.7", False),
    ],
)
def test_an_address_is_inside_where_one_network_has_it(address: str, is_inside: bool) -> None:
    assert networks.contain(networks.parse(INSIDE), address) == is_inside


def test_no_network_admits_everybody_and_contains_nobody() -> None:
    assert networks.admit((), "203.0.113.9")
    assert networks.admit((), "")
    assert not networks.contain((), "203.0.113.9")
    assert not networks.admit(networks.parse(INSIDE), "203.0.113.9")


def test_roles_have_networks_of_their_own() -> None:
    found = networks.parse_by_role("administrator=10.0.0.0/8,192.0.2.7 office=::1")
    assert networks.contain(found["administrator"], "192.0.2.7")
    assert not networks.contain(found["office"], "192.0.2.7")
    assert networks.contain(found["office"], "::1")
    assert networks.parse_by_role("") == {}


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/33", "office", "10.0.0.0-10.0.0.9"])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text.partition("/")[0]):
        networks.parse(text)
