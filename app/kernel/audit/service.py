"""Adding a line to the audit, and proving that none was changed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent, AuditHead

FIRST_HASH = "0" * 64


@dataclass(frozen=True)
class Origin:
    """Where the present unit of work comes from: a request or a job."""

    #: Address of the caller; empty for a job.
    address: str = ""
    #: Reference that the log carries too.
    reference: str = ""
    #: Number of the operator's account that acts; empty for everybody else.
    operator: str = ""


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def record(
    session: Session,
    action: str,
    *,
    by: uuid.UUID | None,
    now: datetime,
    subject: tuple[str, uuid.UUID | None],
    details: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Append one line to the chain, in the transaction of what it tells of.

    What an operator does is marked with the operator's number.
    """
    head = session.execute(
        sa.select(AuditHead).where(AuditHead.id == 1).with_for_update()
    ).scalar_one()
    source = origin.get()
    mark = {"operator": source.operator} if source.operator else {}
    line = AuditEvent(
        seq=head.seq + 1,
        at=now.astimezone(UTC),
        action=action,
        actor_id=by,
        subject_kind=subject[0],
        subject_id=subject[1],
        details={**(details or {}), **mark},
        address=source.address,
        reference=source.reference,
        previous_hash=head.hash,
    )
    line.hash = seal(line)
    session.add(line)
    session.execute(
        sa.update(AuditHead).where(AuditHead.id == 1).values(seq=line.seq, hash=line.hash),
        execution_options={"synchronize_session": False},
    )
    session.expire(head)
    session.flush()
    return line


def seal(line: AuditEvent) -> str:
    """Return the SHA-256, in hexadecimal, over a line and the hash of the one before."""
    content = json.dumps(
        [
            line.seq,
            line.at.isoformat(timespec="microseconds"),
            line.action,
            str(line.actor_id or ""),
            line.subject_kind,
            str(line.subject_id or ""),
            line.details,
            line.address,
            line.reference,
            line.previous_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """Return the `seq` at which the chain no longer holds, or None if it holds whole."""
    expected_seq, expected_hash = 1, FIRST_HASH
    query = sa.select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000)
    with session.scalars(query) as lines:
        for line in lines:
            follows = (line.seq, line.previous_hash) == (expected_seq, expected_hash)
            if not follows or line.hash != seal(line):
                return expected_seq
            expected_seq, expected_hash = line.seq + 1, line.hash
    head = session.get_one(AuditHead, 1)
    return None if (head.seq, head.hash) == (expected_seq - 1, expected_hash) else expected_seq
