"""C12: from outside the networks nothing answers, and a role is held where it may be held alone."""

from __future__ import annotations

from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import factory
from app.kernel.audit.models import AuditEvent
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web.routing import route
from app.kernel.web.rules import PUBLIC
from app.people.permission.models import Role
from tests import factories
from tests.kernel.web.test_every_route import routes
from tests.protection.conftest import OfficeWith, Window
from tests.routes import METHODS

INSIDE, OUTSIDE = "10.1.2.3", "203.0.113.9"
NETWORKS = "10.0.0.0/8 2001:db8::/32"
WARD = "架空区"

machines = flask.Blueprint("machines_of_the_test", __name__)


@route(machines, "/machines/keys", may=PUBLIC, for_machines=True)
def keys() -> str:
    """Answer what machines ask for."""
    return "keys"


def ask(client: FlaskClient, path: str, address: str, **more: object) -> TestResponse:
    """Ask for a path from an address."""
    environment = {"REMOTE_ADDR": address}
    return client.open(path, environ_overrides=environment, **more)  # type: ignore[arg-type] # werkzeug's keywords


@pytest.mark.requirement("SEC-05")
@pytest.mark.parametrize("method", METHODS)
def test_from_outside_every_path_is_refused_before_anything_else(
    office_with: OfficeWith, session: Session, method: str
) -> None:
    client = office_with(networks=NETWORKS, machine_networks=NETWORKS, organisation=WARD)
    factories.enter(client, session, factories.person(session, roles=(Role.ADMINISTRATOR,)))
    paths = [path for _, path, _ in routes(client.application, method)]
    for path in [*paths, "/", "/nowhere", "/sign-in"]:
        answer = ask(client, path, OUTSIDE, method=method, buffered=True)
        assert answer.status_code == 403, path
        assert "この接続元からは利用できません" in answer.text, path
        assert WARD not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "localhost" not in answer.text + str(answer.headers)
        assert not any(mark in answer.text for mark in ("<link", "<script", "href=", "src="))
    assert session.scalars(sa.select(AuditEvent)).all() == []
    assert ask(client, "/", INSIDE).status_code == 200


def test_who_asks_for_json_is_refused_in_json(office_with: OfficeWith) -> None:
    answer = ask(
        office_with(networks=NETWORKS), "/", OUTSIDE, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.get_json()["type"]) == (403, "urn:kenshu:outside")


@pytest.mark.requirement("SEC-05")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        (INSIDE, 200),
        ("::ffff:10.1.2.3", 200),
        ("2001:db8::7", 200),
        ("2001:db9::7", 403),
        ("::ffff:203.0.113.9", 403),
        ("", 403),
    ],
)
def test_an_address_of_either_kind_is_looked_at(
    office_with: OfficeWith, address: str, status: int
) -> None:
    assert ask(office_with(networks=NETWORKS), "/sign-in", address).status_code == status


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        (0, INSIDE, 403),
        (1, INSIDE, 200),
        (1, OUTSIDE, 403),
        (1, f"{INSIDE}, {OUTSIDE}", 403),
        (2, f"{INSIDE}, 198.51.100.1", 200),
    ],
)
def test_behind_proxies_the_address_is_the_one_that_the_trusted_ones_tell(
    office_with: OfficeWith, proxies: int, forwarded: str, status: int
) -> None:
    client = office_with(networks=NETWORKS, trusted_proxies=proxies)
    answer = ask(client, "/sign-in", OUTSIDE, headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == status


@pytest.mark.requirement("SEC-05")
@pytest.mark.parametrize(
    ("people", "for_machines", "address", "expected"),
    [
        (NETWORKS, "192.0.2.0/24", "192.0.2.7", (403, 200)),
        (NETWORKS, "192.0.2.0/24", INSIDE, (200, 403)),
        (NETWORKS, "", OUTSIDE, (403, 200)),
        ("", "192.0.2.0/24", OUTSIDE, (200, 403)),
    ],
)
def test_paths_for_machines_have_a_list_of_their_own(
    settings: Settings,
    database: Database,
    people: str,
    for_machines: str,
    address: str,
    expected: tuple[int, int],
) -> None:
    settings.instance.mkdir()
    app = factory.create_app(
        replace(settings, networks=people, machine_networks=for_machines), database
    )
    app.register_blueprint(machines)
    client = app.test_client()
    found = [ask(client, path, address).status_code for path in ("/sign-in", "/machines/keys")]
    assert tuple(found) == expected


@pytest.mark.requirement("SEC-05")
def test_the_contents_origin_has_a_list_of_its_own(
    settings: Settings, database: Database, window: Window
) -> None:
    app = factory.create_content_app(
        replace(settings, networks=INSIDE, content_networks="192.0.2.0/24"), database
    )
    own = replace(window, client=app.test_client())

    def status(address: str) -> int:
        own.client.environ_base["REMOTE_ADDR"] = address
        return own.get().status_code

    assert [status(address) for address in ("192.0.2.7", INSIDE, OUTSIDE)] == [200, 403, 403]


@pytest.mark.requirement("SEC-05")
def test_a_role_is_not_held_outside_of_its_networks_and_the_page_says_so(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(role_networks="office=10.1.0.0/16,192.0.2.7 administrator=10.9.0.0/16")
    who = factories.person(session, roles=(Role.OFFICE, Role.AUTHOR))
    factories.enter(client, session, who)
    for address, status in ((INSIDE, 200), ("192.0.2.7", 200), ("10.2.0.1", 403), (OUTSIDE, 403)):
        assert ask(client, "/staff", address).status_code == status, address
        assert ask(client, "/materials", address).status_code == 200, address
    page = ask(client, "/", OUTSIDE).text
    assert "いまの接続元では使えない役割があります：研修管理者" in page
    assert 'href="/staff"' not in page
    assert "使えない役割" not in ask(client, "/", INSIDE).text
    assert "決められた場所の端末でだけ使えます" in ask(client, "/staff", OUTSIDE).text


def test_a_role_that_is_withheld_asks_for_no_second_factor(
    office_with: OfficeWith, session: Session
) -> None:
    client = office_with(role_networks="office=10.1.0.0/16", second_factor_roles="office")
    factories.enter(client, session, factories.person(session, roles=(Role.OFFICE,)))
    assert ask(client, "/", OUTSIDE).status_code == 200
    assert ask(client, "/", INSIDE).location == "/second-factor"


def test_without_a_list_everybody_may_ask(office: FlaskClient) -> None:
    assert ask(office, "/sign-in", OUTSIDE).status_code == 200
