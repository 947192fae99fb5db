"""Tables, indexes and views that step 6 of the schema made: summaries and views for readers. Never edited."""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "clusters": """
        cluster INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        copies INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        characters INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        start_offset INTEGER NOT NULL,
        end_offset INTEGER NOT NULL,
        dated INTEGER NOT NULL,
        earliest_id INTEGER
    )""",
    "uncredited": """
        link_id INTEGER PRIMARY KEY REFERENCES links (link_id) ON DELETE CASCADE,
        words INTEGER NOT NULL,
        share REAL NOT NULL,
        hours REAL
    )""",
    "exchanges": """
        place INTEGER PRIMARY KEY,
        taker TEXT NOT NULL,
        source TEXT NOT NULL,
        articles INTEGER NOT NULL,
        credited INTEGER NOT NULL,
        uncredited INTEGER NOT NULL,
        mentions INTEGER NOT NULL,
        hours REAL,
        dated INTEGER NOT NULL,
        held INTEGER NOT NULL
    )""",
    "most_credited": """
        place INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        held INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        statements INTEGER NOT NULL
    )""",
    "published": """
        day TEXT PRIMARY KEY,
        articles INTEGER NOT NULL
    )""",
    "counts": """
        name TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    )""",
}
OTHERS: Final = [
    "CREATE INDEX clusters_by_copies ON clusters (copies DESC, characters DESC, cluster)",
    "CREATE INDEX uncredited_by_words ON uncredited (words DESC, link_id)",
    "CREATE INDEX exchanges_by_taker ON exchanges (taker)",
    "CREATE INDEX exchanges_by_source ON exchanges (source)",
    "CREATE INDEX versions_by_outlet ON versions (outlet)",
    # outer joins by key are left out by SQLite where nothing of them is asked for, such as for a count
    """CREATE VIEW readable_chains AS
        SELECT chain_id, articles.id, outlet, title, published_start, claim_text, (
                SELECT group_concat(name, ' ← ') FROM (
                    SELECT name FROM hops WHERE hops.chain_id = chains.chain_id ORDER BY place)) AS path, (
                SELECT count(*) FROM hops WHERE hops.chain_id = chains.chain_id) AS steps, (
                SELECT name FROM hops WHERE hops.chain_id = chains.chain_id ORDER BY place DESC LIMIT 1) AS ultimate,
            stance, confidence
        FROM chains LEFT JOIN articles ON articles.article_id = chains.article_id
        LEFT JOIN versions ON versions.version_id = articles.version_id""",
    """CREATE VIEW readable_hops AS
        SELECT hop_id, hops.chain_id, articles.id, place, hops.name, hops.kind, relation, held.id AS held, (
                SELECT text FROM evidence WHERE evidence.hop_id = hops.hop_id ORDER BY place LIMIT 1) AS own_words, (
                SELECT text FROM evidence WHERE evidence.attribution_id = hops.attribution_id ORDER BY place LIMIT 1)
                AS attribution_words
        FROM hops LEFT JOIN chains ON chains.chain_id = hops.chain_id
        LEFT JOIN articles ON articles.article_id = chains.article_id
        LEFT JOIN articles held ON held.article_id = hops.article_id""",
    """CREATE VIEW earliest AS
        SELECT cluster, clusters.kind, copies, clusters.articles, characters, first.id, outlet, title,
            published_start, dated, clusters.articles - dated AS undated, (
                SELECT substr(text, start_offset + 1, min(300, end_offset - start_offset)) FROM documents
                WHERE documents.article_id = clusters.article_id) AS begins
        FROM clusters LEFT JOIN articles first ON first.article_id = earliest_id
        LEFT JOIN versions ON versions.version_id = first.version_id""",
    """CREATE VIEW uncredited_reuse AS
        SELECT uncredited.link_id, down.id, its.outlet, its.title, its.published_start, up.id AS taken_from,
            theirs.outlet AS published_by, theirs.title AS title_there, theirs.published_start AS published_there,
            words, share, hours, confidence
        FROM uncredited LEFT JOIN links ON links.link_id = uncredited.link_id
        LEFT JOIN articles down ON down.article_id = downstream_id
        LEFT JOIN articles up ON up.article_id = upstream_id
        LEFT JOIN versions its ON its.version_id = down.version_id
        LEFT JOIN versions theirs ON theirs.version_id = up.version_id""",
]
