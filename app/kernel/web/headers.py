"""Security headers: of the office, of the origin of untrusted content, and of what machines ask."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask
from werkzeug.datastructures import Headers

from app.kernel.settings import Settings


def install_office(app: flask.Flask, settings: Settings) -> None:
    """Let the office load only what is its own, and be framed by nobody."""
    content = settings.content_origin_of("*")
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            # A launch is a form whose answer leads to the content's origin.
            f"form-action 'self' {content}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

    @app.after_request
    def protect(response: flask.Response) -> flask.Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        # Content that opens a window of its own must still find its opener's API.
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        _stay_secure(headers, is_secure=settings.is_secure)
        return response


def frame_ancestors(settings: Settings) -> str:
    """Return the policy that says in whose frames the player and its content may be shown.

    Beside those of the settings these are the pages of the portal that it was opened from.
    """
    portals = flask.g.get("framed_by", "") if flask.has_app_context() else ""
    named = f"{settings.frame_origins} {portals}".split()
    return " ".join(("frame-ancestors 'self'", *named))


def install_content(app: flask.Flask, settings: Settings) -> None:
    """Let content do as it likes on its own origin, and keep its address to itself."""
    secure = urlsplit(settings.content_origin).scheme == "https"

    @app.after_request
    def protect(response: flask.Response) -> flask.Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", frame_ancestors(settings))
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Content-Type-Options"] = "nosniff"
        # The path holds the launch token: no address of ours may reach another host.
        headers["Referrer-Policy"] = "same-origin"
        headers["Origin-Agent-Cluster"] = "?1"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Robots-Tag"] = "noindex"
        _stay_secure(headers, is_secure=secure)
        return response


def install_machines(app: flask.Flask, origin: str) -> None:
    """Have what systems and scripts are answered neither kept by a browser nor shown as a page.

    A browser that keeps a document would answer content from memory, with what was so before; and
    what somebody has stored as HTML would run on the origin that it is asked from.
    """
    secure = urlsplit(origin).scheme == "https"

    @app.after_request
    def protect(response: flask.Response) -> flask.Response:
        headers = response.headers
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        headers["Cache-Control"] = "no-store"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        _stay_secure(headers, is_secure=secure)
        return response


def _stay_secure(headers: Headers, *, is_secure: bool) -> None:
    if is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
