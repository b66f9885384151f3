"""An assignment is its learner's own, and is launched only when it may be."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.training.enrolment import access
from tests import factories

TODAY = date(2026, 11, 23)


def task_in(session: Session, *, run: str = "open", enrolment: str = "decided", **days: date):
    """Make somebody's assignment and return it with its person."""
    who = factories.person(session)
    material = factories.material(session, who)
    row = factories.run(session, state=run, materials=(material,), **days)
    enrolled = factories.enrol(session, row, who, state=enrolment)
    actor = Actor(person_id=who.id)
    return access.assignment_for(session, actor, factories.assignment_of(session, enrolled))


def test_an_assignment_of_somebody_else_is_not_found(session: Session) -> None:
    who, other = factories.person(session), factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    key = factories.assignment_of(session, factories.enrol(session, run, who))
    assert access.assignment_for(session, Actor(person_id=who.id), key).assignment_id == key
    with pytest.raises(NotFound):
        access.assignment_for(session, Actor(person_id=other.id), key)
    with pytest.raises(NotFound):
        access.assignment_for(session, Actor(person_id=who.id), uuid.uuid4())


def test_a_run_that_is_being_prepared_is_not_known_to_its_learners(session: Session) -> None:
    with pytest.raises(NotFound):
        task_in(session, run="draft")


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, date(2026, 12, 31)), (date(2026, 11, 1), TODAY), (TODAY, TODAY)],
)
def test_an_assignment_is_launched_from_its_first_day_to_the_end_of_its_last(
    session: Session, now: datetime, first: date, last: date
) -> None:
    task = task_in(session, learn_from=first, learn_until=last)
    assert access.refusal(task, now) is None
    access.refuse_unless_launchable(task, now)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"enrolment": "revoked"}, "enrolment_revoked"),
        ({"run": "ended"}, "run_not_open"),
        ({"run": "cancelled"}, "run_not_open"),
        (
            {"learn_from": date(2026, 11, 24), "learn_until": date(2026, 11, 30)},
            "launch_too_early",
        ),
        ({"learn_from": date(2026, 11, 1), "learn_until": date(2026, 11, 22)}, "launch_too_late"),
    ],
)
def test_what_may_not_be_launched_says_why(
    session: Session, now: datetime, facts: dict[str, object], code: str
) -> None:
    refusal = access.refusal(task_in(session, **facts), now)
    assert refusal is not None
    assert refusal.code == code
