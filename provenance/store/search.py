"""Full-text search over titles and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

import numpy as np
import numpy.typing as npt

from provenance.model import Chain, Link, Passage, Span
from provenance.store.linked import LinkedStore
from provenance.store.records import SearchHit
from provenance.store.words import occurrences, pieces, tokens

Phrase = tuple[tuple[str, ...], bool]
"""Words that follow each other, and whether the last of them is only the beginning of a word."""

_INDEXES = ("word_search", "character_search")
_READ_PASSAGES = """
    SELECT article_id, cluster, start_offset, end_offset, kind FROM passages
    WHERE article_id IN {keys} ORDER BY cluster, start_offset, end_offset"""
_READ_HOLDERS = "SELECT cluster, article_id FROM passages WHERE kind <> 'furniture' AND cluster IN {keys}"
_READ_CHAIN_KEYS = "SELECT article_id, chain_id FROM chains WHERE article_id IN {keys} ORDER BY article_id, chain_id"
_READ_DENYING = "SELECT article_id FROM chains WHERE stance = 'deny' AND article_id IN {keys}"


class SearchStore(LinkedStore):
    """The part of `Store` that searches."""

    def search(self, query: str, limit: int | None = None) -> Iterator[SearchHit]:
        """Articles that hold every word of a query in title or text, best first.

        The query is words, never FTS5 syntax; case and accents do not matter. A word with punctuation inside stands
        for its parts in that order. In articles with a script that puts no spaces between words, any stretch of
        characters is found, words or not.

        Args:
            query: what to look for; one without a letter or digit finds nothing. What lies beyond
                `StoreSettings.search_words` and `search_characters` is left out.
            limit: how many hits at most; `StoreSettings.search_hits` by default.

        Returns:
            Hits ordered by score, then id. Scores of articles with and without spaces between words come from two
            indexes and compare only roughly.
        """
        words = list(
            dict.fromkeys(
                word for word in _clean(query[: self.settings.search_characters]).split() if any(map(str.isalnum, word))
            )
        )
        del words[self.settings.search_words :]
        most = self.settings.search_hits if limit is None else limit
        if not words or most <= 0:
            return iter(())
        plain = " ".join(_quoted(word) for word in words)
        single = " ".join(_quoted(" ".join(pieces(word))) for word in words)
        weight = self.settings.title_weight
        found: list[tuple[float, str, int, str]] = []
        for table, match in (("word_search", plain), ("character_search", single)):
            ranked = f"""
                SELECT bm25({table}, {weight:.6f}, 1.0) AS score, id, article_id FROM {table}
                JOIN articles ON articles.article_id = {table}.rowid
                WHERE {table} MATCH ? ORDER BY score, id LIMIT ?"""
            found += [(*row, table) for row in self._rows(ranked, (match, most))]
        found.sort()
        phrases = [phrase for phrase in map(tokens, words) if phrase]
        return iter([self._hit(key, score, phrases) for score, _, key, _ in found[:most]])

    # looking for a claim ----------------------------------------------------------------------------------------

    def count_articles(self) -> tuple[int, int]:
        """How many articles there are, and the highest of their keys."""
        count, highest = self._rows("SELECT count(*), ifnull(max(article_id), 0) FROM articles")[0]
        return int(count), int(highest)

    def count_texts(self, phrases: Sequence[Phrase], up_to: int | None = None) -> int:
        """How many articles hold at least one of some phrases in their text.

        Args:
            phrases: what to look for; case and accents do not matter.
            up_to: the highest key of an article that is counted.
        """
        match, values = _any_of(phrases), [] if up_to is None else [up_to]
        if not match:
            return 0
        limit = "" if up_to is None else " AND rowid <= ?"
        sql = "SELECT count(*) FROM {0} WHERE {0} MATCH ?" + limit
        return sum(int(self._rows(sql.format(table), (match, *values))[0][0]) for table in _INDEXES)

    def texts_with(self, phrases: Sequence[Phrase]) -> npt.NDArray[np.int64]:
        """The keys of the articles with at least one of some phrases in their text, in no order, shape (texts,)."""
        match = _any_of(phrases)
        found: list[npt.NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        for table in _INDEXES if match else ():
            # one long text is read in a tenth of the time that as many rows take
            joined = self._rows(f"SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH ?", (match,))[0][0]
            if joined:
                found.append(np.fromstring(joined, dtype=np.int64, sep=","))
        return np.concatenate(found)

    def looking_up(self) -> AbstractContextManager[None]:
        """For the time of many look-ups in the index: they read the file through memory."""
        return self._mapped()

    def words_from(self, start: str, most: int) -> list[str]:
        """The first words of the index that begin with some letters, which stand in it without case and accents."""
        self._run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words USING fts5vocab('main', 'word_search', 'row')")
        sql = "SELECT term FROM temp.indexed_words WHERE term >= ? AND term < ? LIMIT ?"
        return [row[0] for row in self._rows(sql, (start, start + chr(0x10FFFF), most))]

    def ids_of(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some articles, by key."""
        return dict(self._by_key("SELECT article_id, id FROM articles WHERE article_id IN {keys}", sorted(set(keys))))

    def outlets_held(self) -> list[tuple[str, str]]:
        """The outlets of the articles with the hosts of their addresses, as of the last attribution; "" for none."""
        return list(self._rows("SELECT DISTINCT outlet, host FROM outlet_traces"))

    def with_denials(self, keys: Iterable[int]) -> set[int]:
        """Those of some articles that have a chain whose claim is denied."""
        return set(self._grouped(_READ_DENYING, sorted(set(keys))))

    def sharing(self, document: str, span: Span | None) -> set[int]:
        """The keys of the articles with a copy of a passage that one article holds, in a stretch of it or anywhere.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        clusters = {
            one.cluster
            for one in self.passages(document)
            if one.kind != "furniture" and (span is None or one.span.overlaps(span))
        }
        return {key for rows in self._grouped(_READ_HOLDERS, sorted(clusters)).values() for _, key in rows}

    def known_of(self, documents: Iterable[str]) -> tuple[list[Passage], list[Link], list[Chain]]:
        """The passages and chains of some articles, and the links whose downstream is one of them.

        Raises:
            NotFoundError: the store does not hold one of the articles.
        """
        names = {self._key_of(document): document for document in sorted(set(documents))}
        passages = [
            Passage(cluster, names[key], Span(start, end), kind)
            for key, rows in self._grouped(_READ_PASSAGES, list(names)).items()
            for _, cluster, start, end, kind in rows
        ]
        own = self._grouped(_READ_CHAIN_KEYS, list(names))
        chains = list(self._chains([row[1] for key in names for row in own.get(key, ())]))
        return passages, self.taken(names.values()), chains

    # hits -------------------------------------------------------------------------------------------------------

    def _hit(self, key: int, score: float, phrases: list[list[str]]) -> SearchHit:
        row = self._rows("SELECT id, title, outlet, text FROM documents WHERE article_id = ?", (key,))[0]
        name, title, outlet, text = row
        titles = tuple(Span(*ends) for ends in occurrences(title or "", phrases))
        first, start, end = None, 0, 0
        within: list[Span] = []
        for ends in occurrences(text, phrases):
            if first is None:
                first = Span(*ends)
                start, end = self._snippet(text, first)
            if ends[1] > end:
                break
            within.append(Span(*ends))
        if first is None:
            start, end = self._snippet(text, Span(0, 0))
        return SearchHit(name, title, outlet, start, end, text[start:end], tuple(within), titles, score)

    def _snippet(self, text: str, first: Span) -> tuple[int, int]:
        """Where to cut the text around the first word found, between words where there are spaces."""
        width = max(self.settings.snippet_characters, len(first))
        start = max(0, first.start - (width - len(first)) // 2)
        end = min(len(text), start + width)
        start = max(0, min(start, end - width))
        if start > 0 and not text[start - 1].isspace():
            space = re.compile(r"\s").search(text, start, first.start)
            start = space.end() if space else start
        if first.end < end < len(text) and not text[end].isspace():
            cut = max(text.rfind(space, first.end, end) for space in (" ", "\n"))
            end = cut if cut > 0 else end
        return start, end


def _clean(query: str) -> str:
    # a NUL would end the query for SQLite, and a lone surrogate is no text
    return query.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _any_of(phrases: Sequence[Phrase]) -> str:
    """The query for texts with one of some phrases; every character of a script without spaces is a word."""
    alternatives = []
    for words, open_end in phrases:
        parts = [part for word in words for part in pieces(_clean(word)) if any(map(str.isalnum, part))]
        if parts:
            alternatives.append(_quoted(" ".join(parts)) + (" *" if open_end else ""))
    return f"text : ({' OR '.join(alternatives)})" if alternatives else ""
