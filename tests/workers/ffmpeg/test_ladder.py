"""What is to be made of a film."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.ffmpeg import ladder
from workers.ffmpeg.ladder import Plan, Size, Stretch, fits, plan
from workers.ffmpeg.probe import Picture, Source
from workers.ffmpeg.timeline import Timeline

PICTURE = Picture(
    index=0,
    codec="hevc",
    profile="Main",
    width=1920,
    height=1080,
    rate="25",
    bit_rate=8_000_000,
    is_plain=True,
    is_square=True,
    is_turned=False,
    is_interlaced=False,
    is_hdr=False,
)
TAKEN = replace(PICTURE, codec="h264", profile="High", bit_rate=2_000_000)


def source(picture=PICTURE, container="mov,mp4,m4a,3gp,3g2,mj2"):
    return Source(container, 60.0, 0.0, 1_000_000, picture, None)


def even(frames, rate="25", keys=None, **more):
    """Return a timeline of even frames; a picture can be begun at every two seconds."""
    seconds = float(frames / Fraction(rate))
    found = [2.0 * number for number in range(int(seconds / 2) + 1)] if keys is None else keys
    inside = tuple(key for key in found if key < seconds)
    return replace(Timeline(frames, inside, 0.0, seconds, is_variable=False), **more)


def planned(picture=PICTURE, times=None, **more):
    return plan(source(picture), times or even(1500, picture.rate), **more)


def sides(made):
    return [(size.name, size.width, size.height) for size in made.sizes]


@st.composite
def films(draw):
    """Draw a film of any size, rate, bit rate and length, even or not."""
    rate = draw(st.sampled_from(("24", "25", "30000/1001", "30", "50", "60", "10", "1", "240")))
    picture = replace(
        draw(st.sampled_from((PICTURE, TAKEN))),
        width=draw(st.integers(16, 8192)),
        height=draw(st.integers(16, 4608)),
        rate=rate,
        bit_rate=draw(st.integers(0, 60_000_000)),
    )
    frames = draw(st.integers(1, 20_000))
    between = draw(st.floats(0.5, 12))
    seconds = float(frames / Fraction(rate))
    keys = [number * between for number in range(int(seconds / between) + 1)]
    return source(picture), even(frames, rate, keys, is_variable=draw(st.booleans()))


@given(films())
def test_nothing_is_made_larger_or_busier_than_it_came(film):
    came, made = film[0].picture, plan(*film)
    for size in made.sizes:
        assert size.width <= came.width + 1  # made even
        assert size.height <= came.height + 1
        assert size.most <= (came.bit_rate or size.most)
        assert size.most <= max(ladder.SIZES.values())


@given(films())
def test_sizes_are_even_and_become_smaller(film):
    made = plan(*film)
    assert all(size.width % 2 == size.height % 2 == 0 for size in made.sizes)
    heights = [min(size.width, size.height) for size in made.sizes]
    assert all(below < above for above, below in pairwise(heights))
    assert len(made.sizes) + made.is_taken <= ladder.MOST_SIZES
    assert made.sizes or made.is_taken
    assert len({size.name for size in made.sizes} | {made.taken}) == len(made.sizes) + 1


@given(films())
def test_segments_begin_at_the_first_frame_and_rise(film):
    made = plan(*film)
    assert made.cuts[0] == 0
    assert all(before < after for before, after in pairwise(made.cuts))
    assert made.cuts[-1] < made.frames


@given(films(), st.floats(1, 400))
def test_stretches_cover_every_frame_once_and_begin_at_cuts(film, seconds):
    made = plan(*film, stretch=seconds)
    assert made.stretches[0].first == 0
    for before, after in pairwise(made.stretches):
        assert after.first == before.first + before.frames
    last = made.stretches[-1]
    assert last.first + last.frames == made.frames
    assert all(each.frames > 0 for each in made.stretches)
    assert {each.first for each in made.stretches} <= set(made.cuts)


@given(films())
def test_a_plan_is_read_as_it_was_written(film):
    made = plan(*film)
    assert Plan.of(made.as_document()) == made


@given(films())
def test_what_is_shown_is_not_faster_than_screens_need(film):
    made = plan(*film)
    assert Fraction(made.rate) <= ladder.MOST_RATE
    assert made.seconds == pytest.approx(film[1].seconds, abs=1.01 / Fraction(made.rate))


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ((3840, 2160), [("1080", 1920, 1080), ("720", 1280, 720), ("480", 854, 480)]),
        ((1920, 1080), [("1080", 1920, 1080), ("720", 1280, 720), ("480", 854, 480)]),
        ((1080, 1920), [("1080", 1080, 1920), ("720", 720, 1280), ("480", 480, 854)]),
        ((1280, 720), [("720", 1280, 720), ("480", 854, 480), ("360", 640, 360)]),
        ((640, 480), [("480", 640, 480), ("360", 480, 360), ("240", 320, 240)]),
        ((640, 360), [("360", 640, 360), ("240", 426, 240)]),
        ((320, 240), [("240", 320, 240)]),
        ((160, 120), [("120", 160, 120)]),
        ((1000, 900), [("900", 1000, 900), ("720", 800, 720), ("480", 534, 480)]),
        # Hardly smaller ones are passed over.
        ((880, 500), [("500", 880, 500), ("360", 634, 360), ("240", 422, 240)]),
        ((321, 181), [("181", 320, 180)]),
        # A banner of two lines keeps a height.
        ((3000, 16), [("16", 3000, 16)]),
    ],
)
def test_sizes_follow_from_the_shorter_side(size, found):
    picture = replace(PICTURE, width=size[0], height=size[1])
    assert sides(planned(picture)) == found


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ((1920, 1080), [("720", 1280, 720), ("480", 854, 480)]),
        ((1280, 720), [("480", 854, 480), ("360", 640, 360)]),
        ((320, 240), []),
    ],
)
def test_what_is_taken_over_is_the_largest_size(size, found):
    picture = replace(TAKEN, width=size[0], height=size[1], bit_rate=200_000)
    made = planned(picture)
    assert made.is_taken
    assert made.taken == str(size[1])
    assert sides(made) == found


@pytest.mark.parametrize(
    ("bit_rate", "found"),
    [
        (0, [3_000_000, 1_500_000, 800_000]),
        (8_000_000, [3_000_000, 1_500_000, 800_000]),
        (1_000_000, [1_000_000, 1_000_000, 800_000]),
        (100_000, [100_000] * 3),
    ],
)
def test_no_size_takes_more_bits_than_the_source(bit_rate, found):
    made = planned(replace(PICTURE, bit_rate=bit_rate))
    assert [size.most for size in made.sizes] == found


def test_a_size_between_two_has_the_larger_ones_bits():
    assert planned(replace(PICTURE, width=1600, height=900)).sizes[0] == Size(
        "900", 1600, 900, 3_000_000
    )


def test_what_browsers_play_and_lines_bear_is_taken_over():
    assert fits(source(TAKEN), even(1500))


@pytest.mark.parametrize(
    "odd",
    [
        {"codec": "hevc"},
        {"profile": "High 10"},
        {"profile": "High 4:4:4 Predictive"},
        {"is_plain": False},
        {"is_square": False},
        {"is_turned": True},
        {"is_interlaced": True},
        {"is_hdr": True},
        {"width": 2560, "height": 1440},
        {"bit_rate": 4_500_001},
        {"width": 1280, "height": 720, "bit_rate": 2_250_001},
    ],
)
def test_what_they_do_not_is_encoded(odd):
    assert not fits(source(replace(TAKEN, **odd)), even(1500))


@pytest.mark.parametrize("container", ["avi", "asf", "ogg", "mxf", "mpeg"])
def test_containers_that_are_loose_about_time_are_not_taken_over(container):
    assert not fits(source(TAKEN, container), even(1500))


@pytest.mark.parametrize(
    ("keys", "is_taken"),
    [
        ((0.0, 10.0, 20.0, 30.0, 40.0, 50.0), True),
        ((0.0, 10.1, 20.0, 30.0, 40.0, 50.0), False),
        ((0.0, 10.0, 20.0, 30.0, 40.0), False),  # the last one reaches too far
        ((0.04, 10.0, 20.0, 30.0, 40.0, 50.0), False),  # nothing can begin at the beginning
        ((), False),
    ],
)
def test_a_film_that_cannot_be_begun_at_often_enough_is_encoded(keys, is_taken):
    assert fits(source(TAKEN), even(1500, keys=keys)) == is_taken


def test_segments_of_what_is_taken_over_begin_where_it_can_be_begun_at():
    keys = (0.0, 2.5, 5.0, 7.5, 10.0, 12.5, 19.0, 25.0, 34.0, 44.0, 54.0)
    made = planned(TAKEN, even(1500, keys=keys))
    assert made.cuts == (0, 188, 475, 625, 850, 1100, 1350)


def test_segments_of_what_is_encoded_last_six_seconds():
    assert planned().cuts == tuple(range(0, 1500, 150))
    ntsc = replace(PICTURE, rate="30000/1001")
    assert planned(ntsc, even(1000, "30000/1001")).cuts == tuple(range(0, 1000, 180))


@pytest.mark.parametrize(
    ("rate", "shown", "every"),
    [
        ("25", "25", 1),
        ("30", "30", 1),
        ("30000/1001", "30000/1001", 1),
        ("50", "25", 2),
        ("60", "30", 2),
        ("60000/1001", "30000/1001", 2),
        ("120", "30", 4),
        ("240", "30", 8),
        ("10", "10", 1),
    ],
)
def test_of_fast_films_every_second_frame_is_shown(rate, shown, every):
    made = planned(replace(PICTURE, rate=rate), even(1201, rate))
    assert (made.rate, made.every, made.frames) == (shown, every, -(-1201 // every))


def test_an_uneven_film_is_made_even_and_stays_whole():
    made = planned(times=even(100_000, is_variable=True), stretch=60)
    assert (made.rate, made.every) == ("30", 0)
    assert made.frames == 4000 * 30
    assert made.stretches == (Stretch(0, made.frames),)


@pytest.mark.parametrize(("rate", "shown"), [("25", "25"), ("50", "25"), ("10", "10")])
def test_a_film_that_lacks_some_frames_keeps_its_rate(rate, shown):
    times = even(1000, rate, is_variable=True, lacks_frames=True)
    made = planned(replace(PICTURE, rate=rate), times, stretch=10)
    assert (made.rate, made.every, len(made.stretches)) == (shown, 0, 1)
    assert made.frames == 1000 * Fraction(shown) / Fraction(rate)


def test_even_of_two_hurried_pictures_there_is_a_frame():
    hurried = Timeline(2, (0.0,), 0.0, 1 / 120, is_variable=True)
    assert planned(times=hurried).frames == 1


@pytest.mark.parametrize("container", ["avi", "asf", "mpegts", "mpeg", "flv"])
def test_a_film_in_which_no_frame_is_found_exactly_stays_whole(container):
    made = plan(source(container=container), even(100_000), stretch=60)
    assert len(made.stretches) == 1


@pytest.mark.parametrize(
    ("seconds", "stretches"), [(60, 1), (600, 1), (601, 3), (3600, 12), (3601, 13)]
)
def test_a_long_film_is_divided(seconds, stretches):
    made = planned(times=even(seconds * 25))
    assert len(made.stretches) == stretches
    if stretches > 1:
        assert max(each.frames for each in made.stretches) <= (300 + 6) * 25


def test_stretches_are_not_finer_than_segments():
    made = planned(times=even(20 * 25), stretch=0.5)
    assert [each.first for each in made.stretches] == [0, 150, 300, 450]


@pytest.mark.parametrize(("frames", "board"), [(1, 5), (15_000, 5), (15_001, 10)])
def test_long_films_have_fewer_small_pictures(frames, board):
    assert planned(times=even(frames)).board == board


def test_a_single_frame_is_a_film():
    made = planned(times=even(1))
    assert (made.frames, made.cuts, made.stretches) == (1, (0,), (Stretch(0, 1),))
