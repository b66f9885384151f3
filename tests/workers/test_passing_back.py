"""Scores on their way to a portal: each once, in order, and none lost, whatever the portal says."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, outbox
from app.kernel.actor import Actor, Grant
from app.kernel.errors import NotFound, Refused
from app.kernel.settings import Settings
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.people.permission.models import Role
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.passback import service as passback
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal, ScoreRule
from app.portals.registrations.service import Addresses
from app.portals.scores import service
from app.portals.scores.models import PortalScore
from lti.services import ServiceRefused
from tests import factories
from tests.learning import made as learning
from tests.lti import services
from tests.lti.services import Services
from workers import carrying, passing_back
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("LTI-03")

SCOPES = [
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings by which a portal on the loopback may be called."""
    return replace(settings, portal_networks="127.0.0.0/8")


@pytest.fixture
def platform() -> Iterator[Services]:
    with services.serving() as found:
        yield found


class Course:
    """A portal's course with a link, and learners who take it."""

    def __init__(self, shop: Workshop, platform: Services) -> None:
        self.shop, self.platform = shop, platform
        with shop.database.unit_of_work() as session:
            version = learning.version(session, learning.sco("A"))
            self.material_id = version.material_id
            self.portal_id = _portal(session, platform, shop.settings).id
            link = PortalLink(
                portal_id=self.portal_id,
                deployment_id="1",
                resource_link_id="link-1",
                material_id=self.material_id,
                grades={"scope": SCOPES, "lineitems": f"{platform.origin}/items"},
                line_item=f"{platform.origin}/items/7?type_id=1",
                created_at=clock.now(),
            )
            session.add(link)
            session.flush()
            self.link_id = link.id

    def learner(self, subject: str, *, is_scored: bool = True) -> uuid.UUID:
        """Add a learner who has begun; return the assignment."""
        now = clock.now()
        with self.shop.database.unit_of_work() as session:
            row = PortalLearner(portal_id=self.portal_id, subject=subject, created_at=now)
            session.add(row)
            session.flush()
            taken = PortalAssignment(
                link_id=self.link_id,
                learner_id=row.id,
                material_id=self.material_id,
                is_scored=is_scored,
                created_at=now,
            )
            session.add(taken)
            session.flush()
            session.add(
                LearnerRecord(
                    guest_id=row.id,
                    material_id=self.material_id,
                    assignment_id=taken.id,
                    status=RecordStatus.IN_PROGRESS,
                )
            )
            return taken.id

    def comes_to(self, assignment_id: uuid.UUID, status: str, score: float | None = None) -> None:
        """Have a learner's record come to something, as a commit does, and the worker learn it."""
        with self.shop.database.unit_of_work() as session:
            query = sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
            record = session.scalars(query).one()
            record.status, record.score = status, score
            payload = {"assignment_id": str(assignment_id)}
            outbox.put(session, outbox.Kind.PROGRESSED, payload, clock.now())
        carrying.carry(self.shop)

    def change(self, **values: Any) -> None:
        """Change the portal's row."""
        with self.shop.database.unit_of_work() as session:
            portal = session.get_one(Portal, self.portal_id)
            for name, value in values.items():
                setattr(portal, name, value)

    def row(self, assignment_id: uuid.UUID) -> PortalScore:
        """Return how a score stands."""
        with self.shop.database.reading() as session:
            return session.get_one(PortalScore, assignment_id)

    def wait(self, assignment_id: uuid.UUID, **time: float) -> None:
        """Let time go by for a score, and for the portal."""
        with self.shop.database.unit_of_work() as session:
            row = session.get_one(PortalScore, assignment_id)
            assert row.next_at is not None
            row.next_at -= timedelta(**time)
            session.get_one(Portal, self.portal_id).away_until = None

    def sent(self) -> list[dict[str, Any]]:
        """Return the scores that the platform was sent, as they came."""
        return [json.loads(each.body) for each in self.platform.asked if "/scores" in each.path]


def _portal(session: Session, platform: Services, settings: Settings) -> Portal:
    now = clock.now()
    one, other = (
        Actor(factories.person(session).id, grants=(Grant(Role.ADMINISTRATOR),)) for _ in range(2)
    )
    said = Addresses(
        name="架空ポータル",
        issuer=platform.origin,
        client_id="client-7",
        auth_login_url=f"{platform.origin}/auth",
        auth_token_url=f"{platform.origin}/token",
        key_set_url=f"{platform.origin}/keys",
    )
    portal = registrations.propose(session, said, by=one, now=now, settings=settings)
    registrations.approve(session, portal, by=other, now=now)
    session.flush()
    return portal


@pytest.fixture
def course(shop: Workshop, platform: Services) -> Course:
    platform.answers_with("POST /items/7/scores?type_id=1", "")
    return Course(shop, platform)


def test_a_score_is_sent_once_with_all_that_a_platform_asks_for(course: Course) -> None:
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    passing_back.pass_back(course.shop)
    passing_back.pass_back(course.shop)
    (score,) = course.sent()
    moment = score.pop("timestamp")
    assert datetime.fromisoformat(moment).tzinfo is not None
    assert "." in moment
    assert score == {
        "userId": "person-1",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 85.0,
        "scoreMaximum": 100.0,
    }
    row = course.row(key)
    assert (row.sent_revision, row.is_final_sent, row.next_at) == (1, True, None)


def test_times_only_grow_and_nothing_that_is_not_final_follows_what_is(course: Course) -> None:
    key = course.learner("person-1")
    for status, score in (
        (RecordStatus.IN_PROGRESS, None),
        (RecordStatus.FAILED, 40.0),
        (RecordStatus.IN_PROGRESS, None),  # taken back by the content: the portal keeps what it has
        (RecordStatus.PASSED, 90.0),
    ):
        course.comes_to(key, status, score)
        passing_back.pass_back(course.shop)
    found = course.sent()
    assert [each["gradingProgress"] for each in found] == ["Pending", "FullyGraded", "FullyGraded"]
    assert [each.get("scoreGiven") for each in found] == [None, 40.0, 90.0]
    times = [datetime.fromisoformat(each["timestamp"]) for each in found]
    assert times == sorted(set(times))


def test_a_clock_that_goes_back_does_not_take_a_scores_time_along(course: Course) -> None:
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 50.0)
    ahead = clock.now() + timedelta(hours=1)
    with course.shop.database.unit_of_work() as session:
        session.get_one(PortalScore, key).stamped_at = ahead
    passing_back.pass_back(course.shop)
    (score,) = course.sent()
    assert datetime.fromisoformat(score["timestamp"]) == ahead + service.TICK


@pytest.mark.parametrize(
    ("status", "code", "answer"),
    [(409, "service_stale", "409 older"), (400, "service_refused", "400 older")],
)
def test_what_is_stale_or_refused_is_not_sent_again(
    course: Course, status: int, code: str, answer: str
) -> None:
    course.platform.answers_with("POST /items/7/scores?type_id=1", "older", status=status)
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    passing_back.pass_back(course.shop)
    row = course.row(key)
    assert (row.error, row.next_at, row.sent_at) == (code, None, None)
    assert row.answer.startswith(answer.partition(" ")[0])
    passing_back.pass_back(course.shop)
    assert len(course.sent()) == 1


def test_a_token_that_is_not_taken_is_renewed_once(course: Course) -> None:
    course.platform.answers["POST /items/7/scores?type_id=1"] = [(401, {}, ""), (200, {}, "")]
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    passing_back.pass_back(course.shop)
    assert course.row(key).sent_revision == 1
    assert len([each for each in course.platform.asked if each.path == "/token"]) >= 1


def test_what_may_pass_is_tried_again_later_and_given_up_at_last(course: Course) -> None:
    course.platform.answers_with("POST /items/7/scores?type_id=1", "busy", status=503)
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    waits = []
    for _ in range(service.MOST_FAILURES):
        began = clock.now()
        passing_back.pass_back(course.shop)
        row = course.row(key)
        if row.next_at is not None:
            waits.append(round((row.next_at - began).total_seconds(), -1))
            course.wait(key, days=1)
    assert waits[:3] == [30, 60, 120]
    assert waits == sorted(waits)
    assert (row.next_at, row.failures) == (None, service.MOST_FAILURES)
    course.platform.answers_with("POST /items/7/scores?type_id=1", "")
    with course.shop.database.unit_of_work() as session:
        by = Actor(factories.person(session).id)
        service.send_again(session, key, by=by, now=clock.now())
        with pytest.raises(Refused, match="score_waits"):
            service.send_again(session, key, by=by, now=clock.now())
        with pytest.raises(NotFound):
            service.send_again(session, uuid.uuid4(), by=by, now=clock.now())
    passing_back.pass_back(course.shop)
    row = course.row(key)
    assert (row.error, row.failures, row.is_final_sent) == ("", 0, True)


def test_a_portal_that_is_away_is_left_alone_whoevers_score_it_is(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [course.learner(f"person-{number}") for number in range(3)]
    for key in keys:
        course.comes_to(key, RecordStatus.PASSED, 85.0)
    tried = []

    def unreachable(claimed: passback.Claimed, address: str) -> None:
        tried.append(claimed.assignment_id)
        raise ServiceRefused("service_unreachable", said=address)

    monkeypatch.setattr(passback, "send", unreachable)
    monkeypatch.setattr(passing_back, "THREADS", 1)
    passing_back.pass_back(course.shop)
    assert len(tried) == 1
    with course.shop.database.reading() as session:
        assert not passback.is_waiting(session, clock.now())
        assert passback.is_waiting(session, clock.now() + service.AWAY + timedelta(seconds=1))


def test_who_dies_while_sending_leaves_it_to_the_next(course: Course) -> None:
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    with course.shop.database.unit_of_work() as session:
        assert passback.claim(session, clock.now(), course.shop.settings) is not None
    with course.shop.database.unit_of_work() as session:
        assert passback.claim(session, clock.now(), course.shop.settings) is None
    course.wait(key, minutes=3)
    passing_back.pass_back(course.shop)
    assert len(course.sent()) == 1


def test_what_changes_while_it_is_sent_is_sent_as_well(course: Course) -> None:
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 60.0)
    with course.shop.database.unit_of_work() as session:
        claimed = passback.claim(session, clock.now(), course.shop.settings)
    assert claimed is not None
    course.comes_to(key, RecordStatus.PASSED, 95.0)
    with course.shop.database.unit_of_work() as session:
        passback.taken(session, claimed, clock.now())
    passing_back.pass_back(course.shop)
    assert [each["scoreGiven"] for each in course.sent()] == [95.0]
    assert course.row(key).next_at is None


def test_many_hands_make_one_line_item(course: Course) -> None:
    with course.shop.database.unit_of_work() as session:
        session.get_one(PortalLink, course.link_id).line_item = ""
    origin = course.platform.origin
    made = {"id": f"{origin}/items/7?type_id=1", "label": "教材", "scoreMaximum": 100}
    course.platform.answers_with("GET /items", [])
    course.platform.answers_with("GET /items?resource_link_id=link-1", [])
    course.platform.answers_with("POST /items", made, status=201)
    keys = [course.learner(f"person-{number}") for number in range(12)]
    for key in keys:
        course.comes_to(key, RecordStatus.COMPLETED)
    for _ in range(20):
        passing_back.pass_back(course.shop)
        waiting = [key for key in keys if course.row(key).next_at is not None]
        for key in waiting:
            course.wait(key, minutes=3)
        if not waiting:
            break
    posted = [
        each for each in course.platform.asked if (each.method, each.path) == ("POST", "/items")
    ]
    assert len(posted) == 1
    assert sorted(each["userId"] for each in course.sent()) == sorted(
        f"person-{number}" for number in range(12)
    )


def test_a_line_item_that_cannot_be_made_is_told_and_tried_again(course: Course) -> None:
    with course.shop.database.unit_of_work() as session:
        session.get_one(PortalLink, course.link_id).line_item = ""
    course.platform.answers_with("GET /items?resource_link_id=link-1", "no", status=403)
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.COMPLETED)
    passing_back.pass_back(course.shop)
    assert course.row(key).error == "service_refused"
    with course.shop.database.reading() as session:
        assert session.get_one(PortalLink, course.link_id).item_until is None


@pytest.mark.parametrize(
    ("rule", "status", "score", "expected"),
    [
        ({}, RecordStatus.PASSED, 85.0, ("FullyGraded", 85.0)),
        ({}, RecordStatus.COMPLETED, None, ("FullyGraded", 100.0)),
        ({}, RecordStatus.FAILED, 30.0, ("FullyGraded", 30.0)),
        ({}, RecordStatus.FAILED, None, ("FullyGraded", 0.0)),
        ({"sends_failure": False}, RecordStatus.FAILED, 30.0, ("Pending", None)),
        ({}, RecordStatus.IN_PROGRESS, None, ("Pending", None)),
        ({"sends_progress": False}, RecordStatus.IN_PROGRESS, None, None),
        ({"score_rule": ScoreRule.COMPLETION}, RecordStatus.PASSED, 85.0, ("FullyGraded", 100.0)),
        ({"score_rule": ScoreRule.COMPLETION}, RecordStatus.FAILED, 30.0, ("FullyGraded", 0.0)),
        ({"score_rule": ScoreRule.NOTHING}, RecordStatus.PASSED, 85.0, None),
    ],
)
def test_the_rules_of_a_portal_say_what_it_is_told(
    rule: dict[str, Any],
    status: str,
    score: float | None,
    expected: tuple[str, float | None] | None,
) -> None:
    usual = {"score_rule": ScoreRule.SCORE, "sends_progress": True, "sends_failure": True}
    told = service.wanted(Portal(**usual | rule), LearnerRecord(status=status, score=score))
    assert (told and (told.grading_progress, told.given)) == expected


def test_nothing_is_sent_of_who_is_no_learner_or_while_the_portal_is_stopped(
    course: Course,
) -> None:
    teacher = course.learner("teacher-1", is_scored=False)
    course.comes_to(teacher, RecordStatus.PASSED, 85.0)
    with course.shop.database.reading() as session:
        assert session.get(PortalScore, teacher) is None
    key = course.learner("person-1")
    course.comes_to(key, RecordStatus.PASSED, 85.0)
    course.change(state="stopped")
    passing_back.pass_back(course.shop)
    assert course.sent() == []
    course.change(state="active")
    passing_back.pass_back(course.shop)
    assert len(course.sent()) == 1
