"""The floor of a record store: Flask, the driver and one insert a request, and nothing else.

It checks nothing, looks for nobody, and finds nothing again; its table has a key and no index.
"""

from __future__ import annotations

import json
import threading
import uuid

import flask
import psycopg

from app.kernel.settings import Settings

TABLE = "CREATE TABLE IF NOT EXISTS floor (id uuid PRIMARY KEY, text text NOT NULL)"
_INSERT = (
    "INSERT INTO floor SELECT * FROM unnest(CAST(%s AS uuid[]), CAST(%s AS text[]))"
    " ON CONFLICT (id) DO NOTHING"
)

application = flask.Flask(__name__, static_folder=None)
settings = Settings.from_environment()
own = threading.local()


@application.post("/xapi/statements")
def post() -> flask.Response:
    """Keep one or more statements."""
    said = json.loads(flask.request.get_data())
    statements = said if isinstance(said, list) else [said]
    ids = [each["id"] for each in statements]
    if not hasattr(own, "connection"):
        own.connection = psycopg.connect(settings.database)
    texts = [json.dumps(each) for each in statements]
    own.connection.execute(_INSERT, ([uuid.UUID(each) for each in ids], texts))
    own.connection.commit()
    return flask.jsonify(ids)
