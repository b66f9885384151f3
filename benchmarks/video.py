"""A film's conversion in seconds of processor, beside the bare ladder of one hand-typed command.

Processors are shared and drift: what is compared is measured in turn, and medians are told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import slides
from benchmarks.figures import tell
from content_packages.video import fragments
from workers.ffmpeg import commands, ladder, probe, timeline
from workers.ffmpeg.ladder import Plan, Size
from workers.ffmpeg.probe import Source

ROUNDS: Final = 3
#: A film of two minutes is divided into three stretches, two of which are encoded at once.
STRETCH: Final = slides.SECONDS / 2.5
WORKERS: Final = 2
#: ffmpeg's own filter that levels by EBU R 128; its rate and channels have to be brought back.
_LEVELLED: Final = "loudnorm,aresample=48000,aformat=channel_layouts=stereo"

Command = Sequence[str]


@dataclass(frozen=True)
class _Film:
    path: Path
    source: Source
    plan: Plan


@dataclass(frozen=True)
class _Spent:
    """What commands have used: seconds of processor, and the most memory of one, in bytes."""

    processor: float
    memory: int

    @classmethod
    def of(cls, spent: Sequence[_Spent]) -> _Spent:
        return cls(sum(each.processor for each in spent), max(each.memory for each in spent))


def measure() -> None:
    """Tell the ladder beside the bare one, what taking over saves, and what stretches cost."""
    if shutil.which("ffmpeg") is None:
        raise SystemExit("this figure needs ffmpeg: apt-get install ffmpeg")
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as name:
        folder = Path(name)
        fitting, other = (_film(path) for path in slides.lecture(folder))
        assert fitting.plan.is_taken
        assert not other.plan.is_taken
        ways: dict[str, Callable[[], _Spent]] = {
            "whole": lambda: _stretches(other, _empty(folder / "whole"), other.plan),
            "beside": lambda: _each(_beside(other, folder / "whole" / "0")),
            "bare": lambda: _spent(_bare(other, _empty(folder / "bare"))),
            "apart": lambda: _each(_apart(other, _empty(folder / "apart"))),
            "apart_bare": lambda: _each(_apart(other, _empty(folder / "apart"), heard=False)),
            "taken": lambda: _taken(fitting, _empty(folder / "taken")),
            "stretches": lambda: _stretches(other, _empty(folder / "stretches"), _divided(other)),
        }
        rounds = [{way: spend() for way, spend in ways.items()} for _ in range(ROUNDS)]
        _tell(rounds)
        _tell_frames(folder, other)
        _tell_remux(fitting, folder)


def _tell(rounds: list[dict[str, _Spent]]) -> None:
    seconds = {way: median(each[way].processor for each in rounds) for way in rounds[0]}
    about = {
        "rounds": ROUNDS,
        "film_seconds": slides.SECONDS,
        **{f"{way}_processor_s": round(value, 1) for way, value in seconds.items()},
    }
    tell("video.ladder", _ratio(rounds, ("whole", "beside"), "bare"), "of the bare ladder", **about)
    for name, beside, what in (
        ("video.ladder.apart", "apart", "of a process for each size and its levelled sound"),
        ("video.ladder.apart.bare", "apart_bare", "of a process for each size, without sound"),
    ):
        tell(name, _ratio(rounds, ("whole", "beside"), beside), what)
    tell("video.taken", _ratio(rounds, ("taken",), "bare"), "of the bare ladder")
    tell("video.chunks", _ratio(rounds, ("stretches",), "whole"), "of the whole in one")
    own = ("whole", "beside", "taken", "stretches")
    most = max(each[way].memory for each in rounds for way in own)
    tell("video.memory", most / 1e6, "MB")


def _tell_frames(folder: Path, film: _Film) -> None:
    """Tell the frames that the joined stretches lack; there should be none."""
    lacking = 0
    for size in film.plan.sizes:
        whole = fragments.read(folder / "whole" / "0" / f"{size.name}.mp4")
        joined = fragments.read(folder / "stretches" / f"{size.name}.mp4")
        lacking += abs(whole.samples - joined.samples)
    tell("video.chunks.lacking", lacking, "frames", frames=film.plan.frames)


def _tell_remux(film: _Film, folder: Path) -> None:
    command = commands.taken(
        film.path, film.source, film.plan, folder / "taken.mp4", folder / "sound.mp4"
    )
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _spent(command)
        took.append(time.perf_counter() - began)
    tell("video.remux", slides.SECONDS / median(took), "film seconds/s")


def _ratio(rounds: list[dict[str, _Spent]], ways: Sequence[str], beside: str) -> float:
    """Return the median of the ratios of the rounds: what drifts, drifts for both."""
    return median(
        sum(each[way].processor for way in ways) / each[beside].processor for each in rounds
    )


def _film(path: Path) -> _Film:
    source = probe.look(path)
    return _Film(path, source, ladder.plan(source, timeline.read(path, source)))


def _divided(film: _Film) -> Plan:
    times = timeline.read(film.path, film.source)
    return ladder.plan(film.source, times, stretch=STRETCH)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _beside(film: _Film, folder: Path) -> list[Command]:
    """Return what Kenshu makes beside the pictures, whose folder has the small ones."""
    at = film.plan.starts + film.plan.seconds / 10
    return [
        commands.loudness(film.path, film.source, film.plan),
        # However much it is made louder takes as long.
        commands.sound(film.path, film.source, film.plan, folder / "sound.mp4", gain=5),
        commands.poster(film.path, film.source, at, folder / "poster.jpg"),
        commands.sheets(folder),
    ]


def _taken(film: _Film, folder: Path) -> _Spent:
    """Make all of a film whose pictures are taken over; it is heard at once, and levelled later."""
    path, source, plan = film.path, film.source, film.plan
    made = [
        commands.taken(path, source, plan, folder / "taken.mp4", folder / "first.mp4"),
        commands.pictures(path, source, plan, plan.stretches[0], folder),
        *_beside(film, folder),
    ]
    return _each(made)


def _stretches(film: _Film, folder: Path, plan: Plan) -> _Spent:
    """Encode the pictures by stretches, two at once, and join them."""
    folders = [_empty(folder / str(number)) for number in range(len(plan.stretches))]
    with ThreadPoolExecutor(WORKERS) as pool:
        made = [
            commands.pictures(film.path, film.source, plan, stretch, each)
            for stretch, each in zip(plan.stretches, folders, strict=True)
        ]
        spent = list(pool.map(_spent, made))
    for size in plan.sizes:
        name = f"{size.name}.mp4"
        scale = fragments.read(folders[0] / name).timescale
        ticks = [int(each.first * scale / Fraction(plan.rate)) for each in plan.stretches]
        parts = [(each / name, move) for each, move in zip(folders, ticks, strict=True)]
        fragments.join(parts, folder / name)
    return _Spent.of(spent)


def _bare(film: _Film, folder: Path) -> Command:
    """Return the same sizes in one command, and nothing else."""
    sizes = film.plan.sizes
    outs = "".join(f"[v{number}]" for number in range(len(sizes)))
    scaled = "".join(
        f";[v{number}]scale={size.width}:{size.height}[s{number}]"
        for number, size in enumerate(sizes)
    )
    graph = f"[0:v]split={len(sizes)}{outs}{scaled}"
    made = [
        part
        for number, size in enumerate(sizes)
        for part in ("-map", f"[s{number}]", *_x264(size), str(folder / f"{size.name}.mp4"))
    ]
    return [*_begun(film), "-filter_complex", graph, *made, *_heard(folder)]


def _apart(film: _Film, folder: Path, *, heard: bool = True) -> list[Command]:
    """Return a command for each size, which decodes, scales and levels the sound by itself.

    Each makes a file that can be watched, as scripts do that call ffmpeg once for a size; without
    the sound it is the pictures alone.
    """
    levelled = ("-map", "0:a", "-af", _LEVELLED, "-c:a", "aac", "-b:a", "96k") if heard else ()
    return [
        [
            *(*_begun(film), "-map", "0:v", "-vf", f"scale={size.width}:{size.height}"),
            *(*_x264(size), *levelled, str(folder / f"{size.name}.mp4")),
        ]
        for size in film.plan.sizes
    ]


def _begun(film: _Film) -> Command:
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(film.path)]


def _heard(folder: Path) -> Command:
    return ["-map", "0:a", "-c:a", "aac", "-b:a", "96k", str(folder / "sound.mp4")]


def _x264(size: Size) -> Command:
    """Return what commands.pictures asks of x264, typed by hand."""
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-profile:v", "high"),
        *("-pix_fmt", "yuv420p", "-maxrate", str(size.most), "-bufsize", str(4 * size.most)),
        *("-g", str(ladder.SEGMENT * slides.RATE), "-sc_threshold", "0"),
    ]


def _each(made: Sequence[Command]) -> _Spent:
    return _Spent.of([_spent(command) for command in made])


def _spent(command: Command) -> _Spent:
    """Run a command alone and return what it has used; the kernel counts for each child."""
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return _Spent(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
