"""The learner's pages: home, one assignment, its launch; and notices."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, language
from app.kernel.notices import queries as notices
from app.kernel.notices import service as notice_service
from app.kernel.notices import text as notice_text
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor
from app.learning.player import service as player
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.enrolment import access, queries, text
from app.training.enrolment.queries import Task
from app.training.plans import access as plans_access
from app.training.plans import queries as plans
from app.training.plans.queries import RunLine

blueprint = flask.Blueprint("learner", __name__)
blueprint.record_once(lambda _: notice_text.tell(text.NOTICES))


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
class Desk:
    """What the office has to look at."""

    near: list[RunLine]
    drafts: list[RunLine]
    #: Mails that were given up; for whoever may see to them.
    failed_mails: int


@dataclass(frozen=True)
class Told:
    """A notice in words."""

    id: uuid.UUID
    title: str
    text: str
    created_at: datetime


def agenda(tasks: list[Task], moment: datetime) -> Agenda:
    """Sort tasks by what is to be done when; a week ends on Sunday."""
    today = clock.today(moment)
    sunday = today + timedelta(days=6 - today.weekday())
    sorted_out = Agenda([], [], [], [], [], [])
    for task in sorted(tasks, key=lambda task: task.until):
        if task.is_done:
            if task.completed_at and task.completed_at >= moment - queries.LATELY:
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


@route(blueprint, "/", may=SIGNED_IN)
def home() -> ResponseReturnValue:
    """Show what is to be done, by deadline, and what there is to read."""
    person_id = actor().known_id
    unread = notices.unread(session(), person_id)
    desk = None
    if actor().roles & PLANNING:
        visible = plans_access.visible(actor())
        is_whole = permission.sections_of(actor(), Role.OFFICE) is None
        desk = Desk(
            plans.near_their_deadline(session(), now(), visible=visible),
            plans.drafts(session(), visible=visible),
            notices.failed_mails(session()) if is_whole else 0,
        )
    open_runs = [run.id for run in desk.near] if desk else []
    return flask.render_template(
        "training/home.html",
        agenda=agenda(queries.tasks_of(session(), person_id, now()), now()),
        notices=[
            Told(
                row.id,
                *notice_text.words(row.kind, row.data, name=actor().name, wording=row.wording),
                row.created_at,
            )
            for row in unread
        ],
        desk=desk,
        today=clock.today(now()),
        numbers=queries.numbers(session(), open_runs, clock.today(now())) if open_runs else {},
        nobody=queries.Numbers(),
        progress=text.PROGRESS,
    )


@route(
    blueprint,
    "/assignments/<uuid:assignment_id>",
    may=SIGNED_IN,
    about={"assignment_id": "own assignment"},
)
def assignment(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show one thing to learn: what it is for, until when, and how far it is."""
    task = access.assignment_for(session(), actor(), assignment_id)
    refusal = access.refusal(task, now())
    return flask.render_template(
        "training/assignment.html",
        task=task,
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        attempts=queries.attempts(session(), task.record_id) if task.record_id else [],
        progress=text.PROGRESS,
    )


@route(
    blueprint,
    "/assignments/<uuid:assignment_id>/launch",
    may=SIGNED_IN,
    about={"assignment_id": "own assignment"},
    method="POST",
)
def launch(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Open the player on the actor's own assignment."""
    task = access.assignment_for(session(), actor(), assignment_id)
    access.refuse_unless_launchable(task, now())
    address = player.launch(
        session(),
        material_id=task.material_id,
        assignment_id=assignment_id,
        back=flask.url_for("learner.assignment", assignment_id=assignment_id),
        language=language.current(),
        by=actor(),
        now=now(),
        settings=settings(),
    )
    return flask.redirect(address, 303)


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
    """Put all notices down as read."""
    notice_service.read_all(session(), by=actor(), now=now())
    return flask.redirect(flask.url_for("learner.home"), 303)
