"""A planned training with those around it who are told, and what they were told."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.notices.models import Notice
from app.kernel.outbox import Kind, Outgoing
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person
from app.people.sections.models import Section
from app.training.audiences.models import AudienceMember
from app.training.telling import service as telling
from tests import factories
from tests.training.test_workflow_walk import Stage, planned


@dataclass
class Cast:
    """A stage, and by name those whom it has: a, b, c, d, head, coordinator, office, lecturer."""

    stage: Stage
    people: dict[str, Person]

    @property
    def session(self) -> Session:
        """The session of all of it."""
        return self.stage.session

    def told(self) -> Counter[tuple[str, str]]:
        """Return how often each was told each kind."""
        names = {person.id: name for name, person in self.people.items()}
        rows = self.session.execute(sa.select(Notice.kind, Notice.person_id))
        return Counter((kind, names[key]) for kind, key in rows if key in names)

    def forget(self) -> None:
        """Have nothing been told, and nothing wait to be."""
        self.session.flush()
        self.session.execute(sa.delete(Notice))
        self.session.execute(sa.delete(Outgoing))

    def waiting(self) -> list[Outgoing]:
        """Return what has moved and was not told yet."""
        self.session.flush()
        query = sa.select(Outgoing).where(Outgoing.kind == Kind.MOVED, Outgoing.done_at.is_(None))
        return list(self.session.scalars(query.order_by(Outgoing.id)))

    def tell(self, row: Outgoing, now: datetime, again: str = "") -> None:
        """Carry a row, as the worker does; `again` makes it another one."""
        telling.tell(
            self.session,
            row.payload,
            occasion=f"{row.id}{again}",
            happened=row.created_at,
            now=now,
        )

    def put(self, table: str, key: object, action: str, now: datetime, **more: object) -> None:
        """Add a row of the outbox, as a verb does."""
        payload = {"table": table, "id": str(key), "action": action, **more}
        outbox.put(self.session, Kind.MOVED, payload, now)


def meant(session: Session, offering_id: uuid.UUID, who: Person, now: datetime) -> None:
    """Have an offering be for somebody."""
    post = session.scalars(sa.select(Appointment).where(Appointment.person_id == who.id)).one()
    row = AudienceMember(
        offering_id=offering_id,
        person_id=who.id,
        section_id=post.section_id,
        title_id=post.title_id,
        added_at=now,
    )
    session.add(row)
    session.flush()


def cast(session: Session, now: datetime) -> Cast:
    """Plan a training, and give its section a head, a coordinator, and an office."""
    stage = planned(session, now)
    post = session.scalars(
        sa.select(Appointment).where(Appointment.person_id == stage.people[0].id)
    ).one()
    section = session.get_one(Section, post.section_id)
    people = dict(zip("abcd", stage.people, strict=True))
    people["head"] = session.get_one(Person, stage.head.person_id)
    people["coordinator"] = factories.person(session, "架空 担当", section=section)
    people["office"] = session.get_one(Person, stage.office.person_id)
    people["lecturer"] = factories.person(session, "架空 講師", section=section)
    for name, role, scope in (
        ("head", Role.HEAD, {"section_id": section.id}),
        ("coordinator", Role.COORDINATOR, {"section_id": section.id}),
        ("office", Role.OFFICE, {}),
        ("lecturer", Role.LECTURER, {"training_id": stage.offering.training_id}),
    ):
        held = {"role": role, "valid_from": factories.LONG_AGO, **scope}
        session.add(RoleGrant(person_id=people[name].id, **held))
    for name, who in people.items():
        who.email = f"{name}@ward.example"
    session.flush()
    return Cast(stage, people)
