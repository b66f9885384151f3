"""What the learning wing's tests of simultaneous launches stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel.db import Database
from tests.kernel import fresh


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def committed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, where units of work really commit."""
    with fresh.migrated(request, tmp_path) as database:
        yield database
