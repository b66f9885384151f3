"""Every package that others made or broke, through the whole import: what is told, what refused."""

import zipfile
from pathlib import Path

import pytest

from app.content.imports import service
from app.kernel.errors import Refused
from app.kernel.settings import Settings

SHARED = Path(__file__).parents[3] / "shared"
PACKAGES = SHARED / "packages"
ADL = SHARED / "conformance" / "scorm2004-cts" / "zips"

pytestmark = pytest.mark.skipif(
    not PACKAGES.is_dir(), reason="the shared packages are not beside the checkout"
)

#: Wrong in the one way that the file's name says (first), and in what else is wrong with it then:
#: most of these packages hold nothing but their manifest.
BROKEN = {
    "scorm12/InvalidFileReferences_SCORM12": ["launch_file_missing", "file_missing"],
    "scorm12/ItemWithNonExistentResourceId_SCORM12": ["resource_dangling", "api_not_named"],
    "scorm12/MalformedXml_SCORM12": ["xml_malformed"],
    "scorm12/MissingLaunchUrl_SCORM12": [
        "resource_without_href", "nothing_to_launch", "file_missing",
    ],
    "scorm12/MissingRequiredFields_SCORM12": ["title_missing", "launch_file_missing"],
    "scorm2004/CM-01-broken-default-org": [
        "default_organization_dangling", "launch_file_missing", "file_missing",
    ],
    "scorm2004/InvalidMissingOrgIdentifier_SCORM20043rdEdition": [
        "identifier_missing", "default_organization_dangling", "launch_file_missing",
        "resource_type_missing", "no_sco",
    ],
}  # fmt: skip

#: Why each is refused; what is only odd holds no manifest, and is refused for that alone.
HOSTILE = {
    "zip-slip": "unsafe_name",
    "zip-slip-win": "unsafe_name",
    "": "crc_mismatch",
    "7075_utf8_paths": "no_manifest",
    "7z_deflate": "symlink",
    "7z_lzma": "symlink",
    "bz2_hang": "truncated",
    "comment_stored_1": "no_manifest",
    "comment_stored_2": "no_manifest",
    "encryption_data": "encrypted",
    "encryption_header": "damaged",  # the directory itself is encrypted
    "encryption_partially": "encrypted",
    "extra_padding": "truncated",  # its end record has no signature
    "filename_cp866": "no_manifest",
    "filename_cp932": "no_manifest",
    "filename_koi8r": "no_manifest",
    "filename_utf8_jp": "no_manifest",
    "filename_utf8_ru": "no_manifest",
    "filename_utf8_ru2": "no_manifest",
    "high_compression": "no_manifest",
    "length_at_end": "no_manifest",
    "mac_metadata": "no_manifest",
    "malformed1": "truncated",
    "msdos": "no_manifest",
    "nested": "no_manifest",
    "nofiletype": "no_manifest",
    "padded1": "no_manifest",
    "padded2": "no_manifest",
    "padded3": "no_manifest",
    "pkware_unix": "no_manifest",
    "size_exceeds_declared_deflate": "size_lies",
    "size_exceeds_declared_stored": "size_lies",
    "symlink": "symlink",
    "traditional_encryption_data": "encrypted",
    "uncompressed_size_off_by_4gib": "too_large",
    "ux": "no_manifest",
    "winzip_aes128": "encrypted",
    "winzip_aes256": "encrypted",
    "winzip_aes256_large": "encrypted",
    "winzip_aes256_large_bzip2": "encrypted",
    "winzip_aes256_large_lzma": "encrypted",
    "winzip_aes256_large_ppmd": "encrypted",
    "winzip_aes256_large_xz": "encrypted",
    "winzip_aes256_large_zstd": "encrypted",
    "winzip_aes256_stored": "encrypted",
    "with_invalid_traditional_eocd": "no_manifest",
    "zip64a": "no_manifest",
    "zip64b": "no_manifest",
}

#: Samples of SCOs with no script: they can be shown, and say nothing.
SILENT = {
    "ContentPackagingMetadata_SCORM20043rdEdition",
    "ContentPackagingSingleSCO_SCORM12",
    "ContentPackagingSingleSCO_SCORM20042ndEdition",
    "ContentPackagingSingleSCO_SCORM20043rdEdition",
    "ContentPackagingWithMetadata_SCORM12",
    "LaunchUrlFromNestedItem_SCORM12",
    "MultipleItemsWithIdentifierRef_SCORM12",
    "PrerequisitesTest_SCORM12",
}

SOUND = sorted(
    [path for kind in ("scorm12", "scorm2004") for path in (PACKAGES / "golf" / kind).glob("*.zip")]
    + list(ADL.glob("*.zip"))
)


def told(path: Path) -> list[tuple[str, str]]:
    """Return severity and code of all that an import says; a refusal is one line of its own."""
    settings = Settings(instance=Path("nowhere"))
    try:
        examined = service.examine(path, settings, lambda _done, _total: None)
    except Refused as refusal:
        return [("refused", refusal.code)]
    return [(found["severity"], found["code"]) for found in examined.findings]


def hostile(name: str) -> Path:
    stem = name if name.startswith("zip-slip") else f"test_read_format_zip_{name}".rstrip("_")
    return PACKAGES / "hostile-zips" / f"{stem}.zip"


def test_the_tables_know_every_file() -> None:
    broken = {path.relative_to(PACKAGES / "broken") for path in PACKAGES.glob("broken/**/*.zip")}
    assert {Path(f"{name}.zip") for name in BROKEN} == broken
    assert {hostile(name) for name in HOSTILE} == set((PACKAGES / "hostile-zips").iterdir())


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(("name", "codes"), BROKEN.items())
def test_a_broken_package_is_told_to_be_what_its_name_says(name: str, codes: list[str]) -> None:
    found = told(PACKAGES / "broken" / f"{name}.zip")
    assert {code for _, code in found} == set(codes)


@pytest.mark.requirement("CON-02")
@pytest.mark.parametrize(("name", "code"), HOSTILE.items())
def test_a_hostile_archive_is_refused_for_what_it_is(name: str, code: str) -> None:
    assert told(hostile(name)) == [("refused", code)]


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_a_sound_package_has_no_error(path: Path) -> None:
    errors = {code for severity, code in told(path) if severity in {"error", "refused"}}
    with zipfile.ZipFile(path) as archive:
        is_manifest_alone = archive.namelist() == ["imsmanifest.xml"]
    # Four samples are but a manifest: their pages are truly missing, and nothing else is wrong.
    assert errors == ({"launch_file_missing"} if is_manifest_alone else set())


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_scos_that_never_name_the_api_are_told_and_no_others(path: Path) -> None:
    assert (("warning", "api_not_named") in told(path)) == (path.stem in SILENT)
