"""Families: articles that are copies of one another as a whole, found by MinHash and LSH (datasketch).

One agency report in five hundred papers is 125,000 pairs, and what all its copies share is too common for any cap on
common fingerprints. So whole copies are found first, each family gets one representative, members are compared with
the representative alone, and what others share with the representative is carried over to the members: the cost is
linear in the size of the family.

The signature of an article holds, for each of `family_permutations` random permutations, the lowest permuted hash of
its shingles (Broder 1997). The permutations are datasketch's (scheme "affine32", seed in the settings); the minima of
a whole collection are taken in one NumPy expression a permutation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from provenance.reuse.fingerprints import shingles
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words

if TYPE_CHECKING:
    from datasketch import MinHash

Signatures = npt.NDArray[np.uint32]
IndexArray = npt.NDArray[np.int64]

SCHEME = "affine32"
"""datasketch's name for the permutations used; sketches of different schemes must not be compared."""


def _sampled(words: Words, settings: ReuseSettings) -> tuple[npt.NDArray[np.uint32], IndexArray]:
    """The sampled shingles of all texts as 32-bit hashes, and where each text's begin, shape (texts + 1,)."""
    hashes, valid = shingles(words, settings.family_shingle_words)
    # The low bits choose the sample, the high bits are the value: the two must not depend on each other.
    chosen = valid & (hashes % np.uint64(settings.family_sample) == 0)
    counts = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(chosen, out=counts[1:])
    return (hashes[chosen] >> np.uint64(32)).astype(np.uint32), counts[words.bounds]


def signatures(words: Words, settings: ReuseSettings) -> tuple[Signatures, IndexArray]:
    """MinHash signatures of all texts.

    Returns:
        Signatures of shape (texts, permutations), and the number of sampled shingles of each text, shape (texts,).
        A text without any has the highest value everywhere.
    """
    values, bounds = _sampled(words, settings)
    sizes = np.diff(bounds)
    filled = np.flatnonzero(sizes > 0)
    result = np.full((len(sizes), settings.family_permutations), 0xFFFFFFFF, dtype=np.uint32)
    if not len(filled):
        return result, sizes
    starts = bounds[:-1][filled]
    multipliers, increments = _blank(settings).permutations
    for index in range(settings.family_permutations):
        permuted = values * multipliers[index] + increments[index]
        result[filled, index] = np.minimum.reduceat(permuted, starts)
    return result, sizes


def _blank(settings: ReuseSettings) -> MinHash:
    from datasketch import MinHash  # noqa: PLC0415 - imports scipy; only detection needs it

    return MinHash(num_perm=settings.family_permutations, seed=settings.family_seed, scheme=SCHEME)


def find_families(words: Words, settings: ReuseSettings) -> npt.NDArray[np.int32]:
    """The representative of each text's family, itself where it belongs to none.

    Texts of the same words are one family however short they are. The others are taken longest first, so that a
    representative holds as much as any of its members: each joins the representative most like it, if any is like
    enough, or becomes one.

    Returns:
        Text numbers, shape (texts,).
    """
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - imports scipy; only detection needs it

    firsts = _first_of_equals(words)
    values, sizes = signatures(words, settings)
    sizes[firsts != np.arange(len(sizes))] = 0
    representatives = np.arange(len(sizes), dtype=np.int32)
    permutations = _blank(settings).permutations
    bands = settings.family_permutations // settings.family_band_rows
    index = MinHashLSH(num_perm=settings.family_permutations, params=(bands, settings.family_band_rows))
    for text in _longest_first(sizes, settings):
        sketch = MinHash(
            num_perm=settings.family_permutations,
            seed=settings.family_seed,
            hashvalues=values[text],
            permutations=permutations,
            scheme=SCHEME,
        )
        similarity, likest = _likest(values, text, index.query(sketch))
        if similarity >= settings.family_similarity:
            representatives[text] = likest
        else:
            index.insert(text, sketch, check_duplication=False)
    return representatives[firsts]


def _first_of_equals(words: Words) -> IndexArray:
    """The lowest-numbered text that has the same words in the same order, shape (texts,).

    Texts without words are their own: they share nothing.
    """
    firsts = np.arange(len(words.bounds) - 1, dtype=np.int64)
    seen: dict[bytes, int] = {}
    for text in np.flatnonzero(np.diff(words.bounds)).tolist():
        digest = hashlib.blake2b(words.hashes[words.of(text)].tobytes(), digest_size=16).digest()
        firsts[text] = seen.setdefault(digest, text)
    return firsts


def _likest(values: Signatures, text: int, others: Sequence[int]) -> tuple[float, int]:
    """The estimated similarity (datasketch's `jaccard`, many at once) and number of the text most like one.

    Formulaic texts (market reports) meet hundreds of others in the index, which one by one would take most of the
    time. The lowest number wins a tie.
    """
    if not others:
        return 0.0, text
    numbers = np.sort(np.array(others, dtype=np.int64))
    shares = (values[numbers] == values[text]).mean(axis=1)
    best = int(shares.argmax())
    return float(shares[best]), int(numbers[best])


def _longest_first(sizes: IndexArray, settings: ReuseSettings) -> Sequence[int]:
    enough = np.flatnonzero(sizes >= settings.family_minimum_shingles)
    order = enough[np.lexsort((enough, -sizes[enough]))]
    chosen: list[int] = order.tolist()
    return chosen
