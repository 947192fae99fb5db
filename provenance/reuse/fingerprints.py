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

    def among(self, hashes: HashArray) -> Fingerprints:
        """Those with one of some hashes."""
        held = np.isin(self.hashes, hashes)
        return Fingerprints(self.hashes[held], self.words[held])


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
    chosen = np.flatnonzero(texts).tolist() if isinstance(texts, np.ndarray) else texts
    bounds = np.cumsum([0, *(words.bounds[text + 1] - words.bounds[text] for text in chosen)], dtype=np.int64)
    pieces = [words.hashes[words.of(text)] for text in chosen]
    return Words(_NOWHERE, _NOWHERE, np.concatenate([np.zeros(0, dtype=np.uint64), *pieces]), bounds)


def occurrences(words: Words, wanted: Fingerprints, source: Words, length: int, window: int) -> Fingerprints:
    """All occurrences of some fingerprints in a collection, and all of a few others.

    One pass over the words finds them, without a sorted index. A sieve over three words of each shingle tells most
    places from the wanted ones before anything is hashed; sieves over the hashes tell most of the rest. Some others
    get through, and then at every place where they occur.

    Args:
        words: of the collection.
        wanted: the fingerprints; several may have the same hash.
        source: the words that they are fingerprints of.
        length: words in a shingle, at least 1.
        window: shingles of which the smallest is kept, 1 to `length`.
    """
    hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    if len(wanted):
        rough = _Sieve(_rough(source.hashes, wanted.words, length), 0)
        sieves = [_Sieve(wanted.hashes, offset) for offset in (0, 32)]
        for begin, part in _stretches(words):
            at = _chosen(part, np.flatnonzero(rough.holds(_rough(part.hashes, None, length))), sieves, length, window)
            hashes.append(_hashes_at(part.hashes, at, length))
            places.append(at + begin)
    return Fingerprints(np.concatenate(hashes), np.concatenate(places))


def _rough(hashes: HashArray, places: IndexArray | None, length: int) -> HashArray:
    """A cheap mixture of the first, middle and last word of the shingles at some places, or of all that fit in."""
    most = max(0, len(hashes) - length + 1)
    reach = [0, length // 2, length - 1]
    first, middle, last = (
        (hashes[offset : offset + most] if places is None else hashes[places + offset]) for offset in reach
    )
    mixture: HashArray = middle << np.uint64(1)
    mixture += first
    mixture -= last
    return mixture


def _hashes_at(hashes: HashArray, places: IndexArray, length: int) -> HashArray:
    """What `shingles` gives for some places, where a shingle fits in."""
    found = hashes[places] * np.uint64(_MULTIPLIER)
    for offset in range(1, length):
        found += hashes[places + offset]
        found *= np.uint64(_MULTIPLIER)
    return mix(found)


def _chosen(words: Words, places: IndexArray, sieves: Sequence[_Sieve], length: int, window: int) -> IndexArray:
    """Those of some places whose shingles pass the sieves, lie within one text and are kept by winnowing."""
    found = _hashes_at(words.hashes, places, length)
    for sieve in sieves:
        held = np.flatnonzero(sieve.holds(found))
        found, places = found[held], places[held]
    text = np.searchsorted(words.bounds, places, side="right") - 1
    first, last = words.bounds[text], words.bounds[text + 1] - length
    within = places <= last
    places, found, first, last = places[within], found[within], first[within], last[within]
    if window <= 1:
        return places
    # A shingle is kept where it is the smallest of a window: as many not smaller ones around it, itself included.
    reach = np.ones(len(places), dtype=np.int64)
    for step in (-1, 1):
        going = np.ones(len(places), dtype=bool)
        for offset in range(1, window):
            at = places + step * offset
            inside = (at >= first) & (at <= last)
            near = _hashes_at(words.hashes, np.where(inside, at, places), length)
            # Beyond the text's ends windows go on with what is never smaller.
            going &= ~inside | (near >= found)
            reach += going
    kept: IndexArray = places[reach >= window]
    return kept


class _Sieve:
    """Tells by some bits of a hash that it is none of a set; of the others one in eight at most passes as well."""

    def __init__(self, wanted: HashArray, offset: int) -> None:
        bits = min(_MOST_SIEVE_BITS, max(_LEAST_SIEVE_BITS, (8 * len(wanted)).bit_length()))
        self._shift, self._mask = np.uint64(64 - bits - offset), np.uint64((1 << bits) - 1)
        self._cells = np.zeros(1 << bits, dtype=bool)
        self._cells[self._at(wanted)] = True

    def holds(self, hashes: HashArray) -> npt.NDArray[np.bool_]:
        """Which hashes may be in the set."""
        held: npt.NDArray[np.bool_] = self._cells.take(self._at(hashes))
        return held

    def _at(self, hashes: HashArray) -> IndexArray:
        at = hashes >> self._shift
        at &= self._mask
        places: IndexArray = at.view(np.int64)
        return places


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
