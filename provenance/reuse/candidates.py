"""Candidates: stretches of two texts that share fingerprints close together, found by sorted joins.

Equal fingerprints stand side by side once sorted; each occurrence is paired with the others of a rare fingerprint,
or with the next few of a common one, so that the cost of a passage in a thousand texts is linear and none is lost to
a cap. Pairs on one diagonal (same distance between the two positions) are runs of equal words; runs near each other
are one candidate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from provenance.reuse.families import Coverage
from provenance.reuse.fingerprints import Fingerprints
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words

IndexArray = npt.NDArray[np.int64]
TextArray = npt.NDArray[np.int32]

_BLOCK_BITS: Final = 6
"""The text of one word in two to the power of this is noted. It decides no result."""
_ROWS_SORTED: Final = 1 << 23
"""Fingerprints are sorted so many at a time, or up to twice as many. It decides no result."""


class Asked(Protocol):
    """Which pairs of texts to compare (`asked.DirtyTexts`, `asked.Pairs`)."""

    @property
    def concerned(self) -> npt.NDArray[np.bool_]:
        """The texts whose pairs have to be looked at to tell, shape (texts,)."""

    def holds(self, one: TextArray, two: TextArray) -> npt.NDArray[np.bool_]:
        """Which of some pairs of texts are asked for, by their numbers."""


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
    packed, mask = _packed(keys)
    rows = (packed & mask).astype(np.int64)
    packed &= ~mask
    return packed, rows


def _packed(keys: HashArray) -> tuple[HashArray, np.uint64]:
    """Keys with their rows in the low bits, ascending, and the mask of these bits."""
    bits = max(1, int(len(keys) - 1).bit_length()) if len(keys) else 1
    mask = np.uint64((1 << bits) - 1)
    packed = keys & ~mask
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return packed, mask


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
    text_of: TextArray | TextsOf,
    representatives: npt.NDArray[np.int32],
    settings: ReuseSettings,
    asked: Asked | None = None,
) -> tuple[IndexArray, IndexArray]:
    """Pairs of words at which the same fingerprint begins, the earlier one first.

    Args:
        fingerprints: of the collection.
        text_of: number of the text that each word belongs to, shape (words,).
        representatives: the representative of each text's family, shape (texts,).
        settings: what is rare and how far common ones reach.
        asked: which pairs of texts to compare; None for all. Pairs that only tell about these are given too.

    Returns:
        Two arrays of word indices of equal length.
    """
    nowhere = np.zeros(0, dtype=np.int64)
    left, right = [nowhere], [nowhere]
    for star_left, star_right, hashes, places in grouped_places(fingerprints, text_of, representatives):
        wanted: slice | npt.NDArray[np.bool_] = slice(None)
        concerned = None
        if asked is not None:
            wanted = asked.holds(text_of[star_left], text_of[star_right])
            concerned = asked.concerned[text_of[places]]
        pair_left, pair_right = pairs_within_groups(hashes, places, settings, concerned)
        left += [star_left[wanted], pair_left]
        right += [star_right[wanted], pair_right]
    return np.concatenate(left), np.concatenate(right)


def grouped_places(
    fingerprints: Fingerprints, text_of: TextArray | TextsOf, representatives: npt.NDArray[np.int32]
) -> Iterator[tuple[IndexArray, IndexArray, HashArray, IndexArray]]:
    """Places at which the same fingerprint begins, one range of fingerprints after the other.

    Yields:
        For those that a family's representative stands for its place and the member's, the lower first; for the
        others fingerprint, ascending, and place.
    """
    for rows in _repeated(fingerprints.hashes):
        full, places = fingerprints.hashes[rows], fingerprints.words[rows]
        star_left, star_right, rest = _family_stars(full, places, text_of, representatives)
        yield star_left, star_right, full[rest], places[rest]


def _repeated(hashes: HashArray) -> Iterator[IndexArray]:
    """Rows whose hashes may stand in several rows, by hash and row, one range of hashes after the other.

    All rows of a hash that several have are among them. Sorted in ranges, the copies that sorting needs stay small
    however large the collection is.
    """
    shift = 64 - max(0, (len(hashes) // _ROWS_SORTED).bit_length())
    for number in range(1 << (64 - shift)):
        chosen: IndexArray | None = None
        keys = hashes
        if shift < 64:
            lowest, highest = number << shift, ((number + 1) << shift) - 1
            chosen = np.flatnonzero((hashes >= np.uint64(lowest)) & (hashes <= np.uint64(highest)))
            keys = hashes[chosen]
        rows = _repeated_within(keys)
        yield rows if chosen is None else chosen[rows]


def _repeated_within(keys: HashArray) -> IndexArray:
    """Rows whose keys may stand in several rows, by key and row."""
    packed, mask = _packed(keys)
    grouped = np.zeros(len(packed), dtype=bool)
    np.less_equal(packed[1:] ^ packed[:-1], mask, out=grouped[1:])
    grouped[:-1] |= grouped[1:]
    packed = packed[grouped]
    cut, rows = packed & ~mask, (packed & mask).astype(np.int64)
    full = keys[rows]
    # Keys that differ in what sorting cuts off are few; only the groups that hold them are sorted again.
    mixed = (cut[1:] == cut[:-1]) & (full[1:] != full[:-1])
    if mixed.any():
        group = _numbered(cut[1:] != cut[:-1])
        again = np.flatnonzero(np.isin(group, group[1:][mixed]))
        rows[again] = rows[again][np.lexsort((rows[again], full[again]))]
    return rows


def _family_stars(
    hashes: HashArray,
    words: IndexArray,
    text_of: TextArray | TextsOf,
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


def pairs_within_groups(
    hashes: HashArray, words: IndexArray, settings: ReuseSettings, asked: npt.NDArray[np.bool_] | None = None
) -> tuple[IndexArray, IndexArray]:
    """Pairs of the words whose hashes are equal; common ones only with the next few.

    Args:
        hashes: ascending.
        words: the place of each.
        settings: what is common and how many the next few are.
        asked: places, shape (words,), one of which every pair has; all where this is None.
    """
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    sizes = np.diff(np.append(starts, len(hashes)))
    reach = np.where(sizes <= settings.rare_occurrences, sizes - 1, settings.common_neighbours)
    left, right = [], []
    reach_of = np.repeat(reach, sizes)
    rest_of = np.repeat(starts + sizes, sizes) - np.arange(len(hashes)) - 1
    alive = np.flatnonzero(rest_of > 0)
    step = 1
    while len(alive):
        paired = alive if asked is None else alive[asked[alive] | asked[alive + step]]
        left.append(words[paired])
        right.append(words[paired + step])
        step += 1
        alive = alive[(rest_of[alive] >= step) & (reach_of[alive] >= step)]
    if not left:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(left), np.concatenate(right)


class TextsOf:
    """The number of the text that a word belongs to, looked up for the words asked for.

    Where few are asked for that costs less than an array with the number of every word. Only the first word of every
    block has its text noted; from there the few texts that may begin within the block are gone on.
    """

    def __init__(self, words: Words) -> None:
        self._bounds = words.bounds
        firsts = np.arange(0, max(1, len(words)), 1 << _BLOCK_BITS)
        self._blocks: TextArray = (np.searchsorted(self._bounds, firsts, side="right") - 1).astype(np.int32)

    def __getitem__(self, places: IndexArray) -> TextArray:
        """Args: places, indices of words, shape (words,). Returns: numbers of texts, of the same shape."""
        found: TextArray = self._blocks[places >> _BLOCK_BITS]
        behind = np.flatnonzero(self._bounds[found + 1] <= places)
        while len(behind):
            found[behind] += 1
            behind = behind[self._bounds[found[behind] + 1] <= places[behind]]
        return found


def find_runs(
    words: Words,
    fingerprints: Fingerprints,
    representatives: npt.NDArray[np.int32],
    settings: ReuseSettings,
    asked: Asked | None = None,
    text_of: TextArray | TextsOf | None = None,
) -> Runs:
    """Runs of equal words between different texts, gathered into candidates.

    Args:
        words: of the collection.
        fingerprints: of the same; where only some pairs are asked for, at least all occurrences of those that decide
            about these pairs.
        representatives: the representative of each text's family (itself where it has none), shape (texts,).
        settings: what is rare, near and enough.
        asked: which pairs of texts to compare; None for all.
        text_of: the number of each word's text; None to work it out for all words.
    """
    if text_of is None:
        text_of = np.repeat(np.arange(len(words.bounds) - 1, dtype=np.int32), np.diff(words.bounds))
    left, right = shared_places(fingerprints, text_of, representatives, settings, asked)
    return gathered(words, left, right, text_of, representatives, settings, asked)


def gathered(
    words: Words,
    left: IndexArray,
    right: IndexArray,
    text_of: TextArray | TextsOf,
    representatives: npt.NDArray[np.int32],
    settings: ReuseSettings,
    asked: Asked | None = None,
) -> Runs:
    """Runs of equal words out of pairs of places, gathered into candidates.

    Args:
        words: of the collection.
        left: words at which the same fingerprint begins as at those of `right`, the earlier ones, in any order; all
            pairs of two texts, or none.
        right: the later ones.
        text_of: the number of each word's text.
        representatives: of each text's family, shape (texts,).
        settings: what is near and enough.
        asked: which pairs of texts to compare; None for all.
    """
    text_a, text_b = text_of[left].astype(np.uint64), text_of[right].astype(np.uint64)
    between = text_a != text_b
    left, right, text_a, text_b = left[between], right[between], text_a[between], text_b[between]
    pair = text_a * np.uint64(len(words.bounds)) + text_b
    left, right, pair = _drop_weak_pairs(left, right, pair, settings)
    if not len(pair):
        return _gather(left, right, left, pair, settings)
    # By place, then by diagonal, within each pair of texts: on one diagonal places stay in order.
    number = _numbered(pair[1:] != pair[:-1])
    for by_diagonal in (False, True):
        order = _order_within(number, right - left if by_diagonal else left)
        left, right = left[order], right[order]
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
    doubtful = ~kept
    if asked is not None:
        held = asked.holds(text_of[left[firsts]], text_of[right[firsts]])
        kept &= held
        doubtful &= held
    places = left[firsts][doubtful], right[firsts][doubtful]
    kept[doubtful] = _lacking_in_representatives(words, text_of, representatives, places, lengths[doubtful], settings)
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


def _lacking_in_representatives(
    words: Words,
    text_of: TextArray | TextsOf,
    representatives: npt.NDArray[np.int32],
    places: tuple[IndexArray, IndexArray],
    lengths: IndexArray,
    settings: ReuseSettings,
) -> npt.NDArray[np.bool_]:
    """Which runs reach into what representatives lack, where two texts share enough of that for a passage.

    An edited passage is many short runs, none of which tells by itself that the representative has nothing like it.

    Args:
        words: of the collection.
        text_of: number of the text that each word belongs to, shape (words,).
        representatives: of each text, shape (texts,).
        places: first words of the runs in either text.
        lengths: words in each run.
        settings: what such a stretch is, and how many words a passage has.
    """
    coverage = Coverage(words, settings)
    lacking = lengths.copy()
    for firsts in places:
        texts = text_of[firsts]
        rows = np.flatnonzero((lacking > 0) & (representatives[texts] != texts))
        rows = rows[np.argsort(texts[rows], kind="stable")]
        for same in np.split(rows, np.flatnonzero(texts[rows][1:] != texts[rows][:-1]) + 1) if len(rows) else ():
            member = int(texts[same[0]])
            own = np.concatenate([[0], np.cumsum(coverage.own(member, int(representatives[member])))])
            at = firsts[same] - words.bounds[member]
            lacking[same] = np.minimum(lacking[same], own[at + lengths[same]] - own[at])
    pair = text_of[places[0]].astype(np.int64) * len(representatives) + text_of[places[1]]
    number = np.unique(pair, return_inverse=True)[1]
    enough = np.bincount(number, lacking)[number] >= settings.minimum_words
    kept: npt.NDArray[np.bool_] = (lacking > 0) & enough
    return kept


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
    group = _numbered(pair[1:] != pair[:-1])
    for both_sides in (False, True):
        # Rows come by place, and those of one diagonal stay so; those of one place go by diagonal, then by place in b.
        order = _order_within(group, b - a)
        a, b, lengths = a[order], b[order], lengths[order]
        diagonal = b - a
        band = _numbered((group[1:] != group[:-1]) | (diagonal[1:] - diagonal[:-1] > drift))
        order = _order_within(band, a)
        a, b, lengths = a[order], b[order], lengths[order]
        gap_a = a[1:] - (a[:-1] + lengths[:-1])
        gap_b = b[1:] - (b[:-1] + lengths[:-1])
        new = (band[1:] != band[:-1]) | (gap_a > gap)
        if both_sides:
            new |= (gap_b > gap) | (np.abs(gap_b - gap_a) > drift)
        group = _numbered(new)
    firsts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    return Runs(a, b, lengths, np.append(firsts, len(a)))


def _order_within(group: IndexArray, values: IndexArray) -> IndexArray:
    """Rows that sort values within their groups, ties by row.

    Args:
        group: number of each row's group, ascending from 0 without a gap, shape (rows,), at least one.
        values: shape (rows,).
    """
    firsts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    relative = (values - np.minimum.reduceat(values, firsts)[group]).astype(np.uint64)
    bits = int(relative.max()).bit_length()
    if bits + len(firsts).bit_length() > 64:
        order: IndexArray = np.lexsort((values, group))
        return order
    return sort_order((group.astype(np.uint64) << np.uint64(bits)) | relative)


def _numbered(new: npt.NDArray[np.bool_]) -> IndexArray:
    """The number of the group of each row, where the rows but the first are told to begin a new group or not."""
    number = np.zeros(len(new) + 1, dtype=np.int64)
    np.cumsum(new, out=number[1:])
    return number
