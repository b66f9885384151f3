"""The job that looks at a film: refused with the reason, or added, and shown where it fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from app.content.videos import service
from app.content.videos.service import Found
from app.kernel.jobs import Job
from app.kernel.objects import Objects, objects_of
from content_packages.video import fragments, playlists
from content_packages.video.fragments import Track
from workers.ffmpeg import commands, ladder, probe, running, timeline
from workers.ffmpeg.ladder import Plan
from workers.ffmpeg.probe import Source
from workers.films import asker, bench, limit, prefix_of, publish, publish_track, source_of
from workers.lease import Progress
from workers.workshop import Workshop

#: The first conversion, whose files bear its number.
RUN: Final = 1
#: The picture that stands for a film comes from behind so much of it.
_POSTER_AT: Final = 0.1
_STEPS: Final = 4


def do(
    shop: Workshop, job: Job, progress: Progress
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Look at the file and keep it; return what adds its version. Raises Refused."""
    path, objects = _upload(shop, job), objects_of(shop.settings)
    source = probe.look(path)
    progress(1, _STEPS)
    plan = ladder.plan(source, timeline.read(path, source))
    progress(2, _STEPS)
    video_id = job.arguments["video_id"]
    with bench(shop, job) as folder:
        edition = _first(path, source, plan, folder, objects, prefix_of(video_id))
    progress(3, _STEPS)
    objects.put(source_of(video_id), path, "application/octet-stream")
    found = Found(source.as_document(), plan.as_document(), edition, source.size)

    def record(session: Session, now: datetime) -> dict[str, Any]:
        version = service.add(session, job.arguments, found, by=asker(job), now=now)
        return {"version_id": str(version.id), "material_id": str(version.material_id)}

    return record


def clean(shop: Workshop, job: Job) -> None:
    """Delete the uploaded file."""
    _upload(shop, job).unlink(missing_ok=True)


def _upload(shop: Workshop, job: Job) -> Path:
    upload: str = job.arguments["upload"]
    return shop.settings.uploads / upload


def _first(
    path: Path, source: Source, plan: Plan, folder: Path, objects: Objects, prefix: str
) -> dict[str, Any]:
    """Publish what can be had at once; return the edition, empty where the pictures do not fit."""
    poster = folder / f"poster-{RUN}.jpg"
    at = plan.starts + _POSTER_AT * plan.seconds
    running.run(commands.poster(path, source, at, poster), limit=limit(0))
    publish(objects, prefix, poster)
    if not plan.is_taken:
        return {}
    pictures, sound = folder / f"{plan.taken}-{RUN}.mp4", folder / f"first-{RUN}.mp4"
    copies = is_copied(source)
    command = commands.taken(path, source, plan, pictures, sound if copies else None)
    running.run(command, limit=limit(plan.seconds))
    if source.sound and not copies:
        command = commands.sound(path, source, plan, sound)
        running.run(command, limit=limit(plan.seconds))
    track = from_zero(pictures)
    starts = playlists.cuts(track, ladder.SEGMENT)
    size = {"width": source.picture.width, "height": source.picture.height}
    rung = publish_track(objects, prefix, pictures, track, starts)
    heard = publish_track(objects, prefix, sound, fragments.read(sound)) if source.sound else None
    return {
        "prefix": prefix,
        "duration": track.seconds,
        "rungs": [{**rung, **size, "rate": track.samples / track.seconds}],
        "sound": heard,
        "poster": poster.name,
        "storyboard": None,
        "is_whole": False,
    }


def is_copied(source: Source) -> bool:
    """Whether browsers play the sound as it is."""
    sound = source.sound
    return (
        sound is not None
        and (sound.codec, sound.profile) == ("aac", "LC")
        and sound.channels in (1, 2)
    )


def from_zero(path: Path) -> Track:
    """Have a track begin at 0, whatever its first picture said; return it."""
    track = fragments.read(path)
    first = track.fragments[0].time
    if first == 0:
        return track
    moved = path.with_suffix(".moved")
    fragments.join([(path, -first)], moved)
    moved.replace(path)
    return fragments.read(path)
