"""What templates name is there: filters, pages, and other templates."""

from __future__ import annotations

import re
from pathlib import Path

import flask
import pytest
from jinja2 import nodes

from app import factory
from app.kernel.settings import Settings

ENDPOINT = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")


@pytest.fixture
def both(tmp_path: Path) -> tuple[flask.Flask, set[str]]:
    """The office, and the endpoints of both applications."""
    settings = Settings(instance=tmp_path, demo=True, development=True)
    office = factory.create_app(settings)
    content = factory.create_content_app(settings)
    return office, {*office.view_functions, *content.view_functions}


def test_templates_name_only_what_there_is(both: tuple[flask.Flask, set[str]]) -> None:
    office, endpoints = both
    environment = office.jinja_env
    missing = []
    for name in environment.list_templates(extensions=["html"]):
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
        tree = environment.parse(source)
        named = {(each.name, "filter") for each in tree.find_all(nodes.Filter)}
        missing += [(name, *each) for each in named if each[0] not in environment.filters]
        missing += [
            (name, endpoint, "endpoint")
            for endpoint in ENDPOINT.findall(source)
            if endpoint not in endpoints
        ]
    # The hub's own pages are there only where sign-on is set up.
    assert [each for each in missing if not each[1].startswith(("federation.", "saml."))] == []
