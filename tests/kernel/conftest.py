"""Databases of a test's own, and the office with its form tokens asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from app.kernel.db import Database
from tests.kernel import fresh

_KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=_KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    with fresh.database(request, tmp_path) as database:
        yield database


@pytest.fixture(params=_KINDS)
def committed(
    request: pytest.FixtureRequest, tmp_path: Path, nudges: list[tuple[str, ...]]
) -> Iterator[Database]:
    """A database of the test's own, where units of work really commit."""
    with fresh.migrated(request, tmp_path, lambda *task, **_queue: nudges.append(task)) as database:
        yield database


@pytest.fixture
def guarded(office_app: flask.Flask) -> flask.Flask:
    """The office as it is served: a POST needs the token of its form."""
    office_app.config["WTF_CSRF_ENABLED"] = True
    return office_app
