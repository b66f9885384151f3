"""Installations and offices with other settings, and an open launch: what controls are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.kernel.db import Database
from app.kernel.settings import Settings
from tests import apps
from tests.kernel import fresh
from tests.kernel.conftest import committed
from tests.kernel.objects.conftest import bucket, s3_server, s3_settings
from tests.learning.player.conftest import Window, window
from workers.workshop import Workshop

__all__ = ["Window", "bucket", "committed", "s3_server", "s3_settings", "window"]

OfficeWith = Callable[..., FlaskClient]


@pytest.fixture
def office_with(settings: Settings, database: Database) -> OfficeWith:
    """Return a function that opens a browser of an office with these settings changed."""

    def make(**changes: object) -> FlaskClient:
        return apps.office(replace(settings, **changes), database).test_client()  # type: ignore[arg-type] # whatever a test names

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Workshop]:
    """An installation with the newest schema and nothing in it."""
    settings.instance.mkdir(exist_ok=True)
    with fresh.migrated(request, settings.instance) as database:
        address = database.engine.url.render_as_string(hide_password=False)
        yield Workshop(replace(settings, database_url=address), database)
