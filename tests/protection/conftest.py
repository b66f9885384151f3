"""An installation of a test's own, on each kind of database, where units of work really commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.kernel import schema
from app.kernel.settings import Settings
from tests.kernel import fresh
from workers.workshop import Workshop


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Workshop]:
    """An installation with the newest schema and nothing in it."""
    settings.instance.mkdir(exist_ok=True)
    with fresh.database(request, settings.instance) as database:
        schema.upgrade(database)
        address = database.engine.url.render_as_string(hide_password=False)
        yield Workshop(replace(settings, database_url=address), database)
