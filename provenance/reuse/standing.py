"""Standing matter and stock phrases told by counts: wording that is common in the collection, between strangers.

A passage that one writer had from another holds word triples that hardly any other text has, even where every single
word is common. A stock phrase or a standing paragraph is put together of triples that many articles have. Triples
alone would also condemn a sentence that ten papers took from one agency; those ten, however, tell one story, and
share its rare words outside the passage as well (weighed by inverse frequency, Spärck Jones 1972).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from provenance.reuse.overlaps import WordSpan
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words, mix

CountArray = npt.NDArray[np.int64]

_TRIPLE = 3
_CHUNK = 1 << 17
"""Words whose triples are looked at together: their arrays stay in the processor's cache. It decides no result."""
_FILTER_BITS = 22
_WORD_BITS = 20
"""Counts of words are kept in this many bits' worth of cells; two words in one cell make a rare one look commoner."""


def triples(hashes: HashArray) -> HashArray:
    """A 64-bit hash of each three words in a row, shape (words - 2,) or (0,)."""
    if len(hashes) < _TRIPLE:
        return np.zeros(0, dtype=np.uint64)
    joined = hashes[:-2] * np.uint64(0x9E3779B97F4A7C15) + hashes[1:-1]
    return mix(joined * np.uint64(0xD1342543DE82EF95) + hashes[2:])


class Houses:
    """Which outlets are of one house: their articles carry the same words to the reader.

    Sections, columns and guests of a paper often go by names of their own.
    """

    def __init__(self, pairs: Iterable[tuple[str | None, str | None]], settings: ReuseSettings) -> None:
        """Args: pairs, the outlets of each two articles that share page furniture."""
        seen = Counter(frozenset((one, two)) for one, two in pairs if one and two and one != two)
        self._sisters = {outlets for outlets, count in seen.items() if count >= settings.furniture_sister_matches}

    def same(self, one: str | None, two: str | None) -> bool:
        """Whether two outlets are one or of one house; unknown ones are not."""
        return one is not None and (one == two or frozenset((one, two)) in self._sisters)


class CommonWording:
    """Counts, over a whole collection, of the word triples of some stretches of it."""

    def __init__(self, words: Words, spans: Sequence[WordSpan]) -> None:
        self._words = words
        parts = [self._triples(span) for span in spans]
        self._wanted = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
        self._counts = self._count()

    def rare(self, one: WordSpan, two: WordSpan, limit: float) -> int:
        """How many of the triples that two stretches share occur at most `limit` times in the collection.

        Args:
            one: a stretch whose triples were counted.
            two: its copy; what was changed between them is rare for that reason alone and does not count.
            limit: of occurrences.
        """
        both = set(self._triples(one).tolist()) & set(self._triples(two).tolist())
        shared = np.array(sorted(both), dtype=np.uint64)
        return int(np.count_nonzero(self._counts[np.searchsorted(self._wanted, shared)] <= limit))

    def _triples(self, span: WordSpan) -> HashArray:
        return triples(self._words.hashes[span[0] : span[1]])

    def _count(self) -> CountArray:
        if not len(self._wanted):
            return np.zeros(0, dtype=np.int64)
        shift = np.uint64(64 - _FILTER_BITS)
        sieve = np.zeros(1 << _FILTER_BITS, dtype=bool)
        sieve[self._wanted >> shift] = True
        kept: list[HashArray] = []
        for start in range(0, len(self._words), _CHUNK):
            found = triples(self._words.hashes[start : start + _CHUNK + _TRIPLE - 1])
            kept.append(found[sieve[(found >> shift).astype(np.int64)]])
        found = np.sort(np.concatenate(kept))
        return np.searchsorted(found, self._wanted, side="right") - np.searchsorted(found, self._wanted)


class Kinship:
    """How much two articles have in common outside a passage that they share."""

    def __init__(self, words: Words, settings: ReuseSettings) -> None:
        self._words = words
        self._cells = (words.hashes >> np.uint64(64 - _WORD_BITS)).astype(np.int32)
        counts = np.bincount(self._cells, minlength=1 << _WORD_BITS)
        self._most = max(1.0, settings.content_share * (len(words.bounds) - 1))
        self._weights = np.log((self._most + 1) / (np.minimum(counts, self._most) + 1))
        self._marked = np.zeros(1 << _WORD_BITS, dtype=bool)
        self._content: dict[int, tuple[npt.NDArray[np.int32], float]] = {}

    def share(self, one: int, span_one: WordSpan, two: int, span_two: WordSpan) -> float:
        """Weight of the rare words that two articles share outside a passage, of those of the lighter article.

        Args:
            one: number of an article.
            span_one: its copy of the passage, in words of the collection.
            two: number of the other.
            span_two: that one's copy.
        """
        (first, weight_one), (second, weight_two) = self._of(one), self._of(two)
        self._marked[first] = True
        for span in (span_one, span_two):
            self._marked[self._cells[slice(*span)]] = False
        common = second[self._marked[second]]
        self._marked[first] = False
        lighter = min(weight_one, weight_two)
        return float(self._weights[common].sum()) / lighter if lighter > 0 else 0.0

    def _of(self, text: int) -> tuple[npt.NDArray[np.int32], float]:
        if text not in self._content:
            cells = self._cells[self._words.of(text)]
            content = np.unique(cells[self._weights[cells] > 0])
            self._content[text] = content, float(self._weights[content].sum())
        return self._content[text]
