"""The application without pages: the Experience API's record store, at /xapi of every host."""

from __future__ import annotations

import flask

from app import factory
from app.factory import NoSession
from app.kernel import installation
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import application, gate
from app.learning.documents import views as documents
from app.learning.lrs import forms
from app.learning.lrs import views as lrs
from app.learning.statements import views as statements

PATH = "/xapi"


def create_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the record store: no session, no cookie, no page."""
    factory.tell()
    app = application.prepare(
        "record_store", settings, database or installation.connect(settings), problem_page=""
    )
    gate.install(app, settings.machine_networks)
    app.session_interface = NoSession()
    lrs.install(app)
    for blueprint in (lrs.blueprint, statements.blueprint, documents.blueprint):
        app.register_blueprint(blueprint, url_prefix=PATH)
    app.wsgi_app = forms.Alternate(app.wsgi_app)  # type: ignore[method-assign, assignment] # Flask's documented way
    return app
