"""Training's rows about people: enrolments with all that belongs to them, and candidacies."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.holdings import (
    Counts,
    Due,
    Erasing,
    Holding,
    RecordClass,
    delete,
    delete_some,
    forget_doer,
    moment_before,
)
from app.learning.retention import service as learning
from app.learning.surveys.models import AnonymousResponse
from app.training.approvals.models import ApprovalStep
from app.training.attendance.models import Attendance
from app.training.audiences.models import AudienceMember
from app.training.calendars.models import CalendarKey
from app.training.calls.models import SectionAnswer
from app.training.candidacies.models import Candidacy, Preference
from app.training.certificates.models import Certificate
from app.training.changes.models import ChangeRequest
from app.training.decisions.models import Decision
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import SEATED
from app.training.ledgers.models import LedgerEntry, LedgerImport
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, RunItem
from app.training.results.models import ReportVersion, ResultReport
from app.training.verdicts.models import Override

#: Who entered, said, issued or noted something about others.
_DOERS = (
    SectionAnswer.answered_by,
    *(Candidacy.entered_by, ApprovalStep.actor_id, ApprovalStep.for_id, Order.issued_by),
    *(ChangeRequest.requested_by, Attendance.announced_by, Attendance.noted_by),
    *(Decision.decided_by, Certificate.issued_by, LedgerImport.created_by),
)


def _is_due(before: date) -> sa.ColumnElement[bool]:
    """Return the condition that somebody went out of a run that ended before a day."""
    ended = sa.select(Run.id).where(Run.learn_until < before)
    return sa.and_(Enrolment.state.not_in(SEATED), Enrolment.run_id.in_(ended))


def _due(before: date) -> Due:
    return (
        sa.select(Enrolment.person_id, sa.func.count(), sa.func.min(Run.learn_until))
        .join(Run, Run.id == Enrolment.run_id)
        .where(_is_due(before))
        .group_by(Enrolment.person_id)
    )


def _is_over(before: date) -> sa.ColumnElement[bool]:
    """Return the condition that a report, and all that was said to it, came before a day.

    One that was never taken in goes with its run.
    """
    later = sa.exists().where(
        ApprovalStep.subject_id == ResultReport.id, ApprovalStep.at >= moment_before(before)
    )
    return sa.and_(Run.learn_until < before, ~later)


def _reports_due(before: date) -> Due:
    return (
        sa.select(Enrolment.person_id, sa.func.count(), sa.func.min(Run.learn_until))
        .select_from(ResultReport)
        .join(Enrolment, Enrolment.id == ResultReport.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(_is_over(before))
        .group_by(Enrolment.person_id)
    )


def _erase_reports(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    """Erase what somebody reported and what was said to it; that they completed it stays."""
    keys = session.scalars(
        sa.select(ResultReport.id)
        .join(Enrolment, Enrolment.id == ResultReport.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Enrolment.person_id == person_id, _is_over(before))
    ).all()
    gone = delete(session, ApprovalStep, ApprovalStep.subject_id.in_(keys))
    gone += delete(session, ReportVersion, ReportVersion.report_id.in_(keys))
    return gone + delete(session, ResultReport, ResultReport.id.in_(keys))


def _erase(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    """Erase the enrolments of who went out of a run, and what was learnt for them."""
    return _enrolments(session, Enrolment.person_id == person_id, _is_due(before))


def _decided(before: date) -> sa.Select[uuid.UUID]:
    """Return the query of the enrolments of which it was decided before a day, and not since."""
    newest = sa.func.max(Decision.decided_at)
    return (
        sa.select(Decision.enrolment_id)
        .group_by(Decision.enrolment_id)
        .having(newest < moment_before(before))
    )


def _due_of(model: type[Certificate | Decision]) -> Callable[[date], Due]:
    """Return how to ask what is due of one of the tables of completion."""

    def due(before: date) -> Due:
        first = Decision.decided_at if model is Decision else Certificate.issued_at
        return (
            sa.select(Enrolment.person_id, sa.func.count(), sa.func.min(first))
            .join(model, model.enrolment_id == Enrolment.id)
            .where(Enrolment.id.in_(_decided(before)))
            .group_by(Enrolment.person_id)
        )

    return due


def _erase_of(
    model: type[Certificate | Decision],
) -> Callable[[Session, uuid.UUID | None, date], Counts]:
    def erase(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
        mine = sa.select(Enrolment.id).where(
            Enrolment.person_id == person_id, Enrolment.id.in_(_decided(before))
        )
        return delete(session, model, model.enrolment_id.in_(mine))

    return erase


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase all that this wing keeps of somebody."""
    gone = _enrolments(session, Enrolment.person_id == person_id)
    mine = sa.select(Candidacy.id).where(Candidacy.person_id == person_id)
    gone += delete(session, ApprovalStep, ApprovalStep.subject_id.in_(mine))
    gone += delete(session, Preference, Preference.candidacy_id.in_(mine))
    gone += delete(session, Candidacy, Candidacy.person_id == person_id)
    gone += delete(session, AudienceMember, AudienceMember.person_id == person_id)
    gone += delete(session, LedgerEntry, LedgerEntry.person_id == person_id)
    gone += delete(session, CalendarKey, CalendarKey.person_id == person_id)
    # Who was to take over somebody's seat is named in the other's request alone.
    session.execute(
        sa.update(ChangeRequest)
        .where(ChangeRequest.successor_id == person_id)
        .values(successor_id=None)
    )
    forget_doer(session, person_id, *_DOERS)
    return gone


def _enrolments(session: Session, *conditions: sa.ColumnElement[bool]) -> Counter[str]:
    keys = sa.select(Enrolment.id).where(*conditions)
    of_these = Assignment.enrolment_id.in_(keys)
    assignments = session.scalars(sa.select(Assignment.id).where(of_these)).all()
    gone = learning.erase_records(session, assignments)
    gone += delete(session, Assignment, of_these)
    changes = sa.select(ChangeRequest.id).where(ChangeRequest.enrolment_id.in_(keys))
    gone += delete(session, ApprovalStep, ApprovalStep.subject_id.in_(changes))
    gone += delete(session, ChangeRequest, ChangeRequest.enrolment_id.in_(keys))
    gone += delete(session, Attendance, Attendance.enrolment_id.in_(keys))
    reports = sa.select(ResultReport.id).where(ResultReport.enrolment_id.in_(keys))
    gone += delete(session, ApprovalStep, ApprovalStep.subject_id.in_(reports))
    gone += delete(session, ReportVersion, ReportVersion.report_id.in_(reports))
    gone += delete(session, ResultReport, ResultReport.enrolment_id.in_(keys))
    gone += delete(session, Certificate, Certificate.enrolment_id.in_(keys))
    gone += delete(session, Decision, Decision.enrolment_id.in_(keys))
    gone += delete(session, Override, Override.enrolment_id.in_(keys))
    gone += delete(session, OrderLine, OrderLine.enrolment_id.in_(keys))
    # Whoever took over the seat keeps their own.
    session.execute(
        sa.update(Enrolment).where(Enrolment.follows_id.in_(keys)).values(follows_id=None)
    )
    return gone + delete(session, Enrolment, *conditions)


def _of_ended(before: date) -> sa.ColumnElement[bool]:
    """Return the condition that an answer without a name was given in a run that ended before.

    It has no day of its own.
    """
    items = (
        sa.select(RunItem.id).join(Run, Run.id == RunItem.run_id).where(Run.learn_until < before)
    )
    return AnonymousResponse.group_id.in_(items)


def _nameless_due(before: date) -> Due:
    return (
        sa.select(sa.null(), sa.func.count(), sa.func.min(Run.learn_until))
        .select_from(AnonymousResponse)
        .join(RunItem, RunItem.id == AnonymousResponse.group_id)
        .join(Run, Run.id == RunItem.run_id)
        .where(_of_ended(before))
    )


def _erase_nameless(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    """Erase answers that are about nobody."""
    if person_id is not None:
        return {}
    return delete_some(session, AnonymousResponse, _of_ended(before))


HOLDINGS = (
    Holding(RecordClass.REVOKED, _due, _erase),
    # A certificate rests on its decision: it goes first.
    Holding(RecordClass.COMPLETION, _due_of(Certificate), _erase_of(Certificate)),
    Holding(RecordClass.COMPLETION, _due_of(Decision), _erase_of(Decision)),
    Holding(RecordClass.REPORT, _reports_due, _erase_reports),
    Holding(RecordClass.ANSWERS, _nameless_due, _erase_nameless),
)
ERASING = Erasing("training", erase_person)
