"""Alignment: from a candidate's runs of equal words to exact passages with their similarity.

Runs are chained in order (both sides ascending), the gaps between them and a margin on either end are aligned by the
longest common subsequence of word hashes (rapidfuzz, bit-parallel after Hyyrö 2004), and the best-scoring stretches
are cut out: each equal word earns one point, each unmatched word costs a share of one, and a stretch ends where the
loss since its best point passes a limit (the X-drop rule of Altschul et al. 1990).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from provenance.reuse.candidates import Runs
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words

Block = tuple[int, int, int]
"""First word in a, first word in b, and the number of equal words."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A passage that two texts share, in word indices of the collection, ends exclusive.

    Attributes:
        equal: words that are equal and in order on both sides.
        blocks: the runs of equal words, ascending on both sides.
    """

    a: int
    a_end: int
    b: int
    b_end: int
    equal: int
    blocks: tuple[Block, ...]

    @property
    def longer(self) -> int:
        """Words of the longer side."""
        return max(self.a_end - self.a, self.b_end - self.b)

    @property
    def similarity(self) -> float:
        """Share of the words of the longer side that the other side has in the same order."""
        return self.equal / self.longer

    def score(self, unmatched_cost: float) -> float:
        """Equal words less the cost of the unmatched ones of the longer side."""
        return self.equal - unmatched_cost * (self.longer - self.equal)


def chain_runs(runs: list[Block]) -> list[Block]:
    """The heaviest chain of runs that ascends on both sides, overlaps trimmed.

    Runs come sorted by place in a. The common case, already ascending, is passed through; else a quadratic dynamic
    programme over at most some dozens of runs picks the chain.
    """
    if all(one[0] + one[2] <= two[0] and one[1] + one[2] <= two[1] for one, two in pairwise(runs)):
        return runs
    if len(runs) > _MOST_RUNS_CHAINED:
        return _greedy(runs)
    best: list[int] = []
    before: list[int] = []
    for index, (a, b, length) in enumerate(runs):
        weight, link = length, -1
        for earlier in range(index):
            a0, b0, length0 = runs[earlier]
            if a0 < a and b0 < b and a0 + length0 < a + length and b0 + length0 < b + length:
                overlap = max(0, a0 + length0 - a, b0 + length0 - b)
                if best[earlier] + length - overlap > weight:
                    weight, link = best[earlier] + length - overlap, earlier
        best.append(weight)
        before.append(link)
    chosen: list[Block] = []
    at = max(range(len(runs)), key=lambda index: (best[index], -index))
    while at >= 0:
        chosen.append(runs[at])
        at = before[at]
    return _trim(chosen[::-1])


_MOST_RUNS_CHAINED = 200
"""Beyond this the quadratic chain gives way to a greedy one; only long lists and tables come here."""


def _greedy(runs: list[Block]) -> list[Block]:
    """Runs taken longest first where they ascend with those already taken."""
    kept: list[Block] = []
    for run in sorted(runs, key=lambda run: (-run[2], run)):
        if all((run[0] < other[0]) == (run[1] < other[1]) and run[0] != other[0] for other in kept[-64:]):
            kept.append(run)
    kept.sort()
    ascending: list[Block] = []
    for run in kept:
        if not ascending or run[1] > ascending[-1][1]:
            ascending.append(run)
    return _trim(ascending)


def _trim(chain: list[Block]) -> list[Block]:
    """Cut the beginnings of runs that overlap the run before."""
    trimmed: list[Block] = []
    for a, b, length in chain:
        cut = 0
        if trimmed:
            a0, b0, length0 = trimmed[-1]
            cut = max(0, a0 + length0 - a, b0 + length0 - b)
        if length > cut:
            trimmed.append((a + cut, b + cut, length - cut))
    return trimmed


class Aligner:
    """Aligns candidates of one collection."""

    def __init__(self, words: Words, settings: ReuseSettings) -> None:
        self._hashes = words.hashes
        self._settings = settings

    def align(self, runs: list[Block], limits: tuple[int, int, int, int]) -> Iterator[Aligned]:
        """Passages within one candidate.

        Args:
            runs: its runs, sorted by place in a.
            limits: first and last (exclusive) word of the text of a, then of b.
        """
        yield from self._cut(self._blocks(chain_runs(runs), limits))

    def _blocks(self, chain: list[Block], limits: tuple[int, int, int, int]) -> list[Block]:
        """All equal words in order: the chain, what its gaps hold, and the margins."""
        margin = self._settings.extension_words
        low_a, high_a, low_b, high_b = limits
        a, b, _ = chain[0]
        blocks = list(self._between(max(low_a, a - margin), a, max(low_b, b - margin), b))
        end_a, end_b = a, b
        for a, b, length in chain:
            if a > end_a and b > end_b:
                blocks.extend(self._between(end_a, a, end_b, b))
            blocks.append((a, b, length))
            end_a, end_b = a + length, b + length
        blocks.extend(self._between(end_a, min(high_a, end_a + margin), end_b, min(high_b, end_b + margin)))
        return blocks

    def _between(self, a: int, a_end: int, b: int, b_end: int) -> Iterator[Block]:
        if a >= a_end or b >= b_end or max(a_end - a, b_end - b) > self._settings.maximum_gap_words:
            return
        one, two = self._hashes[a:a_end].tolist(), self._hashes[b:b_end].tolist()
        for block in LCSseq.opcodes(one, two).as_matching_blocks():
            if block.size:
                yield a + block.a, b + block.b, block.size

    def _cut(self, blocks: list[Block]) -> Iterator[Aligned]:
        """The best-scoring stretches of a list of blocks."""
        cost, drop = self._settings.unmatched_cost, self._settings.drop_limit
        start = best_end = 0
        score = best = 0.0
        index = 0
        while index < len(blocks):
            a, b, length = blocks[index]
            if index > start:
                a0, b0, length0 = blocks[index - 1]
                score -= cost * max(a - a0 - length0, b - b0 - length0)
            if index > start and (score <= 0 or best - score > drop):
                if best > 0:
                    yield from self._stretch(blocks[start:best_end])
                start = best_end = index
                score = best = 0.0
            score += length
            if score > best:
                best, best_end = score, index + 1
            index += 1
        if best > 0:
            yield from self._stretch(blocks[start:best_end])

    def _stretch(self, blocks: list[Block]) -> Iterator[Aligned]:
        """One stretch, its head trimmed as its tail was."""
        cost = self._settings.unmatched_cost
        score = best = 0.0
        first = len(blocks) - 1
        for index in range(len(blocks) - 1, -1, -1):
            a, b, length = blocks[index]
            if index + 1 < len(blocks):
                a1, b1, _ = blocks[index + 1]
                score -= cost * max(a1 - a - length, b1 - b - length)
            score += length
            if score > best:
                best, first = score, index
        blocks = blocks[first:]
        equal = sum(length for _, _, length in blocks)
        a, b, _ = blocks[0]
        last_a, last_b, last = blocks[-1]
        aligned = Aligned(a, last_a + last, b, last_b + last, equal, tuple(blocks))
        if (
            equal >= self._settings.minimum_words
            and aligned.similarity >= self._settings.minimum_similarity
            and aligned.score(cost) >= self._settings.minimum_score
        ):
            yield aligned


def align_all(words: Words, runs: Runs, settings: ReuseSettings) -> Iterator[tuple[int, int, list[Aligned]]]:
    """Passages of all candidates, text pair by text pair.

    Yields:
        The number of the lower text, that of the higher one, and the passages they share (at least one), by place.
    """
    aligner = Aligner(words, settings)
    firsts = runs.candidates[:-1]
    text_a = (words.bounds.searchsorted(runs.a[firsts], side="right") - 1).tolist()
    text_b = (words.bounds.searchsorted(runs.b[firsts], side="right") - 1).tolist()
    word_bounds, bounds = words.bounds.tolist(), runs.candidates.tolist()
    a, b, lengths = runs.a.tolist(), runs.b.tolist(), runs.lengths.tolist()
    found: list[Aligned] = []
    pair = (-1, -1)
    for index, (first, last) in enumerate(pairwise(bounds)):
        if pair != (text_a[index], text_b[index]):
            yield from _finished(pair, found, settings)
            pair, found = (text_a[index], text_b[index]), []
        if sum(lengths[first:last]) < settings.minimum_run_words:
            continue
        candidate = list(zip(a[first:last], b[first:last], lengths[first:last], strict=True))
        limits = (*word_bounds[pair[0] : pair[0] + 2], *word_bounds[pair[1] : pair[1] + 2])
        found.extend(aligner.align(candidate, limits))
    yield from _finished(pair, found, settings)


def _finished(
    pair: tuple[int, int], found: list[Aligned], settings: ReuseSettings
) -> Iterator[tuple[int, int, list[Aligned]]]:
    if found:
        yield (*pair, without_echoes(found, settings))


def without_echoes(found: list[Aligned], settings: ReuseSettings) -> list[Aligned]:
    """Passages of two texts without those that lie within a heavier one on either side, by place.

    A text that repeats itself (a list, a refrain, a heading) matches its copy at every repetition; only the heaviest
    stretch says where the words were taken from.
    """
    kept: list[Aligned] = []
    for one in sorted(found, key=lambda match: (-match.equal, match.a, match.b, match.a_end, match.b_end)):
        room_a, room_b = settings.echo_overlap * (one.a_end - one.a), settings.echo_overlap * (one.b_end - one.b)
        if all(
            min(one.a_end, other.a_end) - max(one.a, other.a) <= room_a
            and min(one.b_end, other.b_end) - max(one.b, other.b) <= room_b
            for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda match: (match.a, match.b))
