"""Reads of whose report is still to come: what keeps an enrolment from being completed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.plans.models import ItemKind, RunItem
from app.training.results.models import ResultReport
from app.training.results.states import SETTLED

#: The condition on `RunItem` that it is the report, and a run is not completed without it.
IS_NEEDED = sa.and_(RunItem.kind == ItemKind.REPORT, RunItem.is_required.is_(True))
_done = sa.select(ResultReport.enrolment_id).where(ResultReport.state.in_(SETTLED))

#: The condition on `Enrolment` that its report was neither taken in nor waived. Of who has
#: completed it all, none is: the text is erased before the history.
IS_OWED = sa.and_(
    Enrolment.state != EnrolmentState.COMPLETED,
    Enrolment.run_id.in_(sa.select(RunItem.run_id).where(IS_NEEDED)),
    Enrolment.id.not_in(_done),
)


def is_owed(session: Session, enrolment: Enrolment) -> bool:
    """Whether a run asks for a report that was neither taken in nor waived."""
    query = sa.select(Enrolment.id).where(Enrolment.id == enrolment.id, IS_OWED)
    return session.scalar(query) is not None
