"""The gate before every page: from which networks an application answers at all."""

from __future__ import annotations

import logging

import flask

from app.kernel import networks
from app.kernel.web import problems

log = logging.getLogger(__name__)

#: What a stranger is shown has no style, no address and no name that tells whose server this is.
PAGE = "kernel/outside.html"


def install(app: flask.Flask, people: str, machines: str = "") -> None:
    """Refuse every request from outside, whatever it asks for and before anything else is done.

    `people` and `machines` are lists of networks as the settings have them; a route that is
    declared for machines obeys the second. Behind proxies the address is what ProxyFix makes of it.
    """
    for_people, for_machines = networks.parse(people), networks.parse(machines)

    @app.before_request
    def refuse_strangers() -> flask.Response | None:
        view = app.view_functions.get(flask.request.endpoint or "")
        admitted = for_machines if getattr(view, "for_machines", False) else for_people
        if networks.admit(admitted, flask.request.remote_addr or ""):
            return None
        log.info("refused", extra={"code": "outside", "status": 403})
        response = problems.answer("outside", 403, page=PAGE)
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response
