"""The page that says what every table and column holds.

The shape is read from a database that the migrations made, so that the page cannot differ from it; the words stand in
`descriptions`. `describe` fails on a table or column without words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing

from provenance.errors import StoreError
from provenance.store import migrations
from provenance.store.descriptions import EXAMPLES, SEARCHES, TABLES, VIEWS

_INTRODUCTION = """\
# The database

<!-- Written by `python -m provenance.store.document`; edit provenance/store/descriptions.py, not this file. -->

One SQLite file holds the articles and everything found in them. It is the file named on the command line, or
`provenance.db` in this folder; beside it SQLite keeps `-wal` and `-shm` files while it is open. Any SQLite client may
read it; where it was made with SQLite 3.37 or later its tables are STRICT, and older clients cannot. Write to it only
through the program: the search indexes and the rules below are kept by it, not by triggers.

- **Offsets** are code points into the article's text, counted from 0, end exclusive. SQLite counts from 1, so the words
  of a span are `substr(text, start_offset + 1, end_offset - start_offset)`. SQL's string functions stop at a NUL
  character, which very few texts hold; the program itself does not.
- **Evidence and inference are apart.** `matches`, `passages` and `attributions` are what was found in the texts; they
  are replaced only as a whole, or article by article. `links` and `chains` are inferred from them and can be rebuilt
  at any time.
- **Change.** An article added again with another text gets a new row in `versions`, and everything derived from it is
  removed in the same transaction, as are passages that no other article shares any more. Deleting an article removes
  all its versions.
- **The schema's number** is `PRAGMA user_version`, now {latest}. An older database is brought up to date when it is
  opened, after a copy was kept beside it (`NAME.v1.bak`); one of a later version is refused. `PRAGMA application_id`
  is {application}.
"""


def describe() -> str:
    """The page `db/README.md`: tables, views, full-text indexes and example queries, in Markdown.

    Raises:
        StoreError: a table or column of the schema has no description, or a description has no table or column.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.migrate(connection)
        introduction = _INTRODUCTION.format(latest=migrations.LATEST, application=migrations.APPLICATION_ID)
        tables = _names(connection, "table")
        _same("tables", [name for name in tables if name not in SEARCHES], TABLES)
        _same("views", _names(connection, "view"), VIEWS)
        parts = [introduction, "## Tables\n"]
        for name, (words, columns) in TABLES.items():
            parts.append(_table(connection, name, words, columns))
        parts.append("## Views\n")
        for name, words in VIEWS.items():
            shown = ", ".join(f"`{row[1]}`" for row in connection.execute(f"PRAGMA table_info({name})"))
            parts.append(f"### {name}\n\n{words}\n\nColumns: {shown}.\n")
        parts.append("## Full-text indexes\n")
        parts += [f"### {name}\n\n{words}\n" for name, words in SEARCHES.items()]
        parts.append("## Example queries\n")
        parts += [f"{title}:\n\n```sql\n{_dedent(query)};\n```\n" for title, query in EXAMPLES.items()]
    return "\n".join(parts)


def _names(connection: sqlite3.Connection, kind: str) -> list[str]:
    # FTS5 keeps its own tables under names that begin with the index's name
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'", (kind,))
    inner = tuple(f"{name}_" for name in SEARCHES)
    return [row[0] for row in rows if kind == "view" or not row[0].startswith(inner)]


def _same(what: str, found: list[str], described: Collection[str]) -> None:
    if set(found) != set(described):
        differing = ", ".join(sorted(set(found) ^ set(described)))
        remedy = "describe the schema as it is in provenance/store/descriptions.py"
        raise StoreError(f"{what} and their descriptions differ: {differing}", where="db/README.md", remedy=remedy)


def _table(connection: sqlite3.Connection, name: str, words: str, columns: dict[str, str]) -> str:
    rows = connection.execute(f"PRAGMA table_info({name})").fetchall()
    _same(f"columns of {name}", [row[1] for row in rows], columns)
    targets = {row[3]: f"`{row[2]}`" for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
    lines = [f"### {name}\n", f"{words}\n", "| column | type | refers to | what it holds |", "|---|---|---|---|"]
    for _, column, kind, required, _, key in rows:
        may = "" if required or key else ", may be NULL"
        lines.append(f"| `{column}` | {kind}{may} | {targets.get(column, '')} | {columns[column]} |")
    indexed = []
    for _, index, *_ in connection.execute(f"PRAGMA index_list({name})"):
        parts = ", ".join(f"`{row[2]}`" for row in connection.execute(f"PRAGMA index_info({index})"))
        indexed.append(f"({parts})")
    if indexed:
        lines += ["", f"Indexed by {', '.join(sorted(set(indexed)))}."]
    return "\n".join(lines) + "\n"


def _dedent(query: str) -> str:
    return "\n".join(line.removeprefix("        ") for line in query.strip("\n").splitlines())
