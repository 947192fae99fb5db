"""Passages: matches between two articles gathered into clusters of copies, one row a copy.

Within one article the stretches that matches name are grouped where they overlap by most of the longer one; groups
that a match joins are one cluster. A quotation inside a copied article therefore stays a cluster of its own, and two
articles are not chained together by a third that merely touches both.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from provenance.reuse.alignment import Block
from provenance.reuse.overlaps import Overlaps, WordSpan
from provenance.settings import ReuseSettings

Alignment = Sequence[Sequence[Block]]
"""The passages that a representative and a member share, each as its runs of equal words (first word in the
representative, first word in the member, words), ascending on both sides."""
Node = tuple[int, int]
"""A text and the number of a group of stretches in it."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A match in terms of texts and words: text number and word span on either side."""

    text_a: int
    span_a: WordSpan
    text_b: int
    span_b: WordSpan


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters of copies.

    Attributes:
        of_match: the cluster of each match, in the matches' order.
        copies: for each cluster its copies as (text, word span), sorted.
    """

    of_match: list[int]
    copies: list[list[tuple[int, WordSpan]]]


def cluster(matches: Sequence[Shared], settings: ReuseSettings) -> Clusters:
    """Gather matches into clusters, numbered by the place of their first copy."""
    groups = _Groups(matches, settings.cluster_overlap)
    parent: dict[Node, Node] = {}
    for match in matches:
        one, two = groups.node(match.text_a, match.span_a), groups.node(match.text_b, match.span_b)
        parent.setdefault(one, one)
        parent.setdefault(two, two)
        low, high = sorted((_root(parent, one), _root(parent, two)))
        parent[high] = low
    members: dict[Node, list[Node]] = defaultdict(list)
    for node in parent:
        members[_root(parent, node)].append(node)
    copies = {root: _copies(nodes, groups) for root, nodes in members.items()}
    order = sorted(copies, key=lambda root: copies[root])
    number = {root: index for index, root in enumerate(order)}
    of_match = [number[_root(parent, groups.node(match.text_a, match.span_a))] for match in matches]
    return Clusters(of_match, [copies[root] for root in order])


def _root(parent: dict[Node, Node], node: Node) -> Node:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _copies(nodes: Iterable[Node], groups: _Groups) -> list[tuple[int, WordSpan]]:
    """One row a copy: stretches of one text that overlap are one copy, two side by side are two."""
    copies: list[tuple[int, WordSpan]] = []
    for text, (start, end) in sorted((text, groups.span((text, group))) for text, group in nodes):
        if copies and copies[-1][0] == text and start < copies[-1][1][1]:
            copies[-1] = (text, (copies[-1][1][0], max(end, copies[-1][1][1])))
        else:
            copies.append((text, (start, end)))
    return copies


class _Groups:
    """The stretches that matches name, grouped within each text; the longest of a group stands for it."""

    def __init__(self, matches: Sequence[Shared], overlap: float) -> None:
        named: dict[int, set[WordSpan]] = defaultdict(set)
        for match in matches:
            named[match.text_a].add(match.span_a)
            named[match.text_b].add(match.span_b)
        self._spans: dict[Node, WordSpan] = {}
        self._group: dict[tuple[int, WordSpan], int] = {}
        for text, spans in named.items():
            if len(spans) == 1:
                (alone,) = spans
                self._group[text, alone] = 0
                self._spans[text, 0] = alone
                continue
            heads = Overlaps()
            for span in sorted(spans, key=lambda span: (span[0] - span[1], span)):
                # The head is never the shorter of the two, since spans come longest first.
                shares = ((words / _length(heads[head]), -head) for head, words in heads.meeting(span))
                best, at = max(shares, default=(0.0, 0))
                self._group[text, span] = -at if best >= overlap else heads.add(span)
            for head in range(len(heads)):
                self._spans[text, head] = heads[head]

    def node(self, text: int, span: WordSpan) -> Node:
        return text, self._group[text, span]

    def span(self, node: Node) -> WordSpan:
        return self._spans[node]


def _length(span: WordSpan) -> int:
    return span[1] - span[0]


def carry_over(
    clusters: Clusters,
    members: Mapping[int, Sequence[tuple[int, Alignment]]],
    settings: ReuseSettings,
) -> list[list[tuple[int, WordSpan]]]:
    """Copies that family members hold because their representative does.

    Args:
        clusters: of the matches found; within a family these join only the representative and a member.
        members: for each representative its members with what aligns them.
        settings: how alike the two stretches must be, as for any other match.

    Returns:
        For each cluster all its copies, sorted.
    """
    result = []
    for copies in clusters.copies:
        held = {text for text, _ in copies}
        more = list(copies)
        for text, span in copies:
            for member, alignment in members.get(text, ()):
                if member in held:
                    continue
                mapped = through(span, alignment, settings)
                if mapped:
                    more.append((member, mapped))
        result.append(sorted(more))
    return result


def through(span: WordSpan, alignment: Alignment, settings: ReuseSettings) -> WordSpan | None:
    """A stretch of a representative as a member has it, from first to last equal word; None if it has too little of it.

    Each passage that the two share is gone through by itself: a member may have them in another order.
    """
    best: tuple[int, WordSpan] | None = None
    for blocks in alignment:
        equal, begin, end = 0, -1, -1
        first = max(0, bisect.bisect_right(blocks, span[0], key=itemgetter(0)) - 1)
        for at, to, length in blocks[first:]:
            if at >= span[1]:
                break
            low, high = max(at, span[0]), min(at + length, span[1])
            if low < high:
                equal += high - low
                begin = begin if begin >= 0 else to + low - at
                end = to + high - at
        enough = settings.minimum_similarity * max(_length(span), end - begin)
        if begin >= 0 and equal >= enough and (best is None or equal > best[0]):
            best = (equal, (begin, end))
    return None if best is None else best[1]
