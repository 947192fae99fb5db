"""Graphs: valid by their schemas, read back by networkx, and no arrow where the order is not decided."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import networkx
import pytest
from lxml import etree

from provenance import Article, Corpus
from provenance.export.graphs import EDGE_FIELDS, NODE_FIELDS

GEXF = etree.RelaxNG(
    etree.fromstring(
        """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://gexf.net/1.3"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="gexf"><attribute name="version"><value>1.3</value></attribute>
    <element name="meta"><element name="creator"><text/></element>
      <element name="description"><text/></element></element>
    <element name="graph">
      <attribute name="mode"><value>dynamic</value></attribute>
      <attribute name="defaultedgetype"><value>directed</value></attribute>
      <attribute name="timeformat"><choice><value>date</value><value>dateTime</value></choice></attribute>
      <attribute name="timerepresentation"><value>interval</value></attribute>
      <attribute name="idtype"><value>string</value></attribute>
      <oneOrMore><element name="attributes">
        <attribute name="class"><choice><value>node</value><value>edge</value></choice></attribute>
        <attribute name="mode"><value>static</value></attribute>
        <oneOrMore><element name="attribute"><attribute name="id"/><attribute name="title"/><attribute name="type">
          <choice><value>string</value><value>integer</value><value>double</value><value>boolean</value></choice>
        </attribute></element></oneOrMore></element></oneOrMore>
      <element name="nodes"><zeroOrMore><element name="node">
        <attribute name="id"><data type="anyURI"/></attribute><attribute name="label"/><ref name="rest"/>
      </element></zeroOrMore></element>
      <element name="edges"><zeroOrMore><element name="edge">
        <attribute name="id"><data type="integer"/></attribute>
        <attribute name="source"/><attribute name="target"/><attribute name="label"/><attribute name="kind"/>
        <attribute name="weight"><data type="double"/></attribute><ref name="rest"/>
      </element></zeroOrMore></element>
    </element></element></start>
  <define name="rest">
    <optional><attribute name="start"><choice><data type="date"/><data type="dateTime"/></choice></attribute></optional>
    <element name="attvalues"><zeroOrMore><element name="attvalue">
      <attribute name="for"/><attribute name="value"/></element></zeroOrMore></element>
  </define>
</grammar>"""
    )
)
"""What we write of GEXF 1.3, after its schema: names, order and types."""
TOKEN = re.compile(r"[A-Za-z0-9._:-]+")
"""XML name tokens, which GraphML takes as identifiers, as far as ours go."""


def written(corpus: Corpus, form: str) -> bytes:
    out = io.StringIO()
    assert corpus.export("graph", out, form) > 0
    return out.getvalue().encode("utf-8")


def graph_of(corpus: Corpus, form: str) -> Any:
    reader = networkx.read_gexf if form == "gexf" else networkx.read_graphml
    return reader(io.BytesIO(written(corpus, form)))


def named(graph: Any, form: str, relation: str) -> set[tuple[str, str]]:
    """The labels of both ends of the edges of one relation."""
    labels = dict(graph.nodes(data="label"))
    return {(labels[a], labels[b]) for a, b, data in graph.edges(data=True) if data["relation"] == relation}


def test_gexf_follows_its_schema(corpus: Corpus) -> None:
    tree = etree.fromstring(written(corpus, "gexf"))
    assert GEXF.validate(tree), GEXF.error_log


def test_graphml_declares_what_it_uses_and_names_are_tokens(corpus: Corpus) -> None:
    tree = etree.fromstring(written(corpus, "graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    declared = {key.get("id"): key.get("attr.type") for key in tree.iter(f"{space}key")}
    assert set(declared.values()) <= {"boolean", "int", "long", "float", "double", "string"}
    used = {(part.getparent().tag[len(space) :], part.get("key")) for part in tree.iter(f"{space}data")}
    assert all(key in declared and key.startswith(what) for what, key in used)
    nodes = [node.get("id") for node in tree.iter(f"{space}node")]
    assert len(set(nodes)) == len(nodes)
    assert all(TOKEN.fullmatch(name) for name in nodes)
    ends = {edge.get(end) for edge in tree.iter(f"{space}edge") for end in ("source", "target")}
    assert ends <= set(nodes)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_every_node_is_declared_once_and_every_value_is_known(corpus: Corpus, form: str) -> None:
    graph = graph_of(corpus, form)
    assert len({data["iri"] for _, data in graph.nodes(data=True)}) == len(graph)
    assert {name for _, data in graph.nodes(data=True) for name in data} <= {*NODE_FIELDS, "label", "start"}
    known = {*EDGE_FIELDS, "label", "start", "id", "weight"}
    assert {name for *_, data in graph.edges(data=True) for name in data} <= known


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_every_article_and_link_of_the_harbour_is_there(harbour: Corpus, form: str) -> None:
    graph = graph_of(harbour, form)
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True))
    assert kinds["article"] == 20
    documents = {name: data.get("document") for name, data in graph.nodes(data=True)}
    got = {
        (documents[a], documents[b], data["relation"], data["confidence"], data["credited"])
        for a, b, data in graph.edges(data=True)
        if data["relation"] in {"credited-copy", "uncredited-copy", "update"}
    }
    wanted = {
        (link.upstream, link.downstream, link.relation, link.confidence, link.credited)
        for link in harbour.links()
        if link.upstream
    }
    assert got == wanted


def test_credits_and_relays_point_the_way_the_words_went(harbour: Corpus) -> None:
    graph = graph_of(harbour, "gexf")
    titles = {article.id: article.title or article.id for article in harbour.documents()}
    credited = named(graph, "gexf", "credits")
    assert ("Veldmark Press Agency", titles["courier-tanker"]) in credited
    assert ("Ingrid Tolland", titles["vpa-0312"]) in credited
    assert ("Anneke Rusk", "Aldery Business Daily") in named(graph, "gexf", "relays")
    assert ("Veldmark Press Agency", titles["vpa-0312"]) in named(graph, "gexf", "published")
    assert ("Fairlead Maritime Bulletin", titles["ferry-and-quay"]) in named(graph, "gexf", "common-source")
    assert ("Ingrid Tolland", titles["radio-skel"]) in named(graph, "gexf", "quotation")


def test_denials_are_counted_apart(harbour: Corpus) -> None:
    graph = graph_of(harbour, "gexf")
    denied = {data["denials"] for _, _, data in graph.edges(data=True) if data["relation"] == "credits"}
    assert denied >= {0, 1}


def test_an_undecided_order_has_no_arrow_between_the_articles(harbour: Corpus) -> None:
    graph = graph_of(harbour, "gexf")
    [undecided] = [name for name, data in graph.nodes(data=True) if data["kind"] == "undecided"]
    assert not list(graph.predecessors(undecided))
    below = {graph.nodes[name]["document"] for name in graph.successors(undecided)}
    assert below == {"vpa-0312", "waterside-notice.txt"}
    articles = {data["document"]: name for name, data in graph.nodes(data=True) if data["kind"] == "article"}
    one, two = articles["vpa-0312"], articles["waterside-notice.txt"]
    assert not graph.has_edge(one, two)
    assert not graph.has_edge(two, one)


def test_only_what_is_dated_begins(harbour: Corpus) -> None:
    graph = graph_of(harbour, "gexf")
    starts = {data["document"]: data.get("start") for _, data in graph.nodes(data=True) if data["kind"] == "article"}
    for article in harbour.documents():
        assert starts[article.id] == (article.published.start if article.published else None)


def test_a_source_begins_with_its_first_article_where_all_are_dated(harbour: Corpus) -> None:
    graph = graph_of(harbour, "gexf")
    labels = {data["label"]: data for _, data in graph.nodes(data=True)}
    assert labels["Veldmark Press Agency"]["start"] == "2024-03-12T05:31:00Z"
    assert labels["Veldmark Press Agency"]["held"] == 1


def test_hostile_words_are_read_back_as_text(hostile: Corpus) -> None:
    graph = graph_of(hostile, "gexf")
    titles = {data["document"]: data["label"] for _, data in graph.nodes(data=True) if data["kind"] == "article"}
    assert any(title.startswith("<script>alert(1)</script>") for title in titles.values())
    text = written(hostile, "gexf").decode()
    assert "<script" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text)


def test_an_empty_collection_is_an_empty_graph(tmp_path: Any) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        for form in ("gexf", "graphml"):
            out = io.StringIO()
            assert corpus.export("graph", out, form) == 0
            reader = networkx.read_gexf if form == "gexf" else networkx.read_graphml
            assert len(reader(io.BytesIO(out.getvalue().encode()))) == 0


def test_eyewitnesses_of_two_articles_are_two_nodes(tmp_path: Any) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles(
            Article(name, f"Eyewitnesses said on Monday that the {what} had burned all night.", language="en")
            for name, what in (("a", "school"), ("b", "mill"))
        )
        corpus.update()
        graph = graph_of(corpus, "gexf")
    sources = [data for _, data in graph.nodes(data=True) if data["kind"] not in {"article", "outlet"}]
    assert sorted(data["document"] for data in sources) == ["a", "b"]
