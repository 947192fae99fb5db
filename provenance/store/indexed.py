"""The index that detection goes on from: words and signatures of articles, alignments of matches."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence

from provenance.model import Earlier, IndexedTexts, KeptMatches
from provenance.store.articles import ArticleStore
from provenance.store.connection import in_batches
from provenance.store.records import IndexCounts, IndexUpdate

_INSERT = """
    INSERT OR REPLACE INTO word_index (article_id, scheme, representative_id, sampled, sketch, words)
    VALUES (?, ?, ?, ?, ?, ?)"""
_STATE = "detection"
"""Under which the run's state keeps how many articles there were when everything was compared with everything, how many
were added, changed or deleted since, and how many the index held when it was last written: JSON, a list."""
_TEXTS_AT_ONCE = 200


class IndexStore(ArticleStore):
    """The part of `Store` that holds the index."""

    def earlier(self, scheme: str) -> Earlier:
        """What a detection of a scheme left of the articles that have not changed since.

        The texts and matches are read as they are taken; take them once, before anything is written.
        """
        sql = """
            SELECT article_id, id FROM word_index JOIN articles USING (article_id)
            WHERE scheme = ? ORDER BY id"""
        with self._mapped():
            held = self._rows(sql, (scheme,))
        documents = frozenset(row[1] for row in held)
        kept = self.state(_STATE)
        complete = kept is not None and json.loads(kept)[2] == len(held)
        return Earlier(documents, self._texts(array("q", (row[0] for row in held))), self._aligned(), complete)

    def hashes_of(self, keys: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The hashes of the words of some articles, by key, unsigned 64-bit integers, least byte first.

        Articles that the index does not hold are left out.
        """
        with self._mapped():
            yield from self._by_key("SELECT article_id, words FROM word_index WHERE article_id IN {keys}", keys)

    def _texts(self, keys: Sequence[int]) -> Iterator[IndexedTexts]:
        names = self._names()
        sql = "SELECT article_id, words, sketch, sampled, representative_id FROM word_index WHERE article_id IN {keys}"
        with self._mapped():
            for rows in filter(None, self._some_by_key(sql, keys)):
                documents, words, sketches, sampled, representatives = zip(*rows, strict=True)
                own, central = ([names.get(key, "") for key in column] for column in (documents, representatives))
                yield IndexedTexts(own, words, sketches, sampled, central)

    def _aligned(self) -> Iterator[KeptMatches]:
        names = self._names()
        columns = "match_id, a_id, b_id, a_start, a_end, b_start, b_end, similarity, kind, alignment"
        keys = self._keys("SELECT match_id FROM matches WHERE length(alignment) > 0 ORDER BY match_id")
        for rows in filter(None, self._some_by_key(f"SELECT {columns} FROM matches WHERE match_id IN {{keys}}", keys)):
            _, a, b, *spans, similarity, kinds, alignments = zip(*rows, strict=True)
            of_a, of_b = ([names[key] for key in column] for column in (a, b))
            yield KeptMatches(of_a, of_b, (spans[0], spans[1], spans[2], spans[3]), similarity, kinds, alignments)

    def index_counts(self, scheme: str) -> IndexCounts:
        """How far the collection has moved on since everything in it was compared with everything."""
        articles = self._count("SELECT count(*) FROM articles")
        indexed = self._count("SELECT count(*) FROM word_index WHERE scheme = ?", scheme)
        kept = self.state(_STATE)
        if kept is None or not indexed:
            return IndexCounts(articles, 0, 0)
        compared, changed, left = json.loads(kept)
        return IndexCounts(articles, compared, changed + max(0, left - indexed) + articles - indexed)

    def _renew_index(self, update: IndexUpdate | None, key: Callable[[str], int]) -> None:
        """Write what the next detection goes on from; within the transaction that writes the matches."""
        if update is None or update.whole:
            self._run("DELETE FROM word_index")
        if update is None:
            self.set_state(_STATE, None)
            return
        rows = (
            (key(text.document), update.scheme, key(text.representative), text.sampled, text.sketch, text.words)
            for text in update.texts
        )
        for batch in in_batches(rows, _TEXTS_AT_ONCE):
            self._many(_INSERT, batch, article_at=0)
        indexed = self._count("SELECT count(*) FROM word_index WHERE scheme = ?", update.scheme)
        kept = [indexed, 0, indexed] if update.whole else [update.counts.compared, update.counts.changed, indexed]
        self.set_state(_STATE, json.dumps(kept))

    def _count(self, sql: str, *values: str) -> int:
        count: int = self._rows(sql, values)[0][0]
        return count

    def _names(self) -> dict[int, str]:
        """The ids of all articles by key."""
        return {key: name for key, name in self._rows("SELECT article_id, id FROM articles")}  # noqa: C416

    def _memo(self, *, everything: bool = False) -> Callable[[str], int]:
        """`_key_of` that asks the database once an article, or for all at once; good for one transaction.

        No article goes within it.
        """
        known: dict[str, int] = dict(self._rows("SELECT id, article_id FROM articles")) if everything else {}

        def key(article: str) -> int:
            found = known.get(article)
            if found is None:
                found = known[article] = self._key_of(article)
            return found

        return key
