"""Shared text: matches, passages and their clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, repeat

from provenance.model import Match, MatchKind, Passage, Span
from provenance.store.connection import Row, in_batches
from provenance.store.indexed import IndexStore
from provenance.store.records import ClusterRow, IndexUpdate

_INSERT_MATCH = """
    INSERT INTO matches (a_id, a_start, a_end, b_id, b_start, b_end, similarity, kind, cluster, alignment)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_PASSAGE = """
    INSERT INTO passages (cluster, article_id, start_offset, end_offset, kind) VALUES (?, ?, ?, ?, ?)"""
_MATCHES = """
    FROM matches JOIN articles a ON a.article_id = a_id JOIN articles b ON b.article_id = b_id"""
_PASSAGES = """
    FROM passages JOIN articles ON articles.article_id = passages.article_id"""


class MatchStore(IndexStore):
    """The part of `Store` that holds shared text."""

    def replace_matches(
        self,
        matches: Iterable[Match],
        passages: Iterable[Passage],
        *,
        signature: str | None = None,
        index: IndexUpdate | None = None,
    ) -> None:
        """Replace all matches and passages, in one transaction.

        Links and chains stay as they were until they are brought up to date; without a signature of their stages they
        count as out of date, and links may name clusters by their numbers of before. The iterables may be generators;
        they are not held in memory as a whole.

        Args:
            matches: every pair of shared passages.
            passages: every copy in every cluster.
            signature: kept as the signature of the stage `reuse`, in the same transaction.
            index: what the next detection goes on from; without it the index is emptied.

        Raises:
            NotFoundError: a match or passage names an article that the store does not hold.
            StoreError: a record cannot be stored; everything is as before then.
        """
        with self._writing():
            self._clear_stages("reuse", "links", "chains")
            keys = self._memo(everything=True)
            alignments = repeat(None) if index is None else index.alignments
            rows = (_match_row(match, alignment, keys) for match, alignment in zip(matches, alignments))  # noqa: B905
            self._refill("matches", _INSERT_MATCH, rows, article_at=0)
            self._refill(
                "passages", _INSERT_PASSAGE, (_passage_row(passage, keys) for passage in passages), article_at=1
            )
            self._renew_index(index, keys)
            if signature is not None:
                self.set_stage_signature("reuse", signature)

    def _refill(self, table: str, insert: str, rows: Iterable[Row], *, article_at: int) -> None:
        """Empty a table and fill it anew; its indexes are built afterwards, which is several times faster."""
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        indexes = self._rows(named, (table,))
        for name, _ in indexes:
            self._run(f"DROP INDEX {name}")
        self._run(f"DELETE FROM {table}")
        for batch in in_batches(rows, self.settings.batch_rows):
            self._many(insert, batch, article_at)
        for _, statement in indexes:
            self._run(statement)

    def matches(self, document: str | None = None, cluster: int | None = None) -> Iterator[Match]:
        """Matches, all or those of one article or cluster.

        Ordered by a, a's span, b, b's span, then kind, cluster and similarity, whatever the order they came in.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], []
        if document is not None:
            conditions.append("(a_id = ? OR b_id = ?)")
            values += [self._key_of(document)] * 2
        if cluster is not None:
            conditions.append("cluster = ?")
            values.append(cluster)
        order = "a.id, a_start, a_end, b.id, b_start, b_end, kind, cluster, similarity"
        keys = self._keys(f"SELECT match_id {_MATCHES} WHERE {' AND '.join(conditions)} ORDER BY {order}", values)
        columns = "match_id, a.id, a_start, a_end, b.id, b_start, b_end, similarity, kind, cluster"
        return (
            Match(a, Span(a_start, a_end), b, Span(b_start, b_end), similarity, kind, number)
            for _, a, a_start, a_end, b, b_start, b_end, similarity, kind, number in self._by_key(
                f"SELECT {columns} {_MATCHES} WHERE match_id IN {{keys}}", keys
            )
        )

    def passages(self, document: str | None = None, cluster: int | None = None) -> Iterator[Passage]:
        """Passages, all or those of one article or cluster, ordered by cluster, article, span and kind.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], []
        if document is not None:
            conditions.append("passages.article_id = ?")
            values.append(self._key_of(document))
        if cluster is not None:
            conditions.append("cluster = ?")
            values.append(cluster)
        order = "cluster, id, start_offset, end_offset, kind"
        keys = self._keys(f"SELECT passage_id {_PASSAGES} WHERE {' AND '.join(conditions)} ORDER BY {order}", values)
        rows = self._by_key(
            f"SELECT passage_id, cluster, id, start_offset, end_offset, kind {_PASSAGES} WHERE passage_id IN {{keys}}",
            keys,
        )
        return (Passage(number, article, Span(start, end), kind) for _, number, article, start, end, kind in rows)

    def clusters(self, kind: MatchKind | None = None) -> Iterator[ClusterRow]:
        """The passage clusters, or those of one kind; most copies first, then the longest, then by number.

        Texts are read as the rows are taken, so taking the first ten of many clusters is cheap.
        """
        found = []
        for number, group in groupby(self.passages(), key=lambda passage: passage.cluster):
            copies = list(group)
            kinds = Counter(passage.kind for passage in copies)
            commonest = min(kinds, key=lambda name: (-kinds[name], name))
            if kind is None or kind == commonest:
                articles = len({passage.document for passage in copies})
                found.append((-len(copies), -len(copies[0].span), number, commonest, articles, copies[0]))
        found.sort(key=lambda row: row[:3])
        return (self._cluster_row(-copies, kind, articles, first) for copies, _, _, kind, articles, first in found)

    def _cluster_row(self, copies: int, kind: MatchKind, articles: int, first: Passage) -> ClusterRow:
        rows = self._rows("SELECT text FROM documents WHERE id = ?", (first.document,))
        # sliced here: SQL's substr stops at a NUL character
        text = rows[0][0][first.span.start : first.span.end] if rows else ""
        return ClusterRow(
            cluster=first.cluster,
            kind=kind,
            copies=copies,
            articles=articles,
            words=len(text.split()),
            characters=len(first.span),
            document=first.document,
            span=first.span,
            sample=text[: self.settings.sample_characters],
        )


def _match_row(match: Match, alignment: bytes | None, key: Callable[[str], int]) -> Row:
    a, b = match.a_span, match.b_span
    ids = key(match.a), key(match.b)
    return (ids[0], a.start, a.end, ids[1], b.start, b.end, match.similarity, match.kind, match.cluster, alignment)


def _passage_row(passage: Passage, key: Callable[[str], int]) -> Row:
    return (passage.cluster, key(passage.document), passage.span.start, passage.span.end, passage.kind)
