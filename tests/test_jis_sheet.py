"""The test sheet of JIS X 8341-3 has every criterion of A and AA, and names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHEET = (ROOT / "docs" / "standards" / "jis-x-8341-3.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d\.\d\.\d+) \| [^|]+ \| (AA?) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
ROWS: list[tuple[str, str, str, str]] = ROW.findall(SHEET)
#: The criteria of WCAG 2.0, by level.
A = {
    "1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", "1.3.3", "1.4.1", "1.4.2", "2.1.1",
    "2.1.2", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "3.1.1", "3.2.1",
    "3.2.2", "3.3.1", "3.3.2", "4.1.1", "4.1.2",
}  # fmt: skip
AA = {
    "1.2.4", "1.2.5", "1.4.3", "1.4.4", "1.4.5", "2.4.5", "2.4.6", "2.4.7", "3.1.2", "3.2.3",
    "3.2.4", "3.3.3", "3.3.4",
}  # fmt: skip

pytestmark = pytest.mark.requirement("UIX-05")


def test_every_criterion_has_one_row_with_its_level() -> None:
    assert sorted(number for number, *_ in ROWS) == sorted(A | AA)
    assert {number for number, level, *_ in ROWS if level == "AA"} == AA


def test_the_counts_on_top_are_those_of_the_rows() -> None:
    found = re.search(r"(\d+)項目のうち、適合(\d+)、適用なし(\d+)、不適合(\d+)", SHEET)
    assert found
    results = [result.strip("* ").partition("（")[0].strip("* ") for _, _, result, _ in ROWS]
    counts = [results.count(word) for word in ("適合", "適用なし", "不適合")]
    assert [int(number) for number in found.groups()] == [len(ROWS), *counts]
    for number, _, result, _ in ROWS:
        if "不適合" in result:
            assert re.search(rf"^\*\*{re.escape(number)} ", SHEET, re.MULTILINE), number


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SHEET)
    assert named
    assert [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ] == []
