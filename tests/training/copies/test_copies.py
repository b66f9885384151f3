"""A year's plan taken over into the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.copies import service
from app.training.offerings.models import Offering, Overflow, Quota
from app.training.plans.models import Run, RunItem, RunSession
from tests import factories

#: How a run has its video watched.
WATCHED = {"completion": "percent", "percent": 80, "is_bound": False}


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def planned(session: Session, by: Person, begins: date, title: str = "係長研修") -> Run:
    """Plan a run that is open, of a training with rules, a quota and a material."""
    run = factories.run(
        session,
        factories.training(session, title),
        learn_from=begins,
        learn_until=begins,
        materials=(factories.material(session, by),),
    )
    offering = session.get_one(Offering, run.offering_id)
    offering.overflow = Overflow.WAITLIST
    run.head_rule, run.change_rule, run.capacity_max = "2週間前の金曜", f"{begins:%Y/%m/%d}", 30
    starts_at = clock.start_of(begins) + timedelta(hours=9)
    ends_at = starts_at + timedelta(hours=3)
    session.add_all(
        [
            RunSession(
                run_id=run.id, number=1, starts_at=starts_at, ends_at=ends_at, place="第1研修室"
            ),
            Quota(offering_id=offering.id, grade="係長級", at_most=12),
        ]
    )
    session.scalars(sa.select(RunItem).where(RunItem.run_id == run.id)).one().watching = WATCHED
    session.flush()
    return run


def of_next_year(session: Session) -> list[Run]:
    """Return the runs of 2027."""
    query = sa.select(Run).join(Offering).where(Offering.fiscal_year == 2027)
    return list(session.scalars(query.order_by(Run.learn_from)))


@pytest.mark.requirement("PLN-01")
def test_a_plan_is_copied_once_with_rules_quotas_and_runs_a_year_later(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    old = planned(session, clerk, date(2026, 6, 9))
    old.number = 1
    cancelled = factories.run(
        session, offered=session.get_one(Offering, old.offering_id), state="cancelled"
    )
    cancelled.number = 2
    session.flush()
    asked = office.get("/plans/copy?year=2027").text
    assert "研修1件と実施回1回を複写します" in asked
    assert "1コマ" in asked
    answers = [office.post("/plans/copy", data={"year": "2027", "runs": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "もう複写されています" in office.get("/plans/copy?year=2027").text
    [new] = of_next_year(session)
    assert (new.state, new.number, new.learn_from) == ("draft", 1, date(2027, 6, 8))
    assert new.learn_from.weekday() == old.learn_from.weekday()
    # 2週間前の金曜 of the new day, and a day of its own that went along.
    assert new.head_until == clock.end_of(date(2027, 5, 28))
    assert (new.change_rule, new.change_until) == ("2027/06/08", clock.end_of(date(2027, 6, 8)))
    sitting = session.scalars(sa.select(RunSession).where(RunSession.run_id == new.id)).one()
    assert sitting.starts_at == clock.start_of(date(2027, 6, 8)) + timedelta(hours=9)
    assert (sitting.place, sitting.check_in_code) == ("第1研修室", None)
    item = session.scalars(sa.select(RunItem).where(RunItem.run_id == new.id)).one()
    assert item.material_id
    assert item.watching == WATCHED
    offering = session.get_one(Offering, new.offering_id)
    assert offering.overflow == Overflow.WAITLIST
    quota = session.scalars(sa.select(Quota).where(Quota.offering_id == offering.id)).one()
    assert (quota.grade, quota.at_most) == ("係長級", 12)


@pytest.mark.requirement("PLN-01")
def test_a_run_of_the_first_days_of_april_stays_within_the_next_year(
    session: Session, now: datetime
) -> None:
    by = factories.person(session, roles=(Role.OFFICE,))
    planned(session, by, date(2026, 4, 1))
    everything = sa.true()
    actor = service.Actor(person_id=by.id)
    done = service.copy_year(session, 2026, mine=everything, with_runs=True, by=actor, now=now)
    assert (done.offerings, done.runs) == (1, 1)
    [new] = of_next_year(session)
    assert new.learn_from == date(2027, 4, 7)


@pytest.mark.requirement("PLN-01", "PLN-11")
def test_what_the_next_year_has_and_what_is_not_ones_own_is_left_alone(
    session: Session, now: datetime
) -> None:
    by = factories.person(session)
    old, strange = (planned(session, by, date(2026, 6, 9), title) for title in ("自分", "よそ"))
    own = session.get_one(Offering, old.offering_id)
    there = planned(session, by, date(2026, 7, 7), "もうある")
    known = session.get_one(Offering, there.offering_id)
    session.add(Offering(training_id=known.training_id, fiscal_year=2027, created_at=now))
    session.flush()
    mine = service.Training.id.in_([own.training_id, known.training_id])
    actor = service.Actor(person_id=by.id)
    done = service.copy_year(session, 2026, mine=mine, with_runs=False, by=actor, now=now)
    assert (done.offerings, done.runs) == (1, 0)
    query = sa.select(Offering.training_id).where(Offering.fiscal_year == 2027)
    assert set(session.scalars(query)) == {own.training_id, known.training_id}
    assert of_next_year(session) == []
    assert strange.learn_from == date(2026, 6, 9)
