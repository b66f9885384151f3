"""The job that makes one part of a film: its sound, or a stretch of its pictures, in each size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.content.videos import service
from app.content.videos.models import SOUND, Video
from app.kernel import clock
from app.kernel.jobs import Job
from app.kernel.objects import objects_of
from workers.ffmpeg import commands, levelling, running
from workers.ffmpeg.ladder import Plan
from workers.ffmpeg.probe import Source
from workers.films import at_hand, bench, limit, place_of, publish, source_of, work_of
from workers.lease import Progress
from workers.workshop import Workshop


def do(
    shop: Workshop, job: Job, progress: Progress
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Make the part and leave it for the last one; return what notes it. Raises Refused."""
    video_id, run, number = place_of(job)
    objects = objects_of(shop.settings)
    with shop.database.reading() as session:
        video = session.get_one(Video, video_id)
        source, plan = Source.of(video.source), Plan.of(video.plan)
    # A worker that was thought dead may still be writing: each attempt has a place of its own.
    prefix = f"{work_of(video_id, run, number)}{job.attempts}/"
    with bench(shop, job) as folder:
        path = at_hand(objects, source_of(video_id), folder)
        made = folder / "made"
        made.mkdir()
        seconds = _make(path, source, plan, number, made, progress)
        progress(seconds, seconds)
        for each in sorted(made.iterdir()):
            publish(objects, prefix, each)

    def record(session: Session, now: datetime) -> dict[str, Any]:
        service.note_part(session, video_id, run, number, {"prefix": prefix}, now)
        return {}

    return record


def clean(shop: Workshop, job: Job) -> None:
    """Have the conversion end where this part could not be made."""
    video_id, _, _ = place_of(job)
    with shop.database.unit_of_work() as session:
        service.settle(session, video_id, clock.now())


def _make(
    path: Path, source: Source, plan: Plan, number: int, folder: Path, progress: Progress
) -> int:
    """Make a part in a folder; return of how many seconds of film."""
    if number == SOUND:
        seconds = plan.seconds
        gain = levelling.gain(path, source, plan, limit=limit(seconds))
        command = commands.sound(path, source, plan, folder / "sound.mp4", gain=gain)
    else:
        stretch = plan.stretches[number - 1]
        seconds = plan.seconds * stretch.frames / plan.frames
        command = commands.pictures(path, source, plan, stretch, folder)
    total = max(1, round(seconds))
    running.run(
        command, limit=limit(seconds), heard=lambda done: progress(min(total, round(done)), total)
    )
    return total
