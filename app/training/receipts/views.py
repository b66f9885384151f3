"""Pages of receipts: saying that one has received an order, and telling the others again."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission import access as permission
from app.training.orders import access, service, text
from app.training.receipts import queries
from app.training.receipts import service as receipts

blueprint = flask.Blueprint("receipts", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OWN = {"order_id": "own training_order"}
WHOLE = {"order_id": "whole training_order"}


@route(blueprint, "/orders/<uuid:order_id>/acknowledge", may=SIGNED_IN, about=OWN, method="POST")
def acknowledge(order_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the actor has received what orders them; twice is once."""
    line_id = access.own_line(session(), actor(), order_id)
    service.acknowledge(session(), line_id, by=actor(), now=now())
    flask.flash(gettext("受領を確認しました。"), "success")
    return flask.redirect(flask.url_for("orders.order", order_id=order_id), 303)


@route(blueprint, "/orders/<uuid:order_id>/remind", may=PLANNING, about=WHOLE)
def ask_remind(order_id: uuid.UUID) -> ResponseReturnValue:
    """Say how many would be told again."""
    order, run = access.reminding(session(), actor(), order_id)
    return flask.render_template(
        "training/remind.html",
        order=order,
        run=run,
        count=len(queries.unacknowledged(session(), order_id)),
        key=db.new_id(),
        number=text.number,
    )


@route(blueprint, "/orders/<uuid:order_id>/remind", may=PLANNING, about=WHOLE, method="POST")
def remind(order_id: uuid.UUID) -> ResponseReturnValue:
    """Have those told again who have not said that they received it."""
    access.reminding(session(), actor(), order_id)
    key = flask.request.form.get("key", type=uuid.UUID) or db.new_id()
    count = receipts.remind(session(), order_id, key, by=actor(), now=now())
    flask.flash(gettext("%(count)s人に、受領確認の督促を送ります。", count=f"{count:,}"), "success")
    return flask.redirect(flask.url_for("orders.order", order_id=order_id), 303)
