"""The collection as a graph for Gephi and other network tools: GEXF 1.3 (dynamic) and GraphML.

Nodes are articles, outlets, and sources. An edge points the way the words went: from an outlet to the article that it
published, from a source to the article that credits it, from an article to the one that was copied from it. Where the
evidence does not decide who had it from whom, no edge joins the two articles; both hang below a node of kind
`undecided` instead, since the readers of both formats do not take directed and undirected edges in one graph.

In GEXF an article begins to be there with the first possible moment of its publication; undated ones are always
there. An edge begins with the article that it leads to. `timeformat` is `date`, which Gephi reads with the hours that
are given; networkx refuses `dateTime`.

Formats: GEXF 1.3 (https://gexf.net), GraphML (http://graphml.graphdrawing.org). Identifiers in GraphML are XML name
tokens; the node's `iri` is what other exports call it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TextIO

from provenance.export import identifiers
from provenance.export.collection import Alongside, Collection
from provenance.export.plain import as_xml
from provenance.model import Article, Attribution, Link, Source

Value = str | int | float | bool
_Values = Mapping[str, Value | None]

NODE_FIELDS: Final[dict[str, str]] = {
    "kind": "string",
    "iri": "string",
    "document": "string",
    "outlet": "string",
    "published": "string",
    "precision": "string",
    "language": "string",
    "url": "string",
    "tags": "string",
    "articles": "integer",
    "statements": "integer",
    "held": "integer",
}
"""The attributes of nodes. `articles` and `statements` count who credits a source, `held` the articles of an outlet."""
EDGE_FIELDS: Final[dict[str, str]] = {
    "relation": "string",
    "confidence": "double",
    "credited": "boolean",
    "statements": "integer",
    "denials": "integer",
    "margin": "double",
    "clusters": "string",
    "evidence": "string",
}
"""The attributes of edges. Relations are those of links, and `published`, `credits` (a source, by the article),
`relays` (a source, by another one: what the second said is told by the first)."""
_GRAPHML_TYPES: Final = {"integer": "int"}
_STANCE_ONLY: Final = "attitude"
"""A kind of attribution that is no statement; no chain rests on it, and no edge does."""
_WORDS: Final = 160
"""Characters of evidence on an edge; the links export has all of it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node; `start` is when it begins to be there, None for always."""

    id: str
    label: str
    start: str | None
    values: _Values


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge, from where the words came to where they went."""

    source: str
    target: str
    weight: int
    start: str | None
    values: _Values


@dataclass(slots=True)
class _Merged:
    """A source that is one node for all articles, while the articles are gone through."""

    label: str
    kind: str
    articles: int = 0
    statements: int = 0
    held: int = 0
    tags: str = ""
    undated: bool = False
    first: str | None = None

    def seen(self, start: str | None) -> None:
        if start is None:
            self.undated = True
        elif self.first is None or start < self.first:
            self.first = start

    def values(self) -> _Values:
        return {
            "kind": self.kind,
            "articles": self.articles,
            "statements": self.statements,
            "held": self.held if self.kind == "outlet" else None,
            "tags": self.tags,
        }


@dataclass(slots=True)
class _Credit:
    statements: int = 0
    denials: int = 0
    confidence: float = 0.0
    words: str = ""

    def note(self, attribution: Attribution) -> None:
        self.statements += 1
        self.denials += attribution.stance == "deny"
        if attribution.confidence > self.confidence:
            self.confidence = attribution.confidence
            self.words = next((each.text for each in attribution.evidence if each.text), "")

    def values(self, relation: str) -> _Values:
        return {
            "relation": relation,
            "confidence": self.confidence,
            "statements": self.statements,
            "denials": self.denials,
            "evidence": self.words[:_WORDS],
        }


@dataclass(slots=True)
class _Graph:
    """Goes through a collection once and hands out nodes and edges; nodes that many articles share come last."""

    collection: Collection
    merged: dict[str, _Merged] = field(default_factory=dict)
    relayed: dict[tuple[str, str], _Credit] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    speakers: dict[str, str] = field(default_factory=dict)

    def parts(self) -> Iterator[Node | Edge]:
        attributions = Alongside(self.collection.attributions(), lambda one: one.document)
        for article in self.collection.documents():
            yield from self._article(article)
            yield from self._credits(article, attributions.of(article.id))
        for link in self.collection.links():
            yield from self._link(link)
        for (source, target), credit in sorted(self.relayed.items()):
            yield Edge(source, target, credit.statements, None, credit.values("relays"))
        for name, one in sorted(self.merged.items()):
            yield Node(name, one.label, None if one.undated else one.first, one.values())

    def _article(self, article: Article) -> Iterator[Node | Edge]:
        name = identifiers.article(article.id)
        date = article.published
        if date is not None:
            self.starts[article.id] = date.start
        publisher = self.collection.publisher(article)
        yield Node(
            name,
            article.title or article.id,
            self.starts.get(article.id),
            {
                "kind": "article",
                "document": article.id,
                "outlet": publisher or None,
                "published": date.isoformat() if date else None,
                "precision": date.precision if date else None,
                "language": article.language,
                "url": article.url,
            },
        )
        if publisher:
            at = self._outlet(publisher, article.outlet)
            self.merged[at].held += 1
            self.merged[at].seen(self.starts.get(article.id))
            yield Edge(at, name, 1, self.starts.get(article.id), {"relation": "published"})

    def _outlet(self, name: str, given: str | None = None) -> str:
        at = identifiers.outlet(name)
        if at not in self.merged:
            tags = ", ".join(self.collection.tags.outlet(given or name))
            self.merged[at] = _Merged(name, "outlet", tags=tags)
            self.speakers[name.casefold()] = at
        return at

    def _credits(self, article: Article, found: list[Attribution]) -> Iterator[Node | Edge]:
        own: dict[str, _Merged] = {}
        counted: set[str] = set()
        credits: dict[tuple[str, str], _Credit] = {}  # noqa: A001 - the field's word
        target = identifiers.article(article.id)
        for attribution in found:
            if attribution.kind == _STANCE_ONLY:
                continue
            nearer = target
            for source in attribution.chain:
                at = self._source(source, article.id, own)
                node = own.get(at) or self.merged[at]
                node.statements += 1
                if at not in counted:
                    counted.add(at)
                    node.articles += 1
                    node.seen(self.starts.get(article.id))
                if at != nearer:
                    shared = nearer != target and at in self.merged and nearer in self.merged
                    steps = self.relayed if shared else credits
                    steps.setdefault((at, nearer), _Credit()).note(attribution)
                nearer = at
        for at, node in own.items():
            yield Node(at, node.label, self.starts.get(article.id), {**node.values(), "document": article.id})
        for (above, nearer), credit in credits.items():
            relation = "credits" if nearer == target else "relays"
            yield Edge(above, nearer, credit.statements, self.starts.get(article.id), credit.values(relation))

    def _source(self, source: Source, document: str, own: dict[str, _Merged]) -> str:
        if source.kind in identifiers.PUBLISHERS:
            return self._outlet(source.outlet or source.name)
        at = identifiers.source(source.name, source.kind, document)
        if source.kind in identifiers.PER_ARTICLE:
            own.setdefault(at, _Merged(source.name, source.kind))
        elif at not in self.merged:
            self.merged[at] = _Merged(source.name, source.kind)
            self.speakers.setdefault(source.name.casefold(), at)
        return at

    def _link(self, link: Link) -> Iterator[Node | Edge]:
        start = self.starts.get(link.downstream)
        values: _Values = {
            "relation": link.relation,
            "confidence": link.confidence,
            "credited": link.credited,
            "margin": link.margin,
            "clusters": " ".join(map(str, link.clusters)),
            "evidence": next((each.text[:_WORDS] for each in link.evidence if each.text), ""),
        }
        if link.upstream is not None:
            ends = [(identifiers.article(link.upstream), link.downstream)]
        elif link.upstream_name:
            above = self._named(link)
            self.merged[above].seen(start)
            # words of a speaker went to every article that holds them, what else is known from elsewhere to this one
            takers = link.documents if link.relation == "quotation" else (link.downstream,)
            ends = [(above, taker) for taker in takers]
        else:
            above = identifiers.identifier("undecided", *link.documents)
            label = f"order undecided: {', '.join(link.documents)}"
            yield Node(above, label, start, {"kind": "undecided"})
            ends = [(above, taker) for taker in link.documents]
        for above, taker in ends:
            yield Edge(above, identifiers.article(taker), 1, self.starts.get(taker), values)

    def _named(self, link: Link) -> str:
        """The node of what a link names: a source that attributions know, else an outlet, else a speaker."""
        if link.relation != "quotation":
            return self._outlet(link.upstream_name)
        at = self.speakers.get(link.upstream_name.casefold())
        if at is None:
            at = identifiers.source(link.upstream_name, "speaker", link.downstream)
            self.merged[at] = _Merged(link.upstream_name, "speaker")
            self.speakers[link.upstream_name.casefold()] = at
        return at


class _Format(Protocol):
    head: str
    between: str
    tail: str

    def node(self, node: Node) -> str: ...
    def edge(self, edge: Edge, number: int) -> str: ...


class _Gexf:
    """GEXF 1.3; elements in the order of its schema."""

    between = "</nodes>\n<edges>\n"
    tail = "</edges>\n</graph>\n</gexf>\n"

    def __init__(self, creator: str) -> None:
        self.head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            f"<meta><creator>{as_xml(creator)}</creator>"
            "<description>Articles, outlets and sources; edges point the way the words went</description></meta>\n"
            '<graph mode="dynamic" defaultedgetype="directed" timeformat="date" timerepresentation="interval" '
            'idtype="string">\n'
            + self._declared("node", NODE_FIELDS)
            + self._declared("edge", EDGE_FIELDS)
            + "<nodes>\n"
        )

    @staticmethod
    def _declared(what: str, fields: Mapping[str, str]) -> str:
        rows = (f'<attribute id="{name}" title="{name}" type="{kind}"/>\n' for name, kind in fields.items())
        return f'<attributes class="{what}" mode="static">\n{"".join(rows)}</attributes>\n'

    @staticmethod
    def _values(values: _Values) -> str:
        rows = (
            f'<attvalue for="{name}" value="{_written(value)}"/>'
            for name, value in values.items()
            if value is not None and value != ""
        )
        return f"<attvalues>{''.join(rows)}</attvalues>"

    @staticmethod
    def _start(start: str | None) -> str:
        return f' start="{as_xml(start)}"' if start else ""

    def node(self, node: Node) -> str:
        name = identifiers.iri(node.id)
        values = self._values({**node.values, "iri": name})
        return f'<node id="{name}" label="{as_xml(node.label)}"{self._start(node.start)}>{values}</node>\n'

    def edge(self, edge: Edge, number: int) -> str:
        ends = f'source="{identifiers.iri(edge.source)}" target="{identifiers.iri(edge.target)}"'
        label = _written(edge.values["relation"])
        return (
            f'<edge id="{number}" {ends} label="{label}" kind="{label}" weight="{edge.weight}.0"'
            f"{self._start(edge.start)}>{self._values(edge.values)}</edge>\n"
        )


class _GraphMl:
    """GraphML; `start` and `weight` are attributes like all others, since it knows neither."""

    between = ""
    tail = "</graph>\n</graphml>\n"
    _TOKEN: Final = re.compile(r"%([0-9A-F]{2})|[_/~]")

    def __init__(self, creator: str) -> None:
        nodes = {"label": "string", "start": "string", **NODE_FIELDS}
        edges = {"weight": "integer", "start": "string", **EDGE_FIELDS}
        self.head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
            f"<desc>{as_xml(creator)}</desc>\n"
            + self._declared("node", nodes)
            + self._declared("edge", edges)
            + '<graph id="collection" edgedefault="directed">\n'
        )

    @staticmethod
    def _declared(what: str, fields: Mapping[str, str]) -> str:
        return "".join(
            f'<key id="{what}-{name}" for="{what}" attr.name="{name}" attr.type="{_GRAPHML_TYPES.get(kind, kind)}"/>\n'
            for name, kind in fields.items()
        )

    def _name(self, qualified: str) -> str:
        """The identifier as an XML name token: what is none is an underscore and two hexadecimal digits."""
        return self._TOKEN.sub(lambda found: f"_{found[1] or f'{ord(found[0]):02X}'}", identifiers.iri(qualified))

    @staticmethod
    def _data(what: str, values: _Values) -> str:
        return "".join(
            f'<data key="{what}-{name}">{_written(value)}</data>'
            for name, value in values.items()
            if value is not None and value != ""
        )

    def node(self, node: Node) -> str:
        known = {"label": node.label, "start": node.start, **node.values, "iri": identifiers.iri(node.id)}
        return f'<node id="{self._name(node.id)}">{self._data("node", known)}</node>\n'

    def edge(self, edge: Edge, number: int) -> str:
        known = {"weight": edge.weight, "start": edge.start, **edge.values}
        ends = f'source="{self._name(edge.source)}" target="{self._name(edge.target)}"'
        return f'<edge id="e{number}" {ends}>{self._data("edge", known)}</edge>\n'


def _written(value: Value | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_xml(str(value))


def write_gexf(collection: Collection, out: TextIO, creator: str = "provenance") -> int:
    """Write a dynamic GEXF 1.3 graph; returns how many nodes and edges it has."""
    return _write(collection, out, _Gexf(creator))


def write_graphml(collection: Collection, out: TextIO, creator: str = "provenance") -> int:
    """Write a GraphML graph; returns how many nodes and edges it has."""
    return _write(collection, out, _GraphMl(creator))


def _write(collection: Collection, out: TextIO, form: _Format) -> int:
    """Nodes as they come, edges into a file of their own and then behind them: neither format takes them mixed."""
    count = edges = 0
    out.write(form.head)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as later:
        for part in _Graph(collection).parts():
            count += 1
            if isinstance(part, Node):
                out.write(form.node(part))
            else:
                edges += 1
                later.write(form.edge(part, edges))
        later.seek(0)
        out.write(form.between)
        shutil.copyfileobj(later, out)
    out.write(form.tail)
    return count
