"""Fingerprints: hashes of word shingles, thinned by winnowing, as flat arrays over a whole collection.

Of every `window` consecutive shingles the one with the smallest hash is kept (winnowing, Schleimer, Wilkerson and
Aiken, SIGMOD 2003): a local MinHash that is sure to keep a shingle in common in every run of
`shingle + window - 1` words that two texts share. A window of 1 keeps every shingle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.text.tokens import HashArray, Words, mix

IndexArray = npt.NDArray[np.int64]

_MULTIPLIER = 0xD6E8FEB86659FD93
_HIGHEST = np.uint64(0xFFFFFFFFFFFFFFFF)


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
    hashes = np.zeros(total, dtype=np.uint64)
    for offset in range(min(length, total)):
        factor = np.uint64(pow(_MULTIPLIER, length - offset, 1 << 64))
        hashes[: total - offset] += words.hashes[offset:] * factor
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
