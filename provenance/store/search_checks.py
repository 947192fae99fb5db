"""Full-text search against the texts.

SQLite checks the content of a full-text index only for those who may write, and never that of one that keeps no text.
So the articles are indexed anew, in a database of their own that is thrown away: a sample of them or all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Final

from provenance.store import migrations
from provenance.store.articles import by_script
from provenance.store.findings import Finding

Progress = Callable[[str, float], None]

INDEXES: Final = ("word_search", "character_search")
STAGE: Final = "checking search"
_AT_ONCE: Final = 40
"""Words of an article that are looked up together."""
_READ: Final = "SELECT article_id, title, text FROM documents WHERE article_id = ?"
_SUMS: Final = """
    SELECT count(*), sum((doc + 11) * 1009 % 65521 * ("offset" + 7) % 65521
        * (unicode(term) * 31 + length(term)) % 65521 * (1 + (col = 'title'))) FROM {}"""
"""Over the places of all words: how many, and a sum that changes where one stands elsewhere."""


def listing_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Articles that are not in the index of their kind of script, and entries of articles that are not held."""
    for table, flag in zip(INDEXES, (0, 1), strict=True):
        missing = f"""
            SELECT article_id, id FROM documents WHERE unspaced = {flag}
            AND article_id NOT IN (SELECT id FROM {table}_docsize)"""
        for article, document in connection.execute(missing):
            yield Finding("search", table, article, "the article is not in the index", document)
        extra = f"""
            SELECT id FROM {table}_docsize WHERE id NOT IN (SELECT article_id FROM documents WHERE unspaced = {flag})"""
        for (article,) in connection.execute(extra):
            yield Finding("search", table, article, "the index has an article that is not held, or not of its kind")


def search_findings(
    connection: sqlite3.Connection, keys: Sequence[int], progress: Progress, *, whole: bool
) -> Iterator[Finding]:
    """Differences between the indexes and the texts of some articles.

    Args:
        connection: of the database.
        keys: of the articles.
        progress: is told how far it is.
        whole: whether these are all articles, so that the indexes can be compared as a whole.
    """
    # an empty name is a database on disk that goes with its connection
    with closing(sqlite3.connect("")) as fresh:
        migrations.migrate(fresh)
        for number, key in enumerate(keys):
            row = connection.execute(_READ, (key,)).fetchone()
            if row is not None:
                for table, entries in zip(INDEXES, by_script([row]), strict=True):
                    fresh.executemany(f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)", entries)
            progress(STAGE, number / len(keys))
        fresh.commit()
        for table in INDEXES:
            yield from _size_findings(connection, fresh, table)
            yield from (_whole_findings if whole else _word_findings)(connection, fresh, table)


def _size_findings(connection: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> Iterator[Finding]:
    """Articles of which the index counts other words."""
    for key, wanted in fresh.execute(f"SELECT id, sz FROM {table}_docsize ORDER BY id"):
        there = connection.execute(f"SELECT sz FROM {table}_docsize WHERE id = ?", (key,)).fetchone()
        # one that is missing altogether was found before
        if there is not None and there[0] != wanted:
            yield Finding("search", table, key, "the index counts other words than the text has", _id(connection, key))


def _whole_findings(connection: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> Iterator[Finding]:
    """Where two indexes of the same texts differ: in their words, or else in where those stand."""
    for each in (connection, fresh):
        for detail in ("row", "instance"):
            each.execute(f"CREATE VIRTUAL TABLE temp.{table}_{detail} USING fts5vocab('main', '{table}', '{detail}')")
    try:
        words = f"SELECT term, doc, cnt FROM temp.{table}_row"
        for there, wanted in zip_longest(connection.execute(words), fresh.execute(words)):
            if there != wanted:
                word = min(row[0] for row in (there, wanted) if row is not None)
                what = f"the index differs from the texts, first in the word {word!r}"
                yield Finding("search", table, None, what)
                return
        sums = _SUMS.format(f"temp.{table}_instance")
        if connection.execute(sums).fetchone() != fresh.execute(sums).fetchone():
            yield Finding("search", table, None, "the index has words at other places than the texts")
    finally:
        for detail in ("row", "instance"):
            connection.execute(f"DROP TABLE temp.{table}_{detail}")


def _word_findings(connection: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> Iterator[Finding]:
    """Articles that are not found by all of their words."""
    fresh.execute(f"CREATE VIRTUAL TABLE temp.{table}_places USING fts5vocab('main', '{table}', 'instance')")
    fresh.execute(f"CREATE TEMP TABLE {table}_words AS SELECT DISTINCT doc, term FROM temp.{table}_places")
    fresh.execute(f"CREATE INDEX temp.{table}_of ON {table}_words (doc)")
    found = f"SELECT count(*) FROM {table} WHERE {table} MATCH ? AND rowid = ?"
    for (key,) in fresh.execute(f"SELECT id FROM {table}_docsize ORDER BY id").fetchall():
        words = [row[0] for row in fresh.execute(f"SELECT term FROM temp.{table}_words WHERE doc = ?", (key,))]
        for start in range(0, len(words), _AT_ONCE):
            query = " AND ".join(f'"{word}"' for word in words[start : start + _AT_ONCE])
            there, wanted = (each.execute(found, (query, key)).fetchone()[0] for each in (connection, fresh))
            if there < wanted:
                what = "the article is not found by all of its words"
                yield Finding("search", table, key, what, _id(connection, key))
                break


def _id(connection: sqlite3.Connection, key: int) -> str:
    row = connection.execute("SELECT id FROM articles WHERE article_id = ?", (key,)).fetchone()
    return row[0] if row else ""
