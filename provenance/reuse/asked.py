"""Which pairs of texts are to be compared where not all are: those with a dirty text, and those that new texts part.

A fingerprint that too many places have joins only neighbours (`candidates.pairs_within_groups`). A new text can make a
rare fingerprint common, or step between two neighbours; the pairs that are joined by one fingerprint less for it are
*crowded*, and compared anew where they had a match.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.reuse.candidates import IndexArray, TextArray, TextsOf, grouped_places, pairs_within_groups
from provenance.reuse.fingerprints import Fingerprints, distinct, fingerprint, only
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DirtyTexts:
    """Asks for the pairs that have a dirty text.

    Attributes:
        dirty: shape (texts,).
        concerned: the dirty texts and those that stand for them: what dirty texts share hangs on what these share.
    """

    dirty: Mask
    concerned: Mask

    @classmethod
    def among(cls, dirty: Mask, representatives: npt.NDArray[np.int32]) -> DirtyTexts:
        """Args: dirty, shape (texts,); representatives, of each text's family, shape (texts,)."""
        concerned = dirty.copy()
        concerned[representatives[dirty]] = True
        return cls(dirty, concerned)

    def holds(self, one: TextArray, two: TextArray) -> Mask:
        """Which of some pairs of texts are asked for."""
        asked: Mask = self.dirty[one] | self.dirty[two]
        return asked


@dataclass(frozen=True, slots=True)
class Pairs:
    """Asks for some pairs of texts.

    Attributes:
        keys: lower text number times the number of texts, plus the higher one, ascending.
        concerned: the texts of these pairs and those that stand for them, shape (texts,).
    """

    keys: IndexArray
    concerned: Mask

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]], representatives: npt.NDArray[np.int32]) -> Pairs:
        """Args: pairs, each the lower number first; representatives, of each text's family, shape (texts,)."""
        numbers = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        concerned = np.zeros(len(representatives), dtype=bool)
        concerned[numbers.ravel()] = True
        concerned[representatives[concerned]] = True
        return cls(numbers[:, 0] * len(representatives) + numbers[:, 1], concerned)

    def holds(self, one: TextArray, two: TextArray) -> Mask:
        """Which of some pairs of texts are asked for."""
        asked: Mask = np.isin(one.astype(np.int64) * len(self.concerned) + two, self.keys)
        return asked

    def shared(self, words: Words, representatives: npt.NDArray[np.int32], settings: ReuseSettings) -> HashArray:
        """The fingerprints that the texts of a pair share, or those that stand for them; ascending."""
        known: dict[int, HashArray] = {}

        def of(text: int) -> HashArray:
            if text not in known:
                part = only(words, [text])
                known[text] = distinct(fingerprint(part, settings.shingle_words, settings.winnowing_window).hashes)
            return known[text]

        one, two = np.divmod(self.keys, len(self.concerned))
        both = np.concatenate([np.stack([one, two], axis=1), np.stack([representatives[one], representatives[two]], 1)])
        found = [
            np.intersect1d(of(text_a), of(text_b), assume_unique=True)
            for text_a, text_b in np.unique(np.sort(both, axis=1), axis=0).tolist()
            if text_a != text_b
        ]
        return distinct(np.concatenate(found)) if found else np.zeros(0, dtype=np.uint64)


def crowded_pairs(
    text_of: TextArray | TextsOf,
    fingerprints: Fingerprints,
    representatives: npt.NDArray[np.int32],
    new: Mask,
    settings: ReuseSettings,
) -> set[tuple[int, int]]:
    """Pairs of texts of before that a fingerprint no longer joins since new texts have it too.

    Args:
        text_of: number of the text that each word belongs to, shape (words,).
        fingerprints: all occurrences of those that new texts have.
        representatives: of each text's family, shape (texts,).
        new: texts that were not there before, shape (texts,).
        settings: what is common and how many places the next few are.

    Returns:
        The numbers of the texts, the lower first.
    """
    found: set[tuple[int, int]] = set()
    for _, _, hashes, places in grouped_places(fingerprints, text_of, representatives):
        texts = text_of[places]
        left, right = _parted(hashes, new[texts], settings)
        one, two = texts[left].astype(np.int64), texts[right].astype(np.int64)
        keys = np.unique(one[one != two] * len(new) + two[one != two])
        low, high = np.divmod(keys, len(new))
        found.update(zip(low.tolist(), high.tolist(), strict=True))
    return found


def _parted(hashes: HashArray, new: Mask, settings: ReuseSettings) -> tuple[IndexArray, IndexArray]:
    """Rows with the same hash that would be paired if there were no new ones, and are not.

    Args:
        hashes: ascending.
        new: the rows that were not there before, shape (rows,).
        settings: what is common and how many the next few are.
    """
    firsts = np.concatenate([np.ones(min(1, len(hashes)), dtype=bool), hashes[1:] != hashes[:-1]])
    sizes = np.diff(np.append(np.flatnonzero(firsts), len(hashes)))
    old = np.flatnonzero(np.repeat(sizes > settings.rare_occurrences, sizes) & ~new)
    left, right = pairs_within_groups(hashes[old], old, settings)
    parted = right - left > settings.common_neighbours
    return left[parted], right[parted]
