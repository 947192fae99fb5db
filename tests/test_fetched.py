"""From web addresses to articles in a collection, against a local server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from provenance.cli import main
from provenance.corpus import Corpus
from provenance.errors import BinaryInputError, EmptyInputError, FetchError, InputError, MalformedError, TooLargeError
from provenance.fetched import newest_first, page_article, read_places
from provenance.fetching.client import Fetched, Fetcher, Validators
from provenance.ingest.feeds import feed_entries
from provenance.model import Article
from provenance.settings import FetchSettings, IngestSettings, Settings

WORDS = (
    "The ferry left the harbour late on Monday because a crane had blocked the northern quay since dawn, the harbour "
    "master said. Passengers waited in the old customs hall, where volunteers handed out soup, bread and blankets. Two "
    "tugboats from the neighbouring port pulled the crane aside shortly after noon. Its operator, a company from the "
    "capital, promised to pay for the delay but would not say what had broken. Engineers found a cracked bolt in the "
    "turning ring, the size of a thumb, and sent it to a laboratory. The town council meets on Thursday to discuss "
    "whether cranes of that type may stay. Fishermen, who lost a whole day at sea, want their mooring fees back. The "
    "next ferry is expected on Wednesday morning, weather permitting. Insurance assessors visited the quay twice and "
    "took photographs of every cable, hook and pulley. A schoolteacher among the passengers counted eleven hours "
    "between the first announcement and the departure. Nobody was hurt, and the soup, all agreed, was good. "
    "A second crane, built in the same year by the same yard, stands idle until an inspector has seen it. "
)
LOCAL = Settings(
    fetch=FetchSettings(allow_private=True, any_port=True, host_delay_seconds=0.0, backoff_seconds=0.0, tries=1)
)


def page(title: str, words: str = WORDS, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{words}</p></article>"


def feed(*items: str) -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>{inner}</channel></rss>'


def read(
    *places: str | Path, settings: Settings = LOCAL, follow: bool = False
) -> tuple[list[Article], list[InputError]]:
    found = list(read_places(places, settings, follow=follow))
    errors = [item for item in found if isinstance(item, InputError)]
    return [item for item in found if not isinstance(item, InputError)], errors


def test_a_page(web_server: Any, http_answer: Any) -> None:
    url = web_server.says("/story?x=1", http_answer(page("Late ferry")))
    (article,), errors = read(f"{url}#comments")
    assert errors == []
    assert article.id == article.url == url
    assert article.title == "Late ferry"
    assert WORDS.strip() in article.text


def test_the_final_address_tells_whose_page_it_is(web_server: Any, http_answer: Any) -> None:
    canonical = '<link rel="canonical" href="https://wire.example/story">'
    url = web_server.says("/old", http_answer(status=301, Location=web_server.url("/new", "news.example")))
    web_server.says("/new", http_answer(page("Late ferry", head=canonical)))
    fetcher = Fetcher(LOCAL.fetch, resolve=lambda _host, _port: ["127.0.0.1"])
    (article,) = read_places([url], LOCAL, fetcher=fetcher)
    assert isinstance(article, Article)
    assert article.id == url
    assert article.url == web_server.url("/new", "news.example")
    assert [(credit.kind, credit.url) for credit in article.credits] == [("canonical", "https://wire.example/story")]


def test_plain_text(web_server: Any, http_answer: Any) -> None:
    url = web_server.says("/a.txt", http_answer("Title\n\n<p> is a tag.", kind="text/plain"))
    (article,), _ = read(url)
    assert (article.text, article.url) == ("Title\n\n<p> is a tag.", url)


def test_the_encoding_that_the_server_names(web_server: Any, http_answer: Any) -> None:
    words = "Паром вышел из порта поздно. " * 30
    body = page("Паром", words).encode("cp1251")
    url = web_server.says("/", http_answer(body, kind="text/html; charset=windows-1251"))
    (article,), _ = read(url)
    assert words.strip() in article.text


def test_a_feed_gives_what_it_holds(web_server: Any, http_answer: Any) -> None:
    url = web_server.says(
        "/feed",
        http_answer(
            feed(
                f"<title>A</title><link>/a</link><description>{WORDS}</description>",
                "<title>B</title><link>/b</link><description>A beginning ...</description>",
            ),
            kind="application/rss+xml",
        ),
    )
    (article,), (error,) = read(url)
    assert (article.id, article.title, article.outlet) == (web_server.url("/a"), "A", "Harbour")
    assert "1 of its 2 entries" in str(error)
    assert url in str(error)
    assert web_server.paths == ["/robots.txt", "/feed"]


def test_the_pages_behind_entries_are_fetched_where_it_is_wished(web_server: Any, http_answer: Any) -> None:
    old, new = "<pubDate>2020-01-01</pubDate>", "<pubDate>2020-02-01</pubDate>"
    url = web_server.says(
        "/feed",
        http_answer(
            feed(
                f"<title>Old</title><link>/old</link>{old}<dc:creator>Ann</dc:creator>",
                f"<title>Gone</title><link>/gone</link><description>{WORDS}</description>",
                "<title>Missing</title><link>/missing</link>",
                f"<title>New</title><link>/new</link>{new}",
                "<title>Nowhere</title>",
            )
        ),
    )
    web_server.says("/old", http_answer(f"<html><body><p>{WORDS}"))
    web_server.says("/new", http_answer(page("Its own title")))
    found, errors = read(url, follow=True)
    assert web_server.paths[2:] == ["/new", "/old", "/gone", "/missing"]
    assert [article.title for article in found] == ["Its own title", "Old", "Gone"]
    assert [article.id for article in found] == [web_server.url(path) for path in ("/new", "/old", "/gone")]
    assert found[1].author == "Ann"
    assert found[1].outlet == "Harbour"
    assert found[1].published is not None
    missing, nowhere = errors
    assert "404" in str(missing)
    assert "1 of its 5 entries" in str(nowhere)


def test_the_pages_of_a_run_are_bounded(web_server: Any, http_answer: Any) -> None:
    items = [f"<link>/{number}</link>" for number in range(6)]
    url = web_server.says("/feed", http_answer(feed(*items)))
    for number in range(6):
        web_server.says(f"/{number}", http_answer(page(f"Page {number}")))
    few = replace(LOCAL, fetch=replace(LOCAL.fetch, pages_a_run=2))
    found, (error,) = read(url, settings=few, follow=True)
    assert [article.title for article in found] == ["Page 0", "Page 1"]
    assert "4 of the pages behind its 6 entries" in str(error)
    assert "pages_a_run" in error.remedy


def test_a_feed_file(web_server: Any, http_answer: Any, tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    link = web_server.says("/a", http_answer(page("A")))
    path.write_text(feed(f"<link>{link}</link>"), encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text("A text.", encoding="utf-8")
    assert [article.id for article in read(path, other)[0]] == ["other.txt"]
    assert [article.id for article in read(path, other, follow=True)[0]] == ["other.txt", link]


def test_the_same_article_is_given_once(web_server: Any, http_answer: Any) -> None:
    one = web_server.says("/one", http_answer(feed(f"<link>/a</link><description>{WORDS}</description>")))
    two = web_server.says("/two", http_answer(feed(f"<link>/a</link><description>{WORDS} Update.</description>")))
    found, errors = read(two, one, one)
    assert [article.text for article in found] == [WORDS.strip()]
    assert errors == []


@pytest.mark.parametrize(
    ("body", "kind", "error", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png", BinaryInputError, "image/png"),
        (b"%PDF-1.7 xxx", "application/pdf", BinaryInputError, "a PDF"),
        (b"%PDF-1.7 xxx", "text/html", BinaryInputError, "a PDF"),
        (b'{"a": 1}', "application/json", MalformedError, "application/json"),
        (b"id,text\n1,x", "text/csv", MalformedError, "text/csv"),
        (b"<urlset></urlset>", "application/xml", MalformedError, "application/xml"),
        (b"<opml><body/></opml>", "text/x-opml", MalformedError, "watch"),
        (b"", "text/html", EmptyInputError, "white space"),
        (b"<html><body></body></html>", "text/html", EmptyInputError, "no text"),
        (b"x" * 2000, "text/html", TooLargeError, "1,000 bytes"),
        (b"<rss><channel/></rss>", "text/html", EmptyInputError, "without entries"),
    ],
)
def test_what_is_no_page_is_named(body: bytes, kind: str, error: type[InputError], words: str) -> None:
    fetched = Fetched("https://a.example/x", "https://a.example/y", 200, body, kind, None, Validators())
    with pytest.raises(error, match=words) as caught:
        page_article(fetched, "x", replace(IngestSettings(), maximum_page_bytes=1000))
    assert "https://a.example/y" in str(caught.value)
    assert caught.value.remedy


def test_a_feed_is_no_page() -> None:
    body = feed("<title>A</title>").encode()
    fetched = Fetched("https://a.example/", "https://a.example/", 200, body, "text/xml", None, Validators())
    with pytest.raises(MalformedError, match="a feed, where a page was expected"):
        page_article(fetched, "x", IngestSettings())


def test_newest_first() -> None:
    dates = {"none": "", "old": "2020-01-01", "new": "2021", "ambiguous": "05/03/2024"}
    items = [f"<title>{title}</title><pubDate>{date}</pubDate>" for title, date in dates.items()]
    found = feed_entries(feed(*items).encode(), "https://a.example/", IngestSettings())
    assert [entry.title for entry in newest_first(found)] == ["new", "old", "none", "ambiguous"]


def test_a_collection_takes_addresses_and_files(web_server: Any, http_answer: Any, tmp_path: Path) -> None:
    url = web_server.says("/story", http_answer(page("Late ferry")))
    (tmp_path / "copy.txt").write_text(f"A copy.\n\n{WORDS}", encoding="utf-8")
    with Corpus(tmp_path / "a.db", LOCAL) as corpus:
        report = corpus.run([tmp_path / "copy.txt", url, web_server.url("/no")])
        assert report.articles == 2
        (error,) = report.added.errors
        assert isinstance(error, FetchError)
        assert error.status == 404
        assert {copy.document for copy in corpus.all_copies()} == {"copy.txt", url}
        again = corpus.add([url])
        assert (again.counts.unchanged, again.counts.added) == (1, 0)


def test_the_command_line(web_server: Any, http_answer: Any, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[fetch]\nallow_private = true\nany_port = true\nhost_delay_seconds = 0\n", encoding="utf-8")
    url = web_server.says("/feed", http_answer(feed("<link>/a</link>")))
    web_server.says("/a", http_answer(page("A")))
    options = ["--db", str(tmp_path / "a.db")]
    refused = CliRunner().invoke(main, ["add", url, *options])
    assert refused.exit_code == 3
    assert "fetch.any_port" in refused.stderr
    assert web_server.requests == []
    options += ["--settings", str(settings)]
    done = CliRunner().invoke(main, ["add", url, *options])
    assert done.exit_code == 3
    assert "--follow" in done.stderr
    done = CliRunner().invoke(main, ["add", url, "--follow", *options])
    assert done.exit_code == 0, done.stderr
    assert "1 added" in done.stderr
