"""Tracks in fragments made box by box, so that a test can let any of them lie."""

import struct
from collections.abc import Sequence
from pathlib import Path

AVCC = bytes((1, 0x64, 0x00, 0x1F, 0xFF, 0xE0, 0))
#: MPEG-4's descriptors: the stream's, the decoder's, and its own: AAC LC, 48 kHz, stereo.
ESDS = bytes((0x03, 22, 0, 1, 0, 0x04, 17, 0x40, 0x15, *(0,) * 11, 0x05, 2, 0x11, 0x90))


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box."""
    payload = b"".join(parts)
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def large(kind: bytes, *parts: bytes) -> bytes:
    """Return a box whose size is written in 64 bits."""
    payload = b"".join(parts)
    return struct.pack(">I4sQ", 1, kind, 16 + len(payload)) + payload


def full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """Return a box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def words(*numbers: int) -> bytes:
    """Return numbers of 32 bits."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def avc1(avcc: bytes = AVCC) -> bytes:
    """Return the sample entry of pictures."""
    return box(b"avc1", bytes(78), box(b"avcC", avcc))


def mp4a(esds: bytes = ESDS) -> bytes:
    """Return the sample entry of sound."""
    return box(b"mp4a", bytes(28), full(b"esds", 0, 0, esds))


def mdhd(timescale: int, version: int = 0) -> bytes:
    """Return the media's header: created, modified, timescale, duration, language."""
    times = bytes(16 if version else 8)
    return full(b"mdhd", version, 0, times, words(timescale), bytes(8 if version else 4), bytes(4))


def header(timescale: int = 1000, *, entry: bytes | None = None, version: int = 0) -> bytes:
    """Return `ftyp` and `moov`; a sample lasts 40 ticks where nothing else is said."""
    stsd = full(b"stsd", 0, 0, words(1), avc1() if entry is None else entry)
    media = box(b"minf", box(b"stbl", stsd))
    track = box(b"trak", box(b"mdia", mdhd(timescale, version), media))
    extends = box(b"mvex", full(b"trex", 0, 0, words(1, 1, 40, 0, 0)))
    return box(b"ftyp", b"cmfc", words(0)) + box(b"moov", track, extends)


def tfdt(time: int, version: int = 1) -> bytes:
    """Return when a fragment's first sample is decoded, in 64 bits or in 32."""
    return full(b"tfdt", version, 0, struct.pack(">Q" if version else ">I", time))


def trun(durations: Sequence[int] = (), *, count: int = 0, more: int = 0) -> bytes:
    """Return a run of samples with a duration each, or of so many without.

    `more` are further flags: data offset 0x1, first flags 0x4; of each sample size 0x200, flags
    0x400, place of showing 0x800.
    """
    flags = more | (0x100 if durations else 0)
    before = words(*(7 for flag in (0x1, 0x4) if flags & flag))
    beside = words(*(9 for flag in (0x200, 0x400, 0x800) if flags & flag))
    if durations:
        rows = b"".join(words(duration) + beside for duration in durations)
    else:
        rows = beside * count
    return full(b"trun", 0, flags, words(len(durations) or count), before, rows)


def moof(number: int, tfdt: bytes, *runs: bytes, tfhd: bytes | None = None) -> bytes:
    """Return the boxes that tell of a fragment."""
    told = full(b"tfhd", 0, 0x20000, words(1)) if tfhd is None else tfhd
    return box(b"moof", full(b"mfhd", 0, 0, words(number)), box(b"traf", told, tfdt, *runs))


def mdat(content: bytes = b"pictures") -> bytes:
    """Return what a fragment holds."""
    return box(b"mdat", content)


def fragment(time: int, *durations: int, number: int = 1, content: bytes = b"pictures") -> bytes:
    """Return a fragment whose samples last so many ticks each."""
    return moof(number, tfdt(time), trun(durations)) + mdat(content)


def written(folder: Path, *parts: bytes, name: str = "track.mp4") -> Path:
    """Write a file of these boxes."""
    path = folder / name
    path.write_bytes(b"".join(parts))
    return path
