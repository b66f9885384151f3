"""The page of a video: what it starts from, its words, its policy; films from an object store."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from lxml import html
from sqlalchemy.orm import Session

from app import factory
from app.content.videos.models import Completion, Reaction, Video, WatchingRule
from app.kernel.db import Database
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from app.learning.player import access as tokens
from app.learning.records.models import Attempt
from app.learning.watching import service, text
from app.people.accounts.models import Account
from tests.kernel.objects import conftest as stores
from tests.learning.watching.conftest import Launch, Watching

bucket, s3_server, s3_settings = stores.bucket, stores.s3_server, stores.s3_settings

CAPTIONS = [
    {
        "language": language,
        "text": f"WEBVTT\n\n00:01.500 --> 00:02.000\n<b>{said}</b>\n\n00:03.000 --> 00:04.000\n2\n",
    }
    for language, said in (("en", "First"), ("ja", "はじめに"))
]
QUESTION = {"id": "q1", "at": 35.0, "text": "出口は？", "choices": ["東", "西"], "right": [1]}


def read(watching: Watching, name: str) -> dict[str, Any]:
    """Return what stands in the page as JSON under an id."""
    page = watching.get("watch")
    assert page.status_code == 200
    found: dict[str, Any] = json.loads(html.fromstring(page.text).get_element_by_id(name).text)
    return found


def test_the_page_starts_from_the_film_and_what_stands_beside_it(launch: Launch) -> None:
    rule = WatchingRule(Completion.PERCENT, 80, is_bound=True, hidden=Reaction.NOTE)
    setup = read(
        launch(
            rule, captions=CAPTIONS, chapters=[[0.0, "はじめに"]], questions=[QUESTION], code="X9"
        ),
        "setup",
    )
    assert setup["duration"] == 120
    assert setup["master"] == "video/master.m3u8"
    assert setup["poster"] == "video/poster-1.jpg"
    assert setup["storyboard"]["sheets"] == ["video/board-1-1.jpg"]
    assert setup["captions"][0] == {
        "language": "en", "label": "English", "src": "captions/en.vtt",
    }  # fmt: skip
    assert setup["chapters"] == [[0.0, "はじめに"]]
    assert setup["transcript"] == [[1.5, "はじめに"], [3.0, "2"]]
    assert setup["rule"] == rule.as_document()
    assert (setup["asks_code"], setup["code_given"], setup["free"]) == (True, False, False)
    assert (setup["lease"], setup["sequence"], setup["preview"]) == (1, 0, False)
    assert setup["back"].endswith("/assignments/1")


def test_what_is_right_is_not_in_the_page(launch: Launch) -> None:
    watching = launch(questions=[QUESTION, {**QUESTION, "id": "q2", "right": [0, 1]}], code="X9Y8")
    setup = read(watching, "setup")
    assert [each["multiple"] for each in setup["questions"]] == [False, True]
    for each in setup["questions"]:
        assert set(each) == {"id", "at", "text", "choices", "multiple"}
    assert "X9Y8" not in watching.get("watch").text


def test_a_page_that_is_loaded_again_goes_on_where_it_was(launch: Launch) -> None:
    watching = launch(WatchingRule(Completion.WHOLE, is_bound=True), questions=[QUESTION])
    watching.viewer.open()
    watching.viewer.play(0, 30, ("answer.1", "q1:1"))
    setup = read(watching, "setup")
    assert (setup["sequence"], setup["position"], setup["played"]) == (2, 30, [[0, 30]])
    assert (setup["answered"], setup["progress"], setup["done"]) == (["q1"], 0.25, False)
    watching.viewer.play(30, 120)
    assert [read(watching, "setup")[name] for name in ("done", "free")] == [True, True]
    newer = launch.again(watching)  # type: ignore[attr-defined]
    assert [read(newer, "setup")[name] for name in ("lease", "sequence")] == [2, 0]


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ({}, []),
        ({"transcript": "一行目\n\n二行目\n"}, [[None, "一行目"], [None, "二行目"]]),
        ({"transcript": "自分の", "captions": CAPTIONS}, [[None, "自分の"]]),
        ({"captions": CAPTIONS[:1]}, [[1.5, "First"], [3.0, "2"]]),
    ],
)
@pytest.mark.requirement("VID-02")
def test_a_film_can_be_read_by_its_authors_text_else_by_its_captions(
    launch: Launch, beside: dict[str, object], expected: list[object]
) -> None:
    assert read(launch(**beside), "setup")["transcript"] == expected


def test_the_words_are_in_the_language_of_the_launch(launch: Launch, settings: Settings) -> None:
    watching = launch()
    assert read(watching, "words")["go_on"] == "続きを見る"
    assert set(read(watching, "words")) == set(text.words("en"))
    path = urlsplit(watching.address).path.split("/")[1]
    said = tokens.read(settings, path, urlsplit(watching.address).netloc)
    english = tokens.address(settings, replace(said, language="en"), service.PAGE)
    assert read(replace(watching, address=english), "setup")["language"] == "en"


@pytest.mark.requirement("CON-05")
def test_the_page_may_fetch_from_its_own_origin_alone(launch: Launch) -> None:
    policy = launch().get("watch").headers["Content-Security-Policy"]
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"
    assert directives["media-src"] == "'self' blob:"
    assert directives["img-src"] == "'self' data: blob:"
    assert directives["worker-src"] == "'self' blob:"
    assert directives["font-src"] == "'self' data:"


def test_a_frozen_learner_is_shown_no_more_but_what_was_watched_is_kept(
    launch: Launch, session: Session
) -> None:
    watching = launch()
    session.merge(Account(person_id=watching.actor.known_id, frozen_at=watching.viewer.now))
    session.flush()
    assert watching.get("watch").status_code == 410
    message = {"sequence": 1, "item": "video", "changes": [["position", "5"]], "finished": False}
    assert watching.post("watched", {"lease": 1, "messages": [message]}).status_code == 200


def test_an_attempt_that_is_gone_is_not_found(launch: Launch, session: Session) -> None:
    watching = launch()
    session.execute(sa.delete(Attempt))
    for name in ("watch", "video/master.m3u8", "captions/ja.vtt"):
        assert watching.get(name).status_code == 404, name
    assert watching.post("watched", {"lease": 1, "messages": []}).status_code == 404


@pytest.fixture(params=[True, False], ids=["direct", "through us"])
def stored(
    request: pytest.FixtureRequest,
    launch: Launch,
    session: Session,
    database: Database,
    s3_settings: Settings,
    tmp_path: Path,
) -> Watching:
    """A launched video whose files lie in an object store, which is asked by browsers or by us."""
    configured = replace(s3_settings, object_store_direct=request.param)
    watching = launch()
    [video] = session.scalars(sa.select(Video))
    playlist = '#EXTM3U\n#EXT-X-MAP:URI="720-1.mp4",BYTERANGE="8@0"\n720-1.mp4\n'
    for name, content in (("720-1.mp4", b"0123456789"), ("720-1.m3u8", playlist.encode())):
        path = tmp_path / f"{uuid.uuid4()}"
        path.write_bytes(content)
        objects_of(configured).put(f"{video.edition['prefix']}{name}", path, "video/mp4")
    app = factory.create_content_app(configured, database)
    return replace(watching, client=app.test_client())


@pytest.mark.requirement("VID-07")
def test_a_store_serves_films_itself_where_the_settings_say_so_and_through_us_else(
    stored: Watching, s3_server: str, request: pytest.FixtureRequest
) -> None:
    is_direct = "direct" in request.node.callspec.id
    playlist = stored.get("video/720-1.m3u8").text
    policy = stored.get("watch").headers["Content-Security-Policy"]
    assert (f'URI="{s3_server}/' in playlist) is is_direct
    assert (f"media-src 'self' {s3_server} blob:" in policy) is is_direct
    assert (f"connect-src 'self' {s3_server}" in policy) is is_direct
    part = stored.get("video/720-1.mp4", Range="bytes=2-4")
    if is_direct:
        assert part.status_code == 307
        assert part.headers["Location"].startswith(s3_server)
        assert playlist.count(s3_server) == 2
    else:
        assert (part.status_code, part.data) == (206, b"234")
        assert playlist.endswith("\n720-1.mp4\n")
    assert stored.get("video/none-1.m3u8").status_code == 404
