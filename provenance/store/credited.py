"""The sources that articles credit, counted over the whole collection."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from provenance.model import SourceKind
from provenance.store.articles import HEADS
from provenance.store.attributions import AttributionStore, name_key
from provenance.store.connection import Row
from provenance.store.opening import translated
from provenance.store.records import SourceRow

_OUTLET_KINDS: Final = frozenset(["agency", "outlet"])
_MERGED: Final = "('agency', 'outlet', 'person', 'organization', 'statement', 'author')"
_GROUP: Final = f"""
    CASE kind WHEN 'agency' THEN 'outlet' ELSE kind END, CASE WHEN kind IN {_MERGED} THEN 0 ELSE article_id END,
    name, kind, outlet, article_id, statements, chains"""
"""What makes two names one source besides the key: the kind, with agencies among outlets, and for kinds that are never
merged the article; then what is counted."""
_COUNTED: Final = f"""
    SELECT ifnull(outlet_key, name_key), {_GROUP} FROM (
        SELECT source_id, article_id, count(*) AS statements, 0 AS chains
        FROM (SELECT DISTINCT attribution_id, source_id FROM attribution_sources) named
        JOIN attributions ON attributions.attribution_id = named.attribution_id GROUP BY source_id, article_id)
    JOIN sources USING (source_id)
    UNION ALL SELECT name_key, {_GROUP} FROM (
        SELECT name, hops.kind, name_key, chains.article_id, CASE WHEN hops.kind IN ('agency', 'outlet') THEN name END
            AS outlet, 0 AS statements, count(DISTINCT hops.chain_id) AS chains
        FROM hops JOIN chains ON chains.chain_id = hops.chain_id
        GROUP BY name, hops.kind, name_key, chains.article_id)
    ORDER BY 1, 2, 3"""


class CreditedStore(AttributionStore):
    """The part of `Store` that counts who is credited."""

    def sources(self) -> Iterator[SourceRow]:
        """The sources that attributions name or chains lead to.

        Agencies and outlets count as one source where their canonical name is the same apart from case; other sources
        where name and kind are. Collective, anonymous, artefact and unnamed sources have one row an article.
        Ordered by articles that credit it (most first), statements, chains, then name, kind and article.
        """
        held = self._held_by_outlet()
        names: dict[int, str] = dict(self._rows("SELECT article_id, id FROM articles"))
        rows: list[SourceRow] = []
        kinds: dict[SourceKind, SourceKind] = {}
        # SQLite puts together what is one source, so that only one is tallied at a time
        for (key, _, article), group in groupby(self._each(_COUNTED), key=lambda row: row[:3]):
            tally = Tally()
            for _, _, _, name, kind, outlet, crediting, statements, chains in group:
                # one text of each kind for all rows
                tally.note(name, kinds.setdefault(kind, kind), outlet, statements)
                if statements:
                    tally.articles.add(crediting)
                tally.statements += statements
                tally.chains += chains
            rows.append(tally.row(names[article] if article else None, held.get(key, 0)))
        rows.sort(key=lambda row: (-row.articles, -row.statements, -row.chains, row.name, row.kind, row.document or ""))
        return iter(rows)

    def _each(self, sql: str) -> Iterator[Row]:
        """The rows of a query one at a time; to be gone through to the end before anything is written."""
        cursor = self._run(sql)
        try:
            yield from cursor
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        self._check_frozen()

    def _held_by_outlet(self) -> Counter[str]:
        """How many articles of each outlet are held, by its name without case."""
        held = Counter[str]()
        for outlet, count in self._rows(f"SELECT outlet, count(*) {HEADS} WHERE outlet NOT NULL GROUP BY outlet"):
            held[name_key(outlet)] += count
        return held


class Tally:
    """What is known of one source while its rows are gone through."""

    def __init__(self) -> None:
        self.names = Counter[str]()
        self.kinds = Counter[SourceKind]()
        self.outlets = Counter[str]()
        self.articles = set[int]()
        self.statements = 0
        self.chains = 0

    def note(self, name: str, kind: SourceKind, outlet: str | None, count: int) -> None:
        """Take in one of its spellings with the statements that use it."""
        self.names[name] += count
        self.kinds[kind] += count
        if outlet is not None:
            self.outlets[outlet] += count

    def row(self, document: str | None, held: int) -> SourceRow:
        """What is known of it; `document` and `held` as the row has them, `held` for outlets only."""
        kind = _commonest(self.kinds)
        outlet = _commonest(self.outlets) if self.outlets else None
        return SourceRow(
            name=outlet or _commonest(self.names),
            kind=kind,
            outlet=outlet,
            document=document,
            held=held if kind in _OUTLET_KINDS else 0,
            articles=len(self.articles),
            statements=self.statements,
            chains=self.chains,
        )


def _commonest(counts: Mapping[Any, int]) -> Any:
    return min(counts, key=lambda name: (-counts[name], name))
