"""`make requirements`: which rows of docs/requirements.csv have a test that proves them.

Run as a command it collects the suite, prints the rows without a test, and closes with the counts.
"""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[1] / "docs" / "requirements.csv"
FLAGS = ("must", "should", "nice")


def rows() -> dict[str, dict[str, str]]:
    """Return the table's rows by their id."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


class Collector:
    """Notes the requirement marks of every collected test."""

    def __init__(self) -> None:
        self.proved: dict[str, list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note each mark's rows."""
        for item in items:
            for mark in item.iter_markers("requirement"):
                for row in mark.args:
                    self.proved.setdefault(row, []).append(item.nodeid)


def collect() -> dict[str, list[str]]:
    """Collect the suite and return the tests of each row that a mark names."""
    collector = Collector()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["--collect-only", "-qq"], plugins=[collector])
    if code:
        raise SystemExit(
            f"{said.getvalue()}the suite cannot be collected: pytest ended with {code}"
        )
    return collector.proved


def main() -> int:
    """Print the rows without a test and the counts; fail on a mark that names no row."""
    table, proved = rows(), collect()
    unknown = sorted(set(proved) - set(table))
    for row in unknown:
        print(f"no such row: {row} (named by {proved[row][0]})")
    for row_id, row in table.items():
        if row_id not in proved:
            print(f"{row['flag']:6} {row_id} {row['requirement']}")
    counts = []
    for flag in FLAGS[:2]:
        ids = [row_id for row_id, row in table.items() if row["flag"] == flag]
        counts.append(f"{sum(row_id in proved for row_id in ids)} of {len(ids)} {flag}")
    print(", ".join(counts))
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
