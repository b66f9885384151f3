"""What is done with a report: its learner writes it, heads and the office say their words to it.

What was handed in is a version and never changes. A report that is given back is written anew on a
copy of the last one, until the run is settled.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound, Refused
from app.people.permission.models import Role
from app.training.approvals import service as approvals
from app.training.enrolment import service as enrolments
from app.training.enrolment.models import Enrolment
from app.training.plans.models import Run
from app.training.report_forms import queries as forms
from app.training.report_forms.queries import LONGEST, ReportField
from app.training.results import queries
from app.training.results.models import ReportVersion, ResultReport
from app.training.results.queries import TAKING, Report
from app.training.results.states import ReportState


class WaiverReason(StrEnum):
    """Why no report is asked of somebody: 別の様式で報告済み, 一部のみの受講, 対象外, その他."""

    REPORTED_ELSEWHERE = "reported_elsewhere"
    PARTLY = "partly"
    AWAY = "away"
    OTHER = "other"


def save(
    session: Session, enrolment_id: uuid.UUID, answers: Mapping[str, str], *, now: datetime
) -> ResultReport:
    """Keep what somebody has written so far of their own report; nobody else reads it yet.

    Raises what `Report.refusal` says, and Refused("report_too_long").
    """
    report = _written(session, enrolment_id, now)
    fields = forms.asked(session, report.training_id).fields
    return _keep(session, report, _sorted_out(fields, answers), now)


def submit(
    session: Session,
    enrolment_id: uuid.UUID,
    answers: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> ReportVersion:
    """Hand in one's own report: a version that never changes.

    Raises what `Report.refusal` says, Refused("report_incomplete") and Refused("report_too_long").
    """
    report = _written(session, enrolment_id, now)
    fields = forms.asked(session, report.training_id).fields
    said = _sorted_out(fields, answers)
    if any(field.is_needed and not said[field.key] for field in fields):
        raise Refused("report_incomplete")
    if any(len(said[field.key]) > field.most for field in fields):
        raise Refused("report_too_long", most=f"{max(field.most for field in fields):,}")
    row = _keep(session, report, {}, now)
    made = ReportVersion(
        report_id=row.id,
        number=len(report.versions) + 1,
        fields=[field.plain() for field in fields],
        answers=said,
        submitted_at=now,
    )
    session.add(made)
    workflow.move(session, row, "submit", by=by, now=now)
    approvals.note(session, row.id, "submit", by=by, now=now)
    return made


@dataclass(frozen=True)
class Word:
    """What is said to a report, and to which version of it; None to whichever is the newest."""

    comment: str = ""
    seen: int | None = None


def confirm(
    session: Session, enrolment_id: uuid.UUID, word: Word, *, by: Actor, now: datetime
) -> None:
    """Say, as a head, that one has read it; raises what `_handed_in` raises."""
    row, last, _ = _handed_in(session, enrolment_id, word)
    last.comment = word.comment or last.comment
    workflow.move(session, row, "confirm", by=by, now=now)
    approvals.note(session, row.id, "confirm", by=by, now=now)


def send_back(
    session: Session, enrolment_id: uuid.UUID, word: Word, *, by: Actor, now: datetime
) -> None:
    """Give a report back, with what is to be mended; it is written on as a copy of what it was.

    Raises Refused("report_comment_needed") and what `_handed_in` raises.
    """
    if not word.comment:
        raise Refused("report_comment_needed")
    row, last, _ = _handed_in(session, enrolment_id, word)
    if Role.HEAD in by.roles:
        last.comment = word.comment
    else:
        last.office_comment = word.comment
    row.answers, row.saved_at = dict(last.answers), now
    workflow.move(session, row, "return", by=by, now=now)
    approvals.note(session, row.id, "return", by=by, now=now)


def accept(
    session: Session,
    enrolment_id: uuid.UUID,
    word: Word,
    *,
    by: Actor,
    now: datetime,
    is_unconfirmed: bool = False,
) -> None:
    """Take a report in, and complete the enrolment where nothing else is to be done.

    One that no head has confirmed is taken in by who says so: Refused("report_unconfirmed").
    Raises what `_handed_in` raises.
    """
    row, last, enrolment = _handed_in(session, enrolment_id, word)
    if row.state == ReportState.SUBMITTED and not is_unconfirmed:
        raise Refused("report_unconfirmed")
    last.office_comment = word.comment or last.office_comment
    workflow.move(session, row, "accept", by=by, now=now)
    approvals.note(session, row.id, "accept", by=by, now=now)
    enrolments.settle(session, enrolment, now)


def waive(
    session: Session, enrolment_id: uuid.UUID, reason: str, *, by: Actor, now: datetime
) -> None:
    """Ask for no report of somebody, for a reason; what was handed in stays.

    Raises Refused("reason_needed").
    """
    if reason not in list(WaiverReason):
        raise Refused("reason_needed")
    report, enrolment = _locked(session, enrolment_id)
    if report.run_state not in TAKING or (report.item_id is None and report.report_id is None):
        raise Refused("report_closed")
    row = _keep(session, report, {}, now)
    workflow.move(session, row, "waive", by=by, now=now)
    approvals.note(session, row.id, "waive", by=by, now=now, reason=reason)
    enrolments.settle(session, enrolment, now)


def _locked(session: Session, enrolment_id: uuid.UUID) -> tuple[Report, Enrolment]:
    """Return a report as it stands, of an enrolment that nobody else touches meanwhile."""
    enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
    if enrolment is None:
        raise NotFound
    return queries.report(session, enrolment_id), enrolment


def _written(session: Session, enrolment_id: uuid.UUID, now: datetime) -> Report:
    report, _ = _locked(session, enrolment_id)
    if refusal := report.refusal(now):
        raise refusal
    return report


def _handed_in(
    session: Session, enrolment_id: uuid.UUID, word: Word
) -> tuple[ResultReport, ReportVersion, Enrolment]:
    """Return a report that a word is said to, with what was handed in last.

    Raises NotFound, Refused("report_closed") once its run is settled, and
    Conflict("report_changed") where another version was handed in than was read.
    """
    enrolment = session.get(Enrolment, enrolment_id, with_for_update=True)
    row = session.scalars(
        sa.select(ResultReport).where(ResultReport.enrolment_id == enrolment_id).with_for_update()
    ).one_or_none()
    if enrolment is None or row is None:
        raise NotFound
    last = session.scalars(
        sa.select(ReportVersion)
        .where(ReportVersion.report_id == row.id)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    ).first()
    if last is None:
        raise Refused("report_not_handed_in")
    if session.get_one(Run, enrolment.run_id).state not in TAKING:
        raise Refused("report_closed")
    if word.seen not in (None, last.number):
        raise Conflict("report_changed")
    return row, last, enrolment


def _keep(
    session: Session, report: Report, answers: Mapping[str, str], now: datetime
) -> ResultReport:
    """Return the row of a report, with what is being written in it."""
    row = (
        session.get_one(ResultReport, report.report_id)
        if report.report_id
        else ResultReport(enrolment_id=report.enrolment_id, state=ReportState.DRAFT)
    )
    row.answers, row.saved_at = dict(answers), now
    session.add(row)
    session.flush()
    return row


def _sorted_out(fields: Sequence[ReportField], answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to what is asked, one line's end written in one way."""
    said = {each.key: _clean(answers.get(each.key, "")) for each in fields}
    if any(len(text) > LONGEST for text in said.values()):
        raise Refused("report_too_long", most=f"{LONGEST:,}")
    return said


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
