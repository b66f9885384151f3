"""The demonstration's mail, as a page: what would have been sent."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel import mail
from app.kernel.web.routing import route, settings
from app.kernel.web.rules import SIGNED_IN

blueprint = flask.Blueprint("mailbox", __name__)


@route(blueprint, "/demo/mail", may=SIGNED_IN)
def mailbox() -> ResponseReturnValue:
    """Show the newest mails of the folder."""
    return flask.render_template("kernel/mailbox.html", mails=mail.kept(settings().mailbox))
