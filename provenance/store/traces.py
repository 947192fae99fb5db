"""What each article contributes to the outlets of the collection, and which articles mention some names.

Attributions depend on the outlets of the collection. Where these change, the articles that mention a changed name are
read again, and no others; the rows here tell which those are without reading all texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from provenance.store.connection import Row, in_batches
from provenance.store.matches import MatchStore

_DONE: Final = "outlets"
"""The stage under which `document_stages` says that an article's trace is that of its present version."""
_STATE: Final = "outlets"
"""Under which the run's state keeps the outlets that the articles' attributions were read with, as JSON."""
_READ: Final = "SELECT article_id FROM document_stages WHERE stage = 'attribution' AND signature = ?"


TraceRow = tuple[str, str, str, bool, bool, str, Sequence[tuple[str, str]]]
"""Of one article: its id, and outlet, host, `names_itself`, `plain`, `page` and `brackets` of its `Trace`."""


class TraceStore(MatchStore):
    """The part of `Store` that holds what articles contribute to the collection's outlets."""

    def untraced(self, method: str) -> list[str]:
        """The ids, sorted, of articles without a trace that was made by a method since they last changed."""
        sql = """SELECT id FROM articles WHERE article_id NOT IN (
            SELECT article_id FROM document_stages WHERE stage = ? AND signature = ?) ORDER BY id"""
        return [row[0] for row in self._rows(sql, (_DONE, method))]

    def put_traces(self, traces: Iterable[TraceRow], method: str) -> None:
        """Keep the traces of articles, replacing those that they had.

        Raises:
            NotFoundError: the store does not hold one of the articles; the batches before are kept.
        """
        for batch in in_batches(traces, self.settings.batch_articles):
            with self._writing():
                rows: list[Row] = []
                brackets: list[Row] = []
                for document, outlet, host, names_itself, plain, page, acronyms in batch:
                    key = self._key_of(document)
                    rows.append((key, outlet, host, int(names_itself), int(plain), page))
                    brackets += [(key, place, *found) for place, found in enumerate(acronyms)]
                keys = [(row[0],) for row in rows]
                self._many("DELETE FROM outlet_brackets WHERE article_id = ?", keys)
                self._many("INSERT OR REPLACE INTO outlet_traces VALUES (?, ?, ?, ?, ?, ?)", rows, article_at=0)
                self._many("INSERT INTO outlet_brackets VALUES (?, ?, ?, ?)", brackets, article_at=0)
                done = [(*key, _DONE, method) for key in keys]
                self._many(
                    "INSERT OR REPLACE INTO document_stages (article_id, stage, signature) VALUES (?, ?, ?)", done
                )

    def traced_outlets(self) -> list[tuple[str, str, bool]]:
        """Outlet, host and `names_itself` of the articles, equal ones once."""
        sql = "SELECT DISTINCT outlet, host, names_itself FROM outlet_traces ORDER BY outlet, host, names_itself"
        return [(outlet, host, bool(named)) for outlet, host, named in self._rows(sql)]

    def before_acronym(self, acronym: str, most: int) -> list[str]:
        """What stands before an acronym in brackets at its first places, by article id."""
        sql = """SELECT preceding FROM outlet_brackets JOIN articles USING (article_id)
            WHERE acronym = ? ORDER BY id, place LIMIT ?"""
        return [row[0] for row in self._rows(sql, (acronym, most))]

    def outlets_read_with(self) -> list[list[Any]]:
        """The outlets last given to `read_again`; none at first."""
        kept = self.state(_STATE)
        found: list[list[Any]] = [] if kept is None else json.loads(kept)
        return found

    def mentioning(
        self,
        signature: str,
        queries: Sequence[Sequence[str]] | None,
        in_page: Callable[[str], bool],
        in_text: Callable[[str], bool],
    ) -> list[int]:
        """The keys of the articles whose attributions were read with a signature and that mention some names.

        Args:
            signature: as given to `replace_attributions_of`.
            queries: words that stand at the start of words of a text that mentions a name, a sequence a name; None
                where all texts must be looked at.
            in_page: whether a trace's `page` mentions one.
            in_text: whether a text does; asked of those that the full-text index gives, and of those that it may miss.
        """
        keys = self._keys(_READ, (signature,))
        if not keys:
            return []
        held, found, possible = set(keys), set[int](), set[int]()
        sql = "SELECT article_id, plain, page FROM outlet_traces WHERE article_id IN {keys}"
        for key, plain, page in self._by_key(sql, keys):
            if in_page(page):
                found.add(key)
            elif not plain:
                possible.add(key)
        if queries is None:
            possible = held
        else:
            for words in queries:
                match = " AND ".join(f'"{word}" *' for word in words)
                sql = "SELECT rowid FROM word_search WHERE word_search MATCH ?"
                possible |= held.intersection(row[0] for row in self._rows(sql, (f"{{title text}}: ({match})",)))
        sql = "SELECT article_id, text FROM documents WHERE article_id IN {keys}"
        found.update(key for key, text in self._by_key(sql, sorted(possible - found)) if in_text(text))
        return sorted(found)

    def read_again(self, keys: Sequence[int], outlets: Sequence[Sequence[Any]]) -> None:
        """Mark the attributions of articles as outdated, and keep the outlets that all others are up to date with."""
        with self._writing():
            done = "DELETE FROM document_stages WHERE article_id = ? AND stage = 'attribution'"
            self._many(done, [(key,) for key in keys])
            self.set_state(_STATE, json.dumps(outlets, ensure_ascii=False))
