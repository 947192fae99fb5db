"""The words of the articles that share text, as sorted arrays of hashes: who has which word, and in which company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.errors import NotFoundError
from provenance.model import Article, Span
from provenance.text.tokens import Words, mix, words_of

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Worded:
    """One article's words.

    Attributes:
        starts: first code point of each word, shape (words,).
        ends: end (exclusive) of each word, shape (words,).
        words: hash of each folded word, shape (words,).
        pairs: hash of each word with the one behind it, shape (words - 1,) or empty.
        vocabulary: the distinct words, sorted.
        sequence: the distinct pairs, sorted.
    """

    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    words: Hashes
    pairs: Hashes
    vocabulary: Hashes
    sequence: Hashes

    def within(self, spans: Sequence[Span], before: int = 0) -> Indices:
        """The indices of the words that lie in some spans, or in so many characters before them; sorted."""
        inside = np.zeros(len(self.words), dtype=bool)
        for span in spans:
            low = np.searchsorted(self.starts, span.start - before)
            high = np.searchsorted(self.ends, span.end, side="right")
            inside[low:high] = True
        return np.flatnonzero(inside)

    def pairs_within(self, spans: Sequence[Span]) -> Hashes:
        """The distinct pairs of neighbouring words of which both lie in the spans, sorted; of a single word, itself."""
        inside = self.within(spans)
        if len(inside) < 2:
            return _distinct(self.words[inside])
        together = np.flatnonzero(np.diff(inside) == 1)
        return _distinct(self.pairs[inside[together]])


class Wording:
    """The words of some articles, each worked out once."""

    def __init__(self, articles: Mapping[str, Article], documents: Iterable[str]) -> None:
        ordered = sorted(set(documents))
        self._places = {document: place for place, document in enumerate(ordered)}
        self._all: Words = words_of(articles[document].text for document in ordered)
        self._known: dict[str, Worded] = {}

    def of(self, document: str) -> Worded:
        """One article's words.

        Raises:
            NotFoundError: it is not among the articles given.
        """
        if document not in self._known:
            if document not in self._places:
                raise NotFoundError("not among the articles whose words were read", where=document)
            where = self._all.of(self._places[document])
            words = self._all.hashes[where]
            pairs = mix(words[:-1] * _ODD + words[1:]) if len(words) > 1 else words[:0]
            self._known[document] = Worded(
                self._all.starts[where], self._all.ends[where], words, pairs, _distinct(words), _distinct(pairs)
            )
        return self._known[document]


def _distinct(values: Hashes) -> Hashes:
    """Every value once, ascending; several times as fast as `numpy.unique`, which hashes them first."""
    ascending = np.sort(values)
    first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return ascending[first]


def found_in(values: Hashes, within: Hashes) -> Flags:
    """Which values stand in a sorted array of distinct ones, shape (values,)."""
    if not len(within):
        return np.zeros(len(values), dtype=bool)
    place = np.searchsorted(within, values)
    place[place == len(within)] = 0
    found: Flags = within[place] == values
    return found


def share_found(values: Hashes, within: Hashes) -> float:
    """The share of the values that stand in a sorted array of distinct ones, 0 to 1; 0 where there are none."""
    return float(found_in(values, within).mean()) if len(values) else 0.0


def runs(places: Indices, gap: int) -> int:
    """How many groups a sorted array of places falls into, where more than `gap` between two parts them."""
    return int((np.diff(places) > gap).sum()) + 1 if len(places) else 0


def stretches_of(places: Indices, gap: int) -> list[tuple[int, int]]:
    """The first and the last place of each group that `runs` counts."""
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > gap)
    firsts = places[np.concatenate([[0], cuts + 1])]
    lasts = places[np.concatenate([cuts, [len(places) - 1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def frequencies(values: Hashes, distinct: Hashes, counts: Indices) -> Indices:
    """How often each value was counted, where all of them were."""
    return counts[np.searchsorted(distinct, values)]
