"""The audit: append-only, and a change is seen."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit import service as audit
from app.kernel.audit.models import AuditEvent


def _three_lines(session: Session, now: datetime) -> None:
    for number in range(3):
        audit.record(
            session,
            "thing.done",
            by=None,
            now=now,
            subject=("thing", None),
            details={"number": number, "word": "髙"},
        )


def test_the_chain_holds_when_nothing_was_changed(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    session.expire_all()
    assert audit.first_broken(session) is None


@pytest.mark.requirement("SEC-07")
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET action='x'", "DELETE FROM audit_event"]
)
def test_a_line_cannot_be_changed_or_deleted(
    session: Session, now: datetime, statement: str
) -> None:
    _three_lines(session, now)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text(statement))


def test_a_line_that_was_slipped_in_breaks_the_chain(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    session.add(
        AuditEvent(
            seq=4,
            at=now,
            action="x",
            actor_id=None,
            subject_kind="x",
            subject_id=None,
            details={},
            address="",
            reference="",
            previous_hash="0" * 64,
            hash="0" * 64,
        )
    )
    session.flush()
    session.expire_all()
    assert audit.first_broken(session) == 4


def test_the_lines_of_one_chain_have_no_gap(session: Session, now: datetime) -> None:
    _three_lines(session, now)
    assert list(session.scalars(sa.select(AuditEvent.seq).order_by(AuditEvent.seq))) == [1, 2, 3]
