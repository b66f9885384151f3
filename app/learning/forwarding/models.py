"""Rows of other record stores: where each is, what it is to get, and how it stands."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.learning.forwarding.states import TRANSITIONS, ForwardState


class XapiForward(Keyed, Base):
    """Another record store that gets the statements which a rule names."""

    __tablename__ = "xapi_forward"
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: What the office calls it.
    name: Mapped[str]
    #: proposed, active, stopped, ended.
    state: Mapped[str] = mapped_column(default=ForwardState.PROPOSED)
    #: The address of its resources, with a slash at the end.
    endpoint: Mapped[str]
    #: What it calls us (HTTP Basic).
    key: Mapped[str]
    #: The secret beside that, sealed; empty once it has ended.
    secret: Mapped[str]
    #: The version that is spoken to it: 1.0.3, 2.0.0.
    version: Mapped[str]
    #: From then on what is kept is for it; None before its first approval, and once it has ended.
    wanted_since: Mapped[datetime | None]
    #: Who proposed it last.
    proposed_by: Mapped[uuid.UUID]
    #: When.
    proposed_at: Mapped[datetime]
    #: Who approved it last: another administrator.
    approved_by: Mapped[uuid.UUID | None]
    #: When.
    approved_at: Mapped[datetime | None]
    #: Nothing is sent before this moment: a hand is sending, or it did not take what was sent.
    next_at: Mapped[datetime]
    #: How often in a row nothing could be sent.
    failures: Mapped[int] = mapped_column(default=0)
    #: Why not, as a code; empty where the last went well.
    error: Mapped[str] = mapped_column(default="")
    #: What it answered then: the status and the first letters.
    answer: Mapped[str] = mapped_column(default="")
    #: How many statements it has taken.
    sent: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: When it took the last one.
    sent_at: Mapped[datetime | None]


class XapiForwardRule(Base):
    """A verb or an activity of those that a destination gets; where no row is, it gets all."""

    __tablename__ = "xapi_forward_rule"

    #: The destination.
    forward_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("xapi_forward.id"), primary_key=True
    )
    #: Of which kind the term is, as in `xapi.terms`: verb, any_activity.
    kind: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    #: The term as the index has it.
    term: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: The IRI of the verb or the activity.
    iri: Mapped[str]
