"""Small films of every kind, what Kenshu makes of them, and how to look at what came of it."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from content_packages.video import fragments
from content_packages.video.fragments import Track
from workers.ffmpeg import commands, ladder, probe, running, timeline
from workers.ffmpeg.ladder import Plan
from workers.ffmpeg.probe import Source
from workers.ffmpeg.timeline import Timeline

LIMIT = 60
#: How dark the first of frames that can be counted is, by how much each next one is lighter, and
#: after how many it begins anew.
DARK, LIGHTER, ROUND = 20, 2, 100
FAST = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
TONE = "sine=frequency=440:sample_rate=48000"


def ffmpeg(*arguments: object, given: bytes | None = None) -> bytes:
    """Run ffmpeg and return what it writes to its standard output."""
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    source = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=LIMIT, **source
    ).stdout


def film(
    path: Path,
    *options: object,
    seconds: float = 4,
    size: str = "320x180",
    rate: object = 25,
    sound: str | None = TONE,
    filters: str = "null",
) -> Path:
    """Make a film of a moving test picture, and of sound where there is any."""
    shown = f"testsrc2=s={size}:r={rate}:d={seconds},{filters}"
    heard = ("-f", "lavfi", "-i", f"{sound}:d={seconds}") if sound else ()
    ffmpeg("-f", "lavfi", "-i", shown, *heard, *(options or FAST), path)
    return path


def counted(
    path: Path,
    *options: object,
    frames: int = 100,
    rate: object = 25,
    size: tuple[int, int] = (320, 180),
) -> Path:
    """Make a film whose frames can be told from each other by how light they are."""
    width, height = size
    raw = b"".join(bytes((shade(number),)) * (width * height) for number in range(frames))
    form = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-r", rate)
    source = (*form, "-i", "pipe:")
    ffmpeg(*source, *(options or FAST), path, given=raw)
    return path


def shade(number: int) -> int:
    """Return how light a frame is, by its number."""
    return DARK + LIGHTER * (number % ROUND)


def shades(path: Path, *options: object) -> list[int]:
    """Return how light each frame of a film is, in the order in which they are shown."""
    shrunk = ("-vf", "scale=1:1:flags=area,format=gray", "-fps_mode", "passthrough")
    return list(ffmpeg(*options, "-i", path, "-map", "0:v:0", *shrunk, "-f", "rawvideo", "-"))


def numbers(path: Path) -> list[int]:
    """Return the number of each frame of a film of `counted`, told by how light it is."""
    return [round((each - DARK) / LIGHTER) for each in shades(path)]


def loudness(path: Path) -> float:
    """Return how loud a film is, in LUFS (EBU R 128)."""
    command = ["ffmpeg", "-nostdin", "-i", str(path), "-vn", "-af", "ebur128", "-f", "null", "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT)
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", done.stderr)[-1])


def probed(path: Path, entries: str, *options: str) -> list[list[str]]:
    """Return what ffprobe says, as rows."""
    command = ["ffprobe", "-v", "error", "-of", "csv=p=0", *options, "-show_entries", entries]
    said = subprocess.check_output([*command, str(path)], text=True, timeout=LIMIT)
    return [line.rstrip(",").split(",") for line in said.split()]


@dataclass(frozen=True)
class Made:
    """What came of a film."""

    source: Source
    timeline: Timeline
    plan: Plan
    folder: Path

    @property
    def tracks(self) -> dict[str, Track]:
        """The tracks of pictures by name, the largest first."""
        names = [self.plan.taken] if self.plan.is_taken else []
        names += [size.name for size in self.plan.sizes]
        return {name: fragments.read(self.folder / f"{name}.mp4") for name in names}

    @property
    def sound(self) -> Track:
        """The track of sound."""
        return fragments.read(self.folder / "sound.mp4")


def seen(path: Path, stretch: float = ladder.STRETCH) -> tuple[Source, Timeline, Plan]:
    """Return what a file is, and what is to be made of it."""
    source = probe.look(path)
    times = timeline.read(path, source)
    return source, times, ladder.plan(source, times, stretch=stretch)


def made(path: Path, folder: Path, *, stretch: float = ladder.STRETCH) -> Made:
    """Make of a film all that Kenshu makes of it; raises Refused."""
    source, times, plan = seen(path, stretch)
    folder.mkdir()
    if plan.is_taken:
        taken = folder / "taken.mp4"
        run(commands.taken(path, source, plan, taken, None))
        first = fragments.read(taken).fragments[0].time
        fragments.join([(taken, -first)], folder / f"{plan.taken}.mp4")
    if plan.sizes:
        _encode(path, source, plan, folder)
    if source.sound:
        run(commands.sound(path, source, plan, folder / "sound.mp4"))
    run(commands.poster(path, source, plan.starts, folder / "poster.jpg"))
    return Made(source, times, plan, folder)


def run(command: Sequence[str]) -> None:
    """Run a command of ours."""
    running.run(command, limit=LIMIT)


def _encode(path: Path, source: Source, plan: Plan, folder: Path) -> None:
    parts = []
    for number, each in enumerate(plan.stretches):
        part = folder / f"part{number}"
        part.mkdir()
        run(commands.pictures(path, source, plan, each, part))
        parts.append(part)
        for small in part.glob("small-*.jpg"):
            small.rename(folder / small.name)
    for size in plan.sizes:
        name = f"{size.name}.mp4"
        scale = fragments.read(parts[0] / name).timescale
        moves = [round(each.first * scale / Fraction(plan.rate)) for each in plan.stretches]
        joined = [(part / name, move) for part, move in zip(parts, moves, strict=True)]
        fragments.join(joined, folder / name)
    run(commands.sheets(folder))
