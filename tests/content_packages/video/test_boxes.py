"""Boxes, read where they stand."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.video.boxes import Box, Damaged, boxes, find, payload
from tests.content_packages.video.made import box, large, words


def read(data):
    return list(boxes(io.BytesIO(data), 0, len(data)))


def whole(data):
    return Box("file", 0, 0, len(data))


def test_boxes_stand_one_behind_the_other():
    data = box(b"ftyp", b"cmfc") + box(b"free") + box(b"mdat", b"abc")
    assert read(data) == [
        Box("ftyp", 0, 8, 12),
        Box("free", 12, 20, 20),
        Box("mdat", 20, 28, 31),
    ]


def test_a_size_may_be_written_in_64_bits():
    data = large(b"mdat", b"abc") + box(b"free")
    assert read(data) == [Box("mdat", 0, 16, 19), Box("free", 19, 27, 27)]


def test_a_size_of_64_bits_may_be_larger_than_32_bits_hold():
    data = struct.pack(">I4sQ", 1, b"mdat", 2**32 + 16)
    first = next(boxes(io.BytesIO(data), 0, 2**33))
    assert first == Box("mdat", 0, 16, 2**32 + 16)


def test_a_size_of_nought_reaches_to_the_end():
    assert read(struct.pack(">I4s", 0, b"mdat") + b"abc") == [Box("mdat", 0, 8, 11)]


def test_a_kind_may_be_of_any_bytes():
    assert read(box(b"\xa9nam"))[0].kind == "©nam"


@pytest.mark.parametrize(
    "data",
    [
        words(7) + b"free",  # smaller than its own header
        struct.pack(">I4sQ", 1, b"mdat", 15),  # the same of a large one
        words(9) + b"free",  # behind the end
        struct.pack(">I4sQ", 1, b"mdat", 2**63) + bytes(9),
        b"\0\0\0",  # no header
        words(1) + b"mdat" + bytes(7),  # no large size
    ],
)
def test_a_box_of_an_impossible_size_is_damaged(data):
    with pytest.raises(Damaged):
        read(data)


def test_a_box_is_found_along_a_path():
    data = box(b"free") + box(b"moov", box(b"free"), box(b"trak", box(b"tkhd", b"abc")))
    found = find(io.BytesIO(data), whole(data), "moov", "trak", "tkhd")
    assert payload(io.BytesIO(data), found) == b"abc"


def test_of_several_the_first_is_found():
    data = box(b"trak", b"first") + box(b"trak", b"second")
    assert payload(io.BytesIO(data), find(io.BytesIO(data), whole(data), "trak")) == b"first"


def test_what_is_missing_is_said_by_its_kind():
    data = box(b"moov", box(b"free"))
    with pytest.raises(Damaged, match="trak"):
        find(io.BytesIO(data), whole(data), "moov", "trak", "tkhd")


def test_a_payload_that_is_not_there_is_damaged():
    with pytest.raises(Damaged, match="end of file"):
        payload(io.BytesIO(b"abc"), Box("free", 0, 0, 4))


@given(st.binary(max_size=64))
def test_any_bytes_are_boxes_or_damaged(data):
    try:
        found = read(data)
    except Damaged:
        return
    assert [each.stop for each in found[:-1]] == [each.start for each in found[1:]]
    assert not found or found[-1].stop == len(data)
