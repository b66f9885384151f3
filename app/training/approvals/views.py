"""The inbox of who approves, and saying a word to one thing or to several."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.open_days import open_days
from app.kernel.web import lists as asking
from app.kernel.web import showing
from app.kernel.web.addresses import is_local
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.approvals import access, text
from app.training.approvals.access import Scope
from app.training.candidacies import access as candidacies
from app.training.candidacies import queries, service
from app.training.candidacies import text as candidacies_text
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import ReturnReason
from app.training.waiting import access as waiting
from app.training.waiting import queries as waiting_queries

blueprint = flask.Blueprint("approvals", __name__)
HEAD_OR_OFFICE = frozenset({Role.HEAD}) | PLANNING
DECIDING = having(Role.HEAD, *sorted(PLANNING))
OFFICE = having(*sorted(PLANNING))
#: What can be said to several at once, and the action of a candidacy's table that it is.
WORDS = {"approve": "nominate", "return": "return", "decline": "decline"}


@route(blueprint, "/approvals", may=DECIDING, audited=True)
def approvals() -> ResponseReturnValue:
    """Show all that waits for the actor's word."""
    is_all = flask.request.args.get("scope") == Scope.ALL
    found = access.waiting(session(), actor(), now(), Scope.ALL if is_all else Scope.MINE)
    moved = waiting.moved_in(session(), actor(), now())
    people = [key for each in found for key in each.people] + [line.person_id for line in moved]
    showing.note("candidacy.listed", "candidacy", None, audit.shown(people))
    return flask.render_template(
        "training/approvals.html",
        waiting=found,
        moved=moved,
        is_all=is_all,
        is_head=Role.HEAD in actor().roles,
        reasons=candidacies_text.RETURN_REASONS,
        states=candidacies_text.STATES,
    )


@route(
    blueprint, "/approvals/<action>", may=DECIDING, about={"action": tuple(WORDS)}, method="POST"
)
def decide(action: str) -> ResponseReturnValue:
    """Say a word to one candidacy at once, or to several once their number has been confirmed."""
    if action not in WORDS:
        raise NotFound
    one = flask.request.form.get("one", type=uuid.UUID)
    chosen = [one] if one else flask.request.form.getlist("row", type=uuid.UUID)
    keys = list(dict.fromkeys(chosen))[: asking.MOST_ROWS]
    reason = flask.request.form.get("reason") or None
    if not keys:
        raise Refused("nothing_chosen")
    if action != "approve" and reason not in list(ReturnReason):
        raise Refused("reason_needed")
    if len(keys) > 1 and not asking.confirmed():
        return _confirm(action, keys, reason)
    if len(keys) > 1:
        lists.check(asking.confirmed(), keys)
    for key in _in_order(keys):
        _, acting = candidacies.candidacy(session(), actor(), key, now(), HEAD_OR_OFFICE)
        service.act(session(), key, WORDS[action], by=acting, now=now(), reason=reason)
    flask.flash(str(text.DONE[action]) % {"count": len(keys)}, "success")
    return flask.redirect(_back(), 303)


@route(blueprint, "/nominations/stuck", may=OFFICE, audited=True)
def stuck() -> ResponseReturnValue:
    """Show what waits for heads for too long, or has none, for the office to say (代行)."""
    found = waiting.stuck(session(), actor(), open_days(settings().holidays), now())
    lines = [line for line, _ in found]
    showing.note(
        "candidacy.listed", "candidacy", None, audit.shown(line.person_id for line in lines)
    )
    return flask.render_template(
        "training/stuck.html",
        found=found,
        since=waiting_queries.waiting_since(session(), lines),
        after=waiting.STUCK_AFTER,
        reasons=candidacies_text.RETURN_REASONS,
        states=candidacies_text.STATES,
    )


def _in_order(keys: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Return candidacies in the order of their sections and ranks: the first gets the last seat."""
    return [line.id for line in _lines(keys)]


def _lines(keys: Sequence[uuid.UUID]) -> list[Line]:
    """Return them as lists show them; raises NotFound where one is not the actor's to decide."""
    for key in keys:
        candidacies.candidacy(session(), actor(), key, now(), HEAD_OR_OFFICE)
    return queries.found(session(), clock.today(now()), Candidacy.id.in_(keys))


def _confirm(action: str, keys: Sequence[uuid.UUID], reason: str | None) -> str:
    lines = _lines(keys)
    showing.note(
        "candidacy.listed", "candidacy", None, audit.shown(line.person_id for line in lines)
    )
    return flask.render_template(
        "training/approvals_confirm.html",
        action=action,
        lines=lines,
        reason=reason,
        words=candidacies_text.RETURN_REASONS,
        mark=lists.mark(keys),
        back=_back(),
    )


def _back() -> str:
    said = flask.request.form.get("next", "")
    return said if said and is_local(said) else flask.url_for("approvals.approvals")
