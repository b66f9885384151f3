"""When each picture is shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Refused
from tests.workers.ffmpeg.test_ladder import PICTURE
from workers.ffmpeg.probe import Source
from workers.ffmpeg.timeline import timeline

SOURCE = Source("mov,mp4,m4a,3gp,3g2,mj2", 0.4, 0.0, 1000, PICTURE, None)
KEY, OTHER = "K_", "__"


def lines(*times, key=4, stream=0):
    """Return the packets of pictures, every so many-th of which can be begun at."""
    return [
        f"{stream},{time:.6f},{time:.6f},{OTHER if number % key else KEY}"
        for number, time in enumerate(times)
    ]


def steps(*gaps):
    """Return the times that lie so many frames of a 25th of a second apart."""
    return [sum(gaps[:number]) * 0.04 for number in range(len(gaps) + 1)]


def test_frames_are_counted_and_beginnings_noted():
    found = timeline(lines(*steps(*[1] * 9)), SOURCE)
    assert found.frames == 10
    assert found.keys == pytest.approx((0, 0.16, 0.32))
    assert found.seconds == pytest.approx(0.4)
    assert found.starts == 0
    assert not found.is_variable


def test_pictures_are_put_in_the_order_in_which_they_are_shown():
    decoded = ["0,0.080000,0.000000,K_", "0,0.200000,0.04,__", "0,0.12,0.08,__", "0,0.16,0.12,__"]
    found = timeline(decoded, SOURCE)
    assert (found.frames, found.keys) == (4, (0.0,))
    assert found.starts == pytest.approx(0.08)
    assert not found.is_variable


def test_where_no_time_of_showing_is_known_that_of_decoding_stands():
    found = timeline(["0,N/A,0.000000,K_", "0,,0.040000,__", "0,N/A,N/A,__"], SOURCE)
    assert found.frames == 2


def test_other_streams_are_no_frames():
    found = timeline([*lines(0, 0.04), *lines(0, 0.02, 0.04, stream=1), ""], SOURCE)
    assert found.frames == 2


def test_pictures_may_begin_after_the_sound():
    film = replace(SOURCE, starts=1.4, duration=1.1)
    found = timeline([*lines(1.4, 2.4, stream=1), *lines(2.1, 2.14, 2.18)], film)
    assert found.starts == pytest.approx(0.7)
    assert found.keys == (0,)


@pytest.mark.parametrize(
    ("gaps", "is_variable"),
    [
        ([1] * 200, False),
        ([1.02, 0.98] * 100, False),  # a clock of milliseconds
        ([1.2, 0.8] * 100, False),
        ([1.3, 0.7] * 100, True),
        ([1] * 100 + [2] + [1] * 100, True),  # a frame is lacking
        ([1] * 100 + [0] + [1] * 100, True),  # one is there twice
        ([1.01] * 100, True),  # another rate than it says
    ],
)
def test_uneven_pictures_are_told_from_rounded_clocks(gaps, is_variable):
    found = timeline(lines(*steps(*gaps)), replace(SOURCE, duration=0.0))
    assert found.is_variable == is_variable


@pytest.mark.parametrize(
    ("gaps", "lacks_frames"),
    [
        ([1] * 9, False),  # all are there
        ([2] + [1] * 9, True),
        ([1, 3.1, 0.9, 7, 1, 1], True),
        ([1, 1.5, 1, 1.5], False),
        ([1, 0, 1, 2], False),  # one place has two
    ],
)
def test_places_that_are_empty_are_told_from_pictures_that_stand_anywhere(gaps, lacks_frames):
    found = timeline(lines(*steps(*gaps)), replace(SOURCE, duration=0.0))
    assert found.lacks_frames == lacks_frames


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50, unique=True))
def test_any_times_make_a_timeline(times):
    found = timeline(lines(*(time / 100 for time in times)), replace(SOURCE, duration=0.0))
    assert found.frames == len(times)
    assert all(0 <= key < found.seconds for key in found.keys)


@pytest.mark.parametrize(
    ("duration", "last", "is_cut"),
    [
        (60, 59.96, False),
        (60, 58.1, False),
        (60, 57.9, True),
        (600, 589, False),  # two in a hundred
        (600, 587, True),
        (0, 1, False),  # not told
    ],
)
def test_a_file_that_ends_before_it_says_is_cut_short(duration, last, is_cut):
    film = replace(SOURCE, duration=float(duration))
    if not is_cut:
        assert timeline(lines(0, last), film).frames == 2
        return
    with pytest.raises(Refused) as refused:
        timeline(lines(0, last), film)
    assert refused.value.code == "video_cut_short"
    assert refused.value.data == {"seconds": round(last), "wanted": duration}


def test_sound_may_last_longer_than_pictures():
    film = replace(SOURCE, duration=60.0)
    assert timeline([*lines(0, 30), *lines(59.9, stream=1)], film).frames == 2


def test_where_containers_estimate_nothing_is_cut_short():
    assert timeline(lines(0, 1), replace(SOURCE, duration=60.0, container="mpegts")).frames == 2


def test_without_pictures_a_film_is_damaged():
    with pytest.raises(Refused) as refused:
        timeline(lines(0, 1, stream=1), SOURCE)
    assert refused.value.code == "video_damaged"


def test_a_film_is_not_longer_than_half_a_day():
    with pytest.raises(Refused) as refused:
        timeline(lines(0, 12 * 3600 + 1), replace(SOURCE, duration=0.0))
    assert refused.value.code == "video_too_long"
