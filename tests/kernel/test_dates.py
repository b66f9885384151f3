"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock, dates


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R6.4.1", date(2024, 4, 1)),
        ("令和６年４月１日", date(2024, 4, 1)),
        ("㋿6年4月1日", date(2024, 4, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("2024/4/1", date(2024, 4, 1)),
        (" 2024-04-01 ", date(2024, 4, 1)),
        ("20240401", date(2024, 4, 1)),
        ("2024年4月1日", date(2024, 4, 1)),
        ("24/4/1", None),
        ("令和6年13月1日", None),
        ("2024/2/30", None),
        ("きのう", None),
        ("45000", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_it_is_written(written: str, day: date | None) -> None:
    assert dates.parse(written) == day


@given(st.dates(date(1868, 1, 25), date(2200, 12, 31)))
def test_a_day_written_with_its_era_is_the_same_day(day: date) -> None:
    assert dates.parse(clock.era_date(day).partition("（")[0]) == day
