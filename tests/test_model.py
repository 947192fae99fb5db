"""The records: what their few methods and properties imply."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance import model
from provenance.model import Article, DateInterval, Link, Span

spans = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda drawn: Span(drawn[0], drawn[0] + drawn[1]))


@settings(max_examples=150)
@given(spans, spans)
def test_spans_overlap_and_hold_as_sets_of_places_do(one: Span, two: Span) -> None:
    places, others = set(range(one.start, one.end)), set(range(two.start, two.end))
    assert len(one) == len(places)
    assert one.overlaps(two) == bool(places & others) == two.overlaps(one)
    assert one.holds(two) == (others <= places)


def test_spans_sort_by_place() -> None:
    assert sorted([Span(5, 9), Span(1, 9), Span(1, 3)]) == [Span(1, 3), Span(1, 9), Span(5, 9)]


def interval(start: str, end: str) -> DateInterval:
    return DateInterval(f"{start}T00:00:00Z", f"{end}T00:00:00Z", "day", "metadata")


def test_dates_of_one_day_are_a_tie_and_of_two_are_not() -> None:
    first, again, next_day = (
        interval("2017-12-16", "2017-12-17"),
        interval("2017-12-16", "2017-12-17"),
        interval("2017-12-17", "2017-12-18"),
    )
    assert not first.before(again)
    assert not again.before(first)
    assert first.before(next_day)
    assert not next_day.before(first)
    assert first.isoformat() == "2017-12-16T00:00:00Z/2017-12-17T00:00:00Z"


def test_a_month_is_not_before_a_day_within_it() -> None:
    month, day = interval("2017-12-01", "2018-01-01"), interval("2017-12-16", "2017-12-17")
    assert not month.before(day)
    assert not day.before(month)


def test_the_hash_is_that_of_the_text() -> None:
    assert Article("a", "é\n").sha256 == hashlib.sha256("é\n".encode()).hexdigest()
    assert Article("a", "x", title="t").sha256 == Article("b", "x").sha256
    assert Article("a", "x ").sha256 != Article("a", "x").sha256


@settings(max_examples=60)
@given(st.text(st.characters(codec=None), max_size=10))
def test_any_text_has_a_hash(text: str) -> None:
    assert len(Article("a", text).sha256) == 64


@pytest.mark.parametrize(
    ("relation", "directed"),
    [
        ("credited-copy", True),
        ("uncredited-copy", True),
        ("update", True),
        ("credit-only", True),
        ("common-source", False),
        ("quotation", False),
        ("undetermined", False),
    ],
)
def test_which_links_say_who_had_it_from_whom(relation: model.Relation, directed: bool) -> None:
    assert Link(None, "", "a", relation, False, 0.5, (), ("a",)).directed is directed


def test_records_are_frozen_and_documented() -> None:
    records = [kind for _, kind in inspect.getmembers(model, dataclasses.is_dataclass) if inspect.isclass(kind)]
    assert {Article, Span, Link} <= set(records)
    for kind in records:
        assert kind.__dataclass_params__.frozen, kind
        assert "__slots__" in vars(kind), kind
        assert kind.__doc__, kind
    with pytest.raises(dataclasses.FrozenInstanceError):
        Span(1, 2).start = 3  # type: ignore[misc]
