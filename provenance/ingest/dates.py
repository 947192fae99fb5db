"""Strings that say when something was published, as intervals.

ISO 8601 dates, datetimes and intervals, RFC 2822 dates and unambiguous dates in words are read. Where no zone is given
UTC is taken: `2017-12-16` is the interval from that day's midnight in UTC to the next. A time of exactly 00:00 is what
content systems write who know only the day, so it is given the precision of a day. A date of which day and month could
be exchanged, such as `05/03/2024`, is not read at all: without the outlet's usage it says neither.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from provenance.model import DateInterval, DateOrigin, Precision
from provenance.settings import IngestSettings

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LANGUAGES = ("en", "ru", "ar", "es", "fr", "de", "zh")
"""Languages in which dates written in words are read."""

_TIME = r"(?P<hour>\d{2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?)"
_ZONE = r"(?:\s?(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:(?:[Tt]|\s{1,2})" + _TIME + _ZONE + r")?)?)?"
)
_ISO_BASIC = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[Tt]" + _TIME + _ZONE + r")?")
_CHINESE = re.compile(r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月(?:\s?(?P<day>\d{1,2})\s?[日号])?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})")
_NUMERIC = re.compile(r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3},?\s{1,3})?\d{1,2}\s{1,3}[A-Za-z]{3}\s{1,3}\d{4}\s{1,3}\d{2}:\d{2}(?::\d{2})?"
    r"\s{1,3}(?:[+-]\d{4}|GMT|UT|UTC|Z|[ECMP][SD]T)(?:\s{0,3}\([^()]{0,20}\))?"
)
_NUMBERS = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-]\d")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.](?P<seconds>\d{2}))?(?!\d)\s{0,2}(?P<half>[AaPp]\.?[Mm])?")
_FOUR_DIGIT_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_PARSED = 4096  # answers kept; archives repeat their dates


def parse_date(text: str, settings: IngestSettings, *, origin: DateOrigin = "metadata") -> DateInterval | None:
    """The interval that a string gives, or None where it gives none or is ambiguous.

    Args:
        text: such as `2017-12-16T10:15:00+03:00`, `Sat, 16 Dec 2017 10:15:00 +0300` or `16 декабря 2017`.
        settings: `date_characters`.
        origin: where the string was found.
    """
    cleaned = text.strip()
    if not cleaned or len(cleaned) > settings.date_characters:
        return None
    if not cleaned.isascii():
        cleaned = _western_digits(cleaned)
    found = _parse(cleaned)
    return None if found is None else DateInterval(found[0], found[1], found[2], origin)


@lru_cache(maxsize=_PARSED)
def _parse(text: str) -> tuple[str, str, Precision] | None:
    if "/" in text and (interval := _iso_interval(text)) is not None:
        return interval
    for pattern in (_ISO, _ISO_BASIC, _CHINESE, _YEAR_FIRST):
        match = pattern.fullmatch(text)
        if match is not None:
            return _from_parts(match)
    match = _NUMERIC.fullmatch(text)
    if match is not None:
        return _numeric(match)
    if _RFC_2822.fullmatch(text) is not None:
        return _rfc_2822(text)
    return _in_words(text)


def _western_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _interval(start: datetime, precision: Precision) -> tuple[str, str, Precision] | None:
    steps = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "day": timedelta(days=1)}
    try:
        if precision == "year":
            end = start.replace(year=start.year + 1)
        elif precision == "month":
            end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        else:
            end = start + steps[precision]
        return _stamp(start), _stamp(end), precision
    except (ValueError, OverflowError):  # beyond the years 1 to 9999
        return None


def _from_parts(match: re.Match[str]) -> tuple[str, str, Precision] | None:
    parts = match.groupdict()
    numbers = {name: int(parts[name]) for name in ("month", "day", "hour", "minute", "second") if parts.get(name)}
    try:
        zone = _zone(parts.get("zone"))
        moment = datetime(
            int(parts["year"]),
            numbers.get("month", 1),
            numbers.get("day", 1),
            numbers.get("hour", 0),
            numbers.get("minute", 0),
            min(numbers.get("second", 0), 59),  # a leap second is read as the one before it
            tzinfo=zone,
        )
    except (ValueError, OverflowError):
        return None
    precision: Precision = "year"
    for name in ("month", "day", "minute", "second"):
        if name in numbers:
            precision = name
    if precision in {"minute", "second"} and not (moment.hour or moment.minute or moment.second):
        precision = "day"
    return _interval(moment, precision)


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() in {"Z", "UTC", "GMT"}:
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _iso_interval(text: str) -> tuple[str, str, Precision] | None:
    """The form that `DateInterval.isoformat` writes; a longer interval gets the next coarser precision."""
    left, _, right = text.partition("/")
    first, last = _ISO.fullmatch(left), _ISO.fullmatch(right)
    if first is None or last is None:
        return None
    begin, stop = _from_parts(first), _from_parts(last)
    if begin is None or stop is None or begin[0] >= stop[0]:
        return None
    length = datetime.fromisoformat(stop[0][:-1]) - datetime.fromisoformat(begin[0][:-1])
    precision: Precision = "year"
    if length <= timedelta(seconds=1):
        precision = "second"
    elif length <= timedelta(minutes=1):
        precision = "minute"
    elif length <= timedelta(days=1):
        precision = "day"
    elif length <= timedelta(days=31):
        precision = "month"
    return begin[0], stop[0], precision


def _numeric(match: re.Match[str]) -> tuple[str, str, Precision] | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if first <= 12 and second <= 12 and first != second:
        return None  # day and month could be exchanged
    day, month = (first, second) if second <= 12 else (second, first)
    try:
        return _interval(datetime(year, month, day, tzinfo=timezone.utc), "day")
    except ValueError:
        return None


def _rfc_2822(text: str) -> tuple[str, str, Precision] | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few inputs have such dates

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    clock = _CLOCK.search(text)
    if not (moment.hour or moment.minute or moment.second):
        return _interval(moment, "day")
    return _interval(moment, "second" if clock is not None and clock["seconds"] else "minute")


@lru_cache(maxsize=1)
def _parser() -> DateDataParser:
    from dateparser.date import DateDataParser  # noqa: PLC0415 - slow to import, and needed for few dates

    return DateDataParser(
        languages=list(LANGUAGES),
        settings={
            "PARSERS": ["absolute-time"],  # never "two hours ago": that would date by the clock of this machine
            "REQUIRE_PARTS": ["month", "year"],
            "TIMEZONE": "UTC",
            "TO_TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": True,
            "PREFER_DAY_OF_MONTH": "first",
            "NORMALIZE": True,
        },
    )


def _in_words(text: str) -> tuple[str, str, Precision] | None:
    # the month must be a word and the year have four digits, or the parts could be exchanged
    if len(_FOUR_DIGIT_YEAR.findall(text)) != 1 or _LETTERS.search(text) is None:
        return None
    if _NUMBERS.search(text) is not None:
        return None
    try:
        data = _parser().get_date_data(text)
    except (ValueError, OverflowError):  # dateparser lets through what datetime refuses
        return None
    moment = data.date_obj
    if moment is None or str(moment.year) not in text:
        return None
    if data.period == "month":
        return _interval(moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0), "month")
    clock = _CLOCK.search(text)
    if clock is None or not (moment.hour or moment.minute or moment.second):
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) if clock is None else moment
        return _interval(midnight, "day")
    return _interval(moment.replace(microsecond=0), "second" if clock["seconds"] else "minute")
