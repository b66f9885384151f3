"""Keys of platforms: kept as long as they say, asked for once more when one is not known."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from jwt.utils import to_base64url_uint

from lti.errors import LaunchRefused
from tests.lti import made
from tests.lti.made import NOW, REGISTRATION, Platform, public

MINUTE = timedelta(minutes=1)


def refused(platform: Platform, kid: str, later: timedelta = timedelta()) -> str:
    """Return the code that a key is refused by."""
    with pytest.raises(LaunchRefused) as told:
        platform.gate.keys.key(REGISTRATION, kid, NOW + later)
    return told.value.code


def number(platform: Platform, kid: str, later: timedelta = timedelta()) -> int:
    """Return a key's own number."""
    return platform.gate.keys.key(REGISTRATION, kid, NOW + later).public_numbers().n


def own(name: str) -> int:
    """Return the number of one of the platform's keys."""
    return made.key(name).public_key().public_numbers().n


def test_a_set_is_asked_for_once_and_its_keys_made_ready_once() -> None:
    platform = Platform()
    first = platform.gate.keys.key(REGISTRATION, "kid-1", NOW)
    assert platform.gate.keys.key(REGISTRATION, "kid-1", NOW + 59 * MINUTE) is first
    assert platform.asked == 1
    assert first.public_numbers().n == own("first")


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("", 60),
        ("public", 60),
        ("max-age=1200", 20),
        ('public, max-age="1200"', 20),
        ("max-age=10", 5),
        ("no-store, max-age=1200", 5),
        ("no-cache", 5),
        ("max-age=soon", 60),
        ("max-age=99999999999999999999", 24 * 60),
    ],
)
def test_a_set_is_kept_as_long_as_it_says_within_bounds(said: str, minutes: int) -> None:
    platform = Platform()
    platform.headers = {"Cache-Control": said}
    number(platform, "kid-1")
    number(platform, "kid-1", minutes * MINUTE - timedelta(seconds=1))
    assert platform.asked == 1
    number(platform, "kid-1", minutes * MINUTE)
    assert platform.asked == 2


def test_a_key_that_the_platform_has_just_begun_to_use_is_found_at_once() -> None:
    platform = Platform()
    number(platform, "kid-1")
    platform.published = {"keys": [public("first", "kid-1"), public("second", "kid-2")]}
    assert number(platform, "kid-2", timedelta(seconds=1)) == own("second")
    assert platform.asked == 2


def test_unknown_keys_make_us_ask_once_a_minute_and_no_more() -> None:
    platform = Platform()
    number(platform, "kid-1")
    for second in range(0, 60, 10):
        assert refused(platform, f"made-up-{second}", timedelta(seconds=second)) == "key_unknown"
    assert platform.asked == 2
    assert refused(platform, "made-up", MINUTE) == "key_unknown"
    assert platform.asked == 3
    assert number(platform, "kid-1", MINUTE) == own("first")


@pytest.mark.parametrize("answer", [None, [], {"keys": None}, {"no": "keys"}, "text"])
def test_a_platform_that_does_not_answer_leaves_its_last_keys(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    number(platform, "kid-1")
    platform.published = answer
    with caplog.at_level(logging.WARNING):
        assert number(platform, "kid-1", 61 * MINUTE) == own("first")
    assert [record.getMessage() for record in caplog.records] == ["lti.keys_unreachable"]
    assert number(platform, "kid-1", 61 * MINUTE + timedelta(seconds=30)) == own("first")
    assert platform.asked == 2, "it is left alone for a minute"
    platform.published = {"keys": [public("second", "kid-2")]}
    assert number(platform, "kid-2", 63 * MINUTE) == own("second")


def test_an_error_of_the_platforms_is_no_set_of_keys() -> None:
    platform = Platform()
    platform.status = 500
    assert refused(platform, "kid-1") == "keys_unreachable"


def test_a_platform_that_never_answered_lets_nobody_in() -> None:
    platform = Platform()
    platform.published = None
    assert refused(platform, "kid-1") == "keys_unreachable"
    platform.published = {"keys": [public("first", "kid-1")]}
    assert number(platform, "kid-1", timedelta(seconds=1)) == own("first")


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"kty": "EC"},
        {"alg": "RS512"},
        {"alg": 7},
        {"n": "no number"},
        {"n": None},
        {"kid": 1},
    ],
)
def test_what_is_no_key_for_signatures_is_passed_over(changes: dict[str, Any]) -> None:
    platform = Platform()
    platform.published = {
        "keys": ["no key", {**public("second", "kid-2"), **changes}, public("first", "kid-1")]
    }
    assert refused(platform, "kid-2") == "key_unknown"
    assert number(platform, "kid-1") == own("first")


def test_a_short_key_is_none() -> None:
    numbers = made.key("short", 1024).public_key().public_numbers()
    entry = public("first", "kid-1", n=to_base64url_uint(numbers.n).decode())
    platform = Platform()
    platform.published = {"keys": [entry]}
    assert refused(platform, "kid-1") == "key_unknown"


def test_a_key_may_leave_out_what_it_is_for() -> None:
    platform = Platform()
    platform.published = {"keys": [public("first", "kid-1", alg=None, use=None)]}
    assert number(platform, "kid-1") == own("first")


def test_an_id_that_stands_for_another_key_now_is_told(caplog: pytest.LogCaptureFixture) -> None:
    platform = Platform()
    number(platform, "kid-1")
    platform.published = {"keys": [public("second", "kid-1")]}
    with caplog.at_level(logging.WARNING):
        assert number(platform, "kid-1", 61 * MINUTE) == own("second")
    assert [record.getMessage() for record in caplog.records] == ["lti.key_replaced"]
