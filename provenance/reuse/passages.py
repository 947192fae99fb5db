"""Passages: matches between two articles gathered into clusters of copies, one row a copy.

Within one article the stretches that matches name are grouped where they overlap by most of the longer one; groups
that a match joins are one cluster. A quotation inside a copied article therefore stays a cluster of its own, and two
articles are not chained together by a third that merely touches both.

Millions of matches are handled as columns of numbers; only the stretches of an article that several are named in are
looked at one by one.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import overload

import numpy as np
import numpy.typing as npt

from provenance.reuse.alignment import Block
from provenance.reuse.overlaps import Overlaps, WordSpan
from provenance.settings import ReuseSettings

IndexArray = npt.NDArray[np.int64]
Alignment = Sequence[Sequence[Block]]
"""The passages that a representative and a member share, each as its runs of equal words (first word in the
representative, first word in the member, words), ascending on both sides."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A match in terms of texts and words: text number and word span on either side."""

    text_a: int
    span_a: WordSpan
    text_b: int
    span_b: WordSpan


@dataclass(frozen=True, slots=True, eq=False)
class SharedRows(Sequence[Shared]):
    """Matches in terms of texts and words, as columns of shape (matches,)."""

    text_a: IndexArray
    a: IndexArray
    a_end: IndexArray
    text_b: IndexArray
    b: IndexArray
    b_end: IndexArray

    @classmethod
    def of(cls, matches: Iterable[Shared]) -> SharedRows:
        """The columns of some matches."""
        rows = [(each.text_a, *each.span_a, each.text_b, *each.span_b) for each in matches]
        return cls(*np.array(rows, dtype=np.int64).reshape(-1, len(fields(cls))).T)

    def __len__(self) -> int:
        return len(self.a)

    @overload
    def __getitem__(self, row: int) -> Shared: ...
    @overload
    def __getitem__(self, row: slice) -> SharedRows: ...
    def __getitem__(self, row: int | slice) -> Shared | SharedRows:
        columns = [getattr(self, each.name)[row] for each in fields(self)]
        if isinstance(row, slice):
            return SharedRows(*columns)
        text_a, a, a_end, text_b, b, b_end = (int(value) for value in columns)
        return Shared(text_a, (a, a_end), text_b, (b, b_end))

    def __iter__(self) -> Iterator[Shared]:
        for first in range(0, len(self), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            columns = [getattr(self, each.name)[part].tolist() for each in fields(self)]
            for text_a, a, a_end, text_b, b, b_end in zip(*columns, strict=True):
                yield Shared(text_a, (a, a_end), text_b, (b, b_end))

    def taken(self, rows: IndexArray) -> SharedRows:
        """Some rows, in the order given."""
        return SharedRows(*(getattr(self, each.name)[rows] for each in fields(self)))

    def order(self) -> IndexArray:
        """The rows that sort them by texts, then by place."""
        return np.lexsort((self.b_end, self.b, self.a_end, self.a, self.text_b, self.text_a))


_AT_ONCE = 1 << 14
"""Rows turned into records together. It decides no result."""


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Copies of passages as columns of shape (copies,), sorted by cluster, text and place."""

    cluster: IndexArray
    text: IndexArray
    start: IndexArray
    end: IndexArray

    def __len__(self) -> int:
        return len(self.cluster)

    def of(self, number: int) -> list[tuple[int, WordSpan]]:
        """The copies of one cluster."""
        low, high = np.searchsorted(self.cluster, (number, number + 1))
        rows = zip(*(column[low:high].tolist() for column in (self.text, self.start, self.end)), strict=True)
        return [(text, (start, end)) for text, start, end in rows]


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Clusters of copies.

    Attributes:
        count: how many there are; they are numbered from 0.
        of_match: the cluster of each match, in the matches' order, shape (matches,).
        copies: of all of them.
    """

    count: int
    of_match: IndexArray
    copies: Copies


def cluster(matches: SharedRows, settings: ReuseSettings) -> Clusters:
    """Gather matches into clusters, numbered by the place of their first copy."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - takes a fifth of a second to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    text, start, end, named = _named(matches)
    heads = _heads(text, start, end, settings.cluster_overlap)
    one, two = heads[named[: len(matches)]], heads[named[len(matches) :]]
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, two)), shape=(len(text), len(text)))
    count, label = connected_components(graph, directed=False)
    standing = np.flatnonzero(heads == np.arange(len(heads)))
    rows = _merged(label[standing].astype(np.int64), text[standing], start[standing], end[standing])
    number = _numbered(rows, int(count))
    copies = _sorted(number[rows.cluster], rows.text, rows.start, rows.end)
    of_match = number[label[one]]
    return Clusters(len(np.unique(rows.cluster)), of_match, copies)


def _named(matches: SharedRows) -> tuple[IndexArray, IndexArray, IndexArray, IndexArray]:
    """The stretches that matches name, each once, by text and longest first; and the row of each match's sides."""
    text = np.concatenate([matches.text_a, matches.text_b])
    start = np.concatenate([matches.a, matches.b])
    end = np.concatenate([matches.a_end, matches.b_end])
    order = np.lexsort((end, start, start - end, text))
    text, start, end = text[order], start[order], end[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (text[1:] != text[:-1]) | (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    named = np.empty(len(order), dtype=np.int64)
    named[order] = np.cumsum(new) - 1
    return text[new], start[new], end[new], named


def _heads(text: IndexArray, start: IndexArray, end: IndexArray, overlap: float) -> IndexArray:
    """For each stretch the row of the one that stands for its group; stretches come by text and longest first."""
    heads = np.arange(len(text))
    firsts = np.flatnonzero(np.diff(text, prepend=-1))
    sizes = np.diff(np.append(firsts, len(text)))
    several = sizes > 1
    for first, size in zip(firsts[several].tolist(), sizes[several].tolist(), strict=True):
        part = slice(first, first + size)
        spans = zip(start[part].tolist(), end[part].tolist(), strict=True)
        found = Overlaps()
        entered: list[int] = []
        for row, span in enumerate(spans, first):
            # The head is never the shorter of the two, since stretches come longest first.
            shares = ((words / _length(found[head]), -head) for head, words in found.meeting(span))
            best, at = max(shares, default=(0.0, 0))
            if best >= overlap:
                heads[row] = entered[-at]
            else:
                found.add(span)
                entered.append(row)
    return heads


def _merged(label: IndexArray, text: IndexArray, start: IndexArray, end: IndexArray) -> Copies:
    """One row a copy: stretches of one text and label that overlap are one copy, two side by side are two."""
    stretches = _sorted(label, text, start, end)
    label, text, start, end = stretches.cluster, stretches.text, stretches.start, stretches.end
    if not len(label):
        return stretches
    beside = np.zeros(len(label), dtype=bool)
    beside[1:] = (label[1:] == label[:-1]) & (text[1:] == text[:-1])
    # Ends are lifted by more for every text and label, so that the highest so far is one of the same.
    lift = np.cumsum(~beside) * (int(end.max()) + 1)
    reached = np.maximum.accumulate(end + lift)
    new = ~beside
    new[1:] |= start[1:] + lift[1:] >= reached[:-1]
    firsts = np.flatnonzero(new)
    return Copies(label[firsts], text[firsts], start[firsts], np.maximum.reduceat(end, firsts))


def _numbered(copies: Copies, labels: int) -> IndexArray:
    """The number of each label: its place when labels are sorted by their copies; -1 for labels without any."""
    number = np.full(labels, -1, dtype=np.int64)
    firsts = np.flatnonzero(np.diff(copies.cluster, prepend=-1))
    first = copies.text[firsts], copies.start[firsts], copies.end[firsts]
    order = np.lexsort(first[::-1])
    same = np.ones(max(0, len(order) - 1), dtype=bool)
    for column in first:
        same &= column[order][1:] == column[order][:-1]
    for place in np.flatnonzero(same).tolist():
        # Two clusters begin with the same copy: those that follow decide. It takes stretches that were merged.
        low = high = place
        while high < len(same) and same[high]:
            high += 1
        alike = order[low : high + 1]
        order[low : high + 1] = sorted(alike.tolist(), key=lambda row: copies.of(int(copies.cluster[firsts[row]])))
    number[copies.cluster[firsts[order]]] = np.arange(len(order))
    return number


def _sorted(cluster_number: IndexArray, text: IndexArray, start: IndexArray, end: IndexArray) -> Copies:
    order = np.lexsort((end, start, text, cluster_number))
    return Copies(cluster_number[order], text[order], start[order], end[order])


def _length(span: WordSpan) -> int:
    return span[1] - span[0]


def carry_over(
    clusters: Clusters,
    members: Mapping[int, Sequence[tuple[int, Alignment]]],
    settings: ReuseSettings,
) -> Copies:
    """All copies, with those that family members hold because their representative does.

    Args:
        clusters: of the matches found; within a family these join only the representative and a member.
        members: for each representative its members with what aligns them.
        settings: how alike the two stretches must be, as for any other match.
    """
    copies = clusters.copies
    standing = np.isin(copies.text, np.fromiter(members, dtype=np.int64, count=len(members)))
    more: list[tuple[int, int, int, int]] = []
    held: set[int] = set()
    held_of = -1
    for row in np.flatnonzero(standing).tolist():
        number, text = int(copies.cluster[row]), int(copies.text[row])
        if number != held_of:
            held, held_of = {each for each, _ in copies.of(number)}, number
        span = int(copies.start[row]), int(copies.end[row])
        for member, alignment in members[text]:
            mapped = through(span, alignment, settings) if member not in held else None
            if mapped:
                more.append((number, member, *mapped))
    if not more:
        return copies
    added = np.array(more, dtype=np.int64).T
    columns = (copies.cluster, copies.text, copies.start, copies.end)
    return _sorted(*(np.concatenate([one, two]) for one, two in zip(columns, added, strict=True)))


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
