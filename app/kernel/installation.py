"""The database of an installation, whose units of work nudge its workers."""

from __future__ import annotations

from app.kernel import db, jobs
from app.kernel.db import Database
from app.kernel.settings import Settings


def connect(settings: Settings) -> Database:
    """Return the database that the settings name, whose units of work nudge the workers."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return db.connect(settings.database, nudge=jobs.nudger(settings.redis))
