"""A call under way: two runs, a section with coordinator and head, and the section above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.open_days import OpenDays
from app.people.permission.models import Role, RoleGrant
from app.people.permission.queries import grants_of
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.offerings.models import Obligation, Offering, Quota
from app.training.plans import service as plans
from app.training.plans.models import Run, RunKind
from app.training.plans.service import Limits, RunData, SessionData
from tests import factories

DAYS = OpenDays()


@dataclass
class Calling:
    """What a call stands among."""

    session: Session
    offering: Offering
    runs: list[Run]
    above: Section
    section: Section
    chief: Person
    head: Person
    coordinator: Person
    people: list[Person]
    office: Person

    def acting(self, who: Person) -> Actor:
        """Return somebody with the roles they hold now, without a request."""
        now = clock.now()
        return Actor(person_id=who.id, grants=grants_of(self.session, who.id, now))

    @property
    def path(self) -> str:
        """The address of the section's list."""
        return f"/nominations/{self.offering.id}"

    @property
    def place(self) -> dict[str, str]:
        """What a form about the section's list says of it."""
        return {"section": str(self.section.id)}

    def allot(self, count: int) -> None:
        """Limit the section to so many."""
        self.session.add(
            Quota(offering_id=self.offering.id, section_id=self.section.id, at_most=count)
        )
        self.session.flush()


def grant(session: Session, who: Person, role: Role, section: Section) -> None:
    """Give somebody a role for a section and those below it."""
    session.add(
        RoleGrant(person_id=who.id, role=role, section_id=section.id, valid_from=factories.LONG_AGO)
    )
    session.flush()


def calling(session: Session, *, obligation: str = Obligation.OPEN) -> Calling:
    """Call for a morning and an afternoon in two months; heads decide within three weeks."""
    office = factories.person(session, "研修 担子", roles=(Role.OFFICE,))
    above = factories.section(session, "架空部")
    section = factories.section(session, "架空課", parent=above)
    chief = factories.person(session, "架空 部長", section=above)
    head = factories.person(session, "架空 課長", section=section)
    coordinator = factories.person(session, "架空 庶務", section=section)
    grant(session, chief, Role.HEAD, above)
    grant(session, head, Role.HEAD, section)
    grant(session, coordinator, Role.COORDINATOR, section)
    people = [factories.person(session, f"架空 {name}子", section=section) for name in "一二三"]
    training = factories.training(session, "架空研修")
    by = Actor(person_id=office.id, grants=(Grant(Role.OFFICE),))
    runs = [_run(session, training.id, hour, by) for hour in (9, 13)]
    offering = session.get_one(Offering, runs[0].offering_id)
    offering.obligation = obligation
    session.flush()
    return Calling(
        session, offering, runs, above, section, chief, head, coordinator, people, office
    )


def _run(session: Session, training_id: object, hour: int, by: Actor) -> Run:
    now = clock.now()
    today = clock.today(now)
    day = today + timedelta(days=60)
    start = clock.start_of(day) + timedelta(hours=hour)
    data = RunData(
        day,
        day,
        180,
        kind=RunKind.CLASSROOM,
        capacity_max=2,
        limits=Limits(*(f"{today + timedelta(days=after):%Y/%m/%d}" for after in (14, 21, 50))),
        sessions=(SessionData(start, start + timedelta(hours=3), "第1研修室"),),
    )
    run = plans.plan(session, training_id, new_id(), data, by=by, now=now, days=DAYS)  # type: ignore[arg-type] # a key
    plans.act(session, run.id, "call", by=by, now=now)
    return run
