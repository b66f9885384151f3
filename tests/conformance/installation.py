"""An installation to play packages in: imported, published, assigned to one learner, and served."""

from __future__ import annotations

import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.content.imports import service as imports
from app.content.materials import access as materials_access
from app.content.materials import service as materials
from app.demo import staff
from app.kernel import clock, db, schema
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.purposes import service as purposes
from app.people.sign_in import service as sign_in
from app.people.sign_in.models import Credential
from app.training.enrolment.models import Assignment, Enrolment
from app.training.plans import service as plans
from app.training.plans.models import RunItem
from app.training.programme.service import ItemData
from app.training.roster import service as roster
from app.training.syllabus import service as syllabus
from tests.browser import serving

LEARNER = "00303"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Played:
    """An installation: the learner's assignment and the findings of each package."""

    #: What the server is started with.
    environment: dict[str, str]
    origin: str
    password: str
    #: SQLAlchemy address of its database.
    database: str
    assignments: dict[str, uuid.UUID]
    findings: dict[str, list[dict[str, Any]]]


@contextmanager
def playing(packages: Sequence[Path]) -> Iterator[Played]:
    """Import packages as an author would, assign them all to one learner, and serve."""
    with prepared(packages) as played, serving.served(played.environment, "serve"):
        yield played


@contextmanager
def prepared(packages: Sequence[Path]) -> Iterator[Played]:
    """Yield the installation before it is served."""
    with tempfile.TemporaryDirectory(prefix="kenshu-play-") as folder:
        environment = serving.environment(Path(folder))
        settings = Settings.from_environment(environment)
        password, assignments, findings = _prepare(settings, packages)
        origin = serving.origin_of(environment)
        yield Played(environment, origin, password, settings.database, assignments, findings)


def _prepare(
    settings: Settings, packages: Sequence[Path]
) -> tuple[str, dict[str, uuid.UUID], dict[str, list[dict[str, Any]]]]:
    database = db.connect(settings.database)
    schema.upgrade(database)
    now = clock.now()
    made: dict[str, uuid.UUID] = {}
    findings = {}
    with database.unit_of_work() as session:
        people = staff.add(session)
        office = Actor(person_id=people["00102"].id, grants=(Grant(Role.OFFICE),))
        for path in packages:
            examined = imports.examine(path, settings, lambda _done, _total: None)
            imports.keep(materials_access.store(settings), path)
            version = imports.add_version(
                session, examined, path.name, None, by=office.known_id, now=now
            )
            materials.publish(session, version.id, by=office, now=now)
            made[path.name], findings[path.name] = version.material_id, examined.findings
        training = syllabus.register(
            session, new_id(), syllabus.TrainingData("P-01", "適合", ""), by=office, now=now
        )
        today = clock.today(now)
        days = (today - timedelta(days=1), today + timedelta(days=30))
        data = plans.RunData(*days, 20, tuple(map(ItemData, made.values())))
        run = plans.plan(session, training.id, new_id(), data, by=office, now=now)
        learner = people[LEARNER].id
        roster.enrol(session, run.id, [learner], by=office, now=now)
        plans.act(session, run.id, "open", by=office, now=now)
        [(_, password)] = sign_in.issue_passwords(session, [learner], office, now)
        session.get_one(Credential, learner).must_change = False
        purposes.confirm(session, 0, by=Actor(person_id=learner), now=now)
        found = session.execute(
            sa.select(RunItem.material_id, Assignment.id)
            .join(RunItem, RunItem.id == Assignment.run_item_id)
            .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
            .where(Enrolment.person_id == learner)
        )
        by_material = {row[0]: row[1] for row in found}
    return password, {name: by_material[key] for name, key in made.items()}, findings


class _Staying(urllib.request.HTTPRedirectHandler):
    """Tells where a redirect leads instead of going there."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Office:
    """The learner's browser at the office's pages: signs in, and launches what is assigned."""

    def __init__(self, played: Played) -> None:
        self._origin = played.origin
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies, _Staying)
        self._post("/sign-in", "/sign-in", number=LEARNER, password=played.password)

    def launch(self, assignment: uuid.UUID) -> str:
        """Return the address of the player for a new launch."""
        page = f"/assignments/{assignment}"
        return self._post(page, f"{page}/launch")

    def _post(self, page: str, path: str, **fields: str) -> str:
        with self._opener.open(self._origin + page) as response:
            token = _TOKEN.search(response.read().decode())
        assert token, f"no form at {page}"
        data = urllib.parse.urlencode({"csrf_token": token[1], **fields}).encode()
        try:
            self._opener.open(self._origin + path, data)
        except urllib.error.HTTPError as answer:
            assert answer.code in (302, 303), (answer.code, answer.read().decode()[:500])
            return str(answer.headers["Location"])
        raise AssertionError(f"{path} led nowhere: the form was refused")
