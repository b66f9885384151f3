"""The office stops a run and brings it back, with all its people."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, outbox
from app.kernel.actor import Actor, Grant
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.approvals.models import ApprovalStep
from app.training.attendance.models import Attendance
from app.training.candidacies.models import Candidacy
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.states import ChangeState
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.orders import service as orders
from app.training.orders.models import Order
from app.training.orders.service import Header
from app.training.plans.models import Run, RunKind, RunSession
from tests import factories
from tests.training.counting import statements
from tests.training.filled import form_of


@pytest.fixture
def clerk(session: Session, office: FlaskClient) -> Person:
    """A person of the training office, signed in."""
    who = factories.person(session, roles=(Role.OFFICE,))
    factories.enter(office, session, who)
    return who


def meeting(session: Session, state: str = "open", *, begins_in: int = 7) -> Run:
    """Make a classroom run of one session, so many days from now."""
    day = clock.today(clock.now()) + timedelta(days=begins_in)
    run = factories.run(session, state=state, learn_from=day, learn_until=day)
    run.kind = RunKind.CLASSROOM
    starts = clock.start_of(day) + timedelta(hours=9)
    session.add(
        RunSession(
            run_id=run.id,
            number=1,
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            place="第1研修室",
        )
    )
    session.flush()
    return run


def states(session: Session, run: Run) -> list[str]:
    """Return the states of a run's people, as they were enrolled."""
    session.expire_all()
    found = sa.select(Enrolment.state).where(Enrolment.run_id == run.id).order_by(Enrolment.id)
    return list(session.scalars(found))


def told(session: Session) -> list[tuple[str, str]]:
    """Return what the outbox tells, by table and action."""
    found = session.scalars(sa.select(outbox.Outgoing.payload).order_by(outbox.Outgoing.id))
    return [(each["table"], each["action"]) for each in found]


@pytest.mark.requirement("PLN-14", "CHG-08")
def test_a_cancelled_run_keeps_all_there_is_and_comes_back(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = meeting(session)
    seats = [
        factories.enrol(session, run, factories.person(session), state)
        for state in ("ordered", "in_progress", "declined")
    ]
    sitting = session.scalars(sa.select(RunSession)).one()
    session.add(Attendance(enrolment_id=seats[1].id, session_id=sitting.id, presence="present"))
    session.flush()
    asked = office.get(f"/runs/{run.id}/cancel").text
    assert "2人に、中止を知らせます" in asked
    assert "参加回の変更のほかは取り下げられます" in asked
    unexplained = office.post(f"/runs/{run.id}/cancel")
    assert (unexplained.status_code, "理由を選んでください。" in unexplained.text) == (422, True)
    assert states(session, run) == ["ordered", "in_progress", "declined"]
    page = office.post(f"/runs/{run.id}/cancel", data={"reason": "disaster"}, follow_redirects=True)
    assert "開催を中止しました（理由：災害）" in page.text
    assert "2人の登録と記録は残っています" in page.text
    assert states(session, run) == ["run_cancelled", "run_cancelled", "declined"]
    assert ("run", "cancel") in told(session)
    assert "2人を元の状態に戻し、知らせを送ります。" in page.text
    assert office.post(f"/runs/{run.id}/restore").status_code == 303
    assert states(session, run) == ["ordered", "in_progress", "declined"]
    assert (session.get_one(Run, run.id).state, session.get_one(Run, run.id).reason) == (
        "open",
        None,
    )
    assert session.scalars(sa.select(Attendance.presence)).all() == ["present"]


@pytest.mark.parametrize(
    ("obligation", "said"),
    [
        ("named", "知らせは送りません。"),
        ("nominated", "推薦の依頼を、所属に送ります。"),
        ("free", "申込みの案内を、対象者に決めた人に送ります。"),
    ],
)
def test_a_call_says_before_and_after_it_who_is_told(
    office: FlaskClient, session: Session, clerk: Person, obligation: str, said: str
) -> None:
    run = meeting(session, "draft", begins_in=30)
    run.head_until = clock.now() + timedelta(days=7)
    session.get_one(Offering, run.offering_id).obligation = obligation
    session.flush()
    assert f"<p>{said}所属長の決裁の締切は" in office.get(f"/runs/{run.id}").text
    page = office.post(f"/runs/{run.id}/call", follow_redirects=True)
    assert f"募集を始めました。{said}" in page.text


def test_with_its_run_what_was_asked_for_a_seat_is_off_but_moving_elsewhere(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    counted = []
    for more in (0, 5):
        run = meeting(session)
        kinds = [ChangeKind.MOVE, *(ChangeKind.DECLINE, ChangeKind.REPLACE, ChangeKind.EXEMPT)]
        for kind in kinds + [ChangeKind.DECLINE] * more:
            seat = factories.enrol(session, run, factories.person(session), "ordered")
            is_first = kind == ChangeKind.DECLINE
            session.add(
                ChangeRequest(
                    enrolment_id=seat.id,
                    kind=kind,
                    state=ChangeState.REQUESTED if is_first else ChangeState.HEAD_APPROVED,
                    reason="duty",
                    requested_at=clock.now(),
                )
            )
        session.flush()
        with statements(session) as seen:
            office.post(f"/runs/{run.id}/cancel", data={"reason": "disaster"})
        counted.append(len(seen))
        session.expire_all()
        rows = session.scalars(
            sa.select(ChangeRequest)
            .join(Enrolment, Enrolment.id == ChangeRequest.enrolment_id)
            .where(Enrolment.run_id == run.id)
        ).all()
        off = {row.kind for row in rows if row.state == ChangeState.WITHDRAWN}
        assert off == {ChangeKind.DECLINE, ChangeKind.REPLACE, ChangeKind.EXEMPT}
        assert {row.kind for row in rows} - off == {ChangeKind.MOVE}
        steps = sa.select(ApprovalStep).where(ApprovalStep.subject_id.in_([r.id for r in rows]))
        said = [(step.action, step.actor_id) for step in session.scalars(steps)]
        assert said == [("withdraw", None)] * (3 + more)
    assert counted[1] - counted[0] < 5


def test_whoever_has_gone_to_another_run_since_stays_there(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = meeting(session)
    other = factories.run(session, offered=factories.offering(session))
    other.offering_id = run.offering_id
    gone, waits = factories.person(session), factories.person(session)
    for who in (gone, waits):
        factories.enrol(session, run, who, "ordered")
    office.post(f"/runs/{run.id}/cancel", data={"reason": "transport"})
    factories.enrol(session, other, gone, "ordered")
    page = office.post(f"/runs/{run.id}/restore", follow_redirects=True)
    assert "1人は、ほかの回に移っているため、戻していません。" in page.text
    assert states(session, run) == ["run_cancelled", "ordered"]


def test_a_run_of_many_is_cancelled_by_the_same_few_statements(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    counted = []
    for people in (1, 15):
        run = meeting(session)
        for _ in range(people):
            factories.enrol(session, run, factories.person(session), "ordered")
        with statements(session) as seen:
            office.post(f"/runs/{run.id}/cancel", data={"reason": "other"})
        counted.append(len(seen))
        assert set(states(session, run)) == {"run_cancelled"}
    assert counted[1] - counted[0] < 5


@pytest.mark.requirement("PLN-14", "CHG-08")
def test_a_postponed_run_gets_new_days_and_goes_on(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = meeting(session, begins_in=-1)
    factories.enrol(session, run, factories.person(session), "ordered")
    answer = office.post(f"/runs/{run.id}/postpone", data={"reason": "lecturer"})
    assert answer.location == f"/runs/{run.id}/edit"
    page = office.get(answer.location).text
    assert "次に、新しい日程を決めてください" in page
    same = office.post(answer.location, data=form_of(page) | {"do": "resume"})
    assert "これからの日を入力してください。" in same.text
    day = clock.today(clock.now()) + timedelta(days=30)
    new = form_of(page) | {"do": "resume", "day_1": f"{day:%Y/%m/%d}"}
    done = office.post(answer.location, data=new)
    assert done.status_code == 303
    assert states(session, run) == ["ordered"]
    row = session.get_one(Run, run.id)
    assert (row.state, row.learn_from, row.reason) == ("open", day, None)
    assert told(session) == [("run", "postpone"), ("run", "resume")]


def test_a_postponed_run_that_is_cancelled_and_brought_back_goes_on_from_where_it_was(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = meeting(session, "decided")
    for action in ("postpone", "cancel"):
        office.post(f"/runs/{run.id}/{action}", data={"reason": "disaster"})
    office.post(f"/runs/{run.id}/restore")
    session.expire_all()
    assert session.get_one(Run, run.id).state == "decided"


@pytest.mark.requirement("CHG-08")
def test_the_sessions_to_come_go_on_line_at_once(
    office: FlaskClient, session: Session, clerk: Person
) -> None:
    run = meeting(session)
    past = clock.now() - timedelta(days=2)
    session.add(
        RunSession(run_id=run.id, number=2, starts_at=past, ends_at=past + timedelta(hours=1))
    )
    factories.enrol(session, run, factories.person(session), "ordered")
    assert "これからのコマ1件をオンラインに切り替え、1人に知らせます。" in (
        office.get(f"/runs/{run.id}/online").text
    )
    assert office.post(f"/runs/{run.id}/online", data={"url": "meet"}).status_code == 422
    url = "https://meet.example.jp/2"
    assert office.post(f"/runs/{run.id}/online", data={"url": url}).status_code == 303
    session.expire_all()
    found = session.scalars(sa.select(RunSession.online_url).order_by(RunSession.number)).all()
    assert found == [url, ""]
    assert told(session) == [("run", "reschedule")]


def _full(session: Session, clerk: Person, now: datetime) -> tuple[Run, list[Person]]:
    """Make an ordered run of three, decided one after another."""
    run = meeting(session, "decided")
    run.capacity_max = 3
    people = [factories.person(session, f"架空 {n}子") for n in range(3)]
    for place, who in enumerate(people):
        factories.enrol(session, run, who).decided_at = now + timedelta(minutes=place)
    by = Actor(person_id=clerk.id, grants=(Grant("office"),))
    orders.issue(session, run.id, Header("区長", date(2026, 11, 24)), by=by, now=now)
    session.flush()
    return run, people


@pytest.mark.requirement("PLN-03")
def test_a_capacity_below_those_enrolled_is_refused_until_somebody_chooses_who_waits(
    office: FlaskClient, session: Session, clerk: Person, now: datetime
) -> None:
    run, people = _full(session, clerk, now)
    written = form_of(office.get(f"/runs/{run.id}/edit").text) | {"capacity_max": "1"}
    refused = office.post(f"/runs/{run.id}/edit", data=written)
    assert refused.status_code == 422
    assert "受講者が3人います。定員を1人にはできません" in refused.text
    assert f"/runs/{run.id}/capacity?capacity=1" in refused.text
    page = office.get(f"/runs/{run.id}/capacity?capacity=1").text
    suggested = [
        who.name for who in people if "checked" in page.split(who.name)[0].rsplit("<input", 1)[1]
    ]
    assert suggested == [people[1].name, people[2].name]
    seats = session.scalars(sa.select(Enrolment.id).order_by(Enrolment.decided_at)).all()
    one = office.post(
        f"/runs/{run.id}/capacity", data={"capacity": "1", "waiting": [str(seats[2])]}
    )
    assert "受講者が2人います。定員を1人にはできません" in one.text
    both = {"capacity": "1", "waiting": [str(key) for key in seats[1:]]}
    assert office.post(f"/runs/{run.id}/capacity", data=both).status_code == 303
    assert states(session, run) == ["ordered", "revoked", "revoked"]
    waiting = session.execute(
        sa.select(Candidacy.person_id, Candidacy.state).order_by(Candidacy.waiting)
    ).all()
    assert [tuple(row) for row in waiting] == [(who.id, "waitlisted") for who in people[1:]]
    assert session.get_one(Run, run.id).capacity_max == 1
    kinds = session.scalars(sa.select(Order.kind).order_by(Order.version)).all()
    assert kinds == ["order", "revocation", "revocation"]
