"""Candidates against naive joins."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse import candidates
from provenance.reuse.candidates import Runs, TextsOf, find_runs, shared_places, sort_with_rows
from provenance.reuse.fingerprints import Fingerprints, fingerprint
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

DEFAULT = ReuseSettings()
EVERY_PAIR = dataclasses.replace(DEFAULT, rare_occurrences=1_000_000, minimum_seeds=1)
FEW = dataclasses.replace(DEFAULT, rare_occurrences=3, common_neighbours=2)

# Values that differ in high bits, and values that differ only in the low bits that sorting cuts off.
hash_values = st.sampled_from([base + low for base in (0, 1 << 40, 7 << 61) for low in (0, 1, 2, 3)])
texts_of_letters = st.lists(st.text("ab", max_size=22), min_size=2, max_size=4)


@settings(max_examples=100)
@given(st.lists(hash_values, max_size=40))
def test_sort_with_rows_sorts_and_breaks_ties_by_row(values: list[int]) -> None:
    keys = np.array(values, dtype=np.uint64)
    cut, rows = sort_with_rows(keys)
    bits = max(1, (len(values) - 1).bit_length()) if values else 1
    expected = sorted(range(len(values)), key=lambda row: (values[row] >> bits, row))
    assert rows.tolist() == expected
    assert [int(key) >> bits for key in cut] == [values[row] >> bits for row in expected]


def naive_places(
    hashes: list[int], text_of: list[int], representatives: list[int], chosen: ReuseSettings
) -> set[tuple[int, int]]:
    """Family stars, then all pairs of rare ones and the next few of common ones, with loops."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, value in enumerate(hashes):
        places[value].append(place)
    pairs = set()
    for group in places.values():
        left = []
        ranks: dict[int, int] = defaultdict(int)
        for place in group:
            text = text_of[place]
            centres = [other for other in group if text_of[other] == representatives[text]]
            if representatives[text] != text and centres:
                centre = centres[min(ranks[text], len(centres) - 1)]
                ranks[text] += 1
                pairs.add((min(place, centre), max(place, centre)))
            else:
                left.append(place)
        reach = len(left) if len(left) <= chosen.rare_occurrences else chosen.common_neighbours
        pairs |= {pair for at, place in enumerate(left) for pair in ((place, o) for o in left[at + 1 : at + 1 + reach])}
    return pairs


@settings(max_examples=200)
@given(st.lists(st.tuples(hash_values, st.integers(0, 2)), max_size=40), st.data())
def test_shared_places_are_those_of_the_naive_join(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    text_of = np.cumsum([step for _, step in rows]).astype(np.int32) if rows else np.zeros(0, np.int32)
    count = int(text_of.max(initial=0)) + 1
    centres = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=3))
    drawn = data.draw(st.lists(st.sampled_from([*sorted(centres), -1]), min_size=count, max_size=count))
    representatives = [text if text in centres or centre < 0 else centre for text, centre in enumerate(drawn)]
    hashes = [value for value, _ in rows]
    prints = Fingerprints(np.array(hashes, dtype=np.uint64), np.arange(len(rows), dtype=np.int64))
    left, right = shared_places(prints, text_of, np.array(representatives, dtype=np.int32), FEW)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    assert all(one < two for one, two in pairs)
    assert len(set(pairs)) == len(pairs), "no pair twice"
    assert set(pairs) == naive_places(hashes, text_of.tolist(), representatives, FEW)


@settings(max_examples=150)
@given(st.lists(hash_values, max_size=40), st.integers(1, 50))
def test_repeated_rows_come_whole_and_sorted_whatever_the_ranges(values: list[int], rows_sorted: int) -> None:
    hashes = np.array(values, dtype=np.uint64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_ROWS_SORTED", rows_sorted)
        found = [row for rows in candidates._repeated(hashes) for row in rows.tolist()]
    assert found == sorted(found, key=lambda row: (values[row], row))
    assert len(set(found)) == len(found)
    assert {row for row, value in enumerate(values) if values.count(value) > 1} <= set(found)


# Values that need more bits than there are beside a group's number and a row's, too.
@settings(max_examples=100)
@given(st.lists(st.tuples(st.booleans(), st.integers(-5, 5) | st.sampled_from([-(1 << 62), 1 << 61])), min_size=1))
def test_order_within_groups_is_that_of_a_stable_sort(rows: list[tuple[bool, int]]) -> None:
    group = np.cumsum([0, *(new for new, _ in rows[1:])])
    values = np.array([value for _, value in rows], dtype=np.int64)
    assert candidates._order_within(group, values).tolist() == np.lexsort((values, group)).tolist()


def test_rare_ones_are_paired_all_and_common_ones_with_the_next_few() -> None:
    for occurrences, expected in ((24, 24 * 23 // 2), (25, 3 * 25 - 6), (1000, 3 * 1000 - 6)):
        prints = Fingerprints(np.full(occurrences, 5, dtype=np.uint64), np.arange(occurrences, dtype=np.int64))
        own = np.arange(occurrences, dtype=np.int32)
        assert len(shared_places(prints, own, own, DEFAULT)[0]) == expected


def naive_runs(words: Words, length: int) -> set[tuple[int, int, int]]:
    """All longest runs of at least `length` equal words between two texts, by trying every pair of places."""
    hashes, bounds = words.hashes.tolist(), words.bounds.tolist()
    found = set()
    for one, two in combinations(range(len(bounds) - 1), 2):
        for a in range(bounds[one], bounds[one + 1]):
            for b in range(bounds[two], bounds[two + 1]):
                if a > bounds[one] and b > bounds[two] and hashes[a - 1] == hashes[b - 1]:
                    continue
                size = 0
                while (
                    a + size < bounds[one + 1] and b + size < bounds[two + 1] and hashes[a + size] == hashes[b + size]
                ):
                    size += 1
                if size >= length:
                    found.add((a, b, size))
    return found


def rows_of(runs: Runs) -> list[tuple[int, int, int]]:
    return list(zip(runs.a.tolist(), runs.b.tolist(), runs.lengths.tolist(), strict=True))


@settings(max_examples=100)
@given(texts_of_letters)
def test_runs_are_the_longest_runs_of_equal_words(texts: list[str]) -> None:
    words = words_of(" ".join(text) for text in texts)
    own = np.arange(len(texts), dtype=np.int32)
    runs = rows_of(find_runs(words, fingerprint(words, 5, 1), own, EVERY_PAIR))
    assert len(set(runs)) == len(runs)
    assert set(runs) == naive_runs(words, 5)


@settings(max_examples=100)
@given(texts_of_letters, st.integers(1, 5))
def test_runs_of_winnowed_and_capped_fingerprints_lie_within_those(texts: list[str], window: int) -> None:
    words = words_of(" ".join(text) for text in texts)
    chosen = dataclasses.replace(DEFAULT, rare_occurrences=2, common_neighbours=1, minimum_seeds=1)
    own = np.arange(len(texts), dtype=np.int32)
    longest = naive_runs(words, 5)
    for a, b, length in rows_of(find_runs(words, fingerprint(words, 5, window), own, chosen)):
        assert any(a >= a0 and a + length <= a0 + size and b - a == b0 - a0 for a0, b0, size in longest)


@settings(max_examples=100)
@given(texts_of_letters)
def test_candidates_part_the_runs_of_each_pair_of_texts(texts: list[str]) -> None:
    words = words_of(" ".join(text) for text in texts)
    own = np.arange(len(texts), dtype=np.int32)
    chosen = dataclasses.replace(EVERY_PAIR, candidate_gap_words=6, candidate_drift_words=3)
    found = find_runs(words, fingerprint(words, 5, 1), own, chosen)
    runs, bounds = rows_of(found), found.candidates.tolist()
    assert bounds[0] == 0
    assert bounds[-1] == len(runs)
    pairs = []
    for first, last in pairwise(bounds):
        members = runs[first:last]
        assert members == sorted(members)
        of_texts = {tuple(words.bounds.searchsorted([a, b], side="right").tolist()) for a, b, _ in members}
        assert len(of_texts) == 1
        pairs.append(of_texts.pop())
        for (a0, b0, size), (a, b, _) in pairwise(members):
            assert max(a - a0 - size, b - b0 - size) <= 6
            assert abs((b - a) - (b0 - a0)) <= 3
    assert pairs == sorted(pairs), "the candidates of one pair of texts stand together"


def test_too_few_shared_fingerprints_are_no_candidate(
    runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    shared = prose("s", 5)
    texts = [" ".join([*prose("a", 30), *shared]), " ".join([*shared, *prose("b", 30)])]
    assert len(runs_of(texts, DEFAULT)[1].a) == 0
    assert len(runs_of(texts, EVERY_PAIR)[1].a) == 1


def test_an_edited_passage_held_twice_is_two_candidates(
    runs_of: Callable[..., tuple[Words, Runs]],
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
) -> None:
    passage = prose("p", 120)
    held = [*edit_words(passage, 0.1, seed=1), *prose("between", 200), *edit_words(passage, 0.1, seed=2)]
    found = runs_of([" ".join(passage), " ".join(held)], DEFAULT)[1]
    assert len(found.candidates) - 1 == 2


def test_a_stock_phrase_used_elsewhere_does_not_cut_a_candidate(
    runs_of: Callable[..., tuple[Words, Runs]],
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
) -> None:
    passage = prose("p", 120)
    phrase = passage[40:52]
    edited = [*edit_words(passage[:40], 0.1), *phrase, *edit_words(passage[52:], 0.1)]
    other = [*edited, *prose("between", 200), *phrase, *prose("end", 100)]
    found = runs_of([" ".join(passage), " ".join(other)], DEFAULT)[1]
    sizes = sorted(np.diff(found.candidates).tolist())
    assert sizes[0] == 1, "the phrase elsewhere"
    assert len(sizes) == 2
    assert sizes[1] > 3


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["one two three four five six"], ["a b", "a b"]])
def test_nothing_shared_gives_no_runs(texts: list[str], runs_of: Callable[..., tuple[Words, Runs]]) -> None:
    found = runs_of(texts, DEFAULT)[1]
    assert len(found.a) == 0
    assert found.candidates.tolist() == [0]


def test_work_on_repeated_words_is_linear(runs_of: Callable[..., tuple[Words, Runs]]) -> None:
    words = words_of(["word " * 20_000] * 3)
    prints = fingerprint(words, 5, 1)
    text_of = np.repeat(np.arange(3, dtype=np.int32), 20_000)
    for representatives in ([0, 1, 2], [0, 0, 0]):
        left, _ = shared_places(prints, text_of, np.array(representatives, dtype=np.int32), DEFAULT)
        assert len(left) <= DEFAULT.common_neighbours * len(prints)
    family = rows_of(runs_of(["word " * 20_000] * 3, DEFAULT, [0, 0, 0])[1])
    assert family == [(0, 20_000, 20_000), (0, 40_000, 20_000)], "copies of a refrain stay on one diagonal"


@pytest.mark.parametrize(("own", "found"), [(1, 0), (11, 0), (20, 1), (60, 1)])
def test_members_of_a_family_meet_only_over_what_their_representative_lacks(
    own: int, found: int, runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    story, extra = prose("p", 200), prose("extra", own)
    member = " ".join([*story[:100], *extra, *story[100:]])
    words, runs = runs_of([" ".join(story), member, member], DEFAULT, [0, 0, 0])
    texts = words.bounds.searchsorted(runs.a, side="right") - 1
    assert int((texts == 1).sum()) == found
    assert int((texts == 0).sum()) == 4, "either member with the representative, before and behind"


@pytest.mark.parametrize(("quoted", "found"), [(slice(60, 110), 0), (slice(100, 120), 1)])
def test_a_member_meets_others_where_its_representative_does_not(
    quoted: slice, found: int, runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    story, extra = prose("p", 200), prose("extra", 20)
    member = [*story[:100], *extra, *story[100:]]
    other = [*prose("other", 80), *member[quoted], *prose("more", 80)]
    words, runs = runs_of([" ".join(story), " ".join(member), " ".join(other)], DEFAULT, [0, 0, 2])
    texts = [words.bounds.searchsorted(side, side="right") - 1 for side in (runs.a, runs.b)]
    pairs = list(zip(*(side.tolist() for side in texts), strict=True))
    assert pairs.count((1, 2)) == found
    assert pairs.count((0, 2)) == 1 - found


@pytest.mark.parametrize("stock", [True, False])
def test_an_edited_passage_that_the_representative_lacks_is_found_beside_a_stock_phrase_that_it_has(
    stock: bool,
    runs_of: Callable[..., tuple[Words, Runs]],
    prose: Callable[..., list[str]],
    edit_words: Callable[..., list[str]],
) -> None:
    story, extra = prose("p", 200), prose("extra", 100)
    phrase = story[20:28] if stock else []
    member = [*story[:100], *extra, *story[100:]]
    other = [*prose("other", 80), *phrase, *prose("then", 80), *edit_words(extra, 0.2), *prose("more", 80)]
    words, runs = runs_of([" ".join(story), " ".join(member), " ".join(other)], DEFAULT, [0, 0, 2])
    texts = [words.bounds.searchsorted(side, side="right") - 1 for side in (runs.a, runs.b)]
    passage = (texts[0] == 1) & (texts[1] == 2)
    assert int(passage.sum()) > 1
    assert ((runs.a[passage] >= 300) & (runs.a[passage] < 400)).all()
    assert (runs.lengths[passage] < DEFAULT.family_own_words + 8).all(), "no run tells by itself"
    assert ((texts[0] == 0) & (texts[1] == 2)).any() == stock


def test_diagonals_joined_only_elsewhere_are_still_parted(
    runs_of: Callable[..., tuple[Words, Runs]], prose: Callable[..., list[str]]
) -> None:
    passage = prose("p", 90)
    twice = [*passage, *prose("between", 10), *passage]
    # The passage stands on the diagonals 0 and 100; bridges further on lie on 35 and 70.
    one, two = list(passage), list(twice)
    for number, step in enumerate((-65, 35)):
        bridge = prose(f"bridge{number}x", 10)
        one += [*prose(f"a{number}x", 400), *bridge]
        two += [*prose(f"b{number}x", 400 + step), *bridge]
    for text in (one, two):
        for place in range(8, 90, 9):
            text[place] = f"{'one' if text is one else 'two'}{place}"
    for place in range(108, 190, 9):
        two[place] = f"again{place}"
    found = runs_of([" ".join(one), " ".join(two)], DEFAULT)[1]
    diagonals = [
        sorted(set((found.b - found.a)[first:last].tolist())) for first, last in pairwise(found.candidates.tolist())
    ]
    base = len(one)
    assert sorted(diagonals) == [[base], [base + 35], [base + 70], [base + 100]]


@given(st.lists(st.integers(0, 300), max_size=40))
def test_texts_of_words_are_looked_up_as_an_array_tells_them(counts: list[int]) -> None:
    words = words_of(" ".join("w" * count) for count in counts)
    every = np.repeat(np.arange(len(counts)), counts)
    assert TextsOf(words)[np.arange(len(words))].tolist() == every.tolist()
