"""The token of a session: what its content speaks with, and what it may ask for.

A session reaches what is its own: its learner, its registration, the parts of its course. Whatever
is anybody else's is refused, whether it is there or not.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import Forbidden, Unauthorized
from app.kernel.hashing import hashed
from app.kernel.plain import Plain
from app.kernel.system.service import IS_CHANGEABLE
from app.learning.courses import queries as courses
from app.learning.records.models import Attempt
from app.learning.sessions.models import XapiSession
from xapi.actors import identity

#: Before a session's id in the name that a token brings.
PREFIX: Final = "session-"
_FOUND: Final = Plain(
    sa.select(
        XapiSession.token_hash,
        XapiSession.expires_at,
        XapiSession.ended_at,
        XapiSession.attempt_id,
        XapiSession.unit,
        Attempt.version_id,
        Attempt.document["actor"],
        IS_CHANGEABLE,
    )
    .join(Attempt, Attempt.id == XapiSession.attempt_id)
    .where(XapiSession.id == sa.bindparam("key"))
)


@dataclass(frozen=True)
class Own:
    """What belongs to a session."""

    id: uuid.UUID
    attempt_id: uuid.UUID
    actor: Mapping[str, Any]
    #: What statements call its unit, and its publisher.
    activities: frozenset[str]
    #: Whether it has ended: what it said last may come once more, and nothing else is answered.
    is_over: bool
    may_change: bool

    @property
    def registration(self) -> str:
        """Return its registration as statements say it."""
        return str(self.attempt_id)

    def check_agent(self, agent: Mapping[str, Any] | None) -> None:
        """Raise Forbidden for an agent who is not its learner; none at all is for others to see."""
        if agent is not None and identity(agent) != identity(self.actor):
            raise Forbidden("other_learner")

    def check_activity(self, iri: str) -> None:
        """Raise Forbidden for an activity that is not its unit."""
        if iri not in self.activities:
            raise Forbidden("other_activity")


def identify(session: Session, key: str, secret: str, now: datetime, home_page: str) -> Own:
    """Return the session that a token is of. Raises Unauthorized."""
    try:
        session_id = uuid.UUID(key.removeprefix(PREFIX))
    except ValueError:
        raise Unauthorized("credentials_wrong") from None
    row = _FOUND.one(session, key=session_id)
    if row is None or row[0] is None or not hmac.compare_digest(row[0], hashed(secret)):
        raise Unauthorized("credentials_wrong")
    _, expires_at, ended_at, attempt_id, key, version_id, actor, may_change = row
    if now >= expires_at:
        raise Unauthorized("session_expired")
    unit = courses.course(session, version_id).unit(key)
    assert unit is not None  # a version never changes
    own = courses.iri_of(session, version_id, unit, home_page)
    activities = frozenset({own, unit.id})
    return Own(session_id, attempt_id, actor, activities, ended_at is not None, may_change)
