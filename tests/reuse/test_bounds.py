"""Bounds against aligning every candidate: none that is left out may hold a passage."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse import bounds
from provenance.reuse.alignment import Aligned, Aligner, align_all, chain_all, chain_runs, without_echoes
from provenance.reuse.bounds import may_hold_passages
from provenance.reuse.candidates import Runs
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words

DEFAULT = ReuseSettings()

# Pieces of two texts: words of both, of the first or of the second, from a small vocabulary so that chance joins in.
pieces = st.lists(
    st.tuples(st.sampled_from(["both", "both", "one", "two", "apart"]), st.integers(1, 9)), min_size=1, max_size=14
)
thresholds = st.fixed_dictionaries(
    {
        "shingle_words": st.integers(2, 5),
        "minimum_run_words": st.integers(1, 6),
        "minimum_words": st.integers(3, 14),
        "minimum_score": st.sampled_from([0.0, 2.5, 6.0, 10.0]),
        "unmatched_cost": st.sampled_from([0.0, 0.3, 0.6, 1.0, 3.0]),
        "minimum_similarity": st.sampled_from([0.2, 0.5, 0.95]),
        "drop_limit": st.sampled_from([2.0, 6.0, 25.0]),
        "extension_words": st.sampled_from([0, 1, 3, 8, 20, 40]),
        "maximum_gap_words": st.sampled_from([5, 30, 1000]),
        "candidate_gap_words": st.sampled_from([6, 30, 100]),
    }
)


def texts_of(drawn: list[tuple[str, int]], vocabulary: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    one: list[str] = []
    two: list[str] = []
    for kind, length in drawn:
        words = [f"w{chance.randrange(vocabulary)}" for _ in range(length)]
        if kind in {"both", "one"}:
            one += words
        if kind in {"both", "two"}:
            two += words
        if kind == "apart":
            one += words
            two += [f"w{chance.randrange(vocabulary)}" for _ in range(length)]
    return [" ".join(one), " ".join(two)]


def align_every_candidate(
    words: Words, runs: Runs, chosen: ReuseSettings
) -> tuple[list[tuple[int, int, list[Aligned]]], list[bool]]:
    """The plain twin of `align_all`: candidate by candidate, none left out; and which of those had a passage."""
    aligner = Aligner(words, chosen)
    places, bounds_of = words.bounds.tolist(), runs.candidates.tolist()
    passages: dict[tuple[int, int], list[Aligned]] = {}
    held: list[bool] = []
    for first, last in pairwise(bounds_of):
        run_list = [(int(runs.a[at]), int(runs.b[at]), int(runs.lengths[at])) for at in range(first, last)]
        if sum(length for _, _, length in run_list) < chosen.minimum_run_words:
            continue
        one, two = (int(words.bounds.searchsorted(place, side="right")) - 1 for place in run_list[0][:2])
        limits = (places[one], places[one + 1], places[two], places[two + 1])
        found = list(aligner.align(chain_runs(run_list, chosen.maximum_runs_chained), limits))
        held.append(bool(found))
        passages.setdefault((one, two), []).extend(found)
    return [(*pair, without_echoes(found, chosen)) for pair, found in passages.items() if found], held


@settings(max_examples=400, deadline=None)
@given(pieces, st.sampled_from([3, 8, 30, 1000]), st.integers(0, 1000), thresholds)
def test_aligning_what_the_bounds_leave_gives_what_aligning_all_gives(
    runs_of: Callable[..., tuple[Words, Runs]],
    drawn: list[tuple[str, int]],
    vocabulary: int,
    seed: int,
    chosen: dict[str, float],
) -> None:
    reuse = dataclasses.replace(DEFAULT, minimum_seeds=1, **chosen)  # type: ignore[arg-type]
    words, runs = runs_of(texts_of(drawn, vocabulary, seed), reuse)
    expected, held = align_every_candidate(words, runs, reuse)
    assert list(align_all(words, runs, reuse)) == expected
    maybe = may_hold_passages(words, chain_all(runs, reuse), reuse)
    assert len(maybe) == len(held)
    assert all(kept or not has for kept, has in zip(maybe.tolist(), held, strict=True))


def candidate(runs_of: Callable[..., tuple[Words, Runs]], texts: list[list[str]]) -> list[bool]:
    words, runs = runs_of([" ".join(text) for text in texts], DEFAULT)
    kept: list[bool] = may_hold_passages(words, chain_all(runs, DEFAULT), DEFAULT).tolist()
    return kept


@pytest.mark.parametrize(("equal", "kept"), [(6, False), (11, False), (12, True), (60, True)])
def test_a_short_run_alone_is_left_out(
    equal: int, kept: bool, runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    shared = prose("p", equal)
    texts = [[*prose("a", 60), *shared, *prose("c", 60)], [*prose("b", 60), *shared, *prose("d", 60)]]
    assert candidate(runs_of, texts) == [kept]


def test_two_short_runs_far_apart_are_left_out_and_near_ones_kept(
    runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    one, two = prose("one", 7), prose("two", 7)
    for between, kept in ((60, False), (3, True)):
        texts = [
            [*prose(f"{side}1", 50), *one, *prose(f"{side}2", between), *two, *prose(f"{side}3", 50)] for side in "ab"
        ]
        assert candidate(runs_of, texts) == [kept]


def test_many_runs_are_always_kept(runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]) -> None:
    parts = [prose(f"p{number}x", 5) for number in range(6)]
    texts = [[word for part in parts for word in [*part, *prose(f"{side}{part[0]}", 40)]] for side in "ab"]
    assert candidate(runs_of, texts) == [True]


def test_words_alike_in_the_bits_compared_only_keep_more() -> None:
    # Two texts of unequal words but for a run of six; all others share their first twenty bits.
    hashes = np.arange(1, 201, dtype=np.uint64)
    hashes[150:156] = hashes[50:56]
    words = Words(np.zeros(0, np.int32), np.zeros(0, np.int32), hashes, np.array([0, 100, 200]))
    runs = Runs(*(np.array([value]) for value in (50, 150, 6)), candidates=np.array([0, 1]))
    assert may_hold_passages(words, runs, DEFAULT).tolist() == [True]
    assert list(align_all(words, runs, DEFAULT)) == []
    spread = dataclasses.replace(words, hashes=hashes << np.uint64(44))
    assert may_hold_passages(spread, runs, DEFAULT).tolist() == [False]


@pytest.mark.parametrize(
    ("runs", "hidden", "cost"),
    [
        ([(100, 6)], (85, 13), 0.6),
        ([(100, 6)], (124, 13), 0.6),
        ([(100, 6)], (65, 13), 3.0),
        ([(100, 6)], (130, 13), 3.0),
        ([(100, 6)], (109, 6), 0.6),
        ([(100, 6)], (91, 6), 0.6),
        ([(100, 6), (190, 5)], (108, 8), 0.6),
        ([(100, 5), (190, 6)], (180, 8), 0.6),
        ([(100, 5), (190, 5)], (140, 13), 0.6),
        ([(100, 5), (115, 5)], (106, 4), 0.6),
    ],
)
def test_equal_words_that_no_run_tells_of_are_reckoned_with(
    runs: list[tuple[int, int]], hidden: tuple[int, int], cost: float
) -> None:
    chosen = dataclasses.replace(DEFAULT, unmatched_cost=cost)
    hashes = np.random.default_rng(1).integers(0, 1 << 63, 600).astype(np.uint64)
    for place, length in [*runs, hidden]:
        hashes[300 + place : 300 + place + length] = hashes[place : place + length]
    words = Words(np.zeros(0, np.int32), np.zeros(0, np.int32), hashes, np.array([0, 300, 600]))
    a, lengths = (np.array(column) for column in zip(*runs, strict=True))
    candidates = Runs(a, a + 300, lengths, np.array([0, len(runs)]))
    expected, held = align_every_candidate(words, candidates, chosen)
    assert held == [True]
    assert list(align_all(words, candidates, chosen)) == expected


def test_batches_decide_nothing(
    monkeypatch: pytest.MonkeyPatch, runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    stock = [prose(f"stock{number}x", 6 + number % 9) for number in range(12)]
    texts = [" ".join(word for part in stock for word in [*part, *prose(f"{side}{part[0]}", 90)]) for side in "abc"]
    chosen = dataclasses.replace(DEFAULT, candidate_gap_words=20)
    words, runs = runs_of(texts, chosen)
    chains = chain_all(runs, chosen)
    whole = may_hold_passages(words, chains, chosen)
    assert 0 < whole.sum() < len(whole)
    monkeypatch.setattr(bounds, "_WINDOW_WORDS", 1)
    assert may_hold_passages(words, chains, chosen).tolist() == whole.tolist()


def test_nothing_to_look_at() -> None:
    empty = np.zeros(0, dtype=np.int64)
    words = Words(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint64), np.zeros(1, np.int64))
    runs = Runs(empty, empty, empty, np.zeros(1, dtype=np.int64))
    assert len(may_hold_passages(words, chain_all(runs, DEFAULT), DEFAULT)) == 0
    assert list(align_all(words, runs, DEFAULT)) == []
