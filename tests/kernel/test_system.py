"""The read-only mode: begun once, for a known reason, ended, and written down."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.system import service
from app.kernel.system.models import Reason

BY = Actor(person_id=uuid.UUID(int=7))


def test_at_first_everything_may_be_changed(session: Session) -> None:
    assert service.read_only(session) is None


def test_it_begins_for_a_reason_and_ends_and_the_audit_has_both(
    session: Session, now: datetime
) -> None:
    service.begin(session, Reason.DRILL, by=BY, now=now)
    session.flush()
    assert service.read_only(session) == service.ReadOnly("drill", now)
    service.end(session, by=BY, now=now)
    service.end(session, by=BY, now=now)
    session.flush()
    assert service.read_only(session) is None
    lines = session.execute(
        sa.select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.details).order_by(
            AuditEvent.seq
        )
    ).all()
    assert [tuple(line) for line in lines] == [
        ("system.read_only_began", BY.person_id, {"reason": "drill"}),
        ("system.read_only_ended", BY.person_id, {"reason": "drill"}),
    ]


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_known_reason_it_does_not_begin(
    session: Session, now: datetime, reason: str
) -> None:
    with pytest.raises(Refused, match="reason_unknown"):
        service.begin(session, reason, by=BY, now=now)


def test_it_does_not_begin_twice(session: Session, now: datetime) -> None:
    service.begin(session, Reason.INCIDENT, by=BY, now=now)
    session.flush()
    with pytest.raises(Refused, match="is_read_only"):
        service.begin(session, Reason.DRILL, by=BY, now=now)
