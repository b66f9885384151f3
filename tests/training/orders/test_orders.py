"""Orders: issued with a head, read by whom they concern, acknowledged, withdrawn, never changed."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.outbox import Outgoing
from app.learning.records.models import Attempt, LearnerRecord
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.training.changes import service as changes
from app.training.effects import service as effects
from app.training.enrolment.models import Assignment
from app.training.orders.models import Order, OrderChangedError, OrderLine
from app.training.plans.models import RunItem
from tests import factories
from tests.learning import made
from tests.training.offered import DAYS, Offered, offered


@pytest.fixture
def stage(session: Session) -> Offered:
    """An offering with two runs, and four people."""
    return offered(session, capacity=5)


def orders_of(session: Session) -> list[Order]:
    """Return all versions in the order in which they were issued."""
    session.expire_all()
    return list(session.scalars(sa.select(Order).order_by(Order.serial, Order.version)))


def lines_of(session: Session, order: Order) -> list[OrderLine]:
    """Return the lines of a version."""
    query = sa.select(OrderLine).where(OrderLine.order_id == order.id)
    return list(session.scalars(query.order_by(OrderLine.number)))


def sent(session: Session, action: str) -> list[Outgoing]:
    """Return what the outbox tells of orders."""
    return [
        row
        for row in session.scalars(sa.select(Outgoing))
        if (row.payload.get("table"), row.payload.get("action")) == ("training_order", action)
    ]


def form_of(text: str) -> dict[str, object]:
    """Return what the form of issuing would send as it stands."""
    return {
        "seen": re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', text)[0],
        "issuer": re.findall(r'name="issuer"[^>]*value="([^"]*)"', text)[0],
        "issued_on": re.findall(r'name="issued_on"[^>]*value="([^"]*)"', text)[0],
        "sections": re.findall(r'name="sections"[^>]*value="([^"]*)"', text),
    }


@pytest.mark.requirement("ORD-03")
def test_an_order_is_issued_with_its_head_and_stays_a_history_of_versions(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    a, b, c, _ = stage.people
    stage.seated(a, b)
    factories.enter(office, session, stage.clerk)
    address = f"/runs/{stage.runs[0].id}/orders"
    text = office.get(address).text
    assert "2人に研修命令を発行します" in text
    form = form_of(text)
    assert office.post(address, data={**form, "issuer": " "}).status_code == 422
    assert orders_of(session) == []
    answer = office.post(address, data={**form, "issuer": "架空区長"}, follow_redirects=True)
    year = clock.era_year(date(clock.fiscal_year(clock.today(stage.now)), 4, 1))
    assert f"研修命令 {year}度 第1号（第1版）を2人に発行しました" in answer.text
    again = office.post(address, data={**form, "issuer": "架空区長"}, follow_redirects=True)
    assert "命令を出す人は残っていません" in again.text
    [first] = orders_of(session)
    assert (first.kind, first.issuer, first.document["title"]) == (
        "order",
        "架空区長",
        "新任係長研修",
    )
    assert [line.name for line in lines_of(session, first)] == [a.name, b.name]
    # 追加, 変更 and 取消 are versions of the same number.
    factories.enrol(session, stage.runs[0], c)
    added = form_of(office.get(address).text)
    assert added["issuer"] == "架空区長", "the last issuer is remembered"
    office.post(address, data=added)
    session.expire_all()
    effects.move_to(
        session,
        stage.seat_of(a),
        stage.runs[1].id,
        stage.offering,
        DAYS,
        by=stage.office,
        now=stage.now,
    )
    changes.end(
        session, stage.seat_of(b).id, "revoke", "duty", DAYS, by=stage.office, now=stage.now
    )
    session.flush()
    versions = [(row.serial, row.version, row.kind) for row in orders_of(session)]
    assert versions == [(1, 1, "order"), (1, 2, "order"), (1, 3, "change"), (1, 4, "revocation")]
    page = office.get(f"/orders/{first.id}").text
    assert page.count("（この版）") == 1
    assert all(f"第{version}版" in page for version in (1, 2, 3, 4))
    assert "あとの版あり" in page


@pytest.mark.requirement("ORD-03")
def test_nothing_of_a_version_changes_but_the_moment_of_its_receipt(
    session: Session, stage: Offered
) -> None:
    order = stage.ordered(stage.people[0])
    [line] = lines_of(session, order)
    line.acknowledged_at = stage.now
    session.flush()
    for name, value in (("name", "別の名"), ("acknowledged_at", None)):
        with pytest.raises(OrderChangedError):
            _set(session, line, name, value)
        session.refresh(line)
    assert (line.name, line.acknowledged_at) == (stage.people[0].name, stage.now)


def _set(session: Session, line: OrderLine, name: str, value: object) -> None:
    with session.begin_nested():
        setattr(line, name, value)
        session.flush()


def test_each_issue_has_one_issuer_and_the_rest_can_have_another(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    elsewhere = factories.section(session, "教育総務課")
    teacher = factories.person(session, "架空 教子", section=elsewhere)
    stage.seated(stage.people[0], teacher)
    factories.enter(office, session, stage.clerk)
    address = f"/runs/{stage.runs[0].id}/orders"
    form = form_of(office.get(address).text)
    mine = {**form, "issuer": "架空区長", "sections": [str(stage.section.id)]}
    office.post(address, data=mine)
    rest = form_of(office.get(address).text)
    office.post(address, data={**rest, "issuer": "架空区教育委員会"})
    found = [(row.issuer, lines_of(session, row)[0].person_id) for row in orders_of(session)]
    assert found == [
        ("架空区長", stage.people[0].id),
        ("架空区教育委員会", teacher.id),
    ]


def test_whom_nobody_looked_at_is_not_ordered(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    stage.seated(stage.people[0])
    factories.enter(office, session, stage.clerk)
    address = f"/runs/{stage.runs[0].id}/orders"
    form = form_of(office.get(address).text)
    factories.enrol(session, stage.runs[0], stage.people[1])
    answer = office.post(address, data={**form, "issuer": "架空区長"})
    assert answer.status_code == 409
    assert "命令を出す人が変わりました" in answer.text
    assert "2人に研修命令を発行します" in answer.text
    assert 'value="架空区長"' in answer.text
    assert orders_of(session) == []


@pytest.mark.requirement("ORD-04")
def test_a_person_acknowledges_and_the_others_are_listed_and_told_again(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    a, b, c, _ = stage.people
    order = stage.ordered(a, b, c)
    address = f"/orders/{order.id}"
    factories.enter(office, session, a)
    own = office.get(address).text
    assert "受領を確認する" in own
    assert b.name not in own
    office.post(f"{address}/acknowledge")
    session.expire_all()
    first = lines_of(session, order)[0].acknowledged_at
    assert office.post(f"{address}/acknowledge").status_code == 303
    session.expire_all()
    assert lines_of(session, order)[0].acknowledged_at == first
    factories.enter(office, session, stage.people[3])
    assert office.get(address).status_code == 404
    assert office.post(f"{address}/acknowledge").status_code == 404

    factories.enter(office, session, stage.head_person)
    text = office.get(address).text
    assert "3人中 1人が受領を確認しました。" in text
    open_ones = office.get(f"{address}?receipt=open").text
    assert (a.name in open_ones, b.name in open_ones) == (False, True)
    assert office.get(f"{address}/remind").status_code == 403

    factories.enter(office, session, stage.clerk)
    asked = office.get(f"{address}/remind").text
    assert "2人に、受領確認の督促を送ります" in asked
    key = re.findall(r'name="key" value="([^"]+)"', asked)[0]
    for _ in range(2):
        office.post(f"{address}/remind", data={"key": key})
    [row] = sent(session, "remind")
    assert row.payload["id"] == str(order.id)
    line = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "order.reminded")).one()
    assert (line.details or {})["people"] == [str(b.id), str(c.id)]


@pytest.mark.requirement("ORD-04")
def test_a_head_reads_of_an_order_what_concerns_their_section(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    elsewhere = factories.section(session, "税務課")
    stranger = factories.person(session, "架空 他子", section=elsewhere)
    order = stage.ordered(stage.people[0], stranger)
    head = factories.person(session, "架空 税長", section=elsewhere)
    session.add(
        RoleGrant(
            person_id=head.id,
            role=Role.HEAD,
            section_id=elsewhere.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    factories.enter(office, session, head)
    text = office.get(f"/orders/{order.id}").text
    assert (stranger.name in text, stage.people[0].name in text) == (True, False)
    assert "1人中 0人が受領を確認しました。" in text


@pytest.mark.requirement("ORD-09")
def test_withdrawing_an_order_keeps_all_that_was_learnt_and_answered(
    office: FlaskClient, session: Session, stage: Offered
) -> None:
    who = stage.people[0]
    order = stage.ordered(who)
    attempt_id = _learnt(session, stage, who)
    seat = stage.seat_of(who)
    factories.enter(office, session, stage.clerk)
    address = f"/enrolments/{seat.id}/end"
    assert address in office.get(f"/orders/{order.id}").text
    assert "これまでの受講と回答の記録は残ります" in office.get(address).text
    assert office.post(address, data={"action": "revoke"}).status_code == 422
    answer = office.post(address, data={"action": "revoke", "reason": "duty"})
    assert answer.status_code == 303
    session.expire_all()
    assert stage.seat_of(who).state == "revoked"
    kept = session.get_one(Attempt, attempt_id)
    assert kept.document == {"cmi": {"answers": [1, 2]}}
    assert session.get_one(LearnerRecord, kept.record_id).score == 60
    revoked = orders_of(session)[-1]
    assert (revoked.kind, revoked.serial, revoked.version) == ("revocation", order.serial, 2)
    # Another page than the first; both say what they said.
    assert [line.person_id for line in lines_of(session, order)] == [who.id]
    again = office.post(address, data={"action": "revoke", "reason": "duty"})
    assert again.status_code == 409


@pytest.mark.requirement("ORD-09")
def test_changing_the_run_keeps_what_was_learnt_for_the_first(
    session: Session, stage: Offered
) -> None:
    who = stage.people[0]
    stage.ordered(who)
    attempt_id = _learnt(session, stage, who)
    effects.move_to(
        session,
        stage.seat_of(who),
        stage.runs[1].id,
        stage.offering,
        DAYS,
        by=stage.office,
        now=stage.now,
    )
    session.expire_all()
    assert stage.seat_of(who).run_id == stage.runs[1].id
    assert session.get_one(Attempt, attempt_id).document == {"cmi": {"answers": [1, 2]}}


def _learnt(session: Session, stage: Offered, who: Person) -> uuid.UUID:
    """Have somebody answer in a material of the first run, and return the attempt."""
    version = made.version(session, made.sco("A"))
    item = RunItem(run_id=stage.runs[0].id, material_id=version.material_id, position=9)
    session.add(item)
    session.flush()
    assignment = Assignment(enrolment_id=stage.seat_of(who).id, run_item_id=item.id)
    session.add(assignment)
    session.flush()
    record = LearnerRecord(
        person_id=who.id,
        material_id=version.material_id,
        assignment_id=assignment.id,
        status="in_progress",
        score=60,
    )
    session.add(record)
    session.flush()
    attempt = Attempt(
        record_id=record.id,
        person_id=who.id,
        version_id=version.id,
        created_at=stage.now,
        document={"cmi": {"answers": [1, 2]}},
    )
    session.add(attempt)
    session.flush()
    return attempt.id
