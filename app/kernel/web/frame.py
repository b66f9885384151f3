"""The frame of every page: static files, the key colour, the choice of language and of years."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache
from urllib.parse import quote

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import language
from app.kernel.settings import Settings
from app.kernel.system.text import BANNER, REASONS
from app.kernel.web import years
from app.kernel.web.application import ROOT
from app.kernel.web.routing import read_only, route, settings
from app.kernel.web.rules import PUBLIC

STATIC = ROOT / "static"
YEAR = 365 * 24 * 3600

blueprint = flask.Blueprint("frame", __name__)


@cache
def _address(root: str, name: str) -> str:
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{root}/static/{quote(name)}?v={mark}"


def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the file, so it may be kept for long.

    A page has some fifty of them: each is made once.
    """
    return _address(flask.request.script_root, name)


@route(blueprint, "/static/<path:name>", may=PUBLIC, about={"name": "file"})
def static(name: str) -> ResponseReturnValue:
    """Answer a file of ours."""
    response = flask.send_from_directory(STATIC, name, conditional=True)
    return kept_for_long(response)


def is_marked() -> bool:
    """Whether the address asked for changes with what is there, and nobody is at work on it."""
    return "v" in flask.request.args and not settings().development


def kept_for_long(response: flask.Response) -> flask.Response:
    """Let browsers keep what stands under a marked address, and ask again for anything else."""
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if is_marked() else "no-cache"
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


def is_local(path: str) -> bool:
    """Whether a path leads to a page of ours, and not to another host."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


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
