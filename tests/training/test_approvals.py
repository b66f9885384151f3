"""What waits for a head: in one inbox, for the nearest one, for a deputy, and for nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock, lists
from app.kernel.audit.models import AuditEvent
from app.kernel.db import new_id
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.register.models import Appointment, Person
from app.people.sections import service as sections
from app.training.approvals import access
from app.training.approvals.access import Scope
from app.training.approvals.models import ApprovalStep
from app.training.candidacies import service
from app.training.candidacies.models import Candidacy
from app.training.nominations import service as nominations
from app.training.waiting import access as waiting
from tests import factories
from tests.training.calling import DAYS, Calling, calling, grant
from tests.training.counting import statements


@pytest.fixture
def call(session: Session) -> Calling:
    """A call that people can apply for."""
    return calling(session)


def apply(call: Calling, who: Person) -> Candidacy:
    """Have somebody apply for the first run."""
    return service.apply(
        call.session,
        call.offering.id,
        new_id(),
        [call.runs[0].id],
        by=call.acting(who),
        now=clock.now(),
    )


def inbox(call: Calling, who: Person, scope: Scope = Scope.MINE) -> list[tuple[str, str, int]]:
    """Return kind, name and number of people of what waits for somebody."""
    found = access.waiting(call.session, call.acting(who), clock.now(), scope)
    return [(each.kind, each.person, len(each.people)) for each in found]


def stand_in(call: Calling, head: Person, deputy: Person) -> None:
    """Have somebody act for a head from today on."""
    today = clock.today(clock.now())
    call.session.add(
        Delegation(
            from_id=head.id,
            to_id=deputy.id,
            role=Role.HEAD,
            created_by=head.id,
            valid_from=today,
            valid_to=today + timedelta(days=1),
        )
    )
    call.session.flush()


@pytest.mark.requirement("NOM-02")
def test_the_nearest_head_has_it_and_of_their_own_the_one_above(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    learner, head, chief = call.people[0], call.head, call.chief
    mine, own = apply(call, learner), apply(call, head)
    assert inbox(call, head) == [("application", learner.name, 1)]
    assert inbox(call, chief) == [("application", head.name, 1)]
    assert len(inbox(call, chief, Scope.ALL)) == 2
    assert inbox(call, call.office) == []
    apply(call, chief)  # nobody stands above: the office has it
    assert inbox(call, call.office) == [("application", chief.name, 1)]
    factories.enter(office, session, head)
    assert 'class="count">1<' in office.get("/").text
    assert office.post("/approvals/approve", data={"one": str(own.id)}).status_code == 422
    answer = office.post("/approvals/approve", data={"one": str(mine.id)}, follow_redirects=True)
    assert "1人を承認しました。" in answer.text
    session.expire_all()
    assert (mine.state, own.state) == ("nominated", "applied")


@pytest.mark.requirement("NOM-08")
def test_a_deputy_acts_in_the_heads_place_and_never_on_what_is_the_heads_own(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    deputy = call.people[2]
    stand_in(call, call.head, deputy)
    mine, own, theirs = (apply(call, who) for who in (call.people[0], call.head, deputy))
    assert inbox(call, deputy) == [("application", call.people[0].name, 1)]
    assert len(inbox(call, call.head)) == 2
    factories.enter(office, session, deputy)
    for row in (own, theirs):
        assert office.post("/approvals/approve", data={"one": str(row.id)}).status_code in (
            404,
            422,
        )
    office.post("/approvals/approve", data={"one": str(mine.id)})
    step = session.scalars(sa.select(ApprovalStep)).one()
    assert (step.actor_id, step.for_id, step.role) == (deputy.id, call.head.id, "head")
    line = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "candidacy.nominate")
    ).one()
    assert line.for_id == call.head.id
    factories.enter(office, session, call.people[0])
    assert f"（{call.head.name}さんの代行）" in office.get("/applications").text


@pytest.mark.requirement("NOM-02", "NOM-10")
def test_several_are_decided_at_once_after_a_page_that_says_how_many(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    rows = [apply(call, who) for who in call.people]
    chosen = [str(row.id) for row in rows[:2]]
    factories.enter(office, session, call.head)
    page = office.post("/approvals/approve", data={"row": chosen})
    assert "2人を承認します" in page.text
    assert {row.state for row in rows} == {"applied"}
    told = {"row": chosen, "confirmed": lists.mark([row.id for row in rows])}
    assert office.post("/approvals/approve", data=told).status_code == 409
    told["confirmed"] = lists.mark([row.id for row in rows[:2]])
    answer = office.post("/approvals/approve", data=told, follow_redirects=True)
    assert "2人を承認しました。" in answer.text
    last = {"row": [str(rows[2].id)]}
    assert office.post("/approvals/decline", data=last).status_code == 422
    office.post("/approvals/decline", data={**last, "reason": "duty"})
    session.expire_all()
    assert [row.state for row in rows] == ["nominated", "nominated", "head_declined"]


@pytest.mark.requirement("NOM-08")
def test_where_no_head_answers_the_office_sees_it_and_acts_in_their_place(
    office: FlaskClient, session: Session, call: Calling
) -> None:
    row = apply(call, call.people[0])
    clerk, now = call.acting(call.office), clock.now()
    assert waiting.stuck(session, clerk, DAYS, now) == []
    late = now + timedelta(days=10)
    assert [is_vacant for _, is_vacant in waiting.stuck(session, clerk, DAYS, late)] == [False]
    for role in session.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.HEAD)):
        session.delete(role)
    session.flush()
    assert [is_vacant for _, is_vacant in waiting.stuck(session, clerk, DAYS, now)] == [True]
    factories.enter(office, session, call.office)
    assert "承認できる所属長がいません" in office.get("/nominations/stuck").text
    office.post("/approvals/approve", data={"row": [str(row.id)]})
    session.expire_all()
    assert row.state == "nominated"
    factories.enter(office, session, call.people[0])
    assert "（研修担当が所属長を代行）" in office.get("/applications").text


def test_what_waits_in_a_section_that_was_abolished_goes_to_its_successors_head(
    session: Session, call: Calling
) -> None:
    row = apply(call, call.people[0])
    put = nominations.add(
        session,
        call.offering.id,
        call.section.id,
        [call.people[1].id],
        by=call.acting(call.coordinator),
        now=clock.now(),
    )
    nominations.hand_on(
        session,
        call.offering.id,
        call.section.id,
        by=call.acting(call.coordinator),
        now=clock.now(),
    )
    new = factories.section(session, "後継課")
    boss = factories.person(session, section=new)
    grant(session, boss, Role.HEAD, new)
    today = clock.today(clock.now())
    sections.end(session, call.section.id, on=today, successor_ids=[new.id])
    for post in session.scalars(
        sa.select(Appointment).where(Appointment.section_id == call.section.id)
    ):
        post.section_id = new.id
    session.flush()
    assert inbox(call, boss) == [("application", call.people[0].name, 1), ("list", "", 1)]
    assert inbox(call, call.chief) == []
    for each in (row, *put):
        service.act(session, each.id, "nominate", by=call.acting(boss), now=clock.now())
    assert {each.state for each in (row, *put)} == {"nominated"}


def test_the_inbox_costs_the_same_statements_whatever_waits(
    session: Session, call: Calling
) -> None:
    head = call.acting(call.head)
    apply(call, call.people[0])
    session.flush()
    with statements(session) as few:
        access.waiting(session, head, clock.now())
    for who in call.people[1:]:
        apply(call, who)
    session.flush()
    with statements(session) as many:
        access.waiting(session, head, clock.now())
    assert len(many) == len(few) <= 13
