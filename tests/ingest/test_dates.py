from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.ingest.dates import parse_date
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()


def parsed(text: str) -> tuple[str, str, str] | None:
    found = parse_date(text, SETTINGS)
    return None if found is None else (found.start, found.end, found.precision)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2017-12-16", "2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day"),
        ("20171216", "2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day"),
        ("2017-12", "2017-12-01T00:00:00Z", "2018-01-01T00:00:00Z", "month"),
        ("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "month"),
        ("2017", "2017-01-01T00:00:00Z", "2018-01-01T00:00:00Z", "year"),
        ("2017-12-16T10:15:30+03:00", "2017-12-16T07:15:30Z", "2017-12-16T07:15:31Z", "second"),
        ("2017-12-16T22:15:30-0500", "2017-12-17T03:15:30Z", "2017-12-17T03:15:31Z", "second"),
        ("2017-12-16T10:15:30.123456Z", "2017-12-16T10:15:30Z", "2017-12-16T10:15:31Z", "second"),
        ("2017-12-16T10:15:30", "2017-12-16T10:15:30Z", "2017-12-16T10:15:31Z", "second"),
        ("2017-12-16 10:15", "2017-12-16T10:15:00Z", "2017-12-16T10:16:00Z", "minute"),
        ("2017-12-16T10:15+02", "2017-12-16T08:15:00Z", "2017-12-16T08:16:00Z", "minute"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z", "second"),
        ("Sat, 16 Dec 2017 10:15:00 +0300", "2017-12-16T07:15:00Z", "2017-12-16T07:15:01Z", "second"),
        ("16 Dec 2017 10:15 GMT", "2017-12-16T10:15:00Z", "2017-12-16T10:16:00Z", "minute"),
        ("2017年12月16日", "2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day"),
        ("2017年12月", "2017-12-01T00:00:00Z", "2018-01-01T00:00:00Z", "month"),
        ("  2017-12-16\n", "2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day"),
    ],
)
def test_standard_forms(text: str, start: str, end: str, precision: str) -> None:
    assert parsed(text) == (start, end, precision)


@pytest.mark.parametrize(
    "text",
    [
        "December 16, 2017",
        "16 December 2017",
        "Dec. 16th, 2017",
        "16 декабря 2017",
        "١٦ ديسمبر ٢٠١٧",
        "16 de diciembre de 2017",
        "16 décembre 2017",
        "16. Dezember 2017",
        "16/12/2017",
        "12/16/2017",
        "16.12.2017",
        "2017/12/16",
    ],
)
def test_words_and_unambiguous_numbers_give_the_day(text: str) -> None:
    assert parsed(text) == ("2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day")


def test_words_with_a_time_give_the_minute() -> None:
    assert parsed("Dec 16, 2017 10:15 AM") == ("2017-12-16T10:15:00Z", "2017-12-16T10:16:00Z", "minute")


def test_words_without_a_day_give_the_month() -> None:
    assert parsed("December 2017") == ("2017-12-01T00:00:00Z", "2018-01-01T00:00:00Z", "month")


@pytest.mark.parametrize("text", ["05/03/2024", "5.3.2024", "05-03-2024", "Tue 05/03/2024", "05/03/2024 10:15 hours"])
def test_day_and_month_that_could_be_exchanged_are_not_read(text: str) -> None:
    assert parsed(text) is None


def test_a_day_that_equals_its_month_cannot_be_exchanged() -> None:
    assert parsed("05/05/2024") == ("2024-05-05T00:00:00Z", "2024-05-06T00:00:00Z", "day")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "yesterday",
        "2 hours ago",
        "16 Dec 17",
        "5 March",
        "2017-02-30",
        "31 February 2017",
        "2017-13-01",
        "2024-03-05T24:00:00Z",
        "2017-12-16T10:15:30+99:00",
        "9999-12-31",
        "0000",
        "1710000000",
        "May 2017 and June 2018",
        "x" * 10_000,
        "2017-12-16/2016-12-16",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert parsed(text) is None


def test_midnight_is_a_day_in_its_own_zone() -> None:
    assert parsed("2017-12-16T00:00:00+02:00") == ("2017-12-15T22:00:00Z", "2017-12-16T22:00:00Z", "day")


def test_the_origin_is_kept() -> None:
    found = parse_date("2017-12-16", SETTINGS, origin="dateline")
    assert found is not None
    assert found.origin == "dateline"


@settings(max_examples=80, deadline=None)
@given(
    st.datetimes(datetime(1700, 1, 1), datetime(2100, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_iso_datetime_is_that_second_in_utc(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    found = parsed(moment.isoformat())
    assert found is not None
    assert datetime.fromisoformat(found[0].replace("Z", "+00:00")) == moment
    assert found[2] == ("day" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "second")


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    st.datetimes(datetime(1700, 1, 1), datetime(2100, 1, 1)),
)
def test_what_is_written_out_is_read_back(form: str, moment: datetime) -> None:
    first = parse_date(moment.strftime(form), SETTINGS)
    assert first is not None
    again = parse_date(first.isoformat(), SETTINGS)
    assert again is not None
    assert (again.start, again.end, again.precision) == (first.start, first.end, first.precision)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=90))
def test_no_text_raises(text: str) -> None:
    found = parse_date(text, SETTINGS)
    assert found is None or found.start < found.end


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789/-.:TZ+ ADecjuny年月", max_size=30))
def test_nothing_like_a_date_raises(text: str) -> None:
    found = parse_date(text, SETTINGS)
    assert found is None or found.start < found.end
