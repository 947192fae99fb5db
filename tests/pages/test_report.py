from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provenance import Article, Corpus, Settings
from provenance.errors import NotFoundError, SettingsError
from provenance.pages.report import Written, write_report
from provenance.pages.selecting import held, pair_of, select
from provenance.settings import PagesSettings

HARBOUR = Path(__file__).parent.parent.parent / "examples" / "harbour"
Read = Callable[[str], Any]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("report") / "harbour.db") as made:
        made.use_outlets(HARBOUR / "outlets.csv")
        made.run([HARBOUR / "articles"])
        yield made


@pytest.fixture
def few(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """The same collection as if it were a large one."""
    pages = PagesSettings(
        whole_articles=5,
        report_articles=4,
        report_comparisons=2,
        report_passages=3,
        report_trees=1,
        overview_rows=2,
        article_characters=300,
    )
    monkeypatch.setattr(corpus, "settings", replace(corpus.settings, pages=pages))
    return corpus


def report(corpus: Corpus, **about: Any) -> tuple[str, Written]:
    out = io.StringIO()
    written = write_report(corpus, out, **about)
    assert written.characters == len(out.getvalue())
    return out.getvalue(), written


def without_frame(html: str) -> str:
    """A report but for our own style, script and policy."""
    html = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"<(meta|!DOCTYPE)[^>]*>", "", html)


def text_of(read: Any) -> str:
    return " ".join(read.text(without="no such class").split())


def assert_links_lead_somewhere(read: Any) -> None:
    ids = [attributes["id"] for _, attributes in read.elements if attributes.get("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for tag, attributes in read.elements:
        href = attributes.get("href") or ""
        if tag == "a" and href.startswith("#"):
            assert href[1:] in ids, href
        for name in ("aria-labelledby",):
            assert set((attributes.get(name) or "").split()) <= set(ids), attributes


def test_a_small_collection_is_shown_whole(corpus: Corpus, harmless: Read) -> None:
    html, written = report(corpus, made=date(2026, 11, 21), database="harbour.db")
    read = harmless(without_frame(html))
    assert written.articles == 20
    assert_links_lead_somewhere(read)
    told = text_of(read)
    assert "20 articles from 16 outlets, 2024-03-12 to 2024-03-17, 2 undated." in told
    assert "Report made on 2026-11-21." in told
    takers = {link.downstream for link in corpus.links() if link.relation == "uncredited-copy"}
    assert f"{len(takers)} articles print text of another and do not say so." in told
    assert "Ostrand Beacon printed text of Veldmark Press Agency without saying so." in told
    assert "Figures changed: 40 became 400" in told
    assert "Each of these is a lead, not a proof." in told
    for article in corpus.documents():
        assert (article.title or article.id)[:40] in told


def test_it_loads_nothing_and_says_who_had_it(corpus: Corpus, page: Read) -> None:
    html, _ = report(corpus)
    read = page(html)
    for tag, attributes in read.elements:
        assert tag not in {"img", "link", "iframe", "base"}
        assert "src" not in attributes
        if (attributes.get("href") or "").startswith("http"):
            assert attributes["rel"] == "noopener noreferrer nofollow"
    assert "default-src 'none'" in html
    assert sum(tag == "script" for tag, _ in read.elements) == 1
    assert sum(tag == "svg" for tag, _ in read.elements) >= 3


def test_it_is_the_same_every_time(corpus: Corpus) -> None:
    assert report(corpus) == report(corpus)


def test_one_article_with_what_it_goes_back_to(corpus: Corpus, harmless: Read) -> None:
    html, written = report(corpus, document="phone-message.txt")
    read = harmless(without_frame(html))
    assert_links_lead_somewhere(read)
    told = text_of(read)
    assert "One article in a collection of 20 articles" in told
    for title in ("PLEASE READ AND SEND ON", "Up to 400 tonnes of oil foul", "Tanker strikes quay at Skelhaven"):
        assert title in told, "the article, the one it was taken from, and the one above that"
    assert written.articles == 3
    assert told.index("The article") < told.index("Side by side")


def test_one_passage(corpus: Corpus, harmless: Read) -> None:
    cluster = next(iter(corpus.passages())).cluster
    html, written = report(corpus, cluster=cluster)
    read = harmless(without_frame(html))
    assert_links_lead_somewhere(read)
    assert written.passages == 1
    assert f"Where passage {cluster} appears" in text_of(read)


def test_page_furniture_is_a_passage_too(corpus: Corpus) -> None:
    furniture = next(row.cluster for row in corpus.passages(furniture=True) if row.kind == "furniture")
    assert "page furniture" in report(corpus, cluster=furniture)[0]


def test_one_trace(corpus: Corpus, harmless: Read) -> None:
    html, _ = report(corpus, trace="400 tonnes of heavy fuel oil leaked into the harbour")
    read = harmless(without_frame(html))
    assert_links_lead_somewhere(read)
    told = text_of(read)
    assert "Earliest copy held Veldmark Press Agency" in told
    assert "denies it" in told
    assert "figure: 40 became 400 tonnes" in told


def test_a_claim_that_nobody_tells(corpus: Corpus) -> None:
    html, written = report(corpus, trace="xylophone quartet wins zeppelin race")
    assert "no article tells this claim" in html
    assert written.articles == 0


def test_of_a_large_collection_the_strongest_evidence(few: Corpus, harmless: Read) -> None:
    html, written = report(few, database="harbour.db")
    read = harmless(without_frame(html))
    assert_links_lead_somewhere(read)
    assert (written.articles, written.comparisons, written.passages) == (4, 2, 3)
    told = text_of(read)
    assert "This report shows the strongest evidence: 4 of the articles, and 2 pairs side by side." in told
    assert "16 more articles: provenance report --document ID --db harbour.db" in told
    takers = [link for link in few.links() if link.relation == "uncredited-copy"]
    left = len(takers) - 2
    assert (
        left <= 0
        or f"{left} more case{'s' if left > 1 else ''}: provenance passages --uncredited --db harbour.db" in told
    )
    assert "6 more passages: provenance passages --db harbour.db" in told
    assert "more characters left out" in told


def test_an_empty_collection(tmp_path: Path, harmless: Read) -> None:
    with Corpus(tmp_path / "empty.db") as empty:
        html, written = report(empty)
    read = harmless(without_frame(html))
    assert_links_lead_somewhere(read)
    assert written.articles == 0
    assert "No article is found to print another’s text" in text_of(read)


def test_what_is_not_held_is_named(corpus: Corpus) -> None:
    with pytest.raises(NotFoundError, match="nonsense"):
        report(corpus, document="nonsense")
    with pytest.raises(NotFoundError, match="999"):
        report(corpus, cluster=999)
    with pytest.raises(SettingsError, match="one article, one passage or one trace"):
        report(corpus, cluster=1, document="vpa-0312")


def test_hostile_articles_are_text_everywhere(tmp_path: Path, harmless: Read, evil: str) -> None:
    body = (HARBOUR / "articles" / "waterside-notice.txt").read_text(encoding="utf-8")
    said = '\n\nAccording to <b>Evil</b> News, "the <script>ship</script> sank", <i>he</i> said.'
    id_part = evil.replace("\x00", "")
    with Corpus(tmp_path / "evil.db") as corpus:
        corpus.add_articles(
            Article(
                f"{number}{id_part}",
                f"{evil}\n\n{body}{said} {number}",
                title=f"{number}{evil}",
                outlet=f"Outlet {number}{evil}",
                author=evil,
                url="javascript:alert(1)" if number else 'https://a.example/"><script>alert(1)</script>',
                language='"><script>',
            )
            for number in range(3)
        )
        corpus.update()
        first = next(corpus.documents()).id
        for about in ({}, {"document": first}, {"trace": f"{evil} the ship sank"}, {"cluster": 0}):
            html, written = report(corpus, title=evil, database=evil, **about)
            read = harmless(without_frame(html).replace("<html", "<div").replace("</html", "</div"))
            assert written.articles
            assert "alert(1)" in text_of(read)
            assert not [
                attributes for tag, attributes in read.elements if "javascript" in (attributes.get("href") or "")
            ]


def test_pairs_and_groups(corpus: Corpus) -> None:
    known = held(corpus)
    chosen = select(known, Settings().pages, [])
    assert ("vpa-0312", "ostrand-beacon") in chosen.pairs
    assert len({frozenset(pair) for pair in chosen.pairs}) == len(chosen.pairs)
    assert any({"breakwater-pilots", "coastline-monitor", "veld-voice"} == set(group) for group in chosen.trees)
    assert not any("hollin-letter.md" in group for group in chosen.trees), "nothing links it to anybody"
    credits_only = next(link for link in known.links if link.relation == "credit-only")
    assert pair_of(credits_only) is None
    assert not any(article.text for article in known.articles.values())
