"""ADL's cases for SCORM 2004 4th Edition, over HTTP against a running server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import scorm2004

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "scorm2004-cts"
CASES = sorted(path.stem for path in (SUITE / "cases").glob("*.json"))

pytestmark = [
    pytest.mark.skipif(not CASES, reason="ADL's test suite is not beside the checkout"),
    pytest.mark.xdist_group("conformance"),
    pytest.mark.requirement("TRK-01", "CON-01"),
]


@pytest.fixture(scope="module")
def found() -> dict[str, str | None]:
    """The first difference of each case: all are played in their order, as one learner's."""
    return scorm2004.play(SUITE)


@pytest.mark.parametrize("case", CASES)
def test_the_server_does_as_the_case_expects(case: str, found: dict[str, str | None]) -> None:
    assert found[case] is None
