"""From aligned words to records: kinds, clusters and their copies, matches and passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from provenance.model import Match, Passage, Span, TextIndex
from provenance.reuse.alignment import Aligned, Block
from provenance.reuse.found import Found, IndexArray, Mask, Rows
from provenance.reuse.index import Collection
from provenance.reuse.kept import KINDS, Kept, unpack
from provenance.reuse.kinds import KindReader, cluster_kinds
from provenance.reuse.passages import Alignment, Clusters, Copies, Shared, SharedRows, carry_over, cluster, through
from provenance.settings import ReuseSettings

Progress = Callable[[str, float], None]
"""Told the name of the stage and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found.

    Attributes:
        matches: pairs of passages, sorted; within a family only those with its representative.
        passages: the copies of every cluster, sorted by cluster, document and place.
        alignments: for each match what the next detection goes on from, as `kept.pack` packs it; empty for matches
            that it has to find again.
        whole: whether everything was compared with everything, and nothing kept from an earlier detection.
        index: gives the index of the texts that were compared (of all, if `whole`), by id.

    Records are made as they are asked for: take them once each.
    """

    matches: Sequence[Match]
    passages: Sequence[Passage]
    alignments: Sequence[bytes] = field(default_factory=list)
    whole: bool = True
    index: Callable[[], Iterator[TextIndex]] = field(default=lambda: iter(()), compare=False)


class Assembly:
    """Turns aligned word spans into records."""

    def __init__(self, collection: Collection, representatives: npt.NDArray[np.int32], settings: ReuseSettings) -> None:
        self._collection = collection
        self._articles = collection.articles
        self._words = collection.words
        self._representatives = representatives
        self._settings = settings
        self._reader = KindReader(collection.articles, settings)

    def assemble(self, aligned: Iterable[tuple[int, int, list[Aligned]]], progress: Progress) -> Detection:
        """Everything that was found, out of the passages that pairs of texts share, each pair once."""
        if not self._collection.whole:
            # Texts are read again many at a time.
            aligned = list(aligned)
            self._collection.with_places(text for text_a, text_b, _ in aligned for text in (text_a, text_b))
        furthest = 0
        for text_a, text_b, passages in aligned:
            # Pairs found in parts come in the order of the parts.
            furthest = max(furthest, text_a)
            progress("aligning passages", furthest / len(self._articles))
            self._take(text_a, text_b, passages)
        progress("gathering copies", 0.0)
        # the places of words are hardly asked for now, the words themselves in a moment: not both need be in memory
        self._collection.release()
        found = self._counted(self._collection.found.sorted())
        self._collection.release()
        clusters = cluster(found.shared, self._settings)
        members = self._members(found)
        copies = carry_over(clusters, members, self._settings)
        kinds = cluster_kinds(clusters.of_match, found.kind, clusters.count)
        collection, representatives = self._collection, self._representatives
        matches, alignments = self._matches(found, clusters, members)
        return Detection(
            matches,
            Rows(len(copies), lambda first, last: self._passages(copies, kinds, first, last)),
            alignments,
            collection.whole,
            lambda: collection.renewed(representatives),
        )

    def _take(self, text_a: int, text_b: int, found: list[Aligned]) -> None:
        place = self._collection.span
        placed = [(one, (place(text_a, (one.a, one.a_end)), place(text_b, (one.b, one.b_end)))) for one in found]
        least = self._settings.minimum_characters
        placed = [(one, both) for one, both in placed if min(map(len, both)) >= least]
        spans = [both for _, both in placed]
        firsts = self._collection.first(text_a), self._collection.first(text_b)
        star = self._representatives[text_b] == text_a or self._representatives[text_a] == text_b
        for (one, both), kind in zip(placed, self._reader.kinds((text_a, text_b), spans), strict=True):
            kept = Kept((one.a, one.a_end), (one.b, one.b_end), bool(one.blocks), kind, one.blocks if star else ())
            self._collection.found.add((text_a, text_b), kept, both, round(one.similarity, 4), firsts)

    def _counted(self, found: Found) -> Found:
        """The matches with the kinds of the fresh ones judged by counts."""
        counted = self._reader.counted(
            self._words,
            found.shared,
            [KINDS[kind] for kind in found.first.tolist()],
            # What is not exact is not judged anew, but counts where outlets of one house are told.
            (found.exact & found.fresh).tolist(),
        )
        judged = np.array([KINDS.index(kind) for kind in counted], dtype=np.int8)
        return replace(found, kind=np.where(found.fresh, judged, found.kind))

    def _members(self, found: Found) -> dict[int, list[tuple[int, Alignment]]]:
        """The members of each family's representative, with the passages that each shares with it."""
        one, two = found.shared.text_a, found.shared.text_b
        of_one, of_two = self._representatives[two] == one, self._representatives[one] == two
        return members_of(found.shared, found.packed, of_one, of_two, self._collection.first)

    def _matches(
        self, found: Found, clusters: Clusters, members: Mapping[int, Sequence[tuple[int, Alignment]]]
    ) -> tuple[Sequence[Match], Sequence[bytes]]:
        """The matches and their alignments, by documents and place."""
        rows = Rows(len(found), lambda first, last: self._made(found, clusters.of_match, range(first, last)))
        carried = list(self._carried_rewordings(found, clusters.of_match, members)) if not found.exact.all() else []
        if not carried:
            return rows, found.packed
        both = [*zip(rows, found.packed, strict=True), *((match, b"") for match in carried)]
        both.sort(key=lambda row: (row[0].a, row[0].b, row[0].a_span, row[0].b_span))
        return [match for match, _ in both], [packed for _, packed in both]

    def _made(self, found: Found, of_match: IndexArray, rows: Iterable[int]) -> list[Match]:
        chosen = np.fromiter(rows, dtype=np.int64)
        columns = (found.shared.text_a, *found.spans[:2], found.shared.text_b, *found.spans[2:], found.similarity)
        codes = found.kind[chosen].tolist(), of_match[chosen].tolist()
        articles = self._articles
        return [
            Match(
                articles[text_a].id,
                Span(a, a_end),
                articles[text_b].id,
                Span(b, b_end),
                similarity,
                KINDS[kind],
                number,
            )
            for text_a, a, a_end, text_b, b, b_end, similarity, kind, number in zip(
                *(column[chosen].tolist() for column in columns), *codes, strict=True
            )
        ]

    def _passages(self, copies: Copies, kinds: npt.NDArray[np.int8], first: int, last: int) -> list[Passage]:
        number, text, start, end = (
            column[first:last] for column in (copies.cluster, copies.text, copies.start, copies.end)
        )
        columns = number.tolist(), text.tolist(), *self._collection.spans(text, start, end), kinds[number].tolist()
        articles = self._articles
        return [
            Passage(cluster, articles[text].id, Span(begin, close), KINDS[kind])
            for cluster, text, begin, close, kind in zip(*columns, strict=True)
        ]

    def _carried_rewordings(
        self, found: Found, of_match: IndexArray, members: Mapping[int, Sequence[tuple[int, Alignment]]]
    ) -> Iterator[Match]:
        """Reworded passages of a representative as its members have them.

        An exact copy that a member has through its representative is found again by comparing words in their order
        (`edits.likeness`); a rewording is not, so it is carried over here.
        """
        place = self._collection.span
        for row in np.flatnonzero(~found.exact).tolist():
            shared = found.shared[row]
            (like,) = self._made(found, of_match, (row,))
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
                        yield replace(
                            like,
                            a=self._articles[carried.text_a].id,
                            a_span=place(carried.text_a, carried.span_a),
                            b=self._articles[carried.text_b].id,
                            b_span=place(carried.text_b, carried.span_b),
                        )


def _turned(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with their sides exchanged; they ascend on both."""
    return [(to, at, length) for at, to, length in blocks]


def members_of(
    shared: SharedRows, packed: Sequence[bytes], of_one: Mask, of_two: Mask, first: Callable[[int], int]
) -> dict[int, list[tuple[int, Alignment]]]:
    """The members of each family's representative, with the passages that each shares with it.

    Args:
        shared: matches, sorted.
        packed: the alignment of each.
        of_one: which of them are of a member (b) and its representative (a), shape (matches,).
        of_two: the same the other way round.
        first: gives the first word of a text.
    """
    members: dict[int, list[tuple[int, Alignment]]] = defaultdict(list)
    last = (-1, -1)
    for row in np.flatnonzero(of_one | of_two).tolist():
        text_a, text_b = int(shared.text_a[row]), int(shared.text_b[row])
        blocks: Sequence[Block] = unpack(packed[row], first(text_a), first(text_b)).blocks
        pair = (text_a, text_b)
        if not of_one[row]:
            pair, blocks = (text_b, text_a), _turned(blocks)
        if pair == last:
            members[pair[0]][-1][1].append(blocks)  # type: ignore[attr-defined]
        else:
            members[pair[0]].append((pair[1], [blocks]))
        last = pair
    return members
