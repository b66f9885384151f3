"""Applications that tests lend each other: making one takes longer than most of what it is asked.

One is made for each kind of settings and process; a test gets it with its own settings and database
and as it was when it was made. Whoever registers something with one makes an own one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings

Make = Callable[[Settings, Database], flask.Flask]
#: In the place of the test's own folder: what is asked for by path is asked of a test's settings.
_NOWHERE = Path("/nonexistent")

_made: dict[tuple[Make, Settings], tuple[flask.Flask, dict[str, Any], dict[str, Any]]] = {}


def office(settings: Settings, database: Database) -> flask.Flask:
    """Return the office, without the form tokens that a browser would carry."""
    app = lent(factory.create_app, settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def content(settings: Settings, database: Database) -> flask.Flask:
    """Return the content's application."""
    return lent(factory.create_content_app, settings, database)


def lent(make: Make, settings: Settings, database: Database) -> flask.Flask:
    """Return the application that `make` makes, with these settings and this database."""
    settings.instance.mkdir(exist_ok=True)
    kind = make, replace(settings, instance=_NOWHERE)
    if kind not in _made:
        app = make(settings, database)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        _made[kind] = app, dict(app.config), dict(app.extensions)
    app, config, extensions = _made[kind]
    for now, before in ((app.config, config), (app.extensions, extensions)):
        now.clear()
        now.update(before)
    app.extensions["kenshu.settings"] = settings
    app.extensions["kenshu.database"] = database
    return app
