"""The office's pages of a call: all that was put forward, exceptions, and who has not answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import lists as asking
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.calls import access, service, text
from app.training.calls.queries import UNANSWERED, Call
from app.training.candidacies import access as candidacies_access
from app.training.candidacies import queries as candidacies
from app.training.candidacies import service as candidacies_service
from app.training.candidacies import text as candidacies_text
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line, Obstacle
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.naming import queries as naming
from app.training.nominations import queries as nominations
from app.training.nominations.queries import Asked
from app.training.offerings.models import Offering

blueprint = flask.Blueprint("calls", __name__)
PLANNERS = having(*sorted(PLANNING))
OFFERING = {"offering_id": "offering"}
#: What stands in the way of everybody on the list: that they are on it.
_BY_BEING_ON_IT = frozenset({Obstacle.PUT_FORWARD, Obstacle.ENROLLED})


@route(
    blueprint, "/offerings/<uuid:offering_id>/candidacies", may=PLANNERS, about=OFFERING,
    audited=True,
)  # fmt: skip
def candidacies_of(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show all that was put forward, by section, and the sections that have not answered."""
    call, reach = access.planned(session(), actor(), offering_id)
    today = clock.today(now())
    lines = candidacies.found(
        session(),
        today,
        Candidacy.offering_id == offering_id,
        Candidacy.state.in_((*LIVE, CandidacyState.NOT_SELECTED)),
        reach.of_person(today),
    )
    people = [line.person_id for line in lines]
    showing.note("candidacy.listed", "offering", offering_id, audit.shown(people))
    sections = _sections(call, reach.sections)
    return flask.render_template(
        "training/candidacies.html",
        call=call,
        by_section=_by_section(lines),
        total=len(lines),
        sections=sections,
        named=naming.counts(session(), offering_id) if reach.sections is None else None,
        unanswered=[asked for asked in sections if asked.standing.stage in UNANSWERED],
        flags=_flags(call.offering, lines),
        wishes=candidacies.preferences(session(), [line.id for line in lines]),
        numbers={run.id: run.number for run in call.runs},
        head_until=call.head_until(now()),
        stages=text.STAGES,
        states=candidacies_text.STATES,
        routes=candidacies_text.ROUTES,
        obstacles=candidacies_text.OBSTACLES,
        reasons=candidacies_text.RETURN_REASONS,
        exceptions=candidacies_text.EXCEPTION_REASONS,
    )


@route(
    blueprint, "/offerings/<uuid:offering_id>/remind", may=PLANNERS, about=OFFERING, method="POST"
)
def remind(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Say how many sections would be reminded; once that is confirmed, remind them."""
    call, reach = access.planned(session(), actor(), offering_id)
    waiting = {
        asked.section_id: asked
        for asked in _sections(call, reach.sections)
        if asked.standing.stage in UNANSWERED
    }
    chosen = [key for key in flask.request.form.getlist("row", type=uuid.UUID) if key in waiting]
    keys = list(dict.fromkeys(chosen))
    if not keys:
        raise Refused("nothing_chosen")
    if not asking.confirmed():
        return flask.render_template(
            "training/remind_sections.html",
            call=call,
            chosen=[waiting[key] for key in keys],
            mark=lists.mark(keys),
            stages=text.STAGES,
        )
    lists.check(asking.confirmed(), keys)
    service.remind(session(), offering_id, keys, by=actor(), now=now())
    flask.flash(gettext("%(count)s所属に督促を送ります。", count=len(keys)), "success")
    return flask.redirect(flask.url_for(".candidacies_of", offering_id=offering_id), 303)


@route(
    blueprint,
    "/candidacies/<uuid:candidacy_id>/except",
    may=PLANNERS,
    about={"candidacy_id": "candidacy"},
    method="POST",
)
def except_from(candidacy_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody stay on the list although a condition is not met (例外許可)."""
    row, acting = candidacies_access.candidacy(session(), actor(), candidacy_id, now(), PLANNING)
    reason = flask.request.form.get("exception", "")
    candidacies_service.except_from(session(), row, reason, by=acting, now=now())
    flask.flash(gettext("例外を許可しました。"), "success")
    return flask.redirect(flask.url_for(".candidacies_of", offering_id=row.offering_id), 303)


def _sections(call: Call, within: Collection[uuid.UUID] | None) -> list[Asked]:
    found = nominations.asked(session(), call, now())
    return [asked for asked in found if within is None or asked.section_id in within]


def _by_section(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    found: dict[uuid.UUID, list[Line]] = {}
    for line in lines:
        found.setdefault(line.section_id, []).append(line)
    return [(rows[0].section, rows) for rows in found.values()]


def _flags(offering: Offering, lines: list[Line]) -> dict[uuid.UUID, list[str]]:
    """Return, by candidacy, in whose way something stands by now, and who has moved (異動済)."""
    people = [line.person_id for line in lines]
    obstacles = candidacies.obstacles(session(), offering, people, now())
    moved = candidacies.moved(session(), [line.id for line in lines], clock.today(now()))
    found = {}
    for line in lines:
        here = [each for each in obstacles.get(line.person_id, []) if each not in _BY_BEING_ON_IT]
        found[line.id] = [*map(str, here), *(["moved"] if line.id in moved else [])]
    return found
