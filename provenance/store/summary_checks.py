"""Summaries against what they sum up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from provenance.store.database import Store
from provenance.store.findings import Finding
from provenance.store.summaries import COPIES, COUNTS, PUBLISHED, cluster_summaries

_CLUSTERS: Final = """
    SELECT cluster, kind, copies, articles, characters, article_id, start_offset, end_offset, dated, earliest_id
    FROM clusters ORDER BY cluster"""
_ROWS: Final = {"published": ("day, articles", PUBLISHED), "counts": ("name, number", COUNTS)}
_UNMEASURED: Final = """
    SELECT link_id, id FROM links JOIN articles ON articles.article_id = downstream_id
    WHERE relation = 'uncredited-copy' AND upstream_id IS NOT NULL
        AND link_id NOT IN (SELECT link_id FROM uncredited)"""
_MEASURED: Final = """
    SELECT link_id, (SELECT id FROM articles WHERE article_id = downstream_id)
    FROM uncredited JOIN links USING (link_id)
    WHERE relation <> 'uncredited-copy' OR upstream_id IS NULL OR words < 0 OR NOT (share >= 0 AND share <= 1)"""


def summary_findings(store: Store, connection: sqlite3.Connection) -> Iterator[Finding]:
    """Faults of summaries that are marked as up to date; `exchanges` is left out, which no query makes."""
    if not store.summaries_current():
        return
    made = cluster_summaries(connection.execute(COPIES))
    for kept, wanted in zip_longest(connection.execute(_CLUSTERS), made):
        if kept != wanted:
            cluster = min(row[0] for row in (kept, wanted) if row is not None)
            yield Finding(
                "summary", "clusters", cluster, "the summary of the passage cluster is not that of its copies"
            )
            if kept is None or wanted is None or kept[0] != wanted[0]:
                # what follows stands in other places
                break
    for table, (columns, wanted_rows) in _ROWS.items():
        there, wanted = (dict(connection.execute(sql)) for sql in (f"SELECT {columns} FROM {table}", wanted_rows))
        for name in sorted(there.keys() | wanted.keys()):
            if there.get(name, 0) != wanted.get(name, 0):
                what = f"it says {there.get(name, 0)}, and should say {wanted.get(name, 0)}"
                yield Finding("summary", table, name, what)
    credited = "SELECT place, name, kind, held, articles, statements FROM most_credited ORDER BY place"
    for kept, wanted in zip_longest(connection.execute(credited), store.credited_now()):
        if kept != wanted:
            place = (kept or wanted)[0]
            yield Finding(
                "summary", "most_credited", place, "the source is not the one that stands there by its articles"
            )
    for link, document in connection.execute(_UNMEASURED):
        yield Finding("summary", "uncredited", link, "it is not kept how much the link is about", document)
    for link, document in connection.execute(_MEASURED):
        yield Finding("summary", "uncredited", link, "what is kept cannot be of this link", document or "")
