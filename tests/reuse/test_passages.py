"""Clusters of copies, against a naive clustering, and what is carried over to the members of a family."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse.passages import Clusters, Copies, Shared, SharedRows, carry_over
from provenance.reuse.passages import cluster as clusters_of
from provenance.settings import ReuseSettings

DEFAULT = ReuseSettings()
Listed = list[list[tuple[int, tuple[int, int]]]]


@dataclass
class Found:
    """Clusters as plain lists."""

    of_match: list[int]
    copies: Listed


def cluster(matches: list[Shared], chosen: ReuseSettings) -> Found:
    found = clusters_of(SharedRows.of(matches), chosen)
    return Found(found.of_match.tolist(), listed(found.copies, found.count))


def listed(copies: Copies, count: int) -> Listed:
    return [copies.of(number) for number in range(count)]


def clusters(copies: Listed) -> Clusters:
    rows = [(number, text, *span) for number, held in enumerate(copies) for text, span in sorted(held)]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Clusters(len(copies), np.zeros(0, dtype=np.int64), Copies(*columns))


stretches = st.tuples(st.integers(0, 60), st.integers(5, 60)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
drawn_matches = st.lists(
    st.tuples(st.integers(0, 4), stretches, st.integers(0, 4), stretches)
    .filter(lambda drawn: drawn[0] < drawn[2])
    .map(lambda drawn: Shared(*drawn)),
    max_size=14,
)


def naive(matches: list[Shared]) -> tuple[list[int], list[list[tuple[int, tuple[int, int]]]]]:
    """Heads by comparing every stretch with every head, clusters by flooding."""
    named: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for match in matches:
        named[match.text_a].add(match.span_a)
        named[match.text_b].add(match.span_b)
    head: dict[tuple[int, tuple[int, int]], tuple[int, tuple[int, int]]] = {}
    for text, spans in named.items():
        heads: list[tuple[int, int]] = []
        for span in sorted(spans, key=lambda span: (span[0] - span[1], span)):
            shares = [len(set(range(*span)) & set(range(*other))) / (other[1] - other[0]) for other in heads]
            if shares and max(shares) >= DEFAULT.cluster_overlap:
                head[text, span] = (text, heads[shares.index(max(shares))])
            else:
                heads.append(span)
                head[text, span] = (text, span)
    edges = [(head[match.text_a, match.span_a], head[match.text_b, match.span_b]) for match in matches]
    group: dict[tuple[int, tuple[int, int]], set[tuple[int, tuple[int, int]]]] = {
        node: {node} for edge in edges for node in edge
    }
    for one, two in edges:
        joined = group[one] | group[two]
        for node in joined:
            group[node] = joined
    found = []
    for nodes in {frozenset(nodes) for nodes in group.values()}:
        copies: list[tuple[int, tuple[int, int]]] = []
        for text, span in sorted(nodes):
            if copies and copies[-1][0] == text and span[0] < copies[-1][1][1]:
                copies[-1] = (text, (copies[-1][1][0], max(copies[-1][1][1], span[1])))
            else:
                copies.append((text, span))
        found.append((copies, nodes))
    found.sort(key=lambda pair: pair[0])
    of_match = [next(number for number, (_, nodes) in enumerate(found) if one in nodes) for one, _ in edges]
    return of_match, [copies for copies, _ in found]


@settings(max_examples=200)
@given(drawn_matches)
def test_clusters_are_those_of_the_naive_clustering(matches: list[Shared]) -> None:
    found = cluster(matches, DEFAULT)
    of_match, copies = naive(matches)
    assert found.copies == copies
    assert found.of_match == of_match


@settings(max_examples=100)
@given(drawn_matches, st.randoms(use_true_random=False))
def test_the_order_of_matches_does_not_matter(matches: list[Shared], chance: object) -> None:
    order = list(range(len(matches)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    one, two = cluster(matches, DEFAULT), cluster([matches[at] for at in order], DEFAULT)
    assert one.copies == two.copies
    assert [one.of_match[at] for at in order] == two.of_match


@settings(max_examples=100)
@given(drawn_matches)
def test_each_side_of_a_match_lies_in_or_beside_a_copy_of_its_cluster(matches: list[Shared]) -> None:
    found = cluster(matches, DEFAULT)
    for match, number in zip(matches, found.of_match, strict=True):
        for text, span in ((match.text_a, match.span_a), (match.text_b, match.span_b)):
            assert any(
                other == text and span[0] < copy[1] and copy[0] < span[1] for other, copy in found.copies[number]
            )


def test_a_quotation_in_a_copied_article_stays_its_own_cluster() -> None:
    article, quotation = (0, 400), (100, 140)
    matches = [
        Shared(0, article, 1, (0, 400)),
        Shared(0, quotation, 2, (30, 70)),
        Shared(1, quotation, 2, (30, 70)),
    ]
    found = cluster(matches, DEFAULT)
    assert found.of_match == [0, 1, 1]
    assert found.copies[1] == [(0, quotation), (1, quotation), (2, (30, 70))]


def test_an_article_that_touches_two_stories_does_not_join_them() -> None:
    matches = [Shared(0, (0, 100), 1, (0, 100)), Shared(1, (90, 200), 2, (0, 110))]
    found = cluster(matches, DEFAULT)
    assert len(found.copies) == 2


def test_slightly_different_ends_are_one_copy_and_the_longest_stands_for_it() -> None:
    matches = [Shared(0, (0, 100), 1, (0, 100)), Shared(0, (3, 90), 2, (0, 87)), Shared(0, (0, 104), 3, (0, 104))]
    found = cluster(matches, DEFAULT)
    assert found.of_match == [0, 0, 0]
    assert found.copies[0][0] == (0, (0, 104))


@pytest.mark.parametrize(("second", "copies"), [((50, 100), 2), ((48, 98), 1), ((60, 110), 2)])
def test_a_refrain_sung_twice_is_two_copies(second: tuple[int, int], copies: int) -> None:
    found = cluster([Shared(0, (0, 50), 1, (0, 50)), Shared(0, second, 1, (0, 50))], DEFAULT)
    assert len(found.copies) == 1
    assert len([text for text, _ in found.copies[0] if text == 0]) == copies


def test_nothing_gives_nothing() -> None:
    assert cluster([], DEFAULT) == Found([], [])
    assert len(carry_over(clusters([]), {}, DEFAULT)) == 0


def test_two_clusters_that_begin_with_the_same_copy_are_numbered_by_the_next() -> None:
    # stretches that overlap, merged into one copy that is as long as another one by itself
    joined = [Shared(0, (at, at + 16), 2, (0, 16)) for at in (0, 15, 30)]
    matches = [*joined, Shared(0, (0, 46), 1, (0, 46))]
    found = cluster(matches, DEFAULT)
    assert [copies[0] for copies in found.copies] == [(0, (0, 46))] * len(found.copies)
    assert (found.of_match, found.copies) == naive(matches)
    assert len(found.copies) == 2


CLUSTERS = clusters([[(0, (50, 100)), (9, (0, 50))]])


@pytest.mark.parametrize(
    ("blocks", "mapped"),
    [
        ([[(0, 1000, 200)]], (1050, 1100)),
        ([[(0, 1000, 60), (70, 1060, 130)]], (1050, 1090)),
        ([[(60, 500, 30)]], (500, 530)),
        ([[(60, 500, 20)]], None),
        ([[(0, 1000, 50), (100, 1050, 50)]], None),
        ([[(50, 1000, 20), (80, 1400, 20)]], None),
        ([[(0, 3000, 80)], [(80, 2000, 80)]], (3050, 3080)),
        ([[(0, 3000, 60)], [(60, 2000, 80)]], (2000, 2040)),
        ([], None),
    ],
    ids=["whole", "edited", "most", "too little", "left out", "torn apart", "parted", "other order", "unaligned"],
)
def test_a_member_holds_what_its_representative_shares(
    blocks: list[list[tuple[int, int, int]]], mapped: tuple[int, int] | None
) -> None:
    copies = carry_over(CLUSTERS, {0: [(4, blocks)]}, DEFAULT).of(0)
    expected = [(0, (50, 100)), (9, (0, 50))] + ([(4, mapped)] if mapped else [])
    assert copies == sorted(expected)


def test_a_member_that_holds_a_copy_already_gets_no_second_one() -> None:
    copies = [[(0, (50, 100)), (4, (7, 57))]]
    assert listed(carry_over(clusters(copies), {0: [(4, [[(0, 1000, 200)]])]}, DEFAULT), 1) == copies
