"""Alignment: from a candidate's runs of equal words to exact passages with their similarity.

Runs are chained in order (both sides ascending), the gaps between them and a margin on either end are aligned by the
longest common subsequence of word hashes (rapidfuzz, bit-parallel after Hyyrö 2004), and the best-scoring stretches
are cut out: each equal word earns one point, each unmatched word costs a share of one, and a stretch ends where the
loss since its best point passes a limit (the X-drop rule of Altschul et al. 1990). Candidates that cannot hold such a
stretch are told first, by far cheaper bounds (`bounds`), and left out.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import LCSseq

from provenance.reuse.bounds import may_hold_passages
from provenance.reuse.candidates import Runs
from provenance.reuse.overlaps import Overlaps
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words

Block = tuple[int, int, int]
"""First word in a, first word in b, and the number of equal words."""
Align = Callable[[Words, Runs, ReuseSettings], Iterable[tuple[int, int, "list[Aligned]"]]]
"""What aligns all candidates: `align_all`, or the same by several processes."""


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


def chain_runs(runs: list[Block], most: int) -> list[Block]:
    """The heaviest chain of runs that ascends on both sides, overlaps trimmed.

    Runs come sorted by place in a. The common case, already ascending, is passed through; else a quadratic dynamic
    programme picks the chain.

    Args:
        runs: of one candidate.
        most: with more runs than this a greedy choice, longest first, takes the place of the quadratic one.
    """
    if all(one[0] + one[2] <= two[0] and one[1] + one[2] <= two[1] for one, two in pairwise(runs)):
        return runs
    if len(runs) > most:
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


def _greedy(runs: list[Block]) -> list[Block]:
    """Runs taken longest first where they ascend with those already taken."""
    kept: list[Block] = []
    for run in sorted(runs, key=lambda run: (-run[2], run)):
        at = bisect.bisect(kept, run)
        after_last = at == 0 or (kept[at - 1][0] < run[0] and kept[at - 1][1] < run[1])
        before_next = at == len(kept) or (run[0] < kept[at][0] and run[1] < kept[at][1])
        if after_last and before_next:
            kept.insert(at, run)
    return _trim(kept)


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
        self._margin = settings.extension_words
        self._enough_to_go_on = settings.minimum_similarity * settings.extension_words
        self._widest = settings.maximum_gap_words

    def align(self, chain: list[Block], limits: tuple[int, int, int, int]) -> Iterator[Aligned]:
        """Passages within one candidate.

        Args:
            chain: its runs, ascending on both sides (`chain_runs`).
            limits: first and last (exclusive) word of the text of a, then of b.
        """
        return self._cut(self._blocks(chain, limits))

    def _blocks(self, chain: list[Block], limits: tuple[int, int, int, int]) -> list[Block]:
        """All equal words in order: the chain, what its gaps hold, and the margins."""
        a, b, _ = chain[0]
        blocks = self._before(a, b, limits)
        end_a, end_b = a, b
        for a, b, length in chain:
            if a > end_a and b > end_b:
                blocks.extend(self._between(end_a, a, end_b, b))
            blocks.append((a, b, length))
            end_a, end_b = a + length, b + length
        blocks.extend(self._after(end_a, end_b, limits))
        return blocks

    def _before(self, a: int, b: int, limits: tuple[int, int, int, int]) -> list[Block]:
        """Equal words before a place, margin by margin for as long as these are mostly equal.

        What a passage goes on with may be too common for this pair of texts to have been joined there.
        """
        low_a, _, low_b, _ = limits
        margin, enough = self._margin, self._enough_to_go_on
        blocks: list[Block] = []
        while True:
            found = self._between(max(low_a, a - margin), a, max(low_b, b - margin), b)
            if not found:
                return blocks
            blocks[:0] = found
            if sum([length for _, _, length in found]) < enough:
                return blocks
            a, b, _ = found[0]

    def _after(self, a: int, b: int, limits: tuple[int, int, int, int]) -> list[Block]:
        """Equal words from a place on, in the same way."""
        _, high_a, _, high_b = limits
        margin, enough = self._margin, self._enough_to_go_on
        blocks: list[Block] = []
        while True:
            found = self._between(a, min(high_a, a + margin), b, min(high_b, b + margin))
            if not found:
                return blocks
            blocks += found
            a, b, length = found[-1]
            if sum([length for _, _, length in found]) < enough:
                return blocks
            a, b = a + length, b + length

    def _between(self, a: int, a_end: int, b: int, b_end: int) -> list[Block]:
        if a >= a_end or b >= b_end or max(a_end - a, b_end - b) > self._widest:
            return []
        changes = LCSseq.editops(self._hashes[a:a_end].tolist(), self._hashes[b:b_end].tolist())
        return [(a + block.a, b + block.b, block.size) for block in changes.as_matching_blocks() if block.size]

    def _cut(self, blocks: list[Block]) -> Iterator[Aligned]:
        """The best-scoring stretches of a list of blocks.

        A stretch begins anew where its score is used up, so that its head needs no trimming, and ends at its best.
        """
        cost, drop, enough = self._settings.unmatched_cost, self._settings.drop_limit, self._settings.minimum_words
        start = best_end = equal = best_equal = 0
        score = best = 0.0
        end_a = end_b = 0
        for index, (a, b, length) in enumerate(blocks):
            if index > start:
                gap_a, gap_b = a - end_a, b - end_b
                score -= cost * max(gap_a, gap_b)
                if score <= 0 or best - score > drop:
                    if best_equal >= enough:
                        yield from self._stretch(blocks[start:best_end])
                    start = index
                    score = best = 0.0
                    equal = 0
            end_a, end_b = a + length, b + length
            score += length
            equal += length
            if score > best:
                best, best_end, best_equal = score, index + 1, equal
        if blocks and best_equal >= enough:
            yield from self._stretch(blocks[start:best_end])

    def _stretch(self, blocks: list[Block]) -> Iterator[Aligned]:
        """One stretch as a passage if it is enough of one; too thin a one is parted at its widest gap."""
        pending = [blocks]
        while pending:
            blocks = pending.pop()
            aligned = _aligned(blocks)
            if aligned.equal < self._settings.minimum_words:
                continue
            if aligned.similarity < self._settings.minimum_similarity:
                at = _widest_gap(blocks)
                pending += [blocks[at:], blocks[:at]]
            elif aligned.score(self._settings.unmatched_cost) >= self._settings.minimum_score:
                yield aligned


def _aligned(blocks: Sequence[Block]) -> Aligned:
    a, b, _ = blocks[0]
    last_a, last_b, last = blocks[-1]
    return Aligned(a, last_a + last, b, last_b + last, sum(length for _, _, length in blocks), tuple(blocks))


def _widest_gap(blocks: Sequence[Block]) -> int:
    """The number of the block behind the widest gap; there are at least two blocks.

    Of equally wide ones the gap nearest the middle: parting again and again then stays far from quadratic.
    """
    widths = [max(a - a0 - length0, b - b0 - length0) for (a0, b0, length0), (a, b, _) in pairwise(blocks)]
    return 1 + max(range(len(widths)), key=lambda index: (widths[index], -abs(2 * index + 1 - len(widths))))


def chain_all(runs: Runs, settings: ReuseSettings) -> Runs:
    """The heaviest chain of each candidate's runs; candidates with fewer than `minimum_run_words` are left out."""
    counts = np.diff(runs.candidates)
    if not len(counts):
        return runs
    kept = np.repeat(np.add.reduceat(runs.lengths, runs.candidates[:-1]) >= settings.minimum_run_words, counts)
    number = np.repeat(np.arange(len(counts)), counts)
    crossing = (runs.a[1:] < runs.a[:-1] + runs.lengths[:-1]) | (runs.b[1:] < runs.b[:-1] + runs.lengths[:-1])
    crossing &= (number[1:] == number[:-1]) & kept[1:]
    a, b, lengths = runs.a.copy(), runs.b.copy(), runs.lengths.copy()
    for candidate in np.unique(number[1:][crossing]).tolist():
        first, last = int(runs.candidates[candidate]), int(runs.candidates[candidate + 1])
        sides = (side[first:last].tolist() for side in (runs.a, runs.b, runs.lengths))
        chain = chain_runs(list(zip(*sides, strict=True)), settings.maximum_runs_chained)
        end = first + len(chain)
        a[first:end], b[first:end], lengths[first:end] = zip(*chain, strict=True)
        kept[end:last] = False
    number = number[kept]
    # The first run of each candidate, and the end of the last.
    new = np.ones(len(number) + 1, dtype=bool)
    np.not_equal(number[1:], number[:-1], out=new[1:-1])
    return Runs(a[kept], b[kept], lengths[kept], np.flatnonzero(new))


def align_all(words: Words, runs: Runs, settings: ReuseSettings) -> Iterator[tuple[int, int, list[Aligned]]]:
    """Passages of all candidates, text pair by text pair.

    Yields:
        The number of the lower text, that of the higher one, and the passages they share (at least one), by place.
    """
    chains = chain_all(runs, settings)
    chosen = np.flatnonzero(may_hold_passages(words, chains, settings))
    firsts, lasts = chains.candidates[:-1][chosen], chains.candidates[1:][chosen]
    text_a = (words.bounds.searchsorted(chains.a[firsts], side="right") - 1).tolist()
    text_b = (words.bounds.searchsorted(chains.b[firsts], side="right") - 1).tolist()
    word_bounds = words.bounds.tolist()
    a, b, lengths = chains.a.tolist(), chains.b.tolist(), chains.lengths.tolist()
    aligner = Aligner(words, settings)
    found: list[Aligned] = []
    pair = (-1, -1)
    for first, last, *texts in zip(firsts.tolist(), lasts.tolist(), text_a, text_b, strict=True):
        if pair != tuple(texts):
            yield from _finished(pair, found, settings)
            pair, found = (texts[0], texts[1]), []
        chain = list(zip(a[first:last], b[first:last], lengths[first:last], strict=True))
        limits = (*word_bounds[pair[0] : pair[0] + 2], *word_bounds[pair[1] : pair[1] + 2])
        found.extend(aligner.align(chain, limits))
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
    if len(found) == 1:
        return found
    kept: list[Aligned] = []
    held_a, held_b = Overlaps(), Overlaps()
    for one in sorted(found, key=lambda match: (-match.equal, match.a, match.b, match.a_end, match.b_end)):
        sides = ((held_a, (one.a, one.a_end)), (held_b, (one.b, one.b_end)))
        if all(
            words <= settings.echo_overlap * (span[1] - span[0])
            for held, span in sides
            for _, words in held.meeting(span)
        ):
            kept.append(one)
            for held, span in sides:
                held.add(span)
    return sorted(kept, key=lambda match: (match.a, match.b))
