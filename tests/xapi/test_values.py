"""The values of statements: what is one, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import ID, refused, tried
from xapi import values
from xapi.errors import Invalid
from xapi.values import Check

CHECKS: dict[str, Check] = {
    "string": values.text,
    "boolean": values.boolean,
    "number": values.number,
    "integer": values.natural,
    "iri": values.iri,
    "uuid": values.uuid,
    "mailto": values.mailto,
    "sha1": values.sha1,
    "sha2": values.sha2,
    "media_type": values.media_type,
    "language": values.language,
    "duration": values.duration,
    "timestamp": values.timestamp,
}
GOOD: dict[str, list[object]] = {
    "string": ["", "あ", "\x00"],
    "boolean": [True, False],
    "number": [0, -1, 0.5, 1e308, 10**300],
    "integer": [0, 7, 10**30],
    "iri": [
        "https://example.org/a?b=1#c", "urn:example:a", "tag:example.org,2026:a", "x:y",
        "https://例え.example.org/講座/1", "https://example.org/%E3%81%82", "http://[2001:db8::1]/",
    ],
    "uuid": [ID, ID.upper(), "00000000-0000-0000-0000-000000000000"],
    "mailto": ["mailto:ami@example.org", "mailto:a+b.c@sub.example.org", "mailto:網@例え.example"],
    "sha1": ["0123456789abcdef" * 2 + "ABCDEF01"],
    "sha2": ["a" * 56, "b" * 64, "C" * 96, "0" * 128],
    "media_type": [
        "text/plain", "application/vnd.example+json", "text/plain; charset=utf-8", "a/b;c=\"d;e\"",
        "text/plain ; charset=ascii; format=flowed",
    ],
    "language": [
        "ja", "en-US", "zh-Hant-TW", "es-419", "de-DE-1996", "sl-rozaj-biske", "zh-yue-HK",
        "de-CH-x-phonebk", "en-a-bbb-x-a", "x-twain", "i-klingon", "en-GB-oed", "und", "JA-jp",
        "sgn-BE-FR", "zh-min-nan",
    ],
    "duration": [
        "PT0S", "P1Y", "P4W", "P1Y2M3DT4H5M6S", "PT36H", "P0.5Y", "PT1.5H", "PT1H0.123456S",
        "PT1,5S", "P1M", "PT1M", "P0D",
    ],
    "timestamp": [
        "2026-11-23T13:00:00Z", "2026-11-23t13:00:00z", "2026-11-23T13:00:00.123456789012345Z",
        "2026-11-23T13:00Z", "2026-11-23T13:00:00", "2026-11-23", "2026-11-23T13:00:00+09",
        "2026-11-23T13:00:00+0900", "2026-11-23T13:00:00-09:30", "2026-11-23T13:00:00+01:59",
        "2016-12-31T23:59:60Z", "2024-02-29T00:00:00Z", "2026-11-23T13:00:00,5Z",
    ],
}  # fmt: skip
BAD: dict[str, list[object]] = {
    "string": [None, 1, True, ["a"], {"a": "b"}],
    "boolean": [None, 0, 1, "true", "false", []],
    "number": [None, "1", True, inf, -inf, nan, 10**400, [1]],
    "integer": [None, -1, 1.0, 0.5, True, "1"],
    "iri": [
        None, 1, "", "example.org/a", "/a", "//example.org/a", "https:", "1a:b", ":a", "a b:c",
        "https://example.org/a b", "https://example.org/<a>", "https://example.org/{a}",
        "https://example.org/%zz", "https://example.org/a\n", "https://example.org/\\a", "x:\x7f",
    ],
    "uuid": [
        None, 7, "", ID[:-1], ID + "0", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}",
        ID + "\n", ID.replace("0", "g"), ID.replace("0", "０"),
    ],
    "mailto": [
        None, "", "ami@example.org", "mailto:", "mailto:ami", "mailto:@example.org", "mailto:ami@",
        "mailto:a@b@example.org", "mailto:a b@example.org", "mailto:ami@example.org\n",
        "mailto:a\x00@example.org", "mailto:<ami@example.org>", "https://example.org/",
    ],
    "sha1": [None, "", "a" * 39, "a" * 41, "g" * 40, "a" * 64],
    "sha2": [None, "", "a" * 40, "a" * 63, "a" * 65, "g" * 64],
    "media_type": [None, "", "text", "text/", "/plain", "text/plain/x", "text/plain\n", "te xt/a"],
    "language": [
        None, "", "a", "en_US", "en-", "-en", "en--US", "languages", "12", "x", "en-x", "en-a",
        "日本語", "ja\n", "en-US-a", "en-toolongsubtag",
    ],
    "duration": [
        None, 60, "", "P", "PT", "P1YT", "1H", "P1H", "PT1D", "P4W1D", "P1D4W", "-PT1S", "PT-1S",
        "PT1.S", "PT.5S", "PT1S ", "pt1s", "PT1S2M", "P1.5Y2M", "PT1.5H1M", "P0.5DT1H",
        "P0001-00-00T00:00:01", "00:01:00", "PT１S", "PT1S\n",
    ],
    "timestamp": [
        None, 1, "", "today", "2026", "2026-11", "23.11.2026", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23T13:60:00Z",
        "2026-11-23T13:00:61Z", "2026-11-23T13:00:75Z", "2026-11-23T13:00:00.Z", "20261123",
        "2026-11-23T13:00:00+24:00", "2026-11-23T13:00:00+01:60", "2026-11-23T13Z",
        "2026-11-23T13:00:00Z\n", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+09:00",
        "２０２６-11-23T13:00:00Z", "2026-11-23Z",
    ],
}  # fmt: skip


def test_every_check_is_tried() -> None:
    assert set(GOOD) == set(BAD) == set(CHECKS)


def _broken(rule: str, value: object) -> str | None:
    found = tried(CHECKS[rule], value)
    return found.rule if isinstance(found, Invalid) else None


@pytest.mark.parametrize("rule", CHECKS)
def test_what_is_one_passes(rule: str) -> None:
    assert [value for value in GOOD[rule] if _broken(rule, value)] == []


@pytest.mark.parametrize("rule", CHECKS)
def test_what_is_none_is_refused(rule: str) -> None:
    assert [value for value in BAD[rule] if _broken(rule, value) != rule] == []


@pytest.mark.parametrize("zone", ["-00", "-0000", "-00:00"])
def test_a_zone_that_is_not_known_is_no_zone(zone: str) -> None:
    assert refused(values.timestamp, f"2026-11-23T13:00:00{zone}") == ("timestamp_zone", ())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("2026-11-23T13:00:00.5+09:00", "2026-11-23T04:00:00.500000Z"),
        ("2026-11-23T13:00:00-0930", "2026-11-23T22:30:00.000000Z"),
        ("2026-11-23T13:00:00+01", "2026-11-23T12:00:00.000000Z"),
        ("2026-11-23T13:00:00.1234567Z", "2026-11-23T13:00:00.123456Z"),
        ("2026-11-23T13:00:00", "2026-11-23T13:00:00.000000Z"),
        ("2026-11-23T13:05Z", "2026-11-23T13:05:00.000000Z"),
        ("2026-11-23", "2026-11-23T00:00:00.000000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_a_time_is_read_to_the_microsecond_and_written_in_utc(said: str, written: str) -> None:
    assert values.written(values.moment(said)) == written


@settings(max_examples=30)
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_that_is_written_is_read_as_the_same(at: datetime) -> None:
    assert values.moment(values.written(at)) == at


@settings(max_examples=40)
@given(st.text() | st.integers() | st.floats() | st.none() | st.lists(st.booleans()))
def test_anything_passes_or_is_refused(value: object) -> None:
    for check in CHECKS.values():
        found = tried(check, value)
        assert not isinstance(found, Invalid) or found.rule in {*CHECKS, "timestamp_zone"}


@pytest.mark.parametrize("rule", ["iri", "mailto", "media_type", "language", "duration"])
def test_no_string_takes_longer_than_its_length(rule: str) -> None:
    for start in ("", "a/b", "a:", "mailto:a@", "P1"):
        for part in (";a", "-aa", "1.1", "a", " ;", "@"):
            assert _broken(rule, start + part * 1000 + "\n") == rule
