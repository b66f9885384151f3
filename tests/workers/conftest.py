"""What tests of the workers stand on: a database of their own, and a real Redis."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from app.kernel import installation, schema
from app.kernel.settings import Settings
from tests.kernel import fresh
from tests.launcher.processes import within
from workers.workshop import Workshop


@contextmanager
def _shop(settings: Settings) -> Iterator[Workshop]:
    database = installation.connect(settings)
    yield Workshop(settings, database)
    database.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Workshop]:
    """An installation with a database of its own, since workers commit; its Redis is not there."""
    yield from opened(request, settings)


def opened(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Workshop]:
    """Yield an installation on the database that a fixture's parameter names."""
    settings.instance.mkdir()
    with fresh.migrated(request, settings.instance) as made:
        address = made.engine.url.render_as_string(hide_password=False)
        with _shop(replace(settings, database_url=address)) as shop:
            yield shop


@pytest.fixture
def queue() -> Iterator[str]:
    """The address of a Redis of the test's own."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    folder = Path(tempfile.mkdtemp())  # short: a socket's path has at most 107 bytes
    socket = folder / "redis.sock"
    arguments = ("--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder))
    process = subprocess.Popen([server, *arguments], stdout=subprocess.DEVNULL)
    assert within(10, socket.exists)
    yield f"unix://{socket}"
    process.terminate()
    process.wait()
    shutil.rmtree(folder)


@pytest.fixture
def queued_shop(settings: Settings, queue: str) -> Iterator[Workshop]:
    """An installation on SQLite whose Redis runs."""
    with _shop(replace(settings, redis_url=queue)) as shop:
        schema.upgrade(shop.database)
        yield shop


@pytest.fixture
def connection(queue: str) -> Iterator[redis.Redis]:
    """A connection to that Redis."""
    with redis.Redis.from_url(queue) as found:
        yield found
