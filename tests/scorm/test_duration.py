"""Lengths of time in both notations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import duration
from scorm.duration import DAY, HOUR, MINUTE, MONTH, SECOND, YEAR, DurationError
from scorm.edition import Edition


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("PT0S", 0),
        ("PT2H20S", 2 * HOUR + 20 * SECOND),
        ("PT2H0M20S", 2 * HOUR + 20 * SECOND),
        ("P1Y6M14DT4H15M6.34S", YEAR + 6 * MONTH + 14 * DAY + 4 * HOUR + 15 * MINUTE + 634),
        ("PT1.5S", 150),
        ("PT1.05S", 105),
        ("PT0.999S", 99),
        ("P5Y6M", 5 * YEAR + 6 * MONTH),
    ],
)
def test_a_period_is_read_exactly(text: str, hundredths: int) -> None:
    assert duration.parse(Edition.SCORM_2004_3, text) == hundredths


@pytest.mark.parametrize("text", ["", "P", "PT", "P1H", "PT1D", "1H", "PT-1S", "PT1.S", "P1Y\n"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        duration.parse(Edition.SCORM_2004_4, text)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("00:00:00", 0),
        ("0001:02:03.4", HOUR + 2 * MINUTE + 340),
        ("00:90:75.05", 90 * MINUTE + 7505),
    ],
)
def test_a_timespan_is_read_exactly(text: str, hundredths: int) -> None:
    assert duration.parse(Edition.SCORM_12, text) == hundredths


@pytest.mark.parametrize("text", ["", "1:00:00", "00001:00:00", "00:00", "00:00:00.123", "PT1H"])
def test_what_is_no_timespan_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        duration.parse(Edition.SCORM_12, text)


def test_a_period_is_written_without_what_is_nothing() -> None:
    written = [duration.write(Edition.SCORM_2004_4, length) for length in (0, 5, 6150, 360_000)]
    assert written == ["PT0S", "PT0.05S", "PT1M1.5S", "PT1H"]


def test_a_timespan_stays_at_the_longest_that_can_be_written() -> None:
    assert duration.write(Edition.SCORM_12, 20_000 * HOUR) == "9999:59:59.99"


@given(st.integers(min_value=0, max_value=9_999 * HOUR), st.sampled_from(Edition))
def test_what_is_written_is_read_again(hundredths: int, edition: Edition) -> None:
    assert duration.parse(edition, duration.write(edition, hundredths)) == hundredths
