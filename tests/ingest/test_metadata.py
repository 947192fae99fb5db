from __future__ import annotations

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from provenance.ingest.metadata import PageMetadata, read_metadata
from provenance.settings import IngestSettings

OWN = '<meta property="og:url" content="https://www.echo.example/ferry">'
NAMED = '<meta property="og:site_name" content="Daily Echo">'
ELSEWHERE = '<link rel="canonical" href="https://riverpost.test/ferry">'


def read(head: str = "", body: str = "", *, start: str = "", lang: str = "") -> PageMetadata:
    page = f"<!doctype html>{start}<html{lang}><head>{head}</head><body>{body}<p>Text.</p></body></html>"
    return read_metadata(document_fromstring(page), page, IngestSettings())


def script(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def kinds(page: PageMetadata) -> list[tuple[str, str | None, str | None]]:
    return [(credit.kind, credit.name, credit.url) for credit in page.credits]


CANONICAL = [("canonical", None, "https://riverpost.test/ferry")]


@pytest.mark.parametrize(
    ("head", "start"),
    [
        (OWN + ELSEWHERE, ""),
        (ELSEWHERE + NAMED, ""),
        (ELSEWHERE + NAMED + '<meta property="og:url" content="https://riverpost.test/ferry">', ""),
        (ELSEWHERE + script({"@type": "NewsArticle", "url": "https://echo.example/ferry"}), ""),
        (ELSEWHERE + '<link rel="https://api.w.org/" href="https://echo.example/wp-json/">', ""),
        (ELSEWHERE + script({"@type": "WebSite", "name": "Echo", "url": "https://echo.example"}), ""),
        (ELSEWHERE, "<!-- saved from url=(0030)https://www.echo.example/ferry -->"),
        (ELSEWHERE, "<!--\n Page saved with SingleFile \n url: https://www.echo.example/ferry \n-->"),
    ],
)
def test_a_canonical_link_to_another_house_is_a_credit(head: str, start: str) -> None:
    page = read(head, start=start)
    assert kinds(page) == CANONICAL
    assert 'href="https://riverpost.test/ferry"' in page.credits[0].text
    assert page.url != "https://riverpost.test/ferry"


@pytest.mark.parametrize(
    "head",
    [
        ELSEWHERE,
        ELSEWHERE + '<meta property="og:url" content="https://riverpost.test/ferry?ref=1">',
        ELSEWHERE + '<meta property="og:site_name" content="River Post">',
        ELSEWHERE + '<meta property="og:site_name" content="Речная почта">',
        '<link rel="canonical" href="https://echo.example/ferry">' + OWN + NAMED,
        '<link rel="canonical" href="https://amp.echo.example/ferry">' + OWN,
        '<link rel="canonical" href="/ferry">' + OWN,
        '<link rel="canonical" href="https://riverpost.test/">' + OWN,
        '<link rel="canonical" href="javascript:x">' + OWN,
        '<link rel="canonical">' + OWN,
        '<link rel="alternate" href="https://riverpost.test/ferry">' + OWN,
        ELSEWHERE + '<meta property="og:url" content="https://echo-example.cdn.ampproject.org/c/ferry">',
    ],
)
def test_a_canonical_link_that_nothing_contradicts_is_the_page_itself(head: str) -> None:
    assert kinds(read(head)) == []


def test_the_note_of_a_saved_page_decides() -> None:
    page = read(ELSEWHERE + NAMED, start="<!-- saved from url=(0028)https://riverpost.test/ferry -->")
    assert kinds(page) == []
    assert page.url == "https://riverpost.test/ferry"


def test_the_address_is_the_canonical_one_or_the_pages_own() -> None:
    assert read(ELSEWHERE).url == "https://riverpost.test/ferry"
    assert read(OWN + ELSEWHERE).url == "https://www.echo.example/ferry"
    assert read(ELSEWHERE + NAMED).url is None
    assert read().url is None


def test_named_sources_are_credits_unless_they_are_the_page_itself() -> None:
    head = OWN + NAMED
    for content in ("https://riverpost.test/a", "https://echo.example/ferry", "https://hilltimes.test/b", "Daily Echo"):
        head += f'<meta name="original-source" content="{content}">'
    head += '<meta name="syndication-source" content="Reuters"><link rel="syndication-source" href="https://x.test/1">'
    assert kinds(read(head)) == [
        ("syndication-source", "Reuters", None),
        ("original-source", None, "https://riverpost.test/a"),
        ("original-source", None, "https://hilltimes.test/b"),
        ("syndication-source", None, "https://x.test/1"),
    ]


def test_json_ld_credits() -> None:
    node = {
        "@type": "NewsArticle",
        "isBasedOn": [{"@type": "NewsArticle", "url": "https://riverpost.test/a"}, "https://echo.example/own"],
        "creditText": "River Post",
        "sourceOrganization": [{"@type": "Organization", "name": "Reuters"}, {"name": "the Daily Echo"}],
    }
    assert kinds(read(OWN + NAMED + script(node))) == [
        ("is-based-on", None, "https://riverpost.test/a"),
        ("credit-text", "River Post", None),
        ("source-organization", "Reuters", None),
    ]


@pytest.mark.parametrize("words", ["Photo: AFP", "Getty Images", "Daily Echo"])
def test_credits_of_pictures_and_of_the_outlet_itself_are_none(words: str) -> None:
    assert kinds(read(NAMED + script({"@type": "NewsArticle", "creditText": words}))) == []


def test_fields_of_head_and_json_ld() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Ferry stays in port",
        "datePublished": "2024-05-03T10:15:00+02:00",
        "author": [{"@type": "Person", "name": "Jo Doe"}, {"@type": "Organization", "name": "Reuters"}],
        "publisher": {"@type": "Organization", "name": "Echo Group Ltd"},
    }
    page = read(NAMED + OWN + "<title>Ferry - Echo</title>" + script(node), lang=' lang="en-GB"')
    assert (page.title, page.outlet, page.author) == ("Ferry stays in port", "Daily Echo", "Jo Doe; Reuters")
    assert page.language == "en"
    assert page.published is not None
    assert page.published.start == "2024-05-03T08:15:00Z"
    assert read(script(node)).outlet == "Echo Group Ltd"


def test_titles_in_their_order() -> None:
    head = "<title>Ferry | Echo</title>"
    assert read(head).title == "Ferry | Echo"
    assert read(head, "<h1>Ferry <b>stays</b></h1>").title == "Ferry stays"
    assert read(head + '<meta property="og:title" content="Ferry stays in port">').title == "Ferry stays in port"
    assert read(head, "<svg><title>Icon</title></svg>").title == "Ferry | Echo"
    assert read().title is None


def test_authors_that_are_addresses_are_none() -> None:
    assert read('<meta property="article:author" content="https://facebook.com/jo">').author is None
    assert read('<meta name="author" content="Jo Doe">').author == "Jo Doe"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2024-05-03">', ""),
        ('<meta name="DC.date.issued" content="2024-05-03">', ""),
        ('<meta itemprop="datePublished" content="2024-05-03">', ""),
        ("", '<span itemprop="datePublished">May 3, 2024</span>'),
        ("", '<time datetime="2024-05-03">x</time>'),
        ("", '<time datetime="2020-01-01"></time><time class="entry-date" datetime="2024-05-03">x</time>'),
    ],
)
def test_dates_of_publication(head: str, body: str) -> None:
    published = read(head, body).published
    assert published is not None
    assert (published.start, published.origin) == ("2024-05-03T00:00:00Z", "metadata")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:modified_time" content="2024-05-03">', ""),
        ('<link rel="canonical" href="https://echo.example/2024/05/03/ferry">', ""),
        ("", '<time datetime="2020-01-01"></time><time datetime="2024-05-03"></time>'),
        ("", "<p>May 3, 2024</p>"),
        ('<meta property="article:published_time" content="05/03/2024">', ""),
    ],
)
def test_dates_are_not_guessed(head: str, body: str) -> None:
    assert read(head, body).published is None


def test_the_pages_own_hosts_by_most_of_its_links() -> None:
    body = '<a href="https://echo.example/1">1</a>' * 5 + '<a href="https://riverpost.test/a">Source</a>'
    page = read(body=body)
    assert page.is_own("https://www.echo.example/x")
    assert not page.is_own("https://riverpost.test/a")
    assert not read(body='<a href="https://riverpost.test/a">Source</a>').is_own("https://riverpost.test/a")


def test_the_number_of_credits_is_bounded() -> None:
    head = OWN + "".join(f'<meta name="original-source" content="https://p{n}.test/a">' for n in range(500))
    assert len(read(head).credits) == IngestSettings().maximum_page_credits
