"""A cinema for tests of the video's page: serves it with a film made here, and keeps what is told.

It takes what was watched as the content's origin does, once and in order, and believes all of it.
"""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from app.kernel import clock, language
from app.kernel.settings import Settings
from app.learning.watching import text, views
from content_packages.media_types import content_type
from tests.workers import films
from xapi import video

ROOT = Path(__file__).parents[2]
SECONDS = 24
SIZES = {"180": "320x180", "360": "640x360"}
BOARD = {
    "interval": 2,
    "width": 160,
    "height": 90,
    "columns": 4,
    "rows": 3,
    "sheets": ["video/storyboard-1.jpg"],
}
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:24.000\n字幕の見本です。\n"
FREE = {
    "completion": "whole",
    "percent": 90,
    "is_bound": False,
    "hidden": "stop",
    "elsewhere": "stop",
}
BOUND = FREE | {"is_bound": True}
QUESTION = {"id": "q1", "at": 2.0, "text": "正しいものはどれですか。", "multiple": False}
_HLS = ("-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")


def shoot(folder: Path) -> None:
    """Make a film in two sizes with its sound, each one file that is asked for in ranges."""
    pictures = ("-f", "lavfi", "-i", f"testsrc2=s=640x360:r=10:d={SECONDS}")
    codec = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p")
    for name, size in SIZES.items():
        films.make(*pictures, *codec, "-s", size, *_track(folder, name))
    sine = ("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}")
    films.make(*sine, "-c:a", "aac", "-ac", "2", *_track(folder, "sound"))
    tiles = f"fps=1/2,scale=160:90,tile={BOARD['columns']}x{BOARD['rows']}"
    films.make(*pictures, "-vf", tiles, "-frames:v", "1", str(folder / "storyboard-1.jpg"))
    films.make(*pictures, "-frames:v", "1", str(folder / "poster.jpg"))
    (folder / "master.m3u8").write_text(_master(), encoding="utf-8")


def _track(folder: Path, name: str) -> tuple[str, ...]:
    file = ("-hls_segment_filename", str(folder / f"{name}.mp4"))
    return (*_HLS, "-hls_flags", "single_file", *file, str(folder / f"{name}.m3u8"))


def _master() -> str:
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,URI="sound.m3u8"',
    ]
    for place, (name, size) in enumerate(SIZES.items(), 1):
        codecs = f'CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION={size},AUDIO="sound"'
        lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={place * 400_000},{codecs}", f"{name}.m3u8"]
    return "\n".join([*lines, ""])


@dataclass
class Screening:
    """One launch: what its page starts from, and what it has told."""

    setup: dict[str, Any]
    #: Right choices by question, and the code that the film shows.
    right: dict[str, str] = field(default_factory=dict)
    code: str = ""
    #: Answered to what is told instead of taking it, where it is no 200.
    status: int = 200
    #: Whether the same person watches another video right now.
    elsewhere: bool = False
    #: Whether the film's files are there.
    has_film: bool = True
    #: Of what was played, only what lies before this place is believed.
    most: float = SECONDS
    sequence: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Return what was told under a name, in its order."""
        return [value for element, value in self.told if element.split(".")[0] == name]

    @property
    def played(self) -> video.Segments:
        """The union of what was played, by now and before."""
        fresh = [tuple(map(float, value.split(","))) for value in self.values("played")]
        return video.union([*self.setup["played"], *fresh], self.most)

    def take(self, document: dict[str, Any]) -> dict[str, Any]:
        """Take messages once each, and return the answer."""
        for message in document["messages"]:
            if message["sequence"] > self.sequence:
                assert message["sequence"] == self.sequence + 1, "a message is missing"
                self.sequence += 1
                self.messages.append(message)
                self.told += [(element, value) for element, value in message["changes"]]
        answers = [value.partition(":")[::2] for value in self.values("answer")]
        return {
            "sequence": self.sequence,
            "saved_at": clock.now().isoformat(),
            "progress": video.progress(self.played, SECONDS),
            "done": self.setup["done"] or video.length(self.played) >= SECONDS - 1,
            "answers": {name: self.right.get(name) == chosen for name, chosen in answers},
            "code_given": bool(self.code) and self.code in self.values("code"),
            "elsewhere": self.elsewhere,
            "played": self.played,
            "rejected": [],
        }


class Quiet(WSGIRequestHandler):
    """One who does not write down each part of a film that is asked for."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class Cinema:
    """All screenings of a test run, by the token in their addresses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin = ""
        self.screenings: dict[str, Screening] = {}

    def show(self, *, rule: dict[str, Any] = FREE, **more: Any) -> tuple[Screening, str]:
        """Return a new screening and the address of its page."""
        setup = {
            "title": "研修の動画の見本",
            "duration": SECONDS,
            "master": "video/master.m3u8",
            "poster": "video/poster.jpg",
            "storyboard": BOARD,
            "captions": [{"language": "ja", "label": "日本語", "src": "captions/ja.vtt"}],
            "chapters": [[0, "はじめに"], [12, "なかほど"], [18, "まとめ"]],
            "transcript": [[0.0, "はじめの文です。"], [12.0, "次の文です。"], [None, "注"]],
            "questions": [],
            "answered": [],
            "rule": rule,
            "asks_code": False,
            "code_given": False,
            "position": 0.0,
            "played": [],
            "progress": 0.0,
            "done": False,
            "free": not rule["is_bound"],
            "lease": 1,
            "preview": False,
            "language": "ja",
            "back": f"{self.origin}/home",
        }
        token = uuid.uuid4().hex
        self.screenings[token] = Screening(setup | more)
        return self.screenings[token], f"{self.origin}/{token}/watch"


def _application(cinema: Cinema, settings: Settings) -> flask.Flask:
    site = flask.Flask(__name__, template_folder=ROOT / "app" / "templates", static_folder=None)
    language.install(site, "ja")
    policy = views.policy(settings)

    @site.get("/home")
    def home() -> str:
        return "<!doctype html><title>home</title>"

    @site.get("/<token>/watch")
    def watch(token: str) -> ResponseReturnValue:
        screening = cinema.screenings[token]
        setup = screening.setup | {"sequence": screening.sequence}
        spoken = setup["language"]
        page = flask.render_template(
            "learning/video.html", language=spoken, words=text.words(spoken), setup=setup
        )
        return page, 200, {"Content-Security-Policy": policy, "Cache-Control": "no-store"}

    @site.post("/<token>/watched")
    def watched(token: str) -> ResponseReturnValue:
        screening = cinema.screenings[token]
        if screening.status != 200:
            return {"type": "urn:kenshu:superseded"}, screening.status
        return screening.take(flask.request.get_json())

    _files(site, cinema)
    return site


def _files(site: flask.Flask, cinema: Cinema) -> None:
    @site.get("/<token>/player/<path:name>")
    def script(token: str, name: str) -> ResponseReturnValue:
        return flask.send_from_directory(ROOT / "app" / "static" / "player", name)

    @site.get("/<token>/video/<name>")
    def file(token: str, name: str) -> ResponseReturnValue:
        if not cinema.screenings[token].has_film and not name.endswith(".jpg"):
            flask.abort(404)
        # From memory: a browser that goes away amid an answer would leave a file open.
        content = io.BytesIO((cinema.folder / name).read_bytes())
        return flask.send_file(content, content_type(name), conditional=True)

    @site.get("/<token>/captions/ja.vtt")
    def captions(token: str) -> ResponseReturnValue:
        return CAPTIONS, 200, {"Content-Type": "text/vtt; charset=utf-8"}


@contextmanager
def opened(folder: Path) -> Iterator[Cinema]:
    """Make the film, and serve it on the loopback until the end."""
    shoot(folder)
    cinema = Cinema(folder)
    site = _application(cinema, Settings(instance=folder))
    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=Quiet)
    cinema.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield cinema
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
