"""Full-text search over titles and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provenance.model import Span
from provenance.store.connection import Row
from provenance.store.inferred import InferredStore
from provenance.store.records import SearchHit
from provenance.store.words import pieces

# a line break within a word of a script without spaces is no boundary
_GAP = r"\s{0,4}"


class SearchStore(InferredStore):
    """The part of `Store` that searches."""

    def search(self, query: str, limit: int | None = None) -> Iterator[SearchHit]:
        """Articles that hold every word of a query in title or text, best first.

        The query is words, never FTS5 syntax; case and accents do not matter. A word with punctuation inside stands
        for its parts in that order. In articles with a script that puts no spaces between words, any stretch of
        characters is found, words or not.

        Args:
            query: what to look for; one without a letter or digit finds nothing.
            limit: how many hits at most; `StoreSettings.search_hits` by default.

        Returns:
            Hits ordered by score, then id. Scores of articles with and without spaces between words come from two
            indexes and compare only roughly.
        """
        words = [word for word in _clean(query).split() if any(map(str.isalnum, word))]
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
        hits = [
            self._word_hit(plain, key, score) if table == "word_search" else self._character_hit(words, key, score)
            for score, _, key, table in found[:most]
        ]
        return iter(hits)

    def _word_hit(self, match: str, key: int, score: float) -> SearchHit:
        # the mark around the words found is the text's own SHA-256, which no text is known to contain
        row = self._rows(
            """SELECT id, documents.title, outlet, documents.text, sha256, highlight(word_search, 0, sha256, sha256),
                highlight(word_search, 1, sha256, sha256)
            FROM word_search JOIN documents ON documents.article_id = word_search.rowid
            WHERE word_search MATCH ? AND word_search.rowid = ?""",
            (match, key),
        )[0]
        mark = row[4]
        return self._hit(row[:4], score, _marked(row[1], row[5], mark), _marked(row[3], row[6], mark))

    def _character_hit(self, words: list[str], key: int, score: float) -> SearchHit:
        # the index of single characters holds no text that FTS5 could mark
        row = self._rows("SELECT id, title, outlet, text FROM documents WHERE article_id = ?", (key,))[0]
        patterns = [_GAP.join(re.escape(piece) for piece in pieces(word)) for word in words]
        pattern = re.compile("|".join(sorted(patterns, key=lambda one: (-len(one), one))), re.IGNORECASE)
        titles = [Span(*found.span()) for found in pattern.finditer(row[1] or "")]
        return self._hit(row, score, titles, [Span(*found.span()) for found in pattern.finditer(row[3])])

    def _hit(self, row: Row, score: float, titles: list[Span], spans: list[Span]) -> SearchHit:
        name, title, outlet, text = row
        start, end = self._snippet(text, spans[0] if spans else Span(0, 0))
        within = tuple(span for span in spans if start <= span.start and span.end <= end)
        return SearchHit(name, title, outlet, start, end, text[start:end], within, tuple(titles), score)

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


def _marked(text: str | None, marked: str | None, mark: str) -> list[Span]:
    """The stretches between marks, as offsets into the text without them.

    FTS5 leaves out what stands between a NUL character and the next mark, so words behind one are found but not shown.
    """
    spans, position, whole = [], 0, text or ""
    trusted = whole.find("\x00") if "\x00" in whole else len(whole)
    for place, part in enumerate((marked or "").split(mark)):
        if place % 2 and position + len(part) <= trusted:
            spans.append(Span(position, position + len(part)))
        position += len(part)
    return spans
