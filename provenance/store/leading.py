"""The first rows of long lists, read without going through the lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from provenance.model import Article, Link, Relation, SourceKind
from provenance.store.attributions import name_key
from provenance.store.credited import Tally
from provenance.store.records import ClusterRow, CreditedRow, LeadingRow
from provenance.store.summaries import SummaryStore

_OUTLET_KINDS: Final = frozenset(["agency", "outlet"])
# only links as sure as the last of the first ones are put in order by the ids of their articles
_FIRST_LINKS: Final = """
    SELECT link_id FROM links CROSS JOIN articles down ON down.article_id = downstream_id
    LEFT JOIN articles up ON up.article_id = upstream_id
    WHERE relation = ?1 AND confidence >= ifnull(
        (SELECT confidence FROM links WHERE relation = ?1 ORDER BY confidence DESC LIMIT 1 OFFSET ?2 - 1), -9e999)
    ORDER BY confidence DESC, down.id, ifnull(up.id, ''), link_id LIMIT ?2"""
# by the ids of the articles, so that it ends with the first link found
_FIRST_PAIR: Final = """
    SELECT up.id, articles.id FROM articles CROSS JOIN links ON links.downstream_id = articles.article_id
    CROSS JOIN articles up ON up.article_id = upstream_id ORDER BY articles.id, link_id LIMIT 1"""
# NOT INDEXED: by the index on names, the rows would be read one by one all over the file
_SOURCES_OF_KIND: Final = """
    SELECT source_id, name, kind, outlet, ifnull(outlet_key, name_key) FROM sources NOT INDEXED
    WHERE kind IN ({kinds}) AND EXISTS (
        SELECT 1 FROM attribution_sources WHERE attribution_sources.source_id = sources.source_id)"""
_OUTLET_HOPS: Final = "SELECT name, kind, name_key FROM hops NOT INDEXED WHERE kind IN ('agency', 'outlet')"
_SOURCES_BY_KEY: Final = """
    SELECT source_id, name, kind, outlet, ?1 FROM sources WHERE outlet_key = ?1
    UNION SELECT source_id, name, kind, outlet, ?1 FROM sources WHERE name_key = ?1 AND outlet_key IS NULL"""
_STATEMENTS: Final = """
    SELECT source_id, count(DISTINCT attribution_id) FROM attribution_sources
    WHERE source_id IN {keys} GROUP BY source_id"""
_CREDITING: Final = """
    SELECT DISTINCT source_id, article_id FROM attribution_sources
    CROSS JOIN attributions ON attributions.attribution_id = attribution_sources.attribution_id
    WHERE source_id IN {keys}"""
_CHAINS: Final = "SELECT kind, name, count(DISTINCT chain_id) FROM hops WHERE name_key = ? GROUP BY kind, name"


_Spelling = tuple[str, SourceKind, "str | None"]


@dataclass(slots=True)
class _Group:
    """The rows of the table `sources` that count as one source; `held` counts articles that its outlet published."""

    key: str
    kind: str
    held: int
    tally: Tally = field(default_factory=Tally)
    sources: dict[int, _Spelling] = field(default_factory=dict)
    articles: int = 0

    def take(self, source: int, name: str, kind: SourceKind, outlet: str | None) -> None:
        self.sources[source] = name, kind, outlet
        self.tally.note(name, kind, outlet, 0)

    def row(self) -> LeadingRow:
        found = self.tally.row(None, self.held)
        return LeadingRow(found.name, found.kind, found.outlet, found.held, self.articles, found.statements)


class LeadingStore(SummaryStore):
    """The part of `Store` that reads the first rows of lists, at the same cost in any collection."""

    def first_articles(self, most: int) -> list[Article]:
        """The first articles by id, at most so many."""
        ids = [row[0] for row in self._rows("SELECT id FROM articles ORDER BY id LIMIT ?", (most,))]
        return list(self.articles(ids))

    def count_undated(self) -> int:
        """How many articles have no date; by the summaries where they are up to date."""
        if self.summaries_current():
            return sum(number for day, number in self.published() if not day)
        sql = """SELECT count(*) FROM articles JOIN versions ON versions.version_id = articles.version_id
            WHERE published_start IS NULL"""
        return int(self._rows(sql)[0][0])

    def first_clusters(self, most: int, *, furniture: bool = False) -> list[ClusterRow]:
        """The first rows of `clusters`; by the summaries where they are up to date."""
        if self.summaries_current():
            return self.cluster_page(most, furniture=furniture)
        return list(islice((row for row in self.clusters() if furniture or row.kind != "furniture"), most))

    def first_links(self, relation: Relation, most: int) -> list[Link]:
        """The surest links of one relation; of equally sure ones the first by downstream and upstream article."""
        return list(self._links(self._keys(_FIRST_LINKS, (relation, most))))

    def first_pair(self) -> tuple[str, str] | None:
        """The articles, upstream and downstream, of the first link in the order of `links` whose upstream is held."""
        if not self._rows("SELECT 1 FROM links WHERE upstream_id IS NOT NULL LIMIT 1"):
            return None
        found = self._rows(_FIRST_PAIR)
        return (str(found[0][0]), str(found[0][1])) if found else None

    # sources ----------------------------------------------------------------------------------------------------

    def first_sources(self, most: int) -> list[LeadingRow]:
        """The first rows of `sources`.

        Read off the summaries, which hold those that most articles credit. Where they are not up to date, or hold too
        few to tell, all statements are gone through.
        """
        kept = self.most_credited(-1) if self.summaries_current() else []
        # what the summaries leave out is credited by as many articles as their last row at most
        least = kept[most - 1].articles if len(kept) >= most else 0
        if least <= max(1, kept[-1].articles if kept else 0):
            found = islice(self.sources(), most)
            return [LeadingRow(x.name, x.kind, x.outlet, x.held, x.articles, x.statements) for x in found]
        groups = [self._read_group(row) for row in kept if row.articles >= least]
        groups += self._statements_credited(least)
        return [group.row() for group in self._in_order(groups)[:most]]

    def first_unseen(self, most: int) -> tuple[list[LeadingRow], int]:
        """The first of `sources` that are outlets or agencies without an article in the collection, and their number.

        Read off the summaries as far as these hold them.
        """
        unseen = self._unseen()
        kept = self.most_credited(-1) if self.summaries_current() else []
        known = {name_key(row.name): row.articles for row in kept if row.kind == "outlet"}
        surest = sorted((known[key] for key in unseen if key in known), reverse=True)[:most]
        if len(surest) == most and surest[-1] > kept[-1].articles:
            groups = [group for key, group in unseen.items() if known.get(key, 0) >= surest[-1]]
        else:
            groups = list(unseen.values())
        for group in groups:
            group.articles = known.get(group.key, 0)
        self._count_articles([group for group in groups if group.key not in known])
        self._count_statements(groups)
        return [group.row() for group in self._in_order(groups)[:most]], len(unseen)

    def _unseen(self) -> dict[str, _Group]:
        """Outlets and agencies, named by a statement or a chain, that published none of the articles; by key."""
        held = self._held_by_outlet()
        groups: dict[str, _Group] = {}
        for source, name, kind, outlet, key in self._rows(_SOURCES_OF_KIND.format(kinds="'agency', 'outlet'")):
            if not held[key]:
                groups.setdefault(key, _Group(key, "outlet", 0)).take(source, name, kind, outlet)
        for name, kind, key in self._rows(_OUTLET_HOPS):
            if not held[key]:
                groups.setdefault(key, _Group(key, "outlet", 0)).tally.note(name, kind, name, 0)
        return {key: group for key, group in groups.items() if group.tally.outlets}

    def _read_group(self, row: CreditedRow) -> _Group:
        """A source that the summaries hold, with its spellings."""
        group = _Group(name_key(row.name), row.kind, row.held, articles=row.articles)
        for source, name, kind, outlet, _ in self._rows(_SOURCES_BY_KEY, (group.key,)):
            if _merged(kind) == row.kind:
                group.take(source, name, kind, outlet)
        self._count_statements([group])
        if row.kind == "outlet" and not group.tally.outlets:
            for kind, name, _ in self._rows(_CHAINS, (group.key,)):
                if kind in _OUTLET_KINDS:
                    group.tally.note(name, kind, name, 0)
        return group

    def _statements_credited(self, least: int) -> list[_Group]:
        """Sources of kind `statement`, which the summaries leave out, that so many articles credit."""
        groups: dict[str, _Group] = {}
        for source, name, kind, outlet, key in self._rows(_SOURCES_OF_KIND.format(kinds="'statement'")):
            groups.setdefault(key, _Group(key, "statement", 0)).take(source, name, kind, outlet)
        self._count_statements(groups.values())
        # no more articles than statements
        found = [group for group in groups.values() if group.tally.statements >= least]
        self._count_articles(found)
        return [group for group in found if group.articles >= least]

    def _count_statements(self, groups: Iterable[_Group]) -> None:
        """Fill in how many statements name each source, and in which spelling."""
        owners = {source: group for group in groups for source in group.sources}
        for source, rows in self._grouped(_STATEMENTS, sorted(owners)).items():
            group, count = owners[source], rows[0][1]
            group.tally.note(*group.sources[source], count)
            group.tally.statements += count

    def _count_articles(self, groups: Iterable[_Group]) -> None:
        """Fill in how many articles credit each source, by going through its statements."""
        owners = {source: group for group in groups for source in group.sources}
        crediting: dict[int, set[int]] = {}
        for source, rows in self._grouped(_CREDITING, sorted(owners)).items():
            crediting.setdefault(id(owners[source]), set()).update(article for _, article in rows)
        for group in owners.values():
            group.articles = len(crediting.get(id(group), ()))

    def _in_order(self, groups: Sequence[_Group]) -> list[_Group]:
        """In the order of `sources`; chains are counted only where they decide it."""
        together: dict[tuple[int, int], list[_Group]] = {}
        for group in groups:
            together.setdefault((-group.articles, -group.tally.statements), []).append(group)
        found: list[_Group] = []
        for place in sorted(together):
            tied = together[place]
            chains = self._chains_of(tied) if len(tied) > 1 else {}
            found += sorted(tied, key=lambda group: (-chains.get(id(group), 0), group.row().name, group.row().kind))
        return found

    def _chains_of(self, groups: Iterable[_Group]) -> Mapping[int, int]:
        """How many chains lead through some sources, by `id()`."""
        return {
            id(group): sum(count for kind, _, count in self._rows(_CHAINS, (group.key,)) if _merged(kind) == group.kind)
            for group in groups
        }


def _merged(kind: str) -> str:
    return "outlet" if kind in _OUTLET_KINDS else kind
