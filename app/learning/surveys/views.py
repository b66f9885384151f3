"""The learner's pages of a survey: answering it, and what became of the answers."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.sheets.forms import answer_form, find_fault, given
from app.kernel.language import gettext
from app.kernel.web.fields import key_or_none
from app.kernel.web.forms import PostedForm
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.learning.records import access
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.learning.surveys import queries, service
from app.learning.surveys.queries import Asked
from app.people.purposes import queries as purposes
from app.people.purposes.text import parts

OWN = {"record_id": "own learner_record"}

blueprint = flask.Blueprint("surveys", __name__, url_prefix="/surveys")


@route(blueprint, "/<uuid:record_id>", may=SIGNED_IN, about=OWN)
def survey(record_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the survey; once it is handed in, say so, with the answers where they have a name."""
    record = access.own(session(), actor(), record_id)
    assigned = access.assigned(session(), record, now())
    asked = queries.asked(session(), record)
    return _page(record, assigned, asked, answer_form(asked.sheet, asked.answers))


@route(blueprint, "/<uuid:record_id>/draft", may=SIGNED_IN, about=OWN, method="POST")
def save(record_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was said so far."""
    record = access.own(session(), actor(), record_id)
    assigned = access.to_take(session(), record, now())
    asked, version_id = _asked(record)
    form = answer_form(asked.sheet)
    raw = given(asked.sheet, form)
    wrong = service.save(session(), assigned, record.id, version_id, raw, now())
    if wrong:
        find_fault(form, wrong)
        return _page(record, assigned, asked, form), 422
    flask.flash(gettext("途中までの回答を保存しました。続きは期限までに答えられます。"), "success")
    return flask.redirect(flask.url_for(".survey", record_id=record.id), 303)


@route(blueprint, "/<uuid:record_id>", may=SIGNED_IN, about=OWN, method="POST")
def hand_in(record_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the survey in; a second time changes nothing."""
    record = access.own(session(), actor(), record_id)
    assigned = access.to_take(session(), record, now())
    asked, version_id = _asked(record)
    form = answer_form(asked.sheet)
    raw = given(asked.sheet, form)
    wrong = service.hand_in(session(), assigned, record.id, version_id, raw, now())
    if wrong:
        find_fault(form, wrong)
        return _page(record, assigned, asked, form), 422
    flask.flash(gettext("回答を受け付けました。ありがとうございました。"), "success")
    return flask.redirect(flask.url_for(".survey", record_id=record.id), 303)


def _asked(record: LearnerRecord) -> tuple[Asked, uuid.UUID | None]:
    """Return what the form that was sent has asked, and the version that it names."""
    version_id = key_or_none(flask.request.form.get("version", ""))
    return queries.asked(session(), record, version_id), version_id


def _page(record: LearnerRecord, assigned: Assigned, asked: Asked, form: PostedForm) -> str:
    refusal = assigned.refusal
    return flask.render_template(
        "learning/survey.html",
        record=record,
        assigned=assigned,
        asked=asked,
        sheet=asked.sheet,
        form=form,
        said=queries.in_words(asked.sheet, asked.answers),
        purposes=parts(purposes.present(session())),
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
    )
