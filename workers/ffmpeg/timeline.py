"""When each picture of a film is shown: how many there are, at which one can begin, how evenly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from app.kernel.errors import Refused
from workers.ffmpeg.probe import MOST_HOURS, Source
from workers.ffmpeg.running import GUARDS, RunError, ask

#: Seconds of reading for each gigabyte that a film may take, and at least.
SECONDS_A_GIGABYTE: Final = 120
LEAST_SECONDS: Final = 120
#: A film ends so much before its container says at most: in seconds, and as a part of the whole.
SHORT_SECONDS: Final = 2.0
SHORT_PART: Final = 0.02
#: Containers that say how long they are, where others have it estimated.
_TELLING: Final = ("mov", "matroska", "avi", "asf", "flv")
#: Part of a frame by which pictures of an even rate may stand off their places: clocks are rounded.
ODD_PART: Final = 0.25
ODD_SECONDS: Final = 0.002


@dataclass(frozen=True)
class Timeline:
    """The pictures of a film in the order in which they are shown."""

    frames: int
    #: When those are shown that can be begun at, in seconds from the first picture.
    keys: tuple[float, ...]
    #: When the first one is shown, in seconds from where the container begins.
    starts: float
    #: How long they last, in seconds.
    seconds: float
    #: Whether they follow each other unevenly, so that places cannot be counted in frames.
    is_variable: bool
    #: Whether it is no worse than that: each stands at its place, but some places are empty.
    lacks_frames: bool = False


class _Packet(NamedTuple):
    stream: int
    time: float
    is_key: bool


def read(path: Path, source: Source) -> Timeline:
    """Read when each picture is shown, without decoding one.

    Raises Refused: "video_damaged" where there is none, "video_cut_short" where the file ends
    before the film does, "video_too_long", "video_took_too_long".
    """
    limit = max(LEAST_SECONDS, SECONDS_A_GIGABYTE * source.size / 1e9)
    try:
        said = ask(_command(path), limit=limit)
    except RunError as error:
        raise Refused("video_damaged") from error
    return timeline(said.decode("ascii", "replace").splitlines(), source)


def timeline(lines: Iterable[str], source: Source) -> Timeline:
    """Return what the lines of a film's packets say: stream, shown, decoded, flags."""
    packets = list(_packets(lines))
    shown = sorted(packet for packet in packets if packet.stream == source.picture.index)
    if not shown:
        raise Refused("video_damaged")
    _refuse_cut(source, max(packet.time for packet in packets))
    frame = float(1 / Fraction(source.picture.rate))
    starts = shown[0].time
    times = [packet.time - starts for packet in shown]
    if times[-1] > MOST_HOURS * 3600:
        raise Refused("video_too_long", hours=MOST_HOURS)
    keys = tuple(packet.time - starts for packet in shown if packet.is_key)
    late = max(0.0, starts - source.starts)
    is_variable = _is_variable(times, frame)
    lacks_frames = is_variable and _stands(times, frame)
    return Timeline(len(times), keys, late, times[-1] + frame, is_variable, lacks_frames)


def _command(path: Path) -> list[str]:
    guards = [part for name, value in GUARDS.items() for part in (f"-{name}", value)]
    return [
        *("ffprobe", "-v", "error", *guards, "-of", "csv=p=0"),
        *("-show_entries", "packet=stream_index,pts_time,dts_time,flags", f"file:{path}"),
    ]


def _packets(lines: Iterable[str]) -> Iterable[_Packet]:
    """Yield the packets that have a time; AVI knows no time of showing, only that of decoding."""
    for line in lines:
        stream, shown, decoded, flags, *_ = [*line.strip().split(","), "", "", "", ""]
        time = shown if shown not in ("", "N/A") else decoded
        if time not in ("", "N/A"):
            yield _Packet(int(stream), float(time), flags.startswith("K"))


def _refuse_cut(source: Source, last: float) -> None:
    """Refuse a file that ends before its container says; pictures and sound may differ."""
    if not source.container.startswith(_TELLING):
        return
    missing = source.starts + source.duration - last
    if missing > max(SHORT_SECONDS, SHORT_PART * source.duration):
        raise Refused("video_cut_short", seconds=round(last), wanted=round(source.duration))


def _is_variable(times: list[float], frame: float) -> bool:
    most = max(ODD_PART * frame, ODD_SECONDS)
    return any(abs(time - number * frame) > most for number, time in enumerate(times))


def _stands(times: list[float], frame: float) -> bool:
    """Whether each picture stands a whole number of frames behind the first, and none twice.

    AVI and recorders leave a place empty where a picture is the same as the one before it.
    """
    places = [round(time / frame) for time in times]
    is_rising = all(before < after for before, after in pairwise(places))
    return is_rising and all(
        abs(time - place * frame) <= ODD_PART * frame
        for time, place in zip(times, places, strict=True)
    )
