"""The worker's processes: begun, killed and ended, with a real Redis between them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.jobs import QUEUE, Job, State
from tests.content.made import MANIFEST, package
from tests.content_packages.made import File, deflated, zip_of
from tests.launcher.processes import alive, command_line, descendants, within
from tests.workers import made
from workers import schedule

ROOT = Path(__file__).parents[2]


@pytest.fixture
def worker(queued_shop):
    settings = queued_shop.settings
    environment = {
        **os.environ,
        "KENSHU_INSTANCE": str(settings.instance),
        "REDIS_URL": settings.redis,
        "DATABASE_URL": settings.database,
        "KENSHU_TRANSCODERS": "1",
    }
    process = subprocess.Popen([sys.executable, "-m", "workers"], cwd=ROOT, env=environment)
    assert within(20, lambda: listener(process.pid) is not None)
    yield process.pid
    process.terminate()
    process.wait(20)


def listener(pid):
    """Return the process that takes the nudges of everyday work."""
    lines = descendants(pid).items()
    found = [child for child, line in lines if f"workers.listening {pid} {QUEUE} " in line]
    return min(found, default=None)


def horse(pid):
    """Return the work-horse: what the listener has forked."""
    parent = listener(pid)
    return min(descendants(parent), default=None) if parent else None


def large_package(folder):
    """Write a package that takes some seconds to be read: forty files of forty megabytes."""
    content = b"".join(os.urandom(400).ljust(20_000, b"\0") for _ in range(2000))
    packed, crc = deflated(content), zlib.crc32(content)
    text = MANIFEST.format(title="大きな教材", href="0.bin").encode()
    files = [
        File(b"%d.bin" % number, b"", packed=packed, size=len(content), crc=crc)
        for number in range(40)
    ]
    path = folder / "large.zip"
    path.write_bytes(zip_of(File(b"imsmanifest.xml", text), *files))
    return path


def is_running(shop, job_id):
    return made.job(shop, job_id).status == State.RUNNING


def let_the_lease_run_out(shop, job_id):
    with shop.database.unit_of_work() as session:
        session.get_one(Job, job_id).lease_until = clock.now()


def test_a_job_asked_for_is_done(worker, queued_shop, tmp_path):
    job_id = made.import_job(queued_shop, package(tmp_path / "p.zip"))
    assert within(20, lambda: made.job(queued_shop, job_id).status == State.DONE)
    assert len(made.versions(queued_shop)) == 1


def test_the_job_of_a_killed_work_horse_is_taken_up_again(worker, queued_shop, tmp_path):
    job_id = made.import_job(queued_shop, large_package(tmp_path))
    assert within(20, lambda: is_running(queued_shop, job_id))
    os.kill(horse(worker), signal.SIGKILL)
    assert is_running(queued_shop, job_id)
    let_the_lease_run_out(queued_shop, job_id)
    schedule.nudge_waiting(queued_shop, clock.now())
    assert within(60, lambda: made.job(queued_shop, job_id).status == State.DONE)
    assert made.job(queued_shop, job_id).attempts == 2
    assert len(made.versions(queued_shop)) == 1
    # The file goes once the job's end is written down.
    assert within(5, lambda: not list(queued_shop.settings.uploads.iterdir()))


def test_a_work_horse_dies_with_its_worker_and_another_worker_takes_its_place(
    worker, queued_shop, tmp_path
):
    job_id = made.import_job(queued_shop, large_package(tmp_path))
    assert within(20, lambda: is_running(queued_shop, job_id))
    first, its_horse = listener(worker), horse(worker)
    os.kill(first, signal.SIGKILL)
    assert within(5, lambda: not alive({first, its_horse}))
    assert is_running(queued_shop, job_id)
    assert within(20, lambda: listener(worker) not in (None, first))


def test_all_processes_end_when_the_worker_is_told_to(queued_shop, worker):
    everyone = {worker, *descendants(worker)}
    assert len(everyone) >= 2
    os.kill(worker, signal.SIGTERM)
    assert within(15, lambda: not alive(everyone))


def test_nobody_is_left_when_the_worker_is_killed(queued_shop, worker):
    everyone = set(descendants(worker))
    os.kill(worker, signal.SIGKILL)
    assert within(15, lambda: not alive(everyone))


def test_a_worker_waits_for_a_redis_that_is_not_there_yet(settings, tmp_path):
    socket = tmp_path / "none.sock"
    process = subprocess.Popen(
        [sys.executable, "-m", "workers.listening", str(os.getpid()), QUEUE],
        cwd=ROOT,
        env={
            **os.environ,
            "KENSHU_INSTANCE": str(settings.instance),
            "REDIS_URL": f"unix://{socket}",
        },
        stderr=subprocess.PIPE,
    )
    assert b"queue.unreachable" in process.stderr.readline()
    assert command_line(process.pid)
    assert process.poll() is None
    process.terminate()
    process.wait(10)
    process.stderr.close()
