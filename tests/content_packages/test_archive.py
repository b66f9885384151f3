"""An open archive: names, lookups, reading, and closing while others read."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from content_packages.archive import Archive
from tests.content_packages.made import UTF_8, File, deflated, open_files, refused, written, zip_of

DOS_FOLDER = 0x10


def archive_of(folder, *files):
    return Archive(written(folder, zip_of(*files)))


def test_entries_are_files_under_clean_names(tmp_path):
    with archive_of(
        tmp_path,
        File(b"./", b"", 0),
        File(b"\\", b"", 0),
        File(b"sub\\", b"", 0),
        File(b"dos", b"", 0, attributes=DOS_FOLDER),
        File(b"unix", b"", 0, attributes=0o40755 << 16),
        File(b"__MACOSX/._a.html"),
        File(b"sub/.DS_Store"),
        File(b"sub\\a.html"),
        File("表".encode("cp932")),
        File("か\u3099.html".encode(), flags=UTF_8),
    ) as archive:
        assert list(archive.entries) == ["sub/a.html", "表", "が.html"]


def test_a_file_without_content_is_no_folder(tmp_path):
    with archive_of(tmp_path, File(b"empty", b"", 0)) as archive:
        assert archive.read("empty") == b""


@pytest.mark.parametrize("name", [b"../", b"a/../", b"/", b"C:\\"])
def test_an_unsafe_folder_is_refused_too_but_the_root_is_none(tmp_path, name):
    path = written(tmp_path, zip_of(File(name, b"", 0), File(b"a")))
    if name == b"/":
        Archive(path).close()
    else:
        with refused("unsafe_name"):
            Archive(path)


@pytest.mark.parametrize(
    "names",
    [
        [b"a.html", b"a.html"],
        [b"a/b", b"a\\b"],
        ["が".encode(), "か\u3099".encode()],
        [b"a", b"a-b", b"a/b/c"],
        [b"a", b"a/"],
        [b"a/b/", b"a"],
    ],
    ids=["same", "separator", "normal-form", "file-and-folder", "empty-folder", "folder-below"],
)
def test_two_entries_in_one_place_are_refused(tmp_path, names):
    files = [File(name, b"" if name.endswith(b"/") else b"content") for name in names]
    path = written(tmp_path, zip_of(*files))
    with refused("duplicate_name"):
        Archive(path)


def test_a_folder_may_be_said_twice_and_hold_what_it_says(tmp_path):
    folder = File(b"a/", b"", 0)
    with archive_of(tmp_path, folder, folder, File(b"a/b"), File(b"a/c/", b"", 0)) as archive:
        assert list(archive.entries) == ["a/b"]


def test_a_refused_archive_is_closed(tmp_path):
    path = written(tmp_path, zip_of(File(b"a"), File(b"a")))
    with refused("duplicate_name"):
        Archive(path)
    assert open_files(tmp_path) == 0


def test_a_file_is_found_in_another_normal_form_and_another_case(tmp_path):
    with archive_of(tmp_path, File("が/Index.HTM".encode())) as archive:
        entry = archive.entries["が/Index.HTM"]
        assert archive.find("が/Index.HTM") is entry
        assert archive.find("か\u3099/Index.HTM") is entry
        assert archive.find("か\u3099/index.htm") is entry
        assert archive.find("index.htm") is None


def test_another_case_that_could_mean_two_files_finds_none(tmp_path):
    with archive_of(tmp_path, File(b"a.html"), File(b"A.html")) as archive:
        assert archive.find("A.html") is archive.entries["A.html"]
        assert archive.find("a.HTML") is None


def test_a_file_is_read_whole_within_a_limit(tmp_path):
    with archive_of(tmp_path, File(b"a", b"12345"), File(b"b", b"12345", 0)) as archive:
        assert archive.read("a") == archive.read("b") == b"12345"
        with refused("too_large", what="file", size=5, limit=4):
            archive.read("a", limit=4)
        with pytest.raises(KeyError):
            archive.read("c")


def test_a_large_file_comes_in_bounded_pieces(tmp_path):
    content = bytes(3_000_000)
    with archive_of(tmp_path, File(b"a", content), File(b"b", content, 0)) as archive:
        for entry in archive.entries.values():
            pieces = list(archive.stream(entry))
            assert b"".join(pieces) == content
            assert max(map(len, pieces)) <= 256 * 1024


def test_raw_bytes_come_from_where_they_are_asked(tmp_path):
    with archive_of(tmp_path, File(b"a", b"0123456789", 0), File(b"b", b"x" * 99)) as archive:
        stored, packed = archive.entries.values()
        assert b"".join(archive.raw(stored, 2, 5)) == b"234"
        assert b"".join(archive.raw(stored, 8)) == b"89"
        assert b"".join(archive.raw(packed)) == deflated(b"x" * 99)


def test_a_method_that_is_not_known_cannot_be_read(tmp_path):
    with (
        archive_of(tmp_path, File(b"a", method=12)) as archive,
        refused("unsupported_method", name="a", method=12),
    ):
        archive.read("a")


def test_many_threads_read_one_archive(tmp_path):
    files = [File(b"%d" % n, b"%d " % n * 50_000, 8 * (n % 2)) for n in range(16)]
    with archive_of(tmp_path, *files) as archive, ThreadPoolExecutor(8) as pool:
        read = list(pool.map(archive.read, [str(n) for n in range(16)] * 8))
    assert read == [file.content for file in files] * 8


def test_an_archive_closes_when_its_last_stream_is_let_go(tmp_path):
    archive = archive_of(tmp_path, File(b"a", bytes(1_000_000), 0))
    stream = archive.stream(archive.entries["a"])
    next(stream)
    del archive
    gc.collect()
    assert open_files(tmp_path) == 1
    assert sum(map(len, stream)) > 0
    del stream
    gc.collect()
    assert open_files(tmp_path) == 0
