"""The central directory: odd but sound ones are read, broken ones are refused."""

import os
import struct

import pytest

from content_packages import directory
from content_packages.archive import Archive
from content_packages.intake import check
from tests.content_packages.made import File, refused, written, zip64_of, zip_of

PAGE = File(b"a.html", b"<p>a</p>")
END = "<4s4H2IH"
LONG_EXTRA = zip_of(File(b"a", extra=bytes(4))).replace(
    b"\4" + bytes(5), b"\xff\xff" + bytes(4)
)  # the stated length of the extra data reaches behind the directory

#: End records whose offset, or offset and size, of the directory no file offset can hold.
WIDE_OFFSET = zip64_of(PAGE)[:-50] + struct.pack("<Q", 2**64 - 1) + zip64_of(PAGE)[-42:]
WIDE_BOTH = zip64_of(PAGE)[:-58] + struct.pack("<2Q", 2**64 - 1, 2**64 - 1) + zip64_of(PAGE)[-42:]


def read(path):
    with Archive(path) as archive:
        return {name: archive.read(name) for name in archive.entries}


@pytest.mark.parametrize(
    "archive",
    [
        zip_of(PAGE),
        zip_of(PAGE, comment=b"a comment"),
        zip_of(PAGE) + b"\r\n",
        zip_of(PAGE, before=b"MZ" + bytes(100)),
        zip_of(PAGE, padding=bytes(30)),
        zip64_of(PAGE),
        zip64_of(PAGE, before=b"MZ" + bytes(70), stated_shift=-72),
    ],
    ids=["plain", "comment", "line-end", "before", "padding", "zip64", "zip64-before"],
)
def test_a_sound_directory_is_found(tmp_path, archive):
    assert read(written(tmp_path, archive)) == {"a.html": b"<p>a</p>"}


def test_offsets_that_already_count_the_bytes_before_are_taken_as_they_are(tmp_path):
    plain = zip_of(PAGE)
    size, offset = struct.unpack("<2I", plain[-10:-2])
    before = bytes(50)
    local, central = plain[:offset], plain[offset:-22]
    central = central[:42] + struct.pack("<I", 50) + central[46:]
    end = struct.pack(END, b"PK\5\6", 0, 0, 1, 1, size, offset + 50, 0)
    assert read(written(tmp_path, before + local + central + end)) == {"a.html": b"<p>a</p>"}


def test_a_wide_size_comes_from_the_extra_field(tmp_path):
    zip64 = struct.pack("<2HQQ", 1, 16, len(PAGE.content), 10)
    file = File(PAGE.name, PAGE.content, extra=zip64, size=0xFFFFFFFF, compressed_size=0xFFFFFFFF)
    path = written(tmp_path, zip_of(file))
    fd = os.open(path, os.O_RDONLY)
    try:
        record = directory.read(fd).records[0]
    finally:
        os.close(fd)
    assert (record.size, record.compressed_size) == (len(PAGE.content), 10)


def test_a_wide_size_without_its_field_is_the_number_itself(tmp_path):
    path = written(tmp_path, zip_of(File(PAGE.name, PAGE.content, size=0xFFFFFFFF)))
    with Archive(path) as archive:
        assert archive.entries["a.html"].size == 0xFFFFFFFF


def test_extra_data_that_does_not_add_up_is_left_aside(tmp_path):
    file = File(PAGE.name, PAGE.content, extra=b"\x99\x99\xff\xff\x00")
    assert read(written(tmp_path, zip_of(file))) == {"a.html": b"<p>a</p>"}


def test_a_signature_behind_the_records_is_allowed(tmp_path):
    plain = zip_of(PAGE)
    size, offset = struct.unpack("<2I", plain[-10:-2])
    signature = b"PK\5\5" + struct.pack("<H", 4) + b"sign"
    end = struct.pack(END, b"PK\5\6", 0, 0, 1, 1, size + len(signature), offset, 0)
    assert list(read(written(tmp_path, plain[:-22] + signature + end))) == ["a.html"]


def changed(archive: bytes, *, size: int = 0, offset: int = 0, disk: int = 0) -> bytes:
    """Return the archive with other numbers in its end record."""
    fields = list(struct.unpack(END, archive[-22:]))
    fields[1] += disk
    fields[5] += size
    fields[6] += offset
    return archive[:-22] + struct.pack(END, *fields)


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (b"hello, I am a PDF" * 10, "not_a_zip"),
        (b"<", "not_a_zip"),
        (zip_of(PAGE)[:60], "truncated"),
        (zip_of(PAGE)[:-1], "truncated"),
        (zip_of(PAGE)[-40:], "truncated"),
        (changed(zip_of(PAGE), disk=1), "truncated"),
        (changed(zip_of(PAGE), offset=-5), "damaged"),
        (changed(zip_of(PAGE), offset=-2, size=2), "damaged"),
        (changed(zip_of(PAGE, padding=b"rubbish!"), size=8), "damaged"),
        (LONG_EXTRA, "damaged"),
        (WIDE_OFFSET, "truncated"),
        (WIDE_BOTH, "truncated"),
        (zip64_of(PAGE, stated_shift=3).replace(b"PK\6\6", b"PK\6\0"), "damaged"),
    ],
    ids=[
        "no-zip", "one-byte", "no-end", "end-cut", "start-cut", "volume", "offset", "signature",
        "rubbish", "record-cut", "wide-offset", "wide-both", "zip64-gone",
    ],
)  # fmt: skip
def test_a_broken_directory_is_refused(tmp_path, archive, code):
    path = written(tmp_path, archive)
    with refused(code):
        check(path)


def test_a_huge_directory_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.zip"
    length = directory.MAX_DIRECTORY_BYTES + 1
    with path.open("wb") as file:
        file.write(b"PK\1\2")
        file.truncate(length)
        file.seek(length)
        file.write(struct.pack(END, b"PK\5\6", 0, 0, 1, 1, length, 0, 0))
    with refused("too_large", what="directory", size=length):
        Archive(path)
