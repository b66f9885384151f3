"""The central directory of a ZIP, read once, within bounds (APPNOTE 6.3.10, 4.3)."""

import os
import stat
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from content_packages.errors import PackageRefused

#: It is read in one piece; 20,000 files with names of 500 bytes need less.
MAX_DIRECTORY_BYTES: Final = 16 * 1024 * 1024

_END = struct.Struct("<4s4H2IH")  # 4.3.16
_LOCATOR = struct.Struct("<4sIQI")  # 4.3.15
_END_64 = struct.Struct("<4sQ2H2I4Q")  # 4.3.14
_HEADER = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_EXTRA = struct.Struct("<2H")
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA = 0xFFFFFFFF  # 4.4.8: the true value stands in the ZIP64 field
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075
_DOS_DIRECTORY = 0x10


class Record(NamedTuple):
    """One entry as the directory states it; sizes and offset in bytes, nothing verified."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    compressed_size: int
    size: int
    offset: int  # of the local header, from the start of the file
    mode: int  # Unix mode, 0 where the packer gave none
    is_folder: bool  # by its attributes; a separator at the end of the decoded name says it too
    unicode_path: bytes | None


class Directory(NamedTuple):
    """All records in their order, and where the directory starts: no entry may reach it."""

    records: list[Record]
    start: int


def read(fd: int, max_files: int | None = None) -> Directory:
    """Read the directory of the open file `fd` without moving its position.

    Bytes before the first entry are allowed (self-extracting archives), and so is padding before
    the end record. Raises PackageRefused: not_a_zip, truncated, damaged, too_large,
    too_many_files.
    """
    start, size, base = _locate(fd)
    if size > MAX_DIRECTORY_BYTES:
        raise PackageRefused("too_large", what="directory", size=size, limit=MAX_DIRECTORY_BYTES)
    records: list[Record] = []
    for record in _records(os.pread(fd, size, start), base):
        if max_files is not None and len(records) >= max_files:
            raise PackageRefused("too_many_files", limit=max_files)
        records.append(record)
    return Directory(records, start)


def _locate(fd: int) -> tuple[int, int, int]:
    """Return where the directory starts, its length, and what to add to each offset."""
    end_at, end = _find_end(fd)
    _, disk, directory_disk, _, _, size, offset, _ = _END.unpack(end)
    if (found := _find_end_64(fd, end_at)) is not None:
        end_at, disk, directory_disk, size, offset = found
    if disk or directory_disk:
        raise PackageRefused("truncated")
    base = end_at - size - offset
    for candidate in (base, 0):
        start = offset + candidate
        if not 0 <= start <= end_at:  # ZIP64 can state what no file offset can hold
            continue
        if size == 0 or os.pread(fd, 4, start) == b"PK\x01\x02":
            return start, size, candidate
    if base < 0:
        raise PackageRefused("truncated")  # the start is missing
    raise PackageRefused("damaged", name="")


def _find_end(fd: int) -> tuple[int, bytes]:
    length = os.fstat(fd).st_size
    tail_at = max(0, length - _END.size - _LONGEST_COMMENT)
    tail = os.pread(fd, length - tail_at, tail_at)
    at = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
    if at < 0:
        raise PackageRefused("truncated" if os.pread(fd, 2, 0) == b"PK" else "not_a_zip")
    return tail_at + at, tail[at : at + _END.size]


def _find_end_64(fd: int, end_at: int) -> tuple[int, int, int, int, int] | None:
    """Return position, the two disk numbers, size and offset of a ZIP64 end record, if any."""
    locator = os.pread(fd, _LOCATOR.size, max(0, end_at - _LOCATOR.size))
    if not locator.startswith(b"PK\x06\x07"):
        return None
    stated = _LOCATOR.unpack(locator)[2]
    for at in (stated, end_at - _LOCATOR.size - _END_64.size):  # the second: bytes stand before
        record = os.pread(fd, _END_64.size, at) if 0 <= at < end_at else b""
        if record.startswith(b"PK\x06\x06") and len(record) == _END_64.size:
            _, _, _, _, disk, directory_disk, _, _, size, offset = _END_64.unpack(record)
            return at, disk, directory_disk, size, offset
    raise PackageRefused("damaged", name="")


def _records(directory: bytes, base: int) -> Iterator[Record]:
    at = 0
    while at + _HEADER.size <= len(directory) and directory.startswith(b"PK\x01\x02", at):
        fields = _HEADER.unpack_from(directory, at)
        _, _, _, flags, method, _, _, crc, packed, size, n_name, n_extra, n_comment = fields[:13]
        attributes, offset = fields[15:]
        name_at = at + _HEADER.size
        extra_at = name_at + n_name
        at = extra_at + n_extra + n_comment
        raw_name = directory[name_at:extra_at]
        extra = _extra_fields(directory[extra_at : extra_at + n_extra])
        size, packed, offset = _wide((size, packed, offset), extra.get(_ZIP64, b""))
        mode = attributes >> 16
        is_folder = size == 0 and (stat.S_ISDIR(mode) or bool(attributes & _DOS_DIRECTORY))
        unicode_path = extra.get(_UNICODE_PATH)
        yield Record(
            raw_name, flags, method, crc, packed, size, base + offset, mode, is_folder, unicode_path
        )
    if at < len(directory) and directory[at : at + 4] != b"PK\x05\x05":  # 4.3.13: a signature
        raise PackageRefused("damaged", name="")
    if at > len(directory):
        raise PackageRefused("damaged", name="")


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    """Split extra data (4.5); what does not add up is left aside, as packers pad it at will."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        fields.setdefault(kind, extra[at : at + length])
        at += length
    return fields


def _wide(narrow: tuple[int, int, int], field: bytes) -> tuple[int, int, int]:
    """Replace each value that stands in the ZIP64 field, in the field's order (4.5.3)."""
    wide = []
    for value in narrow:
        if value == _IN_EXTRA and len(field) >= 8:
            wide.append(int.from_bytes(field[:8], "little"))
            field = field[8:]
        else:
            wide.append(value)
    size, packed, offset = wide
    return size, packed, offset
