"""The application that other systems ask for content: courses, launches, registrations."""

from __future__ import annotations

import flask

from app import factory
from app.factory import NoSession
from app.kernel import installation
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import application, gate, headers
from app.learning.clients import access as clients
from app.learning.lrs import views as lrs
from app.portals.api import views
from xapi.errors import Invalid

PATH = "/api"
#: The first part of every address: another way of speaking would have another.
VERSION = f"{PATH}/v1"


def create_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the interface: no session, no cookie, no page."""
    factory.tell()
    app = application.prepare(
        "api", settings, database or installation.connect(settings), problem_page=""
    )
    gate.install(app, settings.machine_networks)
    headers.install_machines(app, settings.office_origin)
    app.session_interface = NoSession()
    app.extensions[clients.IDENTIFY] = clients.identify
    app.register_error_handler(Invalid, lrs.invalid)
    app.register_blueprint(views.blueprint, url_prefix=VERSION)
    return app
