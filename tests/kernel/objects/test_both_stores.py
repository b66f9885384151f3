"""What every store of objects does, whichever it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.kernel.errors import NotFound
from app.kernel.objects import ObjectMissing, Objects

FILM = "video/1/720.mp4"


def put(objects: Objects, folder: Path, key: str, content: bytes) -> None:
    """Keep bytes under a key."""
    path = folder / "to-put"
    path.unlink(missing_ok=True)  # a folder may have made the file its own
    path.write_bytes(content)
    objects.put(key, path, "video/mp4")


def test_what_is_put_is_read_again(objects: Objects, source: Path, tmp_path: Path) -> None:
    objects.put(FILM, source, "video/mp4")
    assert source.read_bytes() == b"0123456789"
    assert objects.read(FILM) == b"0123456789"
    objects.fetch(FILM, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == b"0123456789"
    about = objects.about(FILM)
    assert about is not None
    assert (about.size, about.content_type) == (10, "video/mp4")
    assert about.etag.startswith('"')


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, None, b"0123456789"),
        (0, 10, b"0123456789"),
        (3, None, b"3456789"),
        (3, 5, b"34"),
        (9, 10, b"9"),
        (8, 99, b"89"),
        (4, 4, b""),
        (10, None, b""),
        (10, 12, b""),
        (99, None, b""),
    ],
)
def test_a_part_is_streamed(
    objects: Objects, source: Path, start: int, stop: int | None, expected: bytes
) -> None:
    objects.put(FILM, source, "video/mp4")
    assert b"".join(objects.stream(FILM, start, stop)) == expected


def test_an_empty_object_is_an_object(objects: Objects, tmp_path: Path) -> None:
    put(objects, tmp_path, FILM, b"")
    about = objects.about(FILM)
    assert about is not None
    assert about.size == 0
    assert objects.read(FILM) == b""
    assert list(objects.stream(FILM, 0, 0)) == []


def test_large_objects_come_and_go_in_pieces(objects: Objects, tmp_path: Path) -> None:
    large = os.urandom(1024) * 20 * 1024  # 20 MiB: more than one part of an upload
    put(objects, tmp_path, FILM, large)
    pieces = list(objects.stream(FILM, 5, 15_000_005))
    assert b"".join(pieces) == large[5:15_000_005]
    assert max(map(len, pieces)) <= 1024 * 1024
    objects.fetch(FILM, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == large


def test_a_put_replaces_what_was_there(objects: Objects, tmp_path: Path) -> None:
    put(objects, tmp_path, FILM, b"old")
    before = objects.about(FILM)
    put(objects, tmp_path, FILM, b"new")
    after = objects.about(FILM)
    assert objects.read(FILM) == b"new"
    assert before is not None
    assert after is not None
    assert before.etag != after.etag, "a browser would mix both"


def test_the_same_file_put_twice_is_there_once(objects: Objects, source: Path) -> None:
    objects.put(FILM, source, "video/mp4")
    before = objects.about(FILM)
    objects.put(FILM, source, "video/mp4")
    assert objects.about(FILM) == before
    assert list(objects.keys("")) == [FILM]


def test_what_is_not_there_is_told_at_once(objects: Objects, tmp_path: Path) -> None:
    for ask in (objects.read, objects.stream):
        with pytest.raises(ObjectMissing):
            ask(FILM)
    with pytest.raises(NotFound):
        objects.fetch(FILM, tmp_path / "fetched")
    assert list(tmp_path.glob("fetched*")) == []
    assert objects.about(FILM) is None
    assert list(objects.keys("")) == []
    assert objects.remove("video/") == 0


def test_half_of_a_key_is_no_object(objects: Objects, source: Path) -> None:
    objects.put(FILM, source, "video/mp4")
    for key in ("video", "video/1", "video/1/720.mp4/more", "video/1/720.mp"):
        assert objects.about(key) is None
        with pytest.raises(ObjectMissing):
            objects.read(key)


def test_keys_are_found_by_how_they_begin(objects: Objects, source: Path) -> None:
    for key in ("video/1/a.mp4", "video/1-2/b.mp4", "video/12/c.mp4", "work/1/0.mp4", "note.txt"):
        objects.put(key, source, "video/mp4")
    assert list(objects.keys("video/1/")) == ["video/1/a.mp4"]
    assert list(objects.keys("video/1")) == ["video/1-2/b.mp4", "video/1/a.mp4", "video/12/c.mp4"]
    assert len(list(objects.keys(""))) == 5
    assert list(objects.keys("nothing/")) == []


def test_what_begins_with_a_prefix_is_removed_and_nothing_else(
    objects: Objects, source: Path
) -> None:
    for key in ("video/1/a.mp4", "video/1/b/c.jpg", "video/12/c.mp4"):
        objects.put(key, source, "video/mp4")
    assert objects.remove("video/1/") == 2
    assert list(objects.keys("")) == ["video/12/c.mp4"]
    assert objects.remove("video/12/c.mp4") == 1
    assert objects.remove("video/12/c.mp4") == 0


def test_nobody_removes_everything_by_an_empty_prefix(objects: Objects, source: Path) -> None:
    objects.put(FILM, source, "video/mp4")
    with pytest.raises(ValueError, match="every object"):
        objects.remove("")
    assert list(objects.keys("")) == [FILM]


@pytest.mark.parametrize(
    "key",
    [
        "", "/", "/etc/passwd", "video/", "video//1", "..", ".", "video/../../secret.key",
        "video/..", "./video", "Video/1", "video/1 2", "video\\1", "video/1\n", "動画/1", "a%2fb",
        "unfinished", "unfinished/x/object", "a" * 256,
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_by_everything(objects: Objects, source: Path, key: str) -> None:
    asks = (
        lambda: objects.put(key, source, "video/mp4"),
        lambda: objects.fetch(key, source),
        lambda: objects.read(key),
        lambda: objects.stream(key),
        lambda: objects.about(key),
        lambda: objects.address(key, 60),
        lambda: objects.local(key),
    )
    for ask in asks:
        with pytest.raises(ValueError, match="not the key"):
            ask()
    assert source.read_bytes() == b"0123456789"


@pytest.mark.parametrize("prefix", ["..", "../", "video/../", "/video", "Video", "video//"])
def test_what_no_key_begins_with_is_refused(objects: Objects, prefix: str) -> None:
    for ask in (objects.keys, objects.remove):
        with pytest.raises(ValueError, match="begins with"):
            ask(prefix)


@pytest.mark.parametrize("key", ["a", "a.b", "...", "a/.b/-_", "0/unfinished/1", "a" * 255])
def test_what_looks_odd_is_a_key_all_the_same(objects: Objects, source: Path, key: str) -> None:
    objects.put(key, source, "video/mp4")
    assert objects.read(key) == b"0123456789"
    assert list(objects.keys("")) == [key]
    assert objects.remove(key) == 1
