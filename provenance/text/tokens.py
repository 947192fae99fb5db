"""Words of a collection as flat arrays: where each begins and ends, and a 64-bit hash of its folded letters.

A word's hash is a polynomial over its folded letters modulo 2^64, whose powers run on over the whole chunk (Karp and
Rabin 1987, with the power of the start divided out by its inverse), then mixed (the finaliser of SplitMix64, Steele
et al. 2014). There is no Python loop over words or letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.text.folding import SOLO, TABLE, code_points
from provenance.text.spill import Column, Spill

HashArray = npt.NDArray[np.uint64]
OffsetArray = npt.NDArray[np.int32]
IndexArray = npt.NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_CHUNK = 1 << 17
"""Code points handled at once: small enough for the arrays to stay in the processor's cache. It decides no result."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a collection of texts.

    Attributes:
        starts: first code point of each word within its text, shape (words,).
        ends: end (exclusive) of each word within its text, behind the combining marks of its last letter,
            shape (words,).
        hashes: 64-bit hash of each word's folded letters, shape (words,).
        bounds: the words of text i are those from bounds[i] to bounds[i + 1], shape (texts + 1,).
    """

    starts: OffsetArray
    ends: OffsetArray
    hashes: HashArray
    bounds: IndexArray

    def __len__(self) -> int:
        return len(self.hashes)

    def of(self, text: int) -> slice:
        """Where the words of one text stand in the arrays."""
        return slice(int(self.bounds[text]), int(self.bounds[text + 1]))


def mix(values: HashArray) -> HashArray:
    """Spread every bit of a 64-bit value over all bits (SplitMix64's finaliser)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: HashArray = values ^ (values >> np.uint64(31))
    return mixed


class _Powers:
    """Powers of the base and of its inverse modulo 2^64, as many as the longest chunk so far needs."""

    def __init__(self) -> None:
        self.base: HashArray = np.ones(1, dtype=np.uint64)
        self.inverse: HashArray = np.ones(1, dtype=np.uint64)

    def grow(self, length: int) -> None:
        while len(self.base) < length:
            step = len(self.base)
            self.base = np.concatenate([self.base, self.base * np.uint64(pow(_BASE, step, 1 << 64))])
            self.inverse = np.concatenate([self.inverse, self.inverse * np.uint64(pow(_INVERSE, step, 1 << 64))])


_POWERS = _Powers()


def words_of(texts: Iterable[str], spill: Spill | None = None) -> Words:
    """The words of each text, in order.

    Args:
        texts: articles' texts as they are; lone surrogates and any code point are allowed.
        spill: where the arrays go that do not fit into memory; None to keep them there.

    Raises:
        StoreError: there is no room for what does not fit into memory.
    """
    spill = spill or Spill()
    starts, ends = Column(np.int32, spill), Column(np.int32, spill)
    hashes, counts = Column(np.uint64, spill), Column(np.int64, Spill())
    for chunk in _chunks(texts):
        chunk_starts, chunk_ends, chunk_hashes, chunk_counts = _words_of_chunk(chunk)
        starts.extend(chunk_starts)
        ends.extend(chunk_ends)
        hashes.extend(chunk_hashes)
        counts.extend(chunk_counts)
    bounds: IndexArray = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts.whole())])
    return Words(starts.whole(), ends.whole(), hashes.whole(), bounds)


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text) + 1
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _words_of_chunk(texts: Sequence[str]) -> tuple[OffsetArray, OffsetArray, HashArray, IndexArray]:
    """Starts, ends, hashes and the count of words of each text; a space between texts keeps words apart."""
    codes = code_points(" ".join(texts))
    folded, positions = TABLE.fold(codes)
    is_letter = np.empty(len(folded) + 2, dtype=bool)
    is_letter[0] = is_letter[-1] = False
    np.not_equal(folded, 0, out=is_letter[1:-1])
    edges = np.flatnonzero(is_letter[1:] != is_letter[:-1])
    starts, ends = edges[::2], edges[1::2]
    if int(folded.max(initial=0)) >= SOLO:
        starts, ends = _split_solo(folded, starts, ends)
    _POWERS.grow(len(folded) + 1)
    # What separates words folds to zero and adds nothing.
    sums = np.add.reduceat(folded * _POWERS.base[: len(folded)], starts)
    hashes = mix(sums * _POWERS.inverse.take(starts))
    if positions is not None:
        starts, ends = positions.take(starts), TABLE.past_marks(codes, positions.take(ends - 1) + 1)
    text_starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=text_starts[1:])
    firsts = np.searchsorted(starts, text_starts)
    counts = np.diff(firsts)
    base = np.repeat(text_starts[:-1], counts)
    return (starts - base).astype(np.int32), (ends - base).astype(np.int32), hashes, counts


def _split_solo(folded: npt.NDArray[np.uint32], starts: IndexArray, ends: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Cut runs of letters so that each letter of a script without spaces is a word of its own."""
    solo = np.flatnonzero(folded & np.uint32(SOLO))
    letters = folded != 0
    after = solo[letters[np.minimum(solo + 1, len(folded) - 1)] & (solo + 1 < len(folded))] + 1
    all_starts = np.unique(np.concatenate([starts, solo, after]))
    all_ends = np.unique(np.concatenate([ends, solo + 1, solo[(solo > 0) & letters[np.maximum(solo - 1, 0)]]]))
    return all_starts, all_ends
