from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.ingest.json_ld import JsonLd, read_json_ld
from provenance.settings import IngestSettings


def read(*values: Any, known: set[str] | None = None, titles: set[str] | None = None) -> JsonLd:
    scripts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return read_json_ld(scripts, IngestSettings(), known=known or set(), titles=titles or set())


ARTICLE = {"@type": "NewsArticle", "headline": "Ferry &amp; storm", "url": "https://echo.example/1"}


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Echo"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]},
        "<!--\n" + json.dumps(ARTICLE) + "\n-->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE).replace("storm", "sto\nrm").replace("sto\nrm", "storm"),
    ],
)
def test_the_article_is_found_however_it_is_wrapped(value: Any) -> None:
    assert read(value).text("headline") == "Ferry & storm"


@pytest.mark.parametrize("script", ["", "{", "[[[", "null", "3", '"x"', "[" * 100_000, '{"@graph": "x"}'])
def test_scripts_that_hold_nothing_are_passed_over(script: str) -> None:
    assert read(script, ARTICLE).text("headline") == "Ferry & storm"


def test_of_several_articles_only_the_pages_own_counts() -> None:
    other = {"@type": "NewsArticle", "headline": "Other", "url": "https://echo.example/2", "creditText": "Reuters"}
    assert read(other, ARTICLE, known={"https://echo.example/1"}).text("headline") == "Ferry & storm"
    assert read(other, ARTICLE, titles={"other"}).text("headline") == "Other"
    assert read(other, ARTICLE).article == {}


def test_articles_listed_or_pictured_by_another_are_not_its_own() -> None:
    page = {"@type": "ItemList", "itemListElement": [ARTICLE]}
    assert read(page).article == {}
    picture = {**ARTICLE, "image": {"@type": "ImageObject", "creditText": "AFP"}}
    assert read(picture).text("creditText") is None


def test_depth_is_bounded() -> None:
    value: Any = ARTICLE
    for _ in range(50):
        value = {"@graph": [value]}
    assert read(value).article == {}


def test_entities_by_name_address_and_reference() -> None:
    graph = {
        "@graph": [
            {
                **ARTICLE,
                "author": [{"@type": "Person", "name": "Jo Doe"}, "Max Roe"],
                "publisher": {"@id": "#org"},
                "isBasedOn": [
                    "https://post.example/a",
                    {"@type": "NewsArticle", "name": "A title", "publisher": "Post"},
                ],
            },
            {"@type": "Organization", "@id": "#org", "name": "Daily Echo", "url": "https://echo.example/"},
        ]
    }
    data = read(graph)
    assert [entity.name for entity in data.entities("author")] == ["Jo Doe", "Max Roe"]
    assert [(entity.name, entity.url) for entity in data.entities("publisher")] == [
        ("Daily Echo", "https://echo.example/")
    ]
    assert [(entity.name, entity.url) for entity in data.entities("isBasedOn")] == [
        (None, "https://post.example/a"),
        ("Post", None),
    ]


def test_addresses_copied_from_documentation_are_not_the_pages() -> None:
    node = {**ARTICLE, "mainEntityOfPage": {"@type": "WebPage", "@id": "https://google.com/article"}}
    assert read(node).addresses() == ["https://echo.example/1"]
    assert read({**ARTICLE, "@id": "https://echo.example/1#article"}).addresses() == ["https://echo.example/1"]


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "@id", "mainEntity", "url", "name", "author", "publisher", "isBasedOn"]
            ),
            st.one_of(inner, st.sampled_from(["NewsArticle", "WebSite", "https://echo.example/1"])),
            max_size=5,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(json_values)
def test_no_json_raises(value: Any) -> None:
    data = read(value, known={"https://echo.example/1"})
    for name in ("author", "publisher", "isBasedOn", "url"):
        data.text(name)
        data.entities(name)
    data.addresses()
