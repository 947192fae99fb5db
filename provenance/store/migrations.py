"""The schema, as numbered steps from an empty database to the present one.

A step that was released is never edited: a later change of the schema is a new step at the end of `STEPS`. The number
of the last step applied is the database's `PRAGMA user_version`; `PRAGMA application_id` marks the file as ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from provenance.store import summary_tables

APPLICATION_ID = 0x50524F56
"""`PROV` in ASCII; SQLite keeps it in bytes 68 to 71 of the file."""

Step = tuple[int, str, Callable[[sqlite3.Connection], None]]


def _create(connection: sqlite3.Connection, tables: dict[str, str], others: Sequence[str]) -> None:
    # STRICT came with SQLite 3.37; without it the same rows are stored, unchecked
    strict = sqlite3.sqlite_version_info >= (3, 37)
    for name, body in tables.items():
        body, _, option = body.rpartition(")")  # noqa: PLW2901 - the body without its table options
        options = [text for text in (option.strip(), "STRICT" if strict else "") if text]
        connection.execute(f"CREATE TABLE {name} ({body}) {', '.join(options)}")
    for statement in others:
        connection.execute(statement)


def _articles(connection: sqlite3.Connection) -> None:
    tables = {
        "migrations": """
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            applied TEXT NOT NULL
        )""",
        "state": """
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        )""",
        # the two tables point at each other, so their foreign keys are checked at commit, by index on either side
        "articles": """
            article_id INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            version_id INTEGER NOT NULL UNIQUE REFERENCES versions (version_id) DEFERRABLE INITIALLY DEFERRED
        )""",
        # the text stands last: what comes before it is read without walking its overflow pages
        "versions": """
            version_id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles (article_id) DEFERRABLE INITIALLY DEFERRED,
            number INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            added TEXT NOT NULL,
            title TEXT,
            outlet TEXT,
            url TEXT,
            author TEXT,
            published_start TEXT,
            published_end TEXT,
            published_precision TEXT,
            published_origin TEXT,
            language TEXT,
            credits TEXT NOT NULL,
            unspaced INTEGER NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (article_id, number)
        )""",
    }
    others = [
        """CREATE VIEW documents AS
            SELECT articles.article_id, articles.id, title, outlet, url, author, published_start, published_end,
                published_precision, published_origin, language, credits, sha256, added, number AS version_number,
                unspaced, text
            FROM articles JOIN versions ON versions.version_id = articles.version_id""",
        """CREATE VIEW word_search_content AS
            SELECT article_id, title, text FROM documents WHERE NOT unspaced""",
        """CREATE VIRTUAL TABLE word_search USING fts5(title, text, content='word_search_content',
            content_rowid='article_id', tokenize='unicode61 remove_diacritics 2')""",
        # marks count as letters here: Thai and Khmer vowels are marks
        """CREATE VIRTUAL TABLE character_search USING fts5(title, text, content='',
            tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'")""",
    ]
    _create(connection, tables, others)


_SPAN: Final = "CHECK (start_offset >= 0 AND end_offset >= start_offset)"
_RESULT_TABLES: Final = {
    "stages": """
        stage TEXT PRIMARY KEY,
        signature TEXT NOT NULL
    )""",
    "document_stages": """
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        stage TEXT NOT NULL,
        signature TEXT NOT NULL,
        PRIMARY KEY (article_id, stage)
    ) WITHOUT ROWID""",
    "matches": """
        match_id INTEGER PRIMARY KEY,
        a_id INTEGER NOT NULL REFERENCES articles (article_id),
        a_start INTEGER NOT NULL,
        a_end INTEGER NOT NULL,
        b_id INTEGER NOT NULL REFERENCES articles (article_id),
        b_start INTEGER NOT NULL,
        b_end INTEGER NOT NULL,
        similarity REAL NOT NULL,
        kind TEXT NOT NULL,
        cluster INTEGER NOT NULL,
        CHECK (a_start >= 0 AND a_end >= a_start AND b_start >= 0 AND b_end >= b_start)
    )""",
    "passages": f"""
        passage_id INTEGER PRIMARY KEY,
        cluster INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        start_offset INTEGER NOT NULL,
        end_offset INTEGER NOT NULL,
        kind TEXT NOT NULL,
        {_SPAN}
    )""",
    "sources": """
        source_id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        outlet TEXT,
        name_key TEXT NOT NULL,
        outlet_key TEXT
    )""",
    "attributions": """
        attribution_id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        place INTEGER NOT NULL,
        scope TEXT NOT NULL,
        kind TEXT NOT NULL,
        stance TEXT NOT NULL,
        source_start INTEGER,
        source_end INTEGER,
        source_text TEXT,
        source_name TEXT,
        cue_start INTEGER,
        cue_end INTEGER,
        cue_text TEXT,
        cue_name TEXT,
        content TEXT NOT NULL,
        confidence REAL NOT NULL,
        rule TEXT NOT NULL
    )""",
    "attribution_sources": """
        attribution_id INTEGER NOT NULL REFERENCES attributions (attribution_id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        source_id INTEGER NOT NULL REFERENCES sources (source_id),
        PRIMARY KEY (attribution_id, place)
    ) WITHOUT ROWID""",
    "links": """
        link_id INTEGER PRIMARY KEY,
        upstream_id INTEGER REFERENCES articles (article_id),
        upstream_name TEXT NOT NULL,
        downstream_id INTEGER NOT NULL REFERENCES articles (article_id),
        relation TEXT NOT NULL,
        credited INTEGER NOT NULL CHECK (credited IN (0, 1)),
        confidence REAL NOT NULL,
        clusters TEXT NOT NULL,
        margin REAL NOT NULL,
        runner_up TEXT NOT NULL
    )""",
    "link_documents": """
        link_id INTEGER NOT NULL REFERENCES links (link_id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        PRIMARY KEY (link_id, place)
    ) WITHOUT ROWID""",
    "chains": """
        chain_id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        claim_start INTEGER,
        claim_end INTEGER,
        claim_text TEXT NOT NULL,
        stance TEXT NOT NULL,
        confidence REAL NOT NULL
    )""",
    "hops": """
        hop_id INTEGER PRIMARY KEY,
        chain_id INTEGER NOT NULL REFERENCES chains (chain_id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        article_id INTEGER REFERENCES articles (article_id),
        relation TEXT NOT NULL,
        kind TEXT NOT NULL
    )""",
    "evidence": f"""
        evidence_id INTEGER PRIMARY KEY,
        attribution_id INTEGER REFERENCES attributions (attribution_id) ON DELETE CASCADE,
        link_id INTEGER REFERENCES links (link_id) ON DELETE CASCADE,
        hop_id INTEGER REFERENCES hops (hop_id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (article_id),
        start_offset INTEGER NOT NULL,
        end_offset INTEGER NOT NULL,
        text TEXT NOT NULL,
        rule TEXT NOT NULL,
        found_in TEXT NOT NULL,
        weight REAL NOT NULL,
        CHECK ((attribution_id IS NOT NULL) + (link_id IS NOT NULL) + (hop_id IS NOT NULL) = 1),
        {_SPAN}
    )""",
}
_RESULT_INDEXES: Final = [
    "CREATE INDEX matches_by_a ON matches (a_id)",
    "CREATE INDEX matches_by_b ON matches (b_id)",
    "CREATE INDEX matches_by_cluster ON matches (cluster)",
    "CREATE INDEX passages_by_article ON passages (article_id)",
    "CREATE INDEX passages_by_cluster ON passages (cluster)",
    "CREATE INDEX sources_by_name ON sources (name, kind)",
    "CREATE INDEX sources_by_name_key ON sources (name_key)",
    "CREATE INDEX sources_by_outlet_key ON sources (outlet_key) WHERE outlet_key IS NOT NULL",
    "CREATE INDEX attributions_by_article ON attributions (article_id, place)",
    "CREATE INDEX attribution_sources_by_source ON attribution_sources (source_id)",
    "CREATE INDEX links_by_upstream ON links (upstream_id) WHERE upstream_id IS NOT NULL",
    "CREATE INDEX links_by_downstream ON links (downstream_id)",
    "CREATE INDEX links_by_runner_up ON links (runner_up)",
    "CREATE INDEX link_documents_by_article ON link_documents (article_id)",
    "CREATE INDEX chains_by_article ON chains (article_id)",
    "CREATE INDEX hops_by_chain ON hops (chain_id, place)",
    "CREATE INDEX hops_by_article ON hops (article_id) WHERE article_id IS NOT NULL",
    "CREATE INDEX hops_by_name_key ON hops (name_key)",
    "CREATE INDEX evidence_by_attribution ON evidence (attribution_id) WHERE attribution_id IS NOT NULL",
    "CREATE INDEX evidence_by_link ON evidence (link_id) WHERE link_id IS NOT NULL",
    "CREATE INDEX evidence_by_hop ON evidence (hop_id) WHERE hop_id IS NOT NULL",
    "CREATE INDEX evidence_by_article ON evidence (article_id)",
    """CREATE VIEW shared_text AS
        SELECT cluster, passages.kind, documents.id, title, outlet, start_offset, end_offset,
            substr(text, start_offset + 1, end_offset - start_offset) AS passage
        FROM passages JOIN documents ON documents.article_id = passages.article_id""",
]


def _results(connection: sqlite3.Connection) -> None:
    _create(connection, _RESULT_TABLES, _RESULT_INDEXES)


def _word_index(connection: sqlite3.Connection) -> None:
    tables = {
        # the words stand last: what comes before them is read without walking their overflow pages
        "word_index": """
            article_id INTEGER PRIMARY KEY REFERENCES articles (article_id) ON DELETE CASCADE,
            scheme TEXT NOT NULL,
            representative_id INTEGER NOT NULL,
            sampled INTEGER NOT NULL,
            sketch BLOB NOT NULL,
            words BLOB NOT NULL
        )""",
    }
    _create(connection, tables, ["ALTER TABLE matches ADD COLUMN alignment BLOB"])


def _linked(connection: sqlite3.Connection) -> None:
    tables = {
        "linked_clusters": """
            cluster INTEGER PRIMARY KEY,
            digest INTEGER NOT NULL
        )""",
    }
    others = [
        # chains go with the attributions they rest on, in the same transaction but not always in that order
        """ALTER TABLE hops ADD COLUMN attribution_id INTEGER REFERENCES attributions (attribution_id)
            DEFERRABLE INITIALLY DEFERRED""",
        "CREATE INDEX hops_by_attribution ON hops (attribution_id) WHERE attribution_id IS NOT NULL",
    ]
    _create(connection, tables, others)


def _traces(connection: sqlite3.Connection) -> None:
    tables = {
        "outlet_traces": """
            article_id INTEGER PRIMARY KEY REFERENCES articles (article_id) ON DELETE CASCADE,
            outlet TEXT NOT NULL,
            host TEXT NOT NULL,
            names_itself INTEGER NOT NULL CHECK (names_itself IN (0, 1)),
            plain INTEGER NOT NULL CHECK (plain IN (0, 1)),
            page TEXT NOT NULL
        )""",
        "outlet_brackets": """
            article_id INTEGER NOT NULL REFERENCES articles (article_id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            acronym TEXT NOT NULL,
            preceding TEXT NOT NULL,
            PRIMARY KEY (article_id, place)
        ) WITHOUT ROWID""",
    }
    _create(connection, tables, ["CREATE INDEX outlet_brackets_by_acronym ON outlet_brackets (acronym)"])


def _summaries(connection: sqlite3.Connection) -> None:
    _create(connection, summary_tables.TABLES, summary_tables.OTHERS)


def _runs(connection: sqlite3.Connection) -> None:
    tables = {
        "runs": """
            number INTEGER PRIMARY KEY,
            command TEXT NOT NULL,
            begun TEXT NOT NULL,
            ended TEXT,
            outcome TEXT CHECK (outcome IN ('done', 'stopped', 'failed')),
            message TEXT NOT NULL,
            version TEXT NOT NULL,
            method TEXT NOT NULL,
            engine TEXT NOT NULL,
            python TEXT NOT NULL,
            sqlite TEXT NOT NULL,
            settings TEXT NOT NULL,
            counts TEXT NOT NULL,
            stages TEXT NOT NULL,
            seconds REAL,
            cpu_seconds REAL,
            peak_bytes INTEGER,
            child_peak_bytes INTEGER
        )""",
    }
    _create(connection, tables, [])


def _watched(connection: sqlite3.Connection) -> None:
    article = "article_id INTEGER PRIMARY KEY REFERENCES articles (article_id) ON DELETE CASCADE"
    tables = {
        "watched": """
            kind TEXT NOT NULL CHECK (kind IN ('file', 'feed', 'page')),
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            seen TEXT NOT NULL,
            failures INTEGER NOT NULL,
            next_at REAL NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID""",
        "captures": f"""
            {article},
            captured TEXT NOT NULL
        )""",
        "unreported": f"""
            {article}
        )""",
    }
    _create(connection, tables, [])


def _indexed_words(connection: sqlite3.Connection) -> None:
    # counting the rows of a scheme would go through the words of all articles
    _create(connection, {}, ["CREATE INDEX word_index_by_scheme ON word_index (scheme)"])


def _version_heads(connection: sqlite3.Connection) -> None:
    # going through what is known of all articles would go through their texts
    dates = "published_start, published_end, published_precision, published_origin"
    _create(connection, {}, [f"CREATE INDEX version_heads ON versions (version_id, outlet, url, credits, {dates})"])


STEPS: tuple[Step, ...] = (
    (1, "articles, their versions and full-text search", _articles),
    (2, "results of the stages: matches, attributions, links, chains", _results),
    (3, "the index that detection goes on from", _word_index),
    (4, "what links were made from; hops refer to attributions", _linked),
    (5, "what articles contribute to the outlets of the collection", _traces),
    (6, "summaries and views for readers", _summaries),
    (7, "a record of what was run", _runs),
    (8, "what was read from where: watched files, feeds and pages, and archives", _watched),
    (9, "the articles of the index by its scheme", _indexed_words),
    (10, "what is known of articles apart from their texts", _version_heads),
)
"""Number, name and function of every step, in order."""

LATEST = STEPS[-1][0]


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last step applied to the database; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path | None = None, steps: Sequence[Step] = STEPS) -> Path | None:
    """Apply the steps that the database lacks, all of them or none.

    Args:
        connection: outside of a transaction; the write lock is taken before the version is read, so that of two
            processes opening the same file only one migrates it.
        path: the database's file; where it holds an older version, a copy is kept beside it first.
        steps: the steps to go through; the tests stop early.

    Returns:
        The file of the copy, or None where none was needed.

    Raises:
        sqlite3.Error: as SQLite raises it; nothing was changed then.
    """
    if version_of(connection) >= steps[-1][0]:
        return None
    connection.execute("BEGIN IMMEDIATE")
    kept = None
    try:
        version = version_of(connection)
        if version and version < steps[-1][0] and path is not None:
            kept = _keep_copy(path, version)
        for number, name, apply in steps:
            if number > version:
                apply(connection)
                now = datetime.now(timezone.utc).isoformat(timespec="seconds")
                connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, name, now))
                connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return kept


def _keep_copy(path: Path, version: int) -> Path:
    """Copy the database to `NAME.vN.bak`, or `NAME.vN-2.bak` and so on where that exists."""
    name, count = path.with_name(f"{path.name}.v{version}.bak"), 1
    while name.exists():
        count += 1
        name = path.with_name(f"{path.name}.v{version}-{count}.bak")
    unfinished = name.with_name(name.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        # a copy cut short never bears the final name
        unfinished.replace(name)
    except BaseException:
        # on a full disk it is in the way
        unfinished.unlink(missing_ok=True)
        raise
    return name
