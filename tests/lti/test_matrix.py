"""Every case of the published list, over HTTP: launches, logins, keys, browsers, good and bad."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.actor import Actor
from app.portals.gate.models import PortalLaunch
from app.portals.learners.models import PortalLearner
from app.portals.registrations import service
from lti.message import LTI
from tests.lti import made
from tests.lti import peer as peers
from tests.lti.made import LEARNER, signed
from tests.lti.peer import CLIENT, Begun, Peer

pytestmark = pytest.mark.requirement("LTI-01")

UNKNOWN = "http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"


def at(seconds: float) -> int:
    """Return a moment so many seconds from now, as tokens have it."""
    return int(clock.now().timestamp() + seconds)


def raw(
    peer: Peer, token: str | None, begun: Begun | None = None, **more: str | None
) -> TestResponse:
    """Post something in the place of a signed message."""
    browser = peer.browser()
    login = begun or peer.login(browser)
    return peer.posted(browser, **{"state": login.state, "id_token": token, **more})


def encoded(document: object) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_case_01_a_valid_launch(peer: Peer) -> None:
    assert ".localhost:8000/" in peer.accepts(peer.launch())
    assert peer.attempts() == 1


def test_case_02_no_kid_in_the_header(peer: Peer) -> None:
    peer.refuses(peer.launch(header={"kid": None}), "key_missing")


def test_case_03_an_incorrect_kid(peer: Peer) -> None:
    peer.refuses(peer.launch(header={"kid": "imstester_66067"}), "key_unknown")
    assert peer.keys.asked <= 2


def test_case_04_a_wrong_version(peer: Peer) -> None:
    peer.refuses(peer.launch(version="11.3"), "version_unknown")


def test_case_05_no_version(peer: Peer) -> None:
    peer.refuses(peer.launch(version=None), "claim_missing")


def test_case_06_a_token_that_is_no_lti_message(peer: Peer) -> None:
    peer.refuses(raw(peer, signed({"name": "badltilaunch"})), "claim_missing")


def test_case_07_several_claims_missing(peer: Peer) -> None:
    missing = dict.fromkeys(("aud", "iss", "sub", "deployment_id", "roles"))
    peer.refuses(peer.launch(**missing), "claim_missing")


def test_case_08_timestamps_incorrect(peer: Peer) -> None:
    peer.refuses(peer.launch(iat=11111, exp=22222), "token_expired")


def test_case_09_no_message_type(peer: Peer) -> None:
    peer.refuses(peer.launch(message_type=None), "claim_missing")


def test_case_10_no_roles(peer: Peer) -> None:
    peer.refuses(peer.launch(roles=None), "claim_missing")


def test_case_11_no_deployment_id(peer: Peer) -> None:
    peer.refuses(peer.launch(deployment_id=None), "claim_missing")


def test_case_12_no_resource_link(peer: Peer) -> None:
    peer.refuses(peer.launch(resource_link=None), "claim_missing")


def test_case_13_no_target_link_uri(peer: Peer) -> None:
    peer.refuses(peer.launch(target_link_uri=None), "claim_missing")


def test_case_14_the_version_claim_missing(peer: Peer) -> None:
    answer = peer.launch(version=None)
    peer.refuses(answer, "claim_missing")
    assert f"{LTI}version" in answer.text


def test_case_15_no_sub(peer: Peer) -> None:
    peer.refuses(peer.launch(sub=None), "claim_missing")


def test_case_16_no_iss(peer: Peer) -> None:
    peer.refuses(peer.launch(iss=None), "claim_missing")


def test_case_17_no_aud(peer: Peer) -> None:
    peer.refuses(peer.launch(aud=None), "claim_missing")


def test_case_18_no_exp(peer: Peer) -> None:
    peer.refuses(peer.launch(exp=None), "claim_missing")


def test_case_19_no_iat(peer: Peer) -> None:
    peer.refuses(peer.launch(iat=None), "claim_missing")


def test_case_20_no_nonce(peer: Peer) -> None:
    peer.refuses(peer.launch(nonce=None), "claim_missing")


def test_case_21_an_empty_sub(peer: Peer) -> None:
    peer.refuses(peer.launch(sub=""), "claim_missing")


def test_case_22_a_sub_of_more_than_255_letters(peer: Peer) -> None:
    peer.refuses(peer.launch(sub="x" * 256), "claim_malformed")


def test_case_23_a_resource_link_id_of_more_than_255_letters(peer: Peer) -> None:
    peer.refuses(peer.launch(resource_link={"id": "x" * 256}), "claim_malformed")


def test_case_24_a_resource_link_without_an_id(peer: Peer) -> None:
    peer.refuses(peer.launch(resource_link={"title": "x"}), "claim_missing")


def test_case_25_a_resource_link_that_is_text(peer: Peer) -> None:
    peer.refuses(peer.launch(resource_link="link-1"), "claim_malformed")


def test_case_26_roles_that_are_text(peer: Peer) -> None:
    peer.refuses(peer.launch(roles=LEARNER), "claim_malformed")


def test_case_27_roles_that_are_empty(peer: Peer) -> None:
    peer.accepts(peer.launch(roles=[]))
    assert peer.attempts() == 1  # and not a teacher's page


def test_case_28_an_unknown_role_alone(peer: Peer) -> None:
    peer.accepts(peer.launch(roles=[UNKNOWN]))
    assert peer.attempts() == 1  # and not a teacher's page


def test_case_29_a_short_role_alone(peer: Peer) -> None:
    assert "/lti/links/" in peer.accepts(peer.launch(roles=["Instructor"]))
    assert "/lti/links/" not in peer.accepts(peer.launch(roles=["Learner"]))


def test_case_30_nothing_about_the_person(peer: Peer) -> None:
    peer.accepts(peer.launch(name=None, email=None))
    peer.accepts(peer.launch(sub="person-2"))
    subjects = peer.session.scalars(sa.select(PortalLearner.subject))
    assert sorted(each or "" for each in subjects) == ["person-1", "person-2"]


def test_case_31_no_context(peer: Peer) -> None:
    peer.accepts(peer.launch(context=None, email="someone@example.com"))


def test_case_32_an_unknown_message_type(peer: Peer) -> None:
    peer.refuses(peer.launch(message_type="LtiUnheardOf"), "message_unknown")


def test_case_33_an_issuer_that_is_not_registered(peer: Peer) -> None:
    peer.refuses(peer.launch(iss="https://nobody.example.com"), "platform_unknown")


def test_case_34_an_audience_that_is_not_registered(peer: Peer) -> None:
    peer.refuses(peer.launch(aud="nobody"), "platform_unknown")


def test_case_35_an_audience_of_us_in_a_list(peer: Peer) -> None:
    peer.accepts(peer.launch(aud=[CLIENT]))


def test_case_36_an_audience_of_us_and_another_without_azp(peer: Peer) -> None:
    peer.refuses(peer.launch(aud=[CLIENT, "other"]), "claim_missing")


def test_case_37_an_audience_of_us_and_another_for_the_other(peer: Peer) -> None:
    peer.refuses(peer.launch(aud=[CLIENT, "other"], azp="other"), "platform_unknown")


def test_case_38_an_audience_of_another_and_us_for_us(peer: Peer) -> None:
    peer.accepts(peer.launch(aud=["other", CLIENT], azp=CLIENT))


def test_case_39_an_audience_of_us_for_another(peer: Peer) -> None:
    peer.refuses(peer.launch(aud=CLIENT, azp="other"), "party_wrong")


def test_case_40_an_unknown_deployment(peer: Peer) -> None:
    peer.refuses(peer.launch(deployment_id="deployment-9"), "deployment_unknown")


def test_case_41_a_deployment_of_another_client(peer: Peer) -> None:
    with peer.app.app_context():
        other = peers.portal(peer.session, peer.keys, "client-8")
    by, now = Actor(peer.portal.proposed_by), clock.now()
    service.allow_deployment(peer.session, other, "deployment-8", is_allowed=True, by=by, now=now)
    peer.refuses(peer.launch(deployment_id="deployment-8"), "deployment_unknown")


def test_case_42_a_deployment_id_of_more_than_255_letters(peer: Peer) -> None:
    peer.refuses(peer.launch(deployment_id="x" * 256), "claim_malformed")


def test_case_43_expired_a_second_ago(peer: Peer) -> None:
    peer.accepts(peer.launch(iat=at(-60), exp=at(-1)))


def test_case_44_expired_ten_minutes_ago(peer: Peer) -> None:
    peer.refuses(peer.launch(iat=at(-900), exp=at(-600)), "token_expired")


def test_case_45_issued_an_hour_in_the_future(peer: Peer) -> None:
    peer.refuses(peer.launch(iat=at(3600), exp=at(7200)), "token_early")


def test_case_46_issued_three_seconds_in_the_future(peer: Peer) -> None:
    peer.accepts(peer.launch(iat=at(3)))


def test_case_47_issued_a_day_ago_and_still_valid(peer: Peer) -> None:
    peer.refuses(peer.launch(iat=at(-86400), exp=at(60)), "token_old")


def test_case_48_not_valid_before_some_time_in_the_future(peer: Peer) -> None:
    peer.refuses(peer.launch(nbf=at(3600)), "token_early")


def test_case_49_an_exp_that_is_text(peer: Peer) -> None:
    peer.refuses(peer.launch(exp="soon"), "claim_malformed")


def test_case_50_signed_by_a_wrong_key_under_the_right_kid(peer: Peer) -> None:
    peer.refuses(peer.launch(by="stranger"), "signature_wrong")


def test_case_51_no_algorithm(peer: Peer) -> None:
    browser = peer.browser()
    login = peer.login(browser)
    head = encoded({"alg": "none", "typ": "JWT", "kid": "kid-1"})
    token = f"{head}.{encoded(peer.claims(login.nonce))}."
    peer.refuses(peer.posted(browser, state=login.state, id_token=token), "algorithm_wrong")


def test_case_52_a_secret_that_is_the_public_key(peer: Peer) -> None:
    browser = peer.browser()
    login = peer.login(browser)
    public = made.key("first").public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    parts = f"{encoded({'alg': 'HS256', 'kid': 'kid-1'})}.{encoded(peer.claims(login.nonce))}"
    mark = base64.urlsafe_b64encode(signature.sign(parts.encode(), pem)).rstrip(b"=").decode()
    answer = peer.posted(browser, state=login.state, id_token=f"{parts}.{mark}")
    peer.refuses(answer, "algorithm_wrong")


def test_case_53_another_algorithm_than_the_key_is_for(peer: Peer) -> None:
    browser = peer.browser()
    login = peer.login(browser)
    token = signed(peer.claims(login.nonce), algorithm="RS512")
    peer.refuses(peer.posted(browser, state=login.state, id_token=token), "algorithm_wrong")


def test_case_54_a_payload_that_was_changed(peer: Peer) -> None:
    browser = peer.browser()
    login = peer.login(browser)
    head, _, mark = signed(peer.claims(login.nonce)).split(".")
    token = f"{head}.{encoded(peer.claims(login.nonce, sub='admin'))}.{mark}"
    peer.refuses(peer.posted(browser, state=login.state, id_token=token), "signature_wrong")


def test_case_55_a_token_of_two_parts(peer: Peer) -> None:
    peer.refuses(raw(peer, "aaaa.bbbb"), "token_malformed")


def test_case_56_a_token_that_is_garbage(peer: Peer) -> None:
    peer.refuses(raw(peer, "%%%.\x00.これは"), "token_malformed")


def test_case_57_no_token(peer: Peer) -> None:
    peer.refuses(raw(peer, None), "token_missing")


def test_case_58_a_payload_that_is_a_list(peer: Peer) -> None:
    head = encoded({"alg": "RS256", "kid": "kid-1"})
    peer.refuses(raw(peer, f"{head}.{encoded([1, 2])}.AAAA"), "token_malformed")


def test_case_59_a_nonce_that_was_not_issued(peer: Peer) -> None:
    peer.refuses(peer.launch(nonce="made-up"), "nonce_wrong")


def test_case_60_no_state(peer: Peer) -> None:
    peer.refuses(raw(peer, signed(peer.claims("nonce-1")), state=None), "state_missing")


def test_case_61_a_state_that_was_not_issued(peer: Peer) -> None:
    peer.refuses(raw(peer, signed(peer.claims("nonce-1")), state="made-up"), "state_unknown")


def test_case_62_another_browser_posts_an_attackers_login(peer: Peer) -> None:
    begun = peer.login(peer.browser())
    token = signed(peer.claims(begun.nonce))
    victim = peer.browser()
    answer = peer.posted(victim, state=begun.state, id_token=token)
    peer.refuses(answer, "browser_differs")


def test_case_63_the_nonce_of_one_login_with_the_state_of_another(peer: Peer) -> None:
    browser = peer.browser()
    one, other = peer.login(browser), peer.login(browser)
    token = signed(peer.claims(one.nonce))
    peer.refuses(peer.posted(browser, state=other.state, id_token=token), "nonce_wrong")


def replayed(peer: Peer, *, browser: bool = True, fresh: bool = False) -> None:
    """Launch once, and see that the same does not open a second time."""
    first = peer.browser()
    begun = peer.login(first)
    token = signed(peer.claims(begun.nonce))
    peer.accepts(peer.posted(first, state=begun.state, id_token=token))
    again = signed(peer.claims(begun.nonce, sub="person-2")) if fresh else token
    second = first if browser else peer.browser()
    answer = peer.posted(second, state=begun.state, id_token=again, verifier=begun.verifier)
    assert answer.status_code == 403
    assert peer.noted().code == "state_unknown"
    assert peer.attempts() == 1


def test_case_64_the_same_message_twice_in_one_browser(peer: Peer) -> None:
    replayed(peer)


def test_case_65_a_second_message_for_one_login(peer: Peer) -> None:
    replayed(peer, fresh=True)


def test_case_66_the_same_message_from_another_browser(peer: Peer) -> None:
    replayed(peer, browser=False)


def test_case_67_the_same_from_another_browser_where_a_proxy_speaks_http(peer: Peer) -> None:
    begun = peer.login(peer.browser())
    token, stranger = signed(peer.claims(begun.nonce)), peer.browser()
    answer = stranger.post(
        "/lti/launch",
        data={"state": begun.state, "id_token": token, "verifier": ""},
        headers={"X-Forwarded-Proto": "http"},
    )
    peer.refuses(answer, "browser_differs")


def test_case_68_a_key_that_was_changed_while_the_old_set_is_kept(peer: Peer) -> None:
    peer.accepts(peer.launch())
    fresh = [made.public("first", "kid-1"), made.public("second", "kid-2")]
    peer.keys.published = {"keys": fresh}
    peer.accepts(peer.launch(header={"kid": "kid-2"}, by="second"))
    assert peer.keys.asked == 2


def test_case_69_a_key_that_names_no_algorithm(peer: Peer) -> None:
    peer.keys.published = {"keys": [made.public("first", "kid-1", alg=None)]}
    peer.accepts(peer.launch())


def test_case_70_a_key_for_encryption(peer: Peer) -> None:
    peer.keys.published = {"keys": [made.public("first", "kid-1", use="enc")]}
    peer.refuses(peer.launch(), "key_unknown")


def begins(peer: Peer, code: str, **changes: str | None) -> None:
    """See that a login does not begin, neither by GET nor by POST."""
    asked = peer.asks(**changes)
    peer.refuses(peer.browser().get("/lti/login", query_string=asked), code)
    peer.refuses(peer.browser().post("/lti/login", data=asked), code)


def test_case_71_a_login_without_an_issuer(peer: Peer) -> None:
    begins(peer, "login_incomplete", iss=None)


def test_case_72_a_login_without_a_hint(peer: Peer) -> None:
    begins(peer, "login_incomplete", login_hint=None)


def test_case_73_a_login_without_a_target(peer: Peer) -> None:
    begins(peer, "login_incomplete", target_link_uri=None)


def test_case_74_a_login_to_a_foreign_host(peer: Peer) -> None:
    begins(peer, "target_not_ours", target_link_uri="https://evil.example.com/lti/materials/1")


def test_case_75_a_login_of_an_unknown_issuer(peer: Peer) -> None:
    begins(peer, "platform_unknown", iss="https://nobody.example.com")
    assert peer.noted().data == {"issuer": "https://nobody.example.com"}


def test_case_76_a_login_of_an_unknown_client(peer: Peer) -> None:
    begins(peer, "platform_unknown", client_id="nobody")


def test_case_77_a_login_without_a_client_where_the_issuer_has_several(peer: Peer) -> None:
    peer.login(peer.browser(), client_id=None)  # the only one yet
    with peer.app.app_context():
        peers.portal(peer.session, peer.keys, "client-8")
    begins(peer, "platform_unknown", client_id=None)
    asked = peer.asks(client_id=None)
    answer = peer.browser().get(f"/lti/login/{peer.portal.id}", query_string=asked)
    assert answer.status_code == 200  # at the address of one of them it is clear


def test_case_78_a_launch_to_a_foreign_host(peer: Peer) -> None:
    target = "https://evil.example.com/lti/materials/1"
    peer.refuses(peer.launch(target_link_uri=target), "target_not_ours")


def test_case_79_a_launch_to_elsewhere_than_its_login(peer: Peer) -> None:
    browser = peer.browser()
    begun = peer.login(browser, target_link_uri="http://localhost:8000/lti/launch")
    peer.accepts(peer.launch(browser, begun=begun))


def test_case_80_a_platform_that_answers_with_an_error(peer: Peer) -> None:
    browser = peer.browser()
    begun = peer.login(browser)
    answer = peer.posted(browser, state=begun.state, error="login_required")
    peer.refuses(answer, "platform_refused")
    assert "login_required" in answer.text


def test_case_81_six_kilobytes_of_custom_values(peer: Peer) -> None:
    custom: dict[str, Any] = {f"value_{number}": "x" * 60 for number in range(100)}
    peer.accepts(peer.launch(custom=custom))


def test_case_82_three_launches_in_one_browser(peer: Peer) -> None:
    browser = peer.browser()
    for _ in range(3):
        peer.accepts(peer.launch(browser))
    taken = sa.select(sa.func.count(PortalLaunch.id)).where(PortalLaunch.code == "accepted")
    assert (peer.session.scalar(taken), peer.attempts()) == (3, 1)
