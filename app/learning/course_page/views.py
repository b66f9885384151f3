"""What the content's origin answers to the launch token of a course: its page, and its units.

A unit's content has no launch token: it speaks to the record store with the token of its session.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel import language
from app.kernel.errors import Refused
from app.kernel.web import headers
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import PUBLIC
from app.learning.course_page import queries, text
from app.learning.courses import queries as courses
from app.learning.courses import service
from app.learning.player import service as player
from app.learning.player.access import LAUNCHED, launched
from app.learning.player.views import PAGE_POLICY, STATIC

content = flask.Blueprint("course_page", __name__)

LAUNCH = {"token": "launch"}
#: What the page that content leads back to is made of.
OF_RETURNED = ("player.css", "returned.js")


@route(content, f"/<token>/{service.PAGE}", may=LAUNCHED, about=LAUNCH)
def page(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Show the course; it opens its first unit by itself."""
    launch = launched()
    setup = queries.setup(session(), launch, settings())
    response = flask.make_response(
        flask.render_template(
            "learning/course.html",
            title=setup["title"],
            language=launch.language,
            words=text.words(launch.language),
            setup=setup,
        )
    )
    policy = f"{PAGE_POLICY}; {headers.frame_ancestors(settings())}"
    response.headers["Content-Security-Policy"] = policy
    return response


@route(content, f"/<token>/{service.PAGE}/open", may=LAUNCHED, about=LAUNCH, method="POST")
def open_unit(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Launch a unit; answer its address."""
    launch = launched()
    asked = flask.request.get_json(force=True, silent=True)
    key = asked.get("item") if isinstance(asked, dict) else None
    if not isinstance(key, str):
        raise Refused("commit_malformed")
    player.check_open(session(), launch, courses.attempt(session(), launch.attempt_id))
    opened = service.open_unit(session(), launch, key, now=now(), settings=settings())
    return flask.jsonify(
        item=key,
        title=service.title_of(opened.unit, launch.language),
        address=opened.address,
        review=opened.mode == "Review",
    )


@route(content, f"/<token>/{service.PAGE}/standing", may=LAUNCHED, about=LAUNCH)
def standing(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Tell how far the learner is."""
    attempt = courses.attempt(session(), launched().attempt_id)
    return flask.jsonify(courses.standing_of(session(), attempt))


@route(content, f"/{service.RETURNED}", may=PUBLIC)
def returned() -> ResponseReturnValue:
    """Tell whoever opened a unit that its content has ended; it holds nothing of anybody's."""
    said = language.current()
    return flask.render_template("learning/returned.html", language=said, words=text.words(said))


@route(
    content,
    f"/{service.RETURNED}<any({', '.join(OF_RETURNED)}):name>",
    may=PUBLIC,
    about={"name": OF_RETURNED},
)
def returned_file(name: str) -> ResponseReturnValue:
    """Answer what that page is made of."""
    return flask.send_from_directory(STATIC, name)
