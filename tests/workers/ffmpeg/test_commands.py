"""The commands, run on small films: what comes of them is looked at."""

import subprocess
from fractions import Fraction
from itertools import pairwise

import pytest

from content_packages.video import fragments
from tests.workers.ffmpeg import made as making
from tests.workers.ffmpeg.made import (
    LIMIT,
    ROUND,
    loudness,
    made,
    numbers,
    probed,
    seen,
    shade,
    shades,
)
from workers.ffmpeg import commands, levelling
from workers.ffmpeg.ladder import Stretch


@pytest.fixture(scope="module")
def large(films, tmp_path_factory):
    """A film of 300 frames that can be counted, in three sizes."""
    return made(films("large.mp4"), tmp_path_factory.mktemp("large") / "made")


@pytest.fixture(scope="module")
def divided(films, tmp_path_factory):
    """The same in two stretches."""
    return made(films("large.mp4"), tmp_path_factory.mktemp("divided") / "made", stretch=5)


def counting(first, stop):
    return [number % ROUND for number in range(first, stop)]


def channels(path):
    return probed(path, "stream=channels")[0]


def test_every_size_has_every_frame_of_the_source(large):
    assert list(large.tracks) == ["480", "360", "240"]
    for name, track in large.tracks.items():
        assert track.samples == 300
        assert numbers(large.folder / f"{name}.mp4") == counting(0, 300)


def test_every_size_is_as_large_as_it_is_called(large):
    rows = [probed(large.folder / f"{name}.mp4", "stream=width,height") for name in large.tracks]
    assert rows == [[["640", "480"]], [["480", "360"]], [["320", "240"]]]


def test_segments_begin_at_the_same_moments_in_every_size(large):
    times = {
        name: [each.time / track.timescale for each in track.fragments]
        for name, track in large.tracks.items()
    }
    assert all(times[name] == [0, 6] for name in ("480", "360", "240"))


def test_joined_stretches_have_every_frame(divided):
    assert [each.first for each in divided.plan.stretches] == [0, 150]
    for name, track in divided.tracks.items():
        assert track.samples == 300
        assert track.seconds == 12
        assert numbers(divided.folder / f"{name}.mp4") == counting(0, 300)


def test_joined_stretches_have_the_segments_of_the_whole(large, divided):
    for name, track in large.tracks.items():
        joined = divided.tracks[name]
        assert [each.time for each in joined.fragments] == [each.time for each in track.fragments]


@pytest.mark.parametrize("kind", ["ntsc.mp4", "sixty.mp4", "two-late.mp4", "short.mkv"])
def test_any_frame_may_be_the_first_of_a_stretch(films, tmp_path, kind):
    source, _, plan = seen(films(kind))
    whole, part = tmp_path / "whole", tmp_path / "part"
    stretch = Stretch(7, plan.frames - 7)
    for folder, each in ((whole, Stretch(0, plan.frames)), (part, stretch)):
        folder.mkdir()
        making.run(commands.pictures(films(kind), source, plan, each, folder))
    name = f"{plan.sizes[0].name}.mp4"
    assert fragments.read(whole / name).samples == plan.frames
    assert fragments.read(part / name).samples == plan.frames - 7
    assert like(part / name, whole / name, since=7) > 0.97


def test_pictures_at_a_seam_are_those_of_the_whole(films, tmp_path):
    whole = made(films("moving.mp4"), tmp_path / "whole")
    joined = made(films("moving.mp4"), tmp_path / "joined", stretch=5)
    assert len(joined.plan.stretches) > 1
    assert joined.plan.frames == whole.plan.frames == joined.tracks["180"].samples
    assert like(joined.folder / "180.mp4", whole.folder / "180.mp4") > 0.97


def like(film, other, since=0):
    """Return how like the least like frame is to the other film's (SSIM), from one of those on."""
    graph = f"[1:v]select=gte(n\\,{since}),setpts=N/25/TB[b];[0:v]setpts=N/25/TB[a];[a][b]ssim=f=-"
    compared = ("-i", str(film), "-i", str(other), "-lavfi", graph, "-f", "null", "-")
    command = ["ffmpeg", "-nostdin", "-v", "error", *compared]
    said = subprocess.check_output(command, text=True, timeout=LIMIT)
    found = [float(line.partition("All:")[2].split()[0]) for line in said.splitlines()]
    assert found
    return min(found)


def test_a_film_that_is_taken_over_keeps_its_pictures(films, tmp_path):
    film = made(films("ten-keys.mp4"), tmp_path / "made")
    assert film.plan.is_taken
    assert numbers(film.folder / "180.mp4") == counting(0, 300)
    assert [each.time for each in film.tracks["180"].fragments][:1] == [0]
    assert len(film.tracks["180"].fragments) == 6


def test_what_is_taken_over_may_bring_its_sound(films, tmp_path):
    source, _, plan = seen(films("place.mp4"))
    pictures, sound = tmp_path / "pictures.mp4", tmp_path / "sound.mp4"
    making.run(commands.taken(films("place.mp4"), source, plan, pictures, sound))
    assert fragments.read(pictures).samples == 100
    assert fragments.read(sound).seconds == pytest.approx(4, abs=0.05)


def test_no_frame_is_lost_that_begins_between_two_microseconds(films, tmp_path):
    film = made(films("two-late.mp4"), tmp_path / "made")
    assert film.plan.starts == pytest.approx(2 / 30, abs=1e-3)
    name = next(iter(film.tracks))
    assert numbers(film.folder / f"{name}.mp4") == counting(0, 120)


@pytest.mark.parametrize("kind", ["loud.mp4", "quiet.mp4"])
def test_every_film_is_equally_loud(films, tmp_path, kind):
    source, _, plan = seen(films(kind))
    target = tmp_path / "sound.mp4"
    gain = levelling.gain(films(kind), source, plan, limit=60)
    making.run(commands.sound(films(kind), source, plan, target, gain=gain))
    assert abs(loudness(films(kind)) - levelling.LOUDNESS) > 2
    assert loudness(target) == pytest.approx(levelling.LOUDNESS, abs=1.5)


@pytest.mark.parametrize(
    ("words", "gain"),
    [
        ("I:  -23.0 LUFS", 5), ("I:  -9.5 LUFS", -8.5), ("I: -55.0 LUFS", 35),
        ("I: -70.0 LUFS", 0), ("I: -inf LUFS", 0), ("I: nan LUFS", 0), ("", 0),
        ("I: -30.0 LUFS\n  I: -20.0 LUFS", 2),
    ],
)  # fmt: skip
def test_what_was_measured_is_made_up_for_but_silence_is_left(words, gain):
    assert levelling.gain_of(words) == pytest.approx(gain)


def test_sound_may_be_left_as_loud_as_it_is(films, tmp_path):
    source, _, plan = seen(films("quiet.mp4"))
    target = tmp_path / "sound.mp4"
    making.run(commands.sound(films("quiet.mp4"), source, plan, target))
    assert loudness(target) == pytest.approx(loudness(films("quiet.mp4")), abs=1)


@pytest.mark.parametrize("kind", ["eight.mov", "mono.mp4", "hush.mp4"])
def test_sound_becomes_stereo(films, tmp_path, kind):
    source, _, plan = seen(films(kind))
    target = tmp_path / "sound.mp4"
    making.run(commands.sound(films(kind), source, plan, target))
    assert channels(target) == ["2"]
    track = fragments.read(target)
    assert (track.codecs, track.timescale) == ("mp4a.40.2", 48000)
    assert track.seconds == pytest.approx(4, abs=0.06)


def test_silence_stays_silent(films, tmp_path):
    film = made(films("hush.mp4"), tmp_path / "made")
    assert loudness(film.folder / "sound.mp4") == -70


def test_small_pictures_show_their_moments(large):
    # At 0, 5 and 10 seconds: of 25 frames a second.
    found = [shades(path)[0] for path in sorted(large.folder.glob("small-*.jpg"))]
    assert found == pytest.approx([shade(number % ROUND) for number in (0, 125, 250)], abs=2)


def test_stretches_have_the_same_small_pictures(large, divided):
    for path in large.folder.glob("small-*.jpg"):
        (other,) = divided.folder.glob(path.name)
        assert shades(other) == pytest.approx(shades(path), abs=2)
    assert len(list(divided.folder.glob("small-*.jpg"))) == 3


def test_small_pictures_lie_on_a_sheet_in_their_order(large):
    sheet = large.folder / "storyboard-1.jpg"
    width, height = commands.board_size(large.source.picture)
    columns, rows = commands.BOARD_COLUMNS, commands.BOARD_ROWS
    size = probed(sheet, "stream=width,height")[0]
    assert size == [str(width * columns), str(height * rows)]
    for place, number in enumerate((0, 125, 250)):
        cut = f"extractplanes=y,crop=1:1:{(place + 0.5) * width}:{height / 2}"
        (found,) = making.ffmpeg("-i", sheet, "-vf", cut, "-f", "rawvideo", "-")
        assert found == pytest.approx(shade(number % ROUND), abs=3)


@pytest.mark.parametrize(("kind", "width"), [("large.mp4", "640"), ("odd.mkv", "320")])
def test_a_picture_stands_for_a_film(films, tmp_path, kind, width):
    film = made(films(kind), tmp_path / "made")
    found = probed(film.folder / "poster.jpg", "stream=codec_name,width")
    assert found == [["mjpeg", width]]


def test_the_picture_is_chosen_behind_a_moment(films, tmp_path):
    source, _, _ = seen(films("large.mp4"))
    target = tmp_path / "poster.jpg"
    making.run(commands.poster(films("large.mp4"), source, 11.9, target))
    (found,) = shades(target)
    assert shade(297 % ROUND) - 2 <= found <= shade(299 % ROUND) + 2


@pytest.mark.parametrize("kind", ["full.avi", "tagged.mkv", "old.avi"])
def test_black_stays_black_whatever_range_a_film_has(films, tmp_path, kind):
    film = made(films(kind), tmp_path / "made")
    if kind != "old.avi":  # which moves
        assert numbers(film.folder / "180.mp4") == counting(0, 100)
        assert shades(film.folder / "small-00000.jpg")[0] == pytest.approx(shade(0), abs=2)
    ranges = probed(film.folder / "180.mp4", "stream=color_range")
    assert ranges in ([["tv"]], [["unknown"]])


def test_where_a_film_was_made_and_by_whom_goes_no_further(films, tmp_path):
    secrets = (b"35.6895", b"somebody")
    assert all(secret in films("place.mp4").read_bytes() for secret in secrets)
    film = made(films("place.mp4"), tmp_path / "made")
    assert film.plan.is_taken
    written = [path.read_bytes() for path in film.folder.rglob("*") if path.is_file()]
    assert len(written) >= 3
    assert not any(secret in data for secret in secrets for data in written)


@pytest.mark.parametrize("rate", ["25", "30000/1001"])
def test_every_small_picture_lies_in_one_stretch(large, rate):
    plan = large.plan
    stretches = [Stretch(first, 130) for first in range(0, 1300, 130)]
    shown = type(plan).of({**plan.as_document(), "rate": rate})
    firsts = [commands.board_first(shown, each) for each in [*stretches, Stretch(1300, 0)]]
    assert firsts[0] == 0
    assert all(before <= after for before, after in pairwise(firsts))
    seconds = 1300 / Fraction(rate)
    assert firsts[-1] == -(-seconds // plan.board)
