"""Full-text search over titles and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provenance.model import Span
from provenance.store.linked import LinkedStore
from provenance.store.records import SearchHit
from provenance.store.words import occurrences, pieces, tokens


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
