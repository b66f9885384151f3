"""The answer to a request to choose links: what was asked for, signed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from lti import deep_linking, launch
from lti.deep_linking import Link, Wishes
from lti.errors import LaunchRefused
from lti.message import DEEP_LINKING, LTI, Message
from tests.lti import made
from tests.lti.made import NOW, Platform, signed
from tests.lti.services import tool_key

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LINK = Link("安全研修", made.LINK, maximum=100, resource_id="material-7")
OTHER = Link(
    "情報<b>研修",
    made.LINK + "8",
    text="動画で学ぶ",
    icon="https://kenshu.example.com/icon.png",
    custom={"chapter": "2"},
    opens_at=NOW,
    closes_at=NOW + timedelta(days=30),
    due_at=NOW + timedelta(days=14),
)


def asked(**wishes: object) -> Message:
    """Return a request to choose links."""
    said = made.choosing()
    said[DEEP_LINKING] = {**said[DEEP_LINKING], **wishes}
    params = {"state": "state-1", "id_token": signed(said)}
    return launch.admit(params, made.login(), Platform().gate, NOW)


def answered(message: Message, *links: Link) -> dict[str, Any]:
    """Return the claims of the answer, whose signature holds."""
    answer = deep_linking.answer(message, links, tool_key(), NOW)
    assert answer.address == "https://platform.example.com/chosen"
    assert jwt.get_unverified_header(answer.token) == {
        "alg": "RS256",
        "kid": "tool-1",
        "typ": "JWT",
    }
    claims: dict[str, Any] = jwt.decode(
        answer.token,
        tool_key().private.public_key(),
        algorithms=["RS256"],
        audience="https://platform.example.com",
        issuer="client-7",
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims


def test_the_answer_has_what_the_certification_asks_for() -> None:
    claims = answered(asked(data="909708"), LINK)
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert claims[f"{LTI}version"] == "1.3.0"
    assert claims[f"{LTI}deployment_id"] == "deployment-1"
    assert claims[f"{DL}data"] == "909708"
    assert claims["iat"] == NOW.timestamp()
    assert claims["exp"] == NOW.timestamp() + 300
    assert len(claims["nonce"]) > 40
    assert claims["nonce"] != answered(asked(), LINK)["nonce"]
    assert claims[f"{DL}content_items"] == [
        {"type": "ltiResourceLink", "title": "安全研修", "url": made.LINK}
    ]


def test_data_comes_back_only_where_it_was_sent() -> None:
    assert f"{DL}data" not in answered(asked(), LINK)
    assert answered(asked(data=""), LINK)[f"{DL}data"] == ""


def test_a_link_has_all_that_was_chosen_for_it() -> None:
    first, second = answered(asked(accept_lineitem=True), LINK, OTHER)[f"{DL}content_items"]
    assert first["lineItem"] == {
        "scoreMaximum": 100,
        "label": "安全研修",
        "resourceId": "material-7",
    }
    assert second == {
        "type": "ltiResourceLink",
        "title": "情報<b>研修",
        "text": "動画で学ぶ",
        "url": made.LINK + "8",
        "icon": {"url": "https://kenshu.example.com/icon.png"},
        "custom": {"chapter": "2"},
        "available": {
            "startDateTime": "2026-11-23T04:00:00Z",
            "endDateTime": "2026-12-23T04:00:00Z",
        },
        "submission": {
            "startDateTime": "2026-11-23T04:00:00Z",
            "endDateTime": "2026-12-07T04:00:00Z",
        },
    }


def test_a_line_item_may_have_no_id_of_ours() -> None:
    bare = replace(LINK, resource_id="")
    found = answered(asked(accept_lineitem="true"), bare)[f"{DL}content_items"][0]
    assert found["lineItem"] == {"scoreMaximum": 100, "label": "安全研修"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Wishes(takes_links=True, takes_several=True, takes_line_items=False)),
        ({"accept_multiple": False}, Wishes(True, False, False)),
        ({"accept_multiple": "false", "accept_lineitem": "True"}, Wishes(True, False, True)),
        ({"accept_types": ["link"]}, Wishes(False, True, False)),
        ({"accept_types": "ltiResourceLink"}, Wishes(False, True, False)),
    ],
)
def test_a_platform_says_what_it_takes(said: dict[str, object], expected: Wishes) -> None:
    assert deep_linking.wishes(asked(**said)) == expected


def test_no_more_is_sent_than_is_taken() -> None:
    items = f"{DL}content_items"
    assert len(answered(asked(accept_multiple=False), LINK, OTHER)[items]) == 1
    assert answered(asked(accept_types=["link", "html"]), LINK)[items] == []
    assert answered(asked())[items] == [], "who chooses nothing goes back all the same"


def refused(message: Message) -> str:
    """Return the code that an answer is refused by."""
    with pytest.raises(LaunchRefused) as told:
        deep_linking.answer(message, [LINK], tool_key(), NOW)
    return told.value.code


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example.com/", "javascript:alert(1)", "//platform.example.com/"]
)
def test_an_answer_goes_only_to_its_platform(address: str) -> None:
    assert refused(asked(deep_link_return_url=address)) == "return_not_registered"


def test_only_who_teaches_chooses() -> None:
    said = {**made.choosing(), f"{LTI}roles": [made.LEARNER]}
    params = {"state": "state-1", "id_token": signed(said)}
    message = launch.admit(params, made.login(), Platform().gate, NOW)
    assert refused(message) == "not_staff"


def test_a_launch_is_no_request_to_choose() -> None:
    params = {"state": "state-1", "id_token": signed(made.claims())}
    message = launch.admit(params, made.login(), Platform().gate, NOW)
    assert refused(message) == "message_unknown"
