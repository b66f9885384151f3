"""The application without pages: the Experience API's record store, at /xapi of every host.

On the office's host systems speak to it, each with a key and a secret; on the content's host
launched content does, with the token of its session. Neither opens anything on the other.
"""

from __future__ import annotations

import flask

from app import factory
from app.factory import NoSession
from app.kernel import installation
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import application, gate, headers
from app.learning.clients import access as clients
from app.learning.documents import views as documents
from app.learning.lrs import forms
from app.learning.lrs import views as lrs
from app.learning.sessions import views as sessions
from app.learning.statements import views as statements

PATH = "/xapi"


def create_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the record store that systems speak to."""
    app = _prepare("record_store", settings, database, settings.machine_networks)
    headers.install_machines(app, settings.office_origin)
    app.extensions[clients.IDENTIFY] = clients.identify
    return app


def create_content_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the record store that launched content speaks to, from wherever it is looked at."""
    app = _prepare("content_record_store", settings, database, settings.content_networks)
    headers.install_machines(app, settings.content_origin)
    app.extensions[clients.IDENTIFY] = sessions.identify
    app.register_blueprint(sessions.blueprint, url_prefix=PATH)
    sessions.install(app)
    return app


def _prepare(
    name: str, settings: Settings, database: Database | None, networks: str
) -> flask.Flask:
    """Return what both have: no session, no cookie, no page."""
    factory.tell()
    app = application.prepare(
        name, settings, database or installation.connect(settings), problem_page=""
    )
    gate.install(app, networks)
    app.session_interface = NoSession()
    lrs.install(app)
    for blueprint in (lrs.blueprint, statements.blueprint, documents.blueprint):
        app.register_blueprint(blueprint, url_prefix=PATH)
    app.wsgi_app = forms.Alternate(app.wsgi_app)  # type: ignore[method-assign, assignment] # Flask's documented way
    return app
