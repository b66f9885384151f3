"""Several people of a run are taken out at once, by a page that says who."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.people.permission.models import Role, RoleGrant
from app.training.orders.models import Order
from tests import factories
from tests.training.staged import Stage, enter, staged


@pytest.fixture
def stage(session: Session) -> Stage:
    return staged(session, capacity=3)


@pytest.mark.requirement("UIX-04", "CHG-09")
def test_those_who_are_chosen_are_named_and_then_taken_out_together(
    office: FlaskClient, session: Session, stage: Stage
) -> None:
    run, (a, b, c) = stage.runs[0], stage.people
    seats = [stage.seat(who, run) for who in (a, b, c)]
    enter(office, stage, stage.clerk)
    assert office.get(f"/runs/{run.id}").text.count('form="chosen"') == 3
    rows = {"row": [str(seat.id) for seat in seats[:2]]}
    page = office.post(f"/runs/{run.id}/people/end/check", data=rows).text
    assert "2人を受講者から外します" in page
    assert a.name in page
    assert c.name not in page
    [line] = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "run.ending_checked"))
    assert set((line.details or {})["people"]) == {str(a.id), str(b.id)}
    # Without a reason nothing is done, and the choice is kept.
    again = office.post(f"/runs/{run.id}/people/end", data={**rows, "action": "revoke"})
    assert again.status_code == 422
    assert str(seats[1].id) in again.text
    assert [seat.state for seat in seats] == ["ordered"] * 3
    done = {**rows, "action": "revoke", "reason": "duty"}
    assert office.post(f"/runs/{run.id}/people/end", data=done).status_code == 303
    session.expire_all()
    assert [seat.state for seat in seats] == ["revoked", "revoked", "ordered"]
    kinds = sa.select(sa.func.count()).where(Order.kind == "revocation")
    assert session.scalar(kinds) == 2
    # A second click finds nobody, and says so.
    assert (
        "すでに受講者から外れています" in office.post(f"/runs/{run.id}/people/end", data=done).text
    )
    assert session.scalar(kinds) == 2


def test_nobody_beyond_the_run_or_ones_reach_is_taken_out(
    office: FlaskClient, session: Session, stage: Stage
) -> None:
    here, there = (stage.seat(stage.people[0], run) for run in stage.runs)
    enter(office, stage, stage.clerk)
    data = {"row": [str(there.id)], "action": "revoke", "reason": "duty"}
    assert office.post(f"/runs/{stage.runs[0].id}/people/end", data=data).status_code == 422
    stranger = factories.person(session, "よその担当")
    other = factories.training(session, "よその研修")
    session.add(
        RoleGrant(
            person_id=stranger.id,
            role=Role.ORGANISER,
            training_id=other.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    enter(office, stage, stranger)
    data["row"] = [str(here.id)]
    assert office.post(f"/runs/{stage.runs[0].id}/people/end", data=data).status_code == 404
    wrong = {"row": "no key"}
    enter(office, stage, stage.clerk)
    assert office.post(f"/runs/{stage.runs[0].id}/people/end/check", data=wrong).status_code == 404
    session.expire_all()
    assert (here.state, there.state) == ("ordered", "ordered")
