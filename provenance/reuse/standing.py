"""Standing matter and stock phrases told by counts: wording that is common in the collection, between strangers.

A passage that one writer had from another holds word triples that hardly any other text has, even where every single
word is common. A stock phrase or a standing paragraph is put together of triples that many articles have. Triples
alone would also condemn a sentence that ten papers took from one agency; those ten, however, tell one story, and
share its rare words outside the passage as well (weighed by inverse frequency, Spärck Jones 1972).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from provenance.reuse.overlaps import WordSpan
from provenance.reuse.passages import Shared, SharedRows
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words, mix

_Number = TypeVar("_Number", np.int32, np.int64, np.uint64)
CountArray = npt.NDArray[np.int64]

_TRIPLE = 3
_PAIR = 2
_REMEMBERED = 1 << 14
"""Articles whose rare words are remembered. It decides no result."""
_CHUNK = 1 << 17
"""Words whose triples are looked at together: their arrays stay in the processor's cache. It decides no result."""
_PAIRED = 1 << 21
"""Words of stretches whose triples are compared together. It decides no result."""
_FILTER_BITS = 22
_MOST_FILTER_BITS = 28
_FEW_BITS = 3
"""So many bits fewer triples than a filter has cells are few: the filter tells most others from them."""
_COUNTED = 1 << 20
"""Words whose cells are counted together. It decides no result."""
_WORD_BITS = 20
"""Counts of words are kept in this many bits' worth of cells; two words in one cell make a rare one look commoner."""


def triples(hashes: HashArray) -> HashArray:
    """A 64-bit hash of each three words in a row, shape (words - 2,) or (0,)."""
    if len(hashes) < _TRIPLE:
        return np.zeros(0, dtype=np.uint64)
    return _joined(hashes[:-2], hashes[1:-1], hashes[2:])


def _joined(first: HashArray, second: HashArray, third: HashArray) -> HashArray:
    return mix((first * np.uint64(0x9E3779B97F4A7C15) + second) * np.uint64(0xD1342543DE82EF95) + third)


class Houses:
    """Which outlets are of one house: their articles carry the same words to the reader.

    Sections, columns and guests of a paper often go by names of their own. Two papers that both print an agency's note
    on its polls now and then are not of one house: it takes a share of the smaller one's articles.
    """

    def __init__(
        self,
        furnished: Iterable[Shared],
        outlets: Sequence[str | None],
        settings: ReuseSettings,
        sizes: Mapping[str | None, int] | None = None,
    ) -> None:
        """Tell the houses.

        Args:
            furnished: matches that are page furniture.
            outlets: of each article of the collection.
            settings: how many matches, and what share of an outlet's articles, it takes.
            sizes: how many articles each outlet has; counted where None.
        """
        sizes = Counter(outlets) if sizes is None else sizes
        seen: Counter[frozenset[str]] = Counter()
        articles: dict[tuple[frozenset[str], str], set[int]] = defaultdict(set)
        for match in furnished:
            one, two = outlets[match.text_a], outlets[match.text_b]
            if one and two and one != two:
                both = frozenset((one, two))
                seen[both] += 1
                articles[both, one].add(match.text_a)
                articles[both, two].add(match.text_b)
        self._sisters = {
            both
            for both, count in seen.items()
            if count >= settings.furniture_sister_matches
            and max(len(articles[both, each]) / sizes[each] for each in both) >= settings.furniture_sister_share
        }

    def same(self, one: str | None, two: str | None) -> bool:
        """Whether two outlets are one or of one house; unknown ones are not."""
        return one is not None and (one == two or frozenset((one, two)) in self._sisters)


def shared_triples(words: Words, pairs: SharedRows, limit: float) -> tuple[CountArray, CountArray, CountArray]:
    """How many different triples the two stretches of each pair share, how many are rare, and how many their own.

    What was changed between two copies is rare for that reason alone; only what both have counts.

    Args:
        words: of the whole collection, whose triples are counted.
        pairs: stretches and their copies.
        limit: occurrences in the collection up to which a triple is rare.

    Returns:
        Three arrays of shape (pairs,); a triple is the pair's own where the collection has it no more than twice.
    """
    wanted = wanted_triples(words, pairs)
    return tallied(words, pairs, wanted, _occurrences(words, wanted, pairs) if len(wanted) else None, limit)


def wanted_triples(words: Words, pairs: SharedRows) -> HashArray:
    """The triples that both stretches of any pair have, each once, ascending."""
    wanted = np.zeros(0, dtype=np.uint64)
    for first, last in _together(pairs):
        wanted = _distinct(np.concatenate([wanted, _common(words, pairs[first:last])[1]]))
    return wanted


def tallied(
    words: Words, pairs: SharedRows, wanted: HashArray, occurrences: CountArray | None, limit: float
) -> tuple[CountArray, CountArray, CountArray]:
    """What `shared_triples` gives, out of how often each wanted triple occurs in the collection."""
    counts = np.zeros((3, len(pairs)), dtype=np.int64)
    if occurrences is not None:
        for first, last in _together(pairs):
            number, found = _common(words, pairs[first:last])
            held = occurrences[np.searchsorted(wanted, found)]
            for row, chosen in enumerate((held > 0, held <= limit, held <= _PAIR)):
                counts[row, first:last] = np.bincount(number[chosen], minlength=last - first)
    return counts[0], counts[1], counts[2]


def rare_limit(words: int, settings: ReuseSettings) -> float:
    """Occurrences up to which a triple is rare in a collection of so many words."""
    return settings.furniture_occurrences + settings.furniture_occurrence_rate * words / 1e6


def _together(pairs: SharedRows) -> Iterator[tuple[int, int]]:
    """Ranges of pairs with about as many words as are looked at together, at least one pair each."""
    ends = np.cumsum(np.maximum(pairs.a_end - pairs.a, pairs.b_end - pairs.b))
    first = 0
    while first < len(pairs):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _PAIRED, side="right")))
        yield first, last
        first = last


def _common(words: Words, pairs: SharedRows) -> tuple[CountArray, HashArray]:
    """The triples that both stretches of pairs have, each once a pair: the number of the pair, and the hash."""
    number_one, one = _triples_of(words, pairs.a, pairs.a_end)
    number_two, two = _triples_of(words, pairs.b, pairs.b_end)
    wanted = _distinct(one)
    if not len(wanted):
        return number_one, one
    place_one = np.searchsorted(wanted, one)
    place_two = np.minimum(np.searchsorted(wanted, two), len(wanted) - 1)
    held = wanted[place_two] == two
    keys_one = _distinct(number_one * len(wanted) + place_one)
    keys_two = _distinct(number_two[held] * len(wanted) + place_two[held])
    keys = np.intersect1d(keys_one, keys_two, assume_unique=True)
    return keys // len(wanted), wanted[keys % len(wanted)]


def _distinct(values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    """The different values, sorted; several times as fast as `numpy.unique`, which hashes them first."""
    values = np.sort(values)
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


def _triples_of(words: Words, starts: CountArray, ends: CountArray) -> tuple[CountArray, HashArray]:
    """The triples of stretches: the number of the stretch and the hash, both of shape (triples of all,)."""
    number, at = _triples_at(starts, ends)
    hashes = words.hashes
    return number, _joined(hashes[at], hashes[at + 1], hashes[at + 2])


def _triples_at(starts: CountArray, ends: CountArray) -> tuple[CountArray, CountArray]:
    """Where the triples of stretches begin: the number of the stretch and the word, both of shape (triples of all,)."""
    counts = np.maximum(ends - starts - (_TRIPLE - 1), 0)
    number = np.repeat(np.arange(len(starts)), counts)
    begun = np.cumsum(counts)
    return number, np.arange(len(number)) + np.repeat(starts - begun + counts, counts)


def _occurrences(words: Words, wanted: HashArray, pairs: SharedRows) -> CountArray:
    """How often each of some sorted triples, all of stretches of pairs, occurs in a collection, shape (wanted,)."""
    bits = min(_MOST_FILTER_BITS, max(_FILTER_BITS, len(wanted).bit_length() + _FEW_BITS))
    shift = np.uint64(64 - bits)
    sieve = np.zeros(1 << bits, dtype=bool)
    sieve[wanted >> shift] = True
    rough = np.zeros(1 << _FILTER_BITS, dtype=bool)
    few = len(wanted) << _FEW_BITS < len(rough)
    rough_shift = np.uint64(64 - _FILTER_BITS)
    if few:
        # Told from the others by a cheaper mixture before anything is hashed.
        at = _triples_at(pairs.a, pairs.a_end)[1]
        first, second, third = (words.hashes[at + offset] for offset in range(_TRIPLE))
        rough[_mixture(first, second, third) >> rough_shift] = True
    kept: list[HashArray] = [np.zeros(0, dtype=np.uint64)]
    for start in range(0, len(words), _CHUNK):
        hashes = words.hashes[start : start + _CHUNK + _TRIPLE - 1]
        if few and len(hashes) >= _TRIPLE:
            mixture = _mixture(hashes[:-2], hashes[1:-1], hashes[2:])
            mixture >>= rough_shift
            at = np.flatnonzero(rough.take(mixture.view(np.int64)))
            found = _joined(hashes[at], hashes[at + 1], hashes[at + 2])
        else:
            found = triples(hashes)
        kept.append(found[sieve.take((found >> shift).view(np.int64))])
    found = np.concatenate(kept)
    del kept
    # What reaches from one text into the next is nobody's wording.
    edges = np.unique(np.concatenate([words.bounds[1:-1] - 1, words.bounds[1:-1] - 2]))
    edges = edges[(edges >= 0) & (edges <= len(words) - _TRIPLE)]
    across = _joined(*(words.hashes[edges + offset] for offset in range(_TRIPLE)))
    return times(wanted, found) - times(wanted, across)


def times(wanted: HashArray, found: HashArray) -> CountArray:
    """How often each of some hashes is among others, shape (wanted,)."""
    found = np.sort(found)
    return np.searchsorted(found, wanted, side="right") - np.searchsorted(found, wanted)


def _mixture(first: HashArray, second: HashArray, third: HashArray) -> HashArray:
    mixture: HashArray = second << np.uint64(1)
    mixture += first
    mixture -= third
    return mixture


def word_counts(words: Words) -> CountArray:
    """How often the words of each cell occur, shape (cells,)."""
    counts = np.zeros(1 << _WORD_BITS, dtype=np.int64)
    for start in range(0, len(words), _COUNTED):
        counts += np.bincount(_cells(words.hashes[start : start + _COUNTED]), minlength=1 << _WORD_BITS)
    return counts


class Kinship:
    """How much two articles have in common outside a passage that they share."""

    def __init__(
        self, words: Words, settings: ReuseSettings, counts: CountArray | None = None, texts: int | None = None
    ) -> None:
        """Weigh words.

        Args:
            words: of the articles that will be asked for.
            settings: what words count.
            counts: what `word_counts` gives for the whole collection; None where the words are all of it.
            texts: articles in the whole collection; None where the words are all of it.
        """
        self._words = words
        counts = word_counts(words) if counts is None else counts
        self._most = max(1.0, settings.content_share * (len(words.bounds) - 1 if texts is None else texts))
        self._weights = np.log((self._most + 1) / (np.minimum(counts, self._most) + 1))
        self._marked = np.zeros(1 << _WORD_BITS, dtype=bool)
        self._content: dict[int, tuple[CountArray, float]] = {}

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
            self._marked[_cells(self._words.hashes[slice(*span)])] = False
        common = second[self._marked[second]]
        self._marked[first] = False
        lighter = min(weight_one, weight_two)
        return float(self._weights[common].sum()) / lighter if lighter > 0 else 0.0

    def between(self, match: Shared) -> float:
        """What `share` gives for a match."""
        return self.share(match.text_a, match.span_a, match.text_b, match.span_b)

    def _of(self, text: int) -> tuple[CountArray, float]:
        if text not in self._content:
            if len(self._content) >= _REMEMBERED:
                self._content.clear()
            cells = _cells(self._words.hashes[self._words.of(text)])
            content = _distinct(cells[self._weights[cells] > 0])
            self._content[text] = content, float(self._weights[content].sum())
        return self._content[text]


def _cells(hashes: HashArray) -> CountArray:
    """The cells in which words are counted, shape (words,)."""
    cells: CountArray = (hashes >> np.uint64(64 - _WORD_BITS)).view(np.int64)
    return cells
