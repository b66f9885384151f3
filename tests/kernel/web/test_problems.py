"""Every error is an answer: a sentence, what to do next, and a reference that the log has too."""

from __future__ import annotations

import ast
import logging
import re
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import problems
from app.kernel.web.routing import route
from app.kernel.web.rules import PUBLIC

APP = Path(__file__).parents[3] / "app"
ANSWERS = {"KenshuError", "Refused", "Forbidden", "NotFound", "Conflict", "Gone", "Unavailable"}
JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
PLACE = re.compile(r"%\((\w+)\)")


def raised() -> dict[str, str]:
    """Return every code that the application raises by name, and where."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ANSWERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found[str(node.args[0].value)] = path.relative_to(APP).as_posix()
    return found


#: Told elsewhere: on the import's page from its room's own text, and on the terminal.
TOLD_ELSEWHERE = {
    "demo_on_real_data",
    "not_a_manifest",
    "number_taken",
    "operator_role",
    "operator_time",
    "xml_too_complex",
}


def test_every_code_that_is_raised_has_a_sentence(office_app: flask.Flask) -> None:
    codes = raised()
    assert len(codes) > 20
    without = {code: place for code, place in codes.items() if code not in problems.SENTENCES}
    assert set(without) <= TOLD_ELSEWHERE, without


def test_every_sentence_says_what_happened_and_what_next_in_both_languages(
    office_app: flask.Flask,
) -> None:
    for code, (what, next_step) in problems.SENTENCES.items():
        data = dict.fromkeys(PLACE.findall(what.text + next_step.text), 1)
        with office_app.test_request_context():
            with force_locale("ja"):
                japanese = problems.sentence(code, data)
            with force_locale("en"):
                english = problems.sentence(code, data)
        for said in japanese:
            assert JAPANESE.search(said), code
        for said in english:
            assert said, code
            assert not JAPANESE.search(re.sub("「[^」]*」", "", said)), code


def test_a_page_tells_the_reference_that_the_log_has(
    office: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app"):
        answer = office.get("/nowhere")
    assert answer.status_code == 404
    html = answer.get_data(as_text=True)
    assert "ページが見つかりません" in html
    assert answer.headers["X-Request-Id"] in html
    refused = [line for line in caplog.records if line.getMessage() == "refused"]
    assert [(line.code, line.status) for line in refused] == [("not_found", 404)]


def test_whoever_asks_for_json_is_answered_in_json(office: FlaskClient) -> None:
    answer = office.get("/nowhere", headers={"Accept": "application/json", "Accept-Language": "en"})
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"] == "urn:kenshu:not_found"
    assert problem["status"] == answer.status_code == 404
    assert problem["instance"] == answer.headers["X-Request-Id"]
    assert not JAPANESE.search(problem["title"] + problem["detail"])


def test_a_page_speaks_the_readers_language(office: FlaskClient) -> None:
    english = office.get("/nowhere", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="en"' in english
    office.set_cookie("language", "ja")
    japanese = office.get("/nowhere", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="ja"' in japanese


def test_a_wrong_method_is_told_as_one(office: FlaskClient) -> None:
    answer = office.post("/sign-out/", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    answer = office.get("/sign-out", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["type"]) == (405, "urn:kenshu:method_not_allowed")


def test_a_fault_tells_nothing_of_its_cause_but_to_the_log(
    settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    blueprint = flask.Blueprint("faulty", __name__)

    @route(blueprint, "/faulty", may=PUBLIC)
    def faulty() -> str:
        raise ZeroDivisionError("架空 花子 secret")

    app = factory.create_app(settings, database)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_blueprint(blueprint)
    answer = app.test_client().get("/faulty")
    assert answer.status_code == 500
    html = answer.get_data(as_text=True)
    assert "サーバーで問題が起きました" in html
    assert "secret" not in html
    assert "ZeroDivisionError" not in html
    assert answer.headers["X-Request-Id"] in html
    (fault,) = [line for line in caplog.records if line.getMessage() == "fault"]
    assert fault.exc_info is not None
