"""Reads of the check pages: how all portals stand, and the scores that went back to one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.portals.gate.models import PortalLaunch
from app.portals.gate.queries import ACCEPTED
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal
from app.portals.scores.models import PortalScore

#: What a platform answers where it knows something newer.
_STALE = "service_stale"


@dataclass(frozen=True)
class ScoreRow:
    """A score, as the page shows it."""

    assignment_id: uuid.UUID
    #: What the portal knows the learner by; None for somebody of whom it says nothing.
    subject: str | None
    material: str
    progress: str
    #: From 0 to 100; None while there is none.
    given: float | None
    #: A key of `app.portals.scores.text.SCORE_STATES`.
    state: str
    sent_at: datetime | None
    next_at: datetime | None
    #: Why it was not taken, as a code; empty where it was.
    error: str
    answer: str


#: Where a score stands, as one column.
_STATE: sa.Case[str] = sa.case(
    (PortalScore.next_at.is_not(None) & (PortalScore.failures == 0), "waiting"),
    (PortalScore.next_at.is_not(None), "retrying"),
    (PortalScore.error == "", "sent"),
    (PortalScore.error == _STALE, "dropped"),
    else_="given_up",
)


def overview(since: datetime) -> sa.Select[Any]:
    """Return the query of all portals: how many learners, the last launch, how many refused."""
    learners = sa.select(sa.func.count()).where(PortalLearner.portal_id == Portal.id)
    is_its_own = PortalLaunch.portal_id == Portal.id
    last = sa.select(sa.func.max(PortalLaunch.at)).where(is_its_own, PortalLaunch.code == ACCEPTED)
    refused = sa.select(sa.func.count()).where(
        is_its_own, PortalLaunch.code != ACCEPTED, PortalLaunch.at > since
    )
    return sa.select(
        Portal,
        learners.scalar_subquery().label("learners"),
        last.scalar_subquery().label("last_at"),
        refused.scalar_subquery().label("refused"),
    ).order_by(Portal.name, Portal.id)


def scores(portal_id: uuid.UUID, state: str = "") -> sa.Select[Any]:
    """Return the query of a portal's scores with the columns of `ScoreRow`, the last first."""
    moved = sa.func.coalesce(PortalScore.next_at, PortalScore.sent_at, PortalScore.stamped_at)
    query = (
        sa.select(
            PortalScore.assignment_id,
            PortalLearner.subject,
            Material.title,
            PortalScore.activity_progress,
            PortalScore.given,
            _STATE,
            PortalScore.sent_at,
            PortalScore.next_at,
            PortalScore.error,
            PortalScore.answer,
        )
        .join(PortalAssignment, PortalAssignment.id == PortalScore.assignment_id)
        .join(PortalLink, PortalLink.id == PortalAssignment.link_id)
        .join(PortalLearner, PortalLearner.id == PortalAssignment.learner_id)
        .join(Material, Material.id == PortalAssignment.material_id)
        .where(PortalLink.portal_id == portal_id)
        .order_by(moved.desc(), PortalScore.assignment_id)
    )
    narrowed = query.where(_STATE.in_([state])) if state else query
    return cast("sa.Select[Any]", narrowed)


def is_of(session: Session, portal_id: uuid.UUID, assignment_id: uuid.UUID) -> bool:
    """Whether an assignment is one of a portal's."""
    query = (
        sa.select(PortalAssignment.id)
        .join(PortalLink, PortalLink.id == PortalAssignment.link_id)
        .where(PortalAssignment.id == assignment_id, PortalLink.portal_id == portal_id)
    )
    return session.scalar(query) is not None


def titles(session: Session, material_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the titles of some materials by their key."""
    query = sa.select(Material.id, Material.title).where(Material.id.in_(material_ids))
    return {row.id: row.title for row in session.execute(query)}
