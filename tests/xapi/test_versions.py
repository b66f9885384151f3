"""The versions that are spoken: what a header means, and what a statement may say."""

from __future__ import annotations

import pytest

from tests.xapi.made import refused, statement
from xapi.statement import Version, check, spoken


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (Version.OLD, ["1.0", "1.0.0", "1.0.3", "1.0.17", "1.0.0-beta"]),
        (Version.NEW, ["2.0.0", "2.0", "2.0.1", "1.0.0", "1.0.3"]),
    ],
)
def test_a_statement_says_its_version(version: Version, said: list[str]) -> None:
    for each in said:
        check(statement(version=each), version)


@pytest.mark.parametrize(
    "said", ["2.0.0", "1.1.0", "0.9", "1", "1.0.", "1.0.x", "1.00.0", "11.0.0"]
)
def test_another_version_than_1_0_is_refused_by_1_0(said: str) -> None:
    assert refused(check, statement(version=said), Version.OLD) == ("version", ("version",))


@pytest.mark.parametrize(
    "said", ["2", "2.0.", "2.0.0.0", "v2.0.0", "２.0.0", "2.0.0\n", "2.1.0", "0.9.9", "3.0.0"]
)
def test_what_is_none_of_ours_is_refused_by_2_0(said: str) -> None:
    assert refused(check, statement(version=said), Version.NEW) == ("version", ("version",))


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("1.0", Version.OLD),
        ("1.0.0", Version.OLD),
        ("1.0.3", Version.OLD),
        ("1.0.99", Version.OLD),
        ("2.0", Version.NEW),
        ("2.0.0", Version.NEW),
        ("2.0.1", Version.NEW),
    ],
)
def test_a_header_means_a_version(said: str, version: Version) -> None:
    assert spoken(said) is version


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "0.9",
        "0.95",
        "1.1.0",
        "2.1.0",
        "3.0.0",
        "1",
        "2.",
        "1.0.",
        "1.0.a",
        "1.0.３",
        " 1.0",
    ],
)
def test_a_header_of_no_version_or_another_is_refused(said: str | None) -> None:
    assert refused(spoken, said) == ("version", ())


def test_a_version_counts_by_its_family_and_is_said_where_none_was() -> None:
    assert [(each.value, each.family, each.unsaid) for each in Version] == [
        ("1.0.3", "1.0", "1.0.0"),
        ("2.0.0", "2.0", "2.0.0"),
    ]
