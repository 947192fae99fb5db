"""JSON-LD in the words of schema.org."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from provenance import Article, Corpus
from provenance.export.identifiers import article, iri

VOCABULARY = {
    "identifier",
    "headline",
    "url",
    "author",
    "publisher",
    "datePublished",
    "inLanguage",
    "isBasedOn",
    "citation",
    "creditText",
    "terms:link",
    "@id",
    "@type",
}
"""Properties of a NewsArticle in schema.org, and our own."""


def graph(corpus: Corpus) -> dict[str, dict[str, Any]]:
    out = io.StringIO()
    count = corpus.export("jsonld", out)
    read = json.loads(out.getvalue())
    assert set(read) == {"@context", "@graph"}
    assert len(read["@graph"]) == count
    return {node["@id"]: node for node in read["@graph"]}


@pytest.fixture(scope="module")
def nodes(harbour: Corpus) -> dict[str, dict[str, Any]]:
    return {name.removeprefix("urn:provenance:article:"): node for name, node in graph(harbour).items()}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_article_is_a_news_article(corpus: Corpus) -> None:
    found = graph(corpus)
    assert set(found) == {iri(article(one.id)) for one in corpus.documents()}
    for node in found.values():
        assert node["@type"] == "NewsArticle"
        assert set(node) <= VOCABULARY


def test_copies_are_based_on_what_they_were_taken_from(nodes: dict[str, dict[str, Any]]) -> None:
    assert nodes["northquay-online"]["isBasedOn"] == {"@id": "urn:provenance:article:merrin-gazette"}
    assert nodes["courier-tanker-update"]["isBasedOn"] == {"@id": "urn:provenance:article:courier-tanker"}
    assert "isBasedOn" not in nodes["vpa-0312"]


def test_a_source_that_is_not_held_is_an_organization(nodes: dict[str, dict[str, Any]]) -> None:
    assert nodes["brinnock-argus"]["isBasedOn"]["publisher"]["name"] == "Fairlead Maritime Bulletin"
    creators = [each["creator"] for each in listed(nodes["ledger-denial"]["citation"]) if "creator" in each]
    assert ("Organization", "Aldery Business Daily") in {(each["@type"], each["name"]) for each in creators}
    assert ("Person", "Anneke Rusk") in {(each["@type"], each["name"]) for each in creators}


def test_an_undecided_order_is_no_basis(nodes: dict[str, dict[str, Any]]) -> None:
    node = nodes["waterside-notice.txt"]
    assert "isBasedOn" not in node
    assert node["terms:link"]["terms:relation"] == "undetermined"
    assert node["terms:link"]["terms:sharesTextWith"] == [{"@id": "urn:provenance:article:vpa-0312"}]


def test_the_words_of_a_credit_are_there(nodes: dict[str, dict[str, Any]]) -> None:
    assert nodes["coastline-monitor"]["creditText"] == "Via The Breakwater"
    assert "creditText" not in nodes["northquay-online"]
    assert nodes["estuary-dispatch.html"]["creditText"] == "Veldmark Press Agency", "its head says so"


def test_dates_are_as_fine_as_they_are_known(nodes: dict[str, dict[str, Any]]) -> None:
    assert nodes["hollin-letter.md"]["datePublished"] == "2024-03-17"
    assert nodes["vpa-0312"]["datePublished"] == "2024-03-12T05:31:00Z"
    assert "datePublished" not in nodes["waterside-notice.txt"]


def test_who_denies_is_not_cited_for_it(tmp_path: Any) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles([Article("a", "Mayor Ann Lee denied that the bridge had been sold.", language="en")])
        corpus.update()
        assert [chain.stance for chain in corpus.chains()] == ["deny"]
        [node] = graph(corpus).values()
    assert "citation" not in node


def test_nobody_without_a_name_has_an_identifier(corpus: Corpus) -> None:
    for node in graph(corpus).values():
        for each in listed(node.get("citation", [])):
            creator = each.get("creator")
            assert creator is None or creator["@type"] in {"Person", "Organization"}


def test_no_address_but_of_the_web_is_a_link(hostile: Corpus) -> None:
    urls = {node.get("url", "") for node in graph(hostile).values()}
    assert all(url == "" or url.startswith("https://x.example/%22") for url in urls)
