"""A package is found to speak to an LMS by the names that nobody can do without."""

from __future__ import annotations

import pytest

from scorm.api_search import mentions_api
from scorm.edition import Edition

OLD, NEW = Edition("1.2"), Edition.SCORM_2004_4


@pytest.mark.parametrize(
    ("edition", "text", "found"),
    [
        (OLD, b'API.LMSInitialize("")', True),
        (OLD, b'handle["LMSFinish"]("")', True),
        (OLD, b"while (win.API == null) win = win.parent", True),
        (OLD, b"RAPID = 1; myAPI2 = 2", False),
        (OLD, b"window.API_1484_11", False),
        (NEW, b'win["API_1484_11"]', True),
        (NEW, b"API.LMSInitialize", False),
        (NEW, "win.API_1484_11".encode("utf-16"), True),
        (NEW, b"", False),
    ],
)
def test_the_names_of_an_edition_are_found(edition: Edition, text: bytes, found: bool) -> None:
    assert mentions_api(edition, [text]) is found


def test_a_name_that_two_pieces_share_is_found() -> None:
    text = b"x" * 100 + b"API_1484_11" + b"y" * 100
    for cut in range(len(text)):
        assert mentions_api(NEW, [text[:cut], text[cut:]])


def test_nothing_is_read_beyond_the_first_name() -> None:
    def pieces():
        yield b"API_1484_11"
        raise AssertionError("read on")

    assert mentions_api(NEW, pieces())
