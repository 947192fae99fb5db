"""A database as pages read it: over Datasette's connections, within a time limit."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from provenance.attribution import Gazetteer
from provenance.corpus import Corpus, gazetteer_with, known_outlets
from provenance.model import Article
from provenance.settings import Settings
from provenance.store import Store
from provenance.store.migrations import APPLICATION_ID
from provenance.store.opening import translated
from provenance.web.addresses import WebAddresses

_Answer = TypeVar("_Answer")
_INSTRUCTIONS: Final = 1000
"""Steps of SQLite between two looks at the clock: a tenth of a millisecond."""
_ours: set[str] = set()


def is_ours(path: str | None) -> bool:
    """Whether a file is a database of this package."""
    if not path:
        return False
    if path not in _ours:
        try:
            with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as connection:
                if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                    _ours.add(path)
        except sqlite3.Error:
            return False
    return path in _ours


@dataclass(frozen=True, slots=True)
class Reader:
    """What a page is made from.

    Attributes:
        corpus: the collection, to read from.
        to: where pages and rows are.
        name: what the database is called.
        downloads: whether the database may be downloaded.
    """

    corpus: Corpus
    to: WebAddresses
    name: str
    downloads: bool

    @property
    def store(self) -> Store:
        """The collection's store."""
        return self.corpus.store

    @property
    def settings(self) -> Settings:
        """All thresholds."""
        return self.corpus.settings

    def canonical(self, outlet: str) -> str:
        """The name under which an outlet is known, by any of its names."""
        return self.corpus.publisher(Article("", "", outlet=outlet))


@lru_cache(maxsize=8)
def _gazetteer(outlets: str | None) -> Gazetteer:
    return gazetteer_with(outlets)


def read(
    connection: sqlite3.Connection,
    path: Path,
    settings: Settings,
    make: Callable[[Corpus], _Answer],
) -> _Answer:
    """Give a collection to a function that makes a page of it.

    Args:
        connection: Datasette's, in the thread that it belongs to.
        path: the database's file, for messages.
        settings: all thresholds.
        make: is to keep nothing of the collection.

    Raises:
        StoreError: the database is of another version, cannot be read, or took longer than
            `web.page_milliseconds`; the message of the last says "interrupted".
    """
    try:
        with _as_tuples(connection), _in_time(connection, settings.web.page_milliseconds):
            store = Store.reading(connection, path, replace(settings.store, near_ids=0))
            return make(Corpus.reading(store, settings, _gazetteer(known_outlets(store))))
    except sqlite3.Error as error:
        raise translated(error, path) from error


@contextmanager
def _as_tuples(connection: sqlite3.Connection) -> Iterator[None]:
    before = connection.row_factory
    connection.row_factory = None
    try:
        yield
    finally:
        connection.row_factory = before


@contextmanager
def _in_time(connection: sqlite3.Connection, milliseconds: int) -> Iterator[None]:
    """Interrupt what is read from a connection after some time."""
    deadline = time.monotonic() + milliseconds / 1000
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _INSTRUCTIONS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, _INSTRUCTIONS)
