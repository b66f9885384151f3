"""Destinations proposed, approved by another administrator, stopped, resumed, ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import sealing, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.settings import Settings
from app.learning.forwarding.models import XapiForward, XapiForwardRule
from app.learning.forwarding.states import ForwardState
from app.learning.outgoing import service as outgoing
from app.learning.outgoing.models import XapiOutgoing
from app.learning.statements.queries import number


@dataclass(frozen=True)
class Destination:
    """Where statements are to go, and which: what another administrator approves."""

    name: str
    #: With a slash at the end.
    endpoint: str
    key: str
    secret: str
    version: str
    #: IRIs; empty for all.
    verbs: Sequence[str] = ()
    activities: Sequence[str] = ()


def propose(
    session: Session, said: Destination, *, by: Actor, now: datetime, settings: Settings
) -> XapiForward:
    """Add a destination, which waits for another administrator's approval."""
    row = XapiForward(
        name=said.name,
        endpoint=said.endpoint,
        key=said.key,
        secret=sealing.seal(settings, said.secret),
        version=said.version,
        proposed_by=by.known_id,
        proposed_at=now,
        next_at=now,
    )
    session.add(row)
    session.flush()
    rule = zip(outgoing.KINDS, (said.verbs, said.activities), strict=True)
    session.add_all(
        XapiForwardRule(forward_id=row.id, kind=kind, term=number((kind, iri)), iri=iri)
        for kind, iris in rule
        for iri in dict.fromkeys(iris)
    )
    details = {
        "forward": said.name,
        "endpoint": said.endpoint,
        "spoken": said.version,
        "verbs": " ".join(said.verbs),
        "activities": " ".join(said.activities),
    }
    _record(session, "xapi_forward.proposed", row, by, now, details)
    return row


def approve(session: Session, row: XapiForward, *, by: Actor, now: datetime) -> None:
    """Let statements go out (外部提供): not who proposed it, but another administrator (C07).

    Raises Refused("forward_own_proposal"), and Conflict("wrong_state").
    """
    if row.proposed_by == by.person_id:
        raise Refused("forward_own_proposal")
    workflow.move(session, row, "approve", by=by, now=now)
    row.approved_by, row.approved_at = by.known_id, now
    row.wanted_since = row.wanted_since or now
    _go_on(session, row, now)


def stop(session: Session, row: XapiForward, *, by: Actor, now: datetime) -> None:
    """Send nothing more, from this moment on; what is kept meanwhile waits."""
    workflow.move(session, row, "stop", by=by, now=now)


def resume(session: Session, row: XapiForward, *, by: Actor, now: datetime) -> None:
    """Send again, and what has waited first."""
    workflow.move(session, row, "resume", by=by, now=now)
    _go_on(session, row, now)


def end(session: Session, row: XapiForward, *, by: Actor, now: datetime) -> None:
    """Send nothing any more, for good; what waits is dropped, and the secret forgotten."""
    workflow.move(session, row, "end", by=by, now=now)
    row.wanted_since, row.secret = None, ""
    row.error = row.answer = ""


def renew(
    session: Session,
    row: XapiForward,
    key: str,
    secret: str,
    *,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> None:
    """Give a destination another key, by which it may know us as somebody else: approved anew.

    Raises Conflict("forward_not_stopped") while statements go out, and Conflict("wrong_state").
    """
    if row.state == ForwardState.ACTIVE:
        raise Conflict("forward_not_stopped")
    if row.state == ForwardState.PROPOSED:
        _record(session, "xapi_forward.renewed", row, by, now, {"forward": row.name})
    else:
        workflow.move(session, row, "propose", by=by, now=now)
    row.key, row.secret = key, sealing.seal(settings, secret)
    row.proposed_by, row.proposed_at = by.known_id, now
    row.approved_by = row.approved_at = None


def hurry(session: Session, row: XapiForward, now: datetime) -> None:
    """Have it tried at once what would be tried later, once the cause is mended."""
    if row.state == ForwardState.ACTIVE and row.error:
        _go_on(session, row, now)


def send_again(
    session: Session, row: XapiForward, seq: int | None, *, by: Actor, now: datetime
) -> int:
    """Send what was refused once more: one statement, or all; return how many."""
    if row.state == ForwardState.ENDED:
        raise Conflict("wrong_state")
    whose = [XapiOutgoing.forward_id == row.id, XapiOutgoing.refused_at.is_not(None)]
    if seq is not None:
        whose.append(XapiOutgoing.seq == seq)
    again = session.execute(
        sa.update(XapiOutgoing)
        .where(*whose)
        .values(refused_at=None, status=None, answer=None)
        .returning(XapiOutgoing.seq)
        .execution_options(synchronize_session=False)
    ).all()
    if again:
        details = {"forward": row.name, "count": len(again)}
        _record(session, "xapi_forward.sent_again", row, by, now, details)
        outgoing.nudge(session, now, even_again=True)
    return len(again)


def found(session: Session, forward_id: uuid.UUID, *, to_change: bool = False) -> XapiForward:
    """Return a destination, locked where it is to be changed; raises NotFound."""
    # Its key stays what it is: whoever keeps a statement for it need not wait.
    lock: dict[str, Any] | None = {"key_share": True} if to_change else None
    row = session.get(XapiForward, forward_id, with_for_update=lock)
    if row is None:
        raise NotFound
    return row


def seal_anew(session: Session, settings: Settings) -> int:
    """Seal every secret with the present key of the installation; return how many."""
    rows = session.scalars(sa.select(XapiForward).where(XapiForward.secret != "")).all()
    for row in rows:
        row.secret = sealing.seal_anew(settings, row.secret)
    return len(rows)


def _go_on(session: Session, row: XapiForward, now: datetime) -> None:
    """Have what waits sent at once."""
    row.next_at, row.failures, row.error, row.answer = now, 0, "", ""
    outgoing.nudge(session, now, even_again=True)


def _record(
    session: Session,
    action: str,
    row: XapiForward,
    by: Actor,
    now: datetime,
    details: dict[str, Any],
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("xapi_forward", row.id),
        details=details,
    )
