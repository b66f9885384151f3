"""ZIPs made field by field, so that a test can let any of them lie."""

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from content_packages.errors import CODES, PackageRefused

UTF_8 = 0x0800
SYMLINK = 0o120777


@dataclass(frozen=True)
class File:
    """One entry; what is None is stated truly."""

    name: bytes
    content: bytes = b"content"
    method: int = 8
    flags: int = 0
    attributes: int = 0
    extra: bytes = b""
    packed: bytes | None = None
    size: int | None = None
    compressed_size: int | None = None
    crc: int | None = None
    offset: int | None = None
    local_flags: int | None = None
    local_method: int | None = None
    signature: bytes = b"PK\x03\x04"


def zip_of(*files: File, before: bytes = b"", padding: bytes = b"", comment: bytes = b"") -> bytes:
    """Return the archive: bytes before it, entries, directory, padding, end record."""
    body, directory = before, b""
    for file in files:
        directory += _central(file, len(body) - len(before))
        body += _local(file)
    end = _end(len(files), len(directory), len(body) - len(before), len(comment))
    return body + directory + padding + end + comment


def zip64_of(*files: File, before: bytes = b"", stated_shift: int = 0) -> bytes:
    """Return an archive whose true sizes stand in the ZIP64 records alone."""
    plain = zip_of(*files)
    count, _, size, offset = struct.unpack("<2H2I", plain[-14:-2])
    body = before + plain[:-22]
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(body) + stated_shift, 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + record + locator + end


def written(folder: Path, archive: bytes) -> Path:
    """Write the archive into the folder and return its path."""
    path = folder / "made.zip"
    path.write_bytes(archive)
    return path


def open_files(folder: Path) -> int:
    """Count what this process holds open below the folder, deleted files included."""
    links = Path("/proc/self/fd").iterdir()
    return sum(os.path.realpath(link).startswith(f"{folder}{os.sep}") for link in links)


@contextmanager
def refused(code: str, **data: object) -> Iterator[None]:
    """Expect a refusal with this code, with these data among its own, which CODES must name."""
    with pytest.raises(PackageRefused) as caught:
        yield
    assert caught.value.code == code
    assert set(caught.value.data) <= set(CODES[code])
    assert data.items() <= caught.value.data.items()


def deflated(content: bytes) -> bytes:
    """Return the raw deflate stream of the content."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


def _packed(file: File) -> bytes:
    if file.packed is not None:
        return file.packed
    return deflated(file.content) if file.method == 8 else file.content


def _stated(file: File) -> tuple[int, int, int]:
    crc = zlib.crc32(file.content) if file.crc is None else file.crc
    packed = len(_packed(file)) if file.compressed_size is None else file.compressed_size
    size = len(file.content) if file.size is None else file.size
    return crc, packed, size


def _local(file: File) -> bytes:
    flags = file.flags if file.local_flags is None else file.local_flags
    method = file.method if file.local_method is None else file.local_method
    header = struct.pack("<4s5H", file.signature, 20, flags, method, 0, 0)
    header += struct.pack("<3I2H", *_stated(file), len(file.name), 0)
    return header + file.name + _packed(file)


def _central(file: File, offset: int) -> bytes:
    header = struct.pack("<4s6H", b"PK\1\2", 0x0314, 20, file.flags, file.method, 0, 0)
    header += struct.pack("<3I", *_stated(file))
    header += struct.pack("<5H", len(file.name), len(file.extra), 0, 0, 0)
    header += struct.pack("<2I", file.attributes, offset if file.offset is None else file.offset)
    return header + file.name + file.extra


def _end(count: int, size: int, offset: int, comment: int) -> bytes:
    count = min(count, 0xFFFF)
    return struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, size, offset, comment)
