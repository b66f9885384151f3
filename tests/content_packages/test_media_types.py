"""Content types: of our own table, with a charset only where there is no other."""

import pytest

from content_packages.media_types import TYPES, UNKNOWN, content_type, is_media


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/INDEX.HTM", "text/html"),
        ("a.js", "text/javascript"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.tar.unknown", UNKNOWN),
        ("html", UNKNOWN),
    ],
)
def test_the_end_of_the_name_says_the_type(name, expected):
    assert content_type(name) == expected


def test_a_charset_is_said_only_of_what_is_always_utf8():
    assert {end for end, value in TYPES.items() if "charset" in value} == {"mjs", "vtt"}


def test_sound_and_film_are_media():
    assert is_media("a.mp4")
    assert is_media("a.mp3")
    assert not is_media("a.png")
