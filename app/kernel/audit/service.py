"""Adding lines to the audit, forgetting what lines tell, and dropping those past their time."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import acting_as, acting_for
from app.kernel.audit.models import AuditEvent, AuditHead, AuditPerson
from app.kernel.audit.seal import VERSION, hash_of_details, seal

#: Years that no line is dropped before; the database refuses it, too.
LEAST_YEARS = 1
#: The table itself: thousands of lines need no object each.
_EVENTS = cast("sa.Table", AuditEvent.__table__)

#: The kind of a subject and its key.
Subject = tuple[str, uuid.UUID | None]


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


def shown(
    people: Iterable[uuid.UUID], *, total: int | None = None, **conditions: object
) -> dict[str, Any]:
    """Return the details of a list or a file: how many it shows, of how many, by which conditions.

    `people` are those whom it shows; a condition that is empty or None was not set.
    """
    ids = [str(key) for key in dict.fromkeys(people)]
    found: dict[str, Any] = {"count": len(ids), "people": ids}
    if total is not None:
        found["total"] = total
    if conditions:
        found["filter"] = {
            name: value if isinstance(value, bool | int) else str(value).replace("\0", "")
            for name, value in conditions.items()
            if value not in (None, "", False)
        }
    return found


def record(
    session: Session,
    action: str,
    *,
    by: uuid.UUID | None,
    now: datetime,
    subject: Subject,
    details: Mapping[str, object] | None = None,
    for_id: uuid.UUID | None = None,
) -> AuditEvent:
    """Append one line to the chain, in the transaction of what it tells of.

    `details["people"]`, a list of keys as text, names whom the line shows or changes beside its
    subject. What an operator does is marked with the operator's number.
    """
    head = _locked(session)
    values = _values(action, by, now, for_id or acting_for.get()) | _next(
        head.seq, head.hash, subject, details
    )
    values["hash"] = seal(values)
    line = AuditEvent(**values)
    session.add(line)
    session.flush()
    _move_head(session, line.seq, line.hash)
    _index(session, [values])
    return line


def record_many(
    session: Session,
    action: str,
    lines: Iterable[tuple[Subject, Mapping[str, object] | None]],
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> int:
    """Append a line for each subject with its details, by one lock and one insert.

    Returns how many. Not for a unit of work that only reads.
    """
    head = _locked(session)
    same = _values(action, by, now, acting_for.get())
    rows: list[dict[str, Any]] = []
    seq, previous_hash = head.seq, head.hash
    for subject, details in lines:
        values = same | _next(seq, previous_hash, subject, details)
        seq, previous_hash = values["seq"], seal(values)
        rows.append(values | {"hash": previous_hash})
    if rows:
        session.execute(sa.insert(_EVENTS), rows)
        _move_head(session, seq, previous_hash)
        _index(session, rows)
    return len(rows)


def _locked(session: Session) -> sa.Row[int, str, int]:
    """Return the chain's end and its first line, held until the transaction ends."""
    return session.execute(
        sa.select(AuditHead.seq, AuditHead.hash, AuditHead.first_seq)
        .where(AuditHead.id == 1)
        .with_for_update()
    ).one()


def _values(
    action: str, by: uuid.UUID | None, now: datetime, for_id: uuid.UUID | None
) -> dict[str, Any]:
    source = origin.get()
    return {
        "at": now.astimezone(UTC),
        "action": action,
        "actor_id": by,
        "role": acting_as.get(),
        "for_id": for_id,
        "address": source.address,
        "reference": source.reference,
        "seal_version": VERSION,
    }


def _next(
    seq: int, previous_hash: str, subject: Subject, details: Mapping[str, object] | None
) -> dict[str, Any]:
    mark = {"operator": origin.get().operator} if origin.get().operator else {}
    told, salt = {**(details or {}), **mark}, secrets.token_hex(16)
    return {
        "seq": seq + 1,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "details": told,
        "salt": salt,
        "details_hash": hash_of_details(told, salt),
        "previous_hash": previous_hash,
    }


def _move_head(session: Session, seq: int, last_hash: str) -> None:
    session.execute(
        sa.update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=last_hash),
        execution_options={"synchronize_session": False},
    )


def _index(session: Session, lines: Collection[Mapping[str, Any]]) -> None:
    rows = [
        {"person_id": uuid.UUID(key), "seq": line["seq"]}
        for line in lines
        for key in line["details"].get("people", ())
    ]
    if rows:
        session.execute(sa.insert(AuditPerson), rows)


def forget(
    session: Session,
    subject_kind: str,
    subject_id: uuid.UUID,
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> int:
    """Erase what the lines about a subject tell, and return of how many; the chain still holds.

    When, by whom and what was done stays. Lines sealed by version 1 keep their details until they
    are dropped. What was forgotten is a line of its own, and the database forgets nothing without.
    """
    _locked(session)
    told = (
        AuditEvent.subject_kind == subject_kind,
        AuditEvent.subject_id == subject_id,
        AuditEvent.salt.is_not(None),
        AuditEvent.action != "audit.forgotten",
    )
    count = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(*told)) or 0
    if count:
        subject = (subject_kind, subject_id)
        record(
            session, "audit.forgotten", by=by, now=now, subject=subject, details={"count": count}
        )
        if _has_functions(session):
            session.execute(sa.select(sa.func.audit_forget(subject_kind, subject_id)))
        else:
            session.execute(
                sa.update(AuditEvent).where(*told).values(details=sa.null(), salt=None),
                execution_options={"synchronize_session": False},
            )
    return count


def expire(session: Session, now: datetime, years: int) -> int:
    """Drop the lines that are older than `years` years, and return how many.

    The chain then begins with the first line that is kept. That they were dropped is a line.
    """
    if years < LEAST_YEARS:
        raise ValueError(f"the audit is kept for {LEAST_YEARS} year at least")
    head = _locked(session)
    oldest_kept = now - timedelta(days=366 * years)
    kept = sa.select(AuditEvent.seq).where(AuditEvent.at >= oldest_kept)
    first = session.scalar(kept.order_by(AuditEvent.seq).limit(1)) or head.seq + 1
    count = int(first - head.first_seq)
    if count:
        details = {"count": count, "first": head.first_seq, "last": first - 1}
        record(
            session,
            "audit.expired",
            by=None,
            now=now,
            subject=("audit_event", None),
            details=details,
        )
        if _has_functions(session):
            session.execute(sa.select(sa.func.audit_expire(first)))
        else:
            _drop_before(session, first)
    return count


def _drop_before(session: Session, first: int) -> None:
    follows = sa.select(AuditEvent.previous_hash).where(AuditEvent.seq == first).scalar_subquery()
    for statement in (
        sa.update(AuditHead).values(first_seq=first, first_previous_hash=follows),
        sa.delete(AuditEvent).where(AuditEvent.seq < first),
        sa.delete(AuditPerson).where(AuditPerson.seq < first),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _has_functions(session: Session) -> bool:
    """Whether only functions of the database's owner may change a line: so on PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"
