"""What `watch` and the readers of archives remember from one time to the next.

Nothing that is found depends on it; where it is lost, more is read and fetched again than need be.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Final

from provenance.store.connection import in_batches
from provenance.store.records import WatchedKind, WatchedRow
from provenance.store.runs import RunStore

_COLUMNS: Final = tuple(entry.name for entry in dataclasses.fields(WatchedRow))


class WatchStore(RunStore):
    """The part of `Store` that remembers what was read from where."""

    def watched(self, kind: WatchedKind, name: str) -> WatchedRow | None:
        """What is remembered of a file, feed or page; None where nothing is."""
        sql = f"SELECT {', '.join(_COLUMNS)} FROM watched WHERE kind = ? AND name = ?"
        rows = self._rows(sql, (kind, name))
        return WatchedRow(*rows[0]) if rows else None

    def put_watched(self, rows: Iterable[WatchedRow]) -> None:
        """Remember files, feeds and pages, in place of what was remembered of them."""
        marks = ", ".join("?" * len(_COLUMNS))
        values = [dataclasses.astuple(row) for row in rows]
        if values:
            with self._writing():
                self._many(f"INSERT OR REPLACE INTO watched ({', '.join(_COLUMNS)}) VALUES ({marks})", values)

    # archives ---------------------------------------------------------------------------------------------------

    def captured(self, id: str) -> str | None:  # noqa: A002 - the model's own word for it
        """When the text that is held of a page was fetched by the archive it is from; None where that is not known."""
        rows = self._rows("SELECT captured FROM captures JOIN articles USING (article_id) WHERE id = ?", (id,))
        return str(rows[0][0]) if rows else None

    def put_captures(self, captures: Mapping[str, str]) -> None:
        """Remember when texts were fetched, by the ids of their articles; ids that are not held are passed over."""
        if not captures:
            return
        sql = "INSERT OR REPLACE INTO captures SELECT article_id, ? FROM articles WHERE id = ?"
        with self._writing():
            for batch in in_batches(((moment, id) for id, moment in captures.items()), self.settings.batch_rows):  # noqa: A001
                self._many(sql, batch)

    # news -------------------------------------------------------------------------------------------------------

    def digest(self, id: str) -> str | None:  # noqa: A002
        """SHA-256 of the current text of an article; None where it is not held."""
        sql = "SELECT sha256 FROM articles JOIN versions ON versions.version_id = articles.version_id WHERE id = ?"
        rows = self._rows(sql, (id,))
        return str(rows[0][0]) if rows else None

    def put_unreported(self, ids: Iterable[str]) -> None:
        """Remember that it has not been told yet what articles share; ids that are not held are passed over."""
        values = [(each,) for each in ids]
        if values:
            with self._writing():
                self._many("INSERT OR IGNORE INTO unreported SELECT article_id FROM articles WHERE id = ?", values)

    def unreported(self, most: int) -> list[str]:
        """Articles of which it has not been told yet what they share, in the order in which they came."""
        sql = "SELECT id FROM unreported JOIN articles USING (article_id) ORDER BY article_id LIMIT ?"
        return [str(row[0]) for row in self._rows(sql, (most,))]

    def reported(self, ids: Iterable[str]) -> None:
        """Remember that it has been told what articles share."""
        sql = "DELETE FROM unreported WHERE article_id IN (SELECT article_id FROM articles WHERE id = ?)"
        with self._writing():
            self._many(sql, [(each,) for each in ids])
