"""Another record store, and an installation that may call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.kernel.settings import Settings
from tests.learning.forwarding import receiver
from tests.learning.forwarding.receiver import Receiver
from tests.workers.conftest import opened
from workers.workshop import Workshop


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which a store on the loopback may be called."""
    return replace(settings, portal_networks="127.0.0.0/8")


@pytest.fixture
def store() -> Iterator[Receiver]:
    """Another record store."""
    with receiver.serving() as found:
        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shop(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Workshop]:
    """An installation with a database of its own; its Redis is not there."""
    yield from opened(request, settings)
