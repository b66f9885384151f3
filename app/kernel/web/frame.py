"""The frame of every page: static files, the key colour, the choice of language and of years."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from functools import cache
from typing import Final
from urllib.parse import quote

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import language
from app.kernel.settings import Settings
from app.kernel.system.text import BANNER, REASONS
from app.kernel.web import years
from app.kernel.web.addresses import is_local
from app.kernel.web.application import ROOT
from app.kernel.web.routing import read_only, route, settings
from app.kernel.web.rules import PUBLIC

STATIC = ROOT / "static"
YEAR = 365 * 24 * 3600
#: What stands before the name in the address of a file that may be kept.
_MARK: Final = re.compile("[0-9a-f]{12}")

blueprint = flask.Blueprint("frame", __name__)


@cache
def _mark() -> str:
    """Return what changes with any of the files."""
    found = hashlib.sha256()
    for file in sorted(each for each in STATIC.rglob("*") if each.is_file()):
        found.update(f"{file.relative_to(STATIC)}\0".encode())
        found.update(file.read_bytes())
    return found.hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file; it changes with any of them, so it may be kept for long.

    A script names others by their place beside its own, so these are kept as well: asked for
    again, they were ten requests a page.
    """
    mark = "" if settings().development else f"{_mark()}/"
    return f"{flask.request.script_root}/static/{mark}{quote(name)}"


@route(blueprint, "/static/<path:name>", may=PUBLIC, about={"name": "file"})
def static(name: str) -> ResponseReturnValue:
    """Answer a file of ours; under the mark of another version, as it is now."""
    mark, _, rest = name.partition("/")
    file = rest if _MARK.fullmatch(mark) else name
    response = flask.send_from_directory(STATIC, file, conditional=True)
    return kept_for_long(response, may=mark == _mark())


def kept_for_long(response: flask.Response, *, may: bool) -> flask.Response:
    """Let browsers keep what its address changes with, and ask again for anything else."""
    is_kept = may and not settings().development
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if is_kept else "no-cache"
    )
    return response


@route(blueprint, "/key-colour.css", may=PUBLIC)
def key_colour() -> ResponseReturnValue:
    """Answer the one key colour of this installation, or nothing where it keeps ours."""
    colour = settings().key_colour
    css = f":root {{ --key-colour: {colour}; }}\n" if colour else ""
    return flask.Response(css, mimetype="text/css", headers={"Cache-Control": "no-cache"})


@route(blueprint, "/language", may=PUBLIC, method="POST", even_read_only=True)
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language in this browser, and go back to the page it was chosen on."""
    return _keep(language.COOKIE, language.LANGUAGES)


@route(blueprint, "/years", may=PUBLIC, method="POST", even_read_only=True)
def choose_years() -> ResponseReturnValue:
    """Keep in this browser how years are counted, and go back."""
    return _keep(years.COOKIE, years.YEARS)


def _keep(cookie: str, choices: Collection[str]) -> ResponseReturnValue:
    """Keep one of the choices in a cookie, from the form's field of the same name."""
    back = flask.request.form.get("next", "/")
    response = flask.redirect(back if is_local(back) else "/", 303)
    chosen = flask.request.form.get(cookie, "")
    if chosen in choices:
        response.set_cookie(
            cookie,
            chosen,
            max_age=YEAR,
            secure=settings().is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def install(app: flask.Flask, configured: Settings) -> None:
    """Give the application its static files, and the templates what they need for them."""
    app.register_blueprint(blueprint)
    app.add_template_global(static_url)
    app.context_processor(lambda: _frame(configured))


def _frame(configured: Settings) -> dict[str, object]:
    present, counted = language.current(), years.current()
    return {
        "language": present,
        "languages": [
            {"code": code, "label": label, "current": code == present}
            for code, label in language.LANGUAGES.items()
        ],
        "language_url": flask.url_for("frame.choose_language"),
        # In English there is one way to write a day.
        "year_choices": [
            {"code": code, "label": label, "current": code == counted}
            for code, label in years.YEARS.items()
            if present == "ja"
        ],
        "years_url": flask.url_for("frame.choose_years"),
        "home_url": "/",
        "key_colour_url": flask.url_for("frame.key_colour") if configured.key_colour else None,
        "organisation": configured.organisation,
        "emergency": _emergency(),
        "mailbox_url": flask.url_for("mailbox.mailbox") if configured.demo else None,
    }


def _emergency() -> dict[str, str] | None:
    try:
        found = read_only()
    except sa.exc.OperationalError:  # the database is away: the page that says so must still come
        return None
    if found is None:
        return None
    title, text = map(str, BANNER)
    return {"title": title, "text": text % {"reason": REASONS[found.reason]}}
