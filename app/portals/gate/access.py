"""What a browser is given to keep, and in whose frames the gate's pages may stand."""

from __future__ import annotations

from datetime import date

import flask

from app.kernel import clock
from app.kernel.hashing import hashed
from app.kernel.web.routing import now, settings
from app.portals.gate.queries import PATIENCE
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import OpenPortal

#: The field that brings back what the browser has kept.
VERIFIER = "verifier"
PATH = "/lti/"


def today() -> date:
    """Return the day of the request, in Japan."""
    return clock.today(now())


def cookie_of(state: str) -> str:
    """Return the name of a login's own cookie: two tabs must not take each other's."""
    return f"kenshu-lti-{hashed(state)[:16]}"


def give(response: flask.Response, state: str, verifier: str) -> None:
    """Give a browser what it is to keep.

    It is no secret from our own page, which looks whether it was kept.
    """
    response.set_cookie(
        cookie_of(state),
        verifier,
        max_age=PATIENCE,
        path=PATH,
        secure=True,
        samesite="None",
        partitioned=True,
    )


def kept(state: str) -> str | None:
    """Return what came back as a cookie; None for nothing."""
    return flask.request.cookies.get(cookie_of(state))


def take(response: flask.Response, state: str) -> None:
    """Have a browser forget what is used up."""
    name = cookie_of(state)
    if name in flask.request.cookies:
        response.delete_cookie(name, path=PATH, secure=True, samesite="None", partitioned=True)


def framed(page: str, portal: Portal | OpenPortal | None) -> flask.Response:
    """Return a page that a portal's pages may frame.

    One that says why somebody does not come in may stand in any frame: there is nothing on it to
    be clicked by mistake, and nobody knows whose frame it is.
    """
    if isinstance(portal, Portal):
        portal = OpenPortal.of(portal)
    ancestors = portal.origins if portal else "*"
    response = flask.make_response(page)
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {settings().content_origin_of('*')} {_answered(portal)}".rstrip(),
            "base-uri 'none'",
            f"frame-ancestors 'self' {ancestors}",
        )
    )
    return response


def _answered(portal: OpenPortal | None) -> str:
    """Return the origins that a choice of materials may be posted to."""
    if portal is None:
        return ""
    hosts = portal.registration.hosts
    return " ".join(f"https://{host}:* http://{host}:*" for host in sorted(hosts))
