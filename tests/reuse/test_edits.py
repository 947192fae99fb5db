"""Edits between two copies: they rebuild either side and name each change."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Span
from provenance.reuse.edits import edits, similarity
from provenance.text.folding import fold_text
from provenance.text.tokens import words_of

lines = st.lists(st.sampled_from(["one", "Two", "three", "café", "中"]), max_size=12).map(" ".join)


def told(one: str, two: str) -> list[tuple[str, str, str]]:
    found = edits(one, Span(0, len(one)), two, Span(0, len(two)))
    return [(edit.kind, one[edit.a.start : edit.a.end], two[edit.b.start : edit.b.end]) for edit in found]


def test_each_change_is_named() -> None:
    one = "More than 1500 fighters fled the town, he said on Monday."
    two = "A little over 100 fighters fled he said late on Monday."
    assert told(one, two) == [
        ("replaced", "More than 1500", "A little over 100"),
        ("equal", "fighters fled", "fighters fled"),
        ("dropped", "the town", ""),
        ("equal", "he said", "he said"),
        ("added", "", "late"),
        ("equal", "on Monday", "on Monday"),
    ]


def test_case_marks_and_accents_are_no_change() -> None:
    assert told("“The Café’s END”", "the cafe's end") == [("equal", "The Café’s END", "the cafe's end")]


def test_offsets_are_those_of_the_whole_texts() -> None:
    one, two = "Intro. alpha beta gamma. End.", "🙂🙂 alpha delta gamma"
    found = edits(one, Span(7, 23), two, Span(3, 20))
    assert [(one[edit.a.start : edit.a.end], two[edit.b.start : edit.b.end]) for edit in found] == [
        ("alpha", "alpha"),
        ("beta", "delta"),
        ("gamma", "gamma"),
    ]


@settings(max_examples=150)
@given(lines, lines)
def test_edits_cover_both_sides_in_order(one: str, two: str) -> None:
    found = edits(one, Span(0, len(one)), two, Span(0, len(two)))
    for side, text in (("a", one), ("b", two)):
        spans = [getattr(edit, side) for edit in found]
        assert all(before.end <= after.start for before, after in pairwise(spans))
        words = [word for span in spans for word in fold_text(text[span.start : span.end]).split()]
        assert words == fold_text(text).split()
    for edit in found:
        left, right = one[edit.a.start : edit.a.end], two[edit.b.start : edit.b.end]
        assert (fold_text(left) == fold_text(right)) == (edit.kind == "equal")
        assert bool(left) == (edit.kind != "added")
        assert bool(right) == (edit.kind != "dropped")
    assert all(before.kind != after.kind for before, after in pairwise(found)), "neighbours are told as one"
    assert all("equal" in {before.kind, after.kind} for before, after in pairwise(found))


@settings(max_examples=150)
@given(lines, lines)
def test_similarity_is_the_share_of_equal_words(one: str, two: str) -> None:
    value = similarity(one, Span(0, len(one)), two, Span(0, len(two)))
    found = edits(one, Span(0, len(one)), two, Span(0, len(two)))
    equal = sum(len(words_of([one[e.a.start : e.a.end]])) for e in found if e.kind == "equal")
    longer = max(len(words_of([one])), len(words_of([two])))
    assert value == pytest.approx(equal / longer if longer else 0.0)
    assert value == similarity(two, Span(0, len(two)), one, Span(0, len(one)))


def test_no_words_no_edits() -> None:
    assert told("", "...") == []
    assert similarity("", Span(0, 0), "...", Span(0, 3)) == 0.0
