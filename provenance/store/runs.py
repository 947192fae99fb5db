"""The record of what was run on the collection. Nothing that is found depends on it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from provenance.store.clustered import ClusteredStore
from provenance.store.connection import Row
from provenance.store.records import RunRow

_COLUMNS: Final = tuple(entry.name for entry in dataclasses.fields(RunRow))
_PACKED: Final = ("settings", "counts", "stages")
"""Columns that hold JSON objects."""


class RunStore(ClusteredStore):
    """The part of `Store` that keeps what was run."""

    def put_run(self, run: RunRow, *, patience: float | None = None) -> int:
        """Keep one run, under its number, or under the next one where its number is 0.

        Where there are more than `StoreSettings.runs_kept` then, the oldest ones are deleted.

        Args:
            run: what is known of it by now; it replaces what was kept under its number.
            patience: seconds to wait for another program that writes; `StoreSettings.busy_seconds` by default.

        Returns:
            Its number.

        Raises:
            StoreError: it cannot be written; `LockedDatabaseError` where another program wrote for all that time.
        """
        marks = ", ".join("?" * len(_COLUMNS))
        with self._waiting(patience), self._writing():
            number = run.number or self._next_key("runs", "number")
            row = self._packed(dataclasses.replace(run, number=number))
            self._run(f"INSERT OR REPLACE INTO runs ({', '.join(_COLUMNS)}) VALUES ({marks})", row)
            kept = max(1, self.settings.runs_kept)
            self._run("DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?", (kept,))
        return number

    def runs(self, most: int | None = None) -> list[RunRow]:
        """The runs that are kept, the newest first, at most so many."""
        sql = f"SELECT {', '.join(_COLUMNS)} FROM runs ORDER BY number DESC LIMIT ?"
        return [_unpacked(row) for row in self._rows(sql, (-1 if most is None else most,))]

    def held(self) -> int:
        """How many articles are held."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def _packed(self, run: RunRow) -> Row:
        values: dict[str, Any] = {name: getattr(run, name) for name in _COLUMNS}
        # names of files may hold halves of characters, which SQLite does not
        message = run.message.encode("utf-8", "backslashreplace").decode("utf-8")
        values["message"] = message[: self.settings.run_message_characters]
        values.update({name: json.dumps(values[name]) for name in _PACKED})
        return tuple(values.values())

    @contextmanager
    def _waiting(self, patience: float | None) -> Iterator[None]:
        """Wait less than usual for another program that writes."""
        if patience is None or patience >= self.settings.busy_seconds:
            yield
            return
        self._rows(f"PRAGMA busy_timeout = {round(patience * 1000)}")
        try:
            yield
        finally:
            self._rows(f"PRAGMA busy_timeout = {round(self.settings.busy_seconds * 1000)}")


def _unpacked(row: Row) -> RunRow:
    values = dict(zip(_COLUMNS, row, strict=True))
    return RunRow(**{**values, **{name: json.loads(values[name]) for name in _PACKED}})
