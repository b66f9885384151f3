"""The home, and notices put down as read."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.notices import queries as notices
from app.kernel.notices import service as notice_service
from app.kernel.notices import text as notice_text
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.people.permission import access as permission
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.training.approvals import access as approvals
from app.training.changes import access as changes
from app.training.check_in import queries as check_in
from app.training.desk import queries as desk
from app.training.enrolment import access as enrolment
from app.training.enrolment import queries as enrolments
from app.training.enrolment import text as enrolment_text
from app.training.enrolment.queries import Task
from app.training.home import queries, text
from app.training.marking import queries as marking
from app.training.nominations import queries as nominations
from app.training.orders import text as orders_text
from app.training.plans import access as plans_access
from app.training.plans import queries as plans
from app.training.plans import text as run_text
from app.training.plans.models import RunKind
from app.training.report_desk import access as report_access
from app.training.report_desk import queries as reports
from app.training.results import text as results_text
from app.training.seat_page import queries as seats
from app.training.supervision import queries as supervision

blueprint = flask.Blueprint("home", __name__)


@dataclass(frozen=True)
class Agenda:
    """What a learner has to do, by when."""

    today: list[Task]
    week: list[Task]
    later: list[Task]
    overdue: list[Task]
    upcoming: list[Task]
    lately: list[Task]


@dataclass(frozen=True)
class Told:
    """A notice in words."""

    id: uuid.UUID
    title: str
    text: str
    created_at: datetime


def agenda(tasks: list[Task], moment: datetime) -> Agenda:
    """Sort tasks by what is to be done when; a week ends on Sunday.

    Nobody is late with what is left to them.
    """
    today = clock.today(moment)
    sunday = today + timedelta(days=6 - today.weekday())
    sorted_out = Agenda([], [], [], [], [], [])
    asked = [task for task in tasks if task.is_required or task.is_done or task.until >= today]
    for task in sorted(asked, key=lambda task: task.until):
        if task.is_done:
            if task.completed_at and task.completed_at >= moment - enrolments.LATELY:
                sorted_out.lately.append(task)
        elif task.until < today:
            sorted_out.overdue.append(task)
        elif task.learn_from > today:
            sorted_out.upcoming.append(task)
        elif task.until == today:
            sorted_out.today.append(task)
        elif task.until <= sunday:
            sorted_out.week.append(task)
        else:
            sorted_out.later.append(task)
    sorted_out.lately.sort(key=lambda task: task.completed_at or moment, reverse=True)
    return sorted_out


def several(tasks: Iterable[Task]) -> set[uuid.UUID]:
    """Return the enrolments of which there is more than one thing to take."""
    counts = Counter(task.enrolment_id for task in tasks)
    return {key for key, count in counts.items() if count > 1}


@route(blueprint, "/", may=SIGNED_IN)
def home() -> ResponseReturnValue:
    """Show what is to be done, by deadline, in each of one's roles, and what there is to read."""
    person_id = actor().known_id
    mine = seats.my_seats(session(), person_id, now())
    tasks = enrolments.tasks_of(session(), person_id, now())
    return flask.render_template(
        "training/home.html",
        agenda=agenda(tasks, now()),
        several=several(tasks),
        launchable_tasks={
            task.assignment_id for task in tasks if not enrolment.refusal(task, now())
        },
        unreceived=queries.unreceived(session(), person_id),
        held=check_in.today(session(), person_id, now()),
        unanswered=queries.unanswered(session(), person_id),
        reports=reports.to_write(session(), person_id),
        sittings=[seat for seat in mine if seat.kind != RunKind.E_LEARNING],
        offered=queries.can_apply(session(), person_id, now()),
        notices=_notices(person_id),
        section=_section() if actor().roles & NEAR else None,
        desk=_desk() if actor().roles & PLANNING else None,
        today=clock.today(now()),
        at=now(),
        nobody=enrolments.Numbers(),
        progress=enrolment_text.PROGRESS,
        seat_states=enrolment_text.STATES,
        order_kinds=orders_text.KINDS,
        report_states=results_text.STATES,
        troubles=text.TROUBLES,
        run_states=run_text.STATES,
    )


def _notices(person_id: uuid.UUID) -> list[Told]:
    return [
        Told(
            row.id,
            *notice_text.words(row.kind, row.data, name=actor().name, wording=row.wording),
            row.created_at,
        )
        for row in notices.unread(session(), person_id)
    ]


def _section() -> dict[str, Any]:
    """Return what a head and a coordinator have to look at in their sections."""
    reached = permission.sections_of(actor(), *NEAR) or frozenset()
    is_head = Role.HEAD in actor().roles
    late, first = supervision.overdue(session(), reached, now())
    return {
        "waiting": len(approvals.waiting(session(), actor(), now())) if is_head else 0,
        "reports": len(report_access.waiting(session(), actor(), now())),
        "is_head": is_head,
        "calls": nominations.open_lists(session(), reached, now()),
        "late": late,
        "late_first": first,
        "week": supervision.this_week(session(), reached, now()),
        "progress": supervision.progress_by_section(session(), reached, now()),
    }


def _desk() -> dict[str, Any]:
    """Return what the office, or an organiser, has to look at in their trainings."""
    visible = plans_access.of_actor(actor(), PLANNING)
    is_whole = permission.sections_of(actor(), Role.OFFICE) is None
    near = plans.near_their_deadline(session(), now(), visible=visible)
    open_runs = [run.id for run in near]
    today = clock.today(now())
    return {
        "near": near,
        "drafts": plans.drafts(session(), visible=visible),
        "numbers": enrolments.numbers(session(), open_runs, today) if open_runs else {},
        "select": desk.to_select(session(), visible),
        "order": desk.to_order(session(), visible),
        "changes": len(changes.waiting(session(), actor(), now())),
        "marking": marking.count(session(), visible),
        "reports": reports.to_accept(session(), visible),
        "calls": desk.calls(session(), visible, now()),
        "trouble": desk.in_trouble(session(), visible, now()),
        "failed_mails": notices.failed_mails(session()) if is_whole else 0,
    }


@route(
    blueprint,
    "/notices/<uuid:notice_id>/read",
    may=SIGNED_IN,
    about={"notice_id": "own notice"},
    method="POST",
)
def read_notice(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Put a notice down as read, and go where it leads."""
    path = notice_service.read(session(), notice_id, by=actor(), now=now())
    return flask.redirect(path, 303)


@route(blueprint, "/notices/read", may=SIGNED_IN, method="POST")
def read_all_notices() -> ResponseReturnValue:
    """Put all notices of a person down as read."""
    notice_service.read_all(session(), by=actor(), now=now())
    return flask.redirect(flask.url_for("home.home"), 303)
