"""Reads of what ordering a whole audience would do: whom it takes, whom it leaves out and why."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from app.kernel.jobs import Job, Name, State
from app.people.register.models import Person
from app.people.register.queries import Post, excluded_on, posts
from app.people.restriction import queries as restriction
from app.training.audiences.models import AudienceMember
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Obligation, Offering
from app.training.orders.models import Order, OrderKind
from app.training.plans.models import Run, RunKind
from app.training.plans.states import TAKING, RunState

#: Written once a day, when every audience that follows its condition was brought up to date.
KEPT = "audience.kept"


class LeftOut(StrEnum):
    """Why somebody who is meant is not ordered."""

    EXCLUDED = "excluded"
    RESTRICTED = "restricted"
    GONE = "gone"
    ELSEWHERE = "elsewhere"
    OUT = "out"


@dataclass(frozen=True)
class Muster:
    """Whom ordering an audience into a run would take."""

    #: Who is to be enrolled and ordered, in the register's order.
    new: tuple[Post, ...]
    #: Those of `new` who had a seat in this run before.
    back: frozenset[uuid.UUID]
    #: How many are in the run already, and how many of them are not ordered yet.
    present: int
    unordered: int
    #: How many are left out, by why.
    left_out: Mapping[LeftOut, int]

    @property
    def total(self) -> int:
        """How many are meant."""
        return len(self.new) + self.present + sum(self.left_out.values())


#: A place that somebody has or had in the offering: the run, the state of it, and since when.
_Place = tuple[uuid.UUID, str, datetime]
_PRESENT, _UNORDERED = "present", "unordered"
#: How somebody loses a seat who belongs to the audience no more.
_TAKEN_BACK = (EnrolmentState.REVOKED, EnrolmentState.LEFT)


def muster(session: Session, run: Run, now: datetime) -> Muster:
    """Return whom ordering the audience of a run's offering into it would take: six statements.

    Who had a seat and is out of it stays out; but a seat that was taken back before somebody was
    meant, as of now, counts for nothing: they have come to the audience again.
    """
    meant = sa.select(AudienceMember.person_id).where(AudienceMember.offering_id == run.offering_id)
    rows = session.execute(posts(now).where(Person.id.in_(meant)))
    serving = {row[0]: Post(*row) for row in rows}
    places = _places(session, run.offering_id)
    apart = restriction.restricted(session)
    excluded = set(session.scalars(excluded_on(clock.today(now))))
    counts: Counter[str] = Counter()
    taken = set()
    for person_id, since in session.execute(meant.add_columns(AudienceMember.added_at)):
        why = _held(places.get(person_id, ()), run.id, since)
        if why is None and person_id in apart:
            why = LeftOut.RESTRICTED
        if why is None and person_id not in serving:
            why = LeftOut.GONE
        if why is None and person_id in excluded:
            why = LeftOut.EXCLUDED
        if why is None:
            taken.add(person_id)
        else:
            counts[why] += 1
    return Muster(
        new=tuple(post for post in serving.values() if post.person_id in taken),
        back=frozenset(key for key in taken if run.id in [each[0] for each in places.get(key, ())]),
        present=counts[_PRESENT] + counts[_UNORDERED],
        unordered=counts[_UNORDERED],
        left_out={why: counts[why] for why in LeftOut if counts[why]},
    )


def _places(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, list[_Place]]:
    found: dict[uuid.UUID, list[_Place]] = defaultdict(list)
    rows = session.execute(
        sa.select(Enrolment.person_id, Enrolment.run_id, Enrolment.state, Enrolment.decided_at)
        .join(Run, Run.id == Enrolment.run_id)
        .where(Run.offering_id == offering_id)
    )
    for person_id, run_id, state, at in rows:
        found[person_id].append((run_id, state, at))
    return found


def _held(places: Sequence[_Place], run_id: uuid.UUID, since: datetime) -> str | None:
    """Return what places in the offering mean for another one in the run; None: nothing."""
    seated = {run: state for run, state, _ in places if state in SEATED}
    if seated.get(run_id) == EnrolmentState.DECIDED:
        return _UNORDERED
    if seated:
        return _PRESENT if run_id in seated else LeftOut.ELSEWHERE
    lost = [
        state
        for _, state, at in places
        if state != EnrolmentState.RUN_CANCELLED and not (state in _TAKEN_BACK and at < since)
    ]
    return LeftOut.OUT if lost else None


def refusal(session: Session, run: Run, today: date) -> Refused | None:
    """Return why the audience of a run's offering cannot be ordered into it; None where it can.

    Only e-learning that has to be taken goes without anybody's nomination.
    """
    offering = session.get_one(Offering, run.offering_id)
    if offering.obligation != Obligation.MANDATORY:
        return Refused("order_all_not_mandatory")
    if run.kind != RunKind.E_LEARNING:
        return Refused("order_all_not_e_learning")
    if run.state not in TAKING:
        return Refused("run_takes_nobody")
    if run.learn_until < today and not run.takes_late:
        return Refused("run_is_over")
    meant = sa.select(AudienceMember.person_id).where(AudienceMember.offering_id == offering.id)
    if session.scalar(meant.limit(1)) is None:
        return Refused("audience_needed")
    return None


def is_for_all(session: Session, run_id: uuid.UUID) -> bool:
    """Whether a run is e-learning that has to be taken, and takes people now."""
    query = (
        sa.select(Run.id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(
            Run.id == run_id,
            Run.kind == RunKind.E_LEARNING,
            Run.state.in_(TAKING),
            Offering.obligation == Obligation.MANDATORY,
        )
    )
    return session.scalar(query) is not None


def to_follow(session: Session, offering_id: uuid.UUID, today: date) -> Run | None:
    """Return the run into which whoever comes to an offering's audience is put; None: into none.

    Of the e-learning that was ordered or is open, and can be taken still: rather what was ordered,
    and the one that ends last.
    """
    is_ordered = sa.exists().where(Order.run_id == Run.id, Order.kind == OrderKind.ORDER)
    return session.scalars(
        sa.select(Run)
        .join(Offering, Offering.id == Run.offering_id)
        .where(
            Run.offering_id == offering_id,
            Run.kind == RunKind.E_LEARNING,
            Offering.obligation == Obligation.MANDATORY,
            sa.or_(Run.state == RunState.OPEN, sa.and_(Run.state.in_(TAKING), is_ordered)),
            sa.or_(Run.learn_until >= today, Run.takes_late.is_(True)),
        )
        .order_by(is_ordered.desc(), Run.learn_until.desc(), Run.number.desc())
        .limit(1)
    ).first()


def newest_job(session: Session, run_id: uuid.UUID) -> Job | None:
    """Return the job that orders, or was the last to order, an audience into a run."""
    return session.scalars(
        sa.select(Job)
        .where(Job.name == Name.ORDER_ALL, Job.arguments["run_id"].as_string() == str(run_id))
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    ).first()


def is_live(job: Job | None) -> bool:
    """Whether a job waits or is being done."""
    return job is not None and job.status in (State.QUEUED, State.RUNNING)


def kept_on(session: Session) -> date | None:
    """Return the day on which the audiences were brought up to date last."""
    at = session.scalar(
        sa.select(AuditEvent.at)
        .where(AuditEvent.action == KEPT)
        .order_by(AuditEvent.at.desc())
        .limit(1)
    )
    return clock.today(at) if at else None
