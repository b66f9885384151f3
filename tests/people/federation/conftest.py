"""Databases where units of work really commit, and a key that takes a while to make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.federation.saml import access
from tests.kernel import fresh


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def committed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    with fresh.migrated(request, tmp_path) as database:
        yield database


@pytest.fixture(scope="session")
def own_pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own key for SAML, made once: it takes a while."""
    folder = tmp_path_factory.mktemp("saml")
    access.make_pair(Settings(instance=folder), clock.now())
    return folder / access.PAIR
