"""An enrolment follows its records, and people are told once."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, outbox
from app.kernel.audit.models import AuditEvent
from app.kernel.notices import text as notice_text
from app.kernel.notices.models import Notice
from app.learning.records.models import LearnerRecord
from app.people.register.models import Person
from app.training.enrolment import queries, service, text
from app.training.enrolment.models import Assignment, Enrolment
from app.training.plans.models import ItemKind, RunItem, RunKind
from app.training.results.models import ResultReport
from tests import factories
from tests.training.counting import rows, statements


def assignments(session: Session, enrolment: Enrolment) -> list[uuid.UUID]:
    """Return the keys of an enrolment's assignments, in their order."""
    return list(
        session.scalars(
            sa.select(Assignment.id)
            .join(RunItem, RunItem.id == Assignment.run_item_id)
            .where(Assignment.enrolment_id == enrolment.id)
            .order_by(RunItem.position)
        )
    )


def record(session: Session, who: Person, assignment_id: uuid.UUID, status: str) -> LearnerRecord:
    """Make the record of an assignment."""
    material_id = session.scalars(
        sa.select(RunItem.material_id)
        .join(Assignment, Assignment.run_item_id == RunItem.id)
        .where(Assignment.id == assignment_id)
    ).one()
    row = LearnerRecord(
        person_id=who.id, material_id=material_id, assignment_id=assignment_id, status=status
    )
    session.add(row)
    session.flush()
    return row


def test_an_enrolment_starts_with_the_first_record_and_completes_with_the_last(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    materials = (factories.material(session, who), factories.material(session, who, "二つ目"))
    enrolment = factories.enrol(session, factories.run(session, materials=materials), who)
    first, second = assignments(session, enrolment)

    service.follow(session, first, now)
    assert enrolment.state == "decided"
    taken = record(session, who, first, "in_progress")
    service.follow(session, first, now)
    assert enrolment.state == "in_progress"
    taken.status = "passed"
    session.flush()
    service.follow(session, first, now)
    assert enrolment.state == "in_progress"
    record(session, who, second, "completed")
    service.follow(session, second, now)
    assert enrolment.state == "completed"


def test_a_completion_that_the_content_takes_back_is_reopened(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    enrolment = factories.enrol(session, run, who)
    (assignment,) = assignments(session, enrolment)
    taken = record(session, who, assignment, "completed")
    service.follow(session, assignment, now)
    assert enrolment.state == "completed"
    taken.status = "failed"
    session.flush()
    service.follow(session, assignment, now)
    assert enrolment.state == "in_progress"
    taken.status = "passed"
    session.flush()
    service.follow(session, assignment, now)
    assert enrolment.state == "completed"


@pytest.mark.parametrize("is_required", [True, False])
def test_only_a_report_that_is_needed_is_waited_for(
    session: Session, now: datetime, *, is_required: bool
) -> None:
    who = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    item = RunItem(run_id=run.id, kind=ItemKind.REPORT, position=2, is_required=is_required)
    session.add(item)
    enrolment = factories.enrol(session, run, who)
    (key,) = assignments(session, enrolment)
    taken = record(session, who, key, "completed")
    for _ in range(2):
        service.follow(session, key, now)
        assert enrolment.state == ("awaiting" if is_required else "completed")
    numbers = queries.numbers(session, [run.id], clock.today(now))[run.id]
    assert (numbers.completed, numbers.in_progress) == ((0, 1) if is_required else (1, 0))
    session.add(ResultReport(enrolment_id=enrolment.id, state="accepted"))
    session.flush()
    service.settle(session, enrolment, now)
    assert enrolment.state == "completed"
    # The text is erased before the history: what was completed stays so.
    session.execute(sa.delete(ResultReport))
    service.settle(session, enrolment, now)
    assert enrolment.state == "completed"
    assert queries.numbers(session, [run.id], clock.today(now))[run.id].completed == 1
    taken.status = "failed"
    session.flush()
    service.settle(session, enrolment, now)
    assert enrolment.state == "in_progress"


def test_what_the_office_decided_where_people_meet_is_not_taken_back(
    session: Session, now: datetime
) -> None:
    who = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    run.kind = RunKind.MIXED
    enrolment = factories.enrol(session, run, who, state="completed")
    (key,) = assignments(session, enrolment)
    record(session, who, key, "in_progress")
    service.follow(session, key, now)
    assert enrolment.state == "completed"


def test_following_again_changes_nothing(session: Session, now: datetime) -> None:
    who = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    enrolment = factories.enrol(session, run, who)
    (key,) = assignments(session, enrolment)
    record(session, who, key, "completed")
    for _ in range(3):
        service.follow(session, key, now)
    assert enrolment.state == "completed"
    actions = session.scalars(
        sa.select(AuditEvent.action).where(AuditEvent.subject_id == enrolment.id)
    ).all()
    assert actions == ["enrolment.complete"]


def test_a_revoked_enrolment_does_not_follow(session: Session, now: datetime) -> None:
    who = factories.person(session)
    run = factories.run(session, materials=(factories.material(session, who),))
    enrolment = factories.enrol(session, run, who, state="revoked")
    (key,) = assignments(session, enrolment)
    record(session, who, key, "completed")
    service.follow(session, key, now)
    assert enrolment.state == "revoked"


def test_a_record_of_another_purpose_is_nobodys_business_here(
    session: Session, now: datetime
) -> None:
    service.follow(session, uuid.uuid4(), now)
    assert rows(session, AuditEvent) == 0


def test_an_opened_run_is_told_once_on_screen_and_by_mail_to_who_has_an_address(
    session: Session, now: datetime
) -> None:
    run = factories.run(session)
    reachable = factories.person(session, email="taro@example.jp")
    others = (factories.person(session), factories.person(session, email="jiro@example.jp"))
    factories.enrol(session, run, reachable)
    factories.enrol(session, run, others[0])
    factories.enrol(session, run, others[1], state="revoked")
    assert [service.tell_opened(session, run.id, now) for _ in range(2)] == [2, 0]
    notices = {row.person_id: row for row in session.scalars(sa.select(Notice))}
    assert set(notices) == {reachable.id, others[0].id}
    assert (notices[others[0].id].mail, notices[reachable.id].mail) == ("no_address", "waiting")
    mail = session.scalars(sa.select(outbox.Outgoing)).one()
    assert mail.kind == outbox.Kind.MAIL
    assert mail.payload == {"notice_id": str(notices[reachable.id].id)}


def test_a_run_that_was_stopped_meanwhile_is_not_told(session: Session, now: datetime) -> None:
    run = factories.run(session, state="cancelled")
    factories.enrol(session, run, factories.person(session))
    assert service.tell_opened(session, run.id, now) == 0
    assert service.tell_opened(session, uuid.uuid4(), now) == 0


def test_telling_many_takes_as_many_statements_as_telling_two(
    session: Session, now: datetime
) -> None:
    few, many = factories.run(session), factories.run(session)
    for place in range(40):
        who = factories.person(session, email="all@example.jp")
        factories.enrol(session, many, who)
        if place < 2:
            factories.enrol(session, few, who)
    session.flush()
    with statements(session) as for_few:
        service.tell_opened(session, few.id, now)
        session.flush()
    with statements(session) as for_many:
        service.tell_opened(session, many.id, now)
        session.flush()
    assert len(for_many) == len(for_few)
    assert rows(session, outbox.Outgoing) == 42


def test_the_words_of_a_notice_name_its_days() -> None:
    notice_text.tell(text.NOTICES)
    data = {"title": "接遇の基本", "from_on": "2026-12-01", "until_on": "2026-12-28"}
    title, body = notice_text.words(service.OPENED, data, name="架空 花子")
    assert title == "研修の受講を始められます：接遇の基本"
    assert "令和8年12月1日（火）から受講できます" in body
    assert "期限は令和8年12月28日（月）です" in body
