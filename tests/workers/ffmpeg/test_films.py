"""Whatever people send: it plays, or it is refused by the right code."""

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.kernel.errors import Refused
from content_packages.video import fragments
from tests.workers.ffmpeg.made import made, numbers, probed, seen
from workers.ffmpeg import probe
from workers.ffmpeg.running import RunError, ask

#: Kind of film → frames a second, frames, width, height.
PLAYS = {
    "plain.mp4": (25, 100, 320, 180),
    "one.mp4": (25, 1, 320, 180),
    "two.mp4": (25, 2, 320, 180),
    "one.avi": (25, 1, 320, 180),
    "short.mkv": (25, 13, 320, 180),
    "front.mp4": (25, 100, 320, 180),
    "turned.mp4": (25, 100, 180, 320),
    "hdr.mp4": (25, 50, 320, 180),
    "ten-bits.mp4": (25, 50, 320, 180),
    "odd.mkv": (25, 100, 320, 180),
    "interlaced.mpg": (25, 100, 352, 288),
    "silent.mp4": (25, 100, 320, 180),
    "eight.mov": (25, 100, 320, 180),
    "wrong.txt": (25, 100, 320, 180),
    "windows.wmv": (25, 100, 320, 180),
    "recorded.webm": (25, 100, 320, 180),
    "camera.avi": (25, 100, 320, 180),
    "old.avi": (25, 101, 320, 180),  # its first picture is shown for two
    "sixty.mp4": (30, 120, 320, 180),
    "ntsc.mp4": (30000 / 1001, 120, 320, 180),
    "stream.ts": (25, 100, 320, 180),
    "flash.flv": (25, 100, 320, 180),
    "wide.mp4": (25, 100, 512, 288),
    "late.mp4": (25, 100, 320, 180),
}
REFUSED = {
    "tail-cut.mp4": "not_a_video",
    "front-cut.mp4": "video_cut_short",
    "cut.mkv": "video_cut_short",
    "empty.mp4": "video_empty",
    "sound.m4a": "video_without_pictures",
    "cover.mp3": "not_a_video",
    "text.mp4": "not_a_video",
    "tiny.mp4": "video_size_odd",
}
#: Names another file, and another host.
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile {address}\n"
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"


@pytest.mark.parametrize("kind", PLAYS)
def test_it_plays(films, tmp_path, kind):
    rate, frames, width, height = PLAYS[kind]
    film = made(films(kind), tmp_path / "made")
    name, track = next(iter(film.tracks.items()))
    assert (track.samples, track.fragments[0].time) == (frames, 0)
    assert track.seconds == pytest.approx(frames / rate, abs=0.002)
    entries = "stream=width,height,pix_fmt,sample_aspect_ratio"
    rows = probed(film.folder / f"{name}.mp4", entries)
    assert rows[0][:2] == [str(width), str(height)]
    assert set(rows[0][2:]) <= {"1:1", "N/A", "yuv420p"}
    assert "yuv420p" in rows[0]
    if film.source.sound:
        assert film.sound.fragments[0].time == 0
        if kind != "late.mp4":
            assert film.sound.seconds == pytest.approx(track.seconds, abs=0.1)


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_with_the_reason(films, kind):
    with pytest.raises(Refused) as refused:
        seen(films(kind))
    assert refused.value.code == REFUSED[kind]


def test_uneven_pictures_are_shown_evenly(films, tmp_path):
    film = made(films("uneven.mp4"), tmp_path / "made")
    assert film.timeline.is_variable
    name = f"{film.plan.sizes[0].name}.mp4" if film.plan.sizes else f"{film.plan.taken}.mp4"
    track = fragments.read(film.folder / name)
    assert track.seconds == pytest.approx(film.timeline.seconds, abs=0.1)
    if not film.plan.is_taken:
        assert {*probed(film.folder / name, "stream=r_frame_rate")[0]} == {"30/1"}
        assert track.samples == pytest.approx(film.plan.frames, abs=2)


def test_pictures_that_begin_late_are_heard_with_their_sound(films, tmp_path):
    film = made(films("late.mp4"), tmp_path / "made")
    assert film.plan.starts == pytest.approx(0.7, abs=0.001)
    assert film.sound.seconds == pytest.approx(3.3, abs=0.05)


def test_of_two_fields_every_frame_is_made_whole(films):
    source, _, plan = seen(films("interlaced.mpg"))
    assert source.picture.is_interlaced
    assert not plan.is_taken


def test_a_frame_alone_is_shown_as_it_is(films, tmp_path):
    film = made(films("one.avi"), tmp_path / "made")
    assert numbers(film.folder / "180.mp4") == [0]
    assert (film.folder / "small-00000.jpg").exists()


def test_what_a_file_is_can_be_written_down(films):
    source = probe.look(films("plain.mp4"))
    assert probe.Source.of(source.as_document()) == source
    silent = probe.look(films("silent.mp4"))
    assert probe.Source.of(silent.as_document()) == silent


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("hdr.mp4", {"codec": "hevc", "is_hdr": True, "is_plain": False}),
        ("ten-bits.mp4", {"profile": "Main 10", "is_hdr": False, "is_plain": False}),
        ("turned.mp4", {"is_turned": True, "width": 180, "height": 320}),
        ("wide.mp4", {"is_square": False, "width": 512, "height": 288}),
        ("odd.mkv", {"is_plain": False, "width": 321, "height": 181}),
        ("ntsc.mp4", {"rate": "30000/1001", "is_square": True, "is_plain": True}),
        ("camera.avi", {"codec": "mjpeg", "is_plain": True}),
    ],
)
def test_a_look_tells_what_the_pictures_are(films, kind, told):
    picture = probe.look(films(kind)).picture
    assert {name: getattr(picture, name) for name in told} == told


@pytest.fixture
def asked():
    """The address of a server on this machine, and what it was asked for."""
    paths = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/film.ts", paths
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", ["film.m3u8", "film.mp4"])
@pytest.mark.parametrize("text", [PLAYLIST, CONCAT])
def test_a_list_that_names_a_host_asks_nobody(asked, tmp_path, name, text):
    address, paths = asked
    path = tmp_path / name
    path.write_text(text.format(address=address))
    with pytest.raises(Refused) as refused:
        seen(path)
    assert refused.value.code == "not_a_video"
    assert paths == []


def test_without_our_guards_the_host_would_have_been_asked(asked, tmp_path):
    address, paths = asked
    path = tmp_path / "film.m3u8"
    path.write_text(PLAYLIST.format(address=address))
    open_to_all = ["ffprobe", "-v", "quiet", "-protocol_whitelist", "file,http,tcp", str(path)]
    with pytest.raises(RunError):
        ask(open_to_all, limit=60)
    assert paths


@pytest.mark.parametrize("text", [PLAYLIST, CONCAT, SDP])
def test_a_list_that_names_a_file_opens_none(tmp_path, text):
    other = tmp_path / "other.ts"
    os.mkfifo(other)  # whoever opened it would wait for ever
    path = tmp_path / "film.mp4"
    path.write_text(text.format(address=other))
    with pytest.raises(Refused) as refused:
        seen(path)
    assert refused.value.code == "not_a_video"


def test_a_film_whose_pictures_lie_in_another_file_opens_none(films):
    path = films("elsewhere.mov")
    other = path.with_suffix(".other")
    if not other.exists():
        os.mkfifo(other)
    with pytest.raises(Refused) as refused:
        seen(path)
    assert refused.value.code in ("not_a_video", "video_damaged")


def test_ffmpeg_would_have_opened_it_if_told_to(films):
    path = films("elsewhere.mov")
    other = path.with_suffix(".other")
    if not other.exists():
        os.mkfifo(other)
    allowed = ("-enable_drefs", "1", "-use_absolute_path", "1", "-v", "error")
    process = subprocess.Popen(["ffprobe", *allowed, "-i", str(path)])
    writer = os.open(other, os.O_WRONLY)  # comes back once somebody reads
    os.close(writer)
    assert process.wait(30) is not None
