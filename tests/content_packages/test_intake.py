"""The gate: sound archives pass, every other is refused with its reason, in bounded time."""

import hashlib
import struct
import time
import tracemalloc
import zipfile

import pytest

from content_packages.intake import Limits, check
from tests.content_packages.made import SYMLINK, File, deflated, refused, written, zip_of

PAGE = File(b"a.html", b"<p>a</p>" * 100)
ENCRYPTED = 1
WIDE_OFFSET = struct.pack("<2HQ", 1, 8, 2**63)  # more than a file's offset can be


def test_a_sound_archive_is_measured(tmp_path):
    archive = zip_of(PAGE, File(b"b.png", b"123", 0), File(b"c", b"", 0))
    found = check(written(tmp_path, archive))
    assert found.sha256 == hashlib.sha256(archive).hexdigest()
    assert (found.archive_bytes, found.content_bytes, found.files) == (len(archive), 803, 3)


def test_progress_runs_to_the_end_in_steps(tmp_path):
    path = written(tmp_path, zip_of(File(b"a", bytes(5_000_000), 0), PAGE))
    seen = []
    check(path, progress=lambda done, total: seen.append((done, total)))
    steps = [done for done, _ in seen]
    assert steps == sorted(steps)
    assert len(steps) >= 4
    assert seen[-1] == (5_000_800, 5_000_800)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "empty"),
        ([File(b"sub/", b"", 0)], "empty"),
        ([File(b"__MACOSX/a")], "empty"),
        ([PAGE, File(b"link", b"/etc/passwd", 0, attributes=SYMLINK << 16)], "symlink"),
        ([PAGE, File(b"link/", b"/etc", 0, attributes=SYMLINK << 16)], "symlink"),
        ([PAGE, File(b"disk", b"", 0, attributes=0o060660 << 16)], "special_file"),
        ([PAGE, File(b"tty", b"", 0, attributes=0o020660 << 16)], "special_file"),
        ([PAGE, File(b"pipe", b"", 0, attributes=0o010660 << 16)], "special_file"),
        ([PAGE, File(b"socket", b"", 0, attributes=0o140660 << 16)], "special_file"),
        ([PAGE, File(b"folder/", b"with content")], "damaged"),
        ([File(b"a", flags=ENCRYPTED)], "encrypted"),
        ([File(b"a", local_flags=ENCRYPTED)], "encrypted"),
        ([File(b"a", flags=0x2000)], "encrypted"),
        ([File(b"a", method=12)], "unsupported_method"),
        ([File(b"a", b"123", 0, size=2)], "size_lies"),
        ([File(b"a", b"123", size=2)], "size_lies"),
        ([File(b"a", b"123", size=4)], "size_lies"),
        ([File(b"a", b"123", packed=deflated(b"123") + b"tail")], "size_lies"),
        (
            [File(b"a", bytes(300_000), packed=deflated(bytes(300_000)) + bytes(300_000))],
            "size_lies",
        ),
        ([File(b"a", b"123", crc=1)], "crc_mismatch"),
        ([File(b"a", b"123", 0, crc=1)], "crc_mismatch"),
        ([File(b"a", packed=b"\xff\xff\xff")], "damaged"),
        ([File(b"a", PAGE.content, packed=deflated(PAGE.content)[:-1])], "damaged"),
        ([File(b"a", signature=b"PK\0\0")], "damaged"),
        ([File(b"a", local_method=0)], "damaged"),
        ([PAGE, File(b"b", offset=3)], "overlapping_entries"),
        ([PAGE, File(b"b", offset=0)], "overlapping_entries"),
        ([File(b"a", b"1", 0, size=500, compressed_size=500)], "overlapping_entries"),
        ([File(b"a", offset=10**6)], "truncated"),
        ([File(b"a", extra=WIDE_OFFSET, offset=0xFFFFFFFF)], "truncated"),
        ([File(b"../a")], "unsafe_name"),
        ([PAGE, PAGE], "duplicate_name"),
    ],
)
def test_an_unsound_archive_is_refused(tmp_path, files, code):
    path = written(tmp_path, zip_of(*files))
    with refused(code):
        check(path)


@pytest.mark.requirement("CON-02")
def test_an_archive_whose_start_is_missing_is_truncated_even_where_its_directory_is_found(tmp_path):
    with refused("truncated"):
        check(written(tmp_path, zip_of(PAGE, File(b"b"))[1:]))


def test_a_file_without_a_byte_is_empty(tmp_path):
    with refused("empty"):
        check(written(tmp_path, b""))


def test_a_file_that_shrinks_under_the_reader_is_truncated(tmp_path):
    path = written(tmp_path, zip_of(File(b"a", bytes(3_000_000), 0)))
    with path.open("r+b") as file, refused("truncated"):
        check(path, progress=lambda *_: file.truncate(1_500_000) and None)


@pytest.mark.parametrize(
    ("limits", "data"),
    [
        (Limits(archive_bytes=10), {"what": "archive", "limit": 10}),
        (Limits(content_bytes=799), {"what": "content", "size": 800, "limit": 799}),
    ],
)
def test_what_is_too_large_is_refused(tmp_path, limits, data):
    with refused("too_large", **data):
        check(written(tmp_path, zip_of(PAGE)), limits)


def test_exactly_the_limits_pass(tmp_path):
    archive = zip_of(PAGE, File(b"b", b""))
    limits = Limits(archive_bytes=len(archive), content_bytes=800, files=2)
    assert check(written(tmp_path, archive), limits).files == 2


def test_a_bomb_is_refused_by_its_stated_ratio(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("bomb.bin", bytes(100_000_000))
    with refused("ratio_too_high", name=""):
        check(path)


def test_a_bomb_hidden_among_honest_files_is_refused_by_its_own_ratio(tmp_path):
    files = [File(b"bomb", bytes(300_000)), File(b"ballast", bytes(20_000), 0)]
    with refused("ratio_too_high", name="bomb", limit=50):
        check(written(tmp_path, zip_of(*files)), Limits(ratio=50, ratio_free_bytes=100_000))


def test_a_bomb_that_states_a_small_size_is_stopped_in_little_memory(tmp_path):
    bomb = File(b"bomb", b"", packed=deflated(bytes(200_000_000)), size=1000)
    path = written(tmp_path, zip_of(bomb))
    tracemalloc.start()
    try:
        with refused("size_lies", name="bomb", size=1000):
            check(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_a_hundred_thousand_tiny_files_are_refused_in_bounded_time(tmp_path):
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 6, 0)
    central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, *[0] * 7, 6, *[0] * 6)
    names = [b"%06d" % number for number in range(100_000)]
    body = b"".join(local + name for name in names)
    directory = b"".join(central + name for name in names)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 9, 9, len(directory), len(body), 0)
    path = written(tmp_path, body + directory + end)
    started = time.process_time()
    with refused("too_many_files", limit=Limits().files):
        check(path)
    assert time.process_time() - started < 2
