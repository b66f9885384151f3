"""The catalogue's pages: what there is to take, as a list and as a month, and one offering."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel.open_days import open_days
from app.kernel.web.paging import SIZE, Page, number
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor
from app.training.attendance.queries import sittings
from app.training.candidacies.text import STATES as CANDIDACIES
from app.training.candidacies.views import offer_of
from app.training.catalogue import access, queries, text
from app.training.catalogue.queries import Course, Standing
from app.training.months import queries as months
from app.training.months.text import MARKS
from app.training.offerings.models import Offering
from app.training.offerings.text import OBLIGATIONS
from app.training.plans.models import Training
from app.training.plans.text import KINDS, STATES
from app.training.syllabus import queries as syllabus
from app.training.viewing import queries as viewing
from app.training.viewing.text import told

blueprint = flask.Blueprint("catalogue", __name__)
#: What a list can be narrowed to: 申込可のみ, 自分が対象のみ.
ONLY = ("open", "mine")


@route(blueprint, "/courses", may=SIGNED_IN)
def courses() -> ResponseReturnValue:
    """Show what is coming, as a list or as a month."""
    asked = flask.request.args
    conditions = [queries.is_coming(now()), *queries.is_called(asked.get("q", ""))]
    if category := asked.get("category", type=uuid.UUID):
        conditions.append(Training.category_id == category)
    everything = queries.courses(session(), actor().known_id, now(), *conditions)
    chosen = _narrowed(everything, asked.get("only", ""))
    is_calendar = asked.get("view") == "calendar"
    return flask.render_template(
        "training/courses.html",
        page=_page(chosen),
        month=_month(chosen) if is_calendar else None,
        counts={only: len(_narrowed(everything, only)) for only in ("", *ONLY)},
        only=asked.get("only", ""),
        kept={name: value for name, value in asked.items() if name not in ("page", "month")},
        categories=syllabus.categories(session()),
        standings=text.STANDINGS,
        candidacies=CANDIDACIES,
        obligations=OBLIGATIONS,
        kinds=KINDS,
        states=STATES,
        marks=MARKS,
        now=now(),
    )


@route(
    blueprint,
    "/courses/<uuid:offering_id>",
    may=SIGNED_IN,
    about={"offering_id": "open offering"},
)
def course(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show one offering as those see it who may take it."""
    found = access.course(session(), actor(), offering_id, now())
    offering = session().get_one(Offering, offering_id)
    reader = actor().known_id
    return flask.render_template(
        "training/course.html",
        course=found,
        purpose=session().get_one(Training, found.training_id).purpose,
        target=offering.target,
        subjects=offering.subjects,
        held=sittings(session(), [run.id for run in found.runs]),
        videos=viewing.asked(viewing.viewings(session(), [run.id for run in found.runs])),
        told=told,
        required=queries.required(session(), found.training_id, reader),
        offer=offer_of(offering_id),
        standings=text.STANDINGS,
        states=CANDIDACIES,
        obligations=OBLIGATIONS,
        kinds=KINDS,
        run_states=STATES,
        now=now(),
    )


def _narrowed(found: Sequence[Course], only: str) -> list[Course]:
    """Return the courses that can be applied for now, or that are for the reader."""
    if only == "open":
        return [each for each in found if each.standing == Standing.OPEN and each.is_meant]
    if only == "mine":
        return [each for each in found if each.is_meant]
    return list(found)


def _page(found: Sequence[Course]) -> Page[Course]:
    start = (number() - 1) * SIZE
    return Page(found[start : start + SIZE], number(), len(found))


def _month(found: Sequence[Course]) -> months.Month:
    """Return a month of the known runs of some courses."""
    first = months.first_of(flask.request.args.get("month", ""), now())
    among = Offering.id.in_([each.offering_id for each in found]) if found else sa.false()
    return months.month(
        session(), first, open_days(settings().holidays), now(), among, queries.KNOWN
    )
