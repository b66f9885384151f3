"""One score after another, by as many hands as there are: take one, send it, note what came of it.

Sending touches no row. A portal that does not answer is left alone for a while, whoever's score it
is, so that it keeps no other portal's waiting.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel.plain import Plain
from app.kernel.settings import Settings
from app.portals.calling import service as calling
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import PortalRow
from app.portals.registrations.states import PortalState
from app.portals.scores.models import PortalScore
from app.portals.scores.service import (
    AWAY,
    FINAL,
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    MOST_FAILURES,
    TICK,
)
from lti import grades
from lti.grades import Score, Wanted
from lti.services import Connector, ServiceRefused

#: How long a score waits while another hand makes the line item of its link.
NEXT_DOOR: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Claimed:
    """A score that is its claimer's to send."""

    assignment_id: uuid.UUID
    revision: int
    portal_id: uuid.UUID
    link_id: uuid.UUID
    score: Score
    #: Where it goes; empty where the line item has to be made first.
    line_item: str
    #: Where line items are made, and what this one would be.
    line_items: str
    item: Wanted
    connector: Connector


def _waiting(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    now: sa.BindParameter[datetime] = sa.bindparam("now")
    return (
        sa.select(*columns)
        .select_from(PortalScore)
        .join(PortalAssignment, PortalAssignment.id == PortalScore.assignment_id)
        .join(PortalLink, PortalLink.id == PortalAssignment.link_id)
        .join(Portal, Portal.id == PortalLink.portal_id)
        .where(
            PortalScore.next_at <= now,
            Portal.state == PortalState.ACTIVE,
            sa.or_(Portal.away_until.is_(None), Portal.away_until <= now),
        )
        .order_by(PortalScore.next_at, PortalScore.assignment_id)
        .limit(1)
    )


class _Waiting(NamedTuple):
    """A score that waits, with what is needed to send it beside its portal."""

    assignment_id: uuid.UUID
    revision: int
    stamped_at: datetime | None
    activity_progress: str
    grading_progress: str
    given: float | None
    subject: str | None
    link_id: uuid.UUID
    resource_link_id: str
    line_item: str
    grades: Mapping[str, Any]
    material_id: uuid.UUID
    title: str


_IS_WAITING = Plain(_waiting(PortalScore.assignment_id))
#: The next score that nobody has: the columns of `_Waiting`, then those of its portal.
_NEXT = Plain(
    _waiting(
        PortalScore.assignment_id,
        PortalScore.revision,
        PortalScore.stamped_at,
        PortalScore.activity_progress,
        PortalScore.grading_progress,
        PortalScore.given,
        PortalLearner.subject,
        PortalLink.id,
        PortalLink.resource_link_id,
        PortalLink.line_item,
        PortalLink.grades,
        Material.id,
        Material.title,
        *(getattr(Portal, name) for name in PortalRow._fields),
    )
    .join(PortalLearner, PortalLearner.id == PortalAssignment.learner_id)
    .join(Material, Material.id == PortalAssignment.material_id)
    .with_for_update(skip_locked=True, of=PortalScore)
)
_SCORE = cast("sa.Table", PortalScore.__table__)
_PUT_OFF = Plain(
    sa.update(_SCORE)
    .where(_SCORE.c.assignment_id == sa.bindparam("score"))
    .values(stamped_at=sa.bindparam("at"), next_at=sa.bindparam("until"))
)
#: What has changed while it was sent is sent as well.
_TAKEN = Plain(
    sa.update(_SCORE)
    .where(_SCORE.c.assignment_id == sa.bindparam("score"))
    .values(
        sent_revision=sa.bindparam("sent"),
        sent_at=sa.bindparam("at"),
        is_final_sent=sa.or_(_SCORE.c.is_final_sent, sa.bindparam("is_final", type_=sa.Boolean())),
        failures=0,
        error="",
        answer="",
        next_at=sa.case(
            (_SCORE.c.revision == sa.bindparam("sent"), None), else_=sa.bindparam("at")
        ),
    )
)


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether any score could be sent now."""
    return _IS_WAITING.one(session, now=now) is not None


def claim(session: Session, now: datetime, settings: Settings) -> Claimed | None:
    """Take the next score, by putting it off; None where nothing waits.

    Its time is later than that of any score that was sent before of the same (AGS 3.4.9).
    """
    row = _NEXT.one(session, now=now)
    if row is None:
        return None
    of_score = len(_Waiting._fields)
    found, portal = _Waiting(*row[:of_score]), PortalRow(*row[of_score:])
    last = found.stamped_at
    at = now if last is None else max(now, last + TICK)
    _PUT_OFF.rows(session, score=found.assignment_id, at=at, until=now + LEASE)
    return Claimed(
        assignment_id=found.assignment_id,
        revision=found.revision,
        portal_id=portal.id,
        link_id=found.link_id,
        score=Score(
            user_id=found.subject or "",
            at=at,
            activity_progress=found.activity_progress,
            grading_progress=found.grading_progress,
            given=found.given,
        ),
        line_item=found.line_item,
        line_items=str(found.grades.get("lineitems", "")),
        item=Wanted(found.title, str(found.material_id), found.resource_link_id),
        connector=calling.connector(session, portal, now=now, settings=settings),
    )


def may_make_item(session: Session, claimed: Claimed, now: datetime) -> bool:
    """Whether it falls to this hand to make a link's line item; the score waits where it does not.

    Two who made one at once would leave a course with two columns.
    """
    taken = session.execute(
        sa.update(PortalLink)
        .where(
            PortalLink.id == claimed.link_id,
            PortalLink.line_item == "",
            sa.or_(PortalLink.item_until.is_(None), PortalLink.item_until <= now),
        )
        .values(item_until=now + LEASE)
        .returning(PortalLink.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        row = session.get_one(PortalScore, claimed.assignment_id, with_for_update=True)
        row.next_at = now + NEXT_DOOR
    return taken is not None


def make_item(claimed: Claimed) -> str:
    """Find or make the line item of a link, and return its address. Raises ServiceRefused."""
    return grades.find_or_create(claimed.connector, claimed.line_items, claimed.item)


def keep_item(session: Session, claimed: Claimed, address: str) -> None:
    """Keep where a link's scores go; empty for an item that could not be made."""
    link = session.get_one(PortalLink, claimed.link_id, with_for_update=True)
    link.line_item, link.item_until = address, None


def send(claimed: Claimed, address: str) -> None:
    """Send a score. Raises ServiceRefused."""
    grades.send(claimed.connector, address, claimed.score)


def taken(session: Session, claimed: Claimed, now: datetime) -> None:
    """Note that a portal has taken a score."""
    _TAKEN.rows(
        session,
        score=claimed.assignment_id,
        sent=claimed.revision,
        at=now,
        is_final=claimed.score.grading_progress == FINAL,
    )


def refused(session: Session, claimed: Claimed, error: ServiceRefused, now: datetime) -> None:
    """Note that a portal has not taken a score: it is tried again later, or given up.

    What is stale (409) is dropped: the portal knows something newer.
    """
    row = session.get_one(PortalScore, claimed.assignment_id, with_for_update=True)
    row.error, row.failures = error.code, row.failures + 1
    row.answer = f"{error.status} {error.said}".strip() if error.status else error.said
    if row.revision != claimed.revision:
        row.next_at = now
    elif not error.may_pass or row.failures >= MOST_FAILURES:
        row.next_at = None
    else:
        row.next_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures - 1, 20))
    if error.code == "service_unreachable":
        session.get_one(Portal, claimed.portal_id, with_for_update=True).away_until = now + AWAY
