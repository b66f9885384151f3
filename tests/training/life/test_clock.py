"""What the clock does with calls and runs, asked for again and again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.training.enrolment import queries
from app.training.plans.models import Run
from tests import factories
from tests.training.life.test_views import meeting, states, told
from workers import schedule
from workers.workshop import Workshop


@pytest.fixture
def shop(settings: Settings, database: Database) -> Workshop:
    """The workers, on the test's own database."""
    return Workshop(settings, database)


def look(shop: Workshop, session: Session, run: Run, now: datetime) -> str:
    """Have the workers look, twice; return the run's state."""
    schedule.keep_runs(shop, now)
    assert schedule.keep_runs(shop, now) == 0
    session.expire_all()
    return session.get_one(Run, run.id).state


@pytest.mark.requirement("PLN-03")
def test_a_classroom_run_lives_by_the_clock(session: Session, shop: Workshop) -> None:
    run = meeting(session, "decided", begins_in=3)
    factories.enrol(session, run, factories.person(session), "ordered")
    day = clock.start_of(run.learn_from)
    assert look(shop, session, run, day - timedelta(minutes=1)) == "decided"
    assert look(shop, session, run, day) == "open"
    assert states(session, run) == ["ordered"]
    assert look(shop, session, run, day + timedelta(hours=9)) == "open"
    assert states(session, run) == ["in_progress"]
    assert look(shop, session, run, day + timedelta(hours=12)) == "open"
    assert states(session, run) == ["awaiting"]
    assert look(shop, session, run, day + timedelta(hours=24)) == "ended"
    assert told(session) == [("run", "open"), ("enrolment", "finish")]


@pytest.mark.requirement("PLN-04")
def test_a_run_of_e_learning_is_over_after_its_last_day_unless_it_is_taken_late(
    session: Session, shop: Workshop
) -> None:
    author = factories.person(session)
    material = factories.material(session, author)
    today = clock.today(clock.now())
    runs = [factories.run(session, learn_until=today, materials=(material,)) for _ in range(2)]
    for run in runs:
        factories.enrol(session, run, author)
    runs[1].takes_late = True
    session.flush()
    over = clock.end_of(today) + timedelta(seconds=1)
    assert look(shop, session, runs[0], over - timedelta(seconds=1)) == "open"
    assert [look(shop, session, run, over) for run in runs] == ["ended", "open"]
    assert [states(session, run) for run in runs] == [["awaiting"], ["decided"]]
    # Who never began is still counted so.
    numbers = queries.numbers(session, [runs[0].id], today)[runs[0].id]
    assert (numbers.total, numbers.not_started) == (1, 1)


def test_a_run_that_lacks_something_stays_and_holds_nobody_up(
    session: Session, shop: Workshop
) -> None:
    stuck, sound = (meeting(session, "decided", begins_in=0) for _ in range(2))
    factories.enrol(session, sound, factories.person(session), "ordered")
    now = clock.start_of(sound.learn_from)
    assert look(shop, session, stuck, now) == "decided"
    assert look(shop, session, sound, now) == "open"


def test_a_call_is_closed_when_its_limit_has_passed(session: Session, shop: Workshop) -> None:
    run = meeting(session, "calling")
    run.head_until = clock.now()
    session.flush()
    assert look(shop, session, run, run.head_until) == "calling"
    assert look(shop, session, run, run.head_until + timedelta(seconds=1)) == "closed"
