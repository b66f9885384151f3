"""What the office does with a year's offerings: planning one, and its rules."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.audiences.models import AudienceMember
from app.training.calls.models import SectionAnswer
from app.training.candidacies.models import Candidacy
from app.training.offerings.models import Offering, Quota
from app.training.plans.models import Run, Training

#: What another year takes over of an offering.
RULES = (
    "target",
    "subjects",
    "obligation",
    "approval_path",
    "change_path",
    "late_change",
    "overflow",
    "promotion",
    "promotion_rule",
    "absence_limit",
    "completion",
    "condition",
    "is_dynamic",
    "reminders",
)


@dataclass(frozen=True)
class OfferingData:
    """What the office says about a year's offering."""

    target: str
    subjects: str
    obligation: str
    approval_path: str
    change_path: str
    late_change: str
    overflow: str
    promotion: str
    promotion_rule: str
    absence_limit: int


def of_year(session: Session, training_id: uuid.UUID, fiscal_year: int, now: datetime) -> Offering:
    """Return what a year offers of a training; where it offers none yet, it does so from now on.

    A new one takes over the rules of the newest. Whoever calls holds the training's row.
    """
    known = session.scalars(
        sa.select(Offering)
        .where(Offering.training_id == training_id)
        .order_by(Offering.fiscal_year.desc())
    ).all()
    for offering in known:
        if offering.fiscal_year == fiscal_year:
            return offering
    rules = {name: getattr(known[0], name) for name in RULES} if known else {}
    row = Offering(training_id=training_id, fiscal_year=fiscal_year, created_at=now, **rules)
    session.add(row)
    session.flush()
    return row


def plan(
    session: Session, training_id: uuid.UUID, fiscal_year: int, *, by: Actor, now: datetime
) -> Offering:
    """Have a year offer a training, before it has any run; twice is once. Raises NotFound."""
    if session.get(Training, training_id, with_for_update=True) is None:
        raise NotFound
    query = sa.select(Offering).where(
        Offering.training_id == training_id, Offering.fiscal_year == fiscal_year
    )
    known = session.scalar(query)
    if known is not None:
        return known
    row = of_year(session, training_id, fiscal_year, now)
    subject = ("offering", row.id)
    audit.record(session, "offering.planned", by=by.person_id, now=now, subject=subject)
    return row


def change(
    session: Session, offering_id: uuid.UUID, data: OfferingData, *, by: Actor, now: datetime
) -> None:
    """Give an offering other rules; they hold for what is done from now on. Raises NotFound."""
    row = session.get(Offering, offering_id, with_for_update=True)
    if row is None:
        raise NotFound
    changes = {
        name: [getattr(row, name), value]
        for name, value in asdict(data).items()
        if getattr(row, name) != value
    }
    if not changes:
        return
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    subject = ("offering", offering_id)
    audit.record(
        session, "offering.changed", by=by.person_id, now=now, subject=subject, details=changes
    )


def drop(session: Session, offering_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Take out of a year's plan what was planned and has not begun: its quotas and audience go too.

    Raises NotFound, and Refused("offering_in_use") once there is a run or anybody was put forward.
    """
    row = session.get(Offering, offering_id, with_for_update=True)
    if row is None:
        raise NotFound
    for used in (Run.offering_id, Candidacy.offering_id, SectionAnswer.offering_id):
        if session.scalar(sa.select(sa.exists().where(used == offering_id))):
            raise Refused("offering_in_use")
    for part in (Quota, AudienceMember):
        session.execute(sa.delete(part).where(part.offering_id == offering_id))
    session.delete(row)
    session.flush()
    details = {"training": str(row.training_id), "fiscal_year": row.fiscal_year}
    subject = ("offering", offering_id)
    audit.record(
        session, "offering.dropped", by=by.person_id, now=now, subject=subject, details=details
    )
