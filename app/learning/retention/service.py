"""Learning's rows about people: attempts, sittings and answers, records, shared values.

What content has told the record store of an attempt, which is its registration, goes with it.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import portions
from app.kernel.holdings import (
    AT_ONCE,
    Counts,
    Due,
    Erasing,
    Holding,
    RecordClass,
    delete,
    forget_doer,
    moment_before,
)
from app.learning.clients.models import XapiClient
from app.learning.documents.models import XapiDocument
from app.learning.exams.models import Sitting
from app.learning.forwarding.models import XapiForward
from app.learning.outgoing.models import XapiOutgoing
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sessions.models import XapiPreparation, XapiSession
from app.learning.sharing.models import SharedValue
from app.learning.statements.models import XapiAttachment, XapiStatement, XapiTerm
from app.learning.statements.queries import number
from app.learning.surveys.models import NamedResponse
from app.learning.traces.models import TraceLines
from app.learning.turns.models import AttemptTold
from xapi import terms

#: When something was last answered in an attempt.
_LAST = sa.func.coalesce(Attempt.committed_at, Attempt.created_at)


def _due(before: date) -> Due:
    return (
        sa.select(Attempt.person_id, sa.func.count(), sa.func.min(_LAST))
        .where(moment_before(before) > _LAST)
        .group_by(Attempt.person_id)
    )


def _erase(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    """Erase answers; the record keeps what came of them."""
    whose, late = Attempt.person_id == person_id, moment_before(before) > _LAST
    if person_id is None:  # guests', of whom there may be many
        some = sa.select(Attempt.id).where(whose, late).limit(AT_ONCE)
        return _attempts(session, Attempt.id.in_(session.scalars(some).all()))
    return _attempts(session, whose, late)


def erase_records(session: Session, assignment_ids: Collection[uuid.UUID]) -> Counter[str]:
    """Erase the records of some assignments, with their attempts."""
    of_these = LearnerRecord.assignment_id.in_(assignment_ids)
    records = sa.select(LearnerRecord.id).where(of_these)
    gone = _attempts(session, Attempt.record_id.in_(records))
    gone += delete(session, Sitting, Sitting.record_id.in_(records))
    gone += delete(session, NamedResponse, NamedResponse.record_id.in_(records))
    return gone + delete(session, LearnerRecord, of_these)


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase all that somebody has learnt."""
    gone = _attempts(session, Attempt.person_id == person_id)
    gone += delete(session, Sitting, Sitting.person_id == person_id)
    mine = sa.select(LearnerRecord.id).where(LearnerRecord.person_id == person_id)
    gone += delete(session, NamedResponse, NamedResponse.record_id.in_(mine))
    forget_doer(
        session,
        person_id,
        Sitting.marked_by,
        XapiClient.created_by,
        XapiForward.proposed_by,
        XapiForward.approved_by,
    )
    gone += delete(session, LearnerRecord, LearnerRecord.person_id == person_id)
    return gone + delete(session, SharedValue, SharedValue.person_id == person_id)


def _attempts(session: Session, *conditions: sa.ColumnElement[bool]) -> Counter[str]:
    keys = sa.select(Attempt.id).where(*conditions)
    # First: whoever is telling of one has finished then, and all that was told is found.
    gone = delete(session, AttemptTold, AttemptTold.attempt_id.in_(keys))
    gone += delete(session, TraceLines, TraceLines.attempt_id.in_(keys))
    sessions = sa.select(XapiSession.id).where(XapiSession.attempt_id.in_(keys))
    gone += delete(session, XapiPreparation, XapiPreparation.session_id.in_(sessions))
    gone += delete(session, XapiSession, XapiSession.attempt_id.in_(keys))
    gone += _told(session, session.scalars(keys).all())
    return gone + delete(session, Attempt, *conditions)


def _told(session: Session, attempts: Sequence[uuid.UUID]) -> Counter[str]:
    """Erase what the record store was told of attempts, and what was said about that."""
    gone: Counter[str] = Counter()
    for some in portions(attempts):
        numbers = [number(("registration", str(key))) for key in some]
        found = session.scalars(
            sa.select(XapiTerm.seq).where(XapiTerm.term.in_(numbers)).distinct()
        ).all()
        for part in portions(found):
            gone += _statements(session, part)
        named = XapiDocument.registration.in_([str(key) for key in some])
        gone += delete(session, XapiDocument, named)
    return gone


def _statements(session: Session, seqs: Sequence[int]) -> Counter[str]:
    """Erase statements, and those of their attachments that no other has."""
    texts = session.scalars(sa.select(XapiStatement.text).where(XapiStatement.seq.in_(seqs)))
    hashes = {sha2 for text in texts for sha2 in terms.attachments(json.loads(text))}
    gone = _outgoing(session, seqs)
    gone += delete(session, XapiTerm, XapiTerm.seq.in_(seqs))
    gone += delete(session, XapiStatement, XapiStatement.seq.in_(seqs))
    for sha2 in sorted(hashes):
        others = sa.exists().where(XapiTerm.term == number(("attachment", sha2)))
        gone += delete(session, XapiAttachment, XapiAttachment.sha2 == sha2, ~others)
    return gone


def _outgoing(session: Session, seqs: Sequence[int]) -> Counter[str]:
    """Erase that statements wait to go out, and what other stores have said lately."""
    said = sa.update(XapiForward).where(XapiForward.answer != "").values(answer="")
    session.execute(said, execution_options={"synchronize_session": False})
    # Named with its destinations: their rows are found by these first.
    every = sa.select(XapiForward.id)
    waiting = XapiOutgoing.forward_id.in_(every), XapiOutgoing.seq.in_(seqs)
    return delete(session, XapiOutgoing, *waiting)


_SAT = sa.func.coalesce(Sitting.submitted_at, Sitting.started_at)
_SAID = sa.func.coalesce(NamedResponse.submitted_at, NamedResponse.saved_at)


def _sittings_due(before: date) -> Due:
    return (
        sa.select(Sitting.person_id, sa.func.count(), sa.func.min(_SAT))
        .where(moment_before(before) > _SAT)
        .group_by(Sitting.person_id)
    )


def _erase_sittings(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    return delete(session, Sitting, Sitting.person_id == person_id, moment_before(before) > _SAT)


def _responses_due(before: date) -> Due:
    return (
        sa.select(LearnerRecord.person_id, sa.func.count(), sa.func.min(_SAID))
        .select_from(NamedResponse)
        .join(LearnerRecord, LearnerRecord.id == NamedResponse.record_id)
        .where(moment_before(before) > _SAID)
        .group_by(LearnerRecord.person_id)
    )


def _erase_responses(session: Session, person_id: uuid.UUID | None, before: date) -> Counts:
    mine = sa.select(LearnerRecord.id).where(LearnerRecord.person_id == person_id)
    return delete(
        session,
        NamedResponse,
        NamedResponse.record_id.in_(mine),
        moment_before(before) > _SAID,
    )


HOLDINGS = (
    Holding(RecordClass.ANSWERS, _due, _erase),
    Holding(RecordClass.ANSWERS, _sittings_due, _erase_sittings),
    Holding(RecordClass.ANSWERS, _responses_due, _erase_responses),
)
ERASING = Erasing("learning", erase_person)
