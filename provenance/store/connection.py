"""Opening, checking and closing the database file; transactions; SQLite's errors as ours; the run's state."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from provenance.errors import NewerDatabaseError, NotADatabaseError, NotFoundError, StoreError
from provenance.settings import StoreSettings
from provenance.store import migrations
from provenance.store.opening import check_file, check_sqlite, connect, state_of, translated, unusable
from provenance.store.records import STAGES, Stage
from provenance.store.turns import Turn

if TYPE_CHECKING:
    from sqlite_utils import Database
    from typing_extensions import Self

Row = tuple[Any, ...]
_Item = TypeVar("_Item")
_log = logging.getLogger(__name__)

# SQLite allows at most 2 GiB of it and maps no more than the file has
_MAPPED_BYTES = 1 << 31
# SQLite's default limit on variables was 999 before 3.32
_KEYS_AT_ONCE = 500


def in_batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of `size`, the last one shorter; at least one a list."""
    iterator = iter(items)
    while batch := list(islice(iterator, max(1, size))):
        yield batch


class Connection:
    """One connection to one database file; the base of the parts of `Store`, which alone is public."""

    def __init__(self, path: Path, settings: StoreSettings, *, create: bool = True) -> None:
        self.path = Path(path).absolute()
        self.settings = settings
        self._turn = Turn(self.path, settings)
        check_sqlite(self.path)
        check_file(self.path, create=create)
        try:
            self._connection, frozen = connect(self.path, settings)
            self._frozen = state_of(self.path) if frozen else None
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise translated(error, self.path) from error
        except OSError as error:
            # of the copy that is kept of an older one
            self._connection.close()
            raise unusable(error, self.path) from error
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def reading(cls, connection: sqlite3.Connection, path: Path, settings: StoreSettings) -> Self:
        """A store to read from over a connection that somebody else opened and will close.

        The connection is to give rows as tuples and to be used by one thread at a time. Nothing is written but
        temporary tables of that connection.

        Raises:
            NotADatabaseError: it is no database of this package.
            NewerDatabaseError: a later version of this package made it.
            StoreError: an earlier version made it.
        """
        store = cls.__new__(cls)
        store.path, store.settings, store._connection = path, settings, connection
        store._turn, store._frozen = Turn(path, settings), None
        version, application = (store._rows(f"PRAGMA {name}")[0][0] for name in ("user_version", "application_id"))
        if application != migrations.APPLICATION_ID:
            raise NotADatabaseError("no database of provenance", where=str(path), remedy="name another file")
        if version > migrations.LATEST:
            raise _too_new(path, version)
        if version < migrations.LATEST:
            what = f"written by an earlier version of provenance (schema {version}, this one reads {migrations.LATEST})"
            raise StoreError(what, where=str(path), remedy="`provenance analyze --db FILE` brings it up to date")
        return store

    def _prepare(self) -> None:
        # deferred: it imports NumPy where there is one, a quarter of a second at start-up
        from sqlite_utils import Database  # noqa: PLC0415

        connection = self._connection
        version = migrations.version_of(connection)
        if version > migrations.LATEST:
            raise _too_new(self.path, version)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{self.settings.cache_kibibytes}")
        kept = migrations.migrate(connection, self.path)
        if kept is not None:
            fields = {"database": str(self.path), "before": version, "now": migrations.LATEST, "copy": str(kept)}
            message = "%(database)s is brought from schema %(before)d to %(now)d; %(copy)s is a copy of before"
            _log.warning(message, fields, extra={"event": "database-migrated"})
        self._database: Database = Database(connection, recursive_triggers=False, execute_plugins=False)
        self._enable_wal()
        # with WAL, NORMAL survives a killed process and never corrupts; only a power cut may undo the last commits
        connection.execute("PRAGMA synchronous = NORMAL")

    def _enable_wal(self) -> None:
        """Switch to the write-ahead log; SQLite does not wait here of itself while another process does the same."""
        if self._frozen is not None:
            return
        deadline = time.monotonic() + self.settings.busy_seconds
        while True:
            try:
                self._database.enable_wal()
            except sqlite3.OperationalError as error:  # noqa: PERF203 - it is the loop's condition
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(self.settings.retry_seconds)
            else:
                return

    def close(self) -> None:
        """Move what the write-ahead log holds into the file, and close it; closing twice does nothing."""
        # a reader elsewhere can hold the log; whoever closes last moves it then, and nobody waits for that
        with contextlib.suppress(sqlite3.OperationalError, sqlite3.ProgrammingError):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # statements -------------------------------------------------------------------------------------------------

    def _run(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, parameters)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise self._unstorable(parameters, "") from error

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        cursor = self._run(sql, parameters)
        try:
            found = cursor.fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        self._check_frozen()
        return found

    def _check_frozen(self) -> None:
        """Refuse what was read of a file taken for one that nobody writes to, where somebody does.

        Raises:
            StoreError: the file was changed since it was opened.
        """
        if self._frozen is not None and state_of(self.path) != self._frozen:
            raise StoreError("it was changed while it was read", where=str(self.path), remedy="run again")

    def _many(self, sql: str, rows: Sequence[Row], article_at: int | None = None) -> None:
        """Run one statement over many rows; `article_at` is the column of the article's key, for messages."""
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.IntegrityError as error:
            what = f"a record was refused: {error}"
            remedy = "offsets are whole numbers with 0 <= start <= end, and confidences are finite numbers"
            where = str(self.path) if article_at is None else f"{self.path}, {self._refused(sql, rows, article_at)}"
            raise StoreError(what, where=where, remedy=remedy) from error
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        except (UnicodeEncodeError, OverflowError) as error:
            bad = next((row for row in rows if _unstorable_value(row) is not None), rows[0])
            article = "" if article_at is None else self._id_of(bad[article_at])
            raise self._unstorable(bad, article) from error

    def _refused(self, sql: str, rows: Sequence[Row], article_at: int) -> str:
        """The article of the first row that a statement fails on; leaves no trace but is called on the way out."""
        for row in rows:
            self._connection.execute("SAVEPOINT probe")
            try:
                self._connection.execute(sql, row)
            except sqlite3.IntegrityError as error:
                if "UNIQUE" not in str(error):
                    return self._id_of(row[article_at])
            finally:
                self._connection.execute("ROLLBACK TO probe")
                self._connection.execute("RELEASE probe")
        return "an unknown article"

    def _unstorable(self, row: Sequence[Any], article: str) -> StoreError:
        value = _unstorable_value(row)
        where = f"{self.path}, {article}" if article else str(self.path)
        if isinstance(value, int):
            return StoreError(f"{value} does not fit into 64 bits", where=where, remedy="store it as its int64 view")
        what = f"a text holds a lone surrogate: {value[:60]!a}"
        return StoreError(what, where=where, remedy="decode it with errors='replace'")

    def _by_key(self, sql: str, keys: Sequence[int]) -> Iterator[Row]:
        """Rows of a query with a `{keys}` condition whose first column is the key, in the order of the keys.

        No cursor stays open between rows, so a caller may write, or stop, while going through them. A row deleted
        in the meantime is left out, unless it was already fetched with those before it.
        """
        for rows in self._some_by_key(sql, keys):
            yield from rows

    def _some_by_key(self, sql: str, keys: Sequence[int]) -> Iterator[list[Row]]:
        """What `_by_key` gives, some hundred rows at a time."""
        for batch in in_batches(keys, _KEYS_AT_ONCE):
            marks = ", ".join("?" * len(batch))
            found = {row[0]: row for row in self._rows(sql.format(keys=f"({marks})"), batch)}
            yield [found[key] for key in batch if key in found]

    def _grouped(self, sql: str, keys: Sequence[int]) -> dict[int, list[Row]]:
        """Rows of a query with a `{keys}` condition, under their first column."""
        groups: dict[int, list[Row]] = {}
        for batch in in_batches(keys, _KEYS_AT_ONCE):
            marks = ", ".join("?" * len(batch))
            for row in self._rows(sql.format(keys=f"({marks})"), batch):
                groups.setdefault(row[0], []).append(row)
        return groups

    def _keys(self, sql: str, parameters: Sequence[Any] = ()) -> array[int]:
        """The first column of a query, eight bytes a row."""
        cursor = self._run(sql, parameters)
        try:
            found = array("q", (row[0] for row in cursor))
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        self._check_frozen()
        return found

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        """Read the file through memory while much of it is gone through; a third of the cost of reading it by pages."""
        self._rows(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        try:
            yield
        finally:
            # it counts as this program's memory, and what is read later is little
            with contextlib.suppress(sqlite3.OperationalError, sqlite3.ProgrammingError):
                self._connection.execute("PRAGMA mmap_size = 0").fetchall()

    def _next_key(self, table: str, column: str) -> int:
        highest: int = self._rows(f"SELECT ifnull(max({column}), 0) FROM {table}")[0][0]
        return highest + 1

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction, or a savepoint within one; undone as a whole by any exception.

        sqlite-utils' `atomic()` begins with a plain BEGIN, which takes the write lock at the first write and is then
        refused at once, without waiting, where another process wrote since the first read. BEGIN IMMEDIATE waits.
        """
        try:
            nested = self._connection.in_transaction
        except sqlite3.ProgrammingError as error:
            raise translated(error, self.path) from error
        try:
            if nested:
                with self._database.atomic():
                    yield
                return
            began = time.monotonic()
            self._run("BEGIN IMMEDIATE")
            waited = time.monotonic() - began
            if waited >= self.settings.told_wait_seconds:
                message = "waited %(seconds).1f s until another program had written to the database"
                _log.info(message, {"seconds": round(waited, 3)}, extra={"event": "database-waited"})
            try:
                yield
                self._run("COMMIT")
            except BaseException:
                # SQLite has undone it already where the disk is full
                self._database.rollback()
                raise
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    @contextlib.contextmanager
    def working(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Keep other programs from changing the collection between what is read and what is written; may be nested.

        Readers are not kept waiting. Adding and deleting articles does this of itself.

        Args:
            waiting: called once where another program is at work and this one waits for it.

        Raises:
            LockedDatabaseError: the other one was still at work after `StoreSettings.turn_seconds`.
            StoreError: the folder cannot be written to.
        """
        with self._turn.taken(waiting):
            yield

    # articles as integers ---------------------------------------------------------------------------------------

    def _id_of(self, key: int) -> str:
        rows = self._rows("SELECT id FROM articles WHERE article_id = ?", (key,))
        return str(rows[0][0]) if rows else f"article {key}"

    def _key_of(self, article: str) -> int:
        """The integer key of an article.

        Raises:
            NotFoundError: the store does not hold it; ids that look like it are named.
        """
        rows = self._rows("SELECT article_id FROM articles WHERE id = ?", (article,))
        if rows:
            return int(rows[0][0])
        near = self._near_ids(article)
        remedy = "did you mean " + " or ".join(near) + "?" if near else "add the article first"
        raise NotFoundError(f"no article has the id {article!r}", where=str(self.path), remedy=remedy)

    def _near_ids(self, article: str) -> list[str]:
        if not self.settings.near_ids:
            return []
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only for this message

        # long ids cost the square of their length
        wanted = article[: self.settings.near_id_characters]
        ids = sorted(row[0] for row in self._rows("SELECT id FROM articles"))
        found = process.extract(
            wanted, ids, scorer=fuzz.WRatio, limit=self.settings.near_ids, score_cutoff=self.settings.near_id_score
        )
        return [name for name, _, _ in found]

    # state ------------------------------------------------------------------------------------------------------

    def state(self, name: str) -> str | None:
        """The value kept under a name; None where nothing is."""
        rows = self._rows("SELECT value FROM state WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_state(self, name: str, value: str | None) -> None:
        """Keep a value under a name, for good: no change of articles touches it. None removes it."""
        with self._writing():
            self._run("DELETE FROM state WHERE name = ?", (name,))
            if value is not None:
                self._run("INSERT INTO state (name, value) VALUES (?, ?)", (name, value))

    def stage_signature(self, name: Stage) -> str | None:
        """What `set_stage_signature` last kept for a stage; None where its results are not known to be current.

        Any article added, changed or deleted clears the signatures of all stages. Replacing the results of a stage
        clears its own and those of the stages that build on it: links and chains on matches and on attributions,
        chains on links.
        """
        rows = self._rows("SELECT signature FROM stages WHERE stage = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_stage_signature(self, name: Stage, value: str | None) -> None:
        """Keep that a stage's results are complete for the present articles and the settings that `value` names.

        Raises:
            StoreError: no stage has that name.
        """
        if name not in STAGES:
            raise StoreError(f"no stage is named {name!r}", where=str(self.path), remedy=f"one of {', '.join(STAGES)}")
        with self._writing():
            self._run("DELETE FROM stages WHERE stage = ?", (name,))
            if value is not None:
                self._run("INSERT INTO stages (stage, signature) VALUES (?, ?)", (name, value))

    def _clear_stages(self, *names: Stage) -> None:
        # summaries count what any stage found
        self._many("DELETE FROM stages WHERE stage = ?", [(name,) for name in {*names, "summaries"}])


def _too_new(path: Path, version: int) -> NewerDatabaseError:
    what = f"written by a later version of provenance (schema {version}, this one knows {migrations.LATEST})"
    return NewerDatabaseError(what, where=str(path), remedy="update provenance, or name another file")


def _unstorable_value(row: Sequence[Any]) -> Any:
    for value in row:
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            return value
        if isinstance(value, str) and not encodable(value):
            return value
    return None


def encodable(text: str) -> bool:
    """Whether a text is free of lone surrogates, which SQLite cannot hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
