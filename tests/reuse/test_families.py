"""Families: signatures against naive minima, meetings against datasketch's index, and which copies are found."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse import families
from provenance.reuse.families import SCHEME, Coverage, buckets, find_families, signatures
from provenance.reuse.fingerprints import shingles
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

DEFAULT = ReuseSettings()
PAIRS = dataclasses.replace(DEFAULT, family_minimum_texts=2)
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
    words = words_of(" ".join(text) for text in texts)
    found: list[int] = find_families(words, *signatures(words, chosen), chosen).tolist()
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
    assert family([original[:320], original, original[:360], original[20:]], PAIRS) == [1, 1, 1, 1]


def test_articles_that_share_a_passage_only_are_no_family(prose: Callable[..., list[str]]) -> None:
    passage = prose("p", 150)
    assert family([[*prose("a", 250), *passage], [*passage, *prose("b", 250)]], PAIRS) == [0, 1]


def test_texts_of_the_same_words_are_one_family_however_short_or_dull() -> None:
    texts = [["one", "two"], ["Two"], ["one,", "two!"], ["word"] * 5000, ["two"], [], ["word"] * 5000, []]
    assert family(texts) == [0, 1, 0, 3, 1, 5, 3, 7]


def test_copies_of_a_member_have_its_representative(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 400)
    edited = edit_words(original, 0.03)[:380]
    assert family([edited, edited, original, edited], PAIRS) == [2, 2, 2, 2]


@pytest.mark.parametrize("texts", [[], [[]], [[], []], [["a"], ["b"]]])
def test_texts_without_shingles_are_their_own(texts: list[list[str]]) -> None:
    assert family(texts) == list(range(len(texts)))


def test_work_is_linear_in_the_size_of_the_family(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[int, int]] = []
    share = Coverage.share

    def counted(self: Coverage, text: int, other: int) -> float:
        compared.append((text, other))
        return share(self, text, other)

    monkeypatch.setattr(Coverage, "share", counted)
    original = prose("p", 400)
    texts = [original, *(edit_words(original, 0.02, seed=number) for number in range(200))]
    texts += [original] * 300
    found = family(texts)
    assert len(set(found)) == 1
    assert len(compared) == 200, "each different text with its representative alone"
    assert len({text for text, _ in compared}) == 200


def test_copies_edited_by_a_fifth_are_found_through_each_other(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 500)
    texts = [edit_words(original, 0.002 * (number % 101), seed=number) for number in range(400)]
    assert len(set(family(texts))) <= 10


def test_a_few_copies_are_compared_pair_by_pair(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    copies = [edit_words(prose("p", 400), 0.02, seed=number) for number in range(5)]
    assert family(copies[:4]) == [0, 1, 2, 3]
    assert len(set(family(copies))) == 1
    assert family([*copies[:4], copies[0]]) == [0, 1, 2, 3, 0], "the same words stay together"


def test_half_a_copy_is_none(prose: Callable[..., list[str]]) -> None:
    report = prose("report", 300)
    texts = [[*prose(f"before{paper}x", 150), *report, *prose(f"after{paper}x", 150)] for paper in range(40)]
    assert family(texts) == list(range(40))


@pytest.mark.parametrize(("share", "representative"), [(0.55, 1), (0.65, 0)])
def test_a_member_has_most_of_its_words_from_its_representative(
    share: float, representative: int, prose: Callable[..., list[str]]
) -> None:
    chosen = dataclasses.replace(PAIRS, family_permutations=512, family_band_rows=1)
    common = prose("p", round(300 * share))
    long, short = [*common, *prose("a", 200)], [*common, *prose("b", 300 - len(common))]
    assert family([long, short], chosen) == [0, representative]


def test_about_equally_long_the_least_edited_represents(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 400)
    edited = [edit_words(original, 0.1, seed=number) for number in range(30)]
    assert family([*edited[:15], original, *edited[15:]])[15] == 15
    assert Counter(family([*edited[:15], original, *edited[15:]])).most_common(1)[0][0] == 15


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.sampled_from([1, 2, 4]), st.integers(0, 5))
def test_texts_meet_where_datasketch_says_so(drawn: list[int], rows: int, seed: int) -> None:
    chosen = dataclasses.replace(SMALL, family_band_rows=rows)
    values = np.random.default_rng([seed, *drawn]).integers(0, 3, (len(drawn), 8)).astype(np.uint32)
    index = MinHashLSH(num_perm=8, params=(8 // rows, rows))
    permutations = MinHash(num_perm=8, seed=1, scheme=SCHEME).permutations
    sketches = [MinHash(num_perm=8, seed=1, hashvalues=one, permutations=permutations, scheme=SCHEME) for one in values]
    for text, sketch in enumerate(sketches):
        index.insert(text, sketch)
    numbers, bounds, met = buckets(values, chosen)
    held = [set(numbers[bounds[text] : bounds[text + 1]].tolist()) for text in range(len(drawn))]
    for text, sketch in enumerate(sketches):
        others = {other for other in range(len(drawn)) if held[text] & held[other]} - {text}
        assert others == set(index.query(sketch)) - {text}
        assert (met[text] > 0) == bool(others)


def test_a_text_s_own_words_are_those_of_stretches_that_the_other_lacks(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]]
) -> None:
    original, extra = prose("p", 200), prose("extra", 60)
    edited = edit_words(original[:100], 0.15)
    member = [*edited, *extra, *original[100:150], "one", *original[150:]]
    words = words_of([" ".join(original), " ".join(member)])
    own = np.flatnonzero(Coverage(words, DEFAULT).own(1, 0)).tolist()
    assert own == list(range(len(edited), len(edited) + len(extra)))


@settings(max_examples=60)
@given(st.lists(st.booleans(), max_size=30), st.integers(1, 8))
def test_own_words_by_trying_every_stretch(covered: list[bool], length: int) -> None:
    class Given(Coverage):
        def covered(self, _text: int, _other: int) -> npt.NDArray[np.bool_]:
            return np.array(covered, dtype=bool)

    chosen = dataclasses.replace(DEFAULT, family_own_words=length)
    expected = {
        place
        for first in range(len(covered) - length + 1)
        if sum(covered[first : first + length]) <= chosen.family_own_share * length
        for place in range(first, first + length)
        if not covered[place]
    }
    own = Given(words_of([]), chosen).own(0, 0)
    assert set(np.flatnonzero(own).tolist()) == expected


def test_a_text_of_too_few_words_for_a_shingle_has_nothing_of_another() -> None:
    coverage = Coverage(words_of(["one two", "one two three", ""]), DEFAULT)
    assert coverage.share(0, 1) == coverage.share(1, 0) == coverage.share(2, 1) == 0.0


@settings(max_examples=20)
@given(st.lists(st.integers(0, 400), max_size=8), st.integers(1, 500))
def test_signatures_hang_on_no_other_text(lengths: list[int], at_once: int) -> None:
    texts = [" ".join(f"w{number * number % 97}" for number in range(length)) for length in lengths]
    words = words_of(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "_CHUNK", at_once)
        values, sizes = signatures(words, SMALL)
    for number, text in enumerate(texts):
        alone, size = signatures(words_of([text]), SMALL)
        assert values[number].tolist() == alone[0].tolist()
        assert sizes[number] == size[0]


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


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=5), max_size=12))
def test_texts_of_the_same_words_are_one_family_and_no_others(texts: list[list[str]]) -> None:
    words = words_of(" ".join(text) for text in texts)
    chosen = dataclasses.replace(SMALL, family_minimum_texts=1, family_minimum_shingles=1000)
    expected = [texts.index(text) if text else place for place, text in enumerate(texts)]
    assert find_families(words, *signatures(words, chosen), chosen).tolist() == expected


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from((0.0, 0.02, 0.06, 0.2)), st.integers(0, 9)), max_size=24),
    st.randoms(use_true_random=False),
    st.sampled_from((DEFAULT, PAIRS)),
)
def test_families_of_before_are_gone_on_from(
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
    made: list[tuple[int, float, int]],
    chance: random.Random,
    chosen: ReuseSettings,
) -> None:
    """New texts among old ones: what is gathered again and what is kept are together what gathering all gives."""
    texts = [edit_words(prose(f"p{story}x", 60 + 40 * story), share, seed=seed) for story, share, seed in made]
    old = [chance.random() < 0.6 for _ in texts]
    numbers = [number for number, is_old in enumerate(old) if is_old]
    before = family([texts[number] for number in numbers], chosen)
    known = np.full(len(texts), -1, dtype=np.int64)
    for number, representative in zip(numbers, before, strict=True):
        known[number] = numbers[representative]
    words = words_of(" ".join(text) for text in texts)
    gone_on = find_families(words, *signatures(words, chosen), chosen, known)
    assert gone_on.tolist() == family(texts, chosen)


def test_families_that_no_new_text_meets_are_not_gathered_again(
    prose: Callable[..., list[str]], edit_words: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: set[int] = set()
    share = Coverage.share

    def counted(self: Coverage, text: int, other: int) -> float:
        compared.update((text, other))
        return share(self, text, other)

    one, two = prose("p", 300), prose("q", 300)
    texts = [edit_words(story, 0.02, seed=number) for story in (one, two) for number in range(8)]
    known = np.array([*family(texts), -1], dtype=np.int64)
    assert len(set(known.tolist())) == 3
    words = words_of(" ".join(text) for text in [*texts, edit_words(two, 0.02, seed=99)])
    monkeypatch.setattr(Coverage, "share", counted)
    found = find_families(words, *signatures(words, DEFAULT), DEFAULT, known)
    assert found[16] in found[8:16]
    assert min(compared) >= 8
