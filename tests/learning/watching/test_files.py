"""What the content's origin answers to a video's token: playlists, files in ranges, captions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import factory
from app.content.videos.models import Video
from app.content.videos.queries import film_of
from app.kernel.db import Database
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from app.learning.watching import queries
from tests.learning.player.conftest import Window, window
from tests.learning.watching.conftest import Launch, Watching

assert window  # a fixture

FILM = bytes(range(256)) * 8
PLAYLIST = '#EXTM3U\n#EXT-X-MAP:URI="720-1.mp4",BYTERANGE="800@0"\n720-1.mp4\n'
CAPTIONS = [{"language": "ja", "text": "WEBVTT\n\n00:00.000 --> 00:02.000\nはじめに\n"}]


@pytest.fixture
def watching(launch: Launch, session: Session, settings: Settings, tmp_path: Path) -> Watching:
    """A launched video with some of its files."""
    found = launch(captions=CAPTIONS)
    [video] = session.scalars(sa.select(Video))
    for name, content in (("720-1.mp4", FILM), ("720-1.m3u8", PLAYLIST.encode())):
        (tmp_path / name).write_bytes(content)
        objects_of(settings).put(f"{video.edition['prefix']}{name}", tmp_path / name, "")
    (tmp_path / "source").write_bytes(b"as it came")
    objects_of(settings).put(f"{video.edition['prefix']}source", tmp_path / "source", "")
    return found


@pytest.mark.requirement("CON-05")
def test_a_film_goes_out_in_ranges_and_may_be_kept_by_the_browser_alone(watching: Watching) -> None:
    part = watching.get("video/720-1.mp4", Range="bytes=100-199")
    assert (part.status_code, part.data) == (206, FILM[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(FILM)}"
    assert part.headers["Content-Type"] == "video/mp4"
    assert part.headers["Cache-Control"].startswith("private")
    same = watching.get("video/720-1.mp4", If_None_Match=part.headers["ETag"])
    assert same.status_code == 304


@pytest.mark.parametrize(
    "name",
    ["source", "..%2fsource", "720-1.mp4%00", "none.mp4", "720-1.exe", "UPPER.mp4", "a/b.mp4"],
)
@pytest.mark.requirement("CON-05")
def test_nothing_else_of_the_store_can_be_asked_for(watching: Watching, name: str) -> None:
    assert watching.get(f"video/{name}").status_code == 404


def test_the_master_playlist_leads_to_every_size_the_sound_alone_last(watching: Watching) -> None:
    answer = watching.get("video/master.m3u8")
    assert answer.mimetype == "application/vnd.apple.mpegurl"
    lines = answer.text.splitlines()
    assert [line for line in lines if line.endswith("m3u8") and not line.startswith("#")] == [
        "720-1.m3u8", "360-1.m3u8", "sound-1.m3u8",
    ]  # fmt: skip
    assert 'CODECS="avc1.64001f,mp4a.40.2"' in answer.text
    assert "RESOLUTION=1280x720" in answer.text
    assert 'URI="sound-1.m3u8"' in answer.text


@pytest.mark.parametrize(
    ("most", "names"),
    [(None, ["720-1", "360-1"]), (720, ["720-1", "360-1"]), (480, ["360-1"]), (1, ["360-1"])],
)
@pytest.mark.requirement("VID-07")
def test_larger_sizes_are_left_out_but_never_the_smallest(
    watching: Watching, session: Session, most: int | None, names: list[str]
) -> None:
    [video] = session.scalars(sa.select(Video))
    found = queries.master(film_of(video.edition), most).splitlines()
    assert [line.removesuffix(".m3u8") for line in found if line[0].isdigit()] == names


def test_a_silent_film_has_no_group_of_sound(watching: Watching, session: Session) -> None:
    [video] = session.scalars(sa.select(Video))
    found = queries.master(film_of({**video.edition, "sound": None}))
    assert "AUDIO" not in found
    assert "mp4a" not in found


@pytest.mark.requirement("VID-07")
def test_a_site_plays_what_its_line_bears(
    watching: Watching, settings: Settings, database: Database
) -> None:
    narrow = replace(settings, video_sites="出張所=127.0.0.0/8;480;0;0")
    app = factory.create_content_app(narrow, database)
    found = replace(watching, client=app.test_client()).get("video/master.m3u8").text
    assert "720-1" not in found
    assert "360-1" in found


def test_a_track_is_led_to_as_it_lies(watching: Watching) -> None:
    assert watching.get("video/720-1.m3u8").text == PLAYLIST


@pytest.mark.requirement("VID-02")
def test_captions_come_by_their_language(watching: Watching) -> None:
    found = watching.get("captions/ja.vtt")
    assert (found.text, found.mimetype) == (CAPTIONS[0]["text"], "text/vtt")
    assert watching.get("captions/en.vtt").status_code == 404


@pytest.mark.requirement("CON-05")
def test_a_package_and_a_video_answer_to_their_own_tokens_alone(
    window: Window, watching: Watching
) -> None:
    for name in ("watch", "video/master.m3u8", "video/720-1.mp4", "captions/ja.vtt"):
        assert window.get(name).status_code == 404, name
    assert window.post("watched", {"messages": []}).status_code == 404
    for name in ("", "content/index.html"):
        assert watching.get(name).status_code == 404, name
    for name, body in (
        ("navigate", {"step": 1, "request": "open"}),
        ("commit", {"messages": []}),
        ("leave", {}),
    ):
        assert watching.post(name, body).status_code in (404, 409), name


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"lease": 1, "messages": []}, 200),
        ({"lease": 2, "messages": []}, 422),
        ({"messages": "none"}, 422),
        ("{", 422),
        ('{"messages": [' * 5000, 422),
    ],
)
def test_a_body_that_is_none_is_refused_and_applies_nothing(
    watching: Watching, body: object, status: int
) -> None:
    assert watching.post("watched", body).status_code == status


def test_what_was_watched_comes_over_http_once(watching: Watching) -> None:
    message = {
        "sequence": 1, "item": "video", "changes": [["played.0", "0,5"], ["position", "5"]],
        "finished": False, "leaving": False,
    }  # fmt: skip
    for _ in range(2):
        answer = watching.post("watched", {"lease": 1, "messages": [message]}).get_json()
        assert (answer["sequence"], answer["played"]) == (1, [[0.0, 5.0]])
