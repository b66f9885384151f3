"""Telling of what becomes of a report, and reminding of one that is still to come.

`telling.service` calls the handlers for rows of the outbox, the schedule `remind` once a day; each
says the same once. No mail has a word of a report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.open_days import OpenDays
from app.training.enrolment.models import Enrolment
from app.training.notifying.service import Telling, say
from app.training.reminders.service import alone
from app.training.report_notices import queries
from app.training.results import queries as results
from app.training.results.models import ResultReport
from app.training.results.states import BEING_WRITTEN, ReportState
from app.training.telling import queries as telling
from app.training.telling.text import until


def _asked(told: Telling) -> None:
    """Ask who is through with a run for their report, where the run wants one."""
    report = results.report(told.session, told.key)
    if report.item_id is None or (report.state and report.state not in BEING_WRITTEN):
        return
    data = {"title": report.training, "run": report.run_number, "until": until(report.due_at)}
    told.say("report.asked", [report.person_id], data, f"/results/{told.key}")


def _submitted(told: Telling) -> None:
    """Ask the nearest head to read it; where there is none, who plans the training takes it in."""
    row = told.session.get(ResultReport, told.key)
    if row is None or row.state != ReportState.SUBMITTED:
        return
    enrolment = told.session.get_one(Enrolment, row.enrolment_id)
    matter = telling.of_run(told.session, enrolment.run_id)
    today = clock.today(told.now)
    section_id = queries.section_of(told.session, enrolment, today)
    heads = queries.heads_of(told.session, section_id, enrolment.person_id, told.now)
    data = {"title": matter.title}
    if heads:
        told.say("report.to_confirm", heads, data, "/results/waiting")
    else:
        people = telling.planners(told.session, matter, told.now)
        told.say("report.to_confirm", people, data, f"/runs/{enrolment.run_id}/results")


def _to_learner(kind: str) -> Callable[[Telling], None]:
    """Return the handler that tells somebody what was said to their report."""

    def handler(told: Telling) -> None:
        row = told.session.get(ResultReport, told.key)
        if row is None:
            return  # it was erased before anybody could be told
        enrolment = told.session.get_one(Enrolment, row.enrolment_id)
        matter = telling.of_run(told.session, enrolment.run_id)
        path = f"/results/{enrolment.id}"
        told.say(kind, [enrolment.person_id], {"title": matter.title}, path)

    return handler


def remind(session: Session, days: OpenDays, now: datetime) -> int:
    """Remind whose report is still to come, by the rule of their offering; return how many.

    Called again on a day nobody is told anything more.
    """
    alone(session)
    today, told = clock.today(now), 0
    for due in queries.outstanding(session, today):
        day = due.rule.told_on(today, due.due_on, days)
        if day is None:
            continue
        kind = "report.due" if day <= due.due_on else "report.overdue"
        matter = telling.of_run(session, due.run_id)
        data = {"title": matter.title, "run": matter.held.number, "until": until(due.due_at)}
        dedupe = f"{kind}:{due.run_id}:{day}"
        told += say(session, due.people, kind, data, "/", dedupe=dedupe, now=now)
    return told


HANDLERS: Mapping[tuple[str, str], Callable[[Telling], None]] = {
    ("enrolment", "finish"): _asked,
    ("result_report", "submit"): _submitted,
    ("result_report", "return"): _to_learner("report.returned"),
    ("result_report", "accept"): _to_learner("report.accepted"),
    ("result_report", "waive"): _to_learner("report.waived"),
}
