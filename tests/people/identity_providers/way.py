"""The way of a browser without scripts: from our page to the provider's, and back by the hop."""

from __future__ import annotations

from urllib.parse import urljoin

import requests
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.people.identity_providers.oidc import OpenIdProvider
from tests.people.identity_providers.saml import SamlProvider


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return where the page's one form is sent, and what it holds."""
    (form,) = html.document_fromstring(page).xpath("//form[@method='post']")
    fields = {field.get("name"): field.get("value", "") for field in form.xpath(".//input")}
    return form.get("action", ""), fields


def hop(office: FlaskClient, page: TestResponse) -> TestResponse:
    """Send an answer on, as the page of ours does it."""
    assert page.status_code == 200, page.text
    address, fields = form_of(page.text)
    return office.post(address, data=fields)


def at_provider(address: str, account: str, do: str = "allow") -> requests.Response:
    """Prove who one is on the provider's page at an address."""
    assert "架空区 認証基盤" in requests.get(address, timeout=10).text
    return requests.post(
        address, data={"account": account, "do": do}, timeout=10, allow_redirects=False
    )


def oidc_callback(
    office: FlaskClient, account: str, do: str = "allow", begin: str = "/oidc/begin"
) -> str:
    """Go to the OpenID provider; return the address that it sends the browser back to."""
    sent = office.get(begin)
    assert sent.status_code == 303, sent.text
    return at_provider(sent.location, account, do).headers["Location"]


def by_oidc(
    office: FlaskClient,
    provider: OpenIdProvider,
    account: str,
    do: str = "allow",
    begin: str = "/oidc/begin",
) -> TestResponse:
    """Sign in by the OpenID provider; return what our last page answers."""
    assert provider.origin
    address = oidc_callback(office, account, do, begin)
    return hop(office, office.get(address.removeprefix("http://localhost:8000")))


def saml_answer(
    office: FlaskClient, account: str, do: str = "allow", begin: str = "/saml/begin"
) -> tuple[str, dict[str, str]]:
    """Go to the SAML provider; return where its page would send the browser, with what."""
    sent = office.get(begin)
    assert sent.status_code == 303, sent.text
    answered = at_provider(sent.location, account, do)
    assert answered.status_code == 200, answered.text
    return form_of(answered.text)


def by_saml(
    office: FlaskClient,
    provider: SamlProvider,
    account: str,
    do: str = "allow",
    begin: str = "/saml/begin",
) -> TestResponse:
    """Sign in by the SAML provider; return what our last page answers."""
    address, fields = saml_answer(office, account, do, begin)
    assert address == provider.consumer
    return consume(office, fields)


def consume(office: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """Send us an answer as a browser does from another site, without our cookie; then hop."""
    stranger = office.application.test_client()
    page = stranger.post("/saml/acs", data=fields)
    assert "Set-Cookie" not in page.headers  # it would take the handshake's place
    return hop(office, page)


def out(office: FlaskClient, page: TestResponse) -> TestResponse:
    """Follow the page that leads to the provider's sign-out, and come back from there."""
    seconds, _, address = page.headers["Refresh"].partition("; url=")
    assert seconds == "0"
    back = requests.get(address, timeout=10, allow_redirects=False).headers["Location"]
    return office.get(urljoin("/", back.removeprefix("http://localhost:8000")))
