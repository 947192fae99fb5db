"""Fingerprints against a plain twin, and the winnowing guarantee."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse.fingerprints import Fingerprints, fingerprint, occurrences, only, shingles
from provenance.text.tokens import Words, words_of

few_words = st.lists(st.lists(st.sampled_from("abcd"), max_size=14), max_size=7)


def words_from(texts: list[list[str]]) -> Words:
    return words_of(" ".join(text) for text in texts)


def plain_shingles(texts: list[list[str]], length: int) -> list[tuple[str, ...] | None]:
    """The words of the shingle that begins at each word, None where it would leave its text."""
    return [
        tuple(text[at : at + length]) if at + length <= len(text) else None for text in texts for at in range(len(text))
    ]


@settings(max_examples=120)
@given(few_words, st.integers(1, 5))
def test_shingles_are_those_of_the_plain_twin(texts: list[list[str]], length: int) -> None:
    hashes, valid = shingles(words_from(texts), length)
    expected = plain_shingles(texts, length)
    assert valid.tolist() == [shingle is not None for shingle in expected]
    seen = {(shingle, value) for shingle, value in zip(expected, hashes.tolist(), strict=True) if shingle}
    assert len({shingle for shingle, _ in seen}) == len({value for _, value in seen}) == len(seen)


@settings(max_examples=120)
@given(few_words, st.integers(1, 5), st.data())
def test_winnowing_keeps_what_the_plain_twin_keeps(texts: list[list[str]], length: int, data: st.DataObject) -> None:
    window = data.draw(st.integers(1, length))
    words = words_from(texts)
    hashes, valid = shingles(words, length)
    kept = fingerprint(words, length, window)
    expected = []
    for number in range(len(texts)):
        of_text = [at for at in range(*words.bounds[number : number + 2].tolist()) if valid[at]]
        own = [int(hashes[at]) for at in of_text]
        for place, at in enumerate(of_text):
            starts = range(place - window + 1, place + 1)
            if any(own[place] == min(own[max(0, start) : start + window]) for start in starts):
                expected.append(at)
    assert kept.words.tolist() == expected
    assert kept.hashes.tolist() == hashes[kept.words].tolist()
    assert len(kept) == len(expected)


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.lists(st.sampled_from("abcdefgh"), max_size=12),
    st.integers(1, 5),
    st.data(),
)
def test_a_shared_run_long_enough_is_never_missed(
    before: list[str], after: list[str], length: int, data: st.DataObject
) -> None:
    window = data.draw(st.integers(1, length))
    size = length + window - 1
    shared = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=size, max_size=size))
    texts = [[*before, *shared, *after], [*after, *shared, *before, "z"]]
    words = words_from(texts)
    kept = fingerprint(words, length, window)
    here = range(len(before), len(before) + window)
    there = int(words.bounds[1]) + len(after) - len(before)
    places = set(kept.words.tolist())
    assert any(at in places and at + there in places for at in here), "the same shingle of the run on both sides"


def test_a_window_of_one_keeps_every_shingle() -> None:
    words = words_from([list("abcdef"), list("abc"), list("abcdefgh")])
    assert fingerprint(words, 5, 1).words.tolist() == [0, 1, 9, 10, 11, 12]


@pytest.mark.parametrize(("window", "share"), [(2, 2 / 3), (4, 2 / 5)])
def test_winnowing_keeps_the_share_that_theory_says(window: int, share: float) -> None:
    chance = random.Random(window)
    words = words_from([[str(chance.randrange(10**12)) for _ in range(20_000)]])
    assert len(fingerprint(words, 5, window)) / 20_000 == pytest.approx(share, rel=0.05)


@pytest.mark.parametrize("texts", [[], [[]], [[], []], [["a"]], [list("abcd"), list("abcd")]])
def test_texts_shorter_than_a_shingle_have_none(texts: list[list[str]]) -> None:
    assert len(fingerprint(words_from(texts), 5, 1)) == 0
    assert len(fingerprint(words_from(texts), 5, 4)) == 0


def test_order_of_words_matters() -> None:
    hashes, _ = shingles(words_from([list("abcde"), list("edcba"), list("abced")]), 5)
    assert len(np.unique(hashes[[0, 5, 10]])) == 3


@settings(max_examples=120)
@given(few_words, st.integers(1, 5), st.data())
def test_occurrences_are_all_those_of_the_wanted_and_of_whole_others(
    texts: list[list[str]], length: int, data: st.DataObject
) -> None:
    window = data.draw(st.integers(1, length))
    words = words_from(texts)
    chosen = [text for text in range(len(texts)) if data.draw(st.booleans())]
    source = only(words, chosen)
    wanted = fingerprint(source, length, window)
    every = fingerprint(words, length, window)
    found = occurrences(words, wanted, source, length, window)
    places = dict(zip(every.words.tolist(), every.hashes.tolist(), strict=True))
    assert {at: places.get(at) for at in found.words.tolist()} == dict(
        zip(found.words.tolist(), found.hashes.tolist(), strict=True)
    )
    assert len(set(found.words.tolist())) == len(found)
    seen = set(found.hashes.tolist())
    assert seen >= set(wanted.hashes.tolist())
    assert sorted(found.words.tolist()) == [at for at, value in places.items() if value in seen]


def test_nothing_wanted_is_found_nowhere() -> None:
    words = words_of(["a b c d e f", "a b c d e f"])
    nothing = Fingerprints(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
    assert len(occurrences(words, nothing, words, 5, 1)) == 0


def test_of_others_hardly_any_pass() -> None:
    drawn = random.Random(7)
    words = words_of(" ".join(str(drawn.randrange(10**9)) for _ in range(2000)) for _ in range(20))
    source = only(words, [3])
    found = occurrences(words, fingerprint(source, 5, 1), source, 5, 1)
    assert 1996 <= len(found) <= 2000


def test_only_takes_a_mask_or_numbers() -> None:
    words = words_of(["a b", "", "c d e"])
    mask = only(words, np.array([True, False, True]))
    assert mask.hashes.tolist() == only(words, [0, 2]).hashes.tolist() == words.hashes.tolist()
    assert mask.bounds.tolist() == [0, 2, 5]
