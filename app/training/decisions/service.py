"""Deciding on completion: as the rule says or otherwise for a reason, for many at once.

What is decided freezes the rule with its version and the facts that it was held against: it can be
explained later, whatever has changed since. Another word is another version.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, lists, outbox, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.certificates import service as certificates
from app.training.completion import queries as completion
from app.training.completion.models import Facts, Judgement
from app.training.completion.queries import Ruled
from app.training.completion.service import judge
from app.training.decisions import queries
from app.training.decisions.models import Decision
from app.training.decisions.queries import DECIDABLE, Plan
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.plans.models import Run
from app.training.plans.states import RunState

#: Runs whose people can be decided on.
HELD = (RunState.OPEN, RunState.ENDED, RunState.SETTLED)


class DecisionReason(StrEnum):
    """Why it is decided otherwise than the rule says, or than before."""

    MADE_UP = "made_up"
    DUTY = "duty"
    MISTAKE = "mistake"
    LATE = "late"
    OTHER = "other"


@dataclass(frozen=True)
class _Word:
    """What is decided of one enrolment."""

    enrolment: Enrolment
    number: int
    is_completed: bool
    facts: Facts
    judgement: Judgement
    reason: str | None


def decide(
    session: Session,
    run_id: uuid.UUID,
    enrolment_ids: Collection[uuid.UUID],
    *,
    is_completed: bool | None,
    reason: str | None,
    confirmed: str,
    by: Actor,
    now: datetime,
) -> Plan:
    """Decide of some people of a run, a few statements for any number; return what was decided.

    None decides as the rule says; `confirmed` is the mark of what the page told. Raises NotFound,
    Refused("completion_too_early"), Refused("nothing_to_decide"), Refused("reason_needed") where
    it is otherwise than proposed, and Conflict("choice_changed").
    """
    run = session.get(Run, run_id, with_for_update=True)  # two clerks at once take turns
    if run is None:
        raise NotFound
    refuse_too_early(run.state)
    found = completion.ruled(session, run_id)
    rows = _locked(session, run_id)
    wanted = set(enrolment_ids)
    people = queries.proposals(session, found, now)
    chosen = [row for row in people if row.enrolment_id in wanted]
    plan = queries.plan(chosen, is_completed=is_completed)
    lists.check(confirmed, *plan.groups)
    if not plan.people:
        raise Refused("nothing_to_decide")
    if plan.otherwise:
        _check_reason(reason)
    words = _words(plan, rows, reason)
    _write(session, found, words, by=by, now=now)
    return plan


def _locked(session: Session, run_id: uuid.UUID) -> dict[uuid.UUID, Enrolment]:
    query = (
        sa.select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(DECIDABLE))
        .with_for_update()
    )
    return {row.id: row for row in session.scalars(query)}


def _words(plan: Plan, rows: Mapping[uuid.UUID, Enrolment], reason: str | None) -> list[_Word]:
    """Return what is decided of each; a reason is kept where it is otherwise than proposed."""
    others = {row.enrolment_id for row in plan.otherwise}
    return [
        _Word(
            enrolment=rows[row.enrolment_id],
            number=1,
            is_completed=is_completed,
            facts=row.facts,
            judgement=row.judgement,
            reason=reason if row.enrolment_id in others else None,
        )
        for is_completed, group in ((True, plan.completed), (False, plan.failed))
        for row in group
    ]


def correct(
    session: Session,
    enrolment_id: uuid.UUID,
    *,
    is_completed: bool,
    reason: str | None,
    by: Actor,
    now: datetime,
) -> None:
    """Decide otherwise than before, for a reason: the next version (T24).

    The certificate of a completion that is taken back holds no more. Raises NotFound where nothing
    was decided, Refused("decided_so_already") and Refused("reason_needed").
    """
    row = session.get(Enrolment, enrolment_id, with_for_update=True)
    known = queries.holding(session, Enrolment.id == enrolment_id).get(enrolment_id)
    if row is None or known is None:
        raise NotFound
    if known.is_completed == is_completed:
        raise Refused("decided_so_already")
    _check_reason(reason)
    found, facts = completion.facts_of(session, row, now)
    word = _Word(row, known.number + 1, is_completed, facts, judge(found.rule, facts), reason)
    _write(session, found, [word], by=by, now=now)
    if not is_completed:
        certificates.revoke(session, row.id, by=by, now=now)


def refuse_too_early(run_state: str) -> None:
    """Raise Refused("completion_too_early") for a run that has not been held."""
    if run_state not in HELD:
        raise Refused("completion_too_early")


def _check_reason(reason: str | None) -> None:
    if reason not in list(DecisionReason):
        raise Refused("reason_needed")


def _write(
    session: Session, found: Ruled, words: Sequence[_Word], *, by: Actor, now: datetime
) -> None:
    """Add the decisions, move the enrolments, and have those concerned be told."""
    made = [_row(found, word, by, now) for word in words]
    for is_completed, action, state in (
        (True, "complete", EnrolmentState.COMPLETED),
        (False, "fail", EnrolmentState.NOT_COMPLETED),
    ):
        # What completed by itself, or was told by an institute, stands there already.
        moving = [
            word.enrolment
            for word in words
            if word.is_completed == is_completed and word.enrolment.state != state
        ]
        workflow.move_all(session, moving, action, by=by, now=now)
    session.execute(sa.insert(Decision), made)
    lines: list[tuple[audit.Subject, dict[str, object]]] = [
        (
            ("enrolment", word.enrolment.id),
            {
                "people": [str(word.enrolment.person_id)],
                "to": "completed" if word.is_completed else "not_completed",
                "version": word.number,
                **({"reason": word.reason} if word.reason else {}),
            },
        )
        for word in words
    ]
    audit.record_many(session, "completion_decision.made", lines, by=by.person_id, now=now)
    told = [
        {"table": "completion_decision", "id": str(row["id"]), "action": "decide"} for row in made
    ]
    outbox.put_all(session, outbox.Kind.MOVED, told, now)
    # Their sections are told of how many, at once.
    sections = Counter(str(word.enrolment.section_id) for word in words)
    of_run = {"table": "run", "id": str(found.run.id), "action": "decide_completion"}
    outbox.put(session, outbox.Kind.MOVED, {**of_run, "sections": dict(sections)}, now)


def _row(found: Ruled, word: _Word, by: Actor, now: datetime) -> dict[str, Any]:
    judged = asdict(word.judgement)
    rule = {**found.rule.plain(), "version": found.version, "absence_limit": found.limit}
    return {
        "id": db.new_id(),
        "enrolment_id": word.enrolment.id,
        "number": word.number,
        "is_completed": word.is_completed,
        "rule": rule,
        "facts": {
            **word.facts.plain(),
            "proposed": judged["is_completed"],
            "unmet": [str(each) for each in word.judgement.unmet],
            "open": sorted(str(each) for each in word.judgement.open),
        },
        "reason": word.reason,
        "decided_by": by.person_id,
        "decided_at": now,
    }
