"""Candidates of collections whose fingerprints do not fit into memory: the same as `find_runs` gives, part by part.

The fingerprints are parted by their hash, so that equal ones stay together, and each part is joined by itself (a
partitioned join, as in Grace: Kitsuregawa, Tanaka and Moto-oka 1983). The pairs of places that come of it are parted by
their texts' representatives (`home_of`), so that all pairs of two texts stay together, and with them those of the
representatives that may stand for the two; each part is gathered into candidates by itself. What waits lies in columns
that go to files where memory ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.reuse.candidates import IndexArray, Runs, TextArray, TextsOf, find_runs, gathered, shared_places
from provenance.reuse.fingerprints import Fingerprints, fingerprint
from provenance.settings import ReuseSettings
from provenance.text.spill import Column, Number, Spill
from provenance.text.tokens import Words

_ROW_BYTES: Final = 16
"""A fingerprint with its place, or a pair of places."""
_COPIES: Final = 6
"""Times the size of a part that joining or gathering it takes."""
_PIECE: Final = 1 << 22
"""Words fingerprinted together. It decides no result."""
_MOST_PARTS: Final = 1 << 12
_BLOCK: Final = 1 << 14
"""Numbers of a part kept together: there may be many parts. It decides no result."""
_NOWHERE: Final = np.zeros(0, dtype=np.int32)


def runs_in_parts(
    words: Words, representatives: npt.NDArray[np.int32], settings: ReuseSettings, spill: Spill
) -> Iterator[Runs]:
    """The candidates of a collection, what `find_runs` finds with all its fingerprints, in parts of whole text pairs.

    Args:
        words: of the collection.
        representatives: of each text's family, shape (texts,).
        settings: the thresholds.
        spill: how much memory there is, and where to put what does not fit in.

    Raises:
        StoreError: there is no room for what does not fit in.
    """
    parts = _parts_needed(len(words), spill)
    if parts == 1:
        prints = fingerprint(words, settings.shingle_words, settings.winnowing_window)
        yield find_runs(words, prints, representatives, settings)
        return
    text_of = TextsOf(words)
    for column in _joined(words, text_of, representatives, settings, spill, parts):
        rows = column.whole().reshape(-1, 2)
        left, right = rows[:, 0].copy(), rows[:, 1].copy()
        del rows
        column.drop()
        if len(left):
            yield gathered(words, left, right, text_of, representatives, settings)
        del left, right
        spill.release()


def home_of(one: TextArray, two: TextArray, representatives: npt.NDArray[np.int32]) -> TextArray:
    """The text by which a pair of texts is parted from others.

    Whether a pair is compared hangs on whether the pair of the two representatives shares anything: the two are
    together. Pairs within a family hang on no other; they are spread, so that a large family does not stay together.

    Args:
        one: the lower texts, shape (pairs,).
        two: the higher ones.
        representatives: of each text's family, shape (texts,).
    """
    centre_one, centre_two = representatives[one], representatives[two]
    return np.where(centre_one == centre_two, two, np.minimum(centre_one, centre_two))


def _parts_needed(rows: int, spill: Spill) -> int:
    """A power of two: so many parts that joining one fits into the memory that is left."""
    if spill.room is None or rows * _ROW_BYTES * _COPIES <= spill.room:
        return 1
    room = max(spill.room, (spill.limit or 0) // _COPIES, 1)
    needed = rows * _ROW_BYTES * _COPIES // room + 1
    return min(_MOST_PARTS, 1 << int(needed - 1).bit_length())


def _joined(
    words: Words,
    text_of: TextsOf,
    representatives: npt.NDArray[np.int32],
    settings: ReuseSettings,
    spill: Spill,
    parts: int,
) -> list[Column[np.int64]]:
    """Pairs of places with the same fingerprint in different texts as rows of two places, parted by their home."""
    edges = np.searchsorted(words.bounds, np.arange(1, parts) * (len(words) // parts))
    pairs = [Column(np.int64, spill, _BLOCK) for _ in range(parts)]
    for column in _parted_prints(words, settings, spill, parts):
        rows = column.whole().reshape(-1, 2)
        prints = Fingerprints(rows[:, 0].copy(), rows[:, 1].astype(np.int64))
        del rows
        column.drop()
        left, right = shared_places(prints, text_of, representatives, settings)
        del prints
        one, two = text_of[left], text_of[right]
        between = one != two
        number = np.searchsorted(edges, home_of(one[between], two[between], representatives), side="right")
        _deal(pairs, number, np.stack([left[between], right[between]], axis=1))
    return pairs


def _parted_prints(words: Words, settings: ReuseSettings, spill: Spill, parts: int) -> list[Column[np.uint64]]:
    """Fingerprints as rows of hash and place, parted by the highest bits of the hash, places ascending."""
    columns = [Column(np.uint64, spill, _BLOCK) for _ in range(parts)]
    shift = np.uint64(64 - (parts.bit_length() - 1))
    first, texts = 0, len(words.bounds) - 1
    while first < texts:
        begin = int(words.bounds[first])
        last = max(first + 1, int(np.searchsorted(words.bounds, begin + _PIECE, side="right")) - 1)
        hashes = words.hashes[begin : int(words.bounds[last])]
        piece = Words(_NOWHERE, _NOWHERE, hashes, words.bounds[first : last + 1] - begin)
        prints = fingerprint(piece, settings.shingle_words, settings.winnowing_window)
        rows = np.stack([prints.hashes, (prints.words + begin).astype(np.uint64)], axis=1)
        _deal(columns, (prints.hashes >> shift).astype(np.int64), rows)
        spill.release()
        first = last
    return columns


def _deal(columns: Sequence[Column[Number]], number: IndexArray, rows: npt.NDArray[Number]) -> None:
    """Add each row to the column of its number; rows of one column keep their order."""
    # Few small numbers: NumPy sorts 16-bit ones by radix.
    order = np.argsort(number.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(number, minlength=len(columns)))
    rows = rows[order]
    begin = 0
    for column, end in zip(columns, ends.tolist(), strict=True):
        column.extend(rows[begin:end].ravel())
        begin = end
