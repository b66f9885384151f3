"""A stream sealed in pieces: AES-256-GCM, so that a change, a cut or a swap is noticed.

head    8 bytes "KENSHUB1", 16 bytes salt
piece   4 bytes length, then so many bytes: the sealed piece with its tag

Each file has a key of its own (HKDF-SHA256 of the key file over the salt); the nonce is the piece's
number with a last byte that is 1 for the last piece: a file that was cut short has no last one.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.keeping.transfer.form import Fault

MAGIC: Final = b"KENSHUB1"
PIECE: Final = 1024 * 1024
_SALT, _KEY, _TAG = 16, 32, 16


def make_key(path: Path) -> None:
    """Write a new key, in hexadecimal, for its owner alone; raises FileExistsError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(_KEY) + "\n")


def read_key(path: Path) -> bytes:
    """Return the key of a file; raises Fault for one that is none."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise Fault(f"the key file {path} cannot be read: {error}") from error
    if len(key) != _KEY:
        raise Fault(f"the key file {path} must hold {2 * _KEY} hexadecimal digits")
    return key


def _aead(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY, salt, b"kenshu backup").derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">QxxxB", number, is_last)


class Sealing(io.RawIOBase):
    """A file to write to, whose pieces are sealed into another one."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        """Write the head."""
        salt = secrets.token_bytes(_SALT)
        self._target, self._aead = target, _aead(key, salt)
        self._held, self._number = bytearray(), 0
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        """Say that this is to be written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # bytes alone are written here
        """Take some bytes, and seal each piece that is full."""
        self._held += data
        while len(self._held) > PIECE:  # the last piece is sealed as the last one, by `finish`
            self._seal(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Seal the last piece: without it nobody opens the file."""
        self._seal(bytes(self._held), is_last=True)
        self._held.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        sealed = self._aead.encrypt(_nonce(self._number, is_last=is_last), piece, MAGIC)
        self._target.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class Opening(io.RawIOBase):
    """A sealed file to read from; raises Fault where it is not whole, or the key is another."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        """Read the head."""
        head = source.read(len(MAGIC) + _SALT)
        if head[: len(MAGIC)] != MAGIC or len(head) != len(MAGIC) + _SALT:
            raise Fault("the file is no backup of Kenshu")
        self._source, self._aead = source, _aead(key, head[len(MAGIC) :])
        self._held, self._number, self._is_over = b"", 0, False

    def readable(self) -> bool:
        """Say that this is to be read from."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # a buffer of bytes
        """Give some bytes; none at the end."""
        while not self._held and not self._is_over:
            self._held = self._next()
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def _next(self) -> bytes:
        size = self._source.read(4)
        length = struct.unpack(">I", size)[0] if len(size) == 4 else 0
        if not _TAG <= length <= PIECE + _TAG:
            raise Fault("the backup is cut short or damaged: take another generation")
        sealed = self._source.read(length)
        for is_last in (False, True):
            try:
                piece = self._aead.decrypt(_nonce(self._number, is_last=is_last), sealed, MAGIC)
            except InvalidTag:
                continue
            self._is_over = is_last
            self._number += 1
            return piece
        raise Fault("the backup does not open: its key is another, or it is damaged")
