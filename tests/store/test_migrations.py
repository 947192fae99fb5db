from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from provenance.errors import NewerDatabaseError
from provenance.model import Article, Passage, Span
from provenance.settings import StoreSettings
from provenance.store import Store, migrations

EVERY_STEP = [(number,) for number, _, _ in migrations.STEPS]


def _database(path: Path, steps: int, text: str = "old text") -> None:
    """A database as the first so many steps left it, with one article."""
    with closing(sqlite3.connect(path)) as connection:
        migrations.migrate(connection, None, migrations.STEPS[:steps])
        connection.execute("PRAGMA journal_mode = WAL")
        sha256 = Article("a", text).sha256
        with connection:
            connection.execute("INSERT INTO articles VALUES (1, 'a', 1)")
            connection.execute(
                "INSERT INTO versions (version_id, article_id, number, sha256, added, credits, unspaced, text) "
                "VALUES (1, 1, 1, ?, '2026-01-01T00:00:00+00:00', '[]', 0, ?)",
                (sha256, text),
            )
            connection.execute("INSERT INTO word_search (rowid, title, text) VALUES (1, NULL, ?)", (text,))


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return migrations.version_of(connection)


def test_the_steps_are_numbered_from_one() -> None:
    assert [number for number, _, _ in migrations.STEPS] == list(range(1, migrations.LATEST + 1))


def test_an_older_database_is_migrated_with_its_rows_and_a_copy_is_kept(path: Path) -> None:
    _database(path, 1)
    with Store(path, StoreSettings()) as store:
        assert list(store.articles()) == [Article("a", "old text")]
        assert [hit.document for hit in store.search("old")] == ["a"]
        store.replace_matches([], [Passage(0, "a", Span(0, 3), "copy")])
        assert store.add_articles([Article("a", "old text")]).unchanged == 1
        assert store._rows("SELECT number FROM migrations ORDER BY number") == EVERY_STEP
    kept = path.with_name("collection.db.v1.bak")
    assert _version(kept) == 1
    assert _version(path) == migrations.LATEST
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT id, text FROM documents").fetchall() == [("a", "old text")]
    assert sorted(file.name for file in path.parent.iterdir()) == ["collection.db", "collection.db.v1.bak"]


def test_a_copy_is_never_overwritten(path: Path) -> None:
    kept = path.with_name("collection.db.v1.bak")
    kept.write_text("precious")
    _database(path, 1)
    Store(path, StoreSettings()).close()
    assert kept.read_text() == "precious"
    assert _version(path.with_name("collection.db.v1-2.bak")) == 1


def test_a_present_database_is_not_copied(path: Path) -> None:
    for _ in range(2):
        Store(path, StoreSettings()).close()
    assert [file.name for file in path.parent.iterdir()] == ["collection.db"]


def test_a_failing_step_leaves_the_database_as_it_was(path: Path) -> None:
    def failing(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half_done (x INTEGER)")
        connection.execute("no SQL")

    _database(path, 2)
    steps = (*migrations.STEPS[:2], (3, "failing", failing))
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.OperationalError):
        migrations.migrate(connection, path, steps)
    assert _version(path) == 2
    with Store(path, StoreSettings()) as store:
        assert store._rows("SELECT name FROM sqlite_master WHERE name = 'half_done'") == []
        assert store.article_ids() == ["a"]


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    _database(path, 2)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="schema 99") as raised:
        Store(path, StoreSettings())
    assert "update provenance" in raised.value.remedy
    assert path.read_bytes() == before


def test_a_migrated_database_equals_a_new_one(path: Path, tmp_path: Path) -> None:
    def shape(file: Path) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(file)) as connection:
            return sorted(connection.execute("SELECT type, name, ifnull(sql, '') FROM sqlite_master").fetchall())

    _database(path, 1)
    Store(path, StoreSettings()).close()
    Store(tmp_path / "new.db", StoreSettings()).close()
    assert shape(path) == shape(tmp_path / "new.db")
