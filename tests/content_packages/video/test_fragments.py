"""A track in fragments: read, and joined from stretches."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_packages.video.boxes import Damaged
from content_packages.video.fragments import Fragment, Track, Unlike, join, read
from tests.content_packages.video.made import (
    ESDS,
    avc1,
    box,
    fragment,
    full,
    header,
    large,
    mdat,
    moof,
    mp4a,
    tfdt,
    trun,
    words,
    written,
)

HEAD = header()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Two seconds of pictures as ffmpeg writes them: a fragment for each."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    _made(path, "-i", "testsrc2=s=64x36:r=10:d=2", "-c:v", "libx264", "-g", "10", "-bf", "2")
    return path


@pytest.fixture(scope="module")
def tone(tmp_path_factory):
    """Two seconds of sound as ffmpeg writes them: a fragment for each."""
    path = tmp_path_factory.mktemp("tone") / "tone.mp4"
    sound = ("-c:a", "aac", "-frag_duration", "1000000")
    _made(path, "-i", "sine=r=48000:d=2", *sound)
    return path


def _made(path, *arguments):
    flags = ("-pix_fmt", "yuv420p", "-movflags", "+cmaf+frag_keyframe+skip_trailer")
    command = ("ffmpeg", "-v", "error", "-f", "lavfi", *arguments, *flags, str(path))
    subprocess.run(command, check=True, timeout=60)


def damaged(path, data):
    """Whether what these bytes hold is refused as damaged, and nothing else goes wrong."""
    path.write_bytes(data)
    try:
        track = read(path)
    except Damaged:
        return True
    assert track.samples >= 0
    assert track.seconds >= 0
    return False


def test_a_track_tells_its_header_clock_codec_and_fragments(tmp_path):
    first, second = fragment(0, 40, 40, 20), fragment(100, 50)
    track = read(written(tmp_path, HEAD, first, second))
    end = len(HEAD) + len(first)
    assert track == Track(
        len(HEAD),
        1000,
        "avc1.64001f",
        (Fragment(len(HEAD), len(first), 0, 100, 3), Fragment(end, len(second), 100, 50, 1)),
    )
    assert track.samples == 4
    assert track.seconds == 0.15


def test_what_stands_between_fragments_belongs_to_none(tmp_path):
    first, second = fragment(0, 40), fragment(40, 40)
    between = box(b"sidx", bytes(24))
    track = read(written(tmp_path, HEAD, between, first, between, second, box(b"mfra")))
    assert [each.size for each in track.fragments] == [len(first), len(second)]
    assert track.fragments[1].offset == len(HEAD) + 2 * len(between) + len(first)


def test_a_track_without_fragments_lasts_no_time(tmp_path):
    track = read(written(tmp_path, HEAD))
    assert (track.samples, track.seconds) == (0, 0)


def test_pictures_that_are_told_of_but_not_there_do_not_count(tmp_path):
    track = read(written(tmp_path, HEAD, fragment(0, 40), moof(2, tfdt(40), trun((40,)))))
    assert track.samples == 1


@pytest.mark.parametrize("version", [0, 1])
def test_the_clock_is_read_of_either_version(tmp_path, version):
    assert read(written(tmp_path, header(12800, version=version))).timescale == 12800


@pytest.mark.parametrize(("version", "time"), [(0, 0), (0, 2**32 - 1), (1, 0), (1, 2**40)])
def test_the_time_is_read_of_either_version(tmp_path, version, time):
    part = moof(1, tfdt(time, version), trun((40,))) + mdat()
    assert read(written(tmp_path, HEAD, part)).fragments[0].time == time


def test_sizes_of_64_bits_are_read(tmp_path):
    told = moof(1, tfdt(0), trun((40,)))
    held = large(b"mdat", b"abc")
    track = read(written(tmp_path, HEAD, told, held))
    assert track.fragments == (Fragment(len(HEAD), len(told) + len(held), 0, 40, 1),)


@pytest.mark.parametrize("more", [0, 0x1, 0x4, 0x5, 0x200, 0xE01, 0xE05])
def test_durations_are_found_whatever_stands_beside_them(tmp_path, more):
    part = moof(1, tfdt(0), trun((10, 20, 30), more=more)) + mdat()
    (found,) = read(written(tmp_path, HEAD, part)).fragments
    assert (found.samples, found.duration) == (3, 60)


@pytest.mark.parametrize("more", [0, 0xE05])
def test_samples_without_a_duration_last_as_the_track_says(tmp_path, more):
    part = moof(1, tfdt(0), trun(count=3, more=more)) + mdat()
    (found,) = read(written(tmp_path, HEAD, part)).fragments
    assert (found.samples, found.duration) == (3, 120)


@pytest.mark.parametrize(
    ("flags", "before"),
    [(0x8, b""), (0x9, bytes(8)), (0xA, bytes(4)), (0xB, bytes(12)), (0x3B, bytes(12))],
)
def test_or_as_the_fragment_says(tmp_path, flags, before):
    after = bytes(8) if flags & 0x30 else b""
    tfhd = full(b"tfhd", 0, flags, words(1), before, words(25), after)
    part = moof(1, tfdt(0), trun(count=4), tfhd=tfhd) + mdat()
    assert read(written(tmp_path, HEAD, part)).fragments[0].duration == 100


def test_a_fragment_may_have_several_runs_or_none(tmp_path):
    several = moof(1, tfdt(0), trun((10, 20)), trun(count=1), trun((5,))) + mdat()
    none = moof(2, tfdt(75)) + mdat()
    track = read(written(tmp_path, HEAD, several, none))
    assert [(each.samples, each.duration) for each in track.fragments] == [(4, 75), (0, 0)]


def test_the_codec_of_pictures_is_their_profile_and_level(tmp_path):
    entry = avc1(bytes((1, 0x42, 0xC0, 0x1E)))
    assert read(written(tmp_path, header(entry=entry))).codecs == "avc1.42c01e"


@pytest.mark.parametrize(
    ("esds", "codecs"),
    [
        (ESDS, "mp4a.40.2"),
        # A length in four bytes, as many write it.
        (ESDS.replace(b"\x05\x02\x11", b"\x05\x80\x80\x80\x02\x11"), "mp4a.40.2"),
        (ESDS.replace(b"\x05\x02\x11", b"\x05\x02\x29"), "mp4a.40.5"),
    ],
)
def test_the_codec_of_sound_is_its_object_type(tmp_path, esds, codecs):
    assert read(written(tmp_path, header(entry=mp4a(esds)))).codecs == codecs


@pytest.mark.parametrize(
    "head",
    [
        b"",
        box(b"ftyp", b"cmfc"),
        box(b"moov"),
        header(0),
        header(entry=b""),
        header(entry=box(b"hvc1", bytes(78))),
        header(entry=box(b"avc1", bytes(78))),
        header(entry=avc1(b"")).replace(b"mvex", b"free"),
        header(entry=mp4a(b"")),
        header(entry=mp4a(bytes((0x03, 3, 0, 1, 0)))),
        header(entry=mp4a(bytes((0x03, 3, 0, 1, 0, 0x04)))),
        header(entry=mp4a(bytes((0x06, 1, 2)))),
        header(entry=mp4a(b"\x03\xff\xff\xff")),
        box(b"moov", box(b"trak", box(b"mdia", box(b"mdhd")))),
        box(b"moov", box(b"trak", box(b"mdia", full(b"mdhd", 0, 0, words(0))))),
    ],
)
def test_a_header_that_is_none_is_damaged(tmp_path, head):
    assert damaged(tmp_path / "track.mp4", head)


@pytest.mark.parametrize(
    "told",
    [
        box(b"moof"),
        box(b"moof", box(b"traf")),
        box(b"moof", box(b"traf", tfdt(0))),
        moof(1, box(b"tfdt")),
        moof(1, full(b"tfdt", 1, 0, words(0))),
        moof(1, tfdt(0), box(b"trun")),
        moof(1, tfdt(0), full(b"trun", 0, 0x100, words(2, 40))),
        moof(1, tfdt(0), full(b"trun", 0, 0x100, words(2**32 - 1))),
        moof(1, tfdt(0), tfhd=full(b"tfhd", 0, 0x8, words(1))),
    ],
)
def test_a_fragment_that_tells_too_little_is_damaged(tmp_path, told):
    assert damaged(tmp_path / "track.mp4", HEAD + told + mdat())


def test_what_ffmpeg_makes_of_pictures_is_read(film):
    track = read(film)
    assert track.codecs.startswith("avc1.64")
    assert [each.samples for each in track.fragments] == [10, 10]
    assert [each.time / track.timescale for each in track.fragments] == [0, 1]
    assert track.seconds == 2
    last = track.fragments[-1]
    assert last.offset + last.size == film.stat().st_size


def test_what_ffmpeg_makes_of_sound_is_read(tone):
    track = read(tone)
    assert (track.codecs, track.timescale) == ("mp4a.40.2", 48000)
    assert len(track.fragments) >= 2
    assert track.samples == pytest.approx(2 * 48000 / 1024, abs=2)
    assert track.seconds == pytest.approx(2, abs=0.05)


def test_a_file_cut_short_at_any_place_is_damaged_or_shorter(film, tone, tmp_path):
    by_hand = written(tmp_path, HEAD, fragment(0, 40, 40), fragment(80, 40), name="hand.mp4")
    for whole, step in ((by_hand, 1), (film, 11), (tone, 11)):
        data, last = whole.read_bytes(), read(whole).fragments[-1].offset
        samples = [
            read(path).samples
            for stop in (*range(0, len(data), step), last)
            if not damaged(path := tmp_path / "track.mp4", data[:stop])
        ]
        assert 0 < max(samples) < read(whole).samples


@given(place=st.integers(0, 1 << 16), byte=st.integers(0, 255), more=st.binary(max_size=4))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_wrong_bytes_is_read_or_damaged(tmp_path, place, byte, more):
    told = moof(1, tfdt(0), trun((40, 40), more=0xE05))
    data = bytearray(header(entry=mp4a()) + told + mdat(b""))
    place %= len(data)
    data[place : place + 1 + len(more)] = bytes((byte, *more))
    assert damaged(tmp_path / "track.mp4", bytes(data)) in (True, False)


def test_stretches_become_one_track(tmp_path):
    first = written(tmp_path, HEAD, fragment(0, 40, 40), fragment(80, 40), name="1.mp4")
    second = written(tmp_path, HEAD, fragment(0, 30, content=b"more"), name="2.mp4")
    track = join([(first, 0), (second, 120)], tmp_path / "joined.mp4")
    assert [(each.time, each.duration) for each in track.fragments] == [
        (0, 80),
        (80, 40),
        (120, 30),
    ]
    assert (tmp_path / "joined.mp4").read_bytes() == (
        first.read_bytes() + fragment(120, 30, content=b"more")
    )


def test_only_what_belongs_to_fragments_is_joined(tmp_path):
    first = written(tmp_path, HEAD, box(b"sidx", bytes(24)), fragment(0, 40), box(b"mfra"))
    join([(first, 0)], tmp_path / "joined.mp4")
    assert (tmp_path / "joined.mp4").read_bytes() == HEAD + fragment(0, 40)


def test_a_stretch_is_moved_back_as_well_as_on(tmp_path):
    late = written(tmp_path, HEAD, fragment(700, 40), fragment(740, 40))
    track = join([(late, -700)], tmp_path / "joined.mp4")
    assert [each.time for each in track.fragments] == [0, 40]


@pytest.mark.parametrize("version", [0, 1])
def test_a_time_is_written_in_the_version_that_it_came_in(tmp_path, version):
    part = written(tmp_path, HEAD, moof(1, tfdt(5, version), trun((40,))), mdat())
    track = join([(part, 95)], tmp_path / "joined.mp4")
    assert track.fragments[0].time == 100
    assert tfdt(100, version) in (tmp_path / "joined.mp4").read_bytes()


@pytest.mark.parametrize(("version", "ticks"), [(0, 2**32), (0, -6), (1, 2**64), (1, -6)])
def test_a_time_that_has_no_room_is_damaged(tmp_path, version, ticks):
    part = written(tmp_path, HEAD, moof(1, tfdt(5, version), trun((40,))), mdat())
    with pytest.raises(Damaged, match="tfdt"):
        join([(part, ticks)], tmp_path / "joined.mp4")


def test_a_large_fragment_is_copied_whole(tmp_path):
    content = bytes(range(256)) * 10_000
    part = written(tmp_path, HEAD, fragment(0, 40, content=content))
    join([(part, 0)], tmp_path / "joined.mp4")
    assert (tmp_path / "joined.mp4").read_bytes() == part.read_bytes()


@pytest.mark.parametrize(
    "other", [header(2000), header(entry=mp4a()), header(entry=avc1(bytes((1, 0x64, 0, 0x28))))]
)
def test_tracks_that_were_not_encoded_alike_are_not_joined(tmp_path, other):
    first = written(tmp_path, HEAD, fragment(0, 40), name="1.mp4")
    second = written(tmp_path, other, fragment(0, 40), name="2.mp4")
    with pytest.raises(Unlike, match=r"2\.mp4"):
        join([(first, 0), (second, 40)], tmp_path / "joined.mp4")


def test_a_damaged_stretch_is_not_joined(tmp_path):
    first = written(tmp_path, HEAD, fragment(0, 40), name="1.mp4")
    second = written(tmp_path, HEAD, fragment(0, 40)[:-1], name="2.mp4")
    with pytest.raises(Damaged):
        join([(first, 0), (second, 40)], tmp_path / "joined.mp4")


def test_a_joined_film_plays_to_its_end(film, tmp_path):
    target = tmp_path / "joined.mp4"
    track = join([(film, 0), (film, 2 * read(film).timescale)], target)
    assert (track.samples, track.seconds) == (40, 4)
    asked = ("-count_frames", "-show_entries", "stream=nb_read_frames:format=duration")
    command = ("ffprobe", "-v", "error", "-of", "csv=p=0", *asked, str(target))
    frames, seconds = subprocess.check_output(command, text=True, timeout=60).split()
    assert (int(frames), float(seconds)) == (40, pytest.approx(4, abs=0.05))
