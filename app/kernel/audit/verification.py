"""Proving that no line of the audit was changed, taken out or put in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent, AuditHead
from app.kernel.audit.seal import holds
from app.kernel.audit.service import record

VERIFIED, BROKEN = "audit.verified", "audit.broken"


@dataclass(frozen=True)
class Verdict:
    """What came of looking at every line."""

    #: Lines that hold.
    lines: int
    #: `seq` and hash of the last of them.
    last: int
    hash: str
    #: `seq` at which the chain no longer holds; None where it holds whole.
    broken: int | None


@dataclass(frozen=True)
class Check:
    """The last time that the audit was looked at, and whether it held."""

    at: datetime
    held: bool


@dataclass
class _Walk:
    """The chain while it is gone through."""

    seq: int
    hash: str
    lines: int = 0
    #: By subject, the first line whose details are gone and whose forgetting is not told yet.
    untold: dict[tuple[str, uuid.UUID | None], int] = field(default_factory=dict)

    def takes(self, line: Mapping[str, Any]) -> bool:
        """Whether a line is the next one and holds; if so it is the last one now."""
        follows = (line["seq"], line["previous_hash"]) == (self.seq + 1, self.hash)
        if not follows or not holds(line):
            return False
        subject = (line["subject_kind"], line["subject_id"])
        if line["action"] == "audit.forgotten":
            self.untold.pop(subject, None)
        elif line["details"] is None:
            self.untold.setdefault(subject, line["seq"])
        self.seq, self.hash, self.lines = line["seq"], line["hash"], self.lines + 1
        return True


def verify(session: Session) -> Verdict:
    """Go through every line, a thousand at a time, from the first that is kept to the head.

    Details that are gone must be told to be forgotten by a later line.
    """
    # One statement sees lines and head at one moment: others may add lines meanwhile.
    head = {
        name: sa.select(getattr(AuditHead, name)).where(AuditHead.id == 1).scalar_subquery()
        for name in ("first_seq", "first_previous_hash", "seq", "hash")
    }
    query = (
        sa.select(
            *(part.label(f"head_{name}") for name, part in head.items()), *AuditEvent.__table__.c
        )
        .order_by(AuditEvent.seq)
        .execution_options(yield_per=1000)
    )
    walk, end = _Walk(0, ""), (0, "")
    with closing(session.execute(query)) as rows:
        for found in rows:
            row = found._asdict()
            if not walk.hash:
                walk = _Walk(row["head_first_seq"] - 1, row["head_first_previous_hash"])
                end = (row["head_seq"], row["head_hash"])
            if not walk.takes(row):
                return Verdict(walk.lines, walk.seq, walk.hash, broken=walk.seq + 1)
    if not walk.hash:
        return _verdict_of_none(session)
    broken = min(walk.untold.values(), default=None)
    if broken is None and (walk.seq, walk.hash) != end:
        broken = walk.seq + 1
    return Verdict(walk.lines, walk.seq, walk.hash, broken)


def _verdict_of_none(session: Session) -> Verdict:
    """Return what is to be said where no line was seen: the head must know of none either."""
    is_none = sa.and_(
        AuditHead.seq == AuditHead.first_seq - 1,
        AuditHead.hash == AuditHead.first_previous_hash,
    )
    # A line that has come meanwhile is proved with the next look.
    has_come = sa.exists().where(AuditEvent.seq == AuditHead.first_seq)
    holds_none = session.scalar(sa.select(sa.or_(is_none, has_come)).where(AuditHead.id == 1))
    head = session.get_one(AuditHead, 1)
    broken = None if holds_none else head.first_seq
    return Verdict(0, head.first_seq - 1, head.first_previous_hash, broken)


def first_broken(session: Session) -> int | None:
    """Return the `seq` at which the chain no longer holds, or None if it holds whole."""
    return verify(session).broken


def has(session: Session, kept: str) -> bool:
    """Whether there is a line with a hash that somebody has kept elsewhere."""
    return session.scalar(sa.select(sa.exists().where(AuditEvent.hash == kept.strip()))) or False


def note(session: Session, verdict: Verdict, now: datetime) -> None:
    """Write down what came of a look, where `last_check` finds it."""
    if verdict.broken is None:
        details: dict[str, object] = {"lines": verdict.lines, "last": verdict.last}
    else:
        details = {"seq": verdict.broken}
    action = VERIFIED if verdict.broken is None else BROKEN
    record(session, action, by=None, now=now, subject=("audit_event", None), details=details)


def last_check(session: Session) -> Check | None:
    """Return when the audit was looked at last, and whether it held; None if it never was."""
    row = session.execute(
        sa.select(AuditEvent.at, AuditEvent.action)
        .where(AuditEvent.action.in_((VERIFIED, BROKEN)))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).one_or_none()
    return Check(row.at, row.action == VERIFIED) if row else None
