"""Linking some articles anew: what it needs to read, and what it leaves as it was."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from provenance.model import Attribution, Chain, Link, Match, Passage, Source, Span
from provenance.store.connection import in_batches
from provenance.store.inferred import InferredStore

_STATE = "linking"
"""Under which the run's state keeps the names that linking went by: JSON."""
_PASSAGES = """
    SELECT article_id, cluster, start_offset, end_offset, kind FROM passages WHERE kind <> 'furniture'"""
_MATCHES = """
    SELECT a_id, b_id, a_start, a_end, b_start, b_end, similarity, kind, cluster FROM matches
    WHERE kind IN ('copy', 'passage')"""
_AGENCIES = """
    SELECT DISTINCT articles.id, name, sources.kind, outlet
    FROM sources CROSS JOIN attribution_sources ON attribution_sources.source_id = sources.source_id
    JOIN attributions ON attributions.attribution_id = attribution_sources.attribution_id
    JOIN articles ON articles.article_id = attributions.article_id
    WHERE sources.kind = 'agency'"""
_NAMING = """
    SELECT source_id, id FROM attribution_sources
    JOIN attributions ON attributions.attribution_id = attribution_sources.attribution_id
    JOIN articles ON articles.article_id = attributions.article_id
    WHERE source_id IN {keys}"""
_LINKED = """
    SELECT article_id, id, signature FROM articles CROSS JOIN document_stages USING (article_id)
    WHERE stage = 'links' AND article_id > ? ORDER BY article_id LIMIT ?"""
_READ_KEYS = """
    SELECT article_id, attribution_id FROM attributions WHERE article_id IN {keys} ORDER BY article_id, place"""
_READ_LINK_KEYS = "SELECT downstream_id, link_id FROM links WHERE downstream_id IN {keys}"
_WANTED = "IN (SELECT article_id FROM temp.doomed)"


class LinkedStore(InferredStore):
    """The part of `Store` that replaces the links and chains of some articles."""

    # what linking reads -----------------------------------------------------------------------------------------

    def agencies_named(self) -> Iterator[tuple[str, Source]]:
        """Every source that an attribution calls a news agency, with the article that does; in no order."""
        return ((article, Source(*source)) for article, *source in self._rows(_AGENCIES))

    def shared_text(self, documents: Collection[str] | None = None) -> tuple[list[Passage], list[Match]]:
        """All passages but page furniture, and the matches of running text; in no order.

        Args:
            documents: only the passages of these articles, and the matches whose first article is one of them.

        Raises:
            NotFoundError: the store does not hold one of the articles.
        """
        if documents is None:
            stand, match = self._rows(f"{_PASSAGES}"), self._rows(f"{_MATCHES}")
        else:
            keys = list(self._keys_of(documents).values())
            stand, match = (
                [row for rows in self._grouped(f"{sql} AND {column} IN {{keys}}", keys).values() for row in rows]
                for sql, column in ((_PASSAGES, "article_id"), (_MATCHES, "a_id"))
            )
        named = {row[0] for row in stand}
        for row in match:
            named.update(row[:2])
        names = self._ids_of(named)
        passages = [
            Passage(cluster, names[article], Span(start, end), kind) for article, cluster, start, end, kind in stand
        ]
        matches = [
            Match(names[a], Span(a_start, a_end), names[b], Span(b_start, b_end), *rest)
            for a, b, a_start, a_end, b_start, b_end, *rest in match
        ]
        return passages, matches

    def said(self, documents: Iterable[str]) -> list[tuple[int, Attribution]]:
        """The attributions of some articles with their keys, by article and place.

        Raises:
            NotFoundError: the store does not hold one of the articles.
        """
        articles = list(self._keys_of(sorted(set(documents))).values())
        own = self._grouped(_READ_KEYS, articles)
        keys = array("q", (row[1] for article in articles for row in own.get(article, ())))
        return list(zip(keys, self._attributions(keys), strict=True))

    def taken(self, documents: Iterable[str]) -> list[Link]:
        """The links whose downstream is one of some articles, in no order between articles.

        Raises:
            NotFoundError: the store does not hold one of the articles.
        """
        own = self._grouped(_READ_LINK_KEYS, list(self._keys_of(sorted(set(documents))).values()))
        return list(self._links([row[1] for rows in own.values() for row in rows]))

    def named_sources(self) -> Iterator[tuple[int, str]]:
        """Key and name of every source that attributions name: its outlet's where it has one."""
        return iter(self._rows("SELECT source_id, ifnull(outlet, name) FROM sources"))

    def naming(self, sources: Iterable[int]) -> set[str]:
        """The articles with an attribution that names one of some sources."""
        return {name for rows in self._grouped(_NAMING, list(sources)).values() for _, name in rows}

    # what it goes on from ---------------------------------------------------------------------------------------

    def linked(self) -> Iterator[tuple[str, str]]:
        """The articles that are linked with what their links and chains were made from, as `relink` was told.

        In no order. Whatever is removed of an article's links and chains, and any change of it, removes it here.
        """
        last = -1
        while rows := self._rows(_LINKED, (last, self.settings.batch_rows)):
            yield from ((name, signature) for _, name, signature in rows)
            last = rows[-1][0]

    def linked_names(self) -> dict[str, dict[str, list[str]]]:
        """The names that linking went by, as `begin_linking` was told; empty where it was not."""
        kept = self.state(_STATE)
        return {} if kept is None else json.loads(kept)

    def begin_linking(
        self,
        stale: Collection[str] | None,
        clusters: Mapping[int, int],
        names: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        """Bring what stays up to date before links and chains of some articles are replaced, in one transaction.

        A run that is stopped afterwards goes on with the articles that are not `linked`.

        Args:
            stale: the articles that will be linked anew; None for all, and everything is removed.
            clusters: the passage clusters with a digest of what each is (a signed 64-bit integer), by which links keep
                pointing to the same ones where the numbers have changed.
            names: the names that linking goes by, for `linked_names`.
        """
        with self._writing():
            if stale is None:
                self._clear_inferred()
            else:
                self._clear_stages("links", "chains")
                self._renumber(clusters)
                gone = [(key,) for key in self._keys_of(stale).values()]
                self._many("DELETE FROM document_stages WHERE stage = 'links' AND article_id = ?", gone)
            self._run("DELETE FROM linked_clusters")
            self._many("INSERT INTO linked_clusters (cluster, digest) VALUES (?, ?)", list(clusters.items()))
            self.set_state(_STATE, json.dumps(names, ensure_ascii=False, separators=(",", ":"), sort_keys=True))

    def _renumber(self, clusters: Mapping[int, int]) -> None:
        """Give the clusters that links rest on their present numbers; those that are no more are left out."""
        now: dict[int, list[int]] = {}
        for number in sorted(clusters, reverse=True):
            now.setdefault(clusters[number], []).append(number)
        moved: dict[int, int] = {}
        for number, digest in self._rows("SELECT cluster, digest FROM linked_clusters ORDER BY cluster"):
            if now.get(digest):
                moved[number] = now[digest].pop()
        changed = []
        for link, packed in self._rows("SELECT link_id, clusters FROM links WHERE clusters <> '[]'"):
            before = json.loads(packed)
            after = [moved[number] for number in before if number in moved]
            if after != before:
                changed.append((json.dumps(after, separators=(",", ":")), link))
        self._many("UPDATE links SET clusters = ? WHERE link_id = ?", changed)

    # writing ----------------------------------------------------------------------------------------------------

    def relink(
        self,
        linked: Mapping[str, str],
        links: Iterable[Link],
        chains: Iterable[Chain] | None = None,
        said: Iterable[tuple[int, Attribution]] = (),
    ) -> None:
        """Replace the links and chains of some articles, in one transaction.

        Args:
            linked: the articles, each with what its links and chains were made from, for `linked`.
            links: every link whose downstream is one of them.
            chains: every chain of one of them; None to leave chains as they are.
            said: attributions with their keys, of which hops may carry the evidence: they then refer to it.

        Raises:
            NotFoundError: a record names an article that the store does not hold.
            StoreError: a record cannot be stored; everything is as before then.
        """
        with self._writing():
            key = self._keyed(linked)
            self._doom(key(document) for document in linked)
            self._run(f"DELETE FROM links WHERE downstream_id {_WANTED}")
            if chains is not None:
                self._run(f"DELETE FROM chains WHERE article_id {_WANTED}")
            self._run(f"DELETE FROM document_stages WHERE stage = 'links' AND article_id {_WANTED}")
            self._add_links(links)
            if chains is not None:
                self._add_chains(chains, {id(one.evidence): number for number, one in said if one.evidence})
            rows = ((key(document), signature) for document, signature in linked.items())
            for batch in in_batches(rows, self.settings.batch_rows):
                self._many(
                    "INSERT INTO document_stages (article_id, stage, signature) VALUES (?, 'links', ?)", batch, 0
                )
