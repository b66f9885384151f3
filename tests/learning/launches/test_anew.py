"""An attempt is begun anew: after an end, by a new version's word, or by the office's."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.launches import service
from app.learning.records.models import Attempt, LearnerRecord
from app.people.permission.models import Role
from tests import factories
from tests.learning import made
from tests.learning.made import FLOW, Sitting, named

COMPLETED = ("cmi.completion_status", "completed")
CLERK = Actor(person_id=uuid.UUID(int=5))


class Desk:
    """One learner's assignment at a course of SCORM 2004, launched again and again."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.version = made.version(session, made.sco("A"), edition="2004-4", sequencing=FLOW)
        self.person_id = factories.person(session, "架空 花子").id
        self.assignment_id = uuid.uuid4()

    def launch(self, version: Version | None = None) -> Sitting:
        """Launch the version, or another one of the material."""
        return made.launched(
            self.session,
            version or self.version,
            self.now,
            person_id=self.person_id,
            assignment_id=self.assignment_id,
        )

    def begin(self) -> Sitting:
        """Launch, and begin with the item."""
        sitting = self.launch()
        sitting.go()
        return sitting

    def finish(self) -> Sitting:
        """Take the course to its end."""
        sitting = self.begin()
        sitting.set(COMPLETED, ("cmi.score.scaled", "0.8"), end=True)
        assert sitting.leave()
        return sitting

    def newer(self, *, starts_anew: bool) -> Version:
        """Add a version to the material."""
        return made.newer_version(self.session, self.version, starts_anew=starts_anew)

    @property
    def record(self) -> LearnerRecord:
        """The learner's record."""
        return self.session.scalars(sa.select(LearnerRecord)).one()

    def reset(self) -> None:
        """Have the office reset the record."""
        service.reset(self.session, self.record.id, by=CLERK, now=self.now)


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    """Somebody's assignment."""
    return Desk(session, now)


def attempts_at(sitting: Sitting, item: str = "A") -> int:
    """Return how many attempts at an item the sequencer counts."""
    tracked: dict[str, Any] = sitting.attempt.document["sequencing"]["activities"]
    return int(tracked[item]["attempts"])


# A new version.


@pytest.mark.requirement("CON-03")
def test_a_version_that_begins_anew_takes_whoever_is_in_the_middle_of_an_earlier_one(
    desk: Desk,
) -> None:
    first = desk.begin()
    first.set(("cmi.location", "3頁"))
    second = desk.launch(desk.newer(starts_anew=True))
    assert (second.attempt.number, second.lease) == (2, 1)
    assert second.attempt.version_id != first.attempt.version_id
    assert first.attempt.ended_at == desk.now
    delivered = second.go()
    assert delivered.state is not None
    assert "cmi.location" not in delivered.state["values"]


@pytest.mark.requirement("CON-03")
def test_a_version_that_does_not_begin_anew_leaves_everybody_where_they_are(desk: Desk) -> None:
    first = desk.begin()
    assert desk.launch(desk.newer(starts_anew=False)).attempt.id == first.attempt.id


def test_whoever_has_begun_a_version_stays_with_it_though_it_once_began_anew(desk: Desk) -> None:
    newer = desk.newer(starts_anew=True)
    desk.begin()
    second = desk.launch(newer)
    assert desk.launch(newer).attempt.id == second.attempt.id


def test_the_window_on_the_version_before_is_told_that_its_attempt_has_ended(desk: Desk) -> None:
    first = desk.begin()
    desk.launch(desk.newer(starts_anew=True))
    with pytest.raises(Refused) as refused:
        first.go("continue")
    assert refused.value.code == "attempt_ended"


@pytest.mark.requirement("CON-03")
def test_what_was_done_in_the_version_before_stays_on_the_record(desk: Desk) -> None:
    desk.begin().set(COMPLETED, ("cmi.score.scaled", "0.8"))
    desk.launch(desk.newer(starts_anew=True)).go()
    assert (desk.record.status, desk.record.score) == ("completed", 80.0)
    assert desk.record.completed_at == desk.now


# What is tracked goes on from attempt to attempt.


def test_how_often_an_item_was_attempted_outlives_the_attempt_on_the_course(desk: Desk) -> None:
    first = desk.finish()
    second = desk.begin()
    assert second.attempt.id != first.attempt.id
    assert (attempts_at(first), attempts_at(second)) == (1, 2)


def test_another_version_is_tracked_from_the_beginning(desk: Desk) -> None:
    desk.finish()
    other = desk.launch(desk.newer(starts_anew=False))
    other.go()
    assert (other.attempt.number, attempts_at(other)) == (2, 1)


def test_what_content_has_set_is_not_carried_over(desk: Desk) -> None:
    desk.finish()
    second = desk.launch()
    assert "items" not in second.attempt.document
    delivered = second.go()
    assert delivered.state is not None
    assert delivered.state["values"]["cmi.entry"] == "ab-initio"
    assert (second.attempt.status, second.attempt.score) == ("in_progress", None)


def test_the_attempt_before_keeps_what_it_came_to(session: Session, desk: Desk) -> None:
    first = desk.finish()
    before = first.attempt.document["sequencing"]
    desk.begin()
    session.flush()
    assert made.attempt(session, first.attempt.id).document["sequencing"] == before
    assert attempts_at(first) == 1


# A reset by the office.


def test_after_a_reset_the_next_launch_begins_from_nothing(desk: Desk) -> None:
    first = desk.finish()
    desk.reset()
    second = desk.launch()
    assert (second.attempt.number, second.attempt.document) == (2, {})
    second.go()
    assert (attempts_at(first), attempts_at(second)) == (1, 1)


def test_a_reset_ends_the_attempt_that_is_open_and_its_window_writes_no_more(desk: Desk) -> None:
    sitting = desk.begin()
    desk.reset()
    assert sitting.attempt.ended_at == desk.now
    for act in (
        lambda: sitting.set(COMPLETED),
        lambda: sitting.go("continue"),
        sitting.leave,
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "superseded"
    assert desk.record.status == "in_progress"


def test_a_reset_takes_nothing_from_the_record(desk: Desk) -> None:
    finished = desk.finish()
    ended_at = finished.attempt.ended_at
    desk.now = made.later(desk.now, 5)
    desk.reset()
    desk.launch().go()
    assert (desk.record.status, desk.record.score) == ("completed", 80.0)
    assert finished.attempt.ended_at == ended_at


def test_a_reset_is_audited_once_and_a_second_one_has_nothing_to_do(
    session: Session, desk: Desk
) -> None:
    sitting = desk.begin()
    desk.reset()
    with pytest.raises(Refused) as refused:
        desk.reset()
    assert refused.value.code == "nothing_to_reset"
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id) == ("attempt.reset", CLERK.person_id)
    assert (line.subject_kind, line.subject_id) == ("attempt", sitting.attempt.id)
    assert line.details == {"number": 1, "people": [str(sitting.attempt.person_id)]}


def test_each_attempt_can_be_reset(desk: Desk) -> None:
    for number in (1, 2, 3):
        assert desk.begin().attempt.number == number
        desk.reset()


def test_where_nothing_was_begun_there_is_nothing_to_reset(session: Session, desk: Desk) -> None:
    record = LearnerRecord(
        person_id=desk.person_id,
        material_id=desk.version.material_id,
        assignment_id=desk.assignment_id,
        status="not_started",
    )
    session.add(record)
    session.flush()
    with pytest.raises(Refused) as refused:
        desk.reset()
    assert refused.value.code == "nothing_to_reset"


@pytest.mark.parametrize("verb", ["reset", "forget"])
def test_a_record_that_is_not_there_is_not_found(
    session: Session, now: datetime, verb: str
) -> None:
    with pytest.raises(NotFound):
        getattr(service, verb)(session, uuid.uuid4(), by=CLERK, now=now)


# The office's pages.


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> None:
    """The office's browser, with somebody of the training office signed in."""
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))


@pytest.mark.usefixtures("clerk")
def test_the_office_lets_a_learner_begin_anew_and_comes_back_to_the_record(
    office: FlaskClient, session: Session, desk: Desk
) -> None:
    key = desk.begin().attempt.record_id
    back = f"/history/{key}"
    answer = office.post(f"/records/{key}/reset", data={"back": back})
    assert (answer.status_code, answer.location) == (303, back)
    assert "最初から始まります" in office.get(back).text
    assert desk.launch().attempt.number == 2
    assert session.scalars(sa.select(sa.func.count()).select_from(Attempt)).one() == 2


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_no_form_leads_away_from_the_office(office: FlaskClient, desk: Desk, back: str) -> None:
    key = desk.begin().attempt.record_id
    assert office.post(f"/records/{key}/reset", data={"back": back}).location == "/"


@pytest.mark.usefixtures("clerk")
def test_where_there_is_nothing_to_do_the_office_is_told_so(
    office: FlaskClient, desk: Desk
) -> None:
    key = desk.begin().attempt.record_id
    office.post(f"/records/{key}/reset")
    answer = office.post(f"/records/{key}/reset")
    assert answer.status_code == 422
    assert "やり直しにする受講がありません" in answer.text
    answer = office.post(f"/records/{key}/trace", data={"on": "1"})
    assert answer.status_code == 422
    assert "受講中の記録がありません" in answer.text
    for verb in ("reset", "forget"):
        assert office.post(f"/records/{uuid.uuid4()}/{verb}").status_code == 404


@pytest.mark.parametrize("verb", ["reset", "forget", "trace"])
def test_a_learner_may_do_none_of_it_to_ones_own_record(
    office: FlaskClient, session: Session, desk: Desk, verb: str
) -> None:
    sitting = desk.begin()
    learner = session.get_one(factories.Person, desk.person_id)
    factories.enter(office, session, learner)
    answer = office.post(f"/records/{sitting.attempt.record_id}/{verb}")
    assert answer.status_code == 403
    assert f"/records/{sitting.attempt.record_id}/" not in office.get("/history").text
    assert named(sitting.go("{target=A}choice")) == "A"
