"""Changes of a seat by the pages: asked for, approved, taken back, and what they make true."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.permission.models import Role, RoleGrant
from app.training.changes.models import ChangeRequest
from app.training.enrolment.models import Enrolment
from app.training.orders.models import Order
from tests import factories
from tests.training.staged import Stage, enter, staged


def asked(stage: Stage) -> ChangeRequest:
    """Return the newest request."""
    stage.session.expire_all()
    return stage.session.scalars(
        sa.select(ChangeRequest).order_by(ChangeRequest.id.desc())
    ).first() or pytest.fail("nothing was asked for")


@pytest.mark.requirement("CHG-01")
def test_another_run_with_a_free_seat_is_asked_for_and_approved_by_whom_the_rule_names(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session, runs=3, capacity=1)
    stage.offering.change_path = "head"
    a, b, _ = stage.people
    seat = stage.seat(a, stage.runs[0])
    stage.seat(b, stage.runs[2])
    enter(office, stage, a)
    page = office.get(f"/seats/{seat.id}").text
    assert f"/seats/{seat.id}/move" in page
    form = office.get(f"/seats/{seat.id}/move").text
    offered, _, closed = form.partition("選べない回")
    assert "空き1席" in offered
    assert "第2研修室" in offered
    assert "満席です" in closed
    assert "所属長" in offered
    full = {"run": str(stage.runs[2].id), "reason": "duty"}
    assert office.post(f"/seats/{seat.id}/move", data=full).status_code == 422
    sent = {"run": str(stage.runs[1].id), "reason": "duty"}
    assert (
        "所属長の承認を待っています"
        in office.post(f"/seats/{seat.id}/move", data=sent, follow_redirects=True).text
    )
    assert office.post(f"/seats/{seat.id}/move", data=sent).status_code == 422
    enter(office, stage, stage.head)
    assert "架空 0子" in office.get("/approvals").text
    assert "架空 0子さん" in office.get("/changes/waiting").text
    done = office.post(f"/changes/{asked(stage).id}/approve", follow_redirects=True).text
    assert "参加回を第2回に変更しました。研修命令" in done
    assert "第2版）を発行しました" in done
    assert (stage.newest(a).run_id, stage.newest(a).state) == (stage.runs[1].id, "ordered")


@pytest.mark.requirement("CHG-01")
def test_where_nobody_has_to_approve_it_the_run_is_changed_at_once(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    stage.offering.change_path = "nobody"
    seat = stage.seat(stage.people[0], stage.runs[0])
    enter(office, stage, stage.people[0])
    sent = {"run": str(stage.runs[1].id), "reason": "leave"}
    page = office.post(f"/seats/{seat.id}/move", data=sent, follow_redirects=True).text
    assert "参加回を第2回に変更しました" in page
    assert stage.newest(stage.people[0]).run_id == stage.runs[1].id


def test_a_run_that_clashes_with_another_training_cannot_be_chosen_nor_approved(
    office: FlaskClient, session: Session
) -> None:
    stage, other = staged(session), staged(session)
    stage.offering.change_path = "head"
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    enter(office, stage, who)
    sent = {"run": str(stage.runs[1].id), "reason": "duty"}
    office.post(f"/seats/{seat.id}/move", data=sent)
    stage.seat(who, other.runs[1])
    enter(office, stage, stage.head)
    answer = office.post(f"/changes/{asked(stage).id}/approve")
    assert (answer.status_code, "同じ時間に" in answer.text) == (422, True)
    assert asked(stage).state == "requested"
    enter(office, stage, who)
    office.post(f"/seats/{seat.id}/withdraw")
    assert "同じ時間に別の研修があります" in office.get(f"/seats/{seat.id}/move").text
    assert office.post(f"/seats/{seat.id}/move", data=sent).status_code == 422
    assert asked(stage).state == "withdrawn"


@pytest.mark.requirement("CHG-05")
def test_after_the_limit_a_change_is_refused_or_taken_as_urgent_as_the_rule_says(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    seat = stage.seat(stage.people[0], stage.runs[0])
    stage.runs[0].change_until = clock.now() - timedelta(minutes=1)
    session.flush()
    enter(office, stage, stage.people[0])
    sent = {"run": str(stage.runs[1].id), "reason": "duty"}
    assert "期限の後の変更は受け付けられません" in office.get(f"/seats/{seat.id}/move").text
    assert office.post(f"/seats/{seat.id}/move", data=sent).status_code == 422
    stage.offering.late_change = "urgent"
    session.flush()
    assert "緊急連絡として受け付けます" in office.get(f"/seats/{seat.id}/move").text
    assert office.post(f"/seats/{seat.id}/move", data=sent).status_code == 303
    assert asked(stage).is_urgent
    enter(office, stage, stage.clerk)
    assert "緊急連絡" in office.get("/changes/waiting").text


@pytest.mark.requirement("CHG-04")
def test_declining_needs_the_head_and_then_the_office_and_takes_the_order_back(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    enter(office, stage, who)
    assert office.post(f"/seats/{seat.id}/ask/decline", data={}).status_code == 422
    office.post(f"/seats/{seat.id}/ask/decline", data={"reason": "duty"})
    change = asked(stage)
    enter(office, stage, stage.head)
    told = office.post(f"/changes/{change.id}/approve", follow_redirects=True).text
    assert "次は、研修管理者" in told
    assert office.post(f"/changes/{change.id}/approve").status_code == 403
    assert (asked(stage).state, stage.newest(who).state) == ("head_approved", "ordered")
    enter(office, stage, stage.clerk)
    told = office.post(f"/changes/{change.id}/approve", follow_redirects=True).text
    assert "辞退になりました。席は空きました。研修命令" in told
    assert stage.newest(who).state == "declined"
    kinds = session.scalars(sa.select(Order.kind).order_by(Order.version)).all()
    assert list(kinds) == ["order", "revocation"]


def test_a_refusal_needs_a_reason_and_leaves_the_seat_as_it_was(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    enter(office, stage, who)
    office.post(f"/seats/{seat.id}/ask/decline", data={"reason": "other"})
    enter(office, stage, stage.head)
    way = f"/changes/{asked(stage).id}/reject"
    assert office.post(way, data={"reason": "because"}).status_code == 422
    assert office.post(way, data={"reason": "duty"}).status_code == 303
    enter(office, stage, who)
    assert "不承認になりました" in office.get(f"/seats/{seat.id}").text
    assert stage.newest(who).state == "ordered"


@pytest.mark.requirement("CHG-03")
def test_the_coordinator_asks_for_somebody_else_of_the_section_who_may_come(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    a, b, c = stage.people
    seat = stage.seat(a, stage.runs[0])
    stage.seat(b, stage.runs[1])
    stranger = factories.person(session, "よその人")
    enter(office, stage, stage.coordinator)
    page = office.get(f"/seats/{seat.id}/replace").text
    assert "架空 2子" in page
    assert "架空 1子" not in page  # has a seat already
    assert "よその人" not in page
    way, reason = f"/seats/{seat.id}/replace", {"reason": "duty"}
    assert office.post(way, data={**reason, "successor": str(stranger.id)}).status_code == 422
    assert office.post(way, data={**reason, "successor": str(c.id)}).status_code == 303
    change = asked(stage)
    for who in (stage.head, stage.clerk):
        enter(office, stage, who)
        assert "架空 2子さん" in office.get("/changes/waiting").text
        office.post(f"/changes/{change.id}/approve")
    assert (stage.newest(a).state, stage.newest(c).state) == ("replaced", "ordered")
    assert stage.newest(c).follows_id == seat.id


@pytest.mark.requirement("CHG-09", "CHG-10")
def test_another_year_and_being_excused_are_asked_for_where_a_training_has_to_be_taken(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    enter(office, stage, who)
    assert "受講年度を変更する" not in office.get(f"/seats/{seat.id}").text
    assert office.post(f"/seats/{seat.id}/ask/defer", data={"reason": "duty"}).status_code == 422
    stage.offering.obligation = "mandatory"
    session.flush()
    page = office.get(f"/seats/{seat.id}").text
    assert "受講年度を変更する" in page
    assert "免除を申請する" in page
    office.post(f"/seats/{seat.id}/ask/defer", data={"reason": "leave"})
    enter(office, stage, stage.clerk)
    office.post(f"/changes/{asked(stage).id}/approve")
    assert stage.newest(who).state == "deferred"


@pytest.mark.requirement("CHG-10")
@pytest.mark.parametrize(
    ("action", "state"), [("exempt", "exempted"), ("suspend", "suspended"), ("revoke", "revoked")]
)
def test_the_office_takes_somebody_out_by_the_way_and_for_the_reason_that_it_chooses(
    office: FlaskClient, session: Session, action: str, state: str
) -> None:
    stage = staged(session, runs=1, capacity=1)
    a, b, _ = stage.people
    seat = stage.seat(a, stage.runs[0])
    enter(office, stage, stage.clerk)
    way = f"/enrolments/{seat.id}/end"
    assert office.post(way, data={"action": action}).status_code == 422
    assert office.post(way, data={"action": action, "reason": "other"}).status_code == 303
    assert stage.newest(a).state == state
    if action == "revoke":
        # The seat was given to somebody else meanwhile: there is none to come back to.
        stage.seat(b, stage.runs[0], ordered=False)
        assert office.post(f"/enrolments/{seat.id}/restore").status_code == 422
    assert office.post(f"/enrolments/{seat.id}/complete").status_code == 404


@pytest.mark.requirement("SEC-02")
def test_who_plans_another_training_has_no_last_word_on_what_their_section_takes(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    who = stage.people[0]
    seat = stage.seat(who, stage.runs[0])
    session.add(
        RoleGrant(
            person_id=stage.head.id,
            role=Role.ORGANISER,
            training_id=factories.training(session, "よその研修").id,
            valid_from=factories.LONG_AGO,
        )
    )
    enter(office, stage, who)
    office.post(f"/seats/{seat.id}/ask/decline", data={"reason": "duty"})
    enter(office, stage, stage.head)
    way = f"/changes/{asked(stage).id}/approve"
    assert office.post(way).status_code == 303
    assert office.post(way).status_code == 403
    assert stage.newest(who).state == "ordered"


def test_nobody_approves_what_is_about_themselves(office: FlaskClient, session: Session) -> None:
    stage = staged(session)
    seat = stage.seat(stage.head, stage.runs[0])
    enter(office, stage, stage.head)
    office.post(f"/seats/{seat.id}/ask/decline", data={"reason": "duty"})
    assert "承認を待つ変更はありません" in office.get("/changes/waiting").text
    assert office.post(f"/changes/{asked(stage).id}/approve").status_code == 422
    assert asked(stage).state == "requested"


def test_the_section_finds_its_people_and_the_page_says_on_whose_behalf_it_is(
    office: FlaskClient, session: Session
) -> None:
    stage = staged(session)
    a, b, _ = stage.people
    seat = stage.seat(a, stage.runs[0])
    far = stage.seat(factories.person(session, "よその人"), stage.runs[0])
    enter(office, stage, stage.coordinator)
    listed = office.get("/sections/seats").text
    assert f"/seats/{seat.id}" in listed
    assert "よその人" not in listed
    assert f"/seats/{seat.id}" not in office.get("/sections/seats?q=架空 1子").text
    assert "架空 0子さん" in office.get(f"/seats/{seat.id}").text
    assert office.get(f"/seats/{far.id}").status_code == 404
    enter(office, stage, b)
    assert office.get(f"/seats/{seat.id}").status_code == 404
    assert session.scalars(sa.select(Enrolment.id)).all()
