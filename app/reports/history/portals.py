"""What somebody of the staff has taken by a portal, once it is known that it was them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel import clock
from app.learning.records.models import LearnerRecord
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal


def lines(session: Session, person_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Yield the values of a history's lines, the last one first: the portal stands for the place.

    The day is that of completion; the year that in which it was begun.
    """
    rows = session.execute(
        sa.select(LearnerRecord, Material.title, Portal.name)
        .join(PortalAssignment, PortalAssignment.id == LearnerRecord.assignment_id)
        .join(PortalLink, PortalLink.id == PortalAssignment.link_id)
        .join(Portal, Portal.id == PortalLink.portal_id)
        .join(Material, Material.id == LearnerRecord.material_id)
        .where(LearnerRecord.person_id == person_id)
        .order_by(LearnerRecord.started_at.desc(), LearnerRecord.id)
    )
    for record, title, portal in rows:
        done = record.completed_at
        begun = clock.today(record.started_at or record.last_at or clock.now())
        yield {
            "training": title,
            "fiscal_year": clock.fiscal_year(begun),
            "result": record.status,
            "section": portal,
            "title": "",
            "decided_on": clock.today(done) if done else None,
            "score": record.score,
            "source": "portal",
        }
