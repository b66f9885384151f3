"""What one learner's courses share: objectives and data, of this learner alone, one at a time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.learning.attempts import service as attempts
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.learning.sharing import service
from app.learning.sharing.models import SharedValue
from app.people.permission.models import Role
from scorm.course import Course
from scorm.edition import Edition
from scorm.sequencing.definition import VALUES, Objective, ObjectiveMap, Sequencing
from scorm.structure import DataMap, Organization
from tests import factories
from tests.learning import made
from tests.learning.made import Sitting
from tests.training.counting import rows, statements

CLERK = Actor(person_id=uuid.UUID(int=5))
PASSED = (("cmi.success_status", "passed"), ("cmi.score.scaled", "0.9"))
SUCCESS = "cmi.objectives.0.success_status"
STORE = "adl.data.0.store"


def writing(*targets: str) -> Sequencing:
    """Return sequencing whose primary objective is written to shared ones."""
    maps = tuple(ObjectiveMap(target, reads=(), writes=VALUES) for target in targets)
    return Sequencing(flow=True, primary=Objective("own", maps=maps))


def reading(*targets: str) -> Sequencing:
    """Return sequencing with an objective for each shared one that is read."""
    objectives = tuple(
        Objective(f"of {target[:20]}", maps=(ObjectiveMap(target, reads=VALUES),))
        for target in targets
    )
    return Sequencing(flow=True, objectives=objectives)


def course(session: Session, sequencing: Sequencing, **facts: Any) -> Version:
    """Make a course of SCORM 2004 of one SCO with this sequencing."""
    item = made.sco("A", sequencing=sequencing)
    return made.version(session, item, edition="2004-4", **facts)


def notebook(session: Session, *buckets: DataMap, edition: str = "2004-4", **facts: Any) -> Version:
    """Make a course of one SCO that may reach these buckets of adl.data."""
    return made.version(session, made.sco("A", shared_data=buckets), edition=edition, **facts)


@pytest.fixture
def learner(session: Session) -> uuid.UUID:
    """Somebody who learns."""
    return factories.person(session, "架空 花子").id


def opened(
    session: Session,
    version: Version,
    now: datetime,
    learner: uuid.UUID | None = None,
    *,
    is_preview: bool = False,
) -> tuple[Sitting, dict[str, str]]:
    """Launch a course, and return what its content reads at first, too."""
    sitting = made.launched(session, version, now, person_id=learner, is_preview=is_preview)
    state = sitting.go().state
    assert state is not None
    return sitting, state["values"]


def known(session: Session, learner: uuid.UUID) -> dict[str, dict[str, Any]]:
    """Return what is kept of a learner, by target."""
    session.flush()
    query = sa.select(SharedValue).where(SharedValue.person_id == learner)
    return {row.target: row.document for row in session.scalars(query)}


# Objectives.


def test_what_one_course_has_reached_another_course_of_the_learner_knows(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, course(session, writing("goal")), now, learner)
    first.set(*PASSED, end=True)
    _, values = opened(session, course(session, reading("goal")), now, learner)
    assert values["cmi.objectives.0.id"] == "of goal"
    assert values[SUCCESS] == "passed"
    assert values["cmi.objectives.0.score.scaled"] == "0.9"


def test_what_is_reached_while_another_course_is_open_is_known_at_its_next_delivery(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    second, values = opened(session, course(session, reading("goal")), now, learner)
    assert SUCCESS not in values
    first, _ = opened(session, course(session, writing("goal")), now, learner)
    first.set(*PASSED)
    state = second.go("{target=A}choice").state
    assert state is not None
    assert state["values"][SUCCESS] == "passed"


def test_another_learner_knows_nothing_of_it(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, course(session, writing("goal")), now, learner)
    first.set(*PASSED, end=True)
    _, values = opened(session, course(session, reading("goal")), now)
    assert SUCCESS not in values


def test_a_preview_neither_reads_what_its_author_has_reached_nor_leaves_a_mark(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, course(session, writing("goal")), now, learner)
    first.set(*PASSED, end=True)
    before = known(session, learner)
    _, values = opened(session, course(session, reading("goal")), now, learner, is_preview=True)
    assert SUCCESS not in values
    tried, _ = opened(session, course(session, writing("goal")), now, learner, is_preview=True)
    tried.set(("cmi.success_status", "failed"), end=True)
    assert known(session, learner) == before


def test_a_preview_shares_among_its_own_items(session: Session, now: datetime) -> None:
    items = (
        made.sco("A", sequencing=writing("goal")),
        made.sco("B", sequencing=reading("goal")),
    )
    version = made.version(session, *items, edition="2004-4", sequencing=made.FLOW)
    sitting, _ = opened(session, version, now, is_preview=True)
    sitting.set(*PASSED, end=True)
    state = sitting.go("continue").state
    assert state is not None
    assert state["values"][SUCCESS] == "passed"
    assert rows(session, SharedValue) == 0


def test_a_course_that_keeps_its_objectives_to_itself_shares_nothing(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    alone = course(session, writing("goal"), objectives_global=False)
    first, _ = opened(session, alone, now, learner)
    first.set(*PASSED, end=True)
    assert known(session, learner) == {}
    _, values = opened(session, course(session, reading("goal")), now, learner)
    assert SUCCESS not in values


def test_what_content_takes_back_is_unknown_to_the_others_again(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, course(session, writing("goal")), now, learner)
    first.set(*PASSED)
    assert known(session, learner)["goal"]["satisfied"] is True
    first.set(("cmi.success_status", "unknown"))
    assert "satisfied" not in known(session, learner)["goal"]


def test_a_course_that_shares_nothing_has_no_row_and_costs_no_statement(
    session: Session, now: datetime
) -> None:
    sitting, _ = opened(session, made.version(session, edition="2004-4"), now)
    with statements(session) as seen:
        sitting.set(*PASSED)
    assert [text for text in seen if "shared_value" in text] == []
    assert rows(session, SharedValue) == 0


def test_all_targets_of_a_course_are_made_once_and_read_by_one_statement(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    version = course(session, writing(*(f"goal {number}" for number in range(50))))
    sitting, _ = opened(session, version, now, learner)
    assert rows(session, SharedValue) == 50
    session.flush()
    with statements(session) as seen:
        sitting.set(("cmi.location", "2頁"))
        session.flush()
    (read,) = [text for text in seen if "shared_value" in text]
    assert read.startswith("SELECT")


def test_a_name_may_be_longer_than_an_index_takes(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    long = "目標" * 4_000
    first, _ = opened(session, course(session, writing(long, long + "2")), now, learner)
    first.set(*PASSED)
    assert set(known(session, learner)) == {long, long + "2"}


# Data.


def test_what_one_course_has_stored_another_course_of_the_learner_reads(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, notebook(session, DataMap("notes")), now, learner)
    first.set((STORE, "髙﨑"))
    other = notebook(session, DataMap("else"), DataMap("notes", writable=False))
    _, values = opened(session, other, now, learner)
    assert values["adl.data.1.store"] == "髙﨑"
    assert STORE not in values
    _, values = opened(session, notebook(session, DataMap("notes")), now)
    assert STORE not in values


def test_a_course_that_may_only_read_stores_nothing(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    sitting, _ = opened(session, notebook(session, DataMap("notes", writable=False)), now, learner)
    assert sitting.set((STORE, "x"))["rejected"] == [[STORE, 404]]
    assert known(session, learner) == {"notes": {}}


@pytest.mark.parametrize(
    ("edition", "facts"),
    [("2004-3", {}), ("2004-4", {"shared_data_global": False})],
    ids=["an edition without buckets", "a course that keeps them to itself"],
)
def test_data_that_is_not_for_other_courses_is_kept_from_them(
    session: Session, now: datetime, learner: uuid.UUID, edition: str, facts: dict[str, bool]
) -> None:
    version = notebook(session, DataMap("notes"), edition=edition, **facts)
    sitting, _ = opened(session, version, now, learner)
    sitting.set((STORE, "x"))
    assert known(session, learner) == {}


# Two windows at the same moment.


def begun(database: Database, sequencing: Sequencing, person_id: uuid.UUID, now: datetime) -> Any:
    """Launch a course in units of work of their own; return how to set its score."""
    with database.unit_of_work() as session:
        version = course(session, sequencing)
        attempt = launches.begin(
            session, version, owner=Owner(person_id), assignment_id=uuid.uuid4(), now=now
        )
        Sitting(session, attempt, now).go()
        attempt_id = attempt.id

    def score(number: int) -> None:
        changes = ("cmi.score.scaled", f"0.{number:02}")
        with database.unit_of_work() as session:
            attempts.commit(
                session, attempt_id, lease=1, messages=[made.message(number, changes)], now=now
            )

    return score


def test_windows_on_two_courses_wait_for_each_other_and_never_in_a_circle(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        person_id = factories.person(session).id
    names = [f"goal {number}" for number in range(8)]
    acts = [begun(committed, writing(*order), person_id, now) for order in (names, names[::-1])]

    def play(score: Any) -> None:
        for number in range(1, 41):
            score(number)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(play, act) for act in acts]:
            future.result(60)
    with committed.reading() as session:
        found = session.scalars(sa.select(SharedValue)).all()
    assert {row.target for row in found} == set(names)
    assert {row.document["measure"] for row in found} == {0.4}


def test_neither_of_two_windows_loses_what_the_other_has_written(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        person_id = factories.person(session).id
    both = tuple(ObjectiveMap(name, reads=VALUES) for name in ("one", "other"))
    sequencings = [
        Sequencing(
            flow=True,
            primary=Objective("own", maps=(ObjectiveMap(name, reads=(), writes=VALUES),)),
            objectives=tuple(Objective(f"of {shared.target}", maps=(shared,)) for shared in both),
        )
        for name in ("one", "other")
    ]
    acts = [begun(committed, sequencing, person_id, now) for sequencing in sequencings]
    for number in range(1, 11):
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(act, number) for act in acts]:
                future.result(30)
        with committed.reading() as session:
            found = session.scalars(sa.select(SharedValue)).all()
        assert [row.document["measure"] for row in found] == [number / 100] * 2


# Forgotten by the office.


def test_what_is_forgotten_is_unknown_again_and_nothing_else_is(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    first, _ = opened(session, course(session, writing("goal", "aim")), now, learner)
    first.set(*PASSED)
    other, _ = opened(session, course(session, writing("kept")), now, learner)
    other.set(*PASSED)
    elsewhere, _ = opened(session, course(session, writing("goal")), now)
    elsewhere.set(*PASSED)
    session.flush()
    assert first.attempt.record_id is not None
    count = launches.forget(session, first.attempt.record_id, by=CLERK, now=now)
    assert count == 2
    found = known(session, learner)
    assert (found["goal"], found["aim"]) == ({}, {})
    assert found["kept"]["satisfied"] is True
    assert known(session, elsewhere.attempt.person_id)["goal"]["satisfied"] is True
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id) == ("shared.forgotten", CLERK.person_id)
    assert (line.subject_kind, line.subject_id) == ("person", learner)
    assert sorted(line.details["targets"]) == ["aim", "goal"]
    assert launches.forget(session, first.attempt.record_id, by=CLERK, now=now) == 0


def test_a_bucket_is_not_forgotten_for_an_objective_of_the_same_name(
    session: Session, now: datetime, learner: uuid.UUID
) -> None:
    notes, _ = opened(session, notebook(session, DataMap("goal")), now, learner)
    notes.set((STORE, "x"))
    session.flush()
    organization = Organization("O", "講座", (made.sco("A", sequencing=writing("goal")),))
    of_objective = Course.of(Edition.SCORM_2004_4, organization)
    assert service.forget(session, Owner(learner), of_objective, by=CLERK, now=now) == 0
    assert known(session, learner) == {"goal": {"store": "x"}}


def test_the_office_forgets_what_a_records_course_shares(
    office: FlaskClient, session: Session, now: datetime, learner: uuid.UUID
) -> None:
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    sitting, _ = opened(session, course(session, writing("goal")), now, learner)
    sitting.set(*PASSED)
    session.flush()
    back = f"/history/{sitting.attempt.record_id}"
    answer = office.post(f"/records/{sitting.attempt.record_id}/forget", data={"back": back})
    assert (answer.status_code, answer.location) == (303, back)
    session.expire_all()
    assert known(session, learner) == {"goal": {}}
    assert "（1件）" in office.get("/history").text
