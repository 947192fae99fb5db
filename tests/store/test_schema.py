from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from provenance.errors import StoreError
from provenance.model import Article
from provenance.store import Store, document, migrations, schema

PAGE = Path(__file__).parents[2] / "db" / "README.md"


def test_the_page_in_the_repository_is_the_one_generated() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema.describe(), "run: python -m provenance.store.document"


def test_every_table_and_column_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE surprise (x INTEGER)")

    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS)
    monkeypatch.delitem(schema.TABLES["matches"][1], "cluster")
    with pytest.raises(StoreError, match="columns of matches and their descriptions differ: cluster"):
        schema.describe()
    original = migrations.migrate
    extended = (*migrations.STEPS, (migrations.LATEST + 1, "surprise", one_more))
    monkeypatch.setattr(migrations, "migrate", lambda connection: original(connection, None, extended))
    with pytest.raises(StoreError, match="tables and their descriptions differ: surprise"):
        schema.describe()


@pytest.mark.parametrize("title", schema.EXAMPLES)
def test_the_example_queries_run(store: Store, title: str) -> None:
    store.add_articles([Article("first.txt", "a ceasefire, according to one")])
    store._rows(schema.EXAMPLES[title])


def test_the_example_queries_answer(store: Store) -> None:
    store.add_articles([Article("first.txt", "a ceasefire, according to one")])
    assert store._rows(schema.EXAMPLES["Full-text search"]) == [
        ("first.txt", None, "a [ceasefire], [according] to one")
    ]
    assert [row[0] for row in store._rows(schema.EXAMPLES["How a text changed between two versions"])] == [1]


def test_the_page_is_written_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document.main([str(tmp_path / "page.md")])
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == schema.describe()
    monkeypatch.chdir(tmp_path)
    document.main([])
    assert (tmp_path / "db" / "README.md").exists()
