"""Some of ADL's cases for SCORM 2004 4th Edition, over HTTP against a running server.

Every fourth group, evenly over their subjects; `make conformance-scorm` plays them all.
"""

from __future__ import annotations

from itertools import groupby, islice
from pathlib import Path

import pytest

from tests.conformance import scorm2004

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "scorm2004-cts"
#: The cases of one number go together: the later go on from what the earlier have left.
GROUPS = groupby(scorm2004.cases_of(SUITE), key=lambda path: path.stem[:5])
CASES = [path for _, group in islice(GROUPS, None, None, 4) for path in group]

pytestmark = [
    pytest.mark.skipif(not CASES, reason="ADL's test suite is not beside the checkout"),
    pytest.mark.xdist_group("conformance"),
    pytest.mark.requirement("TRK-01", "CON-01"),
]


@pytest.fixture(scope="module")
def found() -> dict[str, str | None]:
    """The first difference of each case: they are played in their order, as one learner's."""
    return scorm2004.play(SUITE, CASES)


@pytest.mark.parametrize("case", [path.stem for path in CASES])
def test_the_server_does_as_the_case_expects(case: str, found: dict[str, str | None]) -> None:
    assert found[case] is None
