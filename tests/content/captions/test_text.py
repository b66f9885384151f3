"""Every code that captions may give has its words."""

import pytest

from app.content.captions.text import CAPTION_PROBLEMS
from content_packages.captions.cues import PROBLEMS


@pytest.fixture(autouse=True)
def _language(office_app):
    with office_app.test_request_context(headers={"Accept-Language": "ja"}):
        yield


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_says_what_is_wrong_and_how_to_mend_it(code):
    what, mending = CAPTION_PROBLEMS[code]
    data = dict.fromkeys(PROBLEMS[code], "〔値〕")
    told = str(what) % data
    assert told
    assert not told.endswith("。")
    assert (str(mending) % data).endswith("。")
    assert "〔値〕" in told or not data


def test_no_word_is_kept_for_a_code_that_is_gone():
    assert set(CAPTION_PROBLEMS) == set(PROBLEMS)
