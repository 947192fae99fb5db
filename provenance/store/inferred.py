"""What was inferred: links and chains. All of it can be rebuilt from matches and attributions at any time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from provenance.model import Chain, Hop, Link, Relation, Span
from provenance.store.attributions import AttributionStore, Names, evidence_order, evidence_rows, name_key
from provenance.store.connection import Row, in_batches

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
    INSERT INTO hops (hop_id, chain_id, place, name, name_key, article_id, relation, kind)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_READ_CHAINS = """
    SELECT chain_id, id, claim_start, claim_end, claim_text, stance, confidence
    FROM chains JOIN articles ON articles.article_id = chains.article_id
    WHERE chain_id IN {keys}"""
_READ_HOPS = """
    SELECT chain_id, hop_id, name, id, relation, kind
    FROM hops LEFT JOIN articles ON articles.article_id = hops.article_id
    WHERE chain_id IN {keys} ORDER BY chain_id, place"""


class InferredStore(AttributionStore):
    """The part of `Store` that holds links and chains."""

    def replace_links(self, links: Iterable[Link], *, signature: str | None = None) -> None:
        """Replace all links, in one transaction; chains, which build on them, are removed.

        Args:
            links: all of them, in any order.
            signature: kept as the signature of the stage `links`, in the same transaction.

        Raises:
            NotFoundError: a link names an article that the store does not hold.
            StoreError: a link cannot be stored; everything is as before then.
        """
        with self._writing():
            self._run("DELETE FROM links")
            self._run("DELETE FROM chains")
            self._clear_stages("links", "chains")
            key = self._memo()
            number = 0
            for batch in in_batches(sorted(links, key=_link_order), self.settings.batch_rows):
                rows, documents, evidence = list[Row](), list[Row](), list[Row]()
                for link in batch:
                    number += 1
                    upstream = None if link.upstream is None else key(link.upstream)
                    rows.append(_link_row(number, upstream, key(link.downstream), link))
                    documents += [(number, place, key(one)) for place, one in enumerate(link.documents)]
                    evidence += evidence_rows("link", number, link.evidence, key)
                self._many(_INSERT_LINK, rows, article_at=3)
                self._many("INSERT INTO link_documents (link_id, place, article_id) VALUES (?, ?, ?)", documents)
                self._add_evidence(evidence)
            if signature is not None:
                self.set_stage_signature("links", signature)

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
        # they were numbered in their order
        keys = self._keys(f"SELECT link_id FROM links WHERE {' AND '.join(conditions)} ORDER BY link_id", values)
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
        """Replace all chains, in one transaction.

        Args:
            chains: all of them, in any order.
            signature: kept as the signature of the stage `chains`, in the same transaction.

        Raises:
            NotFoundError: a chain names an article that the store does not hold.
            StoreError: a chain cannot be stored; everything is as before then.
        """
        with self._writing():
            self._run("DELETE FROM chains")
            self._clear_stages("chains")
            key = self._memo()
            number = hop_number = 0
            for batch in in_batches(sorted(chains, key=_chain_order), self.settings.batch_rows):
                rows, hops, evidence = list[Row](), list[Row](), list[Row]()
                for chain in batch:
                    number += 1
                    rows.append(_chain_row(number, key(chain.document), chain))
                    for place, hop in enumerate(chain.hops):
                        hop_number += 1
                        held = None if hop.document is None else key(hop.document)
                        name = (hop.name, name_key(hop.name))
                        hops.append((hop_number, number, place, *name, held, hop.relation, hop.kind))
                        evidence += evidence_rows("hop", hop_number, hop.evidence, key)
                self._many(_INSERT_CHAIN, rows, article_at=1)
                self._many(_INSERT_HOP, hops)
                self._add_evidence(evidence)
            if signature is not None:
                self.set_stage_signature("chains", signature)

    def chains(self, document: str | None = None, source: str | None = None) -> Iterator[Chain]:
        """Chains, all or those of one article or with a hop of one name (apart from case).

        Ordered by article, claim (chains of the whole article first), then by the remaining fields.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], list[Any]()
        if document is not None:
            conditions.append("article_id = ?")
            values.append(self._key_of(document))
        if source is not None:
            conditions.append("chain_id IN (SELECT chain_id FROM hops WHERE name_key = ?)")
            values.append(name_key(source))
        # they were numbered in their order
        keys = self._keys(f"SELECT chain_id FROM chains WHERE {' AND '.join(conditions)} ORDER BY chain_id", values)
        return self._chains(keys)

    def _chains(self, keys: Sequence[int]) -> Iterator[Chain]:
        names = Names(self._id_of)
        for batch in in_batches(keys, self.settings.batch_rows):
            hops = self._grouped(_READ_HOPS, batch)
            evidence = self._evidence("hop", [hop[1] for group in hops.values() for hop in group], names)
            for number, document, start, end, text, stance, confidence in self._by_key(_READ_CHAINS, batch):
                steps = tuple(
                    Hop(name, held, relation, kind, evidence.get(hop, ()))
                    for _, hop, name, held, relation, kind in hops.get(number, ())
                )
                claim = None if start is None else Span(start, end)
                yield Chain(document, claim, text, stance, steps, confidence)


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
