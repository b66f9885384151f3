"""Answers: gzip without compressing again, ranges, conditions, and the same bytes each way."""

import gzip
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages import media
from content_packages.archive import Archive
from content_packages.serving import Asked, accepts_gzip, answer, etag
from tests.content_packages.made import File, written, zip_of

PAGE = b"<p>page</p>" * 200
DIGITS = b"0123456789"
FILM = bytes(range(256)) * 5000  # more than what is sliced in memory
NOISY = b"".join(b"%d" % (n * n * 7919) for n in range(150_000))  # deflates to more than a chunk


@pytest.fixture(scope="module")
def packed():
    return zip_of(
        File(b"page.html", PAGE),
        File(b"noisy.js", NOISY),
        File(b"digits.bin", DIGITS, 0),
        File(b"empty.css", b"", 0),
        File(b"sound.mp3", DIGITS),
        File(b"film.mp4", FILM),
    )


@pytest.fixture
def archive(tmp_path, packed):
    with Archive(written(tmp_path, packed), media=tmp_path / "media") as opened:
        yield opened


def get(archive, name, **asked):
    found = answer(archive, archive.entries[name], Asked(**asked))
    body = b"".join(found.body)
    if found.status in {200, 206, 416}:
        assert found.headers["Content-Length"] == str(len(body))
    return found.status, found.headers, body


@pytest.mark.parametrize(("name", "content"), [("page.html", PAGE), ("noisy.js", NOISY)])
def test_a_deflated_file_goes_out_as_gzip(archive, name, content):
    status, headers, body = get(archive, name, accept_encoding="br, gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert headers["Vary"] == "Accept-Encoding"
    assert len(body) < len(content)
    assert gzip.decompress(body) == content


def test_who_takes_no_gzip_gets_the_file_inflated(archive):
    status, headers, body = get(archive, "page.html", accept_encoding="br, gzip;q=0")
    assert (status, body) == (200, PAGE)
    assert "Content-Encoding" not in headers
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Content-Type"] == "text/html"
    assert headers["Accept-Ranges"] == "none"


def test_the_two_encodings_have_two_entity_tags(archive):
    entry = archive.entries["page.html"]
    assert etag(entry, as_gzip=True) != etag(entry, as_gzip=False)


@given(content=st.binary(max_size=5000))
def test_any_content_survives_its_gzip_frame(tmp_path_factory, content):
    path = written(tmp_path_factory.mktemp("zip"), zip_of(File(b"a.html", content)))
    with closing(Archive(path)) as archive:
        assert gzip.decompress(get(archive, "a.html", accept_encoding="gzip")[2]) == content


def test_a_deflated_page_ignores_a_range(archive):
    assert get(archive, "page.html", byte_range="bytes=0-1")[::2] == (200, PAGE)


@pytest.mark.parametrize(
    ("byte_range", "content_range", "body"),
    [
        ("bytes=0-0", "bytes 0-0/10", b"0"),
        ("bytes=2-4", "bytes 2-4/10", b"234"),
        ("Bytes = 7-", "bytes 7-9/10", b"789"),
        ("bytes=8-100", "bytes 8-9/10", b"89"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=-30", "bytes 0-9/10", DIGITS),
    ],
)
@pytest.mark.parametrize("name", ["digits.bin", "sound.mp3"])
def test_a_part_is_answered_with_the_part(archive, name, byte_range, content_range, body):
    status, headers, found = get(archive, name, byte_range=byte_range, accept_encoding="gzip")
    assert (status, headers["Content-Range"], found) == (206, content_range, body)


@pytest.mark.parametrize("byte_range", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_behind_the_end_cannot_be_had(archive, byte_range):
    status, headers, body = get(archive, "digits.bin", byte_range=byte_range)
    assert (status, headers["Content-Range"], body) == (416, "bytes */10", b"")


@pytest.mark.parametrize(
    "byte_range",
    ["", "bytes=-", "bytes=4-2", "bytes=1-2,4-5", "lines=1-2", "bytes=0-" + "9" * 5000],
    ids=["empty", "no-number", "backwards", "two", "unit", "long"],
)
def test_a_range_that_cannot_be_read_gets_the_whole_file(archive, byte_range):
    assert get(archive, "digits.bin", byte_range=byte_range)[::2] == (200, DIGITS)


def test_a_part_of_a_file_that_has_changed_is_not_mixed_with_the_old(archive):
    tag = etag(archive.entries["digits.bin"], as_gzip=False)
    assert get(archive, "digits.bin", byte_range="bytes=0-0", if_range=tag)[0] == 206
    assert get(archive, "digits.bin", byte_range="bytes=0-0", if_range='"old"')[0] == 200


def test_a_file_that_is_already_there_is_not_sent_again(archive):
    for name in ("digits.bin", "page.html"):
        tag = get(archive, name, accept_encoding="gzip")[1]["ETag"]
        for field in (tag, f'"other", W/{tag}', "*"):
            status, headers, body = get(archive, name, if_none_match=field)
            assert (status, body) == (304, b"")
            assert "ETag" in headers
        assert get(archive, name, if_none_match='"other"')[0] == 200


def test_an_empty_file_is_served(archive):
    assert get(archive, "empty.css", accept_encoding="gzip")[::2] == (200, b"")


def test_large_deflated_film_is_served_in_parts_once_it_was_extracted(archive):
    media.extract(archive, archive.media)
    status, headers, body = get(archive, "film.mp4", byte_range="bytes=5-300004")
    assert (status, body) == (206, FILM[5:300005])
    assert get(archive, "film.mp4", accept_encoding="gzip")[::2] == (200, FILM)
    assert headers["Accept-Ranges"] == "bytes"


def test_film_whose_copy_is_gone_is_still_served_whole(archive):
    status, headers, body = get(archive, "film.mp4", byte_range="bytes=5-9")
    assert (status, headers["Accept-Ranges"], body) == (200, "none", FILM)


def test_a_copy_cut_short_ends_the_body_instead_of_going_on_forever(archive):
    media.extract(archive, archive.media)
    found = answer(archive, archive.entries["film.mp4"])
    next(archive.media.iterdir()).write_bytes(b"cut")
    assert b"".join(found.body) == b"cut"


def test_small_deflated_sound_is_sliced_in_memory(archive):
    status, headers, body = get(archive, "sound.mp3", accept_encoding="gzip")
    assert (status, headers["Accept-Ranges"], body) == (200, "bytes", DIGITS)
    assert "Vary" not in headers


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("deflate, gzip; q=1.0", True),
        ("*", True),
        ("*, gzip;q=0.0", False),
        ("*;q=0", False),
        ("identity", False),
    ],
)
def test_accept_encoding_is_read(field, expected):
    assert accepts_gzip(field) is expected
