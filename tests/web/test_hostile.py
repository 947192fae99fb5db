"""Nothing of an article, a title, an outlet or an address is ever more than text on a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from lxml import html

from provenance import Corpus
from provenance.store.schema import TABLES, VIEWS

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(answer: Any) -> None:
    """A page of ours or of Datasette's whose markup is all its own."""
    assert answer.status_code in {200, 404, 400}
    text = answer.text
    assert not _HIDDEN.search(text), "a character that a browser acts on"
    tree = html.document_fromstring(text)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag != "img"
        assert element.tag != "iframe"
        for name, value in element.attrib.items():
            assert not name.startswith("on"), f"{element.tag} {name}"
            if name in {"href", "src", "action"}:
                assert urlsplit(value.strip()).scheme in {"", "http", "https"}, value
    for script in tree.iter("script"):
        assert script.get("src") or "alert" not in script.text_content()


def addresses(path: Path) -> list[str]:
    """Every page of every article, pair, passage, source and outlet."""
    found = ["~", "~/uncredited", "~/passage", "~/source", "~/outlet", "~/trace", "~/search"]
    with Corpus(path) as corpus:
        ids = corpus.store.article_ids()
        for one in ids:
            found += [f"~/{page}?id={quote(one, safe='')}" for page in ("article", "graph", "trace")]
            found += [f"~/compare?a={quote(one, safe='')}&b={quote(two, safe='')}" for two in ids if two != one]
        found += [f"~/passage?cluster={row.cluster}" for row in corpus.store.cluster_page(10)]
        found += [f"~/source?name={quote(row.name)}" for row in corpus.store.most_credited(20)]
        found += [f"~/outlet?name={quote(name)}" for name in corpus.store.outlet_names()]
    return found


def test_pages_show_hostile_articles_as_text(hostile: Path, hostile_site: Any) -> None:
    every = addresses(hostile)
    assert len(every) > 25
    for path in every:
        answer = hostile_site.get(path)
        assert answer.status_code == 200, path
        harmless(answer)


def test_the_words_themselves_are_there(hostile: Path, hostile_site: Any) -> None:
    with Corpus(hostile) as corpus:
        first = corpus.store.article_ids()[0]
    said = html.fromstring(hostile_site.get(f"~/article?id={quote(first, safe='')}").text).text_content()
    for part in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "{{7*7}}",
        "[U+202E]",
        "javascript:alert(3)",
    ):
        assert part in said, part


@pytest.mark.parametrize("name", ["", *sorted(TABLES.keys() | VIEWS.keys())])
def test_tables_show_hostile_articles_as_text(hostile_site: Any, name: str) -> None:
    answer = hostile_site.get(f"/hostile/{name}" if name else "/hostile")
    assert answer.status_code == 200
    harmless(answer)


@pytest.mark.parametrize("name", ["chains_to_source", "where_else", "texts_with", "taken_by_outlet"])
def test_named_queries_show_what_they_are_asked_as_text(hostile_site: Any, name: str) -> None:
    wicked = "\"><script>alert(1)</script>' or 1=1 --"
    parameters = {"source": wicked, "id": wicked, "words": wicked, "outlet": wicked}
    harmless(hostile_site.get(f"/hostile/{name}", params=parameters))


@pytest.mark.parametrize("page", ["article", "compare", "graph", "source", "outlet", "passage", "trace", "search"])
def test_what_is_asked_for_is_shown_as_text(hostile_site: Any, page: str) -> None:
    wicked = "\"'><script>alert(1)</script>{{7*7}}\u202e"
    for name in ("id", "name", "text", "q", "a", "b", "cluster"):
        answer = hostile_site.get(f"~/{page}", params={"a": wicked, "b": wicked, name: wicked})
        assert answer.status_code in {200, 400, 404}
        harmless(answer)
