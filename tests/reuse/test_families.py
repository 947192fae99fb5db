"""Families: signatures against a naive minimum per permutation, and which copies are found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse.families import SCHEME, find_families, signatures
from provenance.reuse.fingerprints import shingles
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

DEFAULT = ReuseSettings()
SMALL = dataclasses.replace(DEFAULT, family_permutations=8, family_band_rows=2)


def sampled(text: int, words: Words, chosen: ReuseSettings) -> list[int]:
    """The 32-bit values of the sampled shingles of one text."""
    hashes, valid = shingles(words, chosen.family_shingle_words)
    return [
        int(hashes[at]) >> 32
        for at in range(*words.bounds[text : text + 2].tolist())
        if valid[at] and int(hashes[at]) % chosen.family_sample == 0
    ]


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 30).map(str), max_size=25), max_size=5))
def test_signatures_are_naive_minima(texts: list[list[str]]) -> None:
    words = words_of(" ".join(text) for text in texts)
    values, sizes = signatures(words, SMALL)
    multipliers, increments = MinHash(num_perm=8, seed=SMALL.family_seed, scheme=SCHEME).permutations
    assert values.shape == (len(texts), 8)
    for text in range(len(texts)):
        hashes = sampled(text, words, SMALL)
        assert sizes[text] == len(hashes)
        expected = [
            min(((value * int(one) + int(two)) & 0xFFFFFFFF for value in hashes), default=0xFFFFFFFF)
            for one, two in zip(multipliers, increments, strict=True)
        ]
        assert values[text].tolist() == expected


def test_signatures_estimate_the_share_of_common_shingles(prose: Callable[..., list[str]]) -> None:
    chosen = dataclasses.replace(DEFAULT, family_permutations=512, family_sample=1)
    shared, one, two = prose("s", 600), prose("a", 200), prose("b", 200)
    words = words_of([" ".join(shared + one), " ".join(shared + two)])
    left, right = set(sampled(0, words, chosen)), set(sampled(1, words, chosen))
    values, _ = signatures(words, chosen)
    estimate = float((values[0] == values[1]).mean())
    assert estimate == pytest.approx(len(left & right) / len(left | right), abs=0.07)


def family(texts: list[list[str]], chosen: ReuseSettings = DEFAULT) -> list[int]:
    found: list[int] = find_families(words_of(" ".join(text) for text in texts), chosen).tolist()
    return found


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05])
def test_edited_copies_are_one_family(
    share: float, prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 400)
    copies = [edit_words(original, share, seed=number) for number in range(8)]
    others = [prose(f"other{number}x", 300) for number in range(4)]
    found = family([*others, original, *copies])
    assert found[:4] == [0, 1, 2, 3], "the others are by themselves"
    assert len(set(found[4:])) == 1


def test_the_longest_stands_for_the_others(prose: Callable[..., list[str]]) -> None:
    original = prose("p", 400)
    assert family([original[:320], original, original[:360], original[20:]]) == [1, 1, 1, 1]


def test_articles_that_share_a_passage_only_are_no_family(prose: Callable[..., list[str]]) -> None:
    passage = prose("p", 150)
    assert family([[*prose("a", 250), *passage], [*passage, *prose("b", 250)]]) == [0, 1]


def test_texts_of_the_same_words_are_one_family_however_short_or_dull() -> None:
    texts = [["one", "two"], ["Two"], ["one,", "two!"], ["word"] * 5000, ["two"], [], ["word"] * 5000, []]
    assert family(texts) == [0, 1, 0, 3, 1, 5, 3, 7]


def test_copies_of_a_member_have_its_representative(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 400)
    edited = edit_words(original, 0.03)[:380]
    assert family([edited, edited, original, edited]) == [2, 2, 2, 2]


@pytest.mark.parametrize("texts", [[], [[]], [[], []], [["a"], ["b"]]])
def test_texts_without_shingles_are_their_own(texts: list[list[str]]) -> None:
    assert family(texts) == list(range(len(texts)))


def test_work_is_linear_in_the_size_of_the_family(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    query = MinHashLSH.query

    def counted(self: MinHashLSH, sketch: MinHash) -> list[int]:
        found: list[int] = query(self, sketch)
        asked.append(len(found))
        return found

    monkeypatch.setattr(MinHashLSH, "query", counted)
    original = prose("p", 400)
    texts = [original, *(edit_words(original, 0.02, seed=number) for number in range(200))]
    texts += [original] * 300
    found = family(texts)
    assert len(set(found)) == 1
    assert len(asked) == 201, "one question for each different text"
    assert max(asked) <= 1, "members are not in the index"


def test_representatives_are_their_own_and_a_run_repeats_itself(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    originals = [prose(f"p{number}x", 250) for number in range(5)]
    texts = [edit_words(originals[number % 5], 0.12, seed=number) for number in range(60)]
    found = family(texts)
    assert all(found[representative] == representative for representative in found)
    assert family(texts) == found
    for text, representative in enumerate(found):
        assert text % 5 == representative % 5
    assert len(set(found)) < 60, "some have been gathered"
    assert np.array(found).dtype == np.int64


def test_other_settings_other_sketches(prose: Callable[..., list[str]]) -> None:
    words = words_of([" ".join(prose("p", 200))])
    seeded = dataclasses.replace(DEFAULT, family_seed=2)
    assert not np.array_equal(signatures(words, DEFAULT)[0], signatures(words, seeded)[0])
