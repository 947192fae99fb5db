"""What SQLite and the schema say of a database; the parts of a check that need no analysis."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import LockedDatabaseError, NotADatabaseError, StoreError
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import Store, migrations
from provenance.store.checks import (
    at_one_moment,
    guarded,
    page_findings,
    reading,
    reference_findings,
    schema_findings,
)
from provenance.store.findings import Finding, FindingKind
from provenance.store.schema import TABLES
from provenance.store.search_checks import listing_findings, search_findings
from provenance.store.text_checks import parsed, span_findings, text_findings

SETTINGS = StoreSettings()
TEXTS = {"en": "Oil leaked into the harbour.", "zh": "港口漏油事故。", "nul": "a\x00b", "empty-title": "e\u0301tude"}


def silent(_stage: str, _share: float) -> None:
    pass


@pytest.fixture
def filled(path: Path) -> Path:
    with Store(path, SETTINGS) as store:
        store.add_articles(Article(name, text, title="港" if name == "zh" else None) for name, text in TEXTS.items())
    return path


def test_reading_writes_nothing(filled: Path) -> None:
    with reading(filled, SETTINGS) as store:
        assert store.article_ids() == sorted(TEXTS)
        with pytest.raises(StoreError, match="readonly"):
            store._run("DELETE FROM articles")


@pytest.mark.parametrize("content", [b"", b"text", b"\x00" * 100])
def test_reading_something_else(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotADatabaseError), reading(path, SETTINGS):
        pass


def test_reading_no_file(path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"), reading(path, SETTINGS):
        pass
    assert not path.exists()


def test_what_others_write_is_not_seen(filled: Path) -> None:
    with reading(filled, SETTINGS) as store, Store(filled, SETTINGS) as other:
        with at_one_moment(store) as connection:
            count = "SELECT count(*) FROM articles"
            assert connection.execute(count).fetchone() == (len(TEXTS),)
            other.add_articles([Article("new", "text")])
            assert connection.execute(count).fetchone() == (len(TEXTS),)
        assert len(store.article_ids()) == len(TEXTS) + 1


def test_text_of_any_bytes_is_text(filled: Path) -> None:
    with reading(filled, SETTINGS) as store, at_one_moment(store) as connection:
        assert connection.execute("SELECT CAST(x'41ff' AS TEXT)").fetchone() == ("A\ufffd",)
    with reading(filled, SETTINGS) as store, pytest.raises(sqlite3.OperationalError):
        store._connection.execute("SELECT CAST(x'41ff' AS TEXT)").fetchone()


# guarded ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [sqlite3.DatabaseError("malformed"), MemoryError(), TypeError("x"), StoreError("broken", remedy="r")]
)
@pytest.mark.parametrize(("searching", "kind"), [(False, "page"), (True, "search")])
def test_what_is_raised_is_a_finding(store: Store, error: Exception, searching: bool, kind: FindingKind) -> None:
    first = Finding("value", "links", 1, "wrong")

    def findings():  # type: ignore[no-untyped-def]
        yield first
        raise error

    found = list(guarded(findings(), store, searching=searching))
    assert found[0] == first
    assert [each.kind for each in found[1:]] == [kind]
    assert found[1].what.startswith("it cannot be read to its end: ")


def test_a_locked_database_is_an_error(store: Store) -> None:
    def findings():  # type: ignore[no-untyped-def]
        raise sqlite3.OperationalError("database is locked")
        yield

    with pytest.raises(LockedDatabaseError):
        list(guarded(findings(), store))


# what SQLite says ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quick", [True, False])
def test_a_sound_file(filled: Path, quick: bool) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        assert list(page_findings(connection, quick=quick)) == []
        assert list(schema_findings(connection)) == []
        assert list(reference_findings(connection)) == []


def test_a_row_that_an_index_lacks(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX versions_by_outlet ON versions (title)' "
            "WHERE name = 'versions_by_outlet'"
        )
        connection.commit()
    with closing(sqlite3.connect(filled)) as connection:
        assert list(page_findings(connection, quick=True)) == []
        found = list(page_findings(connection, quick=False))
    assert {(each.kind, each.table, each.row) for each in found} == {("entry", "versions", "versions_by_outlet")}
    assert all(each.repairable for each in found)


def test_a_lost_page(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        size, page = (
            connection.execute(sql).fetchone()[0]
            for sql in ("PRAGMA page_size", "SELECT rootpage FROM sqlite_master WHERE name = 'hops'")
        )
    content = bytearray(filled.read_bytes())
    content[(page - 1) * size : page * size] = b"\x01" * size
    filled.write_bytes(content)
    with closing(sqlite3.connect(filled)) as connection, Store(filled, SETTINGS) as store:
        found = list(guarded(page_findings(connection, quick=True), store))
    assert {each.kind for each in found} == {"page"}
    assert not any(each.repairable for each in found)


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"migrations"}))
def test_a_missing_table(filled: Path, table: str) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"DROP TABLE {table}")
        found = list(schema_findings(connection))
    missing = [each for each in found if each.row == "table"]
    assert [(each.table, each.repairable) for each in missing] == [(table, False)]


def test_a_missing_column(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("DROP VIEW uncredited_reuse")
        connection.execute("ALTER TABLE uncredited RENAME COLUMN hours TO days")
        found = list(schema_findings(connection))
    assert any(each.table == "uncredited" and "lacks the column hours" in each.what for each in found)


def test_tables_and_indexes_of_the_users_own_are_no_fault(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("CREATE INDEX versions_by_language ON versions (language)")
        assert list(schema_findings(connection)) == []


def test_a_reference_names_its_column(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("INSERT INTO passages VALUES (7, 1, 999, 0, 1, 'copy')")
        found = list(reference_findings(connection))
    assert found == [Finding("reference", "passages", 7, "article_id names a row of articles that is not there")]


def test_every_table_has_its_remedy() -> None:
    for table in TABLES:
        assert Finding("value", table, None, "").remedy


# texts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("together", "characters"), [(1, 1), (2, 10**6), (100, 1), (100, 10**6)])
def test_texts_in_any_number_together(filled: Path, together: int, characters: int) -> None:
    with Store(filled, SETTINGS) as store:
        keys = store.ids_of(range(100))
    with closing(sqlite3.connect(filled)) as connection:
        rows = [(key, 0, 500 + key, "copy") for key in keys]
        connection.executemany("INSERT INTO passages VALUES (NULL, 0, ?, ?, ?, ?)", rows)
        found = list(text_findings(connection, together, characters, silent))
    assert {(each.kind, each.document) for each in found} == {("offset", name) for name in TEXTS}


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=12),
    start=st.one_of(st.integers(-3, 15), st.none(), st.text(max_size=2), st.floats(allow_nan=False)),
    end=st.one_of(st.integers(-3, 15), st.none(), st.binary(max_size=2)),
)
def test_a_span_is_a_fault_where_python_has_no_such_slice(text: str, start: object, end: object) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.migrate(connection)
        connection.execute("DROP VIEW shared_text")
        connection.execute("DROP TABLE passages")
        connection.execute("CREATE TABLE passages (passage_id, article_id, start_offset, end_offset)")
        connection.execute("INSERT INTO passages VALUES (1, 5, ?, ?)", (start, end))
        found = list(span_findings(connection, {5: ("a.txt", text)}))
    sound = isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)
    assert [each.kind for each in found] == ([] if sound else ["offset"])


@pytest.mark.parametrize(
    ("packed", "value"), [("[1]", [1]), ("{", None), (None, None), (b"[1]", None), ("[" * 10**5, None)]
)
def test_json_that_is_none(packed: object, value: object) -> None:
    assert parsed(packed) == value


# search -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
def test_search_is_compared_with_texts_of_every_script(filled: Path, whole: bool) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        keys = [row[0] for row in connection.execute("SELECT article_id FROM articles")]
        assert list(listing_findings(connection)) == []
        assert list(search_findings(connection, keys, silent, whole=whole)) == []
        connection.execute("UPDATE versions SET text = replace(replace(text, '漏', '满'), 'harbour', 'harbor')")
        found = list(search_findings(connection, keys, silent, whole=whole))
    assert {each.table for each in found} == {"word_search", "character_search"}


def test_words_in_another_order_are_found_by_all_places(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        keys = [row[0] for row in connection.execute("SELECT article_id FROM articles")]
        connection.execute("UPDATE versions SET text = 'The harbour leaked into oil.' WHERE text LIKE 'Oil%'")
        found = list(search_findings(connection, keys, silent, whole=True))
    assert [(each.table, each.what) for each in found] == [
        ("word_search", "the index has words at other places than the texts")
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=4))
def test_search_of_any_text_is_no_fault(texts: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.migrate(connection)
        store = Store.reading(connection, Path("memory"), SETTINGS)
        from sqlite_utils import Database

        store._database = Database(connection)
        store._add_batch([Article(str(number), text, title=text[:9]) for number, text in enumerate(texts)])
        keys = [row[0] for row in connection.execute("SELECT article_id FROM articles")]
        assert list(text_findings(connection, 2, 50, silent)) == []
        assert list(listing_findings(connection)) == []
        for whole in (True, False):
            assert list(search_findings(connection, keys, silent, whole=whole)) == []
