"""Offices with other settings, and an open launch: what the controls are tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from tests.kernel.conftest import committed
from tests.learning.player.conftest import Window, window

__all__ = ["Window", "committed", "window"]

OfficeWith = Callable[..., FlaskClient]


@pytest.fixture
def office_with(settings: Settings, database: Database) -> OfficeWith:
    """Return a function that opens a browser of an office with these settings changed."""
    settings.instance.mkdir(exist_ok=True)

    def make(**changes: object) -> FlaskClient:
        app = factory.create_app(replace(settings, **changes), database)  # type: ignore[arg-type] # whatever a test names
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        return app.test_client()

    return make
