"""The small pictures as WebVTT."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.video.storyboard import Grid, webvtt

GRID = Grid(interval=5.0, width=160, height=90, columns=3, rows=2)
CUE = re.compile(r"(\d+):(\d\d):(\d\d\.\d{3}) --> (\d+):(\d\d):(\d\d\.\d{3})\n(\S+)#xywh=([\d,]+)")


def cues(text):
    """Return start, end, sheet and place of each cue."""
    blocks = text.split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert blocks[-1] == ""
    found = [CUE.fullmatch(block).groups() for block in blocks[1:-1]]
    return [
        (moment(*each[:3]), moment(*each[3:6]), each[6], tuple(map(int, each[7].split(","))))
        for each in found
    ]


def moment(hours, minutes, seconds):
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)


def test_pictures_lie_row_by_row_and_sheet_by_sheet():
    found = cues(webvtt(GRID, ["1.jpg", "2.jpg"], 33))
    assert found == [
        (0, 5, "1.jpg", (0, 0, 160, 90)),
        (5, 10, "1.jpg", (160, 0, 160, 90)),
        (10, 15, "1.jpg", (320, 0, 160, 90)),
        (15, 20, "1.jpg", (0, 90, 160, 90)),
        (20, 25, "1.jpg", (160, 90, 160, 90)),
        (25, 30, "1.jpg", (320, 90, 160, 90)),
        (30, 33, "2.jpg", (0, 0, 160, 90)),
    ]


def test_a_long_film_has_hours():
    grid = Grid(10.0, 160, 90, 10, 10)
    last = webvtt(grid, [f"{number}.jpg" for number in range(1, 9)], 7322.5).split("\n\n")[-2]
    assert last == "02:02:00.000 --> 02:02:02.500\n8.jpg#xywh=320,270,160,90"


def test_even_a_single_frame_has_a_picture():
    assert cues(webvtt(GRID, ["1.jpg"], 0.04)) == [(0, 0.04, "1.jpg", (0, 0, 160, 90))]


@pytest.mark.parametrize(("duration", "pictures"), [(0, 1), (4.9, 1), (5, 1), (5.1, 2), (10, 2)])
def test_a_picture_stands_for_each_interval_that_has_begun(duration, pictures):
    assert GRID.pictures(duration) == pictures


def test_a_part_of_a_millisecond_is_no_interval():
    assert GRID.pictures(10.0000001) == 2
    assert cues(webvtt(GRID, ["1.jpg"], 10.0000001))[-1][:2] == (5, 10)


@given(st.integers(1, 40_000_000).map(lambda number: number / 1000), st.sampled_from((5, 10)))
def test_every_moment_has_one_picture(duration, interval):
    grid = Grid(interval, 160, 90, 10, 10)
    sheets = [f"{n}.jpg" for n in range(1 + grid.pictures(duration) // grid.on_a_sheet)]
    found = cues(webvtt(grid, sheets, duration))
    assert found[0][0] == 0
    assert found[-1][1] == duration
    assert all(start < stop for start, stop, *_ in found)
    assert [stop for _, stop, *_ in found[:-1]] == [start for start, *_ in found[1:]]
    assert len({each[2:] for each in found}) == len(found)
