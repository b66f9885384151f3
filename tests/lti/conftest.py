"""A platform whose services answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import flask
import pytest
from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from tests.lti import peer as peers
from tests.lti import services
from tests.lti.peer import Peer
from tests.lti.services import Services


@pytest.fixture
def platform_services() -> Iterator[Services]:
    """A platform's services, which are asked by HTTP."""
    with services.serving() as serving:
        yield serving


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which platforms on the loopback may be called."""
    return replace(settings, portal_networks="127.0.0.0/8")


@pytest.fixture
def peer(office_app: flask.Flask, session: Session) -> Iterator[Peer]:
    """A platform that launches into the office over HTTP."""
    with peers.keys() as kept:
        yield peers.peer(office_app, session, kept)
