"""Articles over time as bars, with a table of the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from provenance.model import DateInterval
from provenance.pages.rendering import rendered

_WIDTH, _HEIGHT = 720.0, 120.0
_WIDEST: Final = 60.0
_ENOUGH: Final = 20
"""Articles from which on single dates far from all others are taken for misprints."""
_FEW: Final = 0.01


@dataclass(frozen=True, slots=True)
class Bar:
    """Articles of one stretch of time: a day, month or year."""

    label: str
    count: int


def dates_counted(dates: Iterable[DateInterval | None]) -> tuple[list[tuple[str, int]], int]:
    """Publication dates as `bars_of` takes them, each as fine as it is known, and how many articles have none."""
    counted: Counter[str] = Counter()
    undated = 0
    for one in dates:
        if one is None:
            undated += 1
        else:
            counted[one.start[: {"year": 4, "month": 7}.get(one.precision, 10)]] += 1
    return sorted(counted.items()), undated


def bars_of(counted: Iterable[tuple[str, int]], most: int) -> tuple[list[Bar], int]:
    """Counts by day, else by month, else by year, whichever is the first to make few bars; gaps included.

    Args:
        counted: days, months or years as ISO 8601 writes them, each with a number.
        most: bars.

    Returns:
        The bars, and how many articles are left out because their dates are far from all others.
    """
    days = sorted(counted)
    if not days:
        return [], 0
    inside = _near(days)
    outside = sum(number for _, number in days) - sum(number for _, number in inside)
    finest = min(len(day) for day, _ in inside)
    for width in (10, 7, 4):
        totals = _totals(inside, width)
        first, last = min(totals), max(totals)
        if width <= finest and _number(last, width) - _number(first, width) < most:
            return [Bar(label, totals[label]) for label in _every(first, last, width)], outside
    totals = _totals(inside, 4)
    labels = _every(min(totals), max(totals), 4)
    years = -(-len(labels) // most)
    parts = [labels[at : at + years] for at in range(0, len(labels), years)]
    return [Bar(f"{part[0]} to {part[-1]}", sum(totals[one] for one in part)) for part in parts], outside


def _near(days: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Dates without those few that lie further from the others than those lie from each other."""
    total = sum(number for _, number in days)
    if total < _ENOUGH:
        return list(days)
    low = _reached(days, total * _FEW)
    high = _reached(days[::-1], total * _FEW)
    span = max(_number(high[:4], 4) - _number(low[:4], 4), 1)
    kept = [one for one in days if _number(low[:4], 4) - span <= int(one[0][:4]) <= _number(high[:4], 4) + span]
    return kept or list(days)


def _reached(days: Sequence[tuple[str, int]], share: float) -> str:
    so_far = 0
    for day, number in days:
        so_far += number
        if so_far > share:
            return day
    return days[-1][0]


def _totals(days: Iterable[tuple[str, int]], width: int) -> Counter[str]:
    totals: Counter[str] = Counter()
    for day, number in days:
        totals[day[:width]] += number
    return totals


def _number(label: str, width: int) -> int:
    """Which day, month or year a label is, counted from the beginning of the calendar."""
    if width == 10 and len(label) == 10:
        return date.fromisoformat(label).toordinal()
    return int(label[:4]) * 12 + int(label[5:7]) if width == 7 and len(label) >= 7 else int(label[:4])


def _every(first: str, last: str, width: int) -> list[str]:
    """The days, months or years from one to another."""
    if width == 4:
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    if width == 7:
        months = [int(one[:4]) * 12 + int(one[5:7]) - 1 for one in (first, last)]
        return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(months[0], months[1] + 1)]
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + timedelta(days=day)).isoformat() for day in range((end - begin).days + 1)]


def bars_svg(counted: Iterable[tuple[str, int]], undated: int, most: int) -> Markup:
    """Articles over time as bars, with a table of the same; empty where nothing is dated.

    Args:
        counted: days, months or years as ISO 8601 writes them, each with the number of its articles.
        undated: how many articles have no date.
        most: bars.
    """
    found, outside = bars_of(counted, most)
    if not found:
        return Markup("")
    top = max(one.count for one in found)
    step = _WIDTH / len(found)
    drawn = [
        (one, number * step, min(step * 0.8, _WIDEST), _HEIGHT * one.count / top) for number, one in enumerate(found)
    ]
    return rendered(
        "bars.html", bars=drawn, top=top, width=_WIDTH, height=_HEIGHT, step=step, undated=undated, outside=outside
    )
