"""A film that is being converted while a worker, its Redis and the launcher's worker are killed.

In the suite Redis alone is killed; `make faults` kills the others, too, and waits for the lease of
a dead worker to run out.
"""

from __future__ import annotations

import os
import shutil
import signal
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.content.videos import service
from app.content.videos.models import Video, VideoStatus
from app.kernel import clock, db, jobs
from app.kernel.actor import Actor
from app.kernel.db import Database
from tests import factories
from tests.browser import serving
from tests.launcher.processes import children, descendants, within
from tests.workers import films

WAITS = float(os.environ.get("KENSHU_FAULT_SECONDS", "3")) >= 60
pytestmark = [
    pytest.mark.xdist_group("installations"),
    pytest.mark.requirement("VID-01"),
]


def encoders(launcher: int) -> list[int]:
    """Return the processes of ffmpeg below the launcher that encode pictures."""
    return [pid for pid, line in descendants(launcher).items() if line.startswith("ffmpeg ")]


def kill_horse(launcher: int) -> None:
    """Kill the work-horse that encodes, which takes its ffmpeg with it."""
    [encoder, *_] = encoders(launcher)
    [horse] = [
        pid
        for pid, line in descendants(launcher).items()
        if encoder in children(pid) and "workers.listening" in line
    ]
    os.kill(horse, signal.SIGKILL)


def kill_listener(launcher: int) -> None:
    """Kill the processes that take nudges of films, with all that they have begun."""
    for pid, line in descendants(launcher).items():
        if "workers.listening" in line and jobs.MEDIA_QUEUE in line:
            os.kill(pid, signal.SIGKILL)


def kill_workers(launcher: int) -> None:
    """Kill the worker that the launcher has started."""
    [victim] = [pid for pid, line in children(launcher).items() if "-m workers " in line]
    os.kill(victim, signal.SIGKILL)


def kill_redis(launcher: int) -> None:
    """Kill the launcher's Redis."""
    [victim] = [pid for pid, line in children(launcher).items() if "redis.sock" in line]
    os.kill(victim, signal.SIGKILL)


def sent(database: Database, instance: Path, film: Path) -> None:
    """Have a film converted as an author has sent it; the schedule finds it by itself."""
    (instance / "uploads").mkdir(exist_ok=True)
    name = str(uuid.uuid4())
    shutil.copyfile(film, instance / "uploads" / name)
    with database.unit_of_work() as session:
        author = factories.person(session, "教材 みほん")
        by = Actor(person_id=author.id)
        service.ask(session, name, "film.mp4", "", None, by=by, now=clock.now())


def is_ready(database: Database) -> bool:
    with database.reading() as session:
        return list(session.scalars(sa.select(Video.status))) == [VideoStatus.READY]


@pytest.mark.parametrize(
    "kill", [kill_redis, *([kill_horse, kill_listener, kill_workers] if WAITS else [])]
)
def test_a_film_is_finished_without_anyones_help(
    tmp_path: Path, kill: Callable[[int], None]
) -> None:
    variables = {**serving.environment(tmp_path), "KENSHU_TRANSCODERS": "1"}
    serving.run(variables, "migrate")
    launcher = serving.start(variables, "serve")
    database = db.connect(f"sqlite:///{tmp_path / 'kenshu.sqlite3'}")
    try:
        sent(database, tmp_path, films.film(30, is_busy=True))
        assert within(90, lambda: bool(encoders(launcher.pid)) and _is_known(database))
        kill(launcher.pid)
        assert not is_ready(database)
        assert within(240, lambda: is_ready(database))
        assert launcher.poll() is None
    finally:
        database.engine.dispose()
        launcher.terminate()
        launcher.wait(60)


def _is_known(database: Database) -> bool:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Video)) == 1
