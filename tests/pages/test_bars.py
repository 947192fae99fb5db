from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance import DateInterval
from provenance.pages.bars import Bar, bars_of, bars_svg, dates_counted

Day = Callable[[int], DateInterval]


def test_days_with_their_gaps() -> None:
    assert bars_of([("2024-03-12", 8), ("2024-03-14", 3)], 40) == (
        [Bar("2024-03-12", 8), Bar("2024-03-13", 0), Bar("2024-03-14", 3)],
        0,
    )


def test_months_where_days_are_too_many_or_not_known() -> None:
    assert bars_of([("2023-12-31", 1), ("2024-02-01", 2)], 10)[0] == [
        Bar("2023-12", 1),
        Bar("2024-01", 0),
        Bar("2024-02", 2),
    ]
    assert bars_of([("2024-01-05", 1), ("2024-01", 2)], 40)[0] == [Bar("2024-01", 3)]


def test_several_years_a_bar_where_there_are_centuries() -> None:
    found, _ = bars_of([("1900", 1), ("1999", 2)], 10)
    assert found[0] == Bar("1900 to 1909", 1)
    assert found[-1] == Bar("1990 to 1999", 2)
    assert len(found) == 10


def test_a_misprinted_date_does_not_stretch_the_chart() -> None:
    found, outside = bars_of([("0001-01-01", 1), *((f"2024-03-{day:02d}", 40) for day in range(1, 31))], 40)
    assert len(found) == 30
    assert outside == 1


def test_dates_are_counted_as_fine_as_they_are_known(day: Day) -> None:
    year = DateInterval("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "year", "text")
    assert dates_counted([day(1), day(1), year, None]) == ([("2023", 1), ("2024-03-01", 2)], 1)


DATES = st.dates().map(str) | st.integers(1, 9999).map("{:04d}".format)


@settings(deadline=None)
@given(st.dictionaries(DATES, st.integers(1, 50), max_size=30), st.integers(1, 40))
def test_every_article_is_in_a_bar_or_counted_as_outside(counted: dict[str, int], most: int) -> None:
    found, outside = bars_of(counted.items(), most)
    assert len(found) <= most
    assert sum(bar.count for bar in found) + outside == sum(counted.values())


def test_the_chart_has_a_table(page: Callable[[str], Any]) -> None:
    read = page(bars_svg([("2024-03-12", 8), ("2024-03-14", 3)], 2, 40))
    assert "".join(read.within("tbody").split()) == "2024-03-1282024-03-1302024-03-143"
    assert "2 undated articles are not in the chart." in read.text()
    assert bars_svg([], 5, 40) == ""
