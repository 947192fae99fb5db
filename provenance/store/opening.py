"""Which file may be opened, how, and what SQLite says of it as an error of ours."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from provenance.errors import LockedDatabaseError, NotADatabaseError, ProvenanceError, StoreError
from provenance.settings import StoreSettings
from provenance.store import migrations

# remove_diacritics 2 in FTS5
_OLDEST_SQLITE = (3, 27)

_ASK = "PRAGMA application_id"

READ_ONLY_REMEDY = "copy it to a folder you may write to, or change its permissions"
"""What to do about a database that cannot be written to."""


def translated(error: sqlite3.Error, path: Path) -> ProvenanceError:
    """What SQLite raised, as an error of this package that names the file and the remedy."""
    text, where = str(error), str(path)
    lowered = text.lower()
    if "disk is full" in lowered or "disk i/o error" in lowered:
        return no_space(text, path)
    known = (
        ("locked", LockedDatabaseError, "close the other program that uses it, or wait and run again"),
        ("not a database", NotADatabaseError, "name another file"),
        ("readonly", StoreError, READ_ONLY_REMEDY),
        ("unable to open", StoreError, "check that the folder exists and that you may write to it"),
        ("malformed", StoreError, "restore it from a copy, or delete it and add the articles again"),
        ("too big", StoreError, "split the text; SQLite stores at most 1,000,000,000 bytes in one value"),
        ("closed database", StoreError, "open a new Store"),
        ("same thread", StoreError, "open one Store a thread"),
    )
    for part, kind, remedy in known:
        if part in lowered:
            return kind(text, where=where, remedy=remedy)
    return StoreError(text, where=where, remedy="run again; if it persists, report it with this message")


def no_space(what: str, path: Path) -> StoreError:
    """That a file cannot grow: SQLite calls a full disk full, and quotas and limits of size an I/O error."""
    folders = [os.fspath(path.parent)]
    # it writes a file to find one, which may fail for the same reason
    with suppress(OSError):
        folders.append(tempfile.gettempdir())
    remedy = (
        f"free space, or raise the quota, in {' and '.join(dict.fromkeys(folders))} (TMPDIR names another folder for "
        "temporary files), then run again; what was committed is kept"
    )
    return StoreError(what, where=str(path), remedy=remedy)


def out_of_space(error: OSError) -> bool:
    """Whether it says that a file cannot grow: the disk is full, or a quota or limit of size is reached."""
    return error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}


def unusable(error: OSError, path: Path) -> StoreError:
    """What the operating system says of a file beside the database, as an error that names the remedy."""
    what = (error.strerror or str(error)).lower()
    if out_of_space(error):
        return no_space(what, path)
    return StoreError(what, where=str(path), remedy=READ_ONLY_REMEDY)


def check_sqlite(path: Path) -> None:
    """Refuse a SQLite that lacks what the schema needs.

    Raises:
        StoreError: SQLite is too old, or was built without FTS5.
    """
    remedy = "use a Python whose sqlite3 module brings SQLite 3.27 or later with FTS5, such as that of python.org"
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old", where=str(path), remedy=remedy)
    with closing(sqlite3.connect(":memory:")) as probe:
        try:
            probe.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError as error:
            raise StoreError("SQLite lacks FTS5, its full-text search", where=str(path), remedy=remedy) from error


def check_file(path: Path, *, create: bool) -> None:
    """See to the folder, and refuse a file that is not ours before SQLite can change it.

    Raises:
        NotADatabaseError: the file is something else.
        StoreError: there is no such file and none is to be made, or the file or its folder cannot be used.
    """
    where = str(path)
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size
    except FileNotFoundError as error:
        if create:
            return
        raise StoreError("there is no such database", where=where, remedy="add articles first") from error
    except OSError as error:
        remedy = "name a file in a folder you may write to"
        raise StoreError(error.strerror or str(error), where=where, remedy=remedy) from error
    if path.is_dir():
        raise StoreError("this is a folder", where=where, remedy="name a file in it")
    if not path.is_file():
        raise NotADatabaseError("this is not a database", where=where, remedy="name another file")
    if not size and create:
        return
    if _application(path) != migrations.APPLICATION_ID:
        kind = "not a database" if _application(path) is None else "a database of another program"
        raise NotADatabaseError(f"this is {kind}", where=where, remedy="name another file; this one was left alone")


def _application(path: Path) -> int | None:
    """The program that a file belongs to by its header; None where it is no database.

    Asked of SQLite, without its looking at the log or leaving files behind. Opening and closing the file here would
    drop every lock that this process holds on it: that is how POSIX locks are. Another program that closes the
    database then takes itself for the last one and deletes the log that we go on writing to.
    """
    try:
        try:
            with closing(_immutable(path, 0.0)) as connection:
                found: int = connection.execute(_ASK).fetchone()[0]
        except sqlite3.DatabaseError as error:
            # cut short by a killed or starved process: the rest stands in the log or journal
            if "malformed" not in str(error):
                raise
            with closing(sqlite3.connect(path)) as connection:
                found = connection.execute(_ASK).fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            return None
        raise translated(error, path) from error
    # an empty file has a header of zeros for SQLite
    return found if path.stat().st_size else None


def connect(path: Path, settings: StoreSettings) -> tuple[sqlite3.Connection, bool]:
    """A connection to the file, and whether it can only be read, which SQLite is then told to rely on.

    A database with a write-ahead log is read by SQLite only where it may make two more files beside it. Where the
    folder forbids that, and no log is there to be read, nobody else of our rights is writing.

    Raises:
        sqlite3.Error: as SQLite raises it.
    """
    frozen = path.exists() and not os.access(path.parent, os.W_OK, effective_ids=_EFFECTIVE) and not _logged(path)
    if frozen:
        return _immutable(path, settings.busy_seconds), True
    return sqlite3.connect(path, timeout=settings.busy_seconds), False


_EFFECTIVE = os.access in os.supports_effective_ids


def _immutable(path: Path, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", timeout=patience, uri=True)


def _logged(path: Path) -> bool:
    """Whether there is a log beside a database with anything in it."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def state_of(path: Path) -> tuple[int, int, int]:
    """What changes where a file is written to or another put in its place: which it is, its size and its time."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
