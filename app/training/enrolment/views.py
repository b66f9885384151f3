"""The learner's pages of one assignment: what it is, and its launch."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.models import MaterialKind
from app.kernel import language
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.readings import service as readings
from app.learning.records import service as records
from app.training.enrolment import access, queries, text
from app.training.viewing import text as viewing
from app.training.viewing.queries import watched

blueprint = flask.Blueprint("learner", __name__)

#: The page on which a material is taken that is no package, by its kind.
PAGES: dict[str, str] = {
    MaterialKind.DOCUMENT: "reading.reading",
    MaterialKind.LINK: "reading.reading",
    MaterialKind.EXAM: "exams.exam",
    MaterialKind.SURVEY: "surveys.survey",
}


@route(
    blueprint,
    "/assignments/<uuid:assignment_id>",
    may=SIGNED_IN,
    about={"assignment_id": "own assignment"},
)
def assignment(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show one thing to learn: what it is for, until when, and how far it is."""
    task = access.assignment_for(session(), actor(), assignment_id)
    refusal, rule = access.refusal(task, now()), watched(task)
    return flask.render_template(
        "training/assignment.html",
        task=task,
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        attempts=queries.attempts(session(), task.record_id) if task.record_id else [],
        progress=text.PROGRESS,
        asked=viewing.asked(rule) if rule and not task.is_done else [],
    )


@route(
    blueprint,
    "/assignments/<uuid:assignment_id>/launch",
    may=SIGNED_IN,
    about={"assignment_id": "own assignment"},
    method="POST",
)
def launch(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Open the actor's own assignment: the player, or the page of what is no package."""
    task = access.assignment_for(session(), actor(), assignment_id)
    access.refuse_unless_launchable(task, now())
    if task.material_kind not in opening.KINDS:
        owner = Owner(actor().known_id)
        record = records.record_for(session(), owner, task.material_id, assignment_id)
        if task.material_kind in (MaterialKind.DOCUMENT, MaterialKind.LINK):
            readings.begin(session(), record.id, now())
        page = flask.url_for(PAGES[task.material_kind], record_id=record.id)
        return flask.redirect(page, 303)
    address = opening.launch(
        session(),
        access.of_task(task, now()),
        Visit(
            Owner(actor().known_id),
            language.current(),
            flask.url_for("learner.assignment", assignment_id=assignment_id),
        ),
        now=now(),
        settings=settings(),
    )
    return flask.redirect(address, 303)
