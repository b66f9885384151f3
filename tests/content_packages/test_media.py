"""Deflated sound and film: inflated once, whole or not at all."""

import pytest

from content_packages import media
from content_packages.archive import Archive
from tests.content_packages.made import File, refused, written, zip_of

LARGE = bytes(media.IN_MEMORY + 1)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (File(b"a.mp4", LARGE), 1),
        (File(b"a.mp4", LARGE, 0), 0),
        (File(b"a.mp4", LARGE[1:]), 0),
        (File(b"a.js", LARGE), 0),
    ],
    ids=["film", "stored", "small", "script"],
)
def test_only_large_deflated_media_are_extracted(tmp_path, file, expected):
    folder = tmp_path / "media"
    with Archive(written(tmp_path, zip_of(file)), media=folder) as archive:
        assert media.extract(archive, folder) == expected * len(LARGE)
        assert folder.exists() is bool(expected)
        entry = archive.entries[file.name.decode()]
        place = media.extracted(archive, entry)
        assert (place.read_bytes() if place else None) == (LARGE if expected else None)


def test_what_is_there_is_not_extracted_again(tmp_path):
    with Archive(written(tmp_path, zip_of(File(b"a.mp4", LARGE)))) as archive:
        media.extract(archive, tmp_path / "media")
        assert media.extract(archive, tmp_path / "media") == 0
        assert media.extracted(archive, archive.entries["a.mp4"]) is None  # opened without it


def test_a_broken_film_leaves_nothing_behind(tmp_path):
    path = written(tmp_path, zip_of(File(b"a.mp4", LARGE, crc=1)))
    with Archive(path) as archive, refused("crc_mismatch"):
        media.extract(archive, tmp_path / "media")
    assert list((tmp_path / "media").iterdir()) == []
