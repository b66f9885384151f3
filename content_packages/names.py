"""Names of entries: from the bytes of a ZIP to one safe, relative, NFC path with slashes."""

import re
import unicodedata
import zlib
from typing import Final

from content_packages.errors import PackageRefused

UTF_8_FLAG: Final = 0x0800  # general purpose bit 11, APPNOTE 4.4.4
MAX_NAME_CHARACTERS: Final = 1024
MAX_LEVELS: Final = 64  # folders in folders; courses have less than ten
MAX_PART_BYTES: Final = 255  # what a folder on Linux can hold, should the package be unpacked
REASONS: Final = (
    "empty", "control", "too_long", "too_deep", "absolute", "drive", "parent", "device"
)  # fmt: skip

_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def decode(raw: bytes, *, is_utf8: bool, unicode_path: bytes | None = None) -> str:
    """Return the name as text; separators are still those of the archive.

    `is_utf8` is general purpose bit 11, `unicode_path` the content of extra field 0x7075
    (APPNOTE 4.4.4 and 4.6.9). Strict would read everything else as cp437: Japanese Windows writes
    cp932, and macOS writes UTF-8 without the flag. cp437 is left for bytes that are neither.
    """
    from_extra = _from_unicode_path(raw, unicode_path)
    if from_extra is not None:
        return from_extra
    encodings = ("utf-8",) if is_utf8 else ("utf-8", "cp932")
    for encoding in encodings:
        text = _try(raw, encoding)
        if text is not None:
            return text
    return raw.decode("cp437")


def clean(decoded: str) -> str:
    r"""Return the safe path of a file: NFC, slashes, no empty or "." part.

    Backslashes are separators, as Windows' own packers mean them; so decode first, because in
    cp932 the second byte of 表 is a backslash. Raises PackageRefused("unsafe_name").
    """
    path = decoded.replace("\\", "/")
    if _CONTROL.search(path):
        raise _unsafe(decoded, "control")
    if path.startswith("/"):
        raise _unsafe(decoded, "absolute")
    if _DRIVE.match(path):
        raise _unsafe(decoded, "drive")
    parts = [part for part in normal(path).split("/") if part not in {"", "."}]
    for part in parts:
        _refuse_part(part, decoded)
    name = "/".join(parts)
    if not name:
        raise _unsafe(decoded, "empty")
    if len(name) > MAX_NAME_CHARACTERS:
        raise _unsafe(decoded, "too_long")
    if len(parts) > MAX_LEVELS:
        raise _unsafe(decoded, "too_deep")
    return name


def normal(path: str) -> str:
    """Return the path in NFC, as names are kept: macOS sends が as か and a voiced mark."""
    return unicodedata.normalize("NFC", path)


def folded(path: str) -> str:
    """Return what two names share that differ in case alone, as Windows sees them."""
    return normal(normal(path).casefold())


def is_litter(name: str) -> bool:
    """Say whether a clean name is what an operating system left behind, never content."""
    parts = name.lower().split("/")
    return parts[0] == "__macosx" or parts[-1] in _LITTER


def _refuse_part(part: str, decoded: str) -> None:
    if not part.strip(" ."):  # Windows reads ".. " and "..." as ".." too
        raise _unsafe(decoded, "parent")
    if _DEVICE.fullmatch(part):
        raise _unsafe(decoded, "device")
    if len(part.encode("utf-8", "surrogatepass")) > MAX_PART_BYTES:
        raise _unsafe(decoded, "too_long")


def _unsafe(decoded: str, reason: str) -> PackageRefused:
    return PackageRefused("unsafe_name", name=decoded[:MAX_NAME_CHARACTERS], reason=reason)


def _from_unicode_path(raw: bytes, field: bytes | None) -> str | None:
    """Read Info-ZIP's field: version 1, CRC-32 of the name it stands for, the name in UTF-8."""
    if field is None or len(field) <= 5 or field[0] != 1:
        return None
    if int.from_bytes(field[1:5], "little") != zlib.crc32(raw):
        return None  # somebody renamed the entry and left the field
    return _try(field[5:], "utf-8")


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
