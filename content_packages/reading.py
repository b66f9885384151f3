"""The bytes of one entry, in bounded memory, verified while they pass."""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from content_packages.errors import PackageRefused

CHUNK: Final = 256 * 1024
STORED: Final = 0
DEFLATED: Final = 8

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
#: What a file's offset can be; ZIP64 can state more, and where the start is missing, less than 0.
_LAST_OFFSET = 2**63 - 1
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # 4.4.4, bits 0, 6 and 13


class Entry(NamedTuple):
    """One file of an archive; sizes and the offset of its local header in bytes."""

    name: str
    size: int
    compressed_size: int
    crc: int
    method: int
    offset: int
    flags: int
    mode: int

    @property
    def is_encrypted(self) -> bool:
        """Say whether the directory calls the entry encrypted."""
        return bool(self.flags & _ENCRYPTED)


def data_offset(fd: int, entry: Entry) -> int:
    """Return where the entry's data starts, from its local header.

    Raises PackageRefused: truncated, damaged, encrypted.
    """
    is_possible = 0 <= entry.offset <= _LAST_OFFSET
    header = os.pread(fd, _LOCAL.size, entry.offset) if is_possible else b""
    if len(header) < _LOCAL.size:
        raise PackageRefused("truncated")
    signature, _, flags, method, _, _, _, _, _, name, extra = _LOCAL.unpack(header)
    if signature != b"PK\x03\x04":
        raise PackageRefused("damaged", name=entry.name)
    if flags & _ENCRYPTED:
        raise PackageRefused("encrypted", name=entry.name)
    if method != entry.method:
        raise PackageRefused("damaged", name=entry.name)
    return entry.offset + _LOCAL.size + int(name) + int(extra)


def raw(fd: int, start: int, length: int) -> Iterator[bytes]:
    """Yield `length` bytes from `start` as they stand in the file, never moving its position.

    Raises PackageRefused("truncated") where the file ends too early.
    """
    while length > 0:
        piece = os.pread(fd, min(CHUNK, length), start)
        if not piece:
            raise PackageRefused("truncated")
        start += len(piece)
        length -= len(piece)
        yield piece


def content(fd: int, start: int, entry: Entry) -> Iterator[bytes]:
    """Yield the entry's content, its data starting at `start`; never more than the stated size.

    Raises PackageRefused: unsupported_method, size_lies, crc_mismatch, damaged, truncated.
    """
    pieces: Iterable[bytes] = raw(fd, start, entry.compressed_size)
    if entry.method == DEFLATED:
        pieces = _inflated(pieces, entry)
    elif entry.method != STORED:
        raise PackageRefused("unsupported_method", name=entry.name, method=entry.method)
    crc = done = 0
    for piece in pieces:
        done += len(piece)
        if done > entry.size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if done != entry.size:
        raise PackageRefused("size_lies", name=entry.name, size=entry.size)
    if crc != entry.crc:
        raise PackageRefused("crc_mismatch", name=entry.name)


def _inflated(pieces: Iterable[bytes], entry: Entry) -> Iterator[bytes]:
    """Inflate in chunks of at most CHUNK bytes, so that a bomb never stands in memory."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            if stream.eof:  # bytes behind the stream would also end up in a gzip frame
                raise PackageRefused("size_lies", name=entry.name, size=entry.size)
            left = piece
            while left and not stream.eof:
                out = stream.decompress(left, CHUNK)
                left = stream.unconsumed_tail
                yield out
        if not stream.eof:
            yield stream.flush()  # a few symbols at most: what is left in zlib's bit buffer
    except zlib.error as error:
        raise PackageRefused("damaged", name=entry.name) from error
    if not stream.eof:
        raise PackageRefused("damaged", name=entry.name)
    if stream.unused_data:
        raise PackageRefused("size_lies", name=entry.name, size=entry.size)
