"""What the training office has of one person beside enrolments: a part of item 14 of the list."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.dossier import Table, table
from app.people.sections.models import SectionVersion
from app.training.attendance import text as attendance_text
from app.training.attendance.models import Attendance
from app.training.candidacies import text as candidacy_text
from app.training.candidacies.models import Candidacy
from app.training.certificates import queries as certificates
from app.training.changes import text as change_text
from app.training.changes.models import ChangeRequest
from app.training.completion import text as completion_text
from app.training.decisions import text as decision_text
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.ledgers.models import LedgerEntry
from app.training.offerings.models import Offering
from app.training.orders import text as order_text
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, RunSession, Training


def tables(session: Session, person_id: uuid.UUID) -> tuple[Table, ...]:
    """Return nominations, orders, changes, attendance, what came of it, and old ledgers."""
    return (
        table("candidacies", _candidacies(session, person_id)),
        table("orders", _orders(session, person_id)),
        table("changes", _changes(session, person_id)),
        table("attendance", _attendance(session, person_id)),
        table("decisions", _decisions(session, person_id)),
        table("certificates", _certificates(session, person_id)),
        table("ledger_entries", _ledger_entries(session, person_id)),
    )


def _candidacies(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    section = (
        sa.select(SectionVersion.name)
        .where(SectionVersion.section_id == Candidacy.section_id)
        .order_by(SectionVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Training.title, Offering.fiscal_year, Candidacy, section)
        .join(Offering, Offering.id == Candidacy.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Candidacy.person_id == person_id)
        .order_by(Candidacy.created_at, Candidacy.id)
    )
    for title, year, row, where in rows:
        route, state = candidacy_text.ROUTES[row.route], candidacy_text.STATES[row.state][0]
        yield [title, year, route.text, state.text, where or "", row.created_at]


def _orders(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(Order, OrderLine.acknowledged_at)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.person_id == person_id)
        .order_by(Order.issued_at, Order.id)
    )
    for order, acknowledged_at in rows:
        yield [
            f"{order.fiscal_year}-{order.serial}", order.version,
            order_text.KINDS[order.kind].text, order.issued_on, order.document["title"],
            acknowledged_at,
        ]  # fmt: skip


def _changes(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(Training.title, ChangeRequest)
        .select_from(ChangeRequest)
        .join(Enrolment, Enrolment.id == ChangeRequest.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.person_id == person_id)
        .order_by(ChangeRequest.requested_at, ChangeRequest.id)
    )
    for title, row in rows:
        yield [
            title, change_text.KINDS[row.kind].text, change_text.STATES[row.state][0].text,
            change_text.REASONS[row.reason].text, row.requested_at,
        ]  # fmt: skip


def _attendance(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(Training.title, Run.number, RunSession.number, Attendance)
        .select_from(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(RunSession, RunSession.id == Attendance.session_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.person_id == person_id)
        .order_by(RunSession.starts_at)
    )
    for title, run, number, row in rows:
        yield [
            title, run, number,
            attendance_text.ANNOUNCEMENTS[row.announced][0].text if row.announced else "",
            attendance_text.REASONS[row.reason].text if row.reason else "",
            attendance_text.PRESENCES[row.presence][0].text if row.presence else "",
            row.minutes if row.minutes is not None else "",
        ]  # fmt: skip


def _ledger_entries(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(LedgerEntry, Training.title)
        .outerjoin(Training, Training.id == LedgerEntry.training_id)
        .where(LedgerEntry.person_id == person_id)
        .order_by(LedgerEntry.fiscal_year, LedgerEntry.title, LedgerEntry.id)
    )
    for row, title in rows:
        result = "修了" if row.is_completed else "未修了"
        yield [
            row.title, title or "", row.fiscal_year, row.completed_on, result, row.section,
            row.job_title,
        ]  # fmt: skip


def _decisions(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    rows = session.execute(
        sa.select(Training.title, Run.number, Decision)
        .select_from(Decision)
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Decision.decided_at, Decision.id)
    )
    for title, run, row in rows:
        unmet = [completion_text.UNMET[each].text for each in row.facts.get("unmet", ())]
        yield [
            title, run, row.number, "修了" if row.is_completed else "未修了", "、".join(unmet),
            decision_text.REASONS[row.reason].text if row.reason else "",
            row.rule, row.facts, row.decided_at,
        ]  # fmt: skip


def _certificates(session: Session, person_id: uuid.UUID) -> Iterator[list[object]]:
    for each in certificates.of_person(session, person_id)[::-1]:
        yield [
            each.number_text, each.training, each.name, each.issued_on,
            certificates.grouped(each.check_code), each.revoked_at,
        ]  # fmt: skip
