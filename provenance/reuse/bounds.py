"""Bounds: which candidates cannot hold a passage, told without aligning them.

Most candidates are a stock phrase, one short run of equal words between texts that have nothing else in common. How
many words are equal in order (LCS) in nested windows beside a chain of runs bounds the score of whatever alignment
could make of it; counting them is many times cheaper than aligning. The bounds never fall below what they bound, so
that leaving candidates out changes no result: `alignment.align_all` gives the same with and without.

Words are compared by 20 bits of their hashes, as the code points of a string, which rapidfuzz compares without an
object for each word. Unequal words may then pass for equal ones, which can only raise a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from provenance.reuse.candidates import Runs
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words

IndexArray = npt.NDArray[np.int64]
ScoreArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MOST_RUNS: Final = 4
"""Chains of more runs than this are nearly always passages: they are aligned at once. It decides no result."""
_WINDOW_WORDS: Final = 1 << 18
"""Words of windows looked at together: few enough for the processor's cache. It decides no result."""
_TOLERANCE: Final = 1e-6
"""By so much a sum of floats may be off: doubt keeps a candidate."""
_FIRST_CODE: Final = 0x10000
"""From here on there are 2^20 code points without surrogates among them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a passage may have of the words beside one of its runs.

    Attributes:
        equal: the most equal words, shape (candidates,).
        score: the most that these words add to its score, shape (candidates,).
        possible: whether a passage can reach so far, shape (candidates,).
    """

    equal: ScoreArray
    score: ScoreArray
    possible: Mask


def may_hold_passages(words: Words, chains: Runs, settings: ReuseSettings) -> Mask:
    """Which candidates may hold a passage; alignment finds none in the others.

    Args:
        words: of the collection.
        chains: runs that ascend on both sides within each candidate.
        settings: what a passage is.

    Returns:
        An array of shape (candidates,).
    """
    counts = np.diff(chains.candidates)
    maybe: Mask = np.ones(len(counts), dtype=bool)
    margin = settings.extension_words
    if not 0 < margin <= settings.maximum_gap_words:
        return maybe
    at_once = max(1, _WINDOW_WORDS // (4 * margin))
    for size in range(1, _MOST_RUNS + 1):
        chosen = np.flatnonzero(counts == size)
        for first in range(0, len(chosen), at_once):
            some = chosen[first : first + at_once]
            rows = chains.candidates[some][:, None] + np.arange(size)
            maybe[some] = _Chains(words, chains, rows, settings).may_hold()
    return maybe


class _Chains:
    """Some candidates of equally many runs each."""

    def __init__(self, words: Words, chains: Runs, rows: IndexArray, settings: ReuseSettings) -> None:
        self._words = words
        self._settings = settings
        self._a, self._b, self._lengths = chains.a[rows], chains.b[rows], chains.lengths[rows]
        text_a = words.bounds.searchsorted(self._a[:, 0], side="right") - 1
        text_b = words.bounds.searchsorted(self._b[:, 0], side="right") - 1
        self._low_a, self._high_a = words.bounds[text_a], words.bounds[text_a + 1]
        self._low_b, self._high_b = words.bounds[text_b], words.bounds[text_b + 1]

    def may_hold(self) -> Mask:
        """Which of them may hold a passage, shape (candidates,).

        Windows become smaller, and candidates fewer, step by step.
        """
        settings = self._settings
        margin = settings.extension_words
        sizes = [size for size in (margin // 4, margin // 2, margin) if size]
        gaps = [self._in_gap(number) for number in range(self._a.shape[1] - 1)]
        before, after = self._before(margin), self._after(margin)
        wide_before, wide_after = _equal_words(*before), _equal_words(*after)
        # One that has words enough may be a passage by itself; a margin that is mostly equal is followed by another.
        sure = np.maximum(wide_before, wide_after) >= settings.minimum_similarity * margin - _TOLERANCE
        for equal in (wide_before, wide_after, *gaps):
            sure |= equal >= settings.minimum_words
        left = np.flatnonzero(~sure)
        known_before, known_after = [wide_before[left]], [wide_after[left]]
        for step in range(len(sizes), 0, -1):
            if step < len(sizes):
                size = sizes[step - 1]
                known_before.insert(0, _equal_words(*([side[one][-size:] for one in left.tolist()] for side in before)))
                known_after.insert(0, _equal_words(*([side[one][:size] for one in left.tolist()] for side in after)))
            parts = (self._parts(known, sizes[step - 1 :]) for known in (known_before, known_after))
            good = self._reach(left, [gap[left] for gap in gaps], *parts)
            left = left[good]
            known_before, known_after = [known[good] for known in known_before], [known[good] for known in known_after]
        sure[left] = True
        return sure

    def _before(self, size: int) -> tuple[list[str], list[str]]:
        """The words of both texts before the first runs, at most so many."""
        a, b, hashes = self._a[:, 0], self._b[:, 0], self._words.hashes
        low_a, low_b = np.maximum(a - size, self._low_a), np.maximum(b - size, self._low_b)
        return _strings(hashes, low_a, a), _strings(hashes, low_b, b)

    def _after(self, size: int) -> tuple[list[str], list[str]]:
        """The same behind the last runs."""
        a, b = (side[:, -1] + self._lengths[:, -1] for side in (self._a, self._b))
        high_a, high_b = np.minimum(a + size, self._high_a), np.minimum(b + size, self._high_b)
        return _strings(self._words.hashes, a, high_a), _strings(self._words.hashes, b, high_b)

    def _in_gap(self, number: int) -> ScoreArray:
        """Equal words between the runs of some number and the next."""
        a, b = (side[:, number] + self._lengths[:, number] for side in (self._a, self._b))
        hashes = self._words.hashes
        return _equal_words(_strings(hashes, a, self._a[:, number + 1]), _strings(hashes, b, self._b[:, number + 1]))

    def _parts(self, equal: list[ScoreArray], sizes: list[int]) -> list[_Part]:
        """What a passage may have of a margin: nothing, or as much as windows of some size hold.

        A stretch begins and ends where its score is at its best (`Aligner._cut`): of the words between its end and the
        run enough must be equal to pay for the others of the longer side. Where a stretch reaches into a window, what
        is cut out of it may end in any smaller one. Its longer side is at least the mean of both, one of which reaches
        beyond the next smaller window while the other has the equal words at least.

        Args:
            equal: equal words in windows, smallest first.
            sizes: of the windows, ascending.
        """
        cost = self._settings.unmatched_cost
        nothing = np.zeros(len(equal[0]))
        possible = np.zeros(len(equal[0]), dtype=bool)
        parts = [_Part(nothing, nothing, ~possible)]
        for number in range(len(sizes) - 1, -1, -1):
            nearest = sizes[number - 1] + 1 if number else 1
            most = equal[number]
            possible = possible | ((1 + cost) * most >= cost * nearest - _TOLERANCE)
            score = (1 + cost / 2) * most - cost / 2 * np.maximum(nearest, most)
            parts.append(_Part(most, score, possible))
        return parts

    def _reach(self, which: IndexArray, gaps: list[ScoreArray], before: list[_Part], after: list[_Part]) -> Mask:
        """Which of some candidates may reach a passage's words and score with one of their runs or several in a row.

        Args:
            which: the candidates, shape (candidates,).
            gaps: equal words between their runs, each of shape (candidates,).
            before: what a passage may have before the first run.
            after: the same behind the last one.
        """
        settings = self._settings
        cost = settings.unmatched_cost
        a, b, lengths = self._a[which], self._b[which], self._lengths[which]
        always: Mask = np.ones(len(which), dtype=bool)
        beside = [_Part(gap, gap, always) for gap in gaps]
        good = ~always
        for first, last in _stretches(lengths.shape[1]):
            equal = lengths[:, first : last + 1].sum(axis=1) + sum(gaps[first:last], np.zeros(len(which)))
            ends = lengths[:, last] - a[:, first] - b[:, first] + lengths[:, last] + a[:, last] + b[:, last]
            score = (1 + cost) * equal - cost / 2 * ends
            for one in before if first == 0 else beside[first - 1 : first]:
                for two in after if last == lengths.shape[1] - 1 else beside[last : last + 1]:
                    enough = equal + one.equal + two.equal >= settings.minimum_words
                    enough &= score + one.score + two.score >= settings.minimum_score - _TOLERANCE
                    good |= one.possible & two.possible & enough
        return good


def _stretches(runs: int) -> Iterator[tuple[int, int]]:
    """First and last of every stretch of runs in a row."""
    for first in range(runs):
        for last in range(first, runs):
            yield first, last


def _equal_words(one: list[str], two: list[str]) -> ScoreArray:
    """The length of the longest common subsequence of each pair, shape (pairs,)."""
    lengths = process.cpdist(one, two, scorer=LCSseq.similarity, dtype=np.int32)
    equal: ScoreArray = lengths.astype(np.float64)
    return equal


def _strings(hashes: HashArray, starts: IndexArray, ends: IndexArray) -> list[str]:
    """Each stretch of words as a string with a code point for a word."""
    if not len(starts):
        return []
    # Stretches of one width are copied at once, from where none reaches beyond the last word.
    width = int((ends - starts).max())
    if not width:
        return [""] * len(starts)
    lowest = np.minimum(starts, len(hashes) - width)
    rows = np.lib.stride_tricks.sliding_window_view(hashes, width)[lowest]
    codes = (rows >> np.uint64(44)).astype("<u4")
    codes += np.array(_FIRST_CODE, dtype="<u4")
    text = codes.tobytes().decode("utf-32-le")
    shift = np.arange(len(starts)) * width - lowest
    return [text[start:stop] for start, stop in zip((starts + shift).tolist(), (ends + shift).tolist(), strict=True)]
