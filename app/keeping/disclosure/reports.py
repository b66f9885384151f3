"""What one person reported of what they took: item 13 of the list, with what was said to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.dossier import Table, table
from app.keeping.disclosure.text import DOERS
from app.training.approvals.models import ApprovalStep
from app.training.enrolment.models import Enrolment
from app.training.report_forms import queries as forms
from app.training.results.models import ResultReport
from app.training.results.queries import Report, reports
from app.training.results.states import BEING_WRITTEN
from app.training.results.text import STEPS, WAIVERS

#: Stands for the number of a version that was not handed in yet.
UNFINISHED = "作成中"


def tables(session: Session, person_id: uuid.UUID) -> tuple[Table, ...]:
    """Return what one person wrote in reports, and who said what to them."""
    found = reports(session, Enrolment.person_id == person_id, ResultReport.id.is_not(None))
    return (
        table("reports", (row for report in found for row in _written(session, report))),
        table("report_steps", (row for report in found for row in _said(session, report))),
    )


def _written(session: Session, report: Report) -> Iterator[list[object]]:
    of = [report.training, report.run_number]
    for version in report.versions:
        said = (version.submitted_at, version.comment, version.office_comment)
        for label, answer in version.pairs:
            yield [*of, version.number, label, answer, *said]
    if report.state in BEING_WRITTEN:
        labels = {each.key: each.label for each in forms.asked(session, report.training_id).fields}
        for key, answer in report.answers.items():
            yield [*of, UNFINISHED, labels.get(key, key), answer, report.saved_at, "", ""]


def _said(session: Session, report: Report) -> Iterator[list[object]]:
    steps = session.scalars(
        sa.select(ApprovalStep)
        .where(ApprovalStep.subject_id == report.report_id)
        .order_by(ApprovalStep.at, ApprovalStep.id)
    )
    for step in steps:
        if step.actor_id is None:
            whose = DOERS["system"]
        else:
            whose = DOERS["self" if step.actor_id == report.person_id else "other"]
        reason = WAIVERS[step.reason].text if step.reason in WAIVERS else ""
        words = STEPS[step.action].text
        yield [report.training, report.run_number, words, whose, reason, step.at]
