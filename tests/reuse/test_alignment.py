"""Alignment: what it gives back is true of the words, and planted passages come back exactly."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse.alignment import Aligned, Aligner, Block, align_all, chain_all, chain_runs, without_echoes
from provenance.reuse.candidates import Runs
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

DEFAULT = ReuseSettings()
LENIENT = dataclasses.replace(
    DEFAULT, minimum_seeds=1, minimum_run_words=1, minimum_words=5, minimum_score=3.0, extension_words=6
)

runs_of_blocks = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(1, 6)), min_size=1, max_size=7)


def longest_common_subsequence(one: list[int], two: list[int]) -> int:
    row = [0] * (len(two) + 1)
    for left in one:
        before = row[:]
        for place, right in enumerate(two, 1):
            row[place] = before[place - 1] + 1 if left == right else max(before[place], row[place - 1])
    return row[-1]


def trimmed(chain: list[Block]) -> list[Block] | None:
    """A chain with overlaps cut off the beginnings, None if it does not ascend."""
    result: list[Block] = []
    for one, two in pairwise(chain):
        if not (one[0] < two[0] and one[1] < two[1]):
            return None
        if not (one[0] + one[2] < two[0] + two[2] and one[1] + one[2] < two[1] + two[2]):
            return None
    for a, b, length in chain:
        cut = 0
        if result:
            cut = max(0, result[-1][0] + result[-1][2] - a, result[-1][1] + result[-1][2] - b)
        if length > cut:
            result.append((a + cut, b + cut, length - cut))
    return result


def ascends(chain: list[Block]) -> bool:
    return all(one[0] + one[2] <= two[0] and one[1] + one[2] <= two[1] for one, two in pairwise(chain))


def is_part_of(block: Block, runs: list[Block]) -> bool:
    a, b, length = block
    return any(b - a == b0 - a0 and a0 <= a and a + length <= a0 + size for a0, b0, size in runs)


@settings(max_examples=200)
@given(runs_of_blocks)
def test_chain_is_the_heaviest_of_all(drawn: list[Block]) -> None:
    runs = sorted(set(drawn))
    chain = chain_runs(runs, 200)
    assert chain
    assert ascends(chain)
    assert all(is_part_of(block, runs) for block in chain)
    weights = [
        sum(length for _, _, length in candidate)
        for size in range(1, len(runs) + 1)
        for chosen in combinations(runs, size)
        if (candidate := trimmed(list(chosen))) is not None
    ]
    assert sum(length for _, _, length in chain) == max(weights)


@settings(max_examples=200)
@given(runs_of_blocks)
def test_greedy_chain_ascends_and_holds_a_longest_run(drawn: list[Block]) -> None:
    runs = sorted(set(drawn))
    chain = chain_runs(runs, 0)
    assert ascends(chain)
    assert all(is_part_of(block, runs) for block in chain)
    assert sum(length for _, _, length in chain) >= max(length for _, _, length in runs)


@settings(max_examples=150)
@given(st.lists(runs_of_blocks, max_size=6), st.integers(1, 12))
def test_chains_of_all_candidates_are_those_of_each(drawn: list[list[Block]], least: int) -> None:
    candidates = [sorted(set(runs)) for runs in drawn]
    rows = [run for runs in candidates for run in runs]
    columns = [np.array([row[number] for row in rows], dtype=np.int64) for number in range(3)]
    begins = np.cumsum([0, *map(len, candidates)])
    chosen = dataclasses.replace(DEFAULT, minimum_run_words=least)
    found = chain_all(Runs(*columns, candidates=begins), chosen)
    chains = [
        list(zip(*(side[first:last].tolist() for side in (found.a, found.b, found.lengths)), strict=True))
        for first, last in pairwise(found.candidates.tolist())
    ]
    assert chains == [chain_runs(runs, 200) for runs in candidates if sum(length for _, _, length in runs) >= least]


@settings(max_examples=150)
@given(st.lists(st.text("abc", min_size=1, max_size=40), min_size=2, max_size=3))
def test_passages_are_true_of_the_words(runs_of: Callable[..., tuple[Words, Runs]], texts: list[str]) -> None:
    chosen = dataclasses.replace(LENIENT, shingle_words=2)
    words, runs = runs_of([" ".join(text) for text in texts], chosen)
    found = list(align_all(words, runs, chosen))
    hashes, bounds = words.hashes.tolist(), words.bounds.tolist()
    pairs = [(one, two) for one, two, _ in found]
    assert pairs == sorted(set(pairs)), "each pair of texts once, in order"
    for one, two, passages in found:
        assert passages
        assert [(match.a, match.b) for match in passages] == sorted((match.a, match.b) for match in passages)
        for match in passages:
            assert bounds[one] <= match.a < match.a_end <= bounds[one + 1]
            assert bounds[two] <= match.b < match.b_end <= bounds[two + 1]
            assert ascends(list(match.blocks))
            assert all(hashes[a : a + n] == hashes[b : b + n] for a, b, n in match.blocks)
            assert match.blocks[0][:2] == (match.a, match.b)
            a, b, length = match.blocks[-1]
            assert (a + length, b + length) == (match.a_end, match.b_end)
            assert match.equal == sum(length for _, _, length in match.blocks) >= chosen.minimum_words
            best = longest_common_subsequence(hashes[match.a : match.a_end], hashes[match.b : match.b_end])
            assert match.equal <= best
            assert match.similarity == match.equal / max(match.a_end - match.a, match.b_end - match.b)
            assert chosen.minimum_similarity <= match.similarity <= 1
            assert match.score(chosen.unmatched_cost) >= chosen.minimum_score


@pytest.mark.parametrize("share", [0.0, 0.05, 0.15, 0.3])
@pytest.mark.parametrize("length", [50, 100, 150])
def test_planted_passages_come_back_exactly(
    share: float,
    length: int,
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
    align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]],
) -> None:
    passage = prose("p", length, seed=length)
    edited = edit_words(passage, share, seed=length)
    texts = [[*prose("a", 200), *passage, *prose("aa", 90)], [*prose("b", 70), *edited, *prose("bb", 300)]]
    words_in_order = longest_common_subsequence([hash(word) for word in passage], [hash(word) for word in edited])
    [(one, two, [match])] = align_texts([" ".join(text) for text in texts], DEFAULT)
    assert (one, two) == (0, 1)
    assert (match.a, match.a_end) == (200, 200 + length)
    assert (match.b, match.b_end) == (290 + length + 70, 290 + length + 70 + len(edited))
    assert match.equal == words_in_order
    assert match.similarity == words_in_order / max(length, len(edited))


def test_a_passage_ends_where_foreign_words_begin(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    first, second = prose("first", 40), prose("second", 40)
    for between, passages in ((5, 1), (30, 1), (60, 2)):
        texts = [[*first, *prose("x", between), *second], [*first, *prose("y", between), *second]]
        [(_, _, found)] = align_texts([" ".join(text) for text in texts], DEFAULT)
        assert len(found) == passages, between
        assert found[0].a == 0
        assert found[-1].a_end == 80 + between


@pytest.mark.parametrize("share", [0.0, 0.15])
def test_a_passage_goes_on_through_words_too_common_to_be_joined(
    share: float,
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
    align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]],
) -> None:
    rare, common = prose("rare", 40), prose("common", 150)
    texts = [[*prose("a", 20), *common, *rare, *common[::-1], *prose("c", 20)]]
    texts += [[*prose(f"o{number}x", 9), *common, *prose("x", 9, number), *common[::-1]] for number in range(60)]
    texts += [[*prose("b", 20), *edit_words(common, share), *rare, *edit_words(common[::-1], share), *prose("d", 20)]]
    found = {(one, two): matches for one, two, matches in align_texts([" ".join(text) for text in texts], DEFAULT)}
    [match] = found[0, 61]
    assert (match.a, match.a_end) == (20, 20 + 340)
    assert match.b_end - match.b == len(texts[-1]) - 40


def test_a_common_word_beyond_the_edge_is_not_drawn_in(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    shared = prose("p", 40)
    texts = [["the", *prose("a", 5), *shared, *prose("c", 5), "the"], ["the", *prose("b", 5), *shared, "x", "y", "the"]]
    [(_, _, [match])] = align_texts([" ".join(text) for text in texts], DEFAULT)
    assert (match.a, match.a_end) == (6, 46)


def test_passages_in_another_order_are_each_found(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    parts = [prose(f"part{number}x", 40) for number in range(4)]
    texts = [[word for part in parts for word in part], [word for part in parts[::-1] for word in part]]
    [(_, _, found)] = align_texts([" ".join(text) for text in texts], DEFAULT)
    assert [(match.a, match.a_end) for match in found] == [(0, 40), (40, 80), (80, 120), (120, 160)]
    assert [match.b for match in found] == [280, 240, 200, 160]


@pytest.mark.parametrize(("equal", "found"), [(11, 0), (12, 1), (13, 1)])
def test_stock_phrases_are_not_reported(
    equal: int,
    found: int,
    prose: Callable[..., list[str]],
    align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]],
) -> None:
    shared = prose("p", equal)
    texts = [[*prose("a", 50), *shared, *prose("c", 50)], [*prose("b", 20), *shared, *prose("d", 50)]]
    assert len(align_texts([" ".join(text) for text in texts], DEFAULT)) == found


@pytest.mark.parametrize(("between", "found"), [(3, 1), (4, 0)])
def test_few_equal_words_bear_few_changes(
    between: int,
    found: int,
    prose: Callable[..., list[str]],
    align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]],
) -> None:
    head, tail = prose("h", 6), prose("t", 6)
    texts = [
        [*prose("a", 50), *head, *prose("x", between), *tail, *prose("c", 50)],
        [*prose("b", 20), *head, *prose("y", between), *tail, *prose("d", 50)],
    ]
    assert len(align_texts([" ".join(text) for text in texts], DEFAULT)) == found


def test_a_stretch_too_thin_as_a_whole_is_parted(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    one, two = [], []
    for number in range(4):
        shared = prose(f"s{number}x", 14)
        one += [*shared, *prose(f"a{number}x", 22)]
        two += [*shared, *prose(f"b{number}x", 22)]
    [(_, _, found)] = align_texts([" ".join(one), " ".join(two)], DEFAULT)
    assert sum(match.equal for match in found) == 4 * 14
    assert all(match.similarity >= DEFAULT.minimum_similarity for match in found)


def test_a_gap_too_wide_to_align_is_left_open() -> None:
    words = words_of(["a b c d e q r s t u v f g h i j"] * 2)
    candidate: list[Block] = [(0, 16, 5), (11, 27, 5)]
    limits = (0, 16, 16, 32)
    for widest, equal in ((6, 16), (5, 10)):
        chosen = dataclasses.replace(LENIENT, maximum_gap_words=widest)
        [match] = Aligner(words, chosen).align(candidate, limits)
        assert match.equal == equal


def made(a: int, a_end: int, b: int, b_end: int) -> Aligned:
    return Aligned(a, a_end, b, b_end, a_end - a, ((a, b, a_end - a),))


def test_echoes_of_a_repeated_passage_are_dropped() -> None:
    whole, echo = made(0, 50, 100, 150), made(10, 30, 300, 320)
    apart, touching = made(200, 230, 400, 430), made(45, 65, 500, 520)
    found = without_echoes([echo, apart, touching, whole], DEFAULT)
    assert found == [whole, touching, apart]
    assert without_echoes([echo], DEFAULT) == [echo]


aligned_stretches = st.tuples(st.integers(0, 150), st.integers(0, 150), st.integers(1, 60)).map(
    lambda drawn: made(drawn[0], drawn[0] + drawn[2], 1000 + drawn[1], 1000 + drawn[1] + drawn[2])
)


@settings(max_examples=150)
@given(st.lists(aligned_stretches, max_size=15))
def test_without_echoes_is_its_plain_twin(found: list[Aligned]) -> None:
    kept: list[Aligned] = []
    for one in sorted(found, key=lambda match: (-match.equal, match.a, match.b, match.a_end, match.b_end)):
        room = DEFAULT.echo_overlap * one.equal
        if all(
            min(one.a_end, other.a_end) - max(one.a, other.a) <= room
            and min(one.b_end, other.b_end) - max(one.b, other.b) <= room
            for other in kept
        ):
            kept.append(one)
    assert without_echoes(found, DEFAULT) == sorted(kept, key=lambda match: (match.a, match.b))


def test_a_refrain_matches_its_copy_once(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    refrain = prose("r", 20)
    song = [word for number in range(5) for word in [*prose(f"verse{number}x", 60), *refrain]]
    [(_, _, found)] = align_texts([" ".join(song), " ".join([*prose("b", 50), *song[60:160]])], DEFAULT)
    assert [(match.a, match.a_end) for match in found] == [(60, 160)]


def test_one_word_repeated_gives_few_matches_and_ends(
    runs_of: Callable[..., tuple[Words, Runs]],
) -> None:
    for text in ("word " * 20_000, "one two three four five " * 4_000):
        words, runs = runs_of([text, text], DEFAULT)
        assert sum(len(found) for _, _, found in align_all(words, runs, DEFAULT)) <= 2
        words, runs = runs_of([text, text], DEFAULT, [0, 0])
        [(_, _, [match])] = align_all(words, runs, DEFAULT)
        assert match.equal == 20_000


def test_crossing_runs_beyond_the_limit_still_end(
    prose: Callable[..., list[str]], align_texts: Callable[..., list[tuple[int, int, list[Aligned]]]]
) -> None:
    parts = [prose(f"p{number}x", 6) for number in range(400)]
    one = [word for part in parts for word in part]
    two = [word for part in [*parts[::2], *parts[1::2]] for word in part]
    chosen = dataclasses.replace(DEFAULT, candidate_gap_words=100_000, candidate_drift_words=100_000)
    [(_, _, found)] = align_texts([" ".join(one), " ".join(two)], chosen)
    assert 6 * 200 <= sum(match.equal for match in found) <= len(one)
