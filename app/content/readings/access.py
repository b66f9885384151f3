"""A document or a link as an answer of the office."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.content.materials import access
from app.content.materials.models import Version
from app.content.readings.service import FILE
from app.kernel.errors import NotFound
from app.kernel.web.routing import settings
from content_packages import serving


def opened(version: Version) -> ResponseReturnValue:
    """Lead to the address of a link, or answer the PDF of a document, in ranges if asked.

    Raises NotFound where it has neither.
    A PDF is shown by the browser's own reader, which runs nothing in the page's name; the type is
    ours, and `nosniff` keeps a browser from taking it for anything else.
    """
    if "url" in version.document:
        return flask.redirect(version.document["url"])
    archive = access.store(settings()).open(version.sha256) if version.sha256 else None
    entry = archive.find(FILE) if archive else None
    if archive is None or entry is None:
        raise NotFound
    headers = flask.request.headers
    found = serving.answer(
        archive,
        entry,
        serving.Asked(
            byte_range=headers.get("Range"),
            if_none_match=headers.get("If-None-Match"),
            if_range=headers.get("If-Range"),
        ),
    )
    response = flask.Response(found.body, found.status, found.headers)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers.set("Content-Disposition", "inline", filename=version.file_name)
    return response
