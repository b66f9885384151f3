"""A route's rule comes before its view, and its unit of work ends as its answer does."""

from __future__ import annotations

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.audit.models import AuditEvent
from app.kernel.audit.service import record
from app.kernel.db import Database
from app.kernel.errors import Forbidden, NotFound
from app.kernel.outbox import Kind, Outgoing, put
from app.kernel.settings import Settings
from app.kernel.web import application
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import PUBLIC, Rule


def _deny() -> None:
    raise Forbidden("role_needed", path="/")


DENIED = Rule("denied", _deny)
blueprint = flask.Blueprint("sample", __name__)
seen: list[str] = []


def _write() -> None:
    put(session(), Kind.MAIL, {}, now())
    session().flush()


@route(blueprint, "/denied", may=DENIED)
def denied() -> str:
    """Show what nobody may see."""
    seen.append("denied")
    return "secret"


@route(blueprint, "/denied", may=DENIED, method="POST", endpoint="do_denied")
def do_denied() -> str:
    """Do what nobody may do."""
    _write()
    return "done"


@route(blueprint, "/reads-and-writes", may=PUBLIC)
def reads_and_writes() -> str:
    """Write in a request that only reads."""
    _write()
    return "done"


@route(blueprint, "/viewed", may=PUBLIC, audited=True)
def viewed() -> str:
    """Read somebody's details, and say so."""
    record(session(), "thing.viewed", by=None, now=now(), subject=("thing", None))
    return "seen"


@route(blueprint, "/viewed-and-failed", may=PUBLIC, audited=True)
def viewed_and_failed() -> str:
    """Say so, and show nothing."""
    record(session(), "thing.viewed", by=None, now=now(), subject=("thing", None))
    raise NotFound


@route(blueprint, "/writes", may=PUBLIC, method="POST")
def writes() -> str:
    """Write."""
    _write()
    return "done"


@route(blueprint, "/<kind>-after-writing", may=PUBLIC, method="POST")
def fails(kind: str) -> str:
    """Write, and fail in the end."""
    _write()
    if kind == "refused":
        raise NotFound
    raise ZeroDivisionError


@pytest.fixture
def client(settings: Settings, committed: Database) -> flask.testing.FlaskClient:
    """A browser of an application with these routes alone."""
    settings.instance.mkdir(exist_ok=True)
    app = application.prepare("sample", settings, committed, "learning/problem.html")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_blueprint(blueprint)
    return app.test_client()


def count(database: Database, table: type[object]) -> int:
    """Count the rows that were committed."""
    with database.reading() as reading:
        return reading.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.requirement("SEC-02")
def test_a_rule_that_denies_is_asked_before_the_view(
    client: flask.testing.FlaskClient, committed: Database
) -> None:
    seen.clear()
    assert client.get("/denied").status_code == 403
    assert client.post("/denied").status_code == 403
    assert seen == []
    assert count(committed, Outgoing) == 0


def test_a_get_that_writes_is_a_fault_and_writes_nothing(
    client: flask.testing.FlaskClient, committed: Database
) -> None:
    assert client.get("/reads-and-writes").status_code == 500
    assert count(committed, Outgoing) == 0


def test_a_get_that_shows_details_leaves_its_line(
    client: flask.testing.FlaskClient, committed: Database
) -> None:
    assert client.get("/viewed").status_code == 200
    assert count(committed, AuditEvent) == 1
    assert client.get("/viewed-and-failed").status_code == 404
    assert count(committed, AuditEvent) == 1


def test_a_post_is_committed(client: flask.testing.FlaskClient, committed: Database) -> None:
    assert client.post("/writes").status_code == 200
    assert count(committed, Outgoing) == 1


@pytest.mark.parametrize(("kind", "status"), [("refused", 404), ("crashed", 500)])
def test_a_post_that_ends_in_an_error_is_rolled_back(
    client: flask.testing.FlaskClient, committed: Database, kind: str, status: int
) -> None:
    assert client.post(f"/{kind}-after-writing").status_code == status
    assert count(committed, Outgoing) == 0


def test_a_path_answers_its_own_method_alone(client: flask.testing.FlaskClient) -> None:
    assert client.get("/writes").status_code == 405
    assert client.post("/viewed").status_code == 405
    assert client.options("/viewed").status_code == 405


def test_one_request_has_one_moment(client: flask.testing.FlaskClient) -> None:
    with client.application.test_request_context():
        assert now() is now()


def test_a_session_belongs_to_its_request(client: flask.testing.FlaskClient) -> None:
    with client.application.test_request_context(), pytest.raises(AttributeError):
        assert isinstance(session(), Session)
