"""Real packages, gone through in the player by a learner in a hurry."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conformance import packages

GOLF = Path(__file__).resolve().parents[3] / "shared" / "packages" / "golf"
FOLDERS = ("scorm12", "scorm2004")
#: Enough to come from item to item by each way there is; `make play` goes through all of them, and
#: through every package, not every third one.
MOST_ITEMS = 4

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demonstration"),
    pytest.mark.skipif(not GOLF.is_dir(), reason="the shared packages are not beside the checkout"),
]


@pytest.mark.requirement("TRK-01")
def test_what_real_content_reports_is_on_the_record_after_two_visits(chromium: Browser) -> None:
    found = [each for folder in FOLDERS for each in packages.examine(GOLF / folder)]
    played = list(packages.play(chromium, found[::3], most_items=MOST_ITEMS))
    assert {package.refused for package in found} == {"", "launch_file_missing"}
    assert [str(package) for package in played if package.failures] == []
    assert any(package.seen.found for package in played)
