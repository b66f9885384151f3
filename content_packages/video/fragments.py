"""A track in fragments: read for its playlist, and joined from stretches encoded apart.

The form is CMAF (ISO/IEC 23000-19): `ftyp` and `moov` first, then `moof` and `mdat` in turn, one
track. Times are in ticks, `timescale` of them a second.
"""

import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from content_packages.video.boxes import Box, Damaged, boxes, find, payload

#: sample_is_non_sync_sample (ISO/IEC 14496-12, 8.8.3.1).
_NOT_SYNC: Final = 0x10000
_CHUNK: Final = 1024 * 1024
#: What follows in `tfhd` by its flags, as sizes in bytes (8.8.7).
_TFHD: Final = ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4))


class Unlike(Exception):
    """Stretches that were not encoded alike cannot be one track."""


@dataclass(frozen=True)
class Fragment:
    """A `moof` with its `mdat`."""

    offset: int
    size: int
    #: When its first sample is decoded, and how long its samples last, in ticks.
    time: int
    duration: int
    samples: int


@dataclass(frozen=True)
class Track:
    """A track in fragments."""

    #: Bytes of `ftyp` and `moov`, which stand before the fragments.
    header: int
    timescale: int
    #: As RFC 6381 writes it.
    codecs: str
    fragments: tuple[Fragment, ...]

    @property
    def samples(self) -> int:
        """Count the samples: of pictures, the frames."""
        return sum(fragment.samples for fragment in self.fragments)

    @property
    def seconds(self) -> float:
        """Return how long all of it lasts."""
        return sum(fragment.duration for fragment in self.fragments) / self.timescale


def read(path: Path) -> Track:
    """Read the boxes of a track; raises Damaged for what is no such file."""
    with path.open("rb") as file:
        try:
            return _track(file, list(boxes(file, 0, path.stat().st_size)))
        except (struct.error, IndexError) as error:  # a box holds less than its kind has to
            raise Damaged("a box is too short") from error


def join(parts: Sequence[tuple[Path, int]], target: Path) -> Track:
    """Write stretches of one track one behind the other, each moved on by so many ticks.

    The first one's header stands for all: they have to be encoded alike. Raises
    Unlike where a codec, timescale or header differs, and Damaged as `read` does and where a
    moment has no room in its box.
    """
    first = read(parts[0][0])
    head = _bytes(parts[0][0], 0, first.header)
    with target.open("wb") as file:
        file.write(head)
        for path, ticks in parts:
            track = read(path)
            if _bytes(path, 0, track.header) != head:
                raise Unlike(path.name)
            for fragment in track.fragments:
                _copy(path, fragment, ticks, file)
    return read(target)


def _track(file: BinaryIO, top: Sequence[Box]) -> Track:
    moov = next((box for box in top if box.kind == "moov"), None)
    if moov is None:
        raise Damaged("moov")
    timescale = _timescale(payload(file, find(file, moov, "trak", "mdia", "mdhd")))
    entry = find(file, moov, "trak", "mdia", "minf", "stbl", "stsd")
    usual = _usual_duration(payload(file, find(file, moov, "mvex", "trex")))
    return Track(moov.stop, timescale, _codecs(file, entry), tuple(_fragments(file, top, usual)))


def _fragments(file: BinaryIO, top: Sequence[Box], usual: int) -> Iterator[Fragment]:
    for box, data in itertools.pairwise(top):
        if box.kind == "moof" and data.kind == "mdat":
            traf = find(file, box, "traf")
            time = _decode_time(payload(file, find(file, traf, "tfdt")))
            default = _default_duration(payload(file, find(file, traf, "tfhd")), usual)
            runs = [each for each in boxes(file, traf.payload, traf.stop) if each.kind == "trun"]
            found = [_run(payload(file, run), default) for run in runs]
            samples, duration = (sum(numbers) for numbers in zip((0, 0), *found, strict=True))
            yield Fragment(box.start, data.stop - box.start, time, duration, samples)


def _timescale(mdhd: bytes) -> int:
    scale = int(struct.unpack_from(">I", mdhd, 20 if mdhd[0] == 1 else 12)[0])
    if scale == 0:
        raise Damaged("mdhd")
    return scale


def _usual_duration(trex: bytes) -> int:
    return int(struct.unpack_from(">I", trex, 12)[0])


def _decode_time(tfdt: bytes) -> int:
    return int(struct.unpack_from(">Q" if tfdt[0] == 1 else ">I", tfdt, 4)[0])


def _default_duration(tfhd: bytes, usual: int) -> int:
    """Return the duration of samples that name none: the fragment's own, else the track's."""
    flags, place = int.from_bytes(tfhd[1:4]), 8
    for flag, size in _TFHD:
        if flags & flag:
            if flag == 0x8:
                return int(struct.unpack_from(">I", tfhd, place)[0])
            place += size
    return usual


def _run(trun: bytes, default: int) -> tuple[int, int]:
    """Return how many samples a run has and how long they last (8.8.8)."""
    flags, count = int.from_bytes(trun[1:4]), int(struct.unpack_from(">I", trun, 4)[0])
    place = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    step = 4 * sum(bool(flags & flag) for flag in (0x100, 0x200, 0x400, 0x800))
    if not flags & 0x100:
        return count, count * default
    return count, sum(struct.unpack_from(">I", trun, place + step * n)[0] for n in range(count))


def _codecs(file: BinaryIO, stsd: Box) -> str:
    """Return the codec of the one sample entry; raises Damaged."""
    entry = next(boxes(file, stsd.payload + 8, stsd.stop), None)
    if entry is not None and entry.kind == "avc1":
        inside = Box(entry.kind, entry.start, entry.payload + 78, entry.stop)
        return "avc1." + payload(file, find(file, inside, "avcC"))[1:4].hex()
    if entry is not None and entry.kind == "mp4a":
        inside = Box(entry.kind, entry.start, entry.payload + 28, entry.stop)
        return f"mp4a.40.{_object_type(payload(file, find(file, inside, 'esds')))}"
    raise Damaged(entry.kind if entry else "stsd")


def _object_type(esds: bytes) -> int:
    """Return the audio object type: five bits of the decoder's own description (14496-3, 1.6)."""
    place = 4
    while place < len(esds):
        tag, place = esds[place], place + 1
        while esds[place] & 0x80:  # a length may be written in several bytes
            place += 1
        place += 1
        if tag == 0x05:
            return esds[place] >> 3
        place += {0x03: 3, 0x04: 13}.get(tag, len(esds))
    raise Damaged("esds")


def _copy(path: Path, fragment: Fragment, ticks: int, target: BinaryIO) -> None:
    """Write one fragment, its decode time moved on; its mdat goes as it is."""
    with path.open("rb") as file:
        moof = next(boxes(file, fragment.offset, fragment.offset + fragment.size))
        tfdt = find(file, moof, "traf", "tfdt")
        head = bytearray(_bytes(path, moof.start, moof.stop))
        place = tfdt.payload - moof.start
        form, most = (">Q", 2**64) if head[place] == 1 else (">I", 2**32)
        if not 0 <= fragment.time + ticks < most:
            raise Damaged("tfdt")
        struct.pack_into(form, head, place + 4, fragment.time + ticks)
        target.write(head)
        file.seek(moof.stop)
        left = fragment.offset + fragment.size - moof.stop
        while left:
            piece = file.read(min(_CHUNK, left))
            target.write(piece)
            left -= len(piece)


def _bytes(path: Path, start: int, stop: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(stop - start)
