"""C20: whose use is stopped is on no list to enrol and is told nothing, until it is used again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.keeping.retention.models import RetentionHold
from app.kernel import clock, outbox
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.notices.models import Notice
from app.people.permission.models import Role
from app.people.restriction import service as restriction
from app.people.restriction.service import Reason
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Enrolment
from app.training.roster import queries as roster_queries
from app.training.roster import service as roster
from tests import factories
from tests.keeping import made
from workers import carrying
from workers.workshop import Workshop

pytestmark = pytest.mark.requirement("SEC-09")


def test_a_restricted_person_is_on_no_list_and_is_not_enrolled(
    session: Session, now: datetime
) -> None:
    run = factories.run(session, state="draft")
    apart = factories.person(session, number="70001")
    used = factories.person(session, number="70002")
    by = made.actor(factories.person(session))
    restriction.restrict(session, apart.id, Reason.REQUEST, by=by, now=now)
    check = roster_queries.check(session, run.id, "70001\n70002", [], now)
    assert [post.person_id for post in check.found] == [used.id]
    assert check.restricted == 1
    done = roster.enrol(session, run.id, [apart.id, used.id], by=by, now=now)
    assert (done.added, done.skipped) == (1, 1)
    restriction.release(session, apart.id, by=by, now=now)
    assert roster_queries.check(session, run.id, "70001", [], now).restricted == 0
    assert roster.enrol(session, run.id, [apart.id], by=by, now=now).added == 1


def test_a_restricted_person_is_told_nothing(session: Session, now: datetime) -> None:
    run = factories.run(session)
    apart, used = (factories.person(session, email=f"p{place}@example.jp") for place in range(2))
    for person in (apart, used):
        factories.enrol(session, run, person)
    by = made.actor(factories.person(session))
    restriction.restrict(session, apart.id, Reason.DISPUTE, by=by, now=now)
    assert enrolment.tell_opened(session, run.id, now) == 1
    assert session.scalars(sa.select(Notice.person_id)).all() == [used.id]
    restriction.release(session, apart.id, by=by, now=now)
    assert enrolment.tell_opened(session, run.id, now) == 1


def test_a_mail_that_waits_is_not_sent_any_more(shop: Workshop) -> None:
    moment = clock.now() - timedelta(minutes=1)
    with shop.database.unit_of_work() as session:
        someone = made.life(session, moment)
        by = made.actor(factories.person(session))
        restriction.restrict(session, someone.person.id, Reason.REQUEST, by=by, now=moment)
    carrying.carry(shop)
    assert list(shop.settings.mailbox.glob("*.eml")) == []
    with shop.database.reading() as session:
        waiting = sa.select(sa.func.count()).where(outbox.Outgoing.done_at.is_(None))
        assert session.scalar(waiting) == 0


def test_it_is_reversible_and_the_audit_says_who_and_why(session: Session, now: datetime) -> None:
    someone = factories.person(session)
    by = made.actor(factories.person(session))
    with pytest.raises(Refused, match="restriction_reason_unknown"):
        restriction.restrict(session, someone.id, "because", by=by, now=now)
    for _ in range(2):
        restriction.restrict(session, someone.id, Reason.REQUEST, by=by, now=now)
    for _ in range(2):
        restriction.release(session, someone.id, by=by, now=now)
    told = session.execute(
        sa.select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.details)
        .where(AuditEvent.subject_id == someone.id)
        .order_by(AuditEvent.seq)
    ).all()
    assert [tuple(line) for line in told] == [
        ("person.restricted", by.person_id, {"reason": "request"}),
        ("person.restriction_ended", by.person_id, {}),
    ]


def test_the_page_stops_and_resumes_and_holds(office: FlaskClient, session: Session) -> None:
    someone = factories.person(session)
    factories.enter(office, session, factories.person(session, roles=(Role.OFFICE,)))
    address = f"/staff/{someone.id}"
    assert office.post(f"{address}/restrict", data={"reason": "request"}).status_code == 303
    assert "利用停止中" in office.get(f"{address}/handling").text
    assert office.post(f"{address}/release").status_code == 303
    assert "利用停止中" not in office.get(f"{address}/handling").text
    assert office.post(f"{address}/restrict", data={"reason": "x"}).status_code == 422
    until = clock.today(clock.now()) + timedelta(days=30)
    data = {"hold_reason": "disclosure", "until": until.isoformat()}
    assert office.post(f"{address}/hold", data=data).status_code == 303
    assert "保留中" in office.get(f"{address}/handling").text
    row = session.scalars(sa.select(RetentionHold)).one()
    assert office.post(f"/holds/{row.id}/lift").status_code == 303
    assert "保留中" not in office.get(f"{address}/handling").text
    late = {"hold_reason": "disclosure", "until": "2020-01-01"}
    assert office.post(f"{address}/hold", data=late).status_code == 422
    assert office.post(f"{address}/hold", data={"until": "x"}).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(Enrolment)) == 0
