"""The rules of the house that no linter knows, held against the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from app import factory
from app.kernel.settings import Settings
from app.kernel.web.routing import route
from app.kernel.web.rules import SIGNED_IN
from tests import routes

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "content_packages", "lti", "scorm", "workers", "xapi")
ROOM_FILES = {
    "__init__", "access", "forms", "models", "queries", "service", "states", "text", "views",
}  # fmt: skip
WINGS = ("people", "content", "learning", "training", "portals")
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "misc", "base"}
MOST_LINES = 300
MOST_FUNCTION_LINES = 40
#: The outermost edges: a request, a job, a row of the outbox, and the launcher's loop.
EDGES = {"app/kernel/web/problems.py", "workers/performing.py", "workers/carrying.py"}
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _offenders(pattern: str, allowed: set[str], among: list[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{_name(path)}:{number}"
        for path in among
        if _name(path) not in allowed
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def test_every_module_says_what_it_is_for() -> None:
    assert [_name(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_a_module_has_one_subject() -> None:
    long = {
        _name(path): count
        for path in SOURCES
        if "elements_" not in path.name
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_a_function_can_be_seen_at_once() -> None:
    long = [
        f"{_name(path)}:{function.name}"
        for path, tree in TREES.items()
        for function in _functions(tree)
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_no_name_hides_what_a_file_is_about() -> None:
    assert [_name(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_a_room_holds_only_files_of_known_meaning() -> None:
    strangers = [
        _name(path)
        for wing in WINGS
        for path in (ROOT / "app" / wing).rglob("*.py")
        if path.stem not in ROOM_FILES
    ]
    assert strangers == []


def test_every_column_says_what_it_holds() -> None:
    silent = []
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            is_column = re.match(r"    \w+: Mapped\[", line)
            if is_column and not lines[number - 1].startswith("    #:"):
                silent.append(f"{_name(path)}:{number + 1}")
    assert silent == []


def test_only_the_database_module_commits() -> None:
    assert _offenders(r"\.commit\(\)", {"app/kernel/db.py"}, SOURCES) == []


def test_only_move_assigns_a_state() -> None:
    # OpenID Connect calls a secret of one login its state.
    may = {"app/kernel/workflow.py", "lti/login.py"}
    assert _offenders(r"\.state = ", may, SOURCES) == []


def test_only_the_clock_reads_the_clock() -> None:
    pattern = r"datetime\.(now|utcnow|today)\(|date\.today\(|[^_]time\.time\("
    assert _offenders(pattern, {"app/kernel/clock.py"}, SOURCES) == []


def test_services_and_reads_never_see_a_web_request() -> None:
    inner = [path for path in SOURCES if path.stem in {"service", "queries", "models", "states"}]
    assert _offenders(r"^(import|from) (flask|werkzeug)", set(), inner) == []


def test_every_error_is_caught_by_name_but_at_the_edges() -> None:
    assert _offenders(r"except (Exception|BaseException)|except:", EDGES, SOURCES) == []


def test_templates_hold_no_script_style_or_handler() -> None:
    templates = sorted((ROOT / "app" / "templates").rglob("*.html"))
    pattern = r'<style|\bstyle="|\bon[a-z]+="|<script(?![^>]*(src=|application/json))'
    assert _offenders(pattern, set(), templates) == []


def test_the_migrations_have_one_head_and_the_file_names_it() -> None:
    head = (ROOT / "migrations" / "HEAD").read_text().strip()
    newest = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))[-1]
    assert newest.name.startswith(f"{head}_")


@pytest.fixture(params=["office", "content"])
def application(request: pytest.FixtureRequest, tmp_path: Path) -> flask.Flask:
    """Each of the two applications."""
    settings = Settings(instance=tmp_path, demo=True, development=True)
    make = factory.create_app if request.param == "office" else factory.create_content_app
    return make(settings)


def test_every_route_declares_its_rule_and_what_its_parameters_are(
    application: flask.Flask,
) -> None:
    assert routes.undeclared(application) == []


def test_a_view_that_declares_nothing_would_be_found() -> None:
    stray = flask.Flask("stray")
    stray.add_url_rule("/open", "open", lambda: "", methods=["GET"])
    blueprint = flask.Blueprint("half", __name__)
    route(blueprint, "/people/<uuid:person_id>", may=SIGNED_IN)(_no_view)
    route(blueprint, "/odd/<uuid:it>", may=SIGNED_IN, about={"it": "folk"}, endpoint="odd")(
        _no_view
    )
    stray.register_blueprint(blueprint)
    found = {fault.partition(":")[0] for fault in routes.undeclared(stray)}
    # Flask's own route to static files declares nothing either.
    assert found == {"open", "half._no_view", "half.odd", "static"}


def _no_view() -> str:
    return ""


def test_a_route_answers_one_method(application: flask.Flask) -> None:
    allowed = ({"GET", "HEAD"}, {"POST"}, {"PATCH"}, {"DELETE"}, {"OPTIONS"})
    assert [
        rule.endpoint for rule in application.url_map.iter_rules() if rule.methods not in allowed
    ] == []


def test_the_content_origin_answers_nothing_without_a_launch(tmp_path: Path) -> None:
    application = factory.create_content_app(Settings(instance=tmp_path))
    rules = {
        application.view_functions[r.endpoint].rule.name
        for r in application.url_map.iter_rules()
        if not r.rule.startswith("/returned/")  # what content leads back to is nobody's
    }  # type: ignore[attr-defined] # set by route
    assert rules == {"launched", "files"}
