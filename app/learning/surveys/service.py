"""Answering a survey: kept as a draft where it has a name, handed in once, counted on the record.

An answer without a name is kept nowhere before it is handed in, and leads to nobody afterwards. The
record says that somebody has answered, on which day, and no more.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import access as materials
from app.kernel import clock
from app.kernel.errors import Conflict, NotFound
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.learning.records.service import Going
from app.learning.records.states import RecordStatus
from app.learning.surveys import queries
from app.learning.surveys.models import AnonymousResponse, NamedResponse
from app.learning.surveys.queries import Asked
from content_packages.questions.findings import Finding
from content_packages.questions.sheet import Answer, taken

#: Among how many a new answer without a name is hidden, where there are so many.
HIDDEN_AMONG: Final = 50

_NAMELESS = cast("sa.Table", AnonymousResponse.__table__)


def save(
    session: Session,
    assigned: Assigned,
    record_id: uuid.UUID,
    version_id: uuid.UUID | None,
    raw: Mapping[str, object],
    now: datetime,
) -> list[Finding]:
    """Keep what was said so far, with its name; what is wrong is returned, and nothing kept then.

    Raises Conflict("survey_submitted"), and Conflict("survey_keeps_no_draft") without a name.
    """
    record = _locked(session, record_id)
    asked = queries.asked(session, record, version_id)
    if asked.is_done:
        raise Conflict("survey_submitted")
    if asked.is_anonymous:
        raise Conflict("survey_keeps_no_draft")
    answers, findings = taken(asked.sheet, raw)
    wrong = [found for found in findings if found.code != "answer_missing"]
    if not wrong:
        _keep(session, assigned, record, asked, answers, now)
        going = Going(RecordStatus.IN_PROGRESS, None, 0.0, 0.0, None)
        records.conclude_record(session, record_id, [going], now)
    return wrong


def hand_in(
    session: Session,
    assigned: Assigned,
    record_id: uuid.UUID,
    version_id: uuid.UUID | None,
    raw: Mapping[str, object],
    now: datetime,
) -> list[Finding]:
    """Hand a survey in; what is wrong is returned, and nothing kept then. Twice is once.

    What the record and its news tell of an answer without a name is the day, not the moment.
    """
    record = _locked(session, record_id)
    asked = queries.asked(session, record, version_id)
    if asked.is_done:
        return []
    answers, findings = taken(asked.sheet, raw)
    if findings:
        return findings
    moment = now
    if asked.is_anonymous:
        moment = clock.start_of(clock.today(now))
        # Two of one survey come one after the other, since they mix the same rows.
        materials.material(session, record.material_id, to_change=True)
        _drop_in(session, _group(assigned), asked.version_id, answers)
    else:
        _keep(session, assigned, record, asked, answers, now).submitted_at = now
    going = Going(RecordStatus.COMPLETED, None, 1.0, 0.0, moment)
    records.conclude_record(session, record_id, [going], moment)
    return []


def _locked(session: Session, record_id: uuid.UUID) -> LearnerRecord:
    record = session.get(LearnerRecord, record_id, with_for_update=True, populate_existing=True)
    if record is None:
        raise NotFound
    return record


def _group(assigned: Assigned) -> uuid.UUID:
    if assigned.group_id is None:  # nothing would count it
        raise NotFound
    return assigned.group_id


def _keep(
    session: Session,
    assigned: Assigned,
    record: LearnerRecord,
    asked: Asked,
    answers: Mapping[str, Answer],
    now: datetime,
) -> NamedResponse:
    row = queries.response_of(session, record.id)
    if row is None:
        row = NamedResponse(
            record_id=record.id, group_id=_group(assigned), version_id=asked.version_id
        )
        session.add(row)
    row.answers, row.saved_at = dict(answers), now
    session.flush()
    return row


def _drop_in(
    session: Session, group_id: uuid.UUID, version_id: uuid.UUID, answers: Mapping[str, Answer]
) -> None:
    """Add an answer among others, as into an urn that is shaken.

    A table keeps its rows in the order in which they were written, and PostgreSQL the number of the
    transaction that wrote each: beside the day on the record, either could tell whose the newest
    one is. So others of the group are written anew with it, in an order by chance.
    """
    of_group = sa.select(_NAMELESS).where(_NAMELESS.c.group_id == group_id)
    by_chance = of_group.order_by(sa.func.random()).limit(HIDDEN_AMONG - 1)
    rows = [row._asdict() for row in session.execute(by_chance)]
    if rows:
        keys = [row["id"] for row in rows]
        session.execute(sa.delete(_NAMELESS).where(_NAMELESS.c.id.in_(keys)))
    new = {"group_id": group_id, "version_id": version_id, "answers": dict(answers)}
    rows.append({"id": uuid.uuid4(), **new})
    secrets.SystemRandom().shuffle(rows)
    session.execute(sa.insert(_NAMELESS), rows)
