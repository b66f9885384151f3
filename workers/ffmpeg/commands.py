"""The commands that make a film: ffmpeg-python builds their arguments, `running` runs them.

Each reads the source once. Files are named in a folder that the caller brings.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any, Final

import ffmpeg

from workers.ffmpeg.ladder import Plan, Size, Stretch
from workers.ffmpeg.probe import Picture, Source
from workers.ffmpeg.running import GUARDS

Stream = Any

#: Fragments as CMAF wants them; a new one at each picture that can be begun at.
_PICTURES: Final = {"f": "mp4", "movflags": "+cmaf+frag_keyframe+skip_trailer"}
#: Fragments of sound, of so many microseconds.
_SOUND: Final = {"f": "mp4", "movflags": "+cmaf+skip_trailer", "frag_duration": 6_000_000}
#: What a source says of itself (where it was filmed, by whom) goes no further.
_BARE: Final = {"map_metadata": -1, "map_chapters": -1}
#: x264: constant quality under a limit. The limit holds over a segment, so that its first picture
#: is not starved. Each segment can be begun at, at the same frame in every size.
_QUALITY: Final = {"preset": "veryfast", "crf": 23, "profile:v": "high", "pix_fmt": "yuv420p"}
_BUFFER_SECONDS: Final = 2
#: Threads of a decoder, and of the encoder of each size. Left alone they take more the more
#: processors there are, and memory with each; a long film has workers enough in its stretches.
_THREADS: Final = 2
#: Loudest that a sample gets: -1.5 dB.
_PEAK: Final = 0.84
_SOUND_RATE: Final = 48_000
_SOUND_BITS: Final = "96k"
#: Longer side of a small picture, and the pictures of a sheet.
BOARD_SIDE: Final = 160
BOARD_COLUMNS: Final = 10
BOARD_ROWS: Final = 10
#: Width of the picture that stands for a film; and among how many frames it is chosen.
_POSTER_WIDTH: Final = 1280
_POSTER_FRAMES: Final = 50
#: Names of the small pictures of a stretch, and of the sheets.
SMALL: Final = "small-%05d.jpg"
SHEETS: Final = "storyboard-%d.jpg"


def pictures(path: Path, source: Source, plan: Plan, stretch: Stretch, folder: Path) -> list[str]:
    """Encode one stretch in every size (`<name>.mp4`), and its small pictures.

    One decoding; each size is scaled from the one above it.
    """
    rate = Fraction(plan.rate)
    is_counted = plan.every > 0
    since = plan.starts
    if stretch.first:  # between two frames, so that rounding takes neither
        since += float(
            (stretch.first * plan.every - Fraction(1, 2)) / Fraction(source.picture.rate)
        )
    shown = _shown(_input(path, since)[str(source.picture.index)], source.picture, plan)
    most = {"frames:v": stretch.frames} if is_counted else {}
    streams = _cascade(shown, source.picture, plan.sizes, _small_in(plan, stretch))
    outputs = []
    for size, stream in streams:
        if size is None:
            outputs.append(_small(stream, source.picture, plan, stretch, folder))
            continue
        keys = _keys(plan, stretch, rate)
        options = {**_QUALITY, "threads": _THREADS, **_limits(size), **keys, **most}
        target = str(folder / f"{size.name}.mp4")
        outputs.append(
            ffmpeg.output(stream, target, vcodec="libx264", **options, **_PICTURES, **_BARE)
        )
    return _compiled(*outputs)


def loudness(path: Path, source: Source, plan: Plan) -> list[str]:
    """Measure the sound as `levelling` reads it (EBU R 128, integrated)."""
    measure = {"framelog": "verbose"}  # of all its words the last are wanted
    heard = _heard(path, source, plan).filter("ebur128", **measure)
    return _compiled(ffmpeg.output(heard, "-", f="null"), words="info")


def sound(path: Path, source: Source, plan: Plan, target: Path, *, gain: float = 0) -> list[str]:
    """Encode the sound in stereo, made louder by so many decibels, its peaks held."""
    heard = _heard(path, source, plan)
    if gain:
        heard = heard.filter("volume", f"{gain:.2f}dB")
        heard = heard.filter("alimiter", limit=_PEAK, level="false")
    heard = heard.filter("aresample", _SOUND_RATE).filter("aformat", channel_layouts="stereo")
    options = {"acodec": "aac", "audio_bitrate": _SOUND_BITS}
    return _compiled(ffmpeg.output(heard, str(target), **options, **_SOUND, **_BARE))


def taken(path: Path, source: Source, plan: Plan, target: Path, sound: Path | None) -> list[str]:
    """Take pictures, and sound where a target for it is given, over as they are."""
    given = _input(path, plan.starts)
    outputs = [
        ffmpeg.output(
            given[str(source.picture.index)], str(target), vcodec="copy", **_PICTURES, **_BARE
        )
    ]
    if sound is not None:
        assert source.sound is not None  # only where there is one
        heard = given[str(source.sound.index)]
        outputs.append(ffmpeg.output(heard, str(sound), acodec="copy", **_SOUND, **_BARE))
    return _compiled(*outputs)


def poster(path: Path, source: Source, at: float, target: Path) -> list[str]:
    """Choose a picture that stands for the film among those that follow a moment, in seconds."""
    shown = _input(path, at)[str(source.picture.index)]
    if source.picture.is_hdr:
        shown = _dimmed(shown)
    width = min(_POSTER_WIDTH, source.picture.width // 2 * 2)
    shown = shown.filter("thumbnail", _POSTER_FRAMES).filter("scale", width, -2)
    shown = shown.filter("setsar", 1).filter("format", "yuvj420p")
    options = {"frames:v": 1, "update": 1, "q:v": 4}
    return _compiled(ffmpeg.output(shown, str(target), f="image2", **options, **_BARE))


def sheets(folder: Path) -> list[str]:
    """Lay the small pictures of a folder on sheets."""
    small = ffmpeg.input(str(folder / SMALL), framerate=1, start_number=0)
    tiled = small.filter("tile", f"{BOARD_COLUMNS}x{BOARD_ROWS}")
    options = {"q:v": 5, "start_number": 1}
    return _compiled(ffmpeg.output(tiled, str(folder / SHEETS), f="image2", **options))


def board_size(picture: Picture) -> tuple[int, int]:
    """Return width and height of a small picture."""
    factor = BOARD_SIDE / max(picture.width, picture.height)
    width, height = (
        max(2, 2 * round(side * factor / 2)) for side in (picture.width, picture.height)
    )
    return width, height


def board_first(plan: Plan, stretch: Stretch) -> int:
    """Return the number, from 0, of the first small picture that lies in a stretch."""
    return ceil(float(stretch.first / Fraction(plan.rate)) / plan.board)


def _input(path: Path, since: float) -> Stream:
    options: dict[str, object] = {"ss": f"{since:.6f}"} if since > 0 else {}
    return ffmpeg.input(f"file:{path}", threads=_THREADS, **GUARDS, **options)


def _heard(path: Path, source: Source, plan: Plan) -> Stream:
    """Return the sound from where the pictures begin, in stereo."""
    assert source.sound is not None  # a film without sound has no such part
    heard = _input(path, plan.starts)[str(source.sound.index)]
    heard = heard.filter("aresample", **{"async": 1, "first_pts": 0})
    return heard.filter("aformat", channel_layouts="stereo")


def _shown(stream: Stream, picture: Picture, plan: Plan) -> Stream:
    """Return the frames that are shown, evenly, from 0 on."""
    if picture.is_interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    if plan.every > 1:
        stream = stream.filter("select", f"not(mod(n,{plan.every}))")
    return stream.filter("setpts", "PTS-STARTPTS").filter("fps", plan.rate)


def _cascade(
    stream: Stream, picture: Picture, sizes: tuple[Size, ...], small: int
) -> list[tuple[Size | None, Stream]]:
    """Return each size with its stream, and at last that of the small pictures, if there are any.

    Every output has an end: one without would read the film to its own.
    """
    found: list[tuple[Size | None, Stream]] = []
    for number, size in enumerate(sizes):
        stream = stream.filter("scale", size.width, size.height, flags="bilinear")
        if number == 0:
            stream = _dimmed(stream) if picture.is_hdr else stream
            stream = stream.filter("setsar", 1).filter("format", "yuv420p")
        if number == len(sizes) - 1 and not small:
            return [*found, (size, stream)]
        both = stream.filter_multi_output("split", 2)
        found.append((size, both[0]))
        stream = both[1]
    return [*found, (None, stream)]


def _dimmed(stream: Stream) -> Stream:
    """Bring high dynamic range (BT.2100) to what every screen shows (BT.709)."""
    stream = stream.filter("zscale", t="linear", npl=100).filter("format", "gbrpf32le")
    stream = stream.filter("zscale", p="bt709").filter("tonemap", "hable", desat=0)
    return stream.filter("zscale", t="bt709", m="bt709", r="tv").filter("format", "yuv420p")


def _limits(size: Size) -> dict[str, object]:
    return {"maxrate": size.most, "bufsize": size.most * _BUFFER_SECONDS}


def _keys(plan: Plan, stretch: Stretch, rate: Fraction) -> dict[str, object]:
    """Return what has pictures that can be begun at stand at the cuts, and nowhere else.

    A moment between two frames means the second of them.
    """
    frames = [cut - stretch.first for cut in plan.cuts]
    inside = [frame for frame in frames if 0 < frame < stretch.frames]
    moments = ",".join(f"{float((frame - Fraction(1, 2)) / rate):.6f}" for frame in inside)
    keys = {"force_key_frames": moments} if inside else {}
    return {**keys, "g": 10**6, "sc_threshold": 0, "forced-idr": 1}


def _small_in(plan: Plan, stretch: Stretch) -> int:
    """Return how many small pictures lie in a stretch."""
    behind = Stretch(stretch.first + stretch.frames, 0)
    return board_first(plan, behind) - board_first(plan, stretch)


def _small(stream: Stream, picture: Picture, plan: Plan, stretch: Stretch, folder: Path) -> Stream:
    """Return the output of a stretch's small pictures."""
    first = board_first(plan, stretch)
    start = first * plan.board - float(stretch.first / Fraction(plan.rate))
    if start > 0:
        stream = stream.filter("trim", start=f"{start:.6f}").filter("setpts", "PTS-STARTPTS")
    # Rounded up: of the frames of an interval the one at its end is taken.
    stream = stream.filter("fps", f"1/{plan.board}", round="up")
    stream = stream.filter("scale", *board_size(picture)).filter("format", "yuvj420p")
    options = {"q:v": 5, "start_number": first, "frames:v": _small_in(plan, stretch)}
    return ffmpeg.output(stream, str(folder / SMALL), f="image2", **options)


def _compiled(*outputs: Stream, words: str = "error") -> list[str]:
    merged = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    command: list[str] = merged.global_args("-nostdin", "-v", words).compile(overwrite_output=True)
    return command
