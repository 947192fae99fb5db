"""Which files of the watched folders are new or changed, and no longer written to."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from provenance.errors import InputError
from provenance.ingest import Entry, list_entries
from provenance.settings import WatchSettings
from provenance.store import Store, WatchedRow
from provenance.watching.clock import Clock

_PIECE: Final = 1 << 20
_BESIDE: Final = r"(?:-wal|-shm|-journal|-turn|\.v\d{1,9}(?:-\d{1,9})?\.bak(?:\.part)?)?"
"""What is added to the name of a database for the files beside it."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A file to be read, and what is to be remembered of it when it was."""

    entry: Entry
    row: WatchedRow


class Files:
    """The files of some folders.

    Args:
        paths: folders and files.
        store: remembers what was read.
        settings: how long a file must have stayed the same.
        clock: the time.
    """

    def __init__(self, paths: Sequence[Path], store: Store, settings: WatchSettings, clock: Clock) -> None:
        self._paths, self._store, self._settings, self._clock = list(paths), store, settings, clock
        self._own = re.compile(re.escape(_printable(store.path)) + _BESIDE)
        self._unsettled: dict[str, tuple[str, float]] = {}  # state, and since when it is known, of files written to
        self.waiting = 0
        """Files that were left alone in the last look because they may still be written to."""

    def look(self, errors: list[InputError]) -> Iterator[Fresh]:
        """The files that are to be read; what cannot be listed is added to the errors when it is seen first."""
        before, self._unsettled = self._unsettled, {}
        self.waiting = 0
        for entry in list_entries(self._paths) if self._paths else ():
            self._clock.check()
            name = _printable(entry.path)
            if self._own.fullmatch(name):
                continue  # the database may lie in a watched folder, with its log, lock and copies beside it
            known = self._store.watched("file", name)
            if entry.error is not None:
                self._tell(known or WatchedRow("file", name), entry.error, errors)
                continue
            try:
                status = entry.path.stat()
            except OSError:
                continue  # deleted since; what was read of it is kept
            state = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
            if known is not None and known.state == state:
                continue
            if not self._settled(name, state, max(status.st_mtime, status.st_ctime), before):
                self.waiting += 1
                continue
            fresh = self._fresh(entry, known, WatchedRow("file", name, state, seen=stamp(self._clock)))
            if fresh is not None:
                yield fresh

    def _settled(self, name: str, state: str, changed: float, before: dict[str, tuple[str, float]]) -> bool:
        """Whether a file has stayed as it is for long enough."""
        if self._clock.now() - changed >= self._settings.settle_seconds:
            return True
        # it was just changed, or the clock was set back: it is looked at again after that time
        seen, since = before.get(name, ("", 0.0))
        now = self._clock.monotonic()
        if seen != state:
            since = now
        if seen == state and now - since >= self._settings.settle_seconds:
            return True
        self._unsettled[name] = (state, since)
        return False

    def _fresh(self, entry: Entry, known: WatchedRow | None, row: WatchedRow) -> Fresh | None:
        """The file, unless it holds the same bytes as when it was read."""
        try:
            row = replace(row, sha256=_digest(entry.path))
        except OSError:
            return Fresh(entry, row)  # reading it tells what is wrong
        if known is not None and known.sha256 == row.sha256:
            self._store.put_watched([replace(row, error=known.error)])
            return None
        return Fresh(entry, row)

    def _tell(self, known: WatchedRow, error: InputError, errors: list[InputError]) -> None:
        if known.error != str(error):
            errors.append(error)
            row = replace(known, error=storable(str(error)), state="", sha256="", seen=stamp(self._clock))
            self._store.put_watched([row])


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _printable(path: Path) -> str:
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")  # noqa: PTH100 - links stay links


def storable(text: str) -> str:
    """A message without halves of characters, which names of files may hold and SQLite does not."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def stamp(clock: Clock) -> str:
    """The present moment by the machine's clock, ISO 8601 in UTC."""
    return datetime.fromtimestamp(clock.now(), timezone.utc).isoformat(timespec="seconds")
