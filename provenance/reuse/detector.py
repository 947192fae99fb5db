"""Detection: from articles to the passages they share.

    words → families → fingerprints → runs and candidates → alignment → kinds → clusters

Articles are sorted by id first, so the result does not depend on the order they come in. What an earlier detection
left (`index`) is gone on from: only new and changed articles are compared, with all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from provenance.model import Article, Earlier, Match, MatchKind, Passage, Span, TextIndex
from provenance.reuse.alignment import Align, Aligned, Block, align_all
from provenance.reuse.asked import DirtyTexts, Pairs, crowded_pairs
from provenance.reuse.candidates import Asked, TextsOf, find_runs
from provenance.reuse.families import find_families
from provenance.reuse.fingerprints import fingerprint, occurrences, only
from provenance.reuse.index import Collection, Kept, pack
from provenance.reuse.kinds import KindReader, cluster_kind
from provenance.reuse.passages import Alignment, Shared, carry_over, cluster, through
from provenance.reuse.rewrites import find_rewrites, stop_words_of
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

Progress = Callable[[str, float], None]
"""Told the name of the stage and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found.

    Attributes:
        matches: pairs of passages, sorted; within a family only those with its representative.
        passages: the copies of every cluster, sorted by cluster, document and place.
        alignments: for each match what the next detection goes on from, as `index.pack` packs it; empty for matches
            that it has to find again.
        whole: whether everything was compared with everything, and nothing kept from an earlier detection.
        index: gives the index of the texts that were compared (of all, if `whole`), by id.
    """

    matches: list[Match]
    passages: list[Passage]
    alignments: list[bytes] = field(default_factory=list)
    whole: bool = True
    index: Callable[[], Iterator[TextIndex]] = field(default=lambda: iter(()), compare=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """One match: where it stands in words and in code points, and what was made of it."""

    shared: Shared
    spans: tuple[Span, Span]
    similarity: float
    exact: bool
    blocks: tuple[Block, ...]
    first: MatchKind
    kind: MatchKind
    packed: bytes = b""


def silent(_stage: str, _share: float) -> None:
    """No progress is shown."""


def detect(
    articles: Sequence[Article],
    settings: ReuseSettings,
    progress: Progress = silent,
    earlier: Earlier | None = None,
    align: Align = align_all,
) -> Detection:
    """Find the passages that articles share.

    Args:
        articles: with distinct ids, in any order.
        settings: the thresholds.
        progress: is told how far the work is.
        earlier: what a detection of before, with the same settings, left of the articles that have not changed
            since: only the others are compared, with all. The rows are those of a whole detection, but for what
            hangs on counts over the collection: which fingerprints are rare (`rare_occurrences`) where both articles
            are of before, and kinds told by counts (`KindReader.counted`) of matches between such.
        align: what aligns the candidates; engines spread that over processes, with the same rows.
    """
    if settings.sensitivity == "verbatim":
        settings = replace(
            settings,
            minimum_similarity=settings.verbatim_similarity,
            unmatched_cost=settings.verbatim_unmatched_cost,
        )
    if settings.sensitivity == "rewritten":
        # Weights of words are counts over the collection, and every match hangs on them.
        earlier = None
    articles = articles if _is_sorted(articles) else sorted(articles, key=lambda article: article.id)
    progress("reading words", 0.0)
    collection = Collection(articles, earlier, settings)
    words = collection.words
    progress("finding whole copies", 0.0)
    representatives = find_families(words, collection.sketches, collection.sampled, settings)
    collection.keep(representatives)
    progress("joining fingerprints", 0.0)
    aligned: Iterable[tuple[int, int, list[Aligned]]]
    if collection.whole:
        prints = fingerprint(words, settings.shingle_words, settings.winnowing_window)
        aligned = align(words, find_runs(words, prints, representatives, settings), settings)
        del prints
    else:
        aligned = _aligned_anew(collection, representatives, settings, align)
    if settings.sensitivity == "rewritten":
        progress("aligning passages", 0.0)
        exact = {(text_a, text_b): found for text_a, text_b, found in aligned}
        progress("looking for rewordings", 0.0)
        stop_words = words_of([stop_words_of({article.language for article in articles})]).hashes
        reworded = find_rewrites(words, representatives, stop_words, exact, settings)
        exact.update({(text_a, text_b): found for text_a, text_b, found in reworded})
        aligned = ((text_a, text_b, found) for (text_a, text_b), found in sorted(exact.items()))
    return _Assembly(collection, representatives, settings).assemble(aligned, progress)


def _aligned_anew(
    collection: Collection, representatives: npt.NDArray[np.int32], settings: ReuseSettings, align: Align
) -> list[tuple[int, int, list[Aligned]]]:
    """The passages of text pairs with a dirty text, and of those of before that new texts have crowded out."""
    words, length, window = collection.words, settings.shingle_words, settings.winnowing_window
    asked: Asked = DirtyTexts.among(collection.dirty, representatives)
    source = only(words, asked.concerned)
    prints = occurrences(words, fingerprint(source, length, window), source, length, window)
    text_of = TextsOf(words)
    found = list(align(words, find_runs(words, prints, representatives, settings, asked, text_of), settings))
    crowded = crowded_pairs(text_of, prints, representatives, collection.new, settings)
    doubtful = collection.drop(crowded)
    if doubtful:
        asked = Pairs.of(doubtful, representatives)
        source = only(words, asked.concerned)
        wanted = fingerprint(source, length, window).among(asked.shared(words, representatives, settings))
        prints = occurrences(words, wanted, source, length, window)
        found += align(words, find_runs(words, prints, representatives, settings, asked, text_of), settings)
        found.sort(key=lambda pair: pair[:2])
    return found


def _is_sorted(articles: Sequence[Article]) -> bool:
    return all(one.id < two.id for one, two in pairwise(articles))


class _Assembly:
    """Turns aligned word spans into records."""

    def __init__(self, collection: Collection, representatives: npt.NDArray[np.int32], settings: ReuseSettings) -> None:
        self._collection = collection
        self._articles = collection.articles
        self._words = collection.words
        self._representatives = representatives
        self._stands_for: list[int] = representatives.tolist()
        self._settings = settings
        self._reader = KindReader(collection.articles, settings)
        self._found: list[_Found] = []

    def assemble(self, aligned: Iterable[tuple[int, int, list[Aligned]]], progress: Progress) -> Detection:
        if not self._collection.whole:
            # Texts are read again many at a time.
            aligned = list(aligned)
            self._collection.with_places(text for text_a, text_b, _ in aligned for text in (text_a, text_b))
        for text_a, text_b, found in aligned:
            progress("aligning passages", text_a / len(self._articles))
            self._take(text_a, text_b, found)
        progress("gathering copies", 0.0)
        self._join_kept()
        shared = [one.shared for one in self._found]
        clusters = cluster(shared, self._settings)
        members = self._members()
        copies = carry_over(clusters, members, self._settings)
        kinds: dict[int, Counter[MatchKind]] = defaultdict(Counter)
        for one, number in zip(self._found, clusters.of_match, strict=True):
            kinds[number][one.kind] += 1
        rows = [
            (self._match(one.shared, one.spans, one, number), self._packed(one))
            for one, number in zip(self._found, clusters.of_match, strict=True)
        ]
        rows.extend((match, b"") for match in self._carried_rewordings(clusters.of_match, members))
        rows.sort(key=lambda row: (row[0].a, row[0].b, row[0].a_span, row[0].b_span))
        passages = [
            Passage(number, self._articles[text].id, self._collection.span(text, span), cluster_kind(kinds[number]))
            for number, held in enumerate(copies)
            for text, span in held
        ]
        collection, representatives = self._collection, self._representatives
        return Detection(
            [match for match, _ in rows],
            passages,
            [packed for _, packed in rows],
            collection.whole,
            lambda: collection.renewed(representatives),
        )

    def _take(self, text_a: int, text_b: int, found: list[Aligned]) -> None:
        place = self._collection.span
        placed = [(one, (place(text_a, (one.a, one.a_end)), place(text_b, (one.b, one.b_end)))) for one in found]
        least = self._settings.minimum_characters
        placed = [(one, both) for one, both in placed if min(map(len, both)) >= least]
        spans = [both for _, both in placed]
        for (one, both), kind in zip(placed, self._reader.kinds((text_a, text_b), spans), strict=True):
            shared = Shared(text_a, (one.a, one.a_end), text_b, (one.b, one.b_end))
            blocks = one.blocks if self._is_star(text_a, text_b) else ()
            similarity = round(one.similarity, 4)
            self._found.append(_Found(shared, both, similarity, bool(one.blocks), blocks, kind, kind))

    def _is_star(self, text_a: int, text_b: int) -> bool:
        """Whether one text stands for the family of the other."""
        return self._stands_for[text_b] == text_a or self._stands_for[text_a] == text_b

    def _join_kept(self) -> None:
        """Judge the kinds of new matches by counts, and join the matches of before to them, sorted by place."""
        new = len(self._found)
        for text_a, text_b, match, kept, packed in self._collection.kept:
            shared = Shared(text_a, kept.span_a, text_b, kept.span_b)
            spans = match.a_span, match.b_span
            one = _Found(shared, spans, match.similarity, kept.exact, kept.blocks, kept.first, match.kind, packed)
            self._found.append(one)
        counted = self._reader.counted(
            self._words,
            [one.shared for one in self._found],
            [one.first for one in self._found],
            # What is not exact is not judged anew, but counts where outlets of one house are told.
            [one.exact and number < new for number, one in enumerate(self._found)],
        )
        for number, kind in enumerate(counted[:new]):
            if kind != self._found[number].kind:
                self._found[number] = replace(self._found[number], kind=kind)
        if len(self._found) > new:
            self._found.sort(
                key=lambda one: (one.shared.text_a, one.shared.text_b, one.shared.span_a, one.shared.span_b)
            )

    def _members(self) -> dict[int, list[tuple[int, Alignment]]]:
        """The members of each family's representative, with the passages that each shares with it."""
        pairs: dict[tuple[int, int], list[Sequence[Block]]] = {}
        for one in self._found:
            text_a, text_b = one.shared.text_a, one.shared.text_b
            if self._stands_for[text_b] == text_a:
                pairs.setdefault((text_a, text_b), []).append(one.blocks)
            elif self._stands_for[text_a] == text_b:
                pairs.setdefault((text_b, text_a), []).append(_turned(one.blocks))
        members: dict[int, list[tuple[int, Alignment]]] = defaultdict(list)
        for (representative, member), alignment in pairs.items():
            members[representative].append((member, alignment))
        return members

    def _carried_rewordings(
        self, of_match: Sequence[int], members: Mapping[int, Sequence[tuple[int, Alignment]]]
    ) -> Iterator[Match]:
        """Reworded passages of a representative as its members have them.

        An exact copy that a member has through its representative is found again by comparing words in their order
        (`edits.likeness`); a rewording is not, so it is carried over here.
        """
        for one, number in zip(self._found, of_match, strict=True):
            if one.exact:
                continue
            shared = one.shared
            for text, span, other, across in (
                (shared.text_a, shared.span_a, shared.text_b, shared.span_b),
                (shared.text_b, shared.span_b, shared.text_a, shared.span_a),
            ):
                for member, alignment in members.get(text, ()):
                    mapped = through(span, alignment, self._settings) if member != other else None
                    if mapped:
                        turned = member > other
                        pair = (other, across, member, mapped) if turned else (member, mapped, other, across)
                        carried = Shared(*pair)
                        place = self._collection.span
                        spans = place(carried.text_a, carried.span_a), place(carried.text_b, carried.span_b)
                        yield self._match(carried, spans, one, number)

    def _match(self, shared: Shared, spans: tuple[Span, Span], found: _Found, number: int) -> Match:
        return Match(
            a=self._articles[shared.text_a].id,
            a_span=spans[0],
            b=self._articles[shared.text_b].id,
            b_span=spans[1],
            similarity=found.similarity,
            kind=found.kind,
            cluster=number,
        )

    def _packed(self, one: _Found) -> bytes:
        if one.packed:
            return one.packed
        kept = Kept(one.shared.span_a, one.shared.span_b, one.exact, one.first, one.blocks)
        return pack(kept, self._collection.first(one.shared.text_a), self._collection.first(one.shared.text_b))


def _turned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with their sides exchanged; they ascend on both."""
    return [(to, at, length) for at, to, length in blocks]
