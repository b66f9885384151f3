"""A launch is let in for what it says and who signed it; each fault has its own code."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lti import launch
from lti.errors import LaunchRefused
from lti.message import DEEP_LINK, DEEP_LINKING, LTI, Message
from lti.roles import Part
from tests.lti import made
from tests.lti.made import NOW, REGISTRATION, Platform, claims, seconds, signed


def admitted(token: str, platform: Platform | None = None, **params: str) -> Message:
    """Let a message in as the answer to a login."""
    asked = {"state": "state-1", "id_token": token, **params}
    return launch.admit(asked, made.login(), (platform or Platform()).gate, NOW)


def code_of(step: Callable[[], object]) -> str:
    """Return the code that something is refused by."""
    with pytest.raises(LaunchRefused) as told:
        step()
    return told.value.code


def test_a_good_launch_tells_who_comes_from_where_and_nothing_of_the_person() -> None:
    said = claims(
        name="研修 みほん",
        email="sample@example.com",
        custom={"chapter": "3", "number": 4},
        launch_presentation={"locale": "ja-JP", "return_url": "https://platform.example.com/back"},
    )
    message = admitted(signed(said))
    assert message.registration == REGISTRATION
    assert (message.deployment_id, message.subject) == ("deployment-1", "person-1")
    assert (message.resource_link_id, message.context_id) == ("link-1", "course-1")
    assert message.target_link_uri == made.LINK
    assert message.part is Part.LEARNER
    assert message.custom == {"chapter": "3"}
    assert (message.locale, message.return_url) == ("ja-JP", "https://platform.example.com/back")
    assert "みほん" not in repr(message)
    assert "sample@" not in repr(message)


def test_somebody_may_come_to_choose_links() -> None:
    message = admitted(signed(made.choosing()))
    assert message.kind == DEEP_LINK
    assert message.part is Part.STAFF
    assert message.target_link_uri == ""
    assert message.deep_linking["deep_link_return_url"] == "https://platform.example.com/chosen"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "11.3"}, "version_unknown"),
        ({"version": None}, "claim_missing"),
        ({"message_type": None}, "claim_missing"),
        ({"message_type": "LtiUnknownRequest"}, "message_unknown"),
        ({"roles": None}, "claim_missing"),
        ({"roles": made.LEARNER}, "claim_malformed"),
        ({"roles": [1]}, "claim_malformed"),
        ({"deployment_id": None}, "claim_missing"),
        ({"deployment_id": "d" * 256}, "claim_malformed"),
        ({"deployment_id": "another"}, "deployment_unknown"),
        ({"resource_link": None}, "claim_missing"),
        ({"resource_link": {}}, "claim_missing"),
        ({"resource_link": {"id": ""}}, "claim_missing"),
        ({"resource_link": "link-1"}, "claim_malformed"),
        ({"resource_link": {"id": "l" * 256}}, "claim_malformed"),
        ({"target_link_uri": None}, "claim_missing"),
        ({"target_link_uri": "https://elsewhere.example.com/"}, "target_not_ours"),
        ({"context": "course-1"}, "claim_malformed"),
        ({"context": {"title": "安全"}}, "claim_missing"),
        ({"custom": ["chapter"]}, "claim_malformed"),
        ({"sub": None}, "claim_missing"),
        ({"sub": ""}, "claim_missing"),
        ({"sub": 7}, "claim_malformed"),
        ({"sub": "s" * 256}, "claim_malformed"),
        ({"iss": None}, "claim_missing"),
        ({"iss": "https://nobody.example.com"}, "platform_unknown"),
        ({"aud": None}, "claim_missing"),
        ({"aud": []}, "claim_missing"),
        ({"aud": [7]}, "claim_missing"),
        ({"aud": "another"}, "platform_unknown"),
        ({"aud": ["client-7", "other"]}, "claim_missing"),
        ({"aud": ["client-7", "other"], "azp": "other"}, "platform_unknown"),
        ({"azp": "other"}, "party_wrong"),
        ({"nonce": None}, "claim_missing"),
        ({"nonce": 7}, "claim_missing"),
        ({"nonce": "nonce-2"}, "nonce_wrong"),
        ({"exp": None}, "claim_missing"),
        ({"iat": None}, "claim_missing"),
        ({"exp": "later"}, "claim_malformed"),
        ({"iat": True}, "claim_malformed"),
        ({"iat": 11111, "exp": 22222}, "token_expired"),
        ({"exp": seconds(-600)}, "token_expired"),
        ({"iat": seconds(3600), "exp": seconds(3900)}, "token_early"),
        ({"nbf": seconds(3600)}, "token_early"),
        ({"iat": seconds(-86_400)}, "token_old"),
        ({"exp": seconds(86_401)}, "token_holds_too_long"),
    ],
)
def test_a_claim_that_is_wrong_is_refused_by_its_code(changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: admitted(signed(claims(**changes)))) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": []},
        {"roles": [""]},
        {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"]},
        {"context": None},
        {"aud": ["client-7"]},
        {"aud": ["other", "client-7"], "azp": "client-7"},
        {"azp": "client-7"},
        {"iat": seconds(3)},
        {"exp": seconds(-1)},
        {"nbf": seconds(0)},
        {"unheard_of": {"of": "us"}},
        {"custom": {"long": "x" * 6000}},
    ],
)
def test_what_is_unusual_but_legal_is_let_in(changes: dict[str, Any]) -> None:
    assert admitted(signed(claims(**changes))).subject == "person-1"


def test_a_choice_of_links_needs_an_address_to_answer_to() -> None:
    said = {**made.choosing(), DEEP_LINKING: {"accept_types": ["ltiResourceLink"]}}
    assert code_of(lambda: admitted(signed(said))) == "claim_missing"


def test_nobody_at_all_may_come_only_where_the_agreement_says_so() -> None:
    open_one = replace(REGISTRATION, allows_anonymous=True)
    message = admitted(signed(claims(sub=None)), Platform(open_one))
    assert message.subject == ""
    assert code_of(lambda: admitted(signed(claims(sub="")), Platform(open_one))) == "claim_missing"


def unsigned(header: Mapping[str, Any], payload: Any) -> str:
    """Return a message with a signature of no key's."""
    parts = (json.dumps(part).encode() for part in (header, payload))
    encoded = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


GOOD_HEADER = {"alg": "RS256", "kid": "kid-1"}


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "token_missing"),
        ("x" * 100_001, "token_too_long"),
        ("one.two", "token_malformed"),
        ("a.b.c", "token_malformed"),
        (unsigned(GOOD_HEADER, ["a", "list"]), "token_malformed"),
        (unsigned(["a", "list"], {}), "token_malformed"),  # type: ignore[arg-type] # that is it
        (unsigned(GOOD_HEADER, {"name": "badltilaunch"}), "claim_missing"),
        (unsigned({**GOOD_HEADER, "crit": ["b64"]}, claims()), "token_critical"),
        (unsigned({"alg": "RS256"}, claims()), "key_missing"),
        (unsigned({"alg": "RS256", "kid": ""}, claims()), "key_missing"),
        (unsigned({"alg": "RS256", "kid": 7}, claims()), "key_missing"),
        (unsigned({"kid": "kid-1"}, claims()), "algorithm_wrong"),
        (unsigned({"alg": "none", "kid": "kid-1"}, claims()), "algorithm_wrong"),
        (unsigned(GOOD_HEADER, claims()), "signature_wrong"),
        (unsigned(GOOD_HEADER, claims()) + "xy", "signature_wrong"),  # of no length that there is
        (unsigned(GOOD_HEADER, claims()) + "=", "token_malformed"),
        ("!" + unsigned(GOOD_HEADER, claims()), "token_malformed"),
        (unsigned(GOOD_HEADER, claims()) + "\n", "token_malformed"),
    ],
)
def test_what_is_no_signed_message_is_refused(token: str, code: str) -> None:
    assert code_of(lambda: admitted(token)) == code


def test_a_message_counts_only_with_its_platforms_key() -> None:
    assert code_of(lambda: admitted(signed(claims(), by="another"))) == "signature_wrong"
    assert code_of(lambda: admitted(signed(claims(), header={"kid": "kid-2"}))) == "key_unknown"
    busy = signed(claims(), algorithm="RS512")
    assert code_of(lambda: admitted(busy)) == "algorithm_wrong"
    head, _, tail = signed(claims()).split(".")
    other = signed(claims(sub="person-2")).split(".")[1]
    assert code_of(lambda: admitted(f"{head}.{other}.{tail}")) == "signature_wrong"


def test_the_platforms_public_key_is_no_shared_secret() -> None:
    public = made.key("first").public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "kid-1", "typ": "JWT"}, claims())
    )
    mark = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    made_up = mark.sign(head + b"." + body, secret)
    token = b".".join([head, body, base64.urlsafe_b64encode(made_up).rstrip(b"=")]).decode()
    assert code_of(lambda: admitted(token)) == "algorithm_wrong"


def test_a_launch_answers_a_login_that_was_not_used_yet() -> None:
    gate, good = Platform().gate, {"state": "state-1", "id_token": signed(claims())}
    assert code_of(lambda: launch.admit(good, None, gate, NOW)) == "state_unknown"
    stateless = {"id_token": good["id_token"]}
    assert code_of(lambda: launch.admit(stateless, made.login(), gate, NOW)) == "state_missing"


def test_a_login_at_another_platform_is_not_answered() -> None:
    other = made.login(registration_id=uuid.UUID(int=2))
    good = {"state": "state-1", "id_token": signed(claims())}
    assert code_of(lambda: launch.admit(good, other, Platform().gate, NOW)) == "platform_differs"


def test_a_platform_may_say_that_it_signs_nobody_in() -> None:
    with pytest.raises(LaunchRefused) as told:
        admitted("", error="login_required")
    assert (told.value.code, told.value.data) == ("platform_refused", {"error": "login_required"})


def test_deployments_belong_to_their_agreement() -> None:
    second = replace(REGISTRATION, id=uuid.UUID(int=2), client_id="client-8")
    platform = Platform(REGISTRATION, second)
    platform.deployments = {(second.id, "deployment-1")}
    assert code_of(lambda: admitted(signed(claims()), platform)) == "deployment_unknown"
    both = launch.admit(
        {"state": "state-1", "id_token": signed(claims(aud="client-8"))},
        made.login(registration_id=second.id),
        platform.gate,
        NOW,
    )
    assert both.registration == second


def test_a_message_is_as_old_as_the_callers_clock_says() -> None:
    params = {"state": "state-1", "id_token": signed(claims())}
    gate = Platform().gate
    launch.admit(params, made.login(), gate, NOW + timedelta(seconds=359))
    late = NOW + timedelta(seconds=360)
    assert code_of(lambda: launch.admit(params, made.login(), gate, late)) == "token_expired"


def test_what_is_refused_says_which_claim_and_nothing_of_its_value() -> None:
    with pytest.raises(LaunchRefused) as told:
        admitted(signed(claims(sub="secret-name" * 40)))
    assert told.value.data == {"claim": "sub"}
    with pytest.raises(LaunchRefused) as told:
        admitted(signed(claims(roles=None)))
    assert told.value.data == {"claim": f"{LTI}roles"}
