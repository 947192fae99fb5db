"""Links and chains on Spark: what is known of the whole collection is told to all, each closed group is done by itself.

The driver works out the outlets, the places of the passages and the groups (`chains.groups`), as `inference` does; of
the articles it needs records without texts, so that a collection has to fit into its memory as far as that goes. Each
part gets the articles of its groups with their attributions, and those that share a quotation with one of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from provenance.chains import chains
from provenance.chains.grounds import ground, in_text_order
from provenance.chains.groups import Digests, Groups, cluster_digests
from provenance.chains.links import copy_rows
from provenance.chains.places import Shared, shared
from provenance.chains.quotations import quotation_rows
from provenance.chains.surroundings import Surroundings, surroundings
from provenance.engines.packing import unpack_attributions
from provenance.engines.spark.parts import Parts, numbers_of
from provenance.engines.spark.reading import ARTICLE, article_of
from provenance.model import Article, Attribution, Chain, Evidence, Hop, Link, Match, PageCredit, Passage, Source, Span
from provenance.settings import ChainSettings

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast
    from pyspark.sql import DataFrame

    from provenance.engines.spark.session import Tables

_OWN, _OTHER = 0, 1
"""Kinds of rows: articles to be linked, and articles that are only looked into."""
_LINKED: Final = "documents array<string>, links string, chains string"
_LINKED_SCHEMA: Final = pa.schema(
    [("documents", pa.list_(pa.field("element", pa.string()))), ("links", pa.string()), ("chains", pa.string())]
)
_AGENCIES: Final = "document string, name string, outlet string"
_AGENCIES_SCHEMA: Final = pa.schema([("document", pa.string()), ("name", pa.string()), ("outlet", pa.string())])


@dataclass(frozen=True, slots=True)
class _Told:
    """What every part is told.

    Attributes:
        around: what is known of all articles.
        found: their passages.
        passages: of running text, by part.
        matches: of running text, by part of their first article.
    """

    around: Surroundings
    found: Shared
    passages: Mapping[int, Sequence[Passage]]
    matches: Mapping[int, Sequence[Match]]


def write_links(tables: Tables, documents: DataFrame, parts: Parts, settings: ChainSettings) -> None:
    """Write the tables `linked`, `link_signatures`, `link_clusters` and `link_names`.

    Args:
        tables: with `attributions`, `matches` and `passages`.
        documents: the articles.
        parts: to work in.
        settings: weights and thresholds.
    """
    spark = tables.spark
    said = tables.get("attributions")
    articles = _records(documents)
    around = surroundings(list(articles.values()), _agencies(said))
    passages, matches = _passages(tables), _matches(tables)
    clusters = cluster_digests(passages)
    digests = Digests(passages, matches, clusters, around)
    found = shared(passages)
    home = _homes(Groups(articles, found, around), len(articles), parts)
    told = _Told(around, found, _by_part(passages, home), _of_matches(matches, home))
    names = pa.table({"id": list(home), "part": pa.array(home.values(), pa.int32()), "kind": [_OWN] * len(home)})
    wanted = spark.createDataFrame(names, "id string, part int, kind int")
    others = [(document, part, _OTHER) for part, document in sorted(_quoted(found, home))]
    if others:
        wanted = wanted.unionByName(spark.createDataFrame(others, "id string, part int, kind int"))
    rows = wanted.join(documents.select("number", *ARTICLE), "id").join(said.select("number", "attributions"), "number")
    kernel = partial(_link_part, settings, spark.sparkContext.broadcast(told))
    tables.put("linked", parts.gather(rows, kernel, _LINKED))
    signed = {document: ":".join(digests.of(document)) for document in articles}
    _put(tables, "link_signatures", {"document": list(signed), "signature": list(signed.values())})
    # a digest is a signed number of 64 bits
    _put(tables, "link_clusters", {"cluster": list(clusters), "digest": list(clusters.values())})
    _put(tables, "link_names", {"names": [json.dumps(around.outlets.introduced(), ensure_ascii=False)]})


def _put(tables: Tables, name: str, columns: Mapping[str, list[Any]]) -> None:
    ddl = ", ".join(f"{column} {'long' if column in {'cluster', 'digest'} else 'string'}" for column in columns)
    kinds = [pa.int64() if column in {"cluster", "digest"} else pa.string() for column in columns]
    arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), kinds, strict=True)]
    tables.put(name, tables.spark.createDataFrame(pa.Table.from_arrays(arrays, names=list(columns)), ddl))


def _records(documents: DataFrame) -> dict[str, Article]:
    """All articles by id, sorted, with what is looked at of articles elsewhere."""
    rows = documents.select("id", "outlet", "url", "credits").orderBy("number").toLocalIterator()
    once: dict[str | None, str | None] = {}
    return {
        row["id"]: Article(
            row["id"],
            "",
            outlet=once.setdefault(row["outlet"], row["outlet"]),
            url=row["url"],
            credits=tuple(PageCredit(*one) for one in json.loads(row["credits"])) if row["credits"] else (),
        )
        for row in rows
    }


def _agencies(said: DataFrame) -> list[tuple[str, Source]]:
    """Every source that an attribution calls a news agency, with the article that does."""
    rows = said.select("document", "attributions").mapInArrow(_agencies_in, _AGENCIES).distinct()
    return [(row["document"], Source(row["name"], "agency", row["outlet"])) for row in rows.toLocalIterator()]


def _agencies_in(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows: set[tuple[str, str, str | None]] = set()
        columns = (batch.column(name).to_pylist() for name in ("document", "attributions"))
        for document, packed in zip(*columns, strict=True):
            if '"agency"' not in packed:
                continue
            for *_, chain, _confidence, _rule in json.loads(packed):
                rows.update((document, name, outlet) for name, kind, outlet in chain if kind == "agency")
        found = sorted(rows, key=repr)
        arrays = [pa.array([row[place] for row in found], pa.string()) for place in range(len(_AGENCIES_SCHEMA))]
        yield pa.RecordBatch.from_arrays(arrays, schema=_AGENCIES_SCHEMA)


def _passages(tables: Tables) -> list[Passage]:
    rows = tables.get("passages").filter("kind <> 'furniture'").orderBy("place").toLocalIterator()
    return [Passage(row["cluster"], row["document"], Span(row["start"], row["end"]), row["kind"]) for row in rows]


def _matches(tables: Tables) -> list[Match]:
    rows = tables.get("matches").filter("kind in ('copy', 'passage')").orderBy("place").toLocalIterator()
    found = []
    for row in rows:
        a, b = Span(row["a_start"], row["a_end"]), Span(row["b_start"], row["b_end"])
        found.append(Match(row["a"], a, row["b"], b, row["similarity"], row["kind"], row["cluster"]))
    return found


def _homes(groups: Iterable[Sequence[str]], articles: int, parts: Parts) -> dict[str, int]:
    """The part of each article: groups one after the other, parted where a share of all articles is full."""
    home: dict[str, int] = {}
    for group in groups:
        part = int(parts.keys[len(home) * len(parts) // articles])
        home.update(dict.fromkeys(group, part))
    return home


def _by_part(passages: Iterable[Passage], home: Mapping[str, int]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = defaultdict(list)
    for passage in passages:
        if passage.kind != "quotation":
            found[home[passage.document]].append(passage)
    return dict(found)


def _of_matches(matches: Iterable[Match], home: Mapping[str, int]) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        found[home[match.a]].append(match)
    return dict(found)


def _quoted(found: Shared, home: Mapping[str, int]) -> set[tuple[int, str]]:
    """The articles of other parts that share a quotation with one of a part."""
    asked: set[tuple[int, str]] = set()
    for copies in found.quoted.values():
        for part in {home[document] for document in copies}:
            asked.update((part, document) for document in copies if home[document] != part)
    return asked


# within a part ---------------------------------------------------------------------------------------------------


def _link_part(settings: ChainSettings, told: Broadcast[_Told], table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Links and chains of the articles of one part, as `inference` makes those of a batch."""
    whole = told.value
    part = table.column("part")[0].as_py()
    known = {article.id: (article, attributions) for article, attributions in _given(table)}
    own = numbers_of(table, "kind") == _OWN
    batch = [name for name, mine in zip(table.column("id").to_pylist(), own.tolist(), strict=True) if mine]
    among = frozenset(batch)
    articles = [known[document][0] for document in batch]
    attributions = [one for document in batch for one in known[document][1]]
    matches = [
        match for match in whole.matches.get(part, ()) if match.cluster in whole.found.running and match.b in among
    ]
    found = ground(articles, matches, whole.passages.get(part, ()), attributions, settings, whole.around)
    links = copy_rows(found, settings)

    def said(document: str) -> Sequence[Attribution]:
        return found.attributions.get(document, ()) if document in among else in_text_order(known[document][1])

    everyone = {document: article for document, (article, _) in known.items()}
    links.extend(quotation_rows(whole.found, everyone, said, settings, among))
    resolved = chains(articles, attributions, links, settings, whole.around)
    # evidence that an attribution has is told by its place
    shown = {
        id(one.evidence): place for document in batch for place, one in enumerate(known[document][1]) if one.evidence
    }
    by_article = {id(one.evidence): one.document for one in attributions if one.evidence}
    packed = [pack_chain(chain, shown, by_article) for chain in resolved]
    told_rows = [json.dumps(rows, ensure_ascii=False) for rows in ([pack_link(link) for link in links], packed)]
    columns = [[batch], *([row] for row in told_rows)]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _LINKED_SCHEMA, strict=True)]
    yield pa.RecordBatch.from_arrays(arrays, schema=_LINKED_SCHEMA)


def _given(table: pa.Table) -> Iterator[tuple[Article, list[Attribution]]]:
    columns = [table.column(name).to_pylist() for name in (*ARTICLE, "attributions")]
    for *row, packed in zip(*columns, strict=True):
        article = article_of(row)
        yield article, unpack_attributions(json.loads(packed), article.id, article.text)


def pack_link(link: Link) -> list[Any]:
    """A link as plain lists."""
    names = (link.upstream, link.upstream_name, link.downstream, link.relation, link.credited, link.confidence)
    evidence = [_pack_evidence(one) for one in link.evidence]
    return [*names, evidence, list(link.documents), list(link.clusters), link.margin, link.runner_up]


def unpack_link(packed: Sequence[Any]) -> Link:
    """The link that `pack_link` was given."""
    upstream, upstream_name, downstream, relation, credited, confidence, *rest = packed
    evidence, documents, clusters, margin, runner_up = rest
    return Link(
        upstream=upstream,
        upstream_name=upstream_name,
        downstream=downstream,
        relation=relation,
        credited=credited,
        confidence=confidence,
        evidence=tuple(Evidence(*one) for one in evidence),
        documents=tuple(documents),
        clusters=tuple(clusters),
        margin=margin,
        runner_up=runner_up,
    )


def pack_chain(chain: Chain, shown: Mapping[int, int], of: Mapping[int, str]) -> list[Any]:
    """A chain as plain lists; evidence that an attribution has as that one's article and place.

    Args:
        chain: the chain.
        shown: the `id()` of the evidence of attributions to their places in their articles' lists.
        of: the same to their articles.
    """
    claim = None if chain.claim is None else [chain.claim.start, chain.claim.end]
    hops = []
    for hop in chain.hops:
        key = id(hop.evidence)
        evidence: Any = (
            [of[key], shown[key]] if key in shown else {"own": [_pack_evidence(one) for one in hop.evidence]}
        )
        hops.append([hop.name, hop.document, hop.relation, hop.kind, evidence])
    return [chain.document, claim, chain.claim_text, chain.stance, hops, chain.confidence]


def unpack_chain(packed: Sequence[Any], evidence_of: Any) -> Chain:
    """The chain that `pack_chain` was given.

    Args:
        packed: what it gave.
        evidence_of: gives the evidence of the attribution of an article and place, the very tuple.
    """
    document, claim, text, stance, hops, confidence = packed
    found = []
    for name, held, relation, kind, evidence in hops:
        own = isinstance(evidence, dict)
        shown = tuple(Evidence(*one) for one in evidence["own"]) if own else evidence_of(*evidence)
        found.append(Hop(name, held, relation, kind, shown))
    return Chain(document, None if claim is None else Span(*claim), text, stance, tuple(found), confidence)


def _pack_evidence(one: Evidence) -> list[Any]:
    return [one.document, one.start, one.end, one.text, one.rule, one.where, one.weight]
