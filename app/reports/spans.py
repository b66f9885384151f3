"""How far somebody reads across trainings: all that they plan, and whoever they are near to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.periods import valid
from app.people.permission import access as permission
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.people.register.models import Appointment, PostKind
from app.training.plans import access as plans
from app.training.plans.models import Training


@dataclass(frozen=True)
class Part:
    """Some people in some trainings."""

    #: The condition on `Training`.
    trainings: sa.ColumnElement[bool]
    #: The sections in which they serve today; None: wherever.
    sections: frozenset[uuid.UUID] | None = None
    #: Whether those count who serve there beside their main post (兼務).
    is_concurrent: bool = False

    def of(self, person_id: sa.SQLColumnExpression[Any], day: date) -> sa.ColumnElement[bool]:
        """Return the condition on `Training` and somebody's key that they are among them."""
        if self.sections is None:
            return self.trainings
        posts = sa.select(Appointment.person_id).where(
            Appointment.section_id.in_(self.sections), valid(Appointment, day)
        )
        if not self.is_concurrent:
            posts = posts.where(Appointment.kind == PostKind.MAIN)
        return sa.and_(self.trainings, person_id.in_(posts))


@dataclass(frozen=True)
class Span:
    """All that somebody reads of."""

    parts: tuple[Part, ...]

    @property
    def sections(self) -> frozenset[uuid.UUID] | None:
        """The sections whose people are read of; None where they may be anybody's."""
        if any(part.sections is None for part in self.parts):
            return None
        return frozenset[uuid.UUID]().union(*(part.sections or () for part in self.parts))

    def of_training(self) -> sa.ColumnElement[bool]:
        """Return the condition on `Training` that somebody in it may be read of."""
        return sa.or_(sa.false(), *(part.trainings for part in self.parts))

    def of(self, person_id: sa.SQLColumnExpression[Any], day: date) -> sa.ColumnElement[bool]:
        """Return the condition on `Training` and somebody's key that they are read of."""
        return sa.or_(sa.false(), *(part.of(person_id, day) for part in self.parts))


def planned_by(actor: Actor) -> Span:
    """Return what the actor plans, as the office or as an organiser."""
    return Span(tuple(_planned(actor)))


def read_by(actor: Actor, *, is_concurrent: bool) -> Span:
    """Return what the actor plans and, of all trainings, whom they are near to as a head.

    `is_concurrent`: whether 兼務 counts for a head.
    """
    near = permission.sections_of(actor, *NEAR) or frozenset()
    mine = [Part(sa.true(), near, is_concurrent)] if near else []
    return Span((*_planned(actor), *mine))


def check(span: Span) -> Span:
    """Return a span; raises NotFound for one of nobody."""
    if not span.parts:
        raise NotFound
    return span


def _planned(actor: Actor) -> Iterable[Part]:
    everybody = permission.trainings_of(actor, PLANNING, whole=True)
    if everybody is None or everybody.named or everybody.owners:
        yield Part(plans.of_actor(actor, PLANNING, whole=True))
    for grant in actor.grants:
        if grant.role == Role.OFFICE and grant.sections is not None:
            given = grant.training_id
            yield Part(sa.true() if given is None else Training.id == given, grant.sections)
