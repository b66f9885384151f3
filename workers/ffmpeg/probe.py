"""What a file is: looked at with ffprobe, never told by its name; and what of it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from app.kernel.errors import Refused
from workers.ffmpeg.running import GUARDS, RunError, ask

#: Seconds that a look may take.
LIMIT: Final = 120
#: A film lasts so many hours at most.
MOST_HOURS: Final = 12
#: Smaller pictures are no film.
LEAST_SIDE: Final = 16
#: Transfer functions of high dynamic range (ITU-R BT.2100).
_HDR: Final = frozenset({"smpte2084", "arib-std-b67"})
_INTERLACED: Final = frozenset({"tt", "bb", "tb", "bt"})
#: Kinds of pictures whose eight bits in 4:2:0 every browser shows.
_PLAIN: Final = frozenset({"yuv420p", "yuvj420p"})


@dataclass(frozen=True)
class Picture:
    """The stream of pictures."""

    #: Its number in the file.
    index: int
    codec: str
    profile: str
    #: As it is shown: turned, with square pixels.
    width: int
    height: int
    #: Frames a second, as a fraction in words: `30000/1001`.
    rate: str
    #: Bits a second; 0 where unknown.
    bit_rate: int
    is_plain: bool
    is_square: bool
    is_turned: bool
    is_interlaced: bool
    is_hdr: bool


@dataclass(frozen=True)
class Sound:
    """The stream of sound."""

    index: int
    codec: str
    profile: str
    channels: int
    sample_rate: int


@dataclass(frozen=True)
class Source:
    """A file that can be made a film of."""

    #: Name of the container, as ffprobe has it.
    container: str
    #: In seconds, as the container says; 0 where it does not, as films from a browser's recorder.
    duration: float
    #: When it begins by its own clock, in seconds.
    starts: float
    #: In bytes.
    size: int
    picture: Picture
    sound: Sound | None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Source:
        """Return the source that `as_document` has written."""
        sound = document["sound"]
        return cls(
            **{
                **document,
                "picture": Picture(**document["picture"]),
                "sound": Sound(**sound) if sound else None,
            }
        )

    def as_document(self) -> dict[str, Any]:
        """Return it as `of` reads it."""
        return asdict(self)


def look(path: Path) -> Source:
    """Return what a file is.

    Raises Refused: "video_empty", "not_a_video", "video_without_pictures", "video_too_long",
    "video_size_odd", "video_took_too_long".
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("video_empty")
    try:
        said = json.loads(ask(_command(path), limit=LIMIT))
    except RunError as error:
        raise Refused("not_a_video") from error
    streams = said.get("streams", [])
    pictures = [each for each in streams if _is_film(each)]
    if not pictures:
        raise Refused("video_without_pictures" if streams else "not_a_video")
    sounds = [each for each in streams if each.get("codec_type") == "audio"]
    sounds.sort(key=lambda each: -_disposition(each, "default"))
    duration = float(said["format"].get("duration") or pictures[0].get("duration") or 0)
    if duration > MOST_HOURS * 3600:
        raise Refused("video_too_long", hours=MOST_HOURS)
    return Source(
        container=said["format"]["format_name"],
        duration=duration,
        starts=float(said["format"].get("start_time") or 0),
        size=size,
        picture=_picture(pictures[0], said["format"], sounds),
        sound=_sound(sounds[0]) if sounds else None,
    )


def _command(path: Path) -> list[str]:
    guards = [part for name, value in GUARDS.items() for part in (f"-{name}", value)]
    return [
        *("ffprobe", "-v", "error", *guards, "-of", "json"),
        *("-show_format", "-show_streams", f"file:{path}"),
    ]


def _is_film(stream: Mapping[str, Any]) -> bool:
    """Whether a stream is of pictures that follow each other: a cover is none."""
    return stream.get("codec_type") == "video" and not _disposition(stream, "attached_pic")


def _disposition(stream: Mapping[str, Any], name: str) -> int:
    return int(stream.get("disposition", {}).get(name, 0))


def _picture(
    stream: Mapping[str, Any], container: Mapping[str, Any], sounds: list[dict[str, Any]]
) -> Picture:
    width, height = int(stream.get("width", 0)), int(stream.get("height", 0))
    if min(width, height) < LEAST_SIDE:
        raise Refused("video_size_odd", width=width, height=height)
    shape = _fraction(stream.get("sample_aspect_ratio", "1:1").replace(":", "/")) or Fraction(1)
    turn = _turn(stream)
    width = round(width * shape)
    if turn % 180:
        width, height = height, width
    pixels = stream.get("pix_fmt", "")
    return Picture(
        index=stream["index"],
        codec=stream.get("codec_name", ""),
        profile=stream.get("profile", ""),
        width=width,
        height=height,
        rate=str(_rate(stream)),
        bit_rate=_bit_rate(stream, container, sounds),
        is_plain=pixels in _PLAIN,
        is_square=shape == 1,
        is_turned=turn != 0,
        is_interlaced=stream.get("field_order", "") in _INTERLACED,
        is_hdr=stream.get("color_transfer", "") in _HDR,
    )


def _sound(stream: Mapping[str, Any]) -> Sound:
    return Sound(
        index=stream["index"],
        codec=stream.get("codec_name", ""),
        profile=stream.get("profile", ""),
        channels=int(stream.get("channels", 0)),
        sample_rate=int(stream.get("sample_rate", 0)),
    )


def _turn(stream: Mapping[str, Any]) -> int:
    """Return by how many degrees it is turned when shown; mobile phones film lying down."""
    sides = (side.get("rotation") for side in stream.get("side_data_list", ()))
    return int(next((turn for turn in sides if turn is not None), 0)) % 360


def _rate(stream: Mapping[str, Any]) -> Fraction:
    """Return the frames a second; 25 where the file has none that can be believed."""
    for name in ("avg_frame_rate", "r_frame_rate"):
        rate = _fraction(stream.get(name, ""))
        if rate is not None and 1 <= rate <= 240:
            return rate.limit_denominator(1001)
    return Fraction(25)


def _fraction(text: str) -> Fraction | None:
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return found if found > 0 else None


def _bit_rate(
    stream: Mapping[str, Any], container: Mapping[str, Any], sounds: list[dict[str, Any]]
) -> int:
    own = int(stream.get("bit_rate") or 0)
    if own:
        return own
    heard = sum(int(each.get("bit_rate") or 0) for each in sounds)
    return max(0, int(cast("str", container.get("bit_rate") or 0)) - heard)
