"""Playlists as RFC 8216 has them."""

import re
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.video.fragments import Fragment, Track
from content_packages.video.playlists import Segment, average, cuts, media, peak, segments


def track(*durations, sizes=(), timescale=1000, first=0):
    """Return a track of fragments that last so long, in ticks."""
    found, offset, time = [], 900, first
    for number, duration in enumerate(durations):
        size = sizes[number] if sizes else 1000
        found.append(Fragment(offset, size, time, duration, 1))
        offset, time = offset + size, time + duration
    return Track(900, timescale, "avc1.64001f", tuple(found))


def lines(found):
    return media(track(), found, "720-1.mp4").splitlines()


def test_each_fragment_is_a_segment():
    assert segments(track(6000, 6000, 500, sizes=(10, 20, 30))) == [
        Segment(900, 10, 0, 6),
        Segment(910, 20, 6, 6),
        Segment(930, 30, 12, 0.5),
    ]


def test_fragments_from_one_start_to_the_next_are_a_segment():
    found = segments(track(2000, 2000, 2000, 2000, 1000), [0.0, 4.0])
    assert found == [Segment(900, 2000, 0, 4), Segment(2900, 3000, 4, 5)]


def test_a_fragment_belongs_to_the_start_before_its_middle():
    found = segments(track(1900, 2200, 1900), [0.0, 2.0, 4.0])
    assert [(each.start, each.seconds) for each in found] == [(0, 1.9), (1.9, 2.2), (4.1, 1.9)]


def test_a_start_without_a_fragment_is_no_segment():
    found = segments(track(6000, 6000), [0.0, 2.0, 6.0, 20.0])
    assert [each.start for each in found] == [0, 6]


def test_what_is_before_the_first_start_belongs_to_it():
    assert len(segments(track(1000, 1000), [1.5])) == 1


def test_cuts_are_a_segment_or_more_apart():
    assert cuts(track(*[2000] * 8), 6) == [0, 6, 12]
    assert cuts(track(4000, 4000, 7000, 1000), 6) == [0, 8, 15]
    assert cuts(track(), 6) == []


def test_a_cut_a_rounding_early_counts():
    assert cuts(track(180179, 180180, timescale=30030), 6) == [0, 180179 / 30030]


def test_a_playlist_says_what_it_is():
    assert lines([Segment(900, 10, 0, 6), Segment(910, 20, 6, 2.5)]) == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:6",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="720-1.mp4",BYTERANGE="900@0"',
        "#EXTINF:6.000000,",
        "#EXT-X-BYTERANGE:10@900",
        "720-1.mp4",
        "#EXTINF:2.500000,",
        "#EXT-X-BYTERANGE:20@910",
        "720-1.mp4",
        "#EXT-X-ENDLIST",
    ]


def test_a_playlist_ends_with_a_line():
    assert media(track(), [], "a.mp4").endswith("#EXT-X-ENDLIST\n")


@given(st.lists(st.integers(1, 12_000), min_size=1, max_size=50))
def test_no_segment_is_longer_than_the_target(durations):
    said = "\n".join(lines(segments(track(*durations))))
    target = int(re.search(r"#EXT-X-TARGETDURATION:(\d+)", said)[1])
    told = [float(each) for each in re.findall(r"#EXTINF:([\d.]+),", said)]
    assert len(told) == len(durations)
    assert all(round(each) <= target for each in told)  # RFC 8216, 4.3.3.1
    assert sum(told) == pytest.approx(sum(durations) / 1000, abs=1e-4)


@given(st.lists(st.integers(1, 12_000), min_size=1, max_size=50), st.floats(1, 20))
def test_segments_leave_nothing_out_and_hold_nothing_twice(durations, seconds):
    whole = track(*durations)
    found = segments(whole, cuts(whole, seconds))
    assert found[0].offset == 900
    assert [each.offset + each.size for each in found[:-1]] == [each.offset for each in found[1:]]
    assert sum(each.size for each in found) == 1000 * len(durations)
    assert all(each.seconds >= seconds - 2e-3 for each in found[:-1])


def test_the_peak_is_of_the_busiest_segment():
    assert peak(segments(track(6000, 6000, 6000, sizes=(600, 6000, 60)))) == 8000


def test_the_average_is_over_all_segments():
    assert average(segments(track(6000, 6000, 3000, sizes=(600, 6000, 900)))) == 4000


def test_a_short_segment_alone_is_no_peak():
    # RFC 8216, 4.1: of a stretch that lasts a half to one and a half times the target duration.
    found = segments(track(6000, 6000, 40, sizes=(6000, 6000, 5000)))
    assert peak(found) == ceil(11_000 * 8 / 6.04)


def test_segments_that_are_all_short_make_their_peak_together():
    found = segments(track(6000, *[1000] * 6, sizes=(600, 100, 100, 1000, 100, 100, 100)))
    assert peak(found) == ceil(1200 * 8 / 3)


def test_a_film_shorter_than_any_such_stretch_has_its_own_rate_for_a_peak():
    assert peak(segments(track(40, sizes=(5000,)))) == 1_000_000


def test_the_peak_is_never_less_than_the_average():
    found = segments(track(6000, 2000, sizes=(1000, 1000)))
    assert peak(found) >= average(found)


def test_a_track_of_no_time_has_no_rate():
    nothing = segments(track(0))
    assert (peak(nothing), average(nothing)) == (0, 0)
    assert (peak([]), average([])) == (0, 0)


@given(st.lists(st.tuples(st.integers(1, 9_000), st.integers(1, 9_999)), min_size=1, max_size=30))
def test_peaks_and_averages_keep_their_order(rows):
    found = segments(track(*(each[0] for each in rows), sizes=[each[1] for each in rows]))
    assert average(found) <= peak(found)
    assert peak(found) <= max(ceil(each.size * 8 / each.seconds) for each in found)
