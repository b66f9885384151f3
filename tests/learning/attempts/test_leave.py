"""Who leaves is let go: what is done is over, all other is kept to be resumed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from tests.learning import made
from tests.learning.made import FLOW, Sitting, named

STATUS = "cmi.core.lesson_status"
COMPLETED = ("cmi.completion_status", "completed")


@pytest.fixture
def sitting(session: Session, now: datetime) -> Sitting:
    """Somebody at one SCO of SCORM 1.2."""
    found = made.launched(session, made.version(session), now)
    found.go()
    return found


def test_only_a_launch_that_holds_the_lease_may_leave(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    sitting.attempt.lease += 1
    newer = Sitting(session, sitting.attempt, now)
    with pytest.raises(Conflict) as refused:
        newer.leave()
    assert refused.value.code == "out_of_sequence"
    newer.go()
    with pytest.raises(Conflict) as refused:
        sitting.leave()
    assert refused.value.code == "superseded"


def test_what_is_not_done_stays_open(session: Session, now: datetime) -> None:
    sitting = made.launched(session, made.version(session, made.sco("A"), made.sco("B")), now)
    sitting.go()
    sitting.set(end=True)
    assert not sitting.leave()
    assert sitting.attempt.ended_at is None


def test_what_was_suspended_stays_open_though_it_is_passed(sitting: Sitting) -> None:
    sitting.set((STATUS, "passed"), ("cmi.core.exit", "suspend"), end=True)
    assert sitting.attempt.status == "passed"
    assert not sitting.leave()


@pytest.mark.parametrize("status", ["passed", "completed", "failed"])
def test_an_attempt_that_is_done_ends_once(sitting: Sitting, status: str, now: datetime) -> None:
    sitting.set((STATUS, status), end=True)
    assert sitting.leave()
    sitting.now = made.later(now, 9)
    assert sitting.leave()
    assert sitting.attempt.ended_at == now


def test_a_course_of_2004_that_is_done_ends_as_its_learner_leaves(
    session: Session, now: datetime
) -> None:
    course = made.version(session, made.sco("A"), edition="2004-3", sequencing=FLOW)
    sitting = made.launched(session, course, now)
    sitting.go()
    sitting.set(COMPLETED, ("cmi.success_status", "passed"), end=True)
    assert sitting.leave()
    assert (sitting.attempt.status, sitting.attempt.ended_at) == ("passed", now)


def test_a_course_of_2004_that_is_left_in_the_middle_is_resumed_there(
    session: Session, now: datetime
) -> None:
    items = (made.sco("A"), made.sco("B"))
    sitting = made.launched(
        session, made.version(session, *items, edition="2004-3", sequencing=FLOW), now
    )
    sitting.go()
    sitting.set(COMPLETED, end=True)
    sitting.go("continue")
    middle = (("cmi.completion_status", "incomplete"), ("cmi.location", "7頁"))
    sitting.set(*middle, item="B", end=True)
    assert not sitting.leave()
    sitting.attempt.lease += 1
    resumed = Sitting(session, sitting.attempt, now).go()
    assert named(resumed) == "B"
    assert resumed.state is not None
    assert resumed.state["values"]["cmi.location"] == "7頁"


def test_a_course_that_content_has_ended_and_its_learner_has_done_is_over(
    session: Session, now: datetime
) -> None:
    course = made.version(session, made.sco("A"), edition="2004-4", sequencing=FLOW)
    sitting = made.launched(session, course, now)
    sitting.go()
    sitting.set(COMPLETED, end=True)
    assert sitting.go("exitAll").is_ended
    assert sitting.attempt.ended_at is None
    assert sitting.leave()
