"""What a SCO sets becomes a record, an enrolment's state, and a line of the report: over HTTP.

Two applications, a worker and a database that commits; nothing is put in anybody's place.
"""

from __future__ import annotations

import csv
import io
import uuid
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import factory
from app.content.imports import service as imports
from app.content.materials.access import store
from app.content.materials.models import Material, Version
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.records.models import LearnerRecord
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from tests import factories
from tests.learning import made
from tests.learning.player.conftest import Window, message
from workers import carrying
from workers.workshop import Workshop

PACKAGES = {
    "1.2": "scorm12/RuntimeBasicCalls_SCORM12.zip",
    "2004-3": "scorm2004/RuntimeBasicCalls_SCORM20043rdEdition.zip",
}
#: What content says of itself in either edition.
WORDS: dict[str, dict[str, list[list[str]]]] = {
    "1.2": {
        "half": [["cmi.core.lesson_location", "2"], ["cmi.core.exit", "suspend"]],
        "done": [["cmi.core.score.raw", "90"], ["cmi.core.lesson_status", "passed"]],
    },
    "2004-3": {
        "half": [["cmi.location", "2"], ["cmi.exit", "suspend"]],
        "done": [
            ["cmi.score.scaled", "0.9"],
            ["cmi.success_status", "passed"],
            ["cmi.completion_status", "completed"],
            ["cmi.exit", "normal"],
        ],
    },
}


class Ward:
    """An installation with one run of one imported package, an office and one learner."""

    def __init__(self, settings: Settings, database: Database, package: Path) -> None:
        self.settings, self.database = settings, database
        examined = imports.examine(package, settings, lambda _done, _total: None)
        imports.keep(store(settings), package)
        with database.unit_of_work() as session:
            self.officer = factories.person(session, "架空 一郎", roles=(Role.OFFICE,))
            version = imports.add_version(
                session, examined, package.name, None, by=self.officer.id, now=clock.now()
            )
            session.execute(sa.update(Version).values(state="published", published_at=clock.now()))
            material = session.get_one(Material, version.material_id)
            self.run = factories.run(session, materials=(material,))
            self.learner = factories.person(session, "架空 花子")
            enrolment = factories.enrol(session, self.run, self.learner)
            self.enrolment_id = enrolment.id
            self.assignment_id = factories.assignment_of(session, enrolment)
        self.items = [item.identifier for item in made.course_of(examined.manifest)]

    def enter(self, who: Person) -> FlaskClient:
        """Return a browser of the office in which somebody is signed in."""
        app: flask.Flask = factory.create_app(self.settings, self.database)
        app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
        client = app.test_client()
        with self.database.unit_of_work() as session:
            factories.enter(client, session, who)
        return client

    def launch(self) -> Window:
        """Press 受講する as the learner, and open the window that it leads to."""
        answer = self.enter(self.learner).post(f"/assignments/{self.assignment_id}/launch")
        assert answer.status_code == 303
        content = factory.create_content_app(self.settings, self.database)
        content.config.update(PROPAGATE_EXCEPTIONS=True)
        window = Window(content.test_client(), answer.headers["Location"], uuid.UUID(int=0))
        assert window.get().status_code == 200
        return window

    def carry(self) -> None:
        """Let the worker carry what waits."""
        carrying.carry(Workshop(self.settings, self.database))

    def state(self) -> str:
        """Return how far the enrolment is."""
        with self.database.reading() as session:
            return session.get_one(Enrolment, self.enrolment_id).state

    def record(self) -> LearnerRecord:
        """Return the learner's record."""
        with self.database.reading() as session:
            return session.scalars(sa.select(LearnerRecord)).one()

    def report(self) -> dict[str, str]:
        """Return the learner's line of the office's file."""
        answer = self.enter(self.officer).get(f"/reports/runs/{self.run.id}.csv?reason=progress")
        return next(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture(params=sorted(PACKAGES))
def edition(request: pytest.FixtureRequest) -> str:
    """Each edition that content may speak."""
    return str(request.param)


@pytest.fixture
def ward(shared: Path, settings: Settings, committed: Database, edition: str) -> Ward:
    """An installation with the package of that edition."""
    return ward_with(PACKAGES[edition], shared, settings, committed)


def ward_with(name: str, shared: Path, settings: Settings, database: Database) -> Ward:
    """Return an installation with one of the sample packages."""
    package = shared / "packages" / "golf" / name
    if not package.is_file():
        pytest.skip("the sample packages are not beside this checkout")
    settings.instance.mkdir(exist_ok=True)
    return Ward(settings, database, package)


@pytest.mark.requirement("TRK-01", "TRK-05")
def test_what_content_sets_becomes_a_record_an_enrolments_state_and_a_line_of_the_report(
    ward: Ward, edition: str
) -> None:
    assert (ward.state(), ward.report()["状態"]) == ("decided", "未受講")

    first = ward.launch()
    delivered = first.go()
    assert first.get(delivered["address"]).status_code == 200
    half = message(1, *WORDS[edition]["half"], item=delivered["item"], end=True)
    assert first.commit(half).status_code == 200
    assert first.post("leave", {}).get_json() == {"ended": False}
    ward.carry()
    assert (ward.state(), ward.report()["状態"]) == ("in_progress", "受講中")

    second = ward.launch()
    resumed = second.go()
    location = "cmi.core.lesson_location" if edition == "1.2" else "cmi.location"
    assert resumed["item"] == delivered["item"]
    assert resumed["state"]["values"][location] == "2"
    assert first.commit(message(2, item=delivered["item"])).status_code == 409
    for item in ward.items:
        number = second.go(f"{{target={item}}}choice")["sequence"] + 1
        done = message(number, *WORDS[edition]["done"], item=item, end=True)
        answer = second.commit(done)
        assert answer.get_json()["rejected"] == []
    assert second.post("leave", {}).get_json() == {"ended": True}
    assert ward.state() == "in_progress"
    ward.carry()
    assert ward.state() == "completed"
    assert (ward.record().status, ward.record().score) == ("passed", 90.0)
    line = ward.report()
    assert (line["状態"], line["氏名"]) == ("合格", "架空 花子")
    assert float(line["得点"]) == 90


def test_carrying_twice_and_late_changes_nothing_more(ward: Ward, edition: str) -> None:
    window = ward.launch()
    for item in ward.items:
        number = window.go(f"{{target={item}}}choice")["sequence"] + 1
        window.commit(message(number, *WORDS[edition]["done"], item=item, end=True))
    ward.carry()
    before = ward.report()
    ward.carry()
    assert (ward.state(), ward.report()) == ("completed", before)


def test_nobody_else_can_launch_the_assignment(ward: Ward) -> None:
    answer = ward.enter(ward.officer).post(f"/assignments/{ward.assignment_id}/launch")
    assert answer.status_code == 404


def test_a_course_that_leads_its_learner_is_walked_in_its_order_and_no_other(
    shared: Path, settings: Settings, committed: Database
) -> None:
    name = "scorm2004/SequencingForcedSequential_SCORM20043rdEdition.zip"
    ward = ward_with(name, shared, settings, committed)
    window = ward.launch()
    found = window.go()
    walked = []
    while found["item"] is not None:
        item, ahead = found["item"], ward.items[len(walked) + 1 :]
        walked.append(item)
        assert not set(ahead) & set(found["controls"]["choices"])
        done = message(found["sequence"] + 1, *WORDS["2004-3"]["done"], item=item, end=True)
        controls = window.commit(done).get_json()["controls"]
        assert set(ahead[:1]) <= set(controls["choices"])
        found = window.go("continue")
    assert walked == ward.items
    assert found["ended"]
    assert window.post("leave", {}).get_json() == {"ended": True}
    ward.carry()
    assert (ward.state(), ward.report()["状態"]) == ("completed", "合格")
