from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.wording import Wording, found_in, runs, share_found
from provenance.errors import NotFoundError
from provenance.model import Article, Span


def wording(*texts):
    articles = {f"d{i}": Article(f"d{i}", text) for i, text in enumerate(texts)}
    return Wording(articles, articles)


def test_words_within_spans_lie_wholly_in_them():
    worded = wording("one two three four").of("d0")
    assert worded.within([Span(4, 13)]).tolist() == [1, 2]
    assert worded.within([Span(5, 13)]).tolist() == [2]
    assert worded.within([Span(4, 7)], before=4).tolist() == [0, 1]


def test_pairs_do_not_reach_over_the_gap_between_spans():
    worded = wording("one two three four").of("d0")
    assert len(worded.pairs_within([Span(0, 7), Span(8, 18)])) == 3
    assert len(worded.pairs_within([Span(0, 7), Span(14, 18)])) == 1
    assert len(worded.pairs_within([Span(0, 3)])) == 1


def test_the_share_of_pairs_found_elsewhere_is_counted_in_distinct_pairs():
    known = wording("one two three four", "zero ONE two, three! five")
    mine, theirs = known.of("d0"), known.of("d1")
    assert share_found(mine.sequence, theirs.sequence) == pytest.approx(2 / 3)
    assert share_found(mine.sequence[:0], theirs.sequence) == 0.0
    assert share_found(mine.sequence, theirs.sequence[:0]) == 0.0


def test_an_empty_text_has_no_words():
    worded = wording("", "…").of("d0")
    assert len(worded.within([Span(0, 5)])) == 0
    assert len(worded.pairs_within([Span(0, 5)])) == 0


def test_an_article_that_was_not_read_is_named():
    with pytest.raises(NotFoundError, match=r"^d9"):
        wording("x").of("d9")


def test_runs_join_what_is_near():
    assert [runs(np.array(places, dtype=np.int64), 3) for places in ([], [4], [4, 7], [4, 8], [1, 2, 3, 9, 30])] == [
        0,
        1,
        1,
        2,
        3,
    ]


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_found_in_agrees_with_a_set(values, within):
    ordered = np.unique(np.array(within, dtype=np.uint64))
    found = found_in(np.array(values, dtype=np.uint64), ordered)
    assert found.tolist() == [value in set(within) for value in values]
