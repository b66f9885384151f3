"""What conversions of films have left behind: parts that nobody puts together, folders of the dead.

What is deleted here is made anew where it is wanted again: the source and every edition stay.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from datetime import datetime

from app.content.videos import queries as videos
from app.kernel.jobs import Job, State
from app.kernel.objects import objects_of
from workers.films import work_of
from workers.workshop import Workshop

log = logging.getLogger(__name__)


def delete_left_parts(shop: Workshop, now: datetime) -> int:  # noqa: ARG001 - as every task is called
    """Delete the parts of films that are not being converted; return of how many films."""
    objects = objects_of(shop.settings)
    found = {key.split("/")[1] for key in objects.keys("work/")}
    with shop.database.reading() as session:
        making = {str(video_id) for video_id in videos.making(session)}
    left = found - making
    for video_id in left:
        objects.remove(work_of(video_id))
    if left:
        log.info("parts.deleted", extra={"count": len(left)})
    return len(left)


def delete_left_benches(shop: Workshop, now: datetime) -> int:  # noqa: ARG001 - as every task is called
    """Delete the folders of jobs that have ended, whose worker died before it could."""
    count = 0
    for folder in shop.settings.work.glob("*"):
        with shop.database.reading() as session:
            job = session.get(Job, uuid.UUID(folder.name))
        if job is None or job.status not in (State.QUEUED, State.RUNNING):
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count
