"""Chapters as an author types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_packages.captions import Chapters, read_chapters, write_chapters
from content_packages.captions.chapters import MOST_CHAPTERS
from tests.content_packages.captions.made import codes


def test_a_line_is_a_time_and_a_title():
    found = read_chapters("0:00 はじめに\r\n\n12:34 対策\r1:02:03　まとめ\n", 7200)
    assert found == Chapters(((0, "はじめに"), (754, "対策"), (3723, "まとめ")), ())


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("0:05 題", 5), ("00:00:05 題", 5), ("０：０５　題", 5), ("１：０２：０３題", 3723),
        ("75:00 題", 4500), ("100:00:00 題", 360000), ("  0:05\t題  ", 5), ("0:05題", 5),
        ("0:05.25 題", 5.25), ("0:05．5 題", 5.5), ("\u30000:05 題", 5),
    ],
)  # fmt: skip
def test_times_are_typed_in_many_ways(line, start):
    assert read_chapters(line, None).chapters == ((start, "題"),)


@pytest.mark.parametrize("line", ["0:05 3つの：対策", "0:05　：", "0:05 1:00", "0:05 .5"])
def test_a_title_stays_as_it_was_typed(line):
    assert read_chapters(line, None).chapters == ((5, line[5:]),)


@pytest.mark.parametrize(
    "line",
    ["まとめ", "1 まとめ", "1:2 まとめ", "1:60 まとめ", "1:60:00 x", "0:00:00:00 x", "0:001 x",
     "-0:01 x", "12345:00 x", "0:05.1234 x", "はじめに 0:00"],
)  # fmt: skip
def test_a_line_without_a_time_is_told(line):
    found = read_chapters(f"0:00 a\n{line}", None)
    assert codes(found.problems) == [("chapter_without_time", 2)]
    assert found.chapters == ((0, "a"),)


@pytest.mark.parametrize("line", ["0:05", "0:05 ", "0:05　", "0:05 \x00\x1f"])
def test_a_line_without_a_title_is_told(line):
    found = read_chapters(f"0:00 a\n{line}\n0:06 b", None)
    assert codes(found.problems) == [("chapter_without_title", 2)]
    assert found.chapters == ((0, "a"), (6, "b"))


@pytest.mark.parametrize("line", ["1:00 b", "0:59 b"])
def test_each_chapter_begins_later_than_the_one_before(line):
    found = read_chapters(f"0:00 z\n1:00 a\n{line}\n1:01 c", None)
    assert codes(found.problems) == [("chapter_not_later", 3)]
    assert found.problems[0].data == {"previous": "1:00"}
    assert [title for _, title in found.chapters] == ["z", "a", "c"]


def test_a_chapter_begins_before_the_film_ends():
    found = read_chapters("0:00 a\n1:01:05 b\n1:01:06 c", 3666.0)
    assert codes(found.problems) == [("chapter_beyond_end", 3)]
    assert found.problems[0].data == {"duration": "1:01:06"}


def test_all_that_is_wrong_with_a_line_is_told():
    found = read_chapters("0:05 a\n0:04", 3)
    assert codes(found.problems) == [
        ("chapter_beyond_end", 1), ("chapter_without_title", 2), ("chapter_beyond_end", 2),
    ]  # fmt: skip


def test_a_first_chapter_that_does_not_begin_with_the_film_is_odd():
    found = read_chapters("\n0:30 順路", None)
    assert found.chapters == ((30, "順路"),)
    assert codes(found.problems) == [("chapters_begin_late", 2)]
    assert found.problems[0].severity == "warning"


@pytest.mark.parametrize("text", ["", "\n \n\u3000\n"])
def test_there_need_be_no_chapters(text):
    assert read_chapters(text, 10) == Chapters((), ())


def test_there_is_a_most_of_chapters():
    lines = [f"{at}:00 a" for at in range(MOST_CHAPTERS)]
    assert len(read_chapters("\n\n".join(lines), None).chapters) == MOST_CHAPTERS
    found = read_chapters("\n".join([*lines, "x"]), None)
    assert (found.chapters, codes(found.problems)) == ((), [("chapters_too_many", 0)])


def test_chapters_are_written_as_they_are_typed():
    chapters = ((0.0, "はじめに"), (65.0, "a\nb"), (3723.5, " まとめ "))
    assert write_chapters(chapters) == "0:00 はじめに\n1:05 a b\n1:02:03.500 まとめ"
    assert write_chapters(()) == ""


TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(
    st.lists(st.integers(0, 3_599_999_999), unique=True, max_size=8).map(sorted),
    st.lists(TITLES.map(str.strip).filter(bool), min_size=8, max_size=8),
)
def test_what_was_written_is_read_as_it_was(times, titles):
    chapters = tuple(zip((at / 1000 for at in times), titles, strict=False))
    found = read_chapters(write_chapters(chapters), None)
    assert found.chapters == chapters
    assert {code for code, _ in codes(found.problems)} <= {"chapters_begin_late"}


@given(st.text("0123456789０１:：. \u3000\n\r\0題-", max_size=60), st.none() | st.floats(0, 1e4))
def test_any_text_is_answered(text, duration):
    found = read_chapters(text, duration)
    codes(found.problems)
    starts = [start for start, _ in found.chapters]
    assert starts == sorted(set(starts))
    assert found.chapters or found.problems or not text.strip()


@pytest.mark.parametrize("part", ["0", "0:", " ", "\n", "0:00 a\n", ":", "x"])
def test_a_hostile_text_is_answered(part):
    read_chapters("0:00 a\n" + part * (2_000_000 // len(part)), 10.0)
