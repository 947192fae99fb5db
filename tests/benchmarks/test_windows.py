"""What the peers are given, and how what they find becomes passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from windows import LENGTH, STRIDE, meets, merged, rows, windows_of

TEXT = " ".join(f"word{number}" for number in range(95))


def test_windows_cover_every_word_and_the_last_ends_with_the_text() -> None:
    found = windows_of([TEXT], 1)
    assert [tokens[0] for tokens in found.tokens] == ["word0", "word20", "word40", "word55"]
    assert all(len(tokens) == LENGTH for tokens in found.tokens)
    assert found.spans[0][0] == 0
    assert found.spans[-1][1] == len(TEXT)
    assert STRIDE == 20


def test_texts_shorter_than_a_window_are_one_and_empty_ones_none() -> None:
    found = windows_of(["a few words", "", "..."], 2)
    assert found.texts == [0]
    assert found.tokens == [["a few", "few words"]]
    assert windows_of(["one"], 2).tokens == [["one"]]


def test_windows_that_touch_on_both_sides_are_one_passage() -> None:
    assert merged([((0, 10), (50, 60)), ((11, 20), (61, 70)), ((5, 12), (55, 62))]) == [((0, 20), (50, 70))]


@pytest.mark.parametrize("there", [((11, 20), (90, 99)), ((30, 40), (61, 70))])
def test_windows_apart_on_one_side_are_two(there: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert merged([((0, 10), (50, 60)), there]) == sorted([((0, 10), (50, 60)), there])


sides = st.tuples(st.integers(0, 60), st.integers(1, 15)).map(lambda side: (side[0], side[0] + side[1]))


@given(st.lists(st.tuples(sides, sides), max_size=12))
def test_merging_loses_nothing_and_leaves_nothing_to_merge(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    found = merged(pairs)
    for one, two in pairs:
        assert any(a[0] <= one[0] and one[1] <= a[1] and b[0] <= two[0] and two[1] <= b[1] for a, b in found)
    assert not any(meets(one, two) for at, one in enumerate(found) for two in found[at + 1 :])


def test_window_pairs_become_rows_of_their_texts() -> None:
    windows = windows_of([TEXT, TEXT], 1)
    found = list(rows(windows, iter([(0, 4), (1, 5), (2, 6), (3, 7)]), ["x", "y"]))
    assert found == [{"a": "x", "b": "y", "a_start": 0, "a_end": len(TEXT), "b_start": 0, "b_end": len(TEXT)}]
