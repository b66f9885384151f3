"""The job that puts the parts of a film together, and lets it be watched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.content.videos import queries, service
from app.content.videos.models import SOUND, WHOLE, Video
from app.kernel import clock
from app.kernel.jobs import Job
from app.kernel.objects import Objects, objects_of
from content_packages.video import fragments, storyboard
from content_packages.video.storyboard import Grid
from workers.ffmpeg import commands, running
from workers.ffmpeg.ladder import Plan, Size, Stretch
from workers.ffmpeg.probe import Source
from workers.film_importing import RUN
from workers.films import (
    asker,
    at_hand,
    bench,
    limit,
    place_of,
    prefix_of,
    publish,
    publish_track,
    work_of,
)
from workers.lease import Progress
from workers.workshop import Workshop

Record = Callable[[Session, datetime], dict[str, Any]]


class UnevenError(Exception):
    """Stretches that were encoded apart have not all their frames."""


def do(shop: Workshop, job: Job, progress: Progress) -> Record:
    """Put the film together; return what publishes it, or has it converted as a whole."""
    video_id, run, _ = place_of(job)
    objects = objects_of(shop.settings)
    with shop.database.reading() as session:
        video = session.get_one(Video, video_id)
        prefixes = {
            part.number: part.result.get("prefix", "") for part in queries.parts(session, video)
        }
    del prefixes[WHOLE]
    source, plan = Source.of(video.source), Plan.of(video.plan)
    with bench(shop, job) as folder:
        work = _Work(objects, prefix_of(video_id), run, plan, source, folder, prefixes)
        try:
            edition = work.edition(video.edition, progress)
        except UnevenError:
            whole = replace(plan, stretches=(Stretch(0, plan.frames),))
            return lambda session, now: _again(session, job, whole, now)

    def record(session: Session, now: datetime) -> dict[str, Any]:
        by = asker(job)
        return {"is_published": service.finish(session, video_id, run, edition, by=by, now=now)}

    return record


def clean(shop: Workshop, job: Job) -> None:
    """Delete what the parts have left; have the conversion end where this could not be done."""
    video_id, run, _ = place_of(job)
    with shop.database.unit_of_work() as session:
        service.settle(session, video_id, clock.now())
    objects_of(shop.settings).remove(work_of(video_id, run))


def _again(session: Session, job: Job, plan: Plan, now: datetime) -> dict[str, Any]:
    video_id, run, _ = place_of(job)
    service.start_over(session, video_id, run, plan.as_document(), now)
    return {"is_published": False}


@dataclass
class _Work:
    """The parts of one conversion on their way to an edition."""

    objects: Objects
    prefix: str
    run: int
    plan: Plan
    source: Source
    folder: Path
    #: Where each part has left what it made, by its number.
    prefixes: dict[int, str]
    #: How long what was encoded lasts, as its tracks say.
    seconds: float = 0.0

    def edition(self, before: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Publish every file and return the edition; `before` tells of what was taken over."""
        rungs = [rung for rung in before.get("rungs", ()) if self.plan.is_taken][:1]
        steps = len(self.plan.sizes) + 2
        for step, size in enumerate(self.plan.sizes, 1):
            rungs.append(self._rung(size))
            progress(step, steps)
        sound = self._sound() if self.source.sound else None
        board = self._board()
        return {
            "prefix": self.prefix,
            "duration": self._duration(before),
            "rungs": rungs,
            "sound": sound,
            "poster": f"poster-{RUN}.jpg",
            "storyboard": board,
            "is_whole": True,
        }

    def _duration(self, before: dict[str, Any]) -> float:
        if self.plan.is_taken:
            taken: float = before["duration"]
            return taken
        return self.seconds

    def _rung(self, size: Size) -> dict[str, Any]:
        """Join the stretches of one size; raises UnevenError."""
        rate = Fraction(self.plan.rate)
        name = f"{size.name}.mp4"
        paths = self._stretches(name)
        timescale = fragments.read(paths[0]).timescale
        ticks = [int(each.first * timescale / rate) for each in self.plan.stretches]
        target = self.folder / f"{size.name}-{self.run}.mp4"
        track = fragments.join(list(zip(paths, ticks, strict=True)), target)
        if len(paths) > 1 and track.samples != self.plan.frames:
            raise UnevenError
        self.seconds = track.seconds
        told = publish_track(self.objects, self.prefix, target, track)
        return {**told, "width": size.width, "height": size.height, "rate": float(rate)}

    def _sound(self) -> dict[str, Any]:
        target = self.folder / f"sound-{self.run}.mp4"
        shutil.copyfile(self._part(SOUND, "sound.mp4"), target)
        return publish_track(self.objects, self.prefix, target, fragments.read(target))

    def _board(self) -> dict[str, Any]:
        """Lay the small pictures on sheets, and tell players where each one stands."""
        width, height = commands.board_size(self.source.picture)
        columns, rows = commands.BOARD_COLUMNS, commands.BOARD_ROWS
        grid = Grid(float(self.plan.board), width, height, columns, rows)
        self._gather_small(grid.pictures(self.plan.seconds))
        running.run(commands.sheets(self.folder), limit=limit(0))
        sheets = []
        for number, sheet in enumerate(
            sorted(self.folder.glob("storyboard-*.jpg"), key=_number), 1
        ):
            named = sheet.rename(self.folder / f"board-{self.run}-{number}.jpg")
            publish(self.objects, self.prefix, named)
            sheets.append(named.name)
        cues = self.folder / f"board-{self.run}.vtt"
        cues.write_text(storyboard.webvtt(grid, sheets, self.plan.seconds))
        publish(self.objects, self.prefix, cues)
        return {**asdict(grid), "sheets": sheets}

    def _gather_small(self, count: int) -> None:
        """Bring the small pictures together; where one is missing the one before it stands."""
        for number, prefix in sorted(self.prefixes.items()):
            if number != SOUND:
                for key in self.objects.keys(prefix):
                    if key.endswith(".jpg"):
                        self.objects.fetch(key, self.folder / key.rpartition("/")[2])
        last: Path | None = None
        for number in range(count):
            path = self.folder / (commands.SMALL % number)
            if path.exists():
                last = path
            elif last is not None:
                shutil.copyfile(last, path)

    def _stretches(self, name: str) -> Sequence[Path]:
        return [self._part(number, name) for number in sorted(self.prefixes) if number != SOUND]

    def _part(self, number: int, name: str) -> Path:
        folder = self.folder / f"part{number}"
        folder.mkdir(exist_ok=True)
        return at_hand(self.objects, f"{self.prefixes[number]}{name}", folder)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])
