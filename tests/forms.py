"""What a page's form carries without being asked, as a browser sends it."""

from __future__ import annotations

from flask.testing import FlaskClient
from lxml import html


def carried(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """Return the hidden fields of the form that the page's main part posts."""
    page = html.document_fromstring(client.get(address).text)
    found: dict[str, list[str]] = {}
    for field in page.xpath("//main//form[@method='post']//input[@type='hidden']"):
        found.setdefault(field.get("name"), []).append(field.get("value") or "")
    return found
