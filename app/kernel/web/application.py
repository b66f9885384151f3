"""What both applications have in common: settings, database, references, limits, answers."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import flask
import jinja2
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from app.kernel import language
from app.kernel.actor import act_as_oneself
from app.kernel.audit.service import Origin, origin
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import filters, lists, problems, routing
from content_packages import ranges

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Folder of the `app` package: its templates, static files and translations.
ROOT = Path(__file__).parents[2]

log = logging.getLogger("app.requests")


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies, by one signer made once and not for each request."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: flask.Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of the application whose sessions these are."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


class Response(flask.Response):
    """An answer that is given to the server in one piece, where it is no larger than `PIECE`.

    The server then sends it without us: a browser that reads slowly, or has stopped to read, keeps
    none of our few threads, and a small answer leaves in one packet. What is larger goes out piece
    by piece, as the browser takes it.
    """

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Return the body: a list of it as a whole, or its pieces."""
        pieces = super().get_app_iter(environ)
        length = self.headers.get("Content-Length", type=int)
        if not self.is_sequence and (length is None or length > ranges.PIECE):
            return pieces
        try:
            return list(pieces)
        finally:
            if close := getattr(pieces, "close", None):
                close()


def prepare(name: str, settings: Settings, database: Database, problem_page: str) -> flask.Flask:
    """Return an application with everything but its routes, its headers and its sign-in."""
    app = flask.Flask(name, static_folder=None, root_path=str(ROOT))
    app.response_class = Response
    app.session_interface = Sessions()
    app.extensions["kenshu.settings"] = settings
    app.extensions["kenshu.database"] = database
    app.config.update(
        SECRET_KEY=settings.key(),
        PROBLEM_PAGE=problem_page,
        MAX_CONTENT_LENGTH=routing.SMALL_REQUEST,
        MAX_FORM_MEMORY_SIZE=4 * 1024**2,
        SESSION_COOKIE_NAME="__Host-kenshu" if settings.is_secure else "kenshu",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TEMPLATES_AUTO_RELOAD=settings.development,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # Flask's default provider has it
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign] # Flask's documented way
    language.install(app, settings.language)
    filters.install(app)
    lists.install(app)
    problems.install(app)
    _install_references(app)
    return app


def _install_references(app: flask.Flask) -> None:
    """Give each request a reference, in its log lines, its audit lines and its problem page."""

    @app.before_request
    def begin() -> None:
        flask.g.reference = secrets.token_hex(6)
        flask.g.began = time.perf_counter()
        origin.set(Origin(flask.request.remote_addr or "", flask.g.reference))
        act_as_oneself()

    @app.after_request
    def end(response: flask.Response) -> flask.Response:
        response.headers["X-Request-Id"] = flask.g.get("reference", "")
        log.info(
            "request",
            extra={
                "method": flask.request.method,
                # The rule and not the path: a path may hold a launch token.
                "route": str(flask.request.url_rule or "-"),
                "status": response.status_code,
                "ms": round(1000 * (time.perf_counter() - flask.g.get("began", 0.0)), 1),
                **flask.g.get("told", {}),
            },
        )
        return response
