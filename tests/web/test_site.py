from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from provenance import Article, Corpus

PAGES = [
    "~",
    "~/uncredited",
    "~/article?id=northquay-online",
    "~/article?id=estuary-dispatch.html",
    "~/compare?a=merrin-gazette&b=northquay-online",
    "~/compare?a=northquay-online&b=hollin-letter.md",
    "~/passage",
    "~/passage?cluster=3",
    "~/source",
    "~/source?name=Ingrid+Tolland",
    "~/outlet",
    "~/outlet?name=Ostrand+Beacon",
    "~/graph?id=northquay-online",
    "~/graph?id=hollin-letter.md",
    "~/trace",
    "~/trace?text=400+tonnes+of+heavy+fuel+oil+leaked+into+the+harbour",
    "~/trace?id=ostrand-beacon&start=0&end=120",
    "~/trace?text=zyzzyva+quokka",
    "~/search",
    "~/search?q=tanker+quay",
    "~/search?q=northquay-online",
]


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_a_whole_document(site: Any, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    tree = html.document_fromstring(answer.text)
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    assert tree.findtext(".//title").endswith("harbour")
    identities = [each.get("id") for each in tree.iter() if isinstance(each.tag, str) and each.get("id")]
    assert len(identities) == len(set(identities))
    assert not tree.xpath("//style | //*[@style] | //script[not(@src)] | //@*[starts-with(name(), 'on')]")


def test_the_root_leads_to_the_overview(site: Any) -> None:
    for path in ("/", "/-/provenance", "/-/provenance/"):
        answer = site.get(path)
        assert (answer.status_code, answer.headers["location"]) == (302, "/-/provenance/harbour")


def test_every_link_leads_somewhere(site: Any) -> None:
    """From the overview, everything within reach of three steps, rows included."""
    seen: set[str] = set()
    waiting = ["/-/provenance/harbour"]
    for _ in range(2):
        found: list[str] = []
        for path in waiting:
            answer = site.get(path)
            assert answer.status_code == 200, path
            if not path.startswith("/-/provenance"):
                continue
            for href in html.fromstring(answer.text).xpath("//a/@href | //link/@href | //script/@src"):
                target = urlsplit(urljoin(path, href))
                if not target.netloc and target.path:
                    found.append(target._replace(fragment="").geturl())
        waiting = [path for path in dict.fromkeys(found) if path not in seen]
        seen.update(waiting)
    for path in waiting[:120]:
        assert site.get(path).status_code == 200, path
    assert len(seen) > 60


def test_the_overview_says_who_copied_whom(site: Any) -> None:
    said = words(site.get("~"))
    assert "20 articles of 16 outlets" in said
    assert "Northquay Online printed text of Merrin Gazette without saying so." in said


def test_the_uncredited_page_lists_what_the_command_lists(site: Any, harbour: Path) -> None:
    with Corpus(harbour) as corpus:
        expected = [(case.words, case.taker.id, case.source.id) for case in corpus.uncredited()]
    tree = html.fromstring(site.get("~/uncredited").text)
    cards = tree.xpath("//article[contains(@class, 'card')]")
    assert len(cards) == len(expected)
    for card, (number, taker, source) in zip(cards, expected, strict=True):
        assert f"{number} words" in card.text_content()
        links = card.xpath(".//a/@href")
        assert any(link.endswith(f"article?id={taker}") for link in links)
        assert any(link.endswith(f"compare?a={source}&b={taker}") for link in links)


def test_an_article_is_shown_whole_with_its_rows(site: Any, harbour: Path) -> None:
    with Corpus(harbour) as corpus:
        text = corpus.article("northquay-online").text
    answer = site.get("~/article?id=northquay-online")
    tree = html.fromstring(answer.text)
    body = tree.xpath("//div[@class='article-text']")[0]
    for label in body.xpath(".//*[contains(@class, 'label')]"):
        label.drop_tree()
    assert " ".join(body.text_content().split()) == " ".join(text.split())
    rows = site.get(tree.xpath("//a[text()='its attributions']/@href")[0])
    assert "article_id = " in words(rows)


def test_a_graph_names_everybody_and_the_steps(site: Any) -> None:
    said = words(site.get("~/graph?id=northquay-online"))
    for name in ("Veldmark Press Agency", "Merrin Gazette", "Northquay Online", "copied without credit"):
        assert name in said


@pytest.mark.parametrize(
    ("path", "status", "part"),
    [
        ("~/nothing", 404, "no page"),
        ("~/article?id=unknown", 404, "no article has the id"),
        ("~/article", 400, "lacks id"),
        ("~/compare?a=vpa-0312", 400, "lacks b"),
        ("~/compare?a=vpa-0312&b=unknown", 404, "no article has the id"),
        ("~/graph?id=unknown", 404, "no article has the id"),
        ("~/passage?cluster=999999", 404, "no passage has the number"),
        ("~/passage?cluster=-1", 404, "no number"),
        ("~/passage?cluster=1e3", 404, "no number"),
        ("~/passage?cluster=99999999999999999999999999", 404, "no number"),
        ("~/passage?cluster=%D9%A3", 404, "no number"),
        ("~/source?name=Nobody+of+the+kind", 404, "nobody credits"),
        ("~/outlet?name=Nobody+of+the+kind", 404, "no outlet is known"),
        ("~/uncredited?page=401", 404, "lists end with page 400"),
        ("~/trace?text=" + "word+" * 500, 413, "has 2,500 characters"),
        ("~/trace?text=%E2%80%A6", 400, ""),
        ("~/trace?id=vpa-0312&start=5", 400, "do not make a span"),
        ("~/trace?id=vpa-0312&start=5&end=5", 400, "do not make a span"),
        ("~/trace?id=vpa-0312&start=5&end=500000", 404, ""),
        ("~/search?q=" + "word+" * 100, 413, "has 500 characters"),
    ],
)
def test_what_cannot_be_shown_is_named(site: Any, path: str, status: int, part: str) -> None:
    answer = site.get(path)
    assert answer.status_code == status
    assert part.lower() in words(answer).lower()
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/-/provenance/other", "/-/provenance/other/article", "/-/provenance/static/secret.css", "/nope", "/a/b/c/d"],
)
def test_what_is_not_there_is_not_found(site: Any, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert site.get(path).status_code == 404
    assert capfd.readouterr() == ("", "")


def test_unknown_and_repeated_parameters_do_no_harm(site: Any) -> None:
    assert site.get("~/passage?self=1&page=1&page=9&to=x&again=y&_context=1").status_code == 200
    assert site.get("~/article?id=vpa-0312&id=unknown").status_code == 200
    assert site.get("~/article?id=%ff%fe%00").status_code == 404


def test_lists_go_on_from_page_to_page(harbour: Path, serve: Callable[..., Any], tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[web]\nrows_a_page = 3\n", encoding="utf-8")
    site = serve(harbour, settings_file=settings)
    names: list[str] = []
    path = "~/source"
    for _ in range(20):
        tree = html.fromstring(site.get(path).text)
        names += tree.xpath("//table//th[@scope='row']/a/text()")
        onward = tree.xpath("//a[@rel='next']/@href")
        if not onward:
            break
        path = onward[0]
    with Corpus(harbour) as corpus:
        assert names == [row.name for row in corpus.store.most_credited(1000)]
    assert site.get("~/source?page=300").status_code == 200
    tree = html.fromstring(site.get("~/source?name=Ingrid+Tolland&page=2").text)
    assert "name=Ingrid%20Tolland" in tree.xpath("//a[@rel='prev']/@href")[0]


def test_a_page_that_takes_too_long_is_given_up(harbour: Path, serve: Callable[..., Any], tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[web]\npage_milliseconds = 0\n[store]\ncache_kibibytes = 1024\n", encoding="utf-8")
    answer = serve(harbour, settings_file=settings).get("~/trace?text=three+workers+were+injured+on+the+quay")
    assert answer.status_code == 503
    assert "too long" in words(answer)


def test_two_long_articles_are_not_set_side_by_side(harbour: Path, serve: Callable[..., Any], tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[web]\ncompared_characters = 1000\n", encoding="utf-8")
    answer = serve(harbour, settings_file=settings).get("~/compare?a=merrin-gazette&b=northquay-online")
    assert answer.status_code == 413


def test_a_collection_that_changed_since_says_so(harbour: Path, serve: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "changed.db"
    shutil.copy(harbour, path)
    assert "not analysed" not in words(serve(path).get("~"))
    with Corpus(path) as corpus:
        corpus.add_articles([Article("new", "A word of its own.")])
    site = serve(path)
    assert "provenance analyze" in words(site.get("~"))
    assert site.get("~/article?id=new").status_code == 200


def test_an_empty_collection_has_every_page(serve: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with Corpus(path):
        pass
    site = serve(path)
    for page in ("", "/uncredited", "/passage", "/source", "/outlet", "/trace", "/search?q=word", "/trace?text=a+word"):
        assert site.get(f"~{page}").status_code == 200, page


def test_what_is_written_meanwhile_is_seen(serve: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "growing.db"
    with Corpus(path) as corpus:
        site = serve(path)
        assert site.get("~/article?id=late").status_code == 404
        corpus.add_articles([Article("late", "It came while others were reading.", title="Late")])
        assert "It came while others were reading." in words(site.get("~/article?id=late"))


def test_databases_of_other_versions_are_named(serve: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with Corpus(path):
        pass
    for number, part in ((5, "analyze"), (99, "later version")):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")
        answer = serve(path).get("~")
        assert answer.status_code == 500
        assert part in words(answer)
