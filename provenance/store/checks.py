"""A database as SQLite sees it: its pages, its own indexes, its schema, its references.

A damaged file raises anywhere. `guarded` makes findings of what SQLite says, so that a check goes on as far as it can.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from provenance.errors import LockedDatabaseError, StoreError
from provenance.settings import StoreSettings
from provenance.store import migrations
from provenance.store.connection import Connection
from provenance.store.database import Store
from provenance.store.findings import Finding, FindingKind
from provenance.store.opening import check_file, check_sqlite, connect, translated

MOST_FAULTS: Final = 100
"""Faults that SQLite is asked for at most; where there are so many, their number says nothing more."""
_INDEX: Final = re.compile(r"(missing from index|wrong # of entries in index|non-unique entry in index) (\S+)$")
_COLUMN: Final = re.compile(r"(?:NULL value in|value in) (\w+)\.(\w+)$")
_CHECK: Final = re.compile(r"CHECK constraint failed in (\w+)$")
_NAMES: Final = """
    SELECT type, name, tbl_name FROM sqlite_master
    WHERE type IN ('table', 'index', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY type, name"""
_OWNERS: Final = "SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND name = ?"


@contextmanager
def reading(path: Path, settings: StoreSettings) -> Iterator[Store]:
    """A store over a database of the present schema, of which nothing is changed, as it is at this moment.

    Others may write meanwhile; what they write is not seen.

    Raises:
        NotADatabaseError: the file is something else.
        NewerDatabaseError: a later version of this package made it.
        StoreError: an earlier version made it, or it cannot be read.
    """
    path = Path(path).absolute()
    check_sqlite(path)
    check_file(path, create=False)
    try:
        connection, frozen = connect(path, settings)
        if not frozen:
            connection.close()
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", timeout=settings.busy_seconds, uri=True)
    except sqlite3.Error as error:
        raise translated(error, path) from error
    with closing(connection):
        yield Store.reading(connection, path, settings)


@contextmanager
def at_one_moment(store: Store) -> Iterator[sqlite3.Connection]:
    """The store's connection, for seeing the database as it is now, whatever others write, and any bytes as text."""
    connection = store._connection
    before = connection.text_factory
    connection.text_factory = _lenient
    begun = not connection.in_transaction
    try:
        if begun:
            connection.execute("BEGIN")
        yield connection
    finally:
        connection.text_factory = before
        if begun and connection.in_transaction:
            connection.rollback()


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


_DAMAGE: Final = (sqlite3.Error, StoreError, MemoryError, OverflowError, TypeError, ValueError, AttributeError)
"""What comes of a damaged file, and of rows that hold values of other types than their columns."""


def guarded(found: Iterable[Finding], store: Connection, *, searching: bool = False) -> Iterator[Finding]:
    """Findings, and what SQLite says where it cannot go on.

    Args:
        found: findings of one part.
        store: of the database.
        searching: whether the part reads the full-text indexes, which can be made anew.

    Raises:
        LockedDatabaseError: another program holds the database.
    """
    try:
        yield from found
    except LockedDatabaseError:
        raise
    except _DAMAGE as error:
        if isinstance(error, sqlite3.Error):
            ours = translated(error, store.path)
            if isinstance(ours, LockedDatabaseError):
                raise ours from error
        what = error.what if isinstance(error, StoreError) else str(error) or "out of memory"
        kind: FindingKind = "search" if searching else "page"
        yield Finding(kind, "word_search" if searching else "", None, f"it cannot be read to its end: {what}")


# what SQLite checks -------------------------------------------------------------------------------------------------


def page_findings(connection: sqlite3.Connection, *, quick: bool) -> Iterator[Finding]:
    """What SQLite's own check finds (`PRAGMA integrity_check`).

    Args:
        connection: of the database.
        quick: leave out whether its indexes have the rows of their tables.
    """
    pragma = "quick_check" if quick else "integrity_check"
    for (said,) in connection.execute(f"PRAGMA {pragma}({MOST_FAULTS})"):
        if said != "ok":
            for line in said.splitlines():
                yield _said(connection, line)


def _said(connection: sqlite3.Connection, line: str) -> Finding:
    """One line of SQLite's as a finding."""
    index = _INDEX.search(line)
    if index:
        owners = connection.execute(_OWNERS, (index[2],)).fetchall()
        # an index of rows that are there twice cannot be made anew
        kind: FindingKind = "value" if index[1].startswith("non-unique") else "entry"
        return Finding(kind, owners[0][0] if owners else "", index[2], line)
    column, check = _COLUMN.search(line), _CHECK.search(line)
    if column or check:
        return Finding("value", (column or check)[1], None, line)  # type: ignore[index]
    return Finding("page", "", None, line)


def schema_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Tables, columns, indexes and views that the schema has and the database lacks; others of the user's may be."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrations.migrate(fresh)
        there = {(kind, name) for kind, name, _ in connection.execute(_NAMES)}
        for kind, name, table in fresh.execute(_NAMES).fetchall():
            if (kind, name) not in there:
                yield Finding("schema", table, kind, f"the {kind} {name} is missing")
            elif kind == "table":
                lacking = _columns(fresh, name) - _columns(connection, name)
                if lacking:
                    columns = ", ".join(sorted(lacking))
                    yield Finding("schema", table, kind, f"the table {name} lacks the column {columns}")


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def reference_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that refer to a row that is not there (`PRAGMA foreign_key_check`)."""
    columns: dict[tuple[str, int], str] = {}
    for table, row, parent, number in connection.execute("PRAGMA foreign_key_check"):
        if (table, number) not in columns:
            for key in connection.execute('SELECT id, "from" FROM pragma_foreign_key_list(?)', (table,)):
                columns[table, key[0]] = key[1]
        column = columns.get((table, number), "a key")
        yield Finding("reference", table, row, f"{column} names a row of {parent} that is not there")
