"""Rewrites: passages reworded so far that no run of words survives.

What survives a rewording is which content words stand near each other. Every content word is paired with the next few
of its neighbours, the order within the pair put aside; such pairs are as rare as runs of words, so they are joined
like fingerprints. Where several of them lie close together in two texts there is a candidate. It is grown word by
word on either side for as long as the words are those of the other side (a word that is there earns its weight, one
that is not costs a share of it: the best-scoring stretch), and kept if the two stretches have enough of their weight
in common. The weight of a word is its rarity in the collection (inverse document frequency, Spärck Jones 1972).

Summaries are the same with one side many times as long as the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.reuse.alignment import Aligned
from provenance.reuse.candidates import pairs_within_groups, sort_order, sort_with_rows
from provenance.reuse.overlaps import shared_words
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words, mix

IndexArray = npt.NDArray[np.int64]
WeightArray = npt.NDArray[np.float32]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


_STOP_WORD_LISTS: Final = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
}


def stop_words_of(languages: Iterable[str | None]) -> str:
    """The commonest words of some languages, from jusText's lists; English where none is known."""
    import justext  # noqa: PLC0415 - only this sensitivity needs it

    named = sorted({_STOP_WORD_LISTS[language] for language in languages if language in _STOP_WORD_LISTS})
    return " ".join(word for name in named or ["English"] for word in sorted(justext.get_stoplist(name)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a collection by number.

    Attributes:
        numbers: number of each word, shape (words,).
        weights: weight of each word, its rarity, shape (words,).
        content: whether each word is rare enough to tell one passage from another, shape (words,).
    """

    numbers: npt.NDArray[np.int32]
    weights: WeightArray
    content: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Region:
    """A candidate: stretches of two texts, in word indices, ends exclusive, and the content words that meet there."""

    a: int
    a_end: int
    b: int
    b_end: int


def vocabulary(
    words: Words, text_of: npt.NDArray[np.int32], stop_words: HashArray, settings: ReuseSettings
) -> Vocabulary:
    """Number the words of a collection and weigh them by rarity.

    Args:
        words: of the collection.
        text_of: number of the text that each word belongs to, shape (words,).
        stop_words: hashes of words that carry no content in the languages of the collection.
        settings: what is rare.
    """
    texts = len(words.bounds) - 1
    high, order = sort_with_rows(words.hashes)
    hashes = words.hashes[order]
    if bool(((high[1:] == high[:-1]) & (hashes[1:] != hashes[:-1])).any()):
        order = np.argsort(words.hashes, kind="stable")
        hashes = words.hashes[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = hashes[1:] != hashes[:-1]
    group = np.cumsum(new) - 1
    first_in_text = new.copy()
    first_in_text[1:] |= text_of[order][1:] != text_of[order][:-1]
    frequency = np.bincount(group, weights=first_in_text).astype(np.int64)
    numbers = np.empty(len(order), dtype=np.int32)
    numbers[order] = group
    rare = frequency <= max(settings.content_share * texts, settings.content_documents)
    content = (rare & (frequency > 1) & ~np.isin(hashes[new], stop_words))[numbers]
    weights = np.log((texts + settings.content_documents) / np.maximum(frequency, 1)).astype(np.float32)
    return Vocabulary(numbers, weights[numbers], content)


def seeds(
    words: Words,
    known: Vocabulary,
    text_of: npt.NDArray[np.int32],
    taken: npt.NDArray[np.bool_],
    settings: ReuseSettings,
) -> tuple[IndexArray, IndexArray]:
    """Places at which two texts have the same two content words near each other.

    Args:
        words: of the collection.
        known: their numbers and weights.
        text_of: number of the text that each word belongs to.
        taken: words that take part, shape (words,).
        settings: how near.

    Returns:
        Word indices in the lower-numbered and in the higher-numbered text, sorted by text pair, then by place.
    """
    places = np.flatnonzero(known.content & taken)
    numbers, texts = known.numbers[places].astype(np.uint64), text_of[places]
    hashes, firsts = [], []
    for step in range(1, settings.content_neighbours + 1):
        near = (texts[:-step] == texts[step:]) & (places[step:] - places[:-step] <= settings.content_reach_words)
        near &= numbers[:-step] != numbers[step:]
        one, two = numbers[:-step][near], numbers[step:][near]
        hashes.append(mix(np.minimum(one, two) * _MULTIPLIER + np.maximum(one, two)))
        firsts.append(places[:-step][near])
    keys, starts = np.concatenate(hashes), np.concatenate(firsts)
    order = np.lexsort((starts, keys))
    keys, starts = keys[order], starts[order]
    sizes = np.diff(np.append(np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])), len(keys)))
    rare = np.repeat(sizes <= settings.content_pair_occurrences, sizes) if len(keys) else np.zeros(0, dtype=bool)
    left, right = pairs_within_groups(keys[rare], starts[rare], settings)
    apart = text_of[left] != text_of[right]
    left, right = left[apart], right[apart]
    pair = text_of[left].astype(np.uint64) * np.uint64(len(words.bounds)) + text_of[right].astype(np.uint64)
    order = sort_order(pair)
    return left[order], right[order]


def find_rewrites(
    words: Words,
    representatives: npt.NDArray[np.int32],
    stop_words: HashArray,
    exact: Mapping[tuple[int, int], Sequence[Aligned]],
    settings: ReuseSettings,
) -> Iterator[tuple[int, int, list[Aligned]]]:
    """All passages of the text pairs that share content words near each other: reworded ones and exact ones.

    What members of a family have from their representative is left to it.

    Args:
        words: of the collection.
        representatives: the representative of each text's family, shape (texts,).
        stop_words: hashes of words that carry no content.
        exact: the passages found by runs of words, by text pair.
        settings: what is rare, near and enough.

    Yields:
        The number of the lower text, that of the higher one, and the passages they share, by place.
    """
    if not len(words):
        return
    text_of = np.repeat(np.arange(len(words.bounds) - 1, dtype=np.int32), np.diff(words.bounds))
    known = vocabulary(words, text_of, stop_words, settings)
    left, right = seeds(words, known, text_of, _own_words(words, representatives, exact), settings)
    grower = _Grower(words, known, settings)
    pair = text_of[left].astype(np.int64) * len(words.bounds) + text_of[right]
    if not len(pair):
        return
    bounds = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1], [True]]))
    for first, last in pairwise(bounds):
        if last - first < settings.rewrite_seeds:
            continue
        one, two = left[first:last], right[first:last]
        texts = int(text_of[one[0]]), int(text_of[two[0]])
        found = grower.passages(one, two, texts, exact.get(texts, ()))
        if found:
            yield (*texts, found)


def _own_words(
    words: Words, representatives: npt.NDArray[np.int32], exact: Mapping[tuple[int, int], Sequence[Aligned]]
) -> npt.NDArray[np.bool_]:
    """Words that a family's member does not have from its representative, and all words of others; shape (words,)."""
    own = np.ones(len(words), dtype=bool)
    for (a, b), found in exact.items():
        if representatives[b] == a:
            for one in found:
                own[one.b : one.b_end] = False
        elif representatives[a] == b:
            for one in found:
                own[one.a : one.a_end] = False
    return own


class _Grower:
    """Grows candidates of one collection into passages."""

    def __init__(self, words: Words, known: Vocabulary, settings: ReuseSettings) -> None:
        self._bounds = words.bounds
        self._numbers = known.numbers
        self._weights = known.weights
        self._settings = settings

    def passages(
        self, left: IndexArray, right: IndexArray, texts: tuple[int, int], exact: Sequence[Aligned]
    ) -> list[Aligned]:
        """The passages that two texts share, by place: exact, reworded and summarised ones told as one list."""
        kept = list(exact)
        for weight, one in self._best(self._reworded(left, right, texts)):
            kept = self._with_reworded(kept, one, weight)
        for weight, one in self._best(self._summaries(left, right, texts)):
            kept = self._with_summary(kept, one, weight, (left, right))
        return sorted(kept, key=lambda match: (match.a, match.b))

    def _best(self, found: Iterable[tuple[float, Aligned]]) -> list[tuple[float, Aligned]]:
        """Heaviest first, none an echo of a heavier one."""
        kept: list[tuple[float, Aligned]] = []
        for weight, one in sorted(found, key=lambda each: (-each[0], each[1].a, each[1].b, each[1].a_end)):
            if not any(is_echo(one, other, self._settings.echo_overlap) for _, other in kept):
                kept.append((weight, one))
        return kept

    def _with_reworded(self, kept: list[Aligned], one: Aligned, weight: float) -> list[Aligned]:
        """Take in a reworded passage: left to an exact one that explains it, in place of the splinters that do not."""
        settings = self._settings
        inside = [other for other in kept if _within(other, one, settings.echo_overlap)]
        for other in inside:
            if _share(other, one) >= settings.rewrite_exact_share:
                return kept
            if self._common((other.a, other.a_end), (other.b, other.b_end))[0] >= settings.rewrite_explained * weight:
                return kept
        beside = [other for other in kept if other not in inside]
        if any(is_echo(one, other, settings.echo_overlap) for other in beside):
            return kept
        return [*beside, one]

    def _with_summary(
        self, kept: list[Aligned], one: Aligned, weight: float, seeds_of_both: tuple[IndexArray, IndexArray]
    ) -> list[Aligned]:
        """Take in a summary, where what the pieces found within its short side leave of it is its source's too."""
        settings = self._settings
        inside = [other for other in kept if _shorter_within(other, one, settings.echo_overlap)]
        explained = sum(
            self._common((other.a, other.a_end), (other.b, other.b_end), distinct=True)[0] for other in inside
        )
        if weight < settings.summary_gain * explained or not self._rest_is_told(one, inside, seeds_of_both):
            return kept
        beside = [other for other in kept if other not in inside]
        if any(_within(one, other, settings.echo_overlap) for other in beside):
            return kept
        return [*beside, one]

    def _rest_is_told(
        self, one: Aligned, pieces: Sequence[Aligned], seeds_of_both: tuple[IndexArray, IndexArray]
    ) -> bool:
        """Whether the words of a summary outside the pieces found in it are its source's, with their neighbours.

        A long text on the same topic holds most words of a passage beside a piece of it, but not next to each other.
        """
        settings = self._settings
        sides = [((each.a, each.a_end), (each.b, each.b_end)) for each in (one, *pieces)]
        at, across = seeds_of_both
        if one.a_end - one.a > one.b_end - one.b:
            sides = [(b, a) for a, b in sides]
            at, across = across, at
        short, long = sides[0]
        rest = np.ones(short[1] - short[0], dtype=bool)
        for piece, _ in sides[1:]:
            rest[max(0, piece[0] - short[0]) : max(0, piece[1] - short[0])] = False
        held = (at >= short[0]) & (at < short[1]) & (across >= long[0]) & (across < long[1])
        told = int(rest[np.unique(at[held]) - short[0]].sum())
        if told < max(settings.summary_rest_seeds, settings.summary_seed_rate * int(rest.sum())):
            return False
        weights = self._weights[slice(*short)][rest]
        there = np.isin(self._numbers[slice(*short)][rest], self._numbers[slice(*long)])
        return float(weights[there].sum()) >= settings.summary_rest_share * float(weights.sum())

    def _reworded(self, left: IndexArray, right: IndexArray, texts: tuple[int, int]) -> Iterator[tuple[float, Aligned]]:
        settings = self._settings
        gap = settings.rewrite_gap_words
        for region in gather(left, right, (gap, gap), settings.rewrite_seeds):
            grown = self._grown(region, texts)
            a, b = (grown.a, grown.a_end), (grown.b, grown.b_end)
            common, equal, whole = self._common(a, b)
            share = common / max(whole)
            if common < settings.rewrite_minimum_weight or share < settings.rewrite_minimum_share:
                continue
            # A name said over and over tells one topic, not one passage: here it counts once.
            if share * self._common(a, b, distinct=True)[0] >= settings.rewrite_minimum_strength:
                yield common, Aligned(*a, *b, equal, ())

    def _summaries(
        self, left: IndexArray, right: IndexArray, texts: tuple[int, int]
    ) -> Iterator[tuple[float, Aligned]]:
        """Passages whose one side is many times as long as the other, which tells the same in short."""
        settings = self._settings
        wide, narrow, cost = settings.summary_gap_words, settings.rewrite_gap_words, settings.summary_unmatched_cost
        for gaps in ((wide, narrow), (narrow, wide)):
            for region in gather(left, right, gaps, settings.summary_seeds):
                a, b = (region.a, region.a_end), (region.b, region.b_end)
                if gaps[0] == wide:
                    b = self._stretch(b, self._limits(texts[1]), self._numbers[slice(*a)], cost)
                    long, short = a, b
                else:
                    a = self._stretch(a, self._limits(texts[0]), self._numbers[slice(*b)], cost)
                    long, short = b, a
                words = short[1] - short[0]
                if words < settings.summary_minimum_words or long[1] - long[0] < settings.summary_ratio * words:
                    continue
                common, equal, whole = self._common(a, b, distinct=True)
                if common >= max(settings.summary_minimum_weight, settings.summary_minimum_share * min(whole)):
                    yield common, Aligned(*a, *b, equal, ())

    def _limits(self, text: int) -> tuple[int, int]:
        return int(self._bounds[text]), int(self._bounds[text + 1])

    def _grown(self, region: Region, texts: tuple[int, int]) -> Region:
        in_a, in_b = self._limits(texts[0]), self._limits(texts[1])
        a, b = (region.a, region.a_end), (region.b, region.b_end)
        margin, cost = self._settings.rewrite_margin_words, self._settings.rewrite_unmatched_cost
        other = self._numbers[max(in_b[0], b[0] - margin) : min(in_b[1], b[1] + margin)]
        for _ in range(2):
            a = self._stretch(a, in_a, other, cost)
            b = self._stretch(b, in_b, self._numbers[slice(*a)], cost)
            other = self._numbers[slice(*b)]
        return Region(*self._stretch(a, in_a, other, cost), *b)

    def _stretch(
        self, core: tuple[int, int], limits: tuple[int, int], other: npt.NDArray[np.int32], cost: float
    ) -> tuple[int, int]:
        """The best-scoring stretch through the middle of a core, given the words of the other side."""
        reach = self._settings.rewrite_extension_words
        low, high = max(limits[0], core[0] - reach), min(limits[1], core[1] + reach)
        weights = self._weights[low:high]
        middle = (core[0] + core[1]) // 2 - low
        values = np.where(credited(self._numbers[low:high], other, middle), weights, -cost * weights)
        ahead, back = np.cumsum(values[middle:]), np.cumsum(values[:middle][::-1])
        end = middle + int(ahead.argmax()) + 1 if len(ahead) and ahead.max() > 0 else middle + 1
        start = middle - int(back.argmax()) - 1 if len(back) and back.max() > 0 else middle
        return low + start, low + end

    def _common(
        self, a: tuple[int, int], b: tuple[int, int], *, distinct: bool = False
    ) -> tuple[float, int, tuple[float, float]]:
        """The weight of the words in common, their number, and the whole weight of either side.

        With `distinct` every word counts once, as a summary does not repeat what its source repeats.
        """
        one, two = slice(*a), slice(*b)
        numbers_a, first_a, counts_a = np.unique(self._numbers[one], return_index=True, return_counts=True)
        numbers_b, first_b, counts_b = np.unique(self._numbers[two], return_index=True, return_counts=True)
        if distinct:
            counts_a, counts_b = np.ones_like(counts_a), np.ones_like(counts_b)
        _, at_a, at_b = np.intersect1d(numbers_a, numbers_b, assume_unique=True, return_indices=True)
        counts = np.minimum(counts_a[at_a], counts_b[at_b])
        weights_a, weights_b = self._weights[one][first_a], self._weights[two][first_b]
        common = float((counts * weights_a[at_a]).sum())
        return common, int(counts.sum()), (float((counts_a * weights_a).sum()), float((counts_b * weights_b).sum()))


def credited(numbers: npt.NDArray[np.int32], other: npt.NDArray[np.int32], middle: int) -> npt.NDArray[np.bool_]:
    """Which words of one side the other side has, each as often as it is there, those next to the middle first.

    Were a word credited at every place, one side would grow over all that its text says on the topic.

    Args:
        numbers: of the words of the one side, shape (n,).
        other: of the words of the other side.
        middle: place in `numbers` from which the stretch grows.
    """
    order = np.lexsort((np.abs(np.arange(len(numbers)) - middle), numbers))
    held = numbers[order]
    firsts = np.flatnonzero(np.concatenate([[True], held[1:] != held[:-1]]))
    rank = np.arange(len(held)) - np.repeat(firsts, np.diff(np.append(firsts, len(held))))
    there = np.sort(other)
    count = np.searchsorted(there, held, side="right") - np.searchsorted(there, held, side="left")
    result = np.empty(len(numbers), dtype=bool)
    result[order] = rank < count
    return result


def is_echo(one: Aligned, other: Aligned, most: float) -> bool:
    """Whether a passage lies by more than a share of it within another one, on either side."""
    return (
        shared_words((one.a, one.a_end), (other.a, other.a_end)) > most * (one.a_end - one.a)
        or shared_words((one.b, one.b_end), (other.b, other.b_end)) > most * (one.b_end - one.b)
    )  # fmt: skip


def gather(left: IndexArray, right: IndexArray, gaps: tuple[int, int], least: int) -> Iterator[Region]:
    """Candidates: seeds of two texts that lie within a gap of each other on both sides, enough of them together.

    Args:
        left: places in the one text.
        right: places in the other.
        gaps: words between neighbouring seeds in the one and in the other text.
        least: distinct places that a candidate has on either side.
    """
    stack = [np.arange(len(left))]
    while stack:
        rows = stack.pop()
        if len(rows) < least:
            continue
        for side, gap in ((left, gaps[0]), (right, gaps[1])):
            rows = rows[np.argsort(side[rows], kind="stable")]
            cuts = np.flatnonzero(np.diff(side[rows]) > gap) + 1
            if len(cuts):
                stack.extend(np.split(rows, cuts))
                break
        else:
            one, two = left[rows], right[rows]
            if min(len(np.unique(one)), len(np.unique(two))) >= least:
                yield Region(int(one.min()), int(one.max()) + 1, int(two.min()), int(two.max()) + 1)


def _within(one: Aligned, other: Aligned, least: float) -> bool:
    """Whether more than a share of a passage lies within another one on both sides."""
    return (
        shared_words((one.a, one.a_end), (other.a, other.a_end)) > least * (one.a_end - one.a)
        and shared_words((one.b, one.b_end), (other.b, other.b_end)) > least * (one.b_end - one.b)
    )  # fmt: skip


def _shorter_within(one: Aligned, summary: Aligned, least: float) -> bool:
    """Whether more than a share of a passage lies within a summary, on the summary's shorter side."""
    if summary.a_end - summary.a < summary.b_end - summary.b:
        return shared_words((one.a, one.a_end), (summary.a, summary.a_end)) > least * (one.a_end - one.a)
    return shared_words((one.b, one.b_end), (summary.b, summary.b_end)) > least * (one.b_end - one.b)


def _share(one: Aligned, whole: Aligned) -> float:
    """The share of a passage that another fills, on the side where it fills less."""
    a = shared_words((one.a, one.a_end), (whole.a, whole.a_end))
    b = shared_words((one.b, one.b_end), (whole.b, whole.b_end))
    return min(a / (whole.a_end - whole.a), b / (whole.b_end - whole.b))
