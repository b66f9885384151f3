"""Who was ordered to other days or places than a run has now is ordered anew, once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.outbox import Outgoing
from app.training.amendments import queries, service
from app.training.changes import service as changes
from app.training.effects import service as effects
from app.training.orders import service as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.plans.models import Run, RunSession
from tests import factories
from tests.training.counting import statements
from tests.training.offered import DAYS, Offered, offered


@pytest.fixture
def stage(session: Session) -> Offered:
    """An offering with two runs, and four people."""
    return offered(session, capacity=5)


def held_elsewhere(session: Session, run: Run, place: str = "第9研修室") -> None:
    """Have a run be held in another place than it was ordered to."""
    for sitting in session.scalars(sa.select(RunSession).where(RunSession.run_id == run.id)):
        sitting.place = place
    session.flush()


def names(session: Session, order: Order) -> list[str]:
    """Return whom a version names."""
    query = sa.select(OrderLine.name).where(OrderLine.order_id == order.id)
    return list(session.scalars(query.order_by(OrderLine.number)))


@pytest.mark.requirement("ORD-03")
def test_those_ordered_to_another_place_are_ordered_anew_once_and_acknowledge_anew(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    a, b, gone, _ = stage.people
    run, seat = stage.runs[0], stage.seat_of
    first = stage.ordered(a, b, gone)
    changes.end(session, seat(gone).id, "revoke", "duty", DAYS, by=stage.office, now=stage.now)
    line = session.scalars(sa.select(OrderLine).where(OrderLine.person_id == a.id)).one()
    orders.acknowledge(session, line.id, by=Actor(person_id=a.id), now=stage.now)
    factories.enter(office, session, stage.clerk)
    address = f"/runs/{run.id}/orders"
    assert "変更命令を出す" not in office.get(address).text
    held_elsewhere(session, run)
    run.state = "postponed"
    session.flush()
    assert "延期を解くと、変更命令を出せます" in office.get(address).text
    assert office.post(f"{address}/amend").status_code == 409
    session.get_one(Run, run.id).state = "decided"
    session.flush()
    text = office.get(address).text
    assert "2人の研修命令が、いまの日程・会場と違います" in text
    assert "2人に変更命令を出しますか" in text
    said = office.post(f"{address}/amend", follow_redirects=True).text
    assert "変更命令を2人に発行しました" in said
    assert "いまの日程・会場と違います" not in said
    assert "変更命令を出す人は残っていません" in (
        office.post(f"{address}/amend", follow_redirects=True).text
    )
    session.expire_all()
    [change] = session.scalars(sa.select(Order).where(Order.kind == "change"))
    assert (change.serial, change.version, change.issuer) == (first.serial, 3, first.issuer)
    assert names(session, change) == [a.name, b.name]
    assert {each["place"] for each in change.document["sessions"]} == {"第9研修室"}
    assert {each["place"] for each in first.document["sessions"]} == {"第1研修室"}
    assert "2人中 0人が受領を確認しました" in office.get(f"/orders/{change.id}").text
    told = [row.payload for row in session.scalars(sa.select(Outgoing))]
    assert {"table": "training_order", "id": str(change.id), "action": "change"} in told


def test_each_number_and_each_issuer_has_a_version_of_its_own_by_the_same_few_statements(
    session: Session, stage: Offered
) -> None:
    a, moved, teacher, _ = stage.people
    run, other = stage.runs
    stage.ordered(a)
    today = clock.today(stage.now)
    for where, who, issuer in (
        (run, teacher, "架空区教育委員会"),
        (other, moved, "架空区長"),
    ):
        factories.enrol(session, where, who)
        orders.issue(session, where.id, Header(issuer, today), by=stage.office, now=stage.now)
    at = {"by": stage.office, "now": stage.now}
    effects.move_to(session, stage.seat_of(moved), run.id, stage.offering, DAYS, **at)
    session.flush()
    assert queries.overtaken(session, run.id) == []
    held_elsewhere(session, run)
    with statements(session) as seen:
        assert sum(len(each.enrolment_ids) for each in queries.overtaken(session, run.id)) == 3
    assert len(seen) == 4
    found = service.amend(session, run.id, **at)
    assert [(order.serial, order.version, names(session, order)) for order in found] == [
        (1, 3, [a.name]),
        (1, 4, [teacher.name]),
        (2, 3, [moved.name]),
    ]
    assert service.amend(session, run.id, **at) == {}
    assert queries.overtaken(session, other.id) == []
