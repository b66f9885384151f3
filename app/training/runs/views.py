"""The office's page of a run: where it stands, what it consists of, and its people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, workflow
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import filters, showing
from app.kernel.web.paging import Page, number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.training.attendance.queries import sittings
from app.training.enrolment import queries as enrolments
from app.training.enrolment.models import Enrolment
from app.training.enrolment.text import PROGRESS
from app.training.life.text import ASKED, CALLED
from app.training.ordering import queries as ordering
from app.training.plans import access
from app.training.plans.models import Run
from app.training.plans.queries import RunLine
from app.training.plans.states import RunState
from app.training.plans.text import KINDS, REASONS, STATES
from app.training.report_desk import queries as reports
from app.training.roster import queries as roster
from app.training.runs import queries
from app.training.runs.queries import Standing
from app.training.runs.text import PARTS, STEP_NOTES
from app.training.seat_page import access as seats
from app.training.viewing.text import brief

blueprint = flask.Blueprint("runs", __name__)
#: Who looks at runs and the people in them.
LOOKING = having(*sorted(access.LOOKING))
RUN = {"run_id": "run"}

#: The states that a run goes through in their order, and those that it leaves out without a call.
LINE = (
    *(RunState.DRAFT, RunState.CALLING, RunState.CLOSED, RunState.DECIDED),
    *(RunState.OPEN, RunState.ENDED, RunState.SETTLED),
)
#: What the page says of codes, and of rules.
WORDS = {
    "states": STATES,
    "kinds": KINDS,
    "reasons": REASONS,
    "words": PARTS,
    "progress": PROGRESS,
    "brief": brief,
}
STOPPED = frozenset({RunState.CANCELLED, RunState.POSTPONED})
OF_A_CALL = frozenset({RunState.CALLING, RunState.CLOSED, RunState.DECIDED})


@route(blueprint, "/runs/<uuid:run_id>", may=LOOKING, about=RUN, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show a run: where it stands, its numbers, its people."""
    found, reach = access.run(session(), actor(), run_id)
    today = clock.today(now())
    reached = reach.of_person(today)
    people = _people(run_id, reached)
    counts = enrolments.numbers(session(), [run_id], today, reached=reached)
    numbers = counts.get(run_id, enrolments.Numbers())
    standing = queries.standing(session(), run_id)
    may_plan = access.may_plan(actor(), found.subject)
    may_enrol = access.may_plan(actor(), found.subject, whole=False)
    actions = _actions(run_id) if may_plan else []
    return flask.render_template(
        "training/run.html",
        run=found,
        standing=standing,
        steps=_steps(found, standing),
        numbers=numbers,
        parts=queries.parts(session(), run_id),
        report_due=reports.asking(session(), run_id).due(),
        sittings=sittings(session(), [run_id]).get(run_id, []),
        people=people,
        seats=seats.openable(
            session(), actor(), now(), Enrolment.id.in_([line.enrolment_id for line in people.rows])
        ),
        sections=roster.sections_of(session(), run_id, today),
        actions=actions,
        asked=list(_asked(found, standing, numbers, actions)),
        may_plan=may_plan,
        is_for_all=ordering.is_for_all(session(), run_id),
        may_enrol=may_enrol,
        may_see_materials=bool(actor().roles & {Role.OFFICE, Role.AUTHOR}),
        was_called=_is_called(found, standing) and _at(found, standing) != RunState.DRAFT,
        primary=_primary(found, standing, actions, may_enrol=may_enrol),
        **WORDS,
    )


def _steps(found: RunLine, standing: Standing) -> list[dict[str, object]]:
    """Return the life of a run as steps; one that was stopped stands where it was."""
    stopped, at = found.state in STOPPED, _at(found, standing)
    is_called = _is_called(found, standing)
    line = [state for state in LINE if is_called or state not in OF_A_CALL]
    here = line.index(at)
    is_through = found.state in (RunState.ENDED, RunState.SETTLED)
    present = "error" if stopped else "done" if is_through else "current"
    return [
        {
            "label": STATES[found.state if stopped and place == here else state][0],
            "state": "done" if place < here else "todo" if place > here else present,
            "note": STEP_NOTES.get(found.state) if place == here else None,
        }
        for place, state in enumerate(line)
    ]


def _at(found: RunLine, standing: Standing) -> RunState:
    """Return where a run stands in its life; of one that was stopped, where it stood before."""
    if found.state in STOPPED:
        return RunState(standing.state_before or RunState.DRAFT)
    return RunState(found.state)


def _is_called(found: RunLine, standing: Standing) -> bool:
    """Whether people are called for a run, were, or are to be."""
    has_limits = any((standing.apply_until, standing.head_until))
    return _at(found, standing) in OF_A_CALL or has_limits


def _people(run_id: uuid.UUID, reached: sa.ColumnElement[bool]) -> Page[roster.Line]:
    """Return a page of those of a run whom the actor reaches; the audit tells who was shown."""
    asked = flask.request.args
    query = roster.people(
        run_id,
        clock.today(now()),
        reached=reached,
        standing=asked.get("standing", ""),
        section_id=asked.get("section", type=uuid.UUID),
        words=asked.get("q", "").strip(),
    )
    people = page_of(session(), query, roster.Line, number())
    shown = audit.shown(
        (line.person_id for line in people.rows),
        total=people.total,
        q=asked.get("q", ""),
        section=asked.get("section", type=uuid.UUID),
        standing=asked.get("standing", ""),
    )
    showing.note("run.viewed", "run", run_id, shown)
    return people


def _actions(run_id: uuid.UUID) -> list[str]:
    """Return what the table lets the actor do with a run now."""
    row = session().get_one(Run, run_id)
    return [action for action in Run.transitions if workflow.can(row, action, actor())]


def _asked(
    found: RunLine, standing: Standing, numbers: enrolments.Numbers, actions: list[str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is asked before each action: its code, the question, the button, what it does."""
    filled = {
        "count": f"{numbers.total:,}",
        "left": f"{numbers.total - numbers.completed:,}",
        "gone": f"{standing.gone:,}",
        "first": filters.day(found.learn_from),
        "last": filters.day(found.learn_until),
        "head": filters.moment(standing.head_until) or gettext("未定"),
        "called": CALLED[standing.obligation],
    }
    for action in actions:
        if action in ASKED:
            title, label, note = map(str, ASKED[action])
            yield action, title, label, note % filled


def _primary(found: RunLine, standing: Standing, actions: list[str], *, may_enrol: bool) -> str:
    """Return the one thing to do next, of what the actor may; nothing where it is to wait."""
    has_people, may_plan = standing.taken > 0, bool(actions)
    of_planners = {
        RunState.DRAFT: "call" if standing.head_until else "open" if has_people else "",
        RunState.CALLING: "close",
        RunState.CLOSED: "select" if standing.undecided else "open" if has_people else "call_again",
        RunState.DECIDED: "open" if standing.is_ordered else "order",
        RunState.POSTPONED: "edit",
    }
    if may_plan and (wanted := of_planners.get(RunState(found.state), "")):
        return wanted
    if not may_enrol:
        return ""
    if found.state == RunState.DRAFT:
        return "" if has_people else "enrol"
    return "report" if found.state in (RunState.OPEN, RunState.ENDED, RunState.SETTLED) else ""
