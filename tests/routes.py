"""What routes declare of themselves, checked and walked: the house rules and the matrix use it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import flask

from app.kernel.db import Base
from app.kernel.notices.text import KINDS
from app.kernel.web.routing import About

#: What a parameter can be that is no row: a file of ours or of a package, a launch's token, a
#: calendar's key, and a kind of notice.
NO_ROWS = frozenset({"file", "launch", "calendar", "kind"})
#: What can stand before a table's name: see `app.kernel.web.routing.About`.
SCOPES = frozenset({"whole", "own", "part", "near", "open"})

#: The methods that routes answer, and how many routes answer each at least.
METHODS = {"GET": 11, "POST": 11, "PATCH": 1, "DELETE": 1, "OPTIONS": 1}
#: Those of them that change something.
CHANGES = ("POST", "PATCH", "DELETE")

#: A parameter of a path, with its name.
_PARAMETER = re.compile(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True)
class Declared:
    """One route as it declares itself."""

    endpoint: str
    path: str
    method: str
    #: Name of its rule.
    rule: str
    #: What its parameters are.
    about: About

    @property
    def things(self) -> dict[str, tuple[str, str]]:
        """The scope (`whole`, `own` or nothing) and the table of each parameter that is a key."""
        found = {}
        for name, what in self.about.items():
            if isinstance(what, str) and what not in NO_ROWS:
                scope, _, table = what.rpartition(" ")
                found[name] = (scope, table)
        return found


def asks_nobody(rule: str) -> bool:
    """Whether a rule lets in who is not signed in: everybody, or whoever holds a token of ours."""
    return rule == "public" or rule.startswith("token:")


def undeclared(app: flask.Flask) -> list[str]:
    """Return in words every route without a rule and every parameter that nobody has declared."""
    faults = []
    for route in app.url_map.iter_rules():
        view = app.view_functions[route.endpoint]
        if not hasattr(view, "rule"):
            faults.append(
                f"{route.endpoint}: no rule; register the view with app's `route(…, may=…)`"
            )
            continue
        about: About = view.about
        for name in sorted(route.arguments ^ set(about)):
            faults.append(
                f"{route.endpoint}: `about` and the path differ in {name!r}; "
                "say what the parameter is: route(…, about={…})"
            )
        faults.extend(
            f"{route.endpoint}: {name!r} is declared as {what!r}, which is no table"
            for name, what in about.items()
            if not _is_known(what)
        )
    return faults


def declared(app: flask.Flask) -> Iterator[Declared]:
    """Yield every route with what it declares; `undeclared` has found none without."""
    for route in app.url_map.iter_rules():
        view = app.view_functions[route.endpoint]
        (method,) = set(route.methods or ()) - {"HEAD"}
        yield Declared(route.endpoint, route.rule, method, view.rule.name, view.about)  # type: ignore[attr-defined] # set by route


def spelled(app: flask.Flask) -> Iterator[tuple[Declared, str]]:
    """Yield every route with each path that its words spell: one a word that a parameter can be."""
    for route in declared(app):
        names = list(route.about)
        values = [
            [_absent(what)] if isinstance(what, str) else what for what in route.about.values()
        ]
        for chosen in product(*values):
            said = dict(zip(names, chosen, strict=True))
            yield route, _PARAMETER.sub(lambda found: said[found[1]], route.path)  # noqa: B023 - called at once


def absent(app: flask.Flask, method: str) -> Iterator[tuple[Declared, str]]:
    """Yield every route of a method with a path to it about things that there are not."""
    for route in declared(app):
        if route.method == method:
            about = route.about
            yield route, _PARAMETER.sub(lambda found: _absent(about[found[1]]), route.path)  # noqa: B023 - called at once


def _absent(what: str | tuple[str, ...]) -> str:
    if not isinstance(what, str):
        return what[0]
    known = {
        "file": "css/ground.css",
        "launch": "open",
        "calendar": "none",
        "kind": next(iter(KINDS)),
    }
    return known.get(what, str(uuid.UUID(int=1)))


def _is_known(what: str | tuple[str, ...]) -> bool:
    if not isinstance(what, str):
        return bool(what)
    scope, _, table = what.rpartition(" ")
    return what in NO_ROWS or (table in Base.metadata.tables and scope in SCOPES | {""})
