"""Families: articles that are copies of one another as a whole, found by MinHash and LSH (datasketch).

One agency report in five hundred papers is 125,000 pairs, and what all its copies share is too common for any cap on
common fingerprints. So whole copies are found first, each family gets one representative, members are compared with
the representative alone, and what others share with the representative is carried over to the members: the cost is
linear in the size of the family.

The signature of an article holds, for each of `family_permutations` random permutations, the lowest permuted hash of
its shingles (Broder 1997). The permutations are datasketch's (scheme "affine32", seed in the settings). Articles that
agree in a band of their signatures meet (LSH, Indyk and Motwani 1998; the bands are those of datasketch's MinHashLSH,
joined by sorting them all at once); a family is represented in every band that a member of it has, so that a copy
edited here meets a copy edited there. A meeting is a guess: an article joins a family only where the words that it has
in common with its representative, counted exactly, are most of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from provenance.reuse.fingerprints import shingles
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words, mix

if TYPE_CHECKING:
    from datasketch import MinHash

Signatures = npt.NDArray[np.uint32]
IndexArray = npt.NDArray[np.int64]

SCHEME = "affine32"
"""datasketch's name for the permutations used; sketches of different schemes must not be compared."""

_CHUNK = 1 << 16
"""Words handled at once: few enough for the arrays to stay in the processor's cache. It decides no result."""
_COLUMNS_COMPARED = 4
"""Of the signatures of two texts that may be the same, before their words are compared. It decides no result."""
_CELL_BITS = 20
"""A hash whose highest bits are those of none that is looked for is none of them. It decides no result."""
_EMPTY = 0xFFFFFFFF
"""What a signature holds where there is no shingle, as in datasketch."""


def signatures(words: Words, settings: ReuseSettings) -> tuple[Signatures, IndexArray]:
    """MinHash signatures of all texts, each independent of the other texts.

    Returns:
        Signatures of shape (texts, permutations), and the number of sampled shingles of each text, shape (texts,).
        A text without any has the highest value everywhere.
    """
    texts = len(words.bounds) - 1
    values = np.full((texts, settings.family_permutations), _EMPTY, dtype=np.uint32)
    sizes = np.zeros(texts, dtype=np.int64)
    multipliers, increments = _permutations(settings)
    for first, last in _chunks(words.bounds):
        sampled, bounds = _sampled(_part(words, first, last), settings)
        sizes[first:last] = np.diff(bounds)
        filled = np.flatnonzero(sizes[first:last])
        if not len(filled):
            continue
        starts = bounds[filled]
        permuted = np.empty_like(sampled)
        for index in range(settings.family_permutations):
            np.multiply(sampled, multipliers[index], out=permuted)
            permuted += increments[index]
            values[first + filled, index] = np.minimum.reduceat(permuted, starts)
    return values, sizes


def _chunks(bounds: IndexArray) -> Iterator[tuple[int, int]]:
    """Ranges of texts with about as many words as are handled at once, at least one text each."""
    first, texts = 0, len(bounds) - 1
    while first < texts:
        last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + _CHUNK, side="right")) - 1)
        yield first, last
        first = last


def _part(words: Words, first: int, last: int) -> Words:
    """The words of a range of texts, as a collection of their own."""
    part = slice(int(words.bounds[first]), int(words.bounds[last]))
    bounds = words.bounds[first : last + 1] - words.bounds[first]
    return Words(words.starts[part], words.ends[part], words.hashes[part], bounds)


def _sampled(words: Words, settings: ReuseSettings) -> tuple[npt.NDArray[np.uint32], IndexArray]:
    """The sampled shingles of all texts as 32-bit hashes, and where each text's begin, shape (texts + 1,)."""
    hashes, valid = shingles(words, settings.family_shingle_words)
    # The low bits choose the sample, the high bits are the value: the two must not depend on each other.
    chosen = valid & (hashes % np.uint64(settings.family_sample) == 0)
    counts = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(chosen, out=counts[1:])
    return (hashes[chosen] >> np.uint64(32)).astype(np.uint32), counts[words.bounds]


def _permutations(settings: ReuseSettings) -> npt.NDArray[np.uint32]:
    from datasketch import MinHash  # noqa: PLC0415 - imports scipy; only detection needs it

    blank: MinHash = MinHash(num_perm=settings.family_permutations, seed=settings.family_seed, scheme=SCHEME)
    permutations: npt.NDArray[np.uint32] = blank.permutations
    return permutations


def find_families(
    words: Words,
    values: Signatures,
    sizes: IndexArray,
    settings: ReuseSettings,
    known: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.int32]:
    """The representative of each text's family, itself where it belongs to none.

    Texts of the same words are one family however short they are. The others are taken longest first, so that a
    representative holds as much as any of its members, and among about equally long ones those first that meet most
    others: a copy edited less meets more. Each joins the family that covers most of it, if any covers enough, or
    begins one.

    Args:
        words: of the collection.
        values: the signatures of its texts.
        sizes: their sampled shingles, shape (texts,).
        settings: the thresholds.
        known: what this gave for the same texts without the new ones, which are -1, shape (texts,); None where texts
            of before are gone or changed. Only texts that meet new ones, or others that do, are gathered again then.

    Returns:
        Text numbers, shape (texts,).
    """
    firsts = _first_of_equals(words, values)
    found = np.arange(len(firsts), dtype=np.int32)
    alone = firsts == found
    texts = np.flatnonzero(alone & (sizes >= settings.family_minimum_shingles))
    if known is not None:
        texts = _touched(values, texts, known, settings)
        kept = alone & (known >= 0)
        kept[texts] = False
        found[kept] = known[kept]
    met_in, bounds, met = buckets(values[texts], settings)
    company: list[Sequence[int]] = [()] * len(texts)
    for row in np.flatnonzero(np.diff(bounds)).tolist():
        company[row] = met_in[bounds[row] : bounds[row + 1]].tolist()
    found[texts] = gather(words, values, texts, company, met, settings)[texts]
    return found[firsts]


def _touched(
    values: Signatures, texts: IndexArray, known: npt.NDArray[np.int64], settings: ReuseSettings
) -> IndexArray:
    """Those of some texts that are new, share a bucket with a new one, or with one that does, and so on."""
    bands = range(settings.family_permutations // settings.family_band_rows)
    keys = [band_keys(values[texts], band, settings) for band in bands]
    reached = known[texts] < 0
    fresh = reached
    while fresh.any():
        met = np.zeros(len(texts), dtype=bool)
        for column in keys:
            met[_among(column, column[fresh])] = True
        fresh = met & ~reached
        reached = reached | met
    return texts[reached]


def _among(keys: HashArray, wanted: HashArray) -> IndexArray:
    """The rows of many hashes that are among a few."""
    cells = np.zeros(1 << _CELL_BITS, dtype=bool)
    shift = np.uint64(64 - _CELL_BITS)
    cells[wanted >> shift] = True
    rows = np.flatnonzero(cells[keys >> shift])
    return rows[np.isin(keys[rows], wanted)]


def gather(
    words: Words,
    values: Signatures,
    texts: IndexArray,
    company: Sequence[Sequence[int]],
    met: IndexArray,
    settings: ReuseSettings,
) -> npt.NDArray[np.int32]:
    """The representative of each text's family; texts that are joined by no chain of buckets do not touch each other.

    Args:
        words: of all texts.
        values: their signatures.
        texts: those that may be of a family, ascending.
        company: the numbers of the buckets of each of these.
        met: how much company each of these has (`buckets`).
        settings: the thresholds.

    Returns:
        Text numbers, shape (texts,).
    """
    lengths = np.diff(words.bounds)[texts]
    turns = [(int(texts[row]), company[row]) for row in _in_turn(lengths, met, settings)]
    return _Gathering(words, values, settings).of(turns)


class _Gathering:
    """Gathers texts into families."""

    def __init__(self, words: Words, values: Signatures, settings: ReuseSettings) -> None:
        self._values = values
        self._settings = settings
        self._coverage = Coverage(words, settings)
        self._representatives = np.arange(len(values), dtype=np.int32)
        self._in_bucket: dict[int, list[int]] = {}

    def of(self, turns: Sequence[tuple[int, Sequence[int]]]) -> npt.NDArray[np.int32]:
        """The representative of each text, shape (texts,).

        Args:
            turns: the texts that meet any other, in their turn, each with its buckets.
        """
        for text, buckets_of_text in turns:
            self._join(text, buckets_of_text)
            centre = int(self._representatives[text])
            for bucket in buckets_of_text:
                known = self._in_bucket.setdefault(bucket, [])
                if len(known) < self._settings.family_bucket and centre not in known:
                    known.append(centre)
        # Early ones met few. Those that nobody has joined look again now that every family shows in all its buckets.
        joined = set(self._representatives[self._representatives != np.arange(len(self._values))].tolist())
        for text, buckets_of_text in turns:
            if self._representatives[text] == text and text not in joined:
                joined.add(self._join(text, buckets_of_text))
        return self._without_small()

    def _without_small(self) -> npt.NDArray[np.int32]:
        """Families of a few texts cost nothing to compare pair by pair, which tells more."""
        members = np.bincount(self._representatives, minlength=len(self._representatives))
        small = members[self._representatives] < self._settings.family_minimum_texts
        own = np.arange(len(self._representatives), dtype=np.int32)
        return np.where(small, own, self._representatives)

    def _join(self, text: int, buckets_of_text: Sequence[int]) -> int:
        """Join the family that covers most of a text, if any covers enough; returns its representative or the text."""
        others = {other for bucket in buckets_of_text for other in self._in_bucket.get(bucket, ())}
        met = {int(self._representatives[other]) for other in others} - {text}
        covered, centre = 0.0, text
        for other in self._likest(text, met):
            share = self._coverage.share(text, other)
            if share > covered:
                covered, centre = share, other
        if covered < self._settings.family_coverage:
            return text
        self._representatives[text] = centre
        return centre

    def _likest(self, text: int, others: set[int]) -> Sequence[int]:
        """Of the texts that one meets the few whose signatures are most like its own; ties go to the lower number."""
        if len(others) <= self._settings.family_trials:
            return sorted(others)
        numbers = np.array(sorted(others), dtype=np.int64)
        shares = (self._values[numbers] == self._values[text]).sum(axis=1)
        best: list[int] = numbers[np.argsort(-shares, kind="stable")[: self._settings.family_trials]].tolist()
        return best


def buckets(values: Signatures, settings: ReuseSettings) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Where texts meet: the buckets of all bands that hold more than one text.

    Args:
        values: signatures, shape (texts, permutations).
        settings: rows in a band.

    Returns:
        Numbers of buckets, text by text; where each text's begin in them, shape (texts + 1,); and how much company
        each text has: the bits of the number of texts in each of its buckets, added up.
    """
    texts = len(values)
    rows_in_band = settings.family_band_rows
    in_text, in_bucket = [], []
    met = np.zeros(texts, dtype=np.int64)
    base = 0
    for band in range(settings.family_permutations // rows_in_band):
        keys = band_keys(values, band, settings)
        order = np.argsort(keys, kind="stable")
        new = np.ones(texts, dtype=bool)
        new[1:] = keys[order][1:] != keys[order][:-1]
        starts = np.flatnonzero(new)
        counts = np.diff(np.append(starts, texts))
        number = np.cumsum(new) - 1
        shared = counts[number] > 1
        in_text.append(order[shared])
        in_bucket.append(base + number[shared])
        met[order[shared]] += np.log2(counts[number[shared]]).astype(np.int64)
        base += len(starts)
    text_of, bucket_of = np.concatenate(in_text), np.concatenate(in_bucket)
    order = np.argsort(text_of, kind="stable")
    bounds = np.zeros(texts + 1, dtype=np.int64)
    np.cumsum(np.bincount(text_of, minlength=texts), out=bounds[1:])
    return bucket_of[order], bounds, met


def band_keys(values: Signatures, band: int, settings: ReuseSettings) -> HashArray:
    """The bucket of each signature in one band: a hash of its rows there, shape (texts,)."""
    keys = np.zeros(len(values), dtype=np.uint64)
    for row in range(band * settings.family_band_rows, (band + 1) * settings.family_band_rows):
        keys = mix(keys + values[:, row])
    return keys


def _in_turn(lengths: IndexArray, met: IndexArray, settings: ReuseSettings) -> list[int]:
    """The texts that meet any other, longest first by classes of length, then those with most company."""
    classes = (np.log2(np.maximum(lengths, 1)) * settings.family_length_classes).astype(np.int64)
    order = np.lexsort((np.arange(len(lengths)), -met, -classes))
    chosen: list[int] = order[met[order] > 0].tolist()
    return chosen


class Coverage:
    """Tells what of a text another one has: the words that stand in shingles of both, in whatever order."""

    def __init__(self, words: Words, settings: ReuseSettings) -> None:
        self._words = words
        self._settings = settings
        self._held: dict[int, HashArray] = {}

    def share(self, text: int, other: int) -> float:
        """The share of a text's words that the other one has."""
        covered = self.covered(text, other)
        return float(np.count_nonzero(covered) / max(1, len(covered)))

    def covered(self, text: int, other: int) -> npt.NDArray[np.bool_]:
        """Which words of a text the other one has, shape (words of the text,)."""
        length = self._settings.family_shingle_words
        covered = np.zeros(int(self._words.bounds[text + 1] - self._words.bounds[text]), dtype=bool)
        held = self._held.get(other)
        if held is None:
            held = self._held[other] = np.sort(self._shingles(other))
        own = self._shingles(text)
        if not len(held) or not len(own):
            return covered
        found = held[np.minimum(np.searchsorted(held, own), len(held) - 1)] == own
        for offset in range(length):
            covered[offset : offset + len(found)] |= found
        return covered

    def own(self, text: int, other: int) -> npt.NDArray[np.bool_]:
        """Which words of a text the other one lacks within a stretch of such, shape (words of the text,).

        Of a stretch of `family_own_words` the other text has at most `family_own_share`: of an edited one it has more,
        of a foreign one some by chance.
        """
        covered = self.covered(text, other)
        reach = self._settings.family_own_words
        own = np.zeros(len(covered), dtype=bool)
        if len(covered) < reach:
            return own
        held = np.concatenate([[0], np.cumsum(covered)])
        begins = held[reach:] - held[:-reach] <= self._settings.family_own_share * reach
        # A word is in such a stretch where one begins at it or not so far before it that it ends before it.
        begun = np.concatenate([[0], np.cumsum(begins), np.full(reach - 1, np.count_nonzero(begins))])
        own[:] = begun[1 : len(own) + 1] > begun[np.maximum(np.arange(len(own)) - reach + 1, 0)]
        return own & ~covered

    def _shingles(self, text: int) -> HashArray:
        hashes, valid = shingles(_part(self._words, text, text + 1), self._settings.family_shingle_words)
        return hashes[valid]


def _first_of_equals(words: Words, values: Signatures) -> IndexArray:
    """The lowest-numbered text that has the same words in the same order, shape (texts,).

    Texts without words are their own: they share nothing. Only texts of the same length, first and last word and
    beginning of the signature are compared word by word.
    """
    firsts = np.arange(len(words.bounds) - 1, dtype=np.int64)
    counts = np.diff(words.bounds)
    texts = np.flatnonzero(counts)
    keys = mix(counts[texts].astype(np.uint64) + words.hashes[words.bounds[texts]])
    keys = mix(keys + words.hashes[words.bounds[texts + 1] - 1])
    for column in range(min(_COLUMNS_COMPARED, values.shape[1])):
        keys = mix(keys + values[texts, column])
    order = np.argsort(keys, kind="stable")
    again = keys[order][1:] == keys[order][:-1]
    alike = np.zeros(len(order), dtype=bool)
    alike[1:] |= again
    alike[:-1] |= again
    seen: dict[bytes, int] = {}
    for text in np.sort(texts[order[alike]]).tolist():
        digest = hashlib.blake2b(words.hashes[words.of(text)].tobytes(), digest_size=16).digest()
        firsts[text] = seen.setdefault(digest, text)
    return firsts
