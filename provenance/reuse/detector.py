"""Detection: from articles to the passages they share.

    words → families → fingerprints → runs and candidates → alignment → kinds → clusters

Articles are sorted by id first, so the result does not depend on the order they come in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from provenance.model import Article, Match, MatchKind, Passage, Span
from provenance.reuse.alignment import Aligned, Block, align_all
from provenance.reuse.candidates import find_runs
from provenance.reuse.families import find_families
from provenance.reuse.fingerprints import fingerprint
from provenance.reuse.kinds import KindReader, cluster_kind
from provenance.reuse.overlaps import WordSpan
from provenance.reuse.passages import Alignment, Shared, carry_over, cluster, through
from provenance.reuse.rewrites import find_rewrites, stop_words_of
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

Progress = Callable[[str, float], None]
"""Told the name of the stage and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found.

    Attributes:
        matches: pairs of passages, sorted; within a family only those with its representative.
        passages: the copies of every cluster, sorted by cluster, document and place.
    """

    matches: list[Match]
    passages: list[Passage]


def _silent(_stage: str, _share: float) -> None:
    """No progress is shown."""


def detect(articles: Sequence[Article], settings: ReuseSettings, progress: Progress = _silent) -> Detection:
    """Find the passages that articles share.

    Args:
        articles: with distinct ids, in any order.
        settings: the thresholds.
        progress: is told how far the work is.
    """
    if settings.sensitivity == "verbatim":
        settings = replace(
            settings,
            minimum_similarity=settings.verbatim_similarity,
            unmatched_cost=settings.verbatim_unmatched_cost,
        )
    articles = sorted(articles, key=lambda article: article.id)
    progress("reading words", 0.0)
    words = words_of(article.text for article in articles)
    progress("finding whole copies", 0.0)
    representatives = find_families(words, settings)
    progress("joining fingerprints", 0.0)
    prints = fingerprint(words, settings.shingle_words, settings.winnowing_window)
    runs = find_runs(words, prints, representatives, settings)
    aligned: Iterable[tuple[int, int, list[Aligned]]] = align_all(words, runs, settings)
    if settings.sensitivity == "rewritten":
        progress("aligning passages", 0.0)
        exact = {(text_a, text_b): found for text_a, text_b, found in aligned}
        progress("looking for rewordings", 0.0)
        stop_words = words_of([stop_words_of({article.language for article in articles})]).hashes
        reworded = find_rewrites(words, representatives, stop_words, exact, settings)
        exact.update({(text_a, text_b): found for text_a, text_b, found in reworded})
        aligned = ((text_a, text_b, found) for (text_a, text_b), found in sorted(exact.items()))
    return _Assembly(articles, words, representatives, settings).assemble(aligned, progress)


class _Assembly:
    """Turns aligned word spans into records."""

    def __init__(
        self,
        articles: Sequence[Article],
        words: Words,
        representatives: npt.NDArray[np.int32],
        settings: ReuseSettings,
    ) -> None:
        self._articles = articles
        self._words = words
        self._representatives = representatives
        self._settings = settings
        self._reader = KindReader(articles, settings)
        self._shared: list[Shared] = []
        self._matches: list[tuple[Aligned, MatchKind]] = []
        self._members: dict[int, list[tuple[int, Alignment]]] = defaultdict(list)

    def assemble(self, aligned: Iterable[tuple[int, int, list[Aligned]]], progress: Progress) -> Detection:
        for text_a, text_b, found in aligned:
            progress("aligning passages", text_a / len(self._articles))
            self._take(text_a, text_b, found)
        progress("gathering copies", 0.0)
        counted = self._reader.counted(
            self._words,
            self._shared,
            [kind for _, kind in self._matches],
            [bool(found.blocks) for found, _ in self._matches],
        )
        self._matches = [(found, kind) for (found, _), kind in zip(self._matches, counted, strict=True)]
        clusters = cluster(self._shared, self._settings)
        copies = carry_over(clusters, self._members, self._settings)
        kinds: dict[int, Counter[MatchKind]] = defaultdict(Counter)
        for (_, kind), number in zip(self._matches, clusters.of_match, strict=True):
            kinds[number][kind] += 1
        matches = [
            self._match(shared, found, kind, number)
            for shared, (found, kind), number in zip(self._shared, self._matches, clusters.of_match, strict=True)
        ]
        matches.extend(self._carried_rewordings(clusters.of_match))
        matches.sort(key=lambda match: (match.a, match.b, match.a_span, match.b_span))
        passages = [
            Passage(number, self._articles[text].id, self._span(span), cluster_kind(kinds[number]))
            for number, held in enumerate(copies)
            for text, span in held
        ]
        return Detection(matches, passages)

    def _take(self, text_a: int, text_b: int, found: list[Aligned]) -> None:
        spans = [(self._span((one.a, one.a_end)), self._span((one.b, one.b_end))) for one in found]
        for one, kind in zip(found, self._reader.kinds((text_a, text_b), spans), strict=True):
            self._matches.append((one, kind))
            self._shared.append(Shared(text_a, (one.a, one.a_end), text_b, (one.b, one.b_end)))
        if self._representatives[text_b] == text_a:
            self._members[text_a].append((text_b, [one.blocks for one in found]))
        elif self._representatives[text_a] == text_b:
            self._members[text_b].append((text_a, [_turned(one.blocks) for one in found]))

    def _carried_rewordings(self, of_match: Sequence[int]) -> Iterator[Match]:
        """Reworded passages of a representative as its members have them.

        An exact copy that a member has through its representative is found again by comparing words in their order
        (`edits.likeness`); a rewording is not, so it is carried over here.
        """
        for shared, (found, kind), number in zip(self._shared, self._matches, of_match, strict=True):
            if found.blocks:
                continue
            for text, span, other, across in (
                (shared.text_a, shared.span_a, shared.text_b, shared.span_b),
                (shared.text_b, shared.span_b, shared.text_a, shared.span_a),
            ):
                for member, alignment in self._members.get(text, ()):
                    mapped = through(span, alignment, self._settings) if member != other else None
                    if mapped:
                        turned = member > other
                        pair = (other, across, member, mapped) if turned else (member, mapped, other, across)
                        yield self._match(Shared(*pair), found, kind, number)

    def _span(self, span: WordSpan) -> Span:
        return Span(int(self._words.starts[span[0]]), int(self._words.ends[span[1] - 1]))

    def _match(self, shared: Shared, found: Aligned, kind: MatchKind, number: int) -> Match:
        return Match(
            a=self._articles[shared.text_a].id,
            a_span=self._span(shared.span_a),
            b=self._articles[shared.text_b].id,
            b_span=self._span(shared.span_b),
            similarity=round(found.similarity, 4),
            kind=kind,
            cluster=number,
        )


def _turned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with their sides exchanged; they ascend on both."""
    return [(to, at, length) for at, to, length in blocks]
