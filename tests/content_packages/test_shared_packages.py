"""Real packages pass the gate; each hostile archive is refused or taken as this table says."""

from pathlib import Path

import pytest

from content_packages import intake, kinds
from content_packages.archive import Archive
from content_packages.errors import PackageRefused

SHARED = Path(__file__).parents[3] / "shared" / "packages"
HOSTILE = SHARED / "hostile-zips"
REAL = sorted(path for part in ("golf", "broken") for path in (SHARED / part).rglob("*.zip"))

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")

_FROM_LIBARCHIVE = "test_read_format_zip"
REFUSED = {
    "zip-slip": "unsafe_name",
    "zip-slip-win": "unsafe_name",
    _FROM_LIBARCHIVE: "crc_mismatch",
    f"{_FROM_LIBARCHIVE}_7z_deflate": "symlink",
    f"{_FROM_LIBARCHIVE}_7z_lzma": "symlink",
    f"{_FROM_LIBARCHIVE}_bz2_hang": "truncated",
    f"{_FROM_LIBARCHIVE}_encryption_data": "encrypted",
    f"{_FROM_LIBARCHIVE}_encryption_header": "damaged",  # the directory itself is encrypted
    f"{_FROM_LIBARCHIVE}_encryption_partially": "encrypted",
    f"{_FROM_LIBARCHIVE}_extra_padding": "truncated",  # its end record has no signature
    f"{_FROM_LIBARCHIVE}_malformed1": "truncated",
    f"{_FROM_LIBARCHIVE}_size_exceeds_declared_deflate": "size_lies",
    f"{_FROM_LIBARCHIVE}_size_exceeds_declared_stored": "size_lies",
    f"{_FROM_LIBARCHIVE}_symlink": "symlink",
    f"{_FROM_LIBARCHIVE}_traditional_encryption_data": "encrypted",
    f"{_FROM_LIBARCHIVE}_uncompressed_size_off_by_4gib": "too_large",
    f"{_FROM_LIBARCHIVE}_winzip_aes128": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large_bzip2": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large_lzma": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large_ppmd": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large_xz": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_large_zstd": "encrypted",
    f"{_FROM_LIBARCHIVE}_winzip_aes256_stored": "encrypted",
}
TAKEN = {
    "7075_utf8_paths": ["File 1.txt", "File 2 - ö.txt", "File 3 - ä.txt", "File 4 - å.txt"],
    "comment_stored_1": ["file0", "build.sh"],
    "comment_stored_2": ["file0", "build.sh"],
    "filename_cp866": ["ÅÉêéàÆ", "»α¿óÑΓ"],  # no encoding is known: cp437
    "filename_cp932": ["表だよ/一覧表.txt", "表だよ/漢字.txt"],
    "filename_koi8r": ["ﾐﾒﾉﾗﾅﾔ", "\ue0b1鴒襁"],  # reads as cp932
    "filename_utf8_jp": ["表だよ/一覧表.txt", "表だよ/漢字.txt"],
    "filename_utf8_ru": ["ПРИВЕТ", "привет"],
    "filename_utf8_ru2": ["\ue0b1鴒襁", "привет"],
    "high_compression": ["char.bin"],
    "length_at_end": ["hello.txt"],
    "mac_metadata": ["file3"],
    "msdos": ["abc", "def/foo"],
    "nested": ["small.zip", "file.txt"],
    "nofiletype": ["file1"],
    "padded1": ["file0", "file1"],
    "padded2": ["file0", "file1"],
    "padded3": ["file0", "file1"],
    "pkware_unix": ["file1"],
    "ux": ["file1"],
    "with_invalid_traditional_eocd": ["test1.txt", "test2.txt"],
    "zip64a": ["-"],
    "zip64b": ["-"],
}


def test_the_table_knows_every_hostile_archive():
    expected = set(REFUSED) | {f"{_FROM_LIBARCHIVE}_{name}" for name in TAKEN}
    assert {path.stem for path in HOSTILE.glob("*.zip")} == expected


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_hostile_archive_is_refused(name, code):
    with pytest.raises(PackageRefused) as caught:
        intake.check(HOSTILE / f"{name}.zip")
    assert caught.value.code == code


@pytest.mark.parametrize(("name", "entries"), TAKEN.items())
def test_an_odd_archive_is_taken_and_then_found_to_be_no_package(name, entries):
    path = HOSTILE / f"{_FROM_LIBARCHIVE}_{name}.zip"
    assert intake.check(path).files == len(entries)
    with Archive(path) as archive:
        assert list(archive.entries) == entries
        with pytest.raises(PackageRefused, match="no_manifest"):
            kinds.find(archive.entries)


def test_a_size_off_by_four_gib_is_a_lie_even_where_it_would_be_allowed():
    path = HOSTILE / f"{_FROM_LIBARCHIVE}_uncompressed_size_off_by_4gib.zip"
    limits = intake.Limits(content_bytes=2**40, ratio=2**40)
    with pytest.raises(PackageRefused, match="size_lies"):
        intake.check(path, limits)


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_real_package_passes_and_its_kind_is_that_of_its_folder(path):
    assert intake.check(path).archive_bytes == path.stat().st_size
    expected = {"cmi5": "cmi5", "xapi": "tincan"}.get(path.parent.name, "scorm")
    with Archive(path) as archive:
        found = kinds.find(archive.entries)
        assert (found.kind, found.root, found.notes) == (expected, "", ())
        assert archive.read(found.manifest)
