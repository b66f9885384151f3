"""The interface's description says what there is, and what is answered obeys it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel.web.application import ROOT
from app.portals.api import views
from tests.portals.api.conftest import System, package

DOCUMENT: dict[str, Any] = json.loads(
    (ROOT / "static" / "api" / "openapi.json").read_text(encoding="utf-8")
)
METHODS = ("get", "post", "put", "delete")


def test_it_is_there_for_everybody(api_web: FlaskClient) -> None:
    response = api_web.get("/api/v1/openapi.json", buffered=True)
    assert response.status_code == 200
    assert response.get_json() == DOCUMENT


def test_every_way_is_described_and_nothing_else(api_web: FlaskClient) -> None:
    rules = api_web.application.url_map.iter_rules()
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower(),
         rule.endpoint.removeprefix(f"{views.blueprint.name}."))
        for rule in rules for method in rule.methods or ()
        if method.lower() in METHODS
    }  # fmt: skip
    described = {
        (path, method, of["operationId"])
        for path, methods in DOCUMENT["paths"].items()
        for method, of in methods.items()
        if method in METHODS
    }
    assert described == there


def test_every_reference_leads_somewhere() -> None:
    said = json.dumps(DOCUMENT)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', said)):
        found: Any = DOCUMENT
        for part in reference.split("/"):
            found = found[part]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
    parts = [
        schema(p["$ref"].rpartition("/")[2]) if "$ref" in p else p
        for p in found.get("allOf", [found])
    ]
    return {
        "required": {name for part in parts for name in part.get("required", ())},
        "properties": {k: v for part in parts for k, v in part.get("properties", {}).items()},
    }


@pytest.mark.parametrize("name", ["Imported", "Course", "Launched", "Registration"])
def test_what_is_answered_is_what_is_described(system: System, name: str) -> None:
    imported = system.ask("POST", "/courses", package(), "application/zip").get_json()
    launched = system.launch(imported["id"])
    answers = {
        "Imported": imported,
        "Launched": launched,
        "Course": system.ask("GET", f"/courses/{imported['id']}").get_json(),
        "Registration": system.ask("GET", f"/registrations/{launched['registration']}").get_json(),
    }
    described = schema(name)
    assert set(answers[name]) == set(described["properties"]) == described["required"]
