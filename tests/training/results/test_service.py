"""A report is written, handed in once and for all, confirmed, given back, taken in, waived."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Conflict, NotFound, Refused
from app.people.permission.models import Delegation, Role
from app.people.register.models import Appointment
from app.training.approvals.models import ApprovalStep
from app.training.approvals.queries import steps
from app.training.report_desk import access as desk
from app.training.report_forms import queries as forms
from app.training.report_forms import service as report_forms
from app.training.report_forms.queries import Asked, ReportField
from app.training.results import access, queries, service
from app.training.results.models import ReportVersion, ResultReport
from app.training.results.service import Word
from tests import factories
from tests.training.reporting import SAID, Reporting, reporting


@pytest.fixture
def stage(session: Session) -> Reporting:
    """A run that asks for a report, of which the first person has done the rest."""
    made = reporting(session)
    made.through()
    return made


def test_a_report_goes_from_its_draft_to_its_acceptance(session: Session, stage: Reporting) -> None:
    row = stage.enrolments[0]
    assert row.state == "awaiting"
    service.save(session, row.id, {"learnt": "途中"}, now=clock.now())
    assert stage.state() == "draft"
    stage.submit()
    head, office = stage.acting(stage.head), stage.acting(stage.clerk)
    service.confirm(session, row.id, Word("よく書けている", 1), by=head, now=clock.now())
    assert stage.state() == "confirmed"
    service.accept(session, row.id, Word("", 1), by=office, now=clock.now())
    session.expire_all()
    assert (stage.state(), row.state) == ("accepted", "completed")
    report = queries.report(session, row.id)
    assert report.report_id is not None
    assert [step.action for step in steps(session, report.report_id)] == [
        "submit",
        "confirm",
        "accept",
    ]
    assert report.answers == {}, "what was handed in stands in its version alone"
    assert report.newest is not None
    assert report.newest.comment == "よく書けている"


def test_what_was_handed_in_never_changes_and_is_written_anew_on_a_copy(
    session: Session, stage: Reporting
) -> None:
    row, head = stage.submit(), stage.acting(stage.head)
    with pytest.raises(Refused, match="report_handed_in"):
        service.save(session, row.id, {"learnt": "別"}, now=clock.now())
    with pytest.raises(Refused, match="report_handed_in"):
        stage.submit()
    with pytest.raises(Refused, match="report_comment_needed"):
        service.send_back(session, row.id, Word(""), by=head, now=clock.now())
    service.send_back(session, row.id, Word("具体的に"), by=head, now=clock.now())
    kept = session.scalars(sa.select(ResultReport)).one()
    assert (kept.state, kept.answers["learnt"]) == ("returned", SAID["learnt"])
    # The form has changed since; the first version keeps what it was asked.
    asked = Asked((ReportField("learnt", "身についたこと"), ReportField("new", "次の目標")))
    report_forms.write(
        session, stage.training.id, asked, by=stage.acting(stage.clerk), now=clock.now()
    )
    with pytest.raises(Refused, match="report_incomplete"):
        stage.submit()
    by = stage.acting(stage.people[0])
    said = {"learnt": "直した", "new": "係長", "use": "もう聞かれない"}
    service.submit(session, row.id, said, by=by, now=clock.now())
    first, second = session.scalars(sa.select(ReportVersion).order_by(ReportVersion.number))
    assert (first.answers["learnt"], first.comment) == (SAID["learnt"], "具体的に")
    assert [each["label"] for each in first.fields] == [
        "学んだこと",
        "職務への活用",
        "研修への意見",
    ]
    assert second.answers == {"learnt": "直した", "new": "係長"}
    with pytest.raises(Conflict, match="report_changed"):
        service.confirm(session, row.id, Word("", 1), by=head, now=clock.now())


def test_the_office_takes_in_what_no_head_has_confirmed_only_by_saying_so(
    session: Session, stage: Reporting
) -> None:
    row, office = stage.submit(), stage.acting(stage.clerk)
    with pytest.raises(Refused, match="report_unconfirmed"):
        service.accept(session, row.id, Word(), by=office, now=clock.now())
    service.accept(session, row.id, Word(), by=office, now=clock.now(), is_unconfirmed=True)
    session.expire_all()
    assert row.state == "completed"


def test_a_waiver_needs_a_reason_and_completes_who_has_done_the_rest(
    session: Session, stage: Reporting
) -> None:
    row, office = stage.enrolments[0], stage.acting(stage.clerk)
    with pytest.raises(Refused, match="reason_needed"):
        service.waive(session, row.id, "忙しい", by=office, now=clock.now())
    service.waive(session, row.id, "reported_elsewhere", by=office, now=clock.now())
    session.expire_all()
    assert (stage.state(), row.state) == ("waived", "completed")
    step = session.scalars(sa.select(ApprovalStep)).one()
    assert (step.action, step.reason) == ("waive", "reported_elsewhere")
    service.waive(session, stage.enrolments[1].id, "other", by=office, now=clock.now())
    session.expire_all()
    assert stage.enrolments[1].state == "decided", "what is to be learnt is still to be done"


def test_it_is_written_from_the_first_day_until_the_run_is_settled(
    session: Session, stage: Reporting
) -> None:
    row = stage.enrolments[1]
    stage.run.learn_from = clock.today(clock.now()) + timedelta(days=1)
    session.flush()
    with pytest.raises(Refused, match="report_too_early"):
        service.save(session, row.id, SAID, now=clock.now())
    row.state = "in_progress"
    session.flush()
    service.save(session, row.id, SAID, now=clock.now())
    for state in ("settled", "cancelled", "postponed"):
        stage.run.state = state
        session.flush()
        with pytest.raises(Refused, match="report_closed"):
            service.save(session, row.id, SAID, now=clock.now())
    stage.run.state = "ended"
    row.state = "left"
    session.flush()
    with pytest.raises(Refused, match="report_closed"):
        service.save(session, row.id, SAID, now=clock.now())


def test_no_word_is_said_once_the_run_is_settled(session: Session, stage: Reporting) -> None:
    row, office = stage.submit(), stage.acting(stage.clerk)
    stage.run.state = "settled"
    session.flush()
    for say in (
        lambda: service.accept(
            session, row.id, Word(), by=office, now=clock.now(), is_unconfirmed=True
        ),
        lambda: service.send_back(session, row.id, Word("直して"), by=office, now=clock.now()),
        lambda: service.waive(session, row.id, "other", by=office, now=clock.now()),
    ):
        with pytest.raises(Refused, match="report_closed"):
            say()


@pytest.mark.requirement("RPT-02")
def test_it_is_due_two_weeks_after_the_last_day_unless_something_else_is_said(
    session: Session, stage: Reporting
) -> None:
    row, last = stage.enrolments[0], stage.run.learn_until
    due = queries.report(session, row.id).due_at
    assert due == clock.end_of(last + timedelta(days=14))
    office = stage.acting(stage.clerk)
    asked = Asked(forms.USUAL.fields, 30)
    report_forms.write(session, stage.training.id, asked, by=office, now=clock.now())
    due = queries.report(session, row.id).due_at
    assert due == clock.end_of(last + timedelta(days=30))
    stage.item.due_until = clock.end_of(last + timedelta(days=3))
    session.flush()
    assert queries.report(session, row.id).due_at == stage.item.due_until
    row.extended_until = last + timedelta(days=40)
    session.flush()
    due = queries.report(session, row.id).due_at
    assert due == clock.end_of(last + timedelta(days=70))
    stage.submit()
    assert not queries.report(session, row.id).is_late
    row.extended_until, stage.item.due_until = None, clock.now() - timedelta(days=1)
    session.flush()
    session.expire_all()
    assert queries.report(session, row.id).is_late


def test_a_heads_own_report_goes_to_the_next_higher_head_and_no_deputy_says_its_word(
    session: Session, stage: Reporting
) -> None:
    own = factories.enrol(session, stage.run, stage.head, state="awaiting")
    by, now = stage.acting(stage.head), clock.now()
    service.submit(session, own.id, SAID, by=by, now=now)
    deputy = stage.people[2]
    session.add(
        Delegation(
            from_id=stage.head.id,
            to_id=deputy.id,
            role=Role.HEAD,
            created_by=stage.clerk.id,
            valid_from=factories.LONG_AGO,
        )
    )
    session.flush()
    for who in (stage.head, deputy):
        with pytest.raises(NotFound):
            access.decided(session, stage.acting(who), own.id, now)
        assert desk.waiting(session, stage.acting(who), now, is_all=True) == []
    [row] = desk.waiting(session, stage.acting(stage.chief), now)
    assert row.enrolment_id == own.id
    # Of the others the deputy says the head's word, and the chief sees them when asked for all.
    other = stage.submit(1)
    [row] = desk.waiting(session, stage.acting(deputy), now)
    assert row.enrolment_id == other.id
    assert len(desk.waiting(session, stage.acting(stage.chief), now)) == 1
    assert len(desk.waiting(session, stage.acting(stage.chief), now, is_all=True)) == 2
    _, acting = access.decided(session, stage.acting(deputy), other.id, now)
    service.confirm(session, other.id, Word(), by=acting, now=now)
    step = session.scalars(sa.select(ApprovalStep).where(ApprovalStep.action == "confirm")).one()
    assert (step.actor_id, step.for_id, step.role) == (deputy.id, stage.head.id, "head")


def test_the_head_of_today_reads_it_and_the_former_one_no_more(
    session: Session, stage: Reporting
) -> None:
    row, now = stage.submit(), clock.now()
    elsewhere = factories.section(session, "税務課")
    post = session.scalars(
        sa.select(Appointment).where(Appointment.person_id == stage.people[0].id)
    ).one()
    post.section_id = elsewhere.id
    session.flush()
    with pytest.raises(NotFound):
        access.decided(session, stage.acting(stage.head), row.id, now)
    # Nobody heads the new section: the office has it, by its second button.
    report, acting = access.decided(session, stage.acting(stage.clerk), row.id, now)
    assert (report.state, acting.roles) == ("submitted", {"office"})
