"""What was played of a video: its union, its share, and how the Video Profile writes it."""

from __future__ import annotations

from functools import reduce
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xapi import video
from xapi.video import Segment, Segments

FILM = 100.0
#: To the millisecond, and beyond both ends of the film.
_PLACES = st.integers(-5_000, 110_000).map(lambda thousandth: thousandth / 1000)
SEGMENTS = st.lists(st.tuples(_PLACES, _PLACES), max_size=30)
UNIONS = SEGMENTS.map(lambda segments: video.union(segments, FILM))
FORWARD = st.tuples(_PLACES, _PLACES).map(lambda segment: (min(segment), max(segment)))


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], ()),
        ([(0, 10), (10, 20)], ((0, 20),)),
        ([(30, 40), (0, 10)], ((0, 10), (30, 40))),
        ([(0, 10), (10.499, 20)], ((0, 20),)),
        ([(0, 10), (10.5, 20)], ((0, 10), (10.5, 20))),
        ([(0, 50), (10, 20)], ((0, 50),)),
        ([(-3, 5), (90, 200)], ((0, 5), (90, 100))),
        ([(20, 10), (5, 5), (100, 120)], ()),
        ([(nan, 5), (0, inf), (1, 2)], ((1, 2),)),
        ([(0.00049, 1.00051)], ((0, 1.001),)),
    ],
)
def test_a_union_is_in_order_apart_and_within_the_film(
    segments: list[Segment], expected: Segments
) -> None:
    assert video.union(segments, FILM) == expected


@given(SEGMENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_played_does_not_matter(
    segments: list[Segment], random: object
) -> None:
    mixed = list(segments)
    random.shuffle(mixed)  # type: ignore[attr-defined] # hypothesis' own Random
    assert video.union(mixed, FILM) == video.union(segments, FILM)


@given(UNIONS)
def test_the_union_of_a_union_is_itself(union: Segments) -> None:
    assert video.union(union, FILM) == union


@given(SEGMENTS)
def test_a_union_is_no_shorter_than_any_part_and_no_longer_than_the_film(
    segments: list[Segment],
) -> None:
    union = video.union(segments, FILM)
    parts = [max(0.0, min(stop, FILM) - max(start, 0.0)) for start, stop in segments]
    assert max(parts, default=0.0) - 0.001 <= video.length(union) <= FILM
    assert 0 <= video.progress(union, FILM) <= 1
    stops = [0.0 - video.GAP, *(stop for _, stop in union)]
    for (start, stop), before in zip(union, stops, strict=False):
        assert start < stop
        assert start - before > video.GAP - 0.0001


@given(st.lists(FORWARD, max_size=30))
def test_what_is_added_one_by_one_is_the_union_of_all(segments: list[Segment]) -> None:
    one_by_one: Segments = ()
    assert reduce(
        lambda union, segment: video.add(union, segment, FILM), segments, one_by_one
    ) == video.union(segments, FILM)


@given(UNIONS, st.tuples(_PLACES, _PLACES))
def test_adding_takes_nothing_away(union: Segments, segment: Segment) -> None:
    assert video.length(video.add(union, segment, FILM)) >= video.length(union)


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ((10.3, 20), (10, 20)),
        ((20, 29.6), (20, 30)),
        ((10.5, 29.5), (10.5, 29.5)),
        ((5, 35), (5, 35)),
        ((2, 4), (2, 4)),
        ((10.2, 10.3), (10, 10.3)),
    ],
)
def test_a_segment_is_joined_to_what_is_so_near_that_the_gap_closes(
    segment: Segment, expected: Segment
) -> None:
    assert video.joined(((0, 10), (30, 40)), segment) == expected


@given(UNIONS, FORWARD)
def test_a_union_never_grows_by_more_than_the_joined_segment(
    union: Segments, segment: Segment
) -> None:
    start, stop = max(0.0, segment[0]), min(segment[1], FILM)
    if start < stop:
        grown = video.length(video.add(union, (start, stop), FILM)) - video.length(union)
        begun, ended = video.joined(union, (start, stop))
        assert grown <= ended - begun + 0.0001


@pytest.mark.parametrize(
    ("position", "expected"),
    [(0, 10), (10, 10), (10.4, 10), (10.5, None), (29.6, 40), (29.5, None), (40.1, 40), (60, None)],
)
def test_the_edge_is_the_end_of_what_was_played_there(
    position: float, expected: float | None
) -> None:
    assert video.edge(((0, 10), (30, 40)), position) == expected


def test_how_near_an_edge_is_can_be_said() -> None:
    assert video.edge(((0, 10),), 10.9, 1.0) == 10
    assert video.edge(((0, 10),), 11, 1.0) is None


def test_a_share_of_no_film_is_none() -> None:
    assert video.progress(((0, 10),), 0) == 0
    assert video.progress(((0, 10),), 40) == 0.25
    assert video.progress(((0, 10),), 9.9) == 1


def test_segments_are_written_as_the_profile_has_them() -> None:
    """Video Profile 1.0, 4.3.2, played-segments."""
    assert video.write_segments([(0, 12), (14.5, 21.125)]) == "0[.]12[,]14.5[.]21.125"
    assert video.write_segments([]) == ""
    assert video.read_segments("") == ()


@given(UNIONS)
def test_what_is_written_is_read_again(union: Segments) -> None:
    assert video.read_segments(video.write_segments(union)) == union


@pytest.mark.parametrize(
    "text",
    ["12", "0[.]", "[.]12", "0[.]12[,]", "a[.]b", "0[.]nan", "-1[.]5", "0[.]1[.]2", "1_0[.]20",
     "0[.]12,14[.]21", " 0[.]1", "0[.]1\n", "1e3[.]2e3"],
)  # fmt: skip
def test_what_is_no_list_of_segments_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not of the form"):
        video.read_segments(text)
