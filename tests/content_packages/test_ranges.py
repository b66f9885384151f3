"""Any field Range and any size: what goes out lies in the file, and the header says where."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages import ranges

CONTENT = bytes(range(256)) * 4
NUMBERS = st.one_of(st.just(""), st.integers(0, 2000).map(str))


@given(first=NUMBERS, last=NUMBERS, size=st.integers(0, 1024))
def test_what_goes_out_is_what_the_header_says(first: str, last: str, size: int) -> None:
    part = ranges.part(f"bytes={first}-{last}", size)
    assert 0 <= part.start <= part.stop <= size
    assert int(part.headers["Content-Length"]) == part.stop - part.start
    told = part.headers.get("Content-Range")
    if part.status == 206:
        assert told == f"bytes {part.start}-{part.stop - 1}/{size}"
        assert part.start < part.stop
    elif part.status == 416:
        assert told == f"bytes */{size}"
    else:
        assert (part.status, told, part.start, part.stop) == (200, None, 0, size)


@given(field=st.text(max_size=20), size=st.integers(0, 1024))
def test_no_field_is_an_error(field: str, size: int) -> None:
    readable = re.match(r"\s*bytes", field, re.IGNORECASE)
    assert readable or ranges.part(field, size).status == 200


def test_without_a_field_it_is_the_whole() -> None:
    assert ranges.part(None, 7) == ranges.Part(200, {"Content-Length": "7"}, 0, 7)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("bytes=0-", "bytes 0-3/10"),
        ("bytes=2-9", "bytes 2-5/10"),
        ("bytes=2-", "bytes 2-5/10"),
        ("bytes=7-", "bytes 7-9/10"),
        ("bytes=-6", "bytes 4-7/10"),
        ("bytes=2-8", "bytes 2-8/10"),  # who knows where it ends is given all of it
    ],
)
def test_the_rest_of_a_file_goes_out_piece_by_piece(field: str, told: str) -> None:
    part = ranges.part(field, 10, most=4)
    assert part.status == 206
    assert part.headers["Content-Range"] == told
    assert int(part.headers["Content-Length"]) == part.stop - part.start


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (None, False),
        ("", False),
        ('"b"', True),
        ('W/"b"', True),
        ('"x", "a"', True),
        ("*", True),
        ('"c"', False),
        ("b", False),
    ],
)
def test_a_tag_is_found_among_those_that_are_named(field: str | None, expected: bool) -> None:
    assert ranges.matches(field, {'"a"', '"b"'}) is expected


@pytest.mark.parametrize(("start", "stop"), [(0, 1024), (5, 6), (1000, 5000), (7, 7), (2000, 2001)])
def test_of_a_file_goes_out_what_there_is(tmp_path, start: int, stop: int) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    assert b"".join(ranges.of_file(tmp_path / "file", start, stop)) == CONTENT[start:stop]
