"""Summaries: what lists show without counting anew, and the lists themselves.

They are made at the end of an analysis, from what the stages found; any change removes the mark that they are up to
date. Reading them costs the same in any collection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from provenance.model import Article, Chain, DateInterval, Link, Passage, Span
from provenance.store.articles import HEADS
from provenance.store.attributions import name_key
from provenance.store.connection import Row
from provenance.store.crediting import CreditingStore
from provenance.store.records import ClusterRow, CreditedRow, ReuseRow

ExchangeRow = tuple[str, str, int, int, int, int, float | None, int, int]
"""The fields of `takings.Exchange`, in their order."""

COPIES: Final = """
    SELECT cluster, articles.id, passages.kind, start_offset, end_offset, articles.article_id, published_start,
        published_end
    FROM passages CROSS JOIN articles ON articles.article_id = passages.article_id
    CROSS JOIN versions INDEXED BY version_heads ON versions.version_id = articles.version_id
    ORDER BY cluster, articles.id, start_offset, end_offset"""
PUBLISHED: Final = f"""
    SELECT CASE published_precision WHEN 'year' THEN substr(published_start, 1, 4)
            WHEN 'month' THEN substr(published_start, 1, 7) ELSE ifnull(substr(published_start, 1, 10), '') END,
        count(*)
    {HEADS} GROUP BY 1"""
COUNTS: Final = f"""
    SELECT 'articles', count(*) FROM articles UNION ALL
    SELECT 'attributions', count(*) FROM attributions UNION ALL
    SELECT 'chains', count(*) FROM chains UNION ALL
    SELECT 'outlets', count(DISTINCT outlet) {HEADS} UNION ALL
    SELECT 'clusters:' || kind, count(*) FROM clusters GROUP BY kind UNION ALL
    SELECT 'links:' || relation, count(*) FROM links GROUP BY relation"""
_FIRST_COPIES: Final = """
    SELECT clusters.cluster, clusters.kind, copies, clusters.articles, clusters.article_id, start_offset, end_offset
    FROM clusters"""
_KEPT: Final = ("clusters", "exchanges", "published", "counts")
_HEADS: Final = """
    SELECT articles.id, title, outlet, url, author, published_start, published_end, published_precision,
        published_origin, language
    FROM articles JOIN versions ON versions.version_id = articles.version_id"""


class SummaryStore(CreditingStore):
    """The part of `Store` that keeps summaries, and reads lists by pages."""

    # making -----------------------------------------------------------------------------------------------------

    def unmeasured(self) -> Iterator[tuple[int, Link]]:
        """The links of relation `uncredited-copy`, with their keys, of which it is not kept how much they are about."""
        keys = self._keys("""
            SELECT link_id FROM links WHERE relation = 'uncredited-copy' AND upstream_id IS NOT NULL
                AND link_id NOT IN (SELECT link_id FROM uncredited) ORDER BY link_id""")
        return zip(keys, self._links(keys), strict=True)

    def put_summaries(
        self, measured: Iterable[tuple[int, int, float, float | None]], exchanges: Iterable[ExchangeRow]
    ) -> None:
        """Make all summaries anew, in one transaction, and mark them as up to date.

        Args:
            measured: of links that `unmeasured` gave: key, words, share of the article, hours behind.
            exchanges: how often outlets take from each other, in the order to list them in.
        """
        with self._writing(), self._mapped():
            for table in _KEPT:
                self._run(f"DELETE FROM {table}")
            self._many("INSERT INTO uncredited (link_id, words, share, hours) VALUES (?, ?, ?, ?)", list(measured))
            self._many(
                "INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(place, *row) for place, row in enumerate(exchanges, 1)],
            )
            self._many(
                """INSERT INTO clusters (cluster, kind, copies, articles, characters, article_id, start_offset,
                    end_offset, dated, earliest_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                list(cluster_summaries(self._rows(COPIES))),
            )
            self.renew_credited()
            self._run(f"INSERT INTO published (day, articles) {PUBLISHED}")
            self._run(f"INSERT INTO counts (name, number) {COUNTS}")
            self.set_stage_signature("summaries", "1")

    # reading ----------------------------------------------------------------------------------------------------

    def summaries_current(self) -> bool:
        """Whether nothing has changed since the summaries were made."""
        return self.stage_signature("summaries") is not None

    def summary_counts(self) -> dict[str, int]:
        """How much there is of everything, by the names of the table `counts`."""
        return dict(self._rows("SELECT name, number FROM counts ORDER BY name"))

    def published(self) -> list[tuple[str, int]]:
        """How many articles were published on which day, month or year; "" for undated ones."""
        return [(day, number) for day, number in self._rows("SELECT day, articles FROM published ORDER BY day")]

    def most_credited(self, most: int, start: int = 0) -> list[CreditedRow]:
        """The sources with a name that most articles credit; at most `StoreSettings.credited_kept` are kept."""
        sql = "SELECT name, kind, held, articles, statements FROM most_credited ORDER BY place LIMIT ? OFFSET ?"
        return [CreditedRow(*row) for row in self._rows(sql, (most, start))]

    def exchange_rows(self, outlets: Sequence[str] | None, most: int, *, taken: bool = False) -> list[ExchangeRow]:
        """What outlets have from each other, most copies first.

        Args:
            outlets: only what these have from others, or with `taken` others from them; None for all.
            most: how many rows at most.
            taken: the side that `outlets` stand on.
        """
        column = "source" if taken else "taker"
        names = sorted(set(outlets or ()))
        where = "1" if outlets is None else f"{column} IN ({', '.join('?' * len(names))})"
        sql = f"""SELECT taker, source, articles, credited, uncredited, mentions, hours, dated, held FROM exchanges
            WHERE {where} ORDER BY place LIMIT ?"""
        return [tuple(row) for row in self._rows(sql, (*names, most))]

    def cluster_page(self, most: int, start: int = 0, *, furniture: bool = False) -> list[ClusterRow]:
        """Passage clusters, most copies first, by the summaries."""
        where = "" if furniture else " WHERE kind <> 'furniture'"
        order = " ORDER BY copies DESC, characters DESC, cluster LIMIT ? OFFSET ?"
        return [self._summed(row) for row in self._rows(_FIRST_COPIES + where + order, (most, start))]

    def cluster(self, number: int) -> ClusterRow | None:
        """One passage cluster, counted anew; None where there is none of that number."""
        copies = list(self.passages(cluster=number))
        if not copies:
            return None
        kinds = Counter(copy.kind for copy in copies)
        kind = min(kinds, key=lambda name: (-kinds[name], name))
        return self._cluster_row(len(copies), kind, len({copy.document for copy in copies}), copies[0])

    def holders(self, clusters: Iterable[int]) -> dict[int, int]:
        """How many articles hold each of some passage clusters."""
        sql = "SELECT cluster, count(DISTINCT article_id) FROM passages WHERE cluster IN {keys} GROUP BY cluster"
        return {cluster: rows[0][1] for cluster, rows in self._grouped(sql, sorted(set(clusters))).items()}

    def first_copies(self, cluster: int, most: int) -> list[Passage]:
        """The copies of one passage in the order of their dates, undated ones last, at most so many."""
        sql = """
            SELECT cluster, articles.id, start_offset, end_offset, passages.kind
            FROM passages JOIN articles ON articles.article_id = passages.article_id
            JOIN versions ON versions.version_id = articles.version_id WHERE cluster = ?
            ORDER BY published_end IS NULL, published_end, published_start, articles.id, start_offset LIMIT ?"""
        rows = self._rows(sql, (cluster, most))
        return [Passage(number, name, Span(start, end), kind) for number, name, start, end, kind in rows]

    def reuse_page(self, most: int, start: int = 0) -> list[ReuseRow]:
        """Text taken without credit, most words first, by the summaries."""
        sql = """
            SELECT uncredited.link_id, words, share, hours FROM uncredited
            JOIN links ON links.link_id = uncredited.link_id
            JOIN articles ON articles.article_id = downstream_id
            ORDER BY words DESC, id, uncredited.link_id LIMIT ? OFFSET ?"""
        rows = self._rows(sql, (most, start))
        links = self._links([row[0] for row in rows])
        return [ReuseRow(link, *row[1:]) for link, row in zip(links, rows, strict=True)]

    def heads(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles by id with their metadata and an empty text; ids that are not held are left out."""
        found: dict[str, Article] = {}
        names = sorted(set(ids))
        for at in range(0, len(names), _IDS_AT_ONCE):
            batch = names[at : at + _IDS_AT_ONCE]
            marks = ", ".join("?" * len(batch))
            for row in self._rows(f"{_HEADS} WHERE articles.id IN ({marks})", batch):
                found[row[0]] = _head(row)
        return found

    def key_of(self, document: str) -> int:
        """The integer key of an article, by which other tables refer to it.

        Raises:
            NotFoundError: the store does not hold it.
        """
        return self._key_of(document)

    def chains_naming(self, source: str, most: int, start: int = 0) -> list[Chain]:
        """Chains with a step of some name (apart from case), by article, at most so many."""
        sql = """
            SELECT DISTINCT hops.chain_id, articles.id FROM hops JOIN chains ON chains.chain_id = hops.chain_id
            JOIN articles ON articles.article_id = chains.article_id
            WHERE name_key = ? ORDER BY articles.id, hops.chain_id LIMIT ? OFFSET ?"""
        return list(self._chains([row[0] for row in self._rows(sql, (name_key(source), most, start))]))

    def credits_of(self, source: str) -> tuple[int, int]:
        """How many articles, and how many statements, name a source, or its outlet, apart from case."""
        sql = """
            SELECT count(DISTINCT article_id), count(*) FROM attributions WHERE attribution_id IN (
                SELECT attribution_id FROM attribution_sources WHERE source_id IN (
                    SELECT source_id FROM sources WHERE name_key = ?1
                    UNION SELECT source_id FROM sources WHERE outlet_key = ?1))"""
        articles, statements = self._rows(sql, (name_key(source),))[0]
        return int(articles), int(statements)

    def outlet_names(self) -> list[str]:
        """The names of outlets, as the articles write them."""
        return [row[0] for row in self._rows("SELECT DISTINCT outlet FROM versions WHERE outlet NOT NULL ORDER BY 1")]

    def of_outlets(self, outlets: Sequence[str], most: int, start: int = 0) -> list[Article]:
        """The articles of outlets without their text, newest first, undated ones last."""
        marks = ", ".join("?" * len(outlets))
        order = "ORDER BY published_start IS NULL, published_start DESC, articles.id LIMIT ? OFFSET ?"
        return [
            _head(row) for row in self._rows(f"{_HEADS} WHERE outlet IN ({marks}) {order}", (*outlets, most, start))
        ]

    def count_of_outlets(self, outlets: Sequence[str]) -> int:
        """How many articles outlets have."""
        marks = ", ".join("?" * len(outlets))
        sql = f"""SELECT count(*) FROM versions JOIN articles ON articles.version_id = versions.version_id
            WHERE outlet IN ({marks})"""
        return int(self._rows(sql, outlets)[0][0])

    def _summed(self, row: Row) -> ClusterRow:
        cluster, kind, copies, articles, key, start, end = row
        return self._cluster_row(copies, kind, articles, Passage(cluster, self._id_of(key), Span(start, end), kind))


def cluster_summaries(copies: Iterable[Row]) -> Iterator[Row]:
    """The rows of the table `clusters` from those of `COPIES`."""
    for cluster, group in groupby(copies, key=lambda row: row[0]):
        held = list(group)
        kinds = Counter(row[2] for row in held)
        kind = min(kinds, key=lambda name: (-kinds[name], name))
        dates = {row[5]: (row[6], row[7]) for row in held}
        first = held[0]
        dated = sum(start is not None for start, _ in dates.values())
        size = first[4] - first[3]
        yield (cluster, kind, len(held), len(dates), size, first[5], *first[3:5], dated, _earliest(dates))


_IDS_AT_ONCE: Final = 500
"""SQLite's default limit on variables was 999 before 3.32."""


def _head(row: Sequence[Any]) -> Article:
    name, title, outlet, url, author, start, end, precision, origin, language = row
    published = None if start is None else DateInterval(start, end, precision, origin)
    return Article(name, "", title, outlet, url, author, published, language)


def _earliest(dates: dict[int, tuple[str | None, str | None]]) -> int | None:
    """The article that was published before every other dated one was; None where none is or where dates overlap."""
    dated = sorted((end, start, key) for key, (start, end) in dates.items() if start is not None and end is not None)
    if not dated:
        return None
    end, _, first = dated[0]
    return None if any(start < end for _, start, key in dated[1:]) else first
