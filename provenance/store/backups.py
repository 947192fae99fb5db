"""Copies of a database that is in use.

A copy is made by SQLite's backup interface, which reads the database as it was when the copy began, while others go on
reading and writing. It bears its name only once it is whole, on the disk and checked.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from provenance.errors import StoreError
from provenance.store import migrations
from provenance.store.database import Store
from provenance.store.opening import translated, unusable

Progress = Callable[[str, float], None]

STAGE: Final = "copying the database"
CHECKING: Final = "checking the copy"
_LOGS: Final = ("-wal", "-journal")
"""Files beside a database that is in use, or was when its program was killed."""


def backup(
    store: Store, target: Path | str, *, replace: bool = False, compact: bool = False, progress: Progress | None = None
) -> Path:
    """Copy a database to another file, while others read and write it.

    The copy holds what was committed when it began. It is written beside its place as `NAME.part`, checked by SQLite,
    and then renamed, so that a file of that name is a whole copy or the one of before. To restore it, copy it back
    while nobody uses the database.

    Args:
        store: of the database; one to read from will do.
        target: the file to make.
        replace: whether a file of that name may be replaced.
        compact: leave out the room that deleted rows have left behind; takes longer, and the copy is smaller.
        progress: is told how far it is.

    Returns:
        The file, as an absolute path.

    Raises:
        StoreError: there is such a file or no room for it, it cannot be written, or the database is damaged; what was
            there before is as it was.
    """
    path, told = Path(target).absolute(), progress or _silent
    _check_target(store, path, replace=replace)
    _check_room(store, path)
    unfinished = path.with_name(f"{path.name}.part")
    with _removed_unless_done(unfinished):
        try:
            if compact:
                told(STAGE, 0.0)
                store._run("VACUUM INTO ?", (str(unfinished),))
            else:
                _copy(store, unfinished, told)
            told(CHECKING, 0.0)
            _check_copy(store, unfinished)
            _flush(unfinished)
            unfinished.replace(path)
            _flush(path.parent)
        except sqlite3.Error as error:
            raise translated(error, unfinished) from error
        except OSError as error:
            raise unusable(error, path) from error
    return path


def _silent(_stage: str, _share: float) -> None:
    """Nobody watches."""


def _check_target(store: Store, path: Path, *, replace: bool) -> None:
    """Refuse a place where a copy would destroy something.

    Raises:
        StoreError: it is the database itself, a folder, there already, or in use.
    """
    where = str(path)
    if not path.parent.is_dir():
        raise StoreError("its folder is not there", where=where, remedy="make it, or name another file")
    if path.is_dir():
        raise StoreError("this is a folder", where=where, remedy="name a file in it")
    if not path.exists():
        return
    if store.path.exists() and path.samefile(store.path):
        raise StoreError("this is the database itself", where=where, remedy="name another file")
    if not path.is_file():
        raise StoreError("this is no file", where=where, remedy="name another one")
    if not replace:
        raise StoreError("there is such a file already", where=where, remedy="name another one, or use `--force`")
    for log in _LOGS:
        beside = path.with_name(path.name + log)
        if beside.exists() and beside.stat().st_size:
            what = f"it is in use, or was when its program was killed: {beside.name} lies beside it"
            raise StoreError(what, where=where, remedy="name another file")


def _check_room(store: Store, path: Path) -> None:
    """Refuse to begin what the disk has no room for.

    Raises:
        StoreError: there is less room than the database takes.
    """
    pages, size = (store._rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "page_size"))
    needed, free = pages * size, shutil.disk_usage(path.parent).free
    if needed > free:
        what = f"the copy takes {_megabytes(needed)}, and {_megabytes(free)} are free"
        raise StoreError(what, where=str(path), remedy="free some space, or name a file on another disk")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _copy(store: Store, unfinished: Path, progress: Progress) -> None:
    """Copy page by page what the database holds now."""

    def told(_status: int, remaining: int, total: int) -> None:
        progress(STAGE, 1 - remaining / total if total else 1.0)

    source = store._connection
    begun = not source.in_transaction
    try:
        if begun:
            # while a reader holds it at one moment, a writer elsewhere does not make the copy begin again
            source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(unfinished)) as target:
            # it is written once and thrown away where that fails
            target.execute("PRAGMA journal_mode = OFF").fetchall()
            target.execute("PRAGMA synchronous = OFF")
            source.backup(target, pages=max(1, store.settings.backup_pages), progress=told)
    finally:
        if begun and source.in_transaction:
            source.rollback()


def _check_copy(store: Store, unfinished: Path) -> None:
    """Refuse a copy that SQLite finds fault with.

    Raises:
        StoreError: the database that was copied is damaged.
    """
    with closing(sqlite3.connect(f"{unfinished.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        said = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
        ours = copy.execute("PRAGMA application_id").fetchone()[0] == migrations.APPLICATION_ID
    if said != ["ok"] or not ours:
        what = f"the copy is damaged, and so is the database: {said[0].splitlines()[0]}"
        raise StoreError(what, where=str(store.path), remedy="`provenance check` tells what is wrong")


def _flush(path: Path) -> None:
    """See a file, or what is new in a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _removed_unless_done(unfinished: Path) -> Iterator[None]:
    """Remove what an earlier copy left that was killed, and what this one leaves where it fails."""
    _remove(unfinished)
    try:
        yield
    finally:
        _remove(unfinished)


def _remove(unfinished: Path) -> None:
    beside = [unfinished.with_name(unfinished.name + log) for log in ("-journal", "-wal", "-shm")]
    try:
        for path in (unfinished, *beside):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(error, unfinished) from error
