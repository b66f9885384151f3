"""A login initiation: what is asked of the platform, and what is not even asked."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from lti import login
from lti.errors import LaunchRefused
from lti.login import Begun
from lti.registration import Registration
from tests.lti import made
from tests.lti.made import REGISTRATION, Platform

GOOD = {
    "iss": REGISTRATION.issuer,
    "client_id": REGISTRATION.client_id,
    "login_hint": "hint-1",
    "target_link_uri": made.LINK,
}
LAUNCH = "https://kenshu.example.com/lti/launch"


def begun(
    *registrations: Registration, of: Registration | None = None, **changes: str | None
) -> Begun:
    """Begin a login with some parameters changed, or left out where they are None."""
    params = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    platform = Platform(*registrations)
    return login.begin(params, platform, launch_address=LAUNCH, is_ours=made.is_ours, of=of)


def refused(
    *registrations: Registration, of: Registration | None = None, **changes: str | None
) -> str:
    """Return the code that such a login is refused by."""
    with pytest.raises(LaunchRefused) as told:
        begun(*registrations, of=of, **changes)
    return told.value.code


def test_the_platform_is_asked_who_is_there() -> None:
    made_one = begun(lti_message_hint="link 7&8")
    asked = urlsplit(made_one.address)
    assert made_one.address.startswith("https://platform.example.com/auth?")
    assert {name: values[0] for name, values in parse_qs(asked.query).items()} == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-7",
        "redirect_uri": LAUNCH,
        "state": made_one.login.state,
        "nonce": made_one.login.nonce,
        "login_hint": "hint-1",
        "lti_message_hint": "link 7&8",
    }
    assert made_one.login.registration_id == REGISTRATION.id
    assert made_one.login.target_link_uri == made.LINK
    assert made_one.storage_target == ""
    assert begun(lti_storage_target="_parent").storage_target == "_parent"


def test_state_and_nonce_are_chance() -> None:
    found = [begun().login for _ in range(20)]
    secrets = {secret for each in found for secret in (each.state, each.nonce)}
    assert len(secrets) == 40
    assert all(len(secret) >= 43 for secret in secrets)  # 256 bits


def test_an_address_that_has_a_query_keeps_it() -> None:
    busy = replace(REGISTRATION, auth_login_url="https://platform.example.com/auth?site=2")
    address = begun(busy).address
    assert address.startswith("https://platform.example.com/auth?site=2&scope=openid&")


@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_has_to_be_said_is_asked_for(name: str, value: str | None) -> None:
    assert refused(**{name: value}) == "login_incomplete"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("iss", "https://nobody.example.com", "platform_unknown"),
        ("client_id", "client-8", "platform_unknown"),
        ("target_link_uri", "https://elsewhere.example.com/", "target_not_ours"),
        ("login_hint", "h" * 4097, "login_too_long"),
        ("lti_message_hint", "h" * 4097, "login_too_long"),
    ],
)
def test_what_leads_nowhere_is_refused(name: str, value: str, code: str) -> None:
    assert refused(**{name: value}) == code


def test_without_a_client_id_the_only_agreement_is_meant() -> None:
    second = replace(REGISTRATION, client_id="client-8")
    assert begun(client_id=None).registration == REGISTRATION
    assert refused(REGISTRATION, second, client_id=None) == "platform_unknown"
    assert begun(REGISTRATION, second, client_id="client-8").registration == second


def test_an_address_of_one_agreement_serves_that_one_alone() -> None:
    second = replace(REGISTRATION, client_id="client-8")
    both = (REGISTRATION, second)
    assert begun(*both, of=second, client_id=None).registration == second
    assert begun(*both, of=second, client_id="client-8").registration == second
    assert refused(*both, of=second, client_id="client-7") == "platform_unknown"
    assert refused(*both, of=second, iss="https://nobody.example.com") == "platform_unknown"
