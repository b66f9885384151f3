"""Names: what bytes mean, and which names are safe."""

import unicodedata
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages import names
from content_packages.errors import PackageRefused
from tests.content_packages.made import refused

japanese = st.text(st.sampled_from("表能ソ予十噂貼研修がぱアｱ日本語 abcXYZ.-_"), min_size=1)


def test_a_cp932_name_is_decoded_before_its_backslash_byte_is_looked_at():
    raw = "表だよ/一覧表.txt".encode("cp932")
    assert b"\\" in raw
    assert names.clean(names.decode(raw, is_utf8=False)) == "表だよ/一覧表.txt"


def test_utf8_without_the_flag_is_utf8():
    assert names.decode("研修".encode(), is_utf8=False) == "研修"


def test_a_flagged_name_is_not_read_as_cp932():
    raw = "研修".encode("cp932")
    assert names.decode(raw, is_utf8=True) == raw.decode("cp437")


def test_bytes_that_are_neither_utf8_nor_cp932_are_cp437():
    assert names.decode(b"\x81 ", is_utf8=False) == "ü "


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"\x01" + zlib.crc32(b"raw").to_bytes(4, "little") + "表".encode(), "表"),
        (b"\x02" + zlib.crc32(b"raw").to_bytes(4, "little") + "表".encode(), "raw"),
        (b"\x01" + zlib.crc32(b"old").to_bytes(4, "little") + "表".encode(), "raw"),
        (b"\x01" + zlib.crc32(b"raw").to_bytes(4, "little") + b"\xff", "raw"),
        (b"\x01", "raw"),
        (None, "raw"),
    ],
    ids=["valid", "version", "renamed", "not-utf8", "short", "absent"],
)
def test_the_unicode_path_field_counts_only_where_it_is_sound(field, expected):
    assert names.decode(b"raw", is_utf8=False, unicode_path=field) == expected


@given(japanese)
def test_every_cp932_name_that_is_not_also_utf8_survives(text):
    raw = text.encode("cp932")
    try:
        expected = raw.decode()
    except UnicodeDecodeError:
        expected = raw.decode("cp932")
    assert names.decode(raw, is_utf8=False) == expected


@given(st.binary(), st.booleans())
def test_any_bytes_become_text(raw, is_utf8):
    assert isinstance(names.decode(raw, is_utf8=is_utf8), str)


@given(st.text())
def test_a_clean_name_is_relative_and_stays_as_it_is(text):
    try:
        name = names.clean(text)
    except PackageRefused:
        with refused("unsafe_name"):
            names.clean(text)
        return
    assert not name.startswith("/")
    assert "\\" not in name
    assert not {"", ".", ".."} & set(name.split("/"))
    assert names.clean(name) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("./", "empty"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("/etc/passwd", "absolute"),
        ("\\\\server\\share", "absolute"),
        ("C:\\a", "drive"),
        ("c:a", "drive"),
        ("a/../../b", "parent"),
        ("..\\b", "parent"),
        ("a/.. /b", "parent"),
        ("a/.../b", "parent"),
        ("a/NUL", "device"),
        ("con.html", "device"),
        ("Com1.tar.gz", "device"),
        ("あ" * 86, "too_long"),
        ("abcdef/" * 200 + "b", "too_long"),
        ("a/" * names.MAX_LEVELS + "b", "too_deep"),
    ],
)
def test_an_unsafe_name_is_refused_with_its_reason(text, reason):
    with refused("unsafe_name", reason=reason):
        names.clean(text)


def test_folders_may_nest_as_deep_as_the_limit():
    name = "a/" * (names.MAX_LEVELS - 1) + "b"
    assert names.clean(name) == name


@pytest.mark.parametrize("text", ["console.js", "com10", "aux-in/contents.css", "a b/c..d", "..a"])
def test_a_name_that_only_looks_unsafe_is_kept(text):
    assert names.clean(text) == text


def test_backslashes_and_empty_parts_are_straightened():
    assert names.clean(".\\a\\\\b/./c.html") == "a/b/c.html"


def test_a_decomposed_name_is_kept_composed():
    decomposed = unicodedata.normalize("NFD", "がくしゅう/ぱ.html")
    assert names.clean(decomposed) == "がくしゅう/ぱ.html"


def test_case_is_folded_for_comparison_alone():
    assert names.folded("Index.HTM") == names.folded("index.htm")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__MACOSX/._a", True),
        ("a/.DS_Store", True),
        ("Thumbs.db", True),
        ("a/__MACOSX.html", False),
        ("a.html", False),
    ],
)
def test_litter_is_known(name, expected):
    assert names.is_litter(name) is expected
