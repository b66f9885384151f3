"""Jobs and people for the workers' tests."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import sqlalchemy as sa

from app.content.imports import service
from app.content.materials.models import Version
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.jobs import Job
from app.people.permission.models import Role
from tests import factories
from workers.workshop import Workshop


def import_job(shop: Workshop, package: Path, material_id: uuid.UUID | None = None) -> uuid.UUID:
    """Put a copy of a package among the uploads, ask for its import, and return the job."""
    shop.settings.uploads.mkdir(parents=True, exist_ok=True)
    name = f"{uuid.uuid4()}.zip"
    shutil.copy(package, shop.settings.uploads / name)
    with shop.database.unit_of_work() as session:
        author = factories.person(session, roles=(Role.AUTHOR,))
        by = Actor(person_id=author.id)
        return service.ask(session, name, package.name, material_id, by=by, now=clock.now()).id


def job(shop: Workshop, job_id: uuid.UUID) -> Job:
    """Return a job as it is now."""
    with shop.database.reading() as session:
        return session.get_one(Job, job_id)


def versions(shop: Workshop) -> list[Version]:
    """Return all versions."""
    with shop.database.reading() as session:
        return list(session.scalars(sa.select(Version)))
