"""Judging facts by a rule, which is pure; and giving an offering another rule."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.learning.records.states import DONE
from app.training.completion.models import KINDS, Element, Facts, Judgement, ReportNeed, Rule
from app.training.offerings.models import Offering
from app.training.results.states import ReportState
from app.training.verdicts.queries import Verdict

#: What a report can be for each need of it; a waived one is always enough.
_ENOUGH = {
    ReportNeed.SUBMITTED: (ReportState.SUBMITTED, ReportState.CONFIRMED, ReportState.ACCEPTED),
    ReportNeed.CONFIRMED: (ReportState.CONFIRMED, ReportState.ACCEPTED),
    ReportNeed.ACCEPTED: (ReportState.ACCEPTED,),
}
#: A report that waits for a word of somebody else than its learner.
_WAITING = (ReportState.SUBMITTED, ReportState.CONFIRMED)


def judge(rule: Rule, facts: Facts) -> Judgement:
    """Return what a rule says of facts: all that is asked for has to be fulfilled.

    What the run has none of is not asked for. What can still be fulfilled leaves it open, unless
    something else cannot any more.
    """
    found = dict(_unmet(rule, facts))
    unmet = tuple(element for element in Element if element in found)
    still = frozenset(element for element in unmet if found[element])
    if not unmet:
        return Judgement(is_completed=True)
    return Judgement(None if len(still) == len(unmet) else False, unmet, still)


def _unmet(rule: Rule, facts: Facts) -> Iterator[tuple[Element, bool]]:
    """Yield what is asked for and not fulfilled, and whether it still may be."""
    if facts.is_recorded_failed:
        yield Element.RECORDED, False
    if rule.attendance and facts.verdict not in (None, Verdict.ENOUGH):
        yield Element.ATTENDANCE, facts.verdict == Verdict.OPEN
    asked = {
        Element.MATERIALS: rule.materials,
        Element.EXAM: rule.exam,
        Element.SURVEY: rule.survey,
    }
    for element, kinds in KINDS.items():
        parts = [part for part in facts.parts if part.kind in kinds]
        if asked[element] and not all(part.status in DONE for part in parts):
            yield element, not facts.is_over
    if facts.asks_report and not _is_reported(rule, facts):
        yield Element.REPORT, facts.report in _WAITING or not facts.is_report_over


def _is_reported(rule: Rule, facts: Facts) -> bool:
    if rule.report == ReportNeed.OFF or facts.report == ReportState.WAIVED:
        return True
    return facts.report in _ENOUGH[ReportNeed(rule.report)]


def write(
    session: Session, offering_id: uuid.UUID, rule: Rule, *, by: Actor, now: datetime
) -> Offering:
    """Have an offering's people be judged by a rule from now on; another one is its next version.

    What was decided before stays, with the rule by which it was. Raises NotFound.
    """
    row = session.get(Offering, offering_id, with_for_update=True)
    if row is None:
        raise NotFound
    before, after = Rule.of(row.completion).plain(), rule.plain()
    if before == after:
        return row
    row.completion = after
    row.completion_version += 1
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    audit.record(
        session,
        "offering.completion_set",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={**changed, "version": row.completion_version},
    )
    return row
