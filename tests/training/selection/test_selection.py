"""The office chooses: a draft that nobody else sees, confirmed at once, and who waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Conflict, Refused
from app.kernel.outbox import Outgoing
from app.people.register.models import Person
from app.training.candidacies.models import Candidacy
from app.training.effects import service as effects
from app.training.enrolment.models import Enrolment
from app.training.offerings import service as offerings
from app.training.offerings.models import Promotion, Quota
from app.training.orders import service as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.service import Header
from app.training.proposals import queries as proposals
from app.training.proposals import service as proposing
from app.training.selection import service as selection
from app.training.selection.service import Choice
from tests import factories
from tests.training.counting import statements
from tests.training.offered import DAYS, Offered, offered, planned


@pytest.fixture
def stage(session: Session) -> Offered:
    """An offering with two runs of two seats, and four people."""
    return offered(session)


def told(session: Session) -> list[tuple[str, str]]:
    """Return what the outbox is to tell, in its order."""
    rows = session.scalars(sa.select(Outgoing).order_by(Outgoing.id))
    return [(row.payload["table"], row.payload["action"]) for row in rows if "table" in row.payload]


def page(office: FlaskClient, stage: Offered, query: str = "") -> str:
    """Return the text of the selection's page."""
    answer = office.get(f"/offerings/{stage.offering.id}/selection{query}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.requirement("ORD-01")
def test_everybody_put_forward_stands_side_by_side_and_many_are_proposed_at_once(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    a, b, c, _ = stage.people
    rows = [
        stage.put_forward(a, stage.runs[1], stage.runs[0], rank=2),
        stage.put_forward(b, rank=1),
        stage.put_forward(c),
    ]
    session.add(Quota(offering_id=stage.offering.id, section_id=stage.section.id, at_most=5))
    _last_year(session, stage, a, "completed")
    factories.enter(office, session, stage.clerk)
    text = page(office, stage)
    assert "5人中 3人（残り2人）" in text
    assert "第2回、第1回" in text
    assert f"修了（{stage.offering.fiscal_year - 1}年度）" in text
    answer = office.post(
        f"/offerings/{stage.offering.id}/selection",
        data={"candidacy": [row.id for row in rows[:2]], "proposal": "selected", "run": ""},
        follow_redirects=True,
    )
    assert "2人を決定の案にしました" in answer.text
    session.expire_all()
    # Each is proposed for the run that they asked for first.
    assert [(row.proposal, row.run_id) for row in rows] == [
        ("selected", stage.runs[1].id),
        ("selected", stage.runs[0].id),
        (None, None),
    ]
    assert "確定へ進む（2人）" in answer.text


def _last_year(session: Session, stage: Offered, who: Person, state: str) -> None:
    day = clock.today(stage.now) - timedelta(days=370)
    year = clock.fiscal_year(clock.today(stage.now)) - 1
    before = offerings.of_year(session, stage.training.id, year, stage.now)
    run = factories.run(session, offered=before, learn_from=day, learn_until=day, state="ended")
    factories.enrol(session, run, who, state=state)


@pytest.mark.requirement("ORD-07")
def test_who_was_passed_over_the_last_time_comes_first_among_equals(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    rows = [stage.put_forward(who, rank=1) for who in stage.people[:3]]
    year = stage.offering.fiscal_year - 1
    before = offerings.of_year(session, stage.training.id, year, stage.now)
    session.add(
        Candidacy(
            offering_id=before.id,
            person_id=rows[2].person_id,
            state="not_selected",
            section_id=rows[2].section_id,
            title_id=rows[2].title_id,
            created_at=stage.now,
        )
    )
    session.flush()
    factories.enter(office, session, stage.clerk)
    assert f"前回選外（{year}年度）" in page(office, stage)
    done = proposing.fill(session, stage.offering.id, by=stage.office, now=stage.now)
    assert done.selected == [rows[2].id, rows[0].id]
    assert done.waitlisted == [rows[1].id]


@pytest.mark.requirement("ORD-01")
def test_a_button_proposes_by_rank_until_the_seats_are_full_and_takes_just_that_back(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    rows = [
        stage.put_forward(who, rank=rank)
        for who, rank in zip(stage.people, (3, 1, None, 2), strict=True)
    ]
    stage.propose(rows[2:3], "selected", stage.runs[0])
    factories.enter(office, session, stage.clerk)
    address = f"/offerings/{stage.offering.id}/selection"
    answer = office.post(address, data={"proposal": "by_rank"})
    assert "決定1人、補欠2人の案を作りました" in answer.text
    session.expire_all()
    assert [row.proposal for row in rows] == [
        "waitlisted",
        "selected",
        "selected",
        "waitlisted",
    ]
    made = [row.id for row in rows if row is not rows[2]]
    office.post(address, data={"candidacy": made, "proposal": "nothing"})
    session.expire_all()
    assert [row.proposal for row in rows] == [None, None, "selected", None]


@pytest.mark.requirement("ORD-02")
def test_a_proposal_is_seen_by_nobody_else_until_it_is_confirmed(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    rows = [stage.put_forward(who) for who in stage.people[:3]]
    before = told(session)
    for row, what in zip(rows, ("selected", "waitlisted", "not_selected"), strict=True):
        stage.propose([row], what, stage.runs[0])
    assert told(session) == before
    assert [row.state for row in rows] == ["nominated"] * 3
    for who in (stage.people[0], stage.head_person):
        factories.enter(office, session, who)
        assert office.get(f"/offerings/{stage.offering.id}/selection").status_code == 403
        assert "決定案" not in office.get("/").text
    factories.enter(office, session, stage.clerk)
    address = f"/offerings/{stage.offering.id}/selection/confirm"
    asked = office.get(address).text
    assert "決定1人、補欠1人、選外1人です。" in asked
    seen = proposals.mark(session, stage.offering.id)
    answer = office.post(address, data={"seen": seen}, follow_redirects=True)
    assert (
        "決定1人、補欠1人、選外1人を確定しました。次に、研修命令を発行してください。" in answer.text
    )
    assert "研修命令を発行する" in answer.text
    session.expire_all()
    assert [row.state for row in rows] == ["selected", "waitlisted", "not_selected"]
    # Who is selected is told by the order.
    assert told(session)[len(before) :] == [("candidacy", "waitlist"), ("candidacy", "pass_over")]
    again = office.post(address, data={"seen": seen}, follow_redirects=True)
    assert "確定する決定案がありません" in again.text
    assert len(session.scalars(sa.select(Enrolment)).all()) == 1


@pytest.mark.requirement("ORD-02")
def test_what_was_not_looked_at_is_not_confirmed(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    rows = [stage.put_forward(who) for who in stage.people[:2]]
    stage.propose(rows[:1], "selected", stage.runs[0])
    seen = proposals.mark(session, stage.offering.id)
    stage.propose(rows[1:], "not_selected")
    factories.enter(office, session, stage.clerk)
    answer = office.post(f"/offerings/{stage.offering.id}/selection/confirm", data={"seen": seen})
    assert answer.status_code == 409
    assert "確認の後で、決定案が変わりました" in answer.text
    assert "決定1人、補欠0人、選外1人です。" in answer.text
    assert [row.state for row in rows] == ["nominated", "nominated"]


@pytest.mark.requirement("ORD-02")
def test_over_capacity_and_clashes_are_confirmed_only_knowingly(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    rows = [stage.put_forward(who) for who in stage.people[:3]]
    other = planned(
        session,
        factories.training(session, "別の研修"),
        stage.runs[0].learn_from,
        5,
        stage.office,
        stage.now,
    )
    factories.enrol(session, other, stage.people[0])
    stage.propose(rows, "selected", stage.runs[0])
    with pytest.raises(Refused, match="run_full"):
        stage.confirm()
    with pytest.raises(Refused, match="proposals_clash"):
        stage.confirm(Choice(may_exceed=True))
    factories.enter(office, session, stage.clerk)
    asked = office.get(f"/offerings/{stage.offering.id}/selection/confirm").text
    assert "第1回は1人超えています。" in asked
    assert "別の研修 第1回" in asked
    assert "第1回と重なる：別の研修 第1回" in page(office, stage)
    done = stage.confirm(Choice(may_exceed=True, may_clash=True))
    assert done.selected == 3


def test_who_is_beyond_the_quota_can_only_wait(session: Session, stage: Offered) -> None:
    row = stage.put_forward(stage.people[0], is_over_quota=True)
    with pytest.raises(Refused, match="over_quota_waits"):
        stage.propose([row], "selected", stage.runs[0])
    done = proposing.fill(session, stage.offering.id, by=stage.office, now=stage.now)
    assert (done.selected, done.waitlisted) == ([], [row.id])


@pytest.mark.requirement("ORD-06")
def test_the_waiting_list_is_put_in_order_and_promoted_by_hand_until_the_limit(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    a, b, c, d = stage.people
    rows = [stage.put_forward(who, rank=rank) for rank, who in enumerate((a, b, c, d), 1)]
    stage.propose(rows[:2], "selected", stage.runs[0])
    stage.propose(rows[2:], "waitlisted", stage.runs[0])
    stage.confirm()
    header = Header("架空区長", clock.today(stage.now))
    orders.issue(session, stage.runs[0].id, header, by=stage.office, now=stage.now)
    stage.offering.promotion = Promotion.CONFIRMED
    factories.enter(office, session, stage.clerk)
    address = f"/offerings/{stage.offering.id}/selection"
    text = page(office, stage, "?state=waitlisted")
    assert "先頭の1人を繰り上げる" not in text, "no seat is free"
    with pytest.raises(Refused, match="nobody_to_promote"):
        effects.promote_by_hand(session, stage.runs[0].id, DAYS, by=stage.office, now=stage.now)
    office.post(f"{address}/line", data={"candidacy": rows[3].id, "action": "up"})
    session.expire_all()
    assert (rows[3].waiting, rows[2].waiting) == (1, 2)
    effects.take_out(
        session,
        stage.seat_of(a),
        "decline",
        stage.offering,
        DAYS,
        by=stage.office,
        now=stage.now,
    )
    assert rows[3].state == "waitlisted", "nobody moves up by itself"
    late = clock.start_of(stage.runs[0].learn_from) - timedelta(hours=1)
    with pytest.raises(Refused, match="promotion_too_late"):
        effects.promote_by_hand(session, stage.runs[0].id, DAYS, by=stage.office, now=late)
    assert "先頭の1人を繰り上げる" in page(office, stage, "?state=waitlisted")
    office.post(f"{address}/promote", data={"run": stage.runs[0].id})
    session.expire_all()
    assert (rows[3].state, stage.seat_of(d).state) == ("selected", "ordered")
    newest = session.scalars(sa.select(Order).order_by(Order.version.desc())).first()
    assert newest is not None
    assert [line.person_id for line in _lines(session, newest)] == [d.id]
    office.post(f"{address}/line", data={"candidacy": rows[2].id, "action": "pass_over"})
    session.expire_all()
    assert rows[2].state == "not_selected"
    with pytest.raises(Conflict, match="wrong_state"):
        selection.pass_over(session, rows[2].id, by=stage.office, now=stage.now)


def _lines(session: Session, order: Order) -> list[OrderLine]:
    return list(session.scalars(sa.select(OrderLine).where(OrderLine.order_id == order.id)))


def test_the_list_asks_the_same_few_questions_for_any_number(
    office: FlaskClient, session: Session
) -> None:
    stage = offered(session, count=8)
    factories.enter(office, session, stage.clerk)
    stage.put_forward(stage.people[0])
    page(office, stage)
    with statements(session) as one:
        page(office, stage)
    for who in stage.people[1:]:
        stage.put_forward(who)
    with statements(session) as many:
        page(office, stage)
    assert len(many) == len(one)
    assert len(one) < 45
