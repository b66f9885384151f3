"""What people send for a film: every kind, as a function that writes it."""

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

from content_packages.video.boxes import Box, find
from tests.workers.ffmpeg.made import FAST, TONE, counted, ffmpeg, film

_TEN_BITS = ("-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none")
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", *_TEN_BITS)
_PQ = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
_VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
_PCM = ("-c:a", "pcm_s16le")
#: Frames that stand anywhere in time.
_UNEVEN = "select='lt(mod(n,10),3)',setpts='PTS+0.013*mod(N,4)/TB'"
#: Pictures that begin two frames after the sound: at no whole microsecond.
_TWO_LATE = ("-f", "lavfi", "-i", f"{TONE}:d=4", "-vf", "setpts=PTS+2/30/TB")


def _again(path: Path, *arguments: object, source: Callable[[Path], object] = film) -> None:
    """Make a film, and another file of it as it is."""
    first = path.with_name(f"before-{path.stem}.mp4")
    source(first)
    ffmpeg("-i", first, "-c", "copy", *arguments, path)


def _cut(path: Path, *options: object, part: float = 0.5, name: str = "") -> None:
    """Make a film and leave only a part of its bytes."""
    whole = path.with_name(f"whole-{name or path.name}")
    film(whole, *FAST, *options, seconds=12)
    data = whole.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])


def _late(path: Path) -> None:
    """Make a film whose pictures begin 0.7 s after its sound."""
    first = film(path.with_name("before-late.mp4"))
    twice = ("-itsoffset", 0.7, "-i", first, "-i", first)
    ffmpeg(*twice, "-map", "0:v", "-map", "1:a", "-c", "copy", path)


def _recorded(path: Path) -> None:
    """Make a film as a browser's recorder writes it: into a pipe, without a duration."""
    first = film(path.with_name("before-recorded.webm"), *_VP8)
    path.write_bytes(ffmpeg("-i", first, "-c", "copy", "-f", "webm", "-live", 1, "-"))


def _named_wrongly(path: Path) -> None:
    film(path.with_name("named.mp4")).rename(path)


def _covered(path: Path) -> None:
    """Make a song with a picture on its cover."""
    picture = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=1:d=1", "-map", 0, "-map", 1)
    cover = ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-disposition:v", "attached_pic")
    ffmpeg("-f", "lavfi", "-i", f"{TONE}:d=2", *picture, *cover, path)


def _song(path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", f"{TONE}:d=2", "-c:a", "aac", path)


def _elsewhere(path: Path) -> None:
    """Make a film whose data reference names another file beside it, as QuickTime does."""
    whole = path.with_name("before-elsewhere.mov")
    film(whole, *FAST, sound=None)
    data = bytearray(whole.read_bytes())
    with whole.open("rb") as file:
        within = Box("file", 0, 0, len(data))
        kinds = ("moov", "trak", "mdia", "minf", "dinf", "dref")
        parents = [find(file, within, *kinds[:depth]) for depth in range(1, len(kinds) + 1)]
    entry = parents[-1].payload + 8
    (old,) = struct.unpack_from(">I", data, entry)
    alias = _alias(path.with_suffix(".other"))
    for parent in parents:
        (size,) = struct.unpack_from(">I", data, parent.start)
        struct.pack_into(">I", data, parent.start, size - old + len(alias))
    data[entry : entry + old] = alias
    path.write_bytes(data)


def _alias(named: Path) -> bytes:
    """Return the data reference (QuickTime, alias record 2) that names a file, absolutely."""
    name, place = named.name.encode(), str(named).encode()
    place += b"\0" * (len(place) % 2)
    record = b"".join((
        bytes(10), b"\x04disk".ljust(28, b"\0"), bytes(12),
        bytes((len(name),)), name.ljust(63, b"\0"), bytes(16),
        struct.pack(">hh", 1, 1), bytes(16),
        struct.pack(">HH", 2, len(place)), place, struct.pack(">HH", 0xFFFF, 0),
    ))  # fmt: skip
    return struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record


KINDS: dict[str, Callable[[Path], object]] = {
    "plain.mp4": film,
    "counted.mp4": partial(counted, frames=300),
    "ten-keys.mp4": lambda path: counted(path, *FAST, "-g", 50, "-bf", 2, frames=300),
    "large.mp4": lambda path: counted(
        path, "-c:v", "mpeg4", "-q:v", 2, frames=300, size=(640, 480)
    ),
    "moving.mp4": partial(film, seconds=13, sound=None),
    "two-late.mp4": lambda path: counted(path, *_TWO_LATE, *FAST, frames=120, rate=30),
    "one.mp4": lambda path: counted(path, frames=1),
    "two.mp4": lambda path: counted(path, frames=2),
    "one.avi": lambda path: counted(path, "-c:v", "mpeg4", frames=1),
    "short.mkv": partial(film, seconds=0.5),
    "front.mp4": lambda path: film(path, *FAST, "-movflags", "+faststart"),
    "tail-cut.mp4": partial(_cut),
    "front-cut.mp4": lambda path: _cut(path, "-movflags", "+faststart"),
    "cut.mkv": partial(_cut),
    "empty.mp4": lambda path: path.touch(),
    "sound.m4a": _song,
    "cover.mp3": _covered,
    "uneven.mp4": lambda path: film(path, *FAST, "-fps_mode", "vfr", filters=_UNEVEN),
    "turned.mp4": lambda path: _again(path, "-metadata:s:v", "rotate=90"),
    "hdr.mp4": lambda path: film(path, *_HEVC, *_PQ, seconds=2),
    "ten-bits.mp4": lambda path: film(path, *_HEVC, seconds=2),
    "odd.mkv": lambda path: film(path, *FAST[:-1], "yuv444p", size="321x181"),
    "interlaced.mpg": lambda path: film(
        path, "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-b:v", "2M", "-c:a", "mp2",
        size="352x288", rate=50, filters="interlace",
    ),
    "silent.mp4": partial(film, sound=None),
    "eight.mov": lambda path: film(path, *FAST, *_PCM, "-ac", 8),
    "mono.mp4": lambda path: film(path, *FAST, "-c:a", "aac", "-ac", 1),
    "hush.mp4": partial(film, sound="anullsrc=r=44100:cl=stereo"),
    "loud.mp4": partial(film, sound="anoisesrc=r=48000:c=pink:a=0.9:s=1", seconds=12),
    "quiet.mp4": partial(film, sound="anoisesrc=r=48000:c=pink:a=0.02:s=1", seconds=12),
    "wrong.txt": _named_wrongly,
    "text.mp4": lambda path: path.write_text("研修の動画です。\n" * 100),
    "windows.wmv": lambda path: film(path, "-c:v", "wmv2", "-c:a", "wmav2"),
    "recorded.webm": _recorded,
    "camera.avi": lambda path: film(path, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", *_PCM),
    "old.avi": lambda path: film(path, "-c:v", "mpeg4"),
    "sixty.mp4": partial(film, rate=60),
    "ntsc.mp4": partial(film, rate="30000/1001"),
    "stream.ts": film,
    "flash.flv": lambda path: film(path, "-c:v", "flv1", "-ar", 44100),
    "wide.mp4": lambda path: film(path, *FAST, "-aspect", "16:9", size="352x288"),
    "late.mp4": _late,
    "elsewhere.mov": _elsewhere,
    "tiny.mp4": partial(film, size="8x8"),
    "place.mp4": lambda path: film(
        path, *FAST, "-metadata", "location=+35.6895+139.6917/", "-metadata", "artist=somebody",
        "-movflags", "+use_metadata_tags", "-bf", 0, "-crf", 40,
    ),
}  # fmt: skip
