"""The store: each archive once, durable, shared by readers, gone when it is removed."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from content_packages.media import IN_MEMORY
from content_packages.store import Store
from tests.content_packages.made import File, open_files, refused, written, zip_of

FILM = bytes(IN_MEMORY + 1)


def kept(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def add(store, folder, *files):
    return store.add(written(folder, zip_of(*files)))


def test_an_archive_is_kept_under_its_sha256(tmp_path):
    store = Store(tmp_path / "store")
    archive = zip_of(File(b"a", b"content"))
    sha256 = store.add(written(tmp_path, archive))
    assert sha256 == hashlib.sha256(archive).hexdigest()
    assert kept(tmp_path / "store") == [f"{sha256[:2]}/{sha256[2:]}.zip"]
    assert store.exists(sha256)
    assert store.open(sha256).read("a") == b"content"


def test_the_same_archive_twice_is_kept_once(tmp_path):
    store = Store(tmp_path / "store")
    first = add(store, tmp_path, File(b"film.mp4", FILM))
    before = kept(tmp_path / "store")
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(store.add, [tmp_path / "made.zip"] * 8))
    assert set(again) == {first}
    assert kept(tmp_path / "store") == before
    assert len(before) == 2


def test_a_file_that_was_given_away_is_shared_and_not_copied(tmp_path):
    store = Store(tmp_path / "store")
    path = written(tmp_path, zip_of(File(b"film.mp4", FILM)))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert store.add(path, sha256) == sha256
    place = tmp_path / "store" / sha256[:2] / f"{sha256[2:]}.zip"
    assert place.samefile(path)
    path.unlink()
    assert store.open(sha256).read("film.mp4") == FILM
    assert len(kept(tmp_path / "store")) == 2


def test_a_file_given_away_twice_is_kept_once(tmp_path):
    store = Store(tmp_path / "store")
    path = written(tmp_path, zip_of(File(b"a")))
    sha256 = store.add(path)
    assert store.add(path, sha256) == store.add(path, sha256) == sha256
    assert kept(tmp_path / "store") == [f"{sha256[:2]}/{sha256[2:]}.zip"]


def test_a_file_given_away_by_a_link_is_kept_itself(tmp_path):
    path = written(tmp_path, zip_of(File(b"a", b"content")))
    link = tmp_path / "link.zip"
    link.symlink_to(path)
    store = Store(tmp_path / "store")
    sha256 = store.add(link, hashlib.sha256(path.read_bytes()).hexdigest())
    path.unlink()
    assert store.open(sha256).read("a") == b"content"


def test_where_the_disk_has_no_links_a_file_given_away_is_copied(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    store = Store(tmp_path / "store")
    path = written(tmp_path, zip_of(File(b"a", b"content")))
    sha256 = store.add(path, hashlib.sha256(path.read_bytes()).hexdigest())
    path.write_bytes(b"something else")
    assert store.open(sha256).read("a") == b"content"


def test_large_deflated_film_is_ready_for_ranges(tmp_path):
    store = Store(tmp_path / "store")
    archive = store.open(add(store, tmp_path, File(b"film.mp4", FILM)))
    assert [path.read_bytes() for path in archive.media.iterdir()] == [FILM]


def test_what_is_refused_leaves_nothing(tmp_path):
    store = Store(tmp_path / "store")
    with refused("not_a_zip"):
        store.add(written(tmp_path, b"no archive at all, but long enough"))
    with refused("crc_mismatch"):
        add(store, tmp_path, File(b"film.mp4", FILM), File(b"more.mp4", FILM, crc=1))
    assert kept(tmp_path / "store") == []


def test_a_failing_repetition_leaves_what_was_kept(tmp_path):
    store = Store(tmp_path / "store")
    sha256 = add(store, tmp_path, File(b"film.mp4", FILM))
    media = store.open(sha256).media
    for path in media.iterdir():
        path.unlink()
    media.rmdir()
    media.write_bytes(b"in the way")
    with pytest.raises(FileExistsError):
        store.add(tmp_path / "made.zip")
    assert store.open(sha256).read("film.mp4") == FILM
    assert len(kept(tmp_path / "store")) == 2


def test_an_open_archive_is_shared(tmp_path):
    store = Store(tmp_path / "store")
    sha256 = add(store, tmp_path, File(b"a"))
    assert store.open(sha256) is store.open(sha256)


def test_the_least_lately_used_makes_room_and_is_closed_after_its_last_reader(tmp_path):
    store = Store(tmp_path / "store", open_at_once=2)
    first, second, third = (
        add(store, tmp_path, File(b"a", bytes([number]) * 1_000_000, 0)) for number in range(3)
    )
    stream = store.open(first).stream(store.open(first).entries["a"])
    next(stream)
    shared = store.open(second)
    store.open(third)
    assert store.open(second) is shared
    assert open_files(tmp_path) == 3  # the first lives on for its reader
    assert sum(map(len, stream)) + 256 * 1024 == 1_000_000
    del stream
    assert open_files(tmp_path) == 2


def test_threads_open_and_read_while_archives_are_evicted(tmp_path):
    store = Store(tmp_path / "store", open_at_once=1)
    contents = [b"%d " % number * 40_000 for number in range(4)]
    keys = [add(store, tmp_path, File(b"a", content)) for content in contents]
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda key: store.open(key).read("a"), keys * 25))
    assert read == contents * 25


def test_a_removed_archive_is_gone_but_read_to_its_end(tmp_path):
    store = Store(tmp_path / "store")
    sha256 = add(store, tmp_path, File(b"film.mp4", FILM), File(b"a", b"content"))
    archive = store.open(sha256)
    store.remove(sha256)
    store.remove(sha256)
    assert kept(tmp_path / "store") == []
    assert not store.exists(sha256)
    assert archive.read("a") == b"content"
    with pytest.raises(FileNotFoundError):
        store.open(sha256)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_a_key_that_is_no_sha256_reaches_no_file(tmp_path, key):
    store = Store(tmp_path / "store")
    for use in (store.open, store.exists, store.remove):
        with pytest.raises(ValueError, match="SHA-256"):
            use(key)
