"""Scores for portals: what they are to know, and how it is sent, once and in order.

A row says what a portal is to know of one assignment, and is its own place in the queue. Whoever
sends it takes it first by putting it off (its claim), then calls the platform without holding
anything, then notes what came of it; whoever dies in between leaves it to the next.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import after_commit
from app.kernel.errors import NotFound, Refused
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal, ScoreRule
from app.portals.scores.models import PortalScore
from lti import grades

#: How long a row is left to whoever is sending it: longer than a call may take, with its token.
LEASE: Final = timedelta(minutes=2)
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
#: After so many failures in a row (some days) it is given up, and said on screen.
MOST_FAILURES: Final = 20
#: A platform that does not answer is left alone for so long, whoever's score it is.
AWAY: Final = timedelta(seconds=30)
#: The step of a score's time (AGS 3.4.9: it only grows).
TICK: Final = timedelta(milliseconds=1)

PENDING, FINAL = "Pending", "FullyGraded"
IN_PROGRESS, COMPLETED = "InProgress", "Completed"


@dataclass(frozen=True)
class Wanted:
    """What a portal is to know."""

    activity_progress: str
    grading_progress: str
    #: From 0 to 100.
    given: float | None


def wanted(portal: Portal, record: LearnerRecord) -> Wanted | None:
    """Return what a portal is to know of a record; None for nothing (yet)."""
    if portal.score_rule == ScoreRule.NOTHING or record.status == RecordStatus.NOT_STARTED:
        return None
    if record.status in (RecordStatus.COMPLETED, RecordStatus.PASSED):
        # What has no score of its own, and what is asked only whether it is done, counts in full.
        is_full = portal.score_rule == ScoreRule.COMPLETION or record.score is None
        return Wanted(COMPLETED, FINAL, 100.0 if is_full else record.score)
    if record.status == RecordStatus.FAILED and portal.sends_failure:
        is_none = portal.score_rule == ScoreRule.COMPLETION or record.score is None
        return Wanted(COMPLETED, FINAL, 0.0 if is_none else record.score)
    return Wanted(IN_PROGRESS, PENDING, None) if portal.sends_progress else None


def follow(session: Session, assignment_id: uuid.UUID, now: datetime) -> None:
    """Let a portal know what has become of an assignment, where it is one of a portal's.

    Called again for the same, nothing more happens. What is not final follows nothing that was.
    """
    found = session.execute(
        sa.select(PortalAssignment, PortalLink, Portal)
        .join(PortalLink, PortalLink.id == PortalAssignment.link_id)
        .join(Portal, Portal.id == PortalLink.portal_id)
        .where(PortalAssignment.id == assignment_id)
    ).one_or_none()
    if found is None:
        return
    assignment, link, portal = found
    if not assignment.is_scored or not grades.can_score(link.grades):
        return
    record = session.scalars(
        sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
    ).one_or_none()
    asked = wanted(portal, record) if record else None
    if asked is not None:
        _want(session, assignment_id, asked, now)


def _want(session: Session, assignment_id: uuid.UUID, asked: Wanted, now: datetime) -> None:
    row = session.get(PortalScore, assignment_id, with_for_update=True)
    if row is None:
        session.add(PortalScore(assignment_id=assignment_id, **vars(asked), next_at=now))
    else:
        was_final = row.is_final_sent or row.grading_progress == FINAL
        if was_final and asked.grading_progress != FINAL:
            return
        if Wanted(row.activity_progress, row.grading_progress, row.given) == asked:
            return
        row.activity_progress, row.grading_progress = (
            asked.activity_progress,
            asked.grading_progress,
        )
        row.given, row.revision, row.failures = asked.given, row.revision + 1, 0
        row.next_at = now
    session.flush()
    nudge(session)


def nudge(session: Session) -> None:
    """Have the worker send what waits, once this is committed."""
    call = session.info.get("nudge")
    if call and not session.info.get("passback"):
        session.info["passback"] = True
        after_commit(session, lambda: call("pass_back"))


def send_again(session: Session, assignment_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Send a score once more, by hand: also one that was taken, or given up.

    Raises NotFound, and Refused("score_waits") for one that is about to be sent anyway.
    """
    row = session.get(PortalScore, assignment_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.next_at is not None and row.next_at <= now:
        raise Refused("score_waits")
    row.revision, row.failures, row.next_at, row.error = row.revision + 1, 0, now, ""
    audit.record(
        session,
        "portal_score.sent_again",
        by=by.person_id,
        now=now,
        subject=("portal_assignment", assignment_id),
    )
    nudge(session)
