"""The members of a portal's course, asked when a teacher wants to see how far they are.

Nothing of it is kept: the page shows ids that the portal gives, and what we know of them ourselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from lti import roster
from lti.roles import Part
from lti.services import Connector


@dataclass(frozen=True)
class Line:
    """One learner of a course."""

    subject: str
    #: not_started, in_progress, completed, passed, failed.
    status: str
    score: float | None
    last_at: datetime | None
    #: Whether the portal still has them in the course; None where it was not asked.
    is_member: bool | None


def known(session: Session, link: PortalLink) -> list[Line]:
    """Return who has come by a link, and how far they are."""
    rows = session.execute(
        sa.select(
            PortalLearner.subject,
            LearnerRecord.status,
            LearnerRecord.score,
            LearnerRecord.last_at,
        )
        .join(PortalAssignment, PortalAssignment.learner_id == PortalLearner.id)
        .join(LearnerRecord, LearnerRecord.assignment_id == PortalAssignment.id)
        .where(
            PortalAssignment.link_id == link.id,
            PortalAssignment.material_id == link.material_id,
        )
        .order_by(PortalLearner.subject)
    )
    return [
        Line(subject or "", status, score, last_at, None)
        for subject, status, score, last_at in rows
    ]


def with_members(
    lines: Sequence[Line], connector: Connector, address: str, resource_link_id: str
) -> list[Line]:
    """Return the same with who has not come yet, as the portal tells. Raises ServiceRefused."""
    members = roster.members(connector, address, resource_link_id)
    theirs = {each.subject: each for each in lines}
    found = [
        replace(theirs.pop(each.user_id, _nothing(each.user_id)), is_member=True)
        for each in members
        if each.part is Part.LEARNER and each.is_active
    ]
    return found + [replace(each, is_member=False) for each in theirs.values()]


def _nothing(subject: str) -> Line:
    return Line(subject, RecordStatus.NOT_STARTED, None, None, None)
