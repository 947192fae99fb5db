"""What was inferred: links and chains. All of it can be rebuilt from matches and attributions at any time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from provenance.model import Chain, Hop, Link, Relation, Span
from provenance.ordering import evidence_order
from provenance.store.attributions import Names, evidence_rows, name_key
from provenance.store.connection import Row, in_batches
from provenance.store.counted import Counted
from provenance.store.credited import CreditedStore

_Record = TypeVar("_Record")
_cached_key = lru_cache(maxsize=65536)(name_key)

_INSERT_LINK = """
    INSERT INTO links (link_id, upstream_id, upstream_name, downstream_id, relation, credited, confidence, clusters,
        margin, runner_up)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_READ_LINKS = """
    SELECT link_id, up.id, upstream_name, down.id, relation, credited, confidence, clusters, margin, runner_up
    FROM links JOIN articles down ON down.article_id = downstream_id
    LEFT JOIN articles up ON up.article_id = upstream_id
    WHERE link_id IN {keys}"""
_READ_LINK_DOCUMENTS = """
    SELECT link_id, id FROM link_documents JOIN articles ON articles.article_id = link_documents.article_id
    WHERE link_id IN {keys} ORDER BY link_id, place"""
_INSERT_CHAIN = """
    INSERT INTO chains (chain_id, article_id, claim_start, claim_end, claim_text, stance, confidence)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
_INSERT_HOP = """
    INSERT INTO hops (hop_id, chain_id, place, name, name_key, article_id, relation, kind, attribution_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_READ_CHAINS = """
    SELECT chain_id, id, claim_start, claim_end, claim_text, stance, confidence
    FROM chains JOIN articles ON articles.article_id = chains.article_id
    WHERE chain_id IN {keys}"""
_READ_HOPS = """
    SELECT chain_id, hop_id, name, id, relation, kind, attribution_id
    FROM hops LEFT JOIN articles ON articles.article_id = hops.article_id
    WHERE chain_id IN {keys} ORDER BY chain_id, place"""


class InferredStore(CreditedStore):
    """The part of `Store` that holds links and chains."""

    def replace_links(self, links: Iterable[Link], *, signature: str | None = None) -> None:
        """Replace all links, in one transaction; chains, which build on them, are removed.

        `relink` replaces those of some articles.

        Args:
            links: all of them, in any order.
            signature: kept as the signature of the stage `links`, in the same transaction.

        Raises:
            NotFoundError: a link names an article that the store does not hold.
            StoreError: a link cannot be stored; everything is as before then.
        """
        with self._writing():
            self._clear_inferred()
            self._add_links(links)
            if signature is not None:
                self.set_stage_signature("links", signature)

    def _clear_inferred(self) -> None:
        """Remove all links and chains, and that any article is linked."""
        # first what cascades would remove row by row
        self._run("DELETE FROM evidence WHERE attribution_id IS NULL")
        for table in ("link_documents", "links", "hops", "chains"):
            self._run(f"DELETE FROM {table}")
        self._run("DELETE FROM document_stages WHERE stage = 'links'")
        self._clear_stages("links", "chains")

    def _add_links(self, links: Iterable[Link]) -> None:
        """Write links; those of one article must come together, since they are listed in the order of their keys."""
        key = self._memo()
        number = self._next_key("links", "link_id")
        for batch in in_batches(_sorted(links, _link_place, _link_order), self.settings.batch_rows):
            rows, documents, evidence = list[Row](), list[Row](), list[Row]()
            for link in batch:
                upstream = None if link.upstream is None else key(link.upstream)
                rows.append(_link_row(number, upstream, key(link.downstream), link))
                documents += [(number, place, key(one)) for place, one in enumerate(link.documents)]
                evidence += evidence_rows("link", number, link.evidence, key)
                number += 1
            self._many(_INSERT_LINK, rows, article_at=3)
            self._many("INSERT INTO link_documents (link_id, place, article_id) VALUES (?, ?, ?)", documents)
            self._add_evidence(evidence)

    def links(self, document: str | None = None, relation: Relation | None = None) -> Iterator[Link]:
        """Links, all or those that concern one article (on either side) or are of one relation.

        Ordered by downstream, upstream (those without one first), upstream name, then by the remaining fields.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], list[Any]()
        if document is not None:
            conditions.append(
                """link_id IN (SELECT link_id FROM links WHERE upstream_id = ?
                    UNION SELECT link_id FROM links WHERE downstream_id = ?
                    UNION SELECT link_id FROM link_documents WHERE article_id = ?)"""
            )
            values += [self._key_of(document)] * 3
        if relation is not None:
            conditions.append("relation = ?")
            values.append(relation)
        # those of one article were numbered in their order
        joined = "articles CROSS JOIN links ON links.downstream_id = articles.article_id"
        where = " AND ".join(conditions)
        keys = self._keys(f"SELECT link_id FROM {joined} WHERE {where} ORDER BY articles.id, link_id", values)
        return self._links(keys)

    def _links(self, keys: Sequence[int]) -> Iterator[Link]:
        names = Names(self._id_of)
        for batch in in_batches(keys, self.settings.batch_rows):
            documents = self._grouped(_READ_LINK_DOCUMENTS, batch)
            evidence = self._evidence("link", batch, names)
            for row in self._by_key(_READ_LINKS, batch):
                number, upstream, upstream_name, downstream, relation, credited, confidence, clusters = row[:8]
                yield Link(
                    upstream=upstream,
                    upstream_name=upstream_name,
                    downstream=downstream,
                    relation=relation,
                    credited=bool(credited),
                    confidence=confidence,
                    evidence=evidence.get(number, ()),
                    documents=tuple(one[1] for one in documents.get(number, ())),
                    clusters=tuple(json.loads(clusters)),
                    margin=row[8],
                    runner_up=row[9],
                )

    def replace_chains(self, chains: Iterable[Chain], *, signature: str | None = None) -> None:
        """Replace all chains, in one transaction; `relink` replaces those of some articles.

        Args:
            chains: all of them, in any order.
            signature: kept as the signature of the stage `chains`, in the same transaction.

        Raises:
            NotFoundError: a chain names an article that the store does not hold.
            StoreError: a chain cannot be stored; everything is as before then.
        """
        with self._writing():
            self._run("DELETE FROM evidence WHERE hop_id IS NOT NULL")
            self._run("DELETE FROM hops")
            self._run("DELETE FROM chains")
            self._run("DELETE FROM document_stages WHERE stage = 'links'")
            self._clear_stages("chains")
            self._add_chains(chains, {})
            if signature is not None:
                self.set_stage_signature("chains", signature)

    def _add_chains(self, chains: Iterable[Chain], shown: Mapping[int, int]) -> None:
        """Write chains; those of one article must come together, since they are listed in the order of their keys.

        Args:
            chains: in any order.
            shown: the `id()` of evidence that an attribution has to the attribution's key: hops with that very tuple
                refer to the attribution instead of repeating it.
        """
        key = self._memo()
        number, hop_number = self._next_key("chains", "chain_id"), self._next_key("hops", "hop_id")
        for batch in in_batches(_sorted(chains, _chain_place, _chain_order), self.settings.batch_rows):
            rows, hops, evidence = list[Row](), list[Row](), list[Row]()
            for chain in batch:
                rows.append(_chain_row(number, key(chain.document), chain))
                for place, hop in enumerate(chain.hops):
                    held = None if hop.document is None else key(hop.document)
                    said = shown.get(id(hop.evidence))
                    name = (hop.name, _cached_key(hop.name))
                    hops.append((hop_number, number, place, *name, held, hop.relation, hop.kind, said))
                    if said is None:
                        evidence += evidence_rows("hop", hop_number, hop.evidence, key)
                    hop_number += 1
                number += 1
            self._many(_INSERT_CHAIN, rows, article_at=1)
            self._many(_INSERT_HOP, hops)
            self._add_evidence(evidence)

    def chains(
        self,
        document: str | None = None,
        source: str | None = None,
        *,
        outlet: str | None = None,
        depth: int | None = None,
        relation: str | None = None,
        surest_first: bool = False,
    ) -> Counted[Chain]:
        """Chains, all or those that meet every condition given.

        Ordered by article, claim (chains of the whole article first), then by the remaining fields; `surest_first`
        by confidence before that, the highest first.

        Args:
            document: only of this article.
            source: only with a hop of this name (apart from case).
            outlet: only of articles of this outlet (apart from case).
            depth: only with this many hops or more.
            relation: only with a hop made in this way.
            surest_first: the order.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], list[Any]()
        if document is not None:
            conditions.append("chains.article_id = ?")
            values.append(self._key_of(document))
        if source is not None:
            conditions.append("chain_id IN (SELECT chain_id FROM hops WHERE name_key = ?)")
            values.append(name_key(source))
        if outlet is not None:
            # SQLite folds the case of ASCII only
            known = self._rows("SELECT DISTINCT outlet FROM documents WHERE outlet NOT NULL")
            names = json.dumps([row[0] for row in known if name_key(row[0]) == name_key(outlet)])
            conditions.append(
                "chains.article_id IN (SELECT article_id FROM documents "
                "WHERE outlet IN (SELECT value FROM json_each(?)))"
            )
            values.append(names)
        if depth is not None:
            conditions.append("chain_id IN (SELECT chain_id FROM hops WHERE place = ?)")
            values.append(depth - 1)
        if relation is not None:
            conditions.append("chain_id IN (SELECT chain_id FROM hops WHERE relation = ?)")
            values.append(relation)
        # those of one article were numbered in their order
        joined = "articles CROSS JOIN chains ON chains.article_id = articles.article_id"
        where = " AND ".join(conditions)
        order = "confidence DESC, articles.id, chain_id" if surest_first else "articles.id, chain_id"
        keys = self._keys(f"SELECT chain_id FROM {joined} WHERE {where} ORDER BY {order}", values)
        return Counted(self._chains(keys), len(keys))

    def _chains(self, keys: Sequence[int]) -> Iterator[Chain]:
        names = Names(self._id_of)
        for batch in in_batches(keys, self.settings.batch_rows):
            hops = self._grouped(_READ_HOPS, batch)
            steps = [hop for group in hops.values() for hop in group]
            own = self._evidence("hop", [hop[1] for hop in steps if hop[6] is None], names)
            said = self._evidence("attribution", list(dict.fromkeys(hop[6] for hop in steps if hop[6])), names)
            for number, document, start, end, text, stance, confidence in self._by_key(_READ_CHAINS, batch):
                found = tuple(
                    Hop(name, held, relation, kind, own.get(hop, ()) if shown is None else said.get(shown, ()))
                    for _, hop, name, held, relation, kind, shown in hops.get(number, ())
                )
                claim = None if start is None else Span(start, end)
                yield Chain(document, claim, text, stance, found, confidence)


def _link_row(number: int, upstream: int | None, downstream: int, link: Link) -> Row:
    return (
        number,
        upstream,
        link.upstream_name,
        downstream,
        link.relation,
        int(link.credited),
        link.confidence,
        json.dumps(link.clusters, separators=(",", ":")),
        link.margin,
        link.runner_up,
    )


def _chain_row(number: int, article: int, chain: Chain) -> Row:
    claim = (None, None) if chain.claim is None else (chain.claim.start, chain.claim.end)
    return (number, article, *claim, chain.claim_text, chain.stance, chain.confidence)


def _sorted(
    records: Iterable[_Record], place: Callable[[_Record], Row], order: Callable[[_Record], Row]
) -> Iterator[_Record]:
    """The records in a total order, of which `place` is the beginning; the rest is looked at only in ties."""
    for _, group in groupby(sorted(records, key=place), key=place):
        together = list(group)
        yield from sorted(together, key=order) if len(together) > 1 else together


def _link_place(link: Link) -> Row:
    return (link.downstream, link.upstream is not None, link.upstream or "", link.upstream_name, link.relation)


def _chain_place(chain: Chain) -> Row:
    claim = chain.claim
    return (chain.document, () if claim is None else (claim.start, claim.end), chain.claim_text, chain.stance)


def _link_order(link: Link) -> tuple[Any, ...]:
    return (
        link.downstream,
        link.upstream is not None,
        link.upstream or "",
        link.upstream_name,
        link.relation,
        link.documents,
        link.clusters,
        link.credited,
        link.confidence,
        link.margin,
        link.runner_up,
        tuple(evidence_order(one) for one in link.evidence),
    )


def _chain_order(chain: Chain) -> tuple[Any, ...]:
    return (
        chain.document,
        () if chain.claim is None else (chain.claim,),
        chain.claim_text,
        chain.stance,
        tuple(_hop_order(hop) for hop in chain.hops),
        chain.confidence,
    )


def _hop_order(hop: Hop) -> tuple[Any, ...]:
    evidence = tuple(evidence_order(one) for one in hop.evidence)
    return (hop.name, hop.document is not None, hop.document or "", hop.relation, hop.kind, evidence)
