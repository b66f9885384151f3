"""Courses that speak xAPI, and whoever takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import record_store
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from tests import apps
from tests.learning import coursing
from tests.learning.coursing import Taking
from xapi.cmi5.course import Block, Unit

Take = Callable[..., Taking]


@pytest.fixture
def content_store(settings: Settings, database: Database) -> flask.Flask:
    """The record store as launched content sees it."""
    return apps.lent(record_store.create_content_app, settings, database)


@pytest.fixture
def store_web(content_store: flask.Flask) -> FlaskClient:
    """What speaks to it."""
    return content_store.test_client()


@pytest.fixture
def now() -> datetime:
    """The moment of a test."""
    return clock.now()


@pytest.fixture
def take(session: Session, store_web: FlaskClient, settings: Settings, now: datetime) -> Take:
    """Have somebody take a course of these: `take(unit(1), block(1, unit(2)))`."""

    def one(*children: Unit | Block, **facts: Any) -> Taking:
        course = coursing.version(session, *children, **facts)
        return Taking(session, store_web, settings, course, now)

    return one
