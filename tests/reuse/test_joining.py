"""Candidates in parts against those of the whole collection at once."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Article
from provenance.reuse import detect, joining
from provenance.reuse.candidates import Runs, find_runs
from provenance.reuse.families import find_families, signatures
from provenance.reuse.fingerprints import fingerprint
from provenance.reuse.joining import home_of, runs_in_parts
from provenance.settings import ReuseSettings
from provenance.text.spill import Spill
from provenance.text.tokens import words_of

DEFAULT = ReuseSettings()
MOST_PARTS = 256
"""All 4,096 of them, each dealt to 4,096 others, would take seconds an example."""
FEW = dataclasses.replace(DEFAULT, rare_occurrences=3, common_neighbours=2, family_minimum_texts=3)


def candidates_of(runs: Runs) -> Iterator[tuple[tuple[int, int, int], ...]]:
    rows = list(zip(runs.a.tolist(), runs.b.tolist(), runs.lengths.tolist(), strict=True))
    edges = runs.candidates.tolist()
    for first, last in pairwise(edges):
        yield tuple(rows[first:last])


def told(seed: int, count: int) -> list[str]:
    """Stories told by several, some copied as a whole with edits, with sentences that everybody has."""
    chance = random.Random(seed)
    stories = [[f"s{number}w{chance.randrange(60)}" for _ in range(60)] for number in range(4)]
    stock = ["in", "the", "name", "of", "the", "company", "and", "of", "all", "its", "people"]
    texts = []
    for number in range(count):
        words = [f"own{number}w{at}" for at in range(chance.randrange(30))]
        story = chance.choice(stories)
        if chance.random() < 0.5:
            words += [word if chance.random() > 0.05 else f"e{chance.randrange(999)}" for word in story]
        else:
            at = chance.randrange(30)
            words += story[at : at + 25]
        if chance.random() < 0.6:
            words += stock
        texts.append(" ".join(words))
    return texts


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 25), st.sampled_from([DEFAULT, FEW]), st.integers(0, 3000))
def test_parts_hold_the_candidates_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, chosen: ReuseSettings, limit: int
) -> None:
    texts = told(seed, count)
    words = words_of(texts)
    values, sizes = signatures(words, chosen)
    representatives = find_families(words, values, sizes, chosen)
    prints = fingerprint(words, chosen.shingle_words, chosen.winnowing_window)
    whole = find_runs(words, prints, representatives, chosen)
    spill = Spill(limit, lambda: tmp_path_factory.mktemp("parts"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "_PIECE", 64)
        patch.setattr(joining, "_MOST_PARTS", MOST_PARTS)
        parts = list(runs_in_parts(words, representatives, chosen, spill))
    found = [candidate for runs in parts for candidate in candidates_of(runs)]
    assert sorted(found) == sorted(candidates_of(whole))
    # no pair of texts is in two parts
    text_of = np.repeat(np.arange(len(texts)), np.diff(words.bounds))
    pairs = [set(zip(text_of[runs.a].tolist(), text_of[runs.b].tolist(), strict=True)) for runs in parts]
    assert sum(map(len, pairs)) == len(set().union(*pairs))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_a_detection_with_hardly_any_memory_finds_the_same(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    articles = [Article(f"{number:03d}", text, outlet=f"o{number % 3}") for number, text in enumerate(told(seed, 24))]
    spill = Spill(100, lambda: tmp_path_factory.mktemp("parts"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "_MOST_PARTS", MOST_PARTS)
        found = detect(articles, FEW, spill=spill)
    expected = detect(articles, FEW)
    assert found.matches == expected.matches
    assert len(expected.matches) > 0
    assert found.passages == expected.passages
    assert found.alignments == expected.alignments


def test_pairs_that_a_pair_of_representatives_may_stand_for_are_at_home_with_it() -> None:
    representatives = np.array([0, 0, 2, 2, 4], dtype=np.int32)
    one = np.array([1, 0, 1, 0, 2, 0, 2], dtype=np.int32)
    two = np.array([3, 2, 2, 3, 3, 1, 4], dtype=np.int32)
    assert home_of(one, two, representatives).tolist() == [0, 0, 0, 0, 3, 1, 2]
