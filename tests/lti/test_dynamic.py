"""Dynamic registration: what a platform says of itself, and what it is told of us."""

from __future__ import annotations

import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest

from lti import dynamic
from lti.dynamic import Platform, Registered, RegistrationRefused, Tool
from lti.grades import LINE_ITEM, SCORE
from lti.http import Line
from lti.roster import SCOPE as ROSTER
from tests.lti.services import Services

TOOL = Tool(
    name="研修",
    description="教材",
    origin="https://kenshu.example.com:8443",
    login_address="https://kenshu.example.com:8443/lti/login",
    launch_address="https://kenshu.example.com:8443/lti/launch",
    key_set_address="https://kenshu.example.com:8443/lti/keys",
    choosing_address="https://kenshu.example.com:8443/lti/choose",
)
TOOL_CLAIM = "https://purl.imsglobal.org/spec/lti-tool-configuration"


def line() -> Line:
    """Return a line to the platform of the tests."""
    return Line({"127.0.0.1"}, networks=(ip_network("127.0.0.0/8"),))


def configuration(services: Services, **changes: object) -> dict[str, Any]:
    """Return a platform's configuration; a member that is None is left out."""
    origin = services.origin
    found = {
        "issuer": origin,
        "authorization_endpoint": f"{origin}/auth",
        "token_endpoint": f"{origin}/token",
        "jwks_uri": f"{origin}/keys",
        "registration_endpoint": f"{origin}/register?site=1",
        "scopes_supported": ["openid", SCORE, ROSTER, 7],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle"
        },
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def discovered(services: Services, **changes: object) -> Platform:
    """Ask a platform for its configuration."""
    services.answers_with("GET /config?a=B", configuration(services, **changes))
    return dynamic.discover(line(), f"{services.origin}/config?a=B")


def refused(call: Callable[[], object]) -> tuple[str, dict[str, str]]:
    """Return the code and the data that a registration is refused by."""
    with pytest.raises(RegistrationRefused) as told:
        call()
    return told.value.code, told.value.data


def test_a_platform_says_where_it_is(platform_services: Services) -> None:
    origin = platform_services.origin
    assert discovered(platform_services) == Platform(
        issuer=origin,
        auth_login_url=f"{origin}/auth",
        auth_token_url=f"{origin}/token",
        key_set_url=f"{origin}/keys",
        registration_url=f"{origin}/register?site=1",
        auth_audience="",
        product="moodle",
        scopes=("openid", SCORE, ROSTER),
    )


def test_it_is_told_of_us_and_asked_for_no_names(platform_services: Services) -> None:
    platform = discovered(platform_services)
    given = {"client_id": "client-9", TOOL_CLAIM: {"deployment_id": "1"}}
    platform_services.answers_with("POST /register?site=1", given)
    assert dynamic.register(line(), platform, TOOL, "secret") == Registered("client-9", "1")
    asked = platform_services.asked[-1]
    assert asked.headers["Authorization"] == "Bearer secret"
    said = json.loads(asked.body)
    assert said["redirect_uris"] == [TOOL.launch_address]
    assert said["initiate_login_uri"] == TOOL.login_address
    assert said["jwks_uri"] == TOOL.key_set_address
    assert said["scope"].split() == [SCORE, ROSTER], "what the platform does not have is not asked"
    assert LINE_ITEM not in said["scope"]
    assert said[TOOL_CLAIM]["domain"] == "kenshu.example.com:8443"
    assert said[TOOL_CLAIM]["claims"] == ["iss", "sub"]
    kinds = [message["type"] for message in said[TOOL_CLAIM]["messages"]]
    assert kinds == ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]


def test_a_platform_may_send_no_token_and_make_no_deployment(platform_services: Services) -> None:
    platform = discovered(platform_services, scopes_supported=None)
    platform_services.answers_with("POST /register?site=1", {"client_id": "client-9"})
    assert dynamic.register(line(), platform, TOOL, "") == Registered("client-9", "")
    assert "Authorization" not in platform_services.asked[-1].headers


@pytest.mark.parametrize(
    "name",
    ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"],
)
@pytest.mark.parametrize("value", [None, 7, "nowhere"])
def test_what_is_missing_is_named(platform_services: Services, name: str, value: object) -> None:
    told = refused(lambda: discovered(platform_services, **{name: value}))
    assert told == ("document_unusable", {"member": name})


@pytest.mark.parametrize("name", ["issuer", "registration_endpoint"])
def test_a_platform_speaks_for_itself_alone(platform_services: Services, name: str) -> None:
    elsewhere = {name: "https://elsewhere.example.com/"}
    assert refused(lambda: discovered(platform_services, **elsewhere))[0] == "issuer_differs"


def test_what_cannot_be_had_or_read_is_told(platform_services: Services) -> None:
    address = f"{platform_services.origin}/config"
    assert refused(lambda: dynamic.discover(line(), address)) == (
        "registration_refused",
        {"status": "404"},
    )
    for said in ("no document", ["a", "list"]):
        platform_services.answers_with("GET /config", said)
        assert refused(lambda: dynamic.discover(line(), address))[0] == "document_unusable"
    told = refused(lambda: dynamic.discover(line(), "https://elsewhere.example.com/"))
    assert told == ("platform_unreachable", {"reason": "host_not_registered"})
    told = refused(lambda: dynamic.discover(line(), "http://127.0.0.1:9/"))
    assert told == ("platform_unreachable", {"reason": "line_broken"})


@pytest.mark.parametrize("given", [{}, {"client_id": 7}, {"client_id": "c" * 256}])
def test_without_a_client_id_there_is_no_registration(
    platform_services: Services, given: dict[str, object]
) -> None:
    platform = discovered(platform_services)
    platform_services.answers_with("POST /register?site=1", given)
    told = refused(lambda: dynamic.register(line(), platform, TOOL, ""))
    assert told == ("document_unusable", {"member": "client_id"})
