"""An author's trial of a test: asked as a learner is asked it, and marked without a trace."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.papers import queries
from app.content.papers.text import FEEDBACK
from app.kernel.web.routing import route, session
from app.kernel.web.rules import having
from app.learning.exams import forms
from app.learning.exams.queries import told
from app.people.permission.models import Role
from content_packages.questions import paper
from content_packages.questions.item import MARKER, choices

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
TEST = {"material_id": "material"}
#: Seeds are told by a number, so that the next one is another.
LAST_SEED = 1_000_000

blueprint = flask.Blueprint("trials", __name__, url_prefix="/tests")


@route(blueprint, "/<uuid:material_id>/preview", may=AUTHORS, about=TEST)
def preview(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a test as a learner is asked it; `?seed=` draws and arranges it anew."""
    return _shown(material_id, flask.request.args.get("seed", 1, type=int))


@route(blueprint, "/<uuid:material_id>/preview", may=AUTHORS, about=TEST, method="POST")
def mark(material_id: uuid.UUID) -> ResponseReturnValue:
    """Mark what was answered, and show what it is worth; nothing is kept."""
    return _shown(material_id, flask.request.form.get("seed", 1, type=int), is_handed_in=True)


def _shown(material_id: uuid.UUID, number: int, *, is_handed_in: bool = False) -> str:
    shown = queries.detail(session(), material_id, flask.request.args.get("version", type=int))
    number = max(1, min(number, LAST_SEED))
    names = paper.drawn(shown.paper, str(number))
    asked = paper.asked(shown.paper, names, str(number))
    # As they are written: what is right of an ordering is told by the order of its options.
    questions = [shown.paper.questions[name] for name in names]
    answers = forms.answers_of(questions, flask.request.form) if is_handed_in else {}
    marks = paper.marks(shown.paper, names, answers) if is_handed_in else {}
    score = paper.score(shown.paper, names, marks) if is_handed_in else None
    marked = told(questions, answers, marks) if is_handed_in else []
    return flask.render_template(
        "learning/trial.html",
        test=shown,
        asked=asked,
        places={name: place for place, name in enumerate(names, 1)},
        seed=number,
        next_seed=number % LAST_SEED + 1,
        is_handed_in=is_handed_in,
        answers=answers,
        marked=marked,
        score=score,
        is_passed=score is not None and paper.is_passed(shown.paper.rules, score),
        choices=choices,
        marker=MARKER,
        feedback=FEEDBACK,
    )
