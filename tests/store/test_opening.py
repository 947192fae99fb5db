from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenance.errors import NotADatabaseError, StoreError
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import Store, opening
from provenance.store.opening import check_file, out_of_space, translated, unusable

ROOT = str(Path(__file__).parents[2])
READ = """
import sys
from pathlib import Path
from provenance.settings import StoreSettings
from provenance.store import Store
with Store(Path(sys.argv[1]), StoreSettings()) as store:
    print(store.article_ids())
"""


def _read_elsewhere(path: Path) -> str:
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": ROOT}, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_second_store_of_this_process_leaves_the_locks_of_the_first(store: Store) -> None:
    # POSIX drops all locks of a process on a file when it closes the file once: the program that closes the database
    # next would then delete the log that is still written to
    store.add_articles([Article("a", "text")])
    Store(store.path, StoreSettings()).close()
    assert _read_elsewhere(store.path) == "['a']"
    store.add_articles([Article("b", "text")])
    assert _read_elsewhere(store.path) == "['a', 'b']"


def test_a_file_cut_short_is_completed_from_its_log(path: Path, tmp_path: Path) -> None:
    # as a full disk or a killed process leaves it, in the middle of moving the log into the file
    with Store(path, StoreSettings()) as store:
        store.add_articles(Article(str(number), "text " * 1000) for number in range(50))
        copy = tmp_path / "copy" / "a.db"
        copy.parent.mkdir()
        shutil.copy(path.with_name(f"{path.name}-wal"), copy.with_name("a.db-wal"))
        size = path.stat().st_size
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        # the header says that there should be more pages
        copy.write_bytes(path.read_bytes()[:size])
        assert path.stat().st_size > size
    with Store(copy, StoreSettings()) as found:
        assert len(found.article_ids()) == 50
        assert found._rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("content", [b"x", b"SQLite format 3\x00", b"\x00" * 200, b"SQLite format 3\x00" + b"x" * 4096])
def test_what_is_not_a_database_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotADatabaseError):
        check_file(path, create=True)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_a_database(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(NotADatabaseError):
        check_file(path, create=True)


@pytest.fixture
def unwritable(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database in a folder that looks as if nobody may write to it."""
    with Store(path, StoreSettings()) as store:
        store.add_articles([Article("a", "text")])
    monkeypatch.setattr(opening.os, "access", lambda *given, **named: False)
    yield path
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_may_not_be_written_to(unwritable: Path) -> None:
    with Store(unwritable, StoreSettings()) as store:
        assert store.article_ids() == ["a"]
        with pytest.raises(StoreError, match="readonly"):
            store._run("DELETE FROM articles")


def test_another_one_writes_to_what_was_taken_for_unchanging(unwritable: Path) -> None:
    with Store(unwritable, StoreSettings()) as store:
        assert store.article_ids() == ["a"]
        with closing(sqlite3.connect(unwritable)) as other:
            other.execute("DELETE FROM state")
            other.execute("INSERT INTO state VALUES ('x', 'y')")
            other.commit()
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with pytest.raises(StoreError, match="changed while it was read"):
            store.article_ids()


@pytest.mark.parametrize("message", ["database or disk is full", "disk I/O error"])
def test_no_space_names_both_folders(message: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening.tempfile, "gettempdir", lambda: "/somewhere")
    error = translated(sqlite3.OperationalError(message), path)
    assert type(error) is StoreError
    assert str(path.parent) in error.remedy
    assert "/somewhere" in error.remedy
    assert "TMPDIR" in error.remedy

    def fails() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory")

    monkeypatch.setattr(opening.tempfile, "gettempdir", fails)
    assert str(path.parent) in translated(sqlite3.OperationalError(message), path).remedy


def test_what_the_system_says() -> None:
    assert out_of_space(OSError(errno.ENOSPC, "No space left on device"))
    assert out_of_space(OSError(errno.EFBIG, "File too large"))
    assert not out_of_space(OSError(errno.EACCES, "Permission denied"))
    assert "space" in unusable(OSError(errno.ENOSPC, "No space left on device"), Path("a.db")).remedy
    assert "permissions" in unusable(OSError(errno.EACCES, "Permission denied"), Path("a.db")).remedy
