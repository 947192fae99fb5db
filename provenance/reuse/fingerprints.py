"""Fingerprints: hashes of word shingles, thinned by winnowing, as flat arrays over a whole collection.

Of every `window` consecutive shingles the one with the smallest hash is kept (winnowing, Schleimer, Wilkerson and
Aiken, SIGMOD 2003): a local MinHash that is sure to keep a shingle in common in every run of
`shingle + window - 1` words that two texts share. A window of 1 keeps every shingle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.text.tokens import HashArray, Words, mix

IndexArray = npt.NDArray[np.int64]

_MULTIPLIER = 0xD6E8FEB86659FD93
_HIGHEST = np.uint64(0xFFFFFFFFFFFFFFFF)
_CHUNK = 1 << 17
"""Words looked at together: their arrays stay in the processor's cache. It decides no result."""
_NOWHERE = np.zeros(0, dtype=np.int32)
_LEAST_SIEVE_BITS = 16
_MOST_SIEVE_BITS = 26


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Shingles kept of a collection.

    Attributes:
        hashes: 64-bit hash of each kept shingle, shape (kept,).
        words: index of each shingle's first word in the collection's `Words`, ascending, shape (kept,).
    """

    hashes: HashArray
    words: IndexArray

    def __len__(self) -> int:
        return len(self.hashes)


def shingles(words: Words, length: int) -> tuple[HashArray, npt.NDArray[np.bool_]]:
    """Hash of the `length` words that begin at each word, and whether they lie within one text.

    Returns:
        Two arrays of shape (words,).
    """
    total = len(words)
    hashes = words.hashes * np.uint64(_MULTIPLIER)
    for offset in range(1, min(length, total)):
        # Horner's rule; places too near the end for a shingle hold what nobody reads.
        hashes[: total - offset] += words.hashes[offset:]
        hashes *= np.uint64(_MULTIPLIER)
    valid = np.ones(total, dtype=bool)
    for offset in range(1, length):
        # The last words of a text begin no shingle. Reaching back past a short text does no harm: what lies there
        # is the end of the text before it.
        ends = words.bounds[1:] - offset
        valid[ends[ends >= 0]] = False
    return mix(hashes), valid


def fingerprint(words: Words, length: int, window: int) -> Fingerprints:
    """Fingerprint a collection.

    Args:
        words: its words.
        length: words in a shingle, at least 1.
        window: shingles of which the smallest is kept, 1 to `length`.
    """
    hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for begin, part in _stretches(words):
        prints = _fingerprint(part, length, window)
        hashes.append(prints.hashes)
        places.append(prints.words + begin)
    return Fingerprints(np.concatenate(hashes), np.concatenate(places))


def _fingerprint(words: Words, length: int, window: int) -> Fingerprints:
    hashes, valid = shingles(words, length)
    if window <= 1:
        kept = np.flatnonzero(valid)
        return Fingerprints(hashes[kept], kept)
    hashes[~valid] = _HIGHEST
    padded = np.concatenate([np.full(window - 1, _HIGHEST), hashes, np.full(window - 1, _HIGHEST)])
    lowest = padded[: len(hashes) + window - 1].copy()
    for offset in range(1, window):
        np.minimum(lowest, padded[offset : offset + len(lowest)], out=lowest)
    chosen = np.zeros(len(hashes), dtype=bool)
    for offset in range(window):
        chosen |= hashes == lowest[offset : offset + len(hashes)]
    kept = np.flatnonzero(chosen & valid)
    return Fingerprints(hashes[kept], kept)


def only(words: Words, texts: Sequence[int] | npt.NDArray[np.bool_]) -> Words:
    """The words of some texts of a collection, without their places; the texts as numbers or as a mask."""
    if not isinstance(texts, np.ndarray):
        bounds = np.cumsum([0, *(words.bounds[text + 1] - words.bounds[text] for text in texts)])
        pieces = [words.hashes[words.of(text)] for text in texts]
        return Words(_NOWHERE, _NOWHERE, np.concatenate(pieces), bounds)
    counts = np.diff(words.bounds)
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts[texts])])
    return Words(_NOWHERE, _NOWHERE, words.hashes[np.repeat(texts, counts)], bounds)


def occurrences(words: Words, wanted: HashArray, length: int, window: int) -> Fingerprints:
    """All occurrences of some fingerprints in a collection, and all of a few others.

    One pass over the words finds them, without a sorted index. Sieves tell them from the others; some others get
    through, and then at every place where they occur.

    Args:
        words: of the collection.
        wanted: their hashes, each once.
        length: words in a shingle, at least 1.
        window: shingles of which the smallest is kept, 1 to `length`.
    """
    sieves = [_Sieve(wanted, offset) for offset in (0, 32)] if len(wanted) else []
    hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for begin, part in _stretches(words) if sieves else ():
        prints = _fingerprint(part, length, window)
        found, at = prints.hashes, prints.words
        for sieve in sieves:
            held = np.flatnonzero(sieve.holds(found))
            found, at = found[held], at[held]
        hashes.append(found)
        places.append(at + begin)
    return Fingerprints(np.concatenate(hashes), np.concatenate(places))


class _Sieve:
    """Tells by some bits of a hash that it is none of a set; of the others one in eight at most passes as well."""

    def __init__(self, wanted: HashArray, offset: int) -> None:
        bits = min(_MOST_SIEVE_BITS, max(_LEAST_SIEVE_BITS, (8 * len(wanted)).bit_length()))
        self._shift, self._mask = np.uint64(64 - bits - offset), np.uint64((1 << bits) - 1)
        self._cells = np.zeros(1 << bits, dtype=bool)
        self._cells[self._at(wanted)] = True

    def holds(self, hashes: HashArray) -> npt.NDArray[np.bool_]:
        """Which hashes may be in the set."""
        held: npt.NDArray[np.bool_] = self._cells[self._at(hashes)]
        return held

    def _at(self, hashes: HashArray) -> IndexArray:
        at: IndexArray = ((hashes >> self._shift) & self._mask).astype(np.int64)
        return at


def distinct(hashes: HashArray) -> HashArray:
    """Every hash once, ascending; several times as fast as `numpy.unique` is on millions of them."""
    ascending = np.sort(hashes)
    kept = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=kept[1:])
    return ascending[kept]


def _stretches(words: Words) -> Iterator[tuple[int, Words]]:
    """Texts together that have `_CHUNK` words or are one text: the number of the first word, and the words."""
    first, texts = 0, len(words.bounds) - 1
    while first < texts:
        begin = int(words.bounds[first])
        last = max(first + 1, int(np.searchsorted(words.bounds, begin + _CHUNK, side="right")) - 1)
        hashes = words.hashes[begin : int(words.bounds[last])]
        yield begin, Words(_NOWHERE, _NOWHERE, hashes, words.bounds[first : last + 1] - begin)
        first = last
