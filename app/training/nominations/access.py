"""The only way to a section's list: for its head and coordinator, and for who plans the training.

A section's own people act as that, also where they plan the training besides.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor, Grant, act_by
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import NEAR, PLANNING, Subject
from app.people.sections import queries as sections
from app.people.sections.queries import SectionRow
from app.training.calls.queries import Call
from app.training.candidacies import access as candidacies


@dataclass(frozen=True)
class SectionList:
    """A section's list for a call, and who acts on it."""

    call: Call
    section: SectionRow
    #: All sections whose lists the actor reaches, in the order of the organisation.
    sections: tuple[SectionRow, ...]
    #: The actor, with no more roles than reach this list.
    acting: Actor

    @property
    def is_planned(self) -> bool:
        """Whether it is the office that acts, for a section (代行)."""
        return bool(self.acting.roles & PLANNING)


def section_list(
    session: Session,
    actor: Actor,
    offering_id: uuid.UUID,
    section_id: uuid.UUID | None,
    now: datetime,
) -> SectionList:
    """Return a section's list, or that of the first section in reach; raises NotFound."""
    call = candidacies.called(session, offering_id)
    grants = [
        grant for grant in actor.grants if _is_near(grant) or _plans(actor, grant, call.subject)
    ]
    within = [
        place
        for place in sections.tree(session, now)
        if any(_covers(grant, place.id) for grant in grants)
    ]
    chosen = [place for place in within if section_id in (None, place.id)]
    if not chosen:
        raise NotFound
    held = [grant for grant in grants if _covers(grant, chosen[0].id)]
    held = [grant for grant in held if _is_near(grant)] or held
    act_by(held)
    return SectionList(call, chosen[0], tuple(within), replace(actor, grants=tuple(held)))


def near_sections(actor: Actor) -> frozenset[uuid.UUID]:
    """Return the sections whose lists the actor writes or sends."""
    return permission.sections_of(actor, *NEAR) or frozenset()


def _is_near(grant: Grant) -> bool:
    return grant.role in NEAR and grant.training_id is None and bool(grant.sections)


def _plans(actor: Actor, grant: Grant, subject: Subject) -> bool:
    if grant.role not in PLANNING:
        return False
    try:
        permission.reach(replace(actor, grants=(grant,)), PLANNING, subject)
    except NotFound:
        return False
    return True


def _covers(grant: Grant, section_id: uuid.UUID) -> bool:
    if grant.role in permission.OF_TRAININGS or grant.sections is None:
        return True
    return section_id in grant.sections
