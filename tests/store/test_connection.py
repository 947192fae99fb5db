from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenance.errors import LockedDatabaseError, NotADatabaseError, ProvenanceError, StoreError
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import STAGES, Store, migrations
from provenance.store.connection import in_batches
from provenance.store.opening import translated


def test_the_folder_is_made_and_the_log_is_gone_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ünï.db"
    with Store(path, StoreSettings()) as store:
        store.add_articles([Article("a", "text")])
        store.articles()  # begun and never gone through
        assert path.with_name("ünï.db-wal").exists()
    assert [file.name for file in path.parent.iterdir()] == ["ünï.db"]
    with Store(path, StoreSettings(), create=False) as store:
        assert store.article_ids() == ["a"]
        assert store.counts()["articles"] == 1


def test_nothing_is_made_where_it_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such database"):
        Store(tmp_path / "no" / "a.db", StoreSettings(), create=False)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_filled_only_where_asked_for(path: Path) -> None:
    path.touch()
    with pytest.raises(NotADatabaseError):
        Store(path, StoreSettings(), create=False)
    with Store(path, StoreSettings()) as store:
        assert store.article_ids() == []


@pytest.mark.parametrize("content", [b"x", b"Once upon a time\n" * 1000, b"SQLite format 3\x00", bytes(5000)])
def test_another_file_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotADatabaseError) as raised:
        Store(path, StoreSettings())
    assert str(path) in str(raised.value)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == ["collection.db"]


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE articles (id TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotADatabaseError, match="a database of another program"):
        Store(path, StoreSettings())
    assert path.read_bytes() == before


def test_a_damaged_database_is_named(path: Path) -> None:
    with Store(path, StoreSettings()) as store:
        store.add_articles(Article(str(number), "text " * 100) for number in range(200))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="malformed"), Store(path, StoreSettings()) as store:
        list(store.articles())


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this is a folder"):
        Store(tmp_path, StoreSettings())


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as raised:
        Store(tmp_path / "file" / "a.db", StoreSettings())
    assert raised.value.remedy


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that may not be written to; root, who may write anywhere, becomes nobody for as long."""
    nobody = 65534
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "closed"
        folder.mkdir()
        Path(name).chmod(0o755)
        folder.chmod(0o500)
        root = os.geteuid() == 0
        if root:
            os.chown(folder, nobody, nobody)
            os.seteuid(nobody)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o700)


def test_a_folder_without_permission(closed_folder: Path) -> None:
    with pytest.raises(StoreError, match="may write"):
        Store(closed_folder / "a.db", StoreSettings())


def test_a_database_that_may_only_be_read(store: Store) -> None:
    store._run("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="copy it to a folder you may write to"):
        store.add_articles([Article("a", "text")])


def test_a_second_writer_waits_and_then_gives_up(store: Store) -> None:
    with Store(store.path, StoreSettings(busy_seconds=0.05)) as other:
        with store._writing(), pytest.raises(LockedDatabaseError) as raised:
            other.add_articles([Article("a", "text")])
        assert raised.value.remedy
        assert list(other.articles()) == []
        other.add_articles([Article("a", "text")])
    assert store.article_ids() == ["a"]


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    with Store(store.path, StoreSettings(busy_seconds=0.05)) as other, store._writing():
        store.add_articles([Article("a", "text")])
        assert other.article_ids() == []
    assert store.article_ids() == ["a"]


def test_two_stores_open_one_new_file_at_once(path: Path) -> None:
    errors: list[ProvenanceError] = []

    def opened() -> None:
        try:
            with Store(path, StoreSettings()) as store:
                store.add_articles([Article(str(threading.get_ident()), "text")])
        except ProvenanceError as error:
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store(path, StoreSettings()) as store:
        assert store._rows("SELECT number FROM migrations ORDER BY number") == [(step[0],) for step in migrations.STEPS]


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store(path, StoreSettings())
    store.close()
    store.close()
    with pytest.raises(StoreError, match="open a new Store"):
        store.article_ids()
    with pytest.raises(StoreError, match="open a new Store"):
        store.add_articles([Article("a", "text")])


def test_another_thread_is_refused(store: Store) -> None:
    errors: list[ProvenanceError] = []

    def read() -> None:
        try:
            store.article_ids()
        except ProvenanceError as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert [error.remedy for error in errors] == ["open one Store a thread"]


def test_a_sqlite_without_fts5_or_too_old_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lacking:
        def execute(self, sql: str) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda name: Lacking())
        with pytest.raises(StoreError, match="lacks FTS5") as raised:
            Store(path, StoreSettings())
    assert "3.27" in raised.value.remedy
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 26, 0))
    with pytest.raises(StoreError, match="is too old"):
        Store(path, StoreSettings())


def test_tables_without_strict_hold_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with Store(path, StoreSettings()) as store:
        store.add_articles([Article("a", "text", "Title")])
        assert list(store.articles()) == [Article("a", "text", "Title")]
        assert store._rows("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%STRICT%'") == [(0,)]


def test_a_foreign_key_is_kept(store: Store) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store._many("INSERT INTO passages VALUES (?, 0, 99, 0, 1, 'copy')", [(1,)])


def test_state_outlives_changes_and_signatures_do_not(store: Store) -> None:
    assert store.state("last run") is None
    store.set_state("last run", "Tuesday")
    store.set_state("last run", "Wednesday")
    for stage in STAGES:
        assert store.stage_signature(stage) is None
        store.set_stage_signature(stage, "x")
        assert store.stage_signature(stage) == "x"
    store.add_articles([Article("a", "text")])
    assert [store.stage_signature(stage) for stage in STAGES] == [None] * len(STAGES)
    assert store.state("last run") == "Wednesday"
    store.set_state("last run", None)
    assert store.state("last run") is None
    with pytest.raises(StoreError, match="no stage is named 'reading'"):
        store.set_stage_signature("reading", "x")
    store.set_stage_signature("reuse", "x")
    store.set_stage_signature("reuse", None)
    assert store.stage_signature("reuse") is None


def test_an_exception_undoes_the_inner_transaction_only(store: Store) -> None:
    def failing() -> None:
        with store._writing():
            store.set_state("inner", "1")
            raise KeyError

    with store._writing():
        store.set_state("outer", "1")
        with pytest.raises(KeyError):
            failing()
    assert (store.state("outer"), store.state("inner")) == ("1", None)


def test_a_lone_surrogate_in_a_value_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="lone surrogate"):
        store.set_state("x", "\ud800")
    with pytest.raises(StoreError, match="lone surrogate"):
        store.article("\ud800")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("database is locked", LockedDatabaseError),
        ("file is not a database", NotADatabaseError),
        ("database or disk is full", StoreError),
        ("something new", StoreError),
    ],
)
def test_errors_are_translated(message: str, kind: type[ProvenanceError]) -> None:
    error = translated(sqlite3.OperationalError(message), Path("x.db"))
    assert type(error) is kind
    assert error.remedy
    assert "x.db" in str(error)
    assert message in str(error)


def test_batches() -> None:
    assert list(in_batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_batches([], 2)) == []
    assert list(in_batches(range(2), 0)) == [[0], [1]]


def test_a_killed_process_loses_nothing_committed(path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import Store

def reading():
    for number in range(5):
        yield Article(str(number), "text")
    os._exit(9)

Store(Path(sys.argv[1]), StoreSettings(batch_articles=2)).add_articles(reading())
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, env=environment, check=False)
    assert done.returncode == 9
    with Store(path, StoreSettings()) as store:
        assert store.article_ids() == ["0", "1", "2", "3"]
        store.add_articles(Article(str(number), "text") for number in range(5))
        assert len(store.article_ids()) == 5
        assert [len(hit.highlights) for hit in store.search("text")] == [1] * 5
