"""Candidates: stretches of two texts that share fingerprints close together, found by sorted joins.

Equal fingerprints stand side by side once sorted; each occurrence is paired with the others of a rare fingerprint,
or with the next few of a common one, so that the cost of a passage in a thousand texts is linear and none is lost to
a cap. Pairs on one diagonal (same distance between the two positions) are runs of equal words; runs near each other
are one candidate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.reuse.fingerprints import Fingerprints
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words

IndexArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of equal words in two texts, sorted by text of a, text of b, candidate, place in a.

    Attributes:
        a: index of the first word of the run in the lower-numbered text, shape (runs,).
        b: the same in the higher-numbered text.
        lengths: words in the run.
        candidates: first run of each candidate and, last, the number of runs, shape (candidates + 1,).
    """

    a: IndexArray
    b: IndexArray
    lengths: IndexArray
    candidates: IndexArray


def sort_with_rows(keys: HashArray) -> tuple[HashArray, IndexArray]:
    """Keys ascending (up to the bits that hold a row number, see below) and the row each came from; ties by row.

    Packing the row into the low bits and sorting in place is several times faster than an argsort. Where keys do not
    fit above the row bits their low bits are cut: equal results may then stand for unequal keys, which the caller
    checks.
    """
    bits = max(1, int(len(keys) - 1).bit_length()) if len(keys) else 1
    mask = np.uint64((1 << bits) - 1)
    packed = (keys & ~mask) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return packed & ~mask, (packed & mask).astype(np.int64)


def sort_order(keys: npt.NDArray[np.uint64]) -> IndexArray:
    """Rows that sort whole keys ascending, ties by row."""
    bits = max(1, int(len(keys) - 1).bit_length()) if len(keys) else 1
    if len(keys) and int(keys.max()).bit_length() + bits <= 64:
        packed = (keys << np.uint64(bits)) | np.arange(len(keys), dtype=np.uint64)
        packed.sort()
        rows: IndexArray = (packed & np.uint64((1 << bits) - 1)).astype(np.int64)
        return rows
    order: IndexArray = np.argsort(keys, kind="stable")
    return order


def shared_places(
    fingerprints: Fingerprints,
    text_of: npt.NDArray[np.int32],
    representatives: npt.NDArray[np.int32],
    settings: ReuseSettings,
) -> tuple[IndexArray, IndexArray]:
    """Pairs of words at which the same fingerprint begins, the earlier one first.

    Args:
        fingerprints: of the collection.
        text_of: number of the text that each word belongs to, shape (words,).
        representatives: the representative of each text's family, shape (texts,).
        settings: what is rare and how far common ones reach.

    Returns:
        Two arrays of word indices of equal length.
    """
    high, rows = sort_with_rows(fingerprints.hashes)
    if len(rows) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    same = high[1:] == high[:-1]
    grouped = np.zeros(len(rows), dtype=bool)
    grouped[1:] = same
    grouped[:-1] |= same
    rows = rows[grouped]
    full = fingerprints.hashes[rows]
    mixed = np.flatnonzero((high[grouped][1:] == high[grouped][:-1]) & (full[1:] != full[:-1]))
    if len(mixed):
        order = np.lexsort((rows, full))
        rows, full = rows[order], full[order]
    places = fingerprints.words[rows]
    star_left, star_right, rest = _family_stars(full, places, text_of, representatives)
    left, right = pairs_within_groups(full[rest], places[rest], settings)
    return np.concatenate([star_left, left]), np.concatenate([star_right, right])


def _family_stars(
    hashes: HashArray,
    words: IndexArray,
    text_of: npt.NDArray[np.int32],
    representatives: npt.NDArray[np.int32],
) -> tuple[IndexArray, IndexArray, npt.NDArray[np.bool_]]:
    """Pairs of a representative's place with those of its family, and which places are left to be paired at large.

    What a member shares with its representative is paired with that alone; the representative stands for it. Where
    they hold it several times, the first is paired with the first, the second with the second: copies of a list or a
    refrain stay on one diagonal.
    """
    rest = np.ones(len(words), dtype=bool)
    in_family = np.zeros(len(representatives), dtype=bool)
    members = np.flatnonzero(representatives != np.arange(len(representatives)))
    in_family[members] = in_family[representatives[members]] = True
    texts = text_of[words]
    places = np.flatnonzero(in_family[texts])
    if not len(places):
        return places, places, rest
    family = representatives[texts[places]]
    # Within a family's group the representative's places come first, then each member's in order.
    order = np.lexsort((words[places], texts[places] != family, family, hashes[places]))
    places, family = places[order], family[order]
    same = (hashes[places][1:] == hashes[places][:-1]) & (family[1:] == family[:-1])
    group, size = _groups(same)
    text_rank = np.arange(len(places)) - _groups(same & (texts[places][1:] == texts[places][:-1]))[0]
    central = texts[places] == family
    # The representative's places in each group, and the one of the same rank for every place.
    held = np.concatenate([[0], np.cumsum(central)])
    count = held[group + size] - held[group]
    centre = places[group + np.minimum(text_rank, np.maximum(count - 1, 0))]
    covered = (count > 0) & ~central
    rest[places[covered]] = False
    one, two = words[centre[covered]], words[places[covered]]
    return np.minimum(one, two), np.maximum(one, two), rest


def _groups(same: npt.NDArray[np.bool_]) -> tuple[IndexArray, IndexArray]:
    """The first row of each row's group, and the rows in it, where rows but the first are told to go on a group."""
    firsts = np.flatnonzero(np.concatenate([[True], ~same]))
    sizes = np.diff(np.append(firsts, len(same) + 1))
    return np.repeat(firsts, sizes), np.repeat(sizes, sizes)


def pairs_within_groups(hashes: HashArray, words: IndexArray, settings: ReuseSettings) -> tuple[IndexArray, IndexArray]:
    """Pairs of the words whose hashes are equal; common ones only with the next few."""
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    sizes = np.diff(np.append(starts, len(hashes)))
    reach = np.where(sizes <= settings.rare_occurrences, sizes - 1, settings.common_neighbours)
    left, right = [], []
    reach_of = np.repeat(reach, sizes)
    rest_of = np.repeat(starts + sizes, sizes) - np.arange(len(hashes)) - 1
    alive = np.flatnonzero(rest_of > 0)
    step = 1
    while len(alive):
        left.append(words[alive])
        right.append(words[alive + step])
        step += 1
        alive = alive[(rest_of[alive] >= step) & (reach_of[alive] >= step)]
    if not left:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(left), np.concatenate(right)


def find_runs(
    words: Words, fingerprints: Fingerprints, representatives: npt.NDArray[np.int32], settings: ReuseSettings
) -> Runs:
    """Runs of equal words between different texts, gathered into candidates.

    Args:
        words: of the collection.
        fingerprints: of the same.
        representatives: the representative of each text's family (itself where it has none), shape (texts,).
        settings: what is rare, near and enough.
    """
    text_of = np.repeat(np.arange(len(words.bounds) - 1, dtype=np.int32), np.diff(words.bounds))
    left, right = shared_places(fingerprints, text_of, representatives, settings)
    text_a, text_b = text_of[left].astype(np.uint64), text_of[right].astype(np.uint64)
    between = text_a != text_b
    left, right, text_a, text_b = left[between], right[between], text_a[between], text_b[between]
    pair = text_a * np.uint64(len(words.bounds)) + text_b
    left, right, pair = _drop_weak_pairs(left, right, pair, settings)
    if not len(pair):
        return _gather(left, right, left, pair, settings)
    # One sort by (pair, diagonal), then within it places ascend, since rows did before: sort by place first.
    order = sort_order(left.astype(np.uint64))
    left, right, pair = left[order], right[order], pair[order]
    order = np.lexsort((right - left, pair))
    left, right, pair = left[order], right[order], pair[order]
    new = np.ones(len(pair), dtype=bool)
    new[1:] = (
        (pair[1:] != pair[:-1])
        | (right[1:] - left[1:] != right[:-1] - left[:-1])
        | (left[1:] - left[:-1] > settings.shingle_words)
    )
    firsts = np.flatnonzero(new)
    lasts = np.append(firsts[1:], len(new)) - 1
    lengths = left[lasts] - left[firsts] + settings.shingle_words
    # Shingles that reach into a stretch of one's own from either side are lacking elsewhere too.
    own_words = lengths - 2 * (settings.shingle_words - 1)
    kept = _not_stood_for(pair[firsts], representatives) | (own_words >= settings.family_own_words)
    firsts, lengths = firsts[kept], lengths[kept]
    return _gather(left[firsts], right[firsts], lengths, pair[firsts], settings)


def _not_stood_for(pair: HashArray, representatives: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which text pairs have no other pair that stands for them.

    Two members of one family are told apart from their representative, and what another text shares with a member
    from what it shares with the representative, where it shares anything with that.

    Args:
        pair: lower text number times (texts + 1), plus the higher one, ascending.
        representatives: of each text, shape (texts,).
    """
    base = np.uint64(len(representatives) + 1)
    one, two = (pair // base).astype(np.int64), (pair % base).astype(np.int64)
    centre_one, centre_two = representatives[one].astype(np.int64), representatives[two].astype(np.int64)
    low, high = np.minimum(centre_one, centre_two), np.maximum(centre_one, centre_two)
    stands = low.astype(np.uint64) * base + high.astype(np.uint64)
    known = np.unique(pair)
    held = known[np.minimum(np.searchsorted(known, stands), len(known) - 1)] == stands
    siblings = (centre_one == centre_two) & (one != centre_one) & (two != centre_two)
    free: npt.NDArray[np.bool_] = ~siblings & ((stands == pair) | (centre_one == centre_two) | ~held)
    return free


def _drop_weak_pairs(
    left: IndexArray, right: IndexArray, pair: HashArray, settings: ReuseSettings
) -> tuple[IndexArray, IndexArray, HashArray]:
    """Keep the text pairs with enough shared fingerprints to be worth a look; sorted by pair."""
    order = sort_order(pair)
    pair = pair[order]
    starts = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if len(pair) else np.zeros(0, np.int64)
    counts = np.diff(np.append(starts, len(pair)))
    strong = np.repeat(counts >= settings.minimum_seeds, counts)
    order = order[strong]
    return left[order], right[order], pair[strong]


def _gather(a: IndexArray, b: IndexArray, lengths: IndexArray, pair: HashArray, settings: ReuseSettings) -> Runs:
    """Gather runs into candidates: by diagonal, then by place.

    Runs are parted where the diagonal jumps, then, sorted by place, where the next one lies too far off. Going by place
    alone would break a passage at every stock phrase within it that occurs elsewhere too, and a passage that one text
    holds twice at every run. The first round goes by the place in a alone; the second parts the diagonals anew, which
    runs elsewhere may have joined, and looks at both sides.
    """
    if not len(a):
        return Runs(a, b, lengths, np.zeros(1, dtype=np.int64))
    gap, drift = settings.candidate_gap_words, settings.candidate_drift_words
    group = pair.astype(np.int64)
    for both_sides in (False, True):
        order = np.lexsort((a, b - a, group))
        a, b, lengths, group = a[order], b[order], lengths[order], group[order]
        diagonal = b - a
        band = _numbered((group[1:] != group[:-1]) | (diagonal[1:] - diagonal[:-1] > drift))
        order = np.lexsort((b, a, band))
        a, b, lengths, band = a[order], b[order], lengths[order], band[order]
        gap_a = a[1:] - (a[:-1] + lengths[:-1])
        gap_b = b[1:] - (b[:-1] + lengths[:-1])
        new = (band[1:] != band[:-1]) | (gap_a > gap)
        if both_sides:
            new |= (gap_b > gap) | (np.abs(gap_b - gap_a) > drift)
        group = _numbered(new)
    firsts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    return Runs(a, b, lengths, np.append(firsts, len(a)))


def _numbered(new: npt.NDArray[np.bool_]) -> IndexArray:
    """The number of the group of each row, where the rows but the first are told to begin a new group or not."""
    number = np.zeros(len(new) + 1, dtype=np.int64)
    np.cumsum(new, out=number[1:])
    return number
