"""The guide on screen: the chapters of docs/guide, one a role, with their pictures.

The files are ours, and yet read as if they were not: no markup of their own gets through, and no
address but of another chapter, a picture or a place in the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import flask
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.kernel.errors import NotFound
from app.kernel.web.application import ROOT
from app.kernel.web.routing import route
from app.kernel.web.rules import SIGNED_IN

GUIDE = ROOT.parent / "docs" / "guide"
PICTURES = tuple(sorted(path.name for path in (GUIDE / "images").glob("*.png")))
#: The chapters of roles, and those for whoever runs the system.
ROLES = ("learner", "head", "coordinator", "office", "author", "administrator")
RUNNING = ("operation", "retention", "sign-on", "lti", "protection", "screens")
CONTENTS = "README"

blueprint = flask.Blueprint("guide", __name__)
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Chapter:
    """A chapter, ready to be shown."""

    title: str
    text: Markup
    #: The id and the words of its headings, the larger ones alone.
    parts: Sequence[tuple[str, str]]


@route(blueprint, "/guide", may=SIGNED_IN)
def contents() -> ResponseReturnValue:
    """Show which chapters there are, and what helps when one is stuck."""
    return _page(CONTENTS)


@route(blueprint, "/guide/<name>", may=SIGNED_IN, about={"name": ROLES + RUNNING})
def chapter(name: str) -> ResponseReturnValue:
    """Show a chapter."""
    if name not in ROLES + RUNNING:
        raise NotFound
    return _page(name)


@route(blueprint, "/guide/images/<name>", may=SIGNED_IN, about={"name": PICTURES})
def picture(name: str) -> ResponseReturnValue:
    """Answer a picture of the guide."""
    response = flask.send_from_directory(GUIDE / "images", name, conditional=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _page(name: str) -> ResponseReturnValue:
    return flask.render_template(
        "kernel/guide.html",
        chapter=read((GUIDE / f"{name}.md").read_text(encoding="utf-8")),
        name=name,
        roles=[(each, title(each)) for each in ROLES],
        running=[(each, title(each)) for each in RUNNING],
    )


@cache
def title(name: str) -> str:
    """Return what a chapter is called: its first line."""
    with (GUIDE / f"{name}.md").open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()


def read(text: str) -> Chapter:
    """Return a chapter, its links leading to where the guide stands on screen."""
    tokens = _markdown.parse(text)
    parts = list(_name_headings(tokens))
    for token in tokens:
        _lead(token.children or ())
    body = _markdown.renderer.render(tokens[3:], _markdown.options, {})
    # The first heading is the page's own.
    return Chapter(_words(tokens[1]), Markup(body), parts)  # noqa: S704 - raw markup is off


def _name_headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Give every heading an id as the links to it have it; yield the larger ones."""
    met: Counter[str] = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = _words(inline)
            key = slug(words)
            again = f"{key}-{met[key]}" if met[key] else key
            met[key] += 1
            opening.attrSet("id", again)
            if opening.tag == "h2":
                yield again, words


def _words(inline: Token) -> str:
    return "".join(each.content for each in inline.children or ())


def slug(words: str) -> str:
    """Return the id of a heading, made as the places make it where the files are read, too."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def _lead(inline: Sequence[Token]) -> None:
    """Turn links and pictures to their addresses on screen; what is not of the guide is no link."""
    is_link = False
    for token in inline:
        if token.type == "image":
            file = str(token.attrGet("src")).rpartition("/")[2]
            token.attrSet("src", flask.url_for("guide.picture", name=file))
            token.attrSet("loading", "lazy")
            if file.endswith("-360.png"):
                token.attrSet("class", "is-narrow")
        elif token.type == "link_open":
            address = _address(str(token.attrGet("href")))
            is_link = address is not None
            if address is None:
                token.tag, token.attrs = "span", {}
            else:
                token.attrSet("href", address)
        elif token.type == "link_close" and not is_link:
            token.tag = "span"
        elif token.type == "softbreak":
            token.type, token.content = "text", ""  # between Japanese sentences stands no space


def _address(href: str) -> str | None:
    file, _, place = href.partition("#")
    name = file.removesuffix(".md")
    if not file:
        return href
    if name == CONTENTS:
        return flask.url_for("guide.contents", _anchor=place or None)
    if name in ROLES + RUNNING:
        return flask.url_for("guide.chapter", name=name, _anchor=place or None)
    return None
