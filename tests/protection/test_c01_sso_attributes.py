"""C01: of what an identity provider tells, the staff number is used and nothing is kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel.db import Base, Database
from app.kernel.settings import Settings
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.oidc import openid_provider
from tests.people.identity_providers.saml import saml_provider

pytestmark = [
    pytest.mark.requirement("SEC-03"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]
#: What the providers of the tests tell besides.
TOLD = ("hanako@idp.example", "1990-01-02", "sub-of-", "opaque", "idp.example")


def everything(session: Session, office: FlaskClient) -> str:
    """Return all rows of all tables, and what the browser was given to keep."""
    rows = [
        repr(row)
        for table in Base.metadata.sorted_tables
        for row in session.execute(table.select())
    ]
    assert any("person.signed_in" in row for row in rows)
    with office.session_transaction() as cookie:
        return "\n".join([*rows, repr(dict(cookie))])


def test_nothing_that_an_openid_provider_tells_is_kept(
    settings: Settings, database: Database, session: Session
) -> None:
    factories.person(session, number="00012")
    with openid_provider() as provider:
        provider.callbacks.add("http://localhost:8000/oidc/callback")
        office = browser(dataclasses.replace(settings, **provider.settings()), database)
        assert way.by_oidc(office, provider, "00012").status_code == 303
    found = everything(session, office)
    assert [told for told in TOLD if told in found] == []


def test_nothing_that_a_saml_provider_tells_is_kept(
    settings: Settings, database: Database, session: Session, tmp_path: Path
) -> None:
    factories.person(session, number="00012")
    with saml_provider() as provider:
        chosen = provider.write_metadata(tmp_path) | {"saml_number_attribute": "employeeNumber"}
        office = browser(dataclasses.replace(settings, **chosen), database)
        provider.learn(office.get("/saml/metadata").data)
        provider.facts = {"name_id": "opaque"}
        assert way.by_saml(office, provider, "00012").status_code == 303
    rows = everything(session, office).rpartition("\n")[0]
    assert [told for told in TOLD if told in rows] == []
    # What ends the provider's sign-in lies in this browser until then, and nowhere else.
    with office.session_transaction() as cookie:
        assert set(cookie["came_by"]) == {"method", "name_id", "format", "session_index"}
        assert "hanako" not in repr(dict(cookie))
    assert session.scalar(sa.text("SELECT count(*) FROM used_assertion")) == 1


def browser(settings: Settings, database: Database) -> FlaskClient:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()
