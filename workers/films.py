"""What the jobs of films share: where a film's files lie, and a folder to work in.

videos/<film>/source           the file as it was sent
videos/<film>/<name>-<run>…    what is watched; written once, then named by an edition
work/<film>/<run>/<part>/…     what parts hand to the last of them
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.kernel.actor import Actor, Grant
from app.kernel.jobs import Job
from app.kernel.objects import Objects
from content_packages.media_types import content_type
from content_packages.video import playlists
from content_packages.video.fragments import Track
from workers.workshop import Workshop

#: Seconds that the work on one second of film may take at most, and what is added for short ones.
PATIENCE: Final = 60
LEAST_PATIENCE: Final = 900


def limit(seconds: float) -> float:
    """Return how long the work on so many seconds of film may take."""
    return LEAST_PATIENCE + PATIENCE * seconds


def prefix_of(video_id: uuid.UUID | str) -> str:
    """Return where the files of a film lie in the store."""
    return f"videos/{video_id}/"


def source_of(video_id: uuid.UUID | str) -> str:
    """Return the key of the file that was sent."""
    return f"{prefix_of(video_id)}source"


def work_of(video_id: uuid.UUID | str, run: int | None = None, number: int | None = None) -> str:
    """Return where the parts of a film, of a conversion, or one part wait to be put together."""
    below = (str(part) for part in (run, number) if part is not None)
    return "/".join(("work", str(video_id), *below, ""))


@contextmanager
def bench(shop: Workshop, job: Job) -> Iterator[Path]:
    """Yield an empty folder for a job, and delete it afterwards; what a dead worker left, too."""
    folder = shop.settings.work / str(job.id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def asker(job: Job) -> Actor:
    """Return who has asked for a job, in the role in which they asked."""
    grants = (Grant(job.role),) if job.role else ()
    return Actor(person_id=job.created_by, grants=grants)


def place_of(job: Job) -> tuple[uuid.UUID, int, int]:
    """Return the film, the conversion and the part that a job is for."""
    return uuid.UUID(job.arguments["video_id"]), job.arguments["run"], job.arguments["number"]


def at_hand(objects: Objects, key: str, folder: Path) -> Path:
    """Return an object as a file: where it lies, else brought into the folder."""
    place = objects.local(key)
    if place is None:
        place = folder / key.rpartition("/")[2]
        objects.fetch(key, place)
    return place


def publish(objects: Objects, prefix: str, path: Path) -> None:
    """Put a file under its own name."""
    objects.put(f"{prefix}{path.name}", path, content_type(path.name))


def publish_track(
    objects: Objects, prefix: str, path: Path, track: Track, starts: Sequence[float] | None = None
) -> dict[str, Any]:
    """Put a track with its playlist; return what an edition says of it."""
    found = playlists.segments(track, starts)
    playlist = path.with_suffix(".m3u8")
    playlist.write_text(playlists.media(track, found, path.name))
    publish(objects, prefix, path)
    publish(objects, prefix, playlist)
    return {
        "name": path.stem,
        "bandwidth": playlists.peak(found),
        "average": playlists.average(found),
        "codecs": track.codecs,
    }
