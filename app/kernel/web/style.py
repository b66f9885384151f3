"""The office's stylesheet: one file of many, as a browser asks for each file it is told of."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import flask
from flask.typing import ResponseReturnValue

from app.kernel.web.frame import STATIC, kept_for_long
from app.kernel.web.routing import route, settings
from app.kernel.web.rules import PUBLIC

#: In the order of their say: tokens, ground, frame, components, header, paper.
SHEETS: Final = (
    "key_colour", "ground", "frame",
    "button", "heading", "breadcrumb", "tab", "table", "card", "chip_label",
    "form_control_label", "input_text", "textarea", "select", "checkbox", "radio", "date_picker",
    "file_upload", "form_rows", "calendar", "search_box", "list_tools", "saved_filters",
    "page_navigation", "step_navigation", "progress_indicator", "chart", "watched",
    "notification_banner", "emergency_banner", "accordion", "disclosure", "drawer", "menu_list",
    "description_list", "resource_list", "language_selector", "error_summary", "empty_state",
    "dialog", "second_factor", "check_in", "exam", "json", "guide", "header", "paper",
)  # fmt: skip

blueprint = flask.Blueprint("style", __name__)


def read() -> str:
    """Return all of it."""
    files = (STATIC / "vendor" / "tokens.css", *(STATIC / "css" / f"{each}.css" for each in SHEETS))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def _kept() -> tuple[str, str]:
    text = read()
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def style_url() -> str:
    """Return its address, which changes with it, so that it may be kept for long."""
    return flask.url_for("style.style", v=None if settings().development else _kept()[1])


@route(blueprint, "/style.css", may=PUBLIC)
def style() -> ResponseReturnValue:
    """Answer the stylesheet; while it is worked on, as it stands now."""
    text = read() if settings().development else _kept()[0]
    response = flask.Response(text, mimetype="text/css")
    return kept_for_long(response, may=flask.request.args.get("v") == _kept()[1])


def install(app: flask.Flask) -> None:
    """Give the application its stylesheet, and the templates its address."""
    app.register_blueprint(blueprint)
    app.add_template_global(style_url)
