"""The page on which a portal's teachers choose materials, and the answer that goes back."""

from __future__ import annotations

import logging

import flask
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.content.materials.text import MATERIAL_KINDS
from app.kernel.errors import Conflict, Refused
from app.kernel.web import problems
from app.kernel.web.routing import now, route, session, settings
from app.portals.choosing import access, forms, queries
from app.portals.choosing.access import CHOOSING, Choice
from app.portals.choosing.forms import Chosen
from app.portals.gate import service as gate
from app.portals.gate.access import framed
from app.portals.keys import service as keys
from app.portals.links import access as links
from app.portals.registrations.models import Portal, ScoreRule
from lti import deep_linking
from lti.deep_linking import Link
from lti.message import Message

log = logging.getLogger(__name__)

blueprint = flask.Blueprint("choosing", __name__, url_prefix="/lti")


def begin(message: Message, portal: Portal, state: str, language: str) -> str:
    """Return the page that a request to choose is answered by. Raises LaunchRefused."""
    deep_linking.wishes(message)
    word = access.sealed(settings(), message, state, language)
    return _page(access.opened(settings(), word), portal, word)


@route(blueprint, "/choose", may=CHOOSING, method="POST", for_machines=True)
def choose() -> ResponseReturnValue:
    """Search, choose, or leave it: the answer goes back by the browser."""
    choice, portal = access.choice(), flask.g.portal
    try:
        chosen = forms.read(flask.request)
        if chosen.action == "search":
            return framed(_page(choice, portal, _word(), chosen), portal)
        return _answer(choice, portal, chosen)
    except Refused as refused:
        with force_locale(choice.language):
            fault = problems.sentence(refused.code, refused.data)
        response = framed(_page(choice, portal, _word(), fault=fault), portal)
        response.status_code = refused.status
        return response


def _word() -> str:
    return flask.request.form[access.FIELD]


def _page(
    choice: Choice,
    portal: Portal,
    word: str,
    chosen: Chosen | None = None,
    fault: tuple[str, str] | None = None,
) -> str:
    words = chosen.words if chosen else ""
    rows = queries.offered(session(), portal, words)
    with force_locale(choice.language):
        return flask.render_template(
            "portals/choose.html",
            ticket=word,
            wishes=deep_linking.wishes(choice.message(portal)),
            offers_scores=portal.score_rule != ScoreRule.NOTHING,
            rows=rows[: queries.MOST],
            has_more=len(rows) > queries.MOST,
            words=words,
            picked=chosen.material_ids if chosen else (),
            kinds=MATERIAL_KINDS,
            fault=fault,
            form=flask.request.form if chosen or fault else {},
        )


def _answer(choice: Choice, portal: Portal, chosen: Chosen) -> ResponseReturnValue:
    """Answer the page that posts the signed choice; raises Refused, Conflict."""
    is_cancelled = chosen.action == "cancel"
    found = [] if is_cancelled else queries.chosen(session(), portal, chosen.material_ids)
    if not found and not is_cancelled:
        raise Refused("nothing_chosen_here")
    if not gate.answer_once(session(), choice.state_hash, now()):
        raise Conflict("choice_answered")
    is_scored = portal.score_rule != ScoreRule.NOTHING and chosen.has_line_item
    picked = [
        Link(
            title=each.title,
            url=links.address_of(settings(), each.id),
            custom={links.MATERIAL: str(each.id)},
            maximum=100.0 if is_scored else None,
            resource_id=str(each.id),
            opens_at=chosen.opens_at,
            closes_at=chosen.closes_at,
            due_at=chosen.due_at,
        )
        for each in found
    ]
    key = keys.signing_key(session(), portal.id, now=now(), settings=settings())
    made = deep_linking.answer(choice.message(portal), picked, key, now())
    log.info("lti.chosen", extra={"portal": str(portal.id), "count": len(picked)})
    with force_locale(choice.language):
        page = flask.render_template("portals/chosen.html", address=made.address, token=made.token)
    return framed(page, portal)
