"""Rows of sessions: what was launched, and what its content may still say."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Ending(StrEnum):
    """How a session has ended: 終了, 中断."""

    TERMINATED = "terminated"
    ABANDONED = "abandoned"


class XapiSession(Keyed, Base):
    """One launch of one unit of a course (cmi5, 9.6.3.1); its key is the session's id."""

    __tablename__ = "xapi_session"

    #: The attempt, whose key is the registration.
    attempt_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    #: The unit's place in its course, as `xapi.cmi5.course.Unit.key`.
    unit: Mapped[str]
    #: Normal, Browse, Review (cmi5, 10.2.2).
    mode: Mapped[str]
    #: SHA-256 of what its fetch URL is opened with; None where content was given its token at once.
    fetch_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    #: SHA-256 of the token that was given out; None until it is asked for.
    token_hash: Mapped[str | None] = mapped_column(sa.String(64))
    #: The verbs that its content has used as cmi5 defines them.
    said: Mapped[list[Any]] = mapped_column(default=list)
    #: When it was launched.
    launched_at: Mapped[datetime]
    #: When its content said that it is ready; None until then.
    initialized_at: Mapped[datetime | None]
    #: When its content last said something.
    last_at: Mapped[datetime | None]
    #: The last moment to learn; None where there is none. What comes after it marks the attempt.
    until_at: Mapped[datetime | None]
    #: From then on its token opens nothing.
    expires_at: Mapped[datetime]
    #: When it ended.
    ended_at: Mapped[datetime | None]
    #: How: terminated, abandoned.
    ending: Mapped[str | None]


class XapiPreparation(Base):
    """That content has read what its learner likes, as it must before it says a word (cmi5, 11)."""

    __tablename__ = "xapi_preparation"

    #: Its session.
    session_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("xapi_session.id"), primary_key=True
    )
