"""The page that `run` prints, of a collection that is longer than the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from provenance import Article, Corpus
from provenance.settings import Settings
from provenance.store import Store
from provenance.summary import print_summary

ARTICLES = 300
SHARED = (
    "Nine barges left the quay before dawn on Monday and nobody had counted them since the lamps went out again {}."
)


NAMES = [
    "Quay",
    "Mole",
    "Reef",
    "Hawser",
    "Tiller",
    "Bosun",
    "Marram",
    "Skerry",
    "Halyard",
    "Binnacle",
    "Capstan",
    "Lee",
]


def text(number: int) -> str:
    """An article that shares a passage with two others; it names sources that many name, and one that only it does."""
    own = f"{'BCDFGLMNPRST'[number % 12]}ar{'aeiou'[number // 12 % 5]}{'bdfgk'[number // 60]}"
    told = f'The harbour is closed, said Ann {NAMES[number % 12]}. "We saw barges," Tom {own} told the Gull Post.'
    return f"{told} According to Reuters, {number} boats left. {SHARED.format(number // 3)}"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "many.db"
    with Corpus(path, one_process(Settings())) as corpus:
        corpus.add_articles(Article(f"a{number:03d}", text(number)) for number in range(ARTICLES))
        corpus.update()
    return path


def one_process(settings: Settings, statements: int = 50_000) -> Settings:
    store = replace(settings.store, counted_statements=statements)
    return replace(settings, store=store, engine=replace(settings.engine, processes=1))


def page(corpus: Corpus) -> str:
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False)
    print_summary(out, corpus, corpus.report(), "many.db")
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def never(*_: object, **__: object) -> Iterator[None]:
    raise AssertionError("the whole collection is read")


def test_the_page_reads_the_first_rows_of_long_lists_only(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Corpus(database, one_process(Settings()), create=False) as corpus:
        whole = page(corpus)
    assert f"{ARTICLES} articles" in whole
    for name in ("documents", "links", "sources", "passages", "matches", "all_copies", "uncredited", "outlets"):
        monkeypatch.setattr(Corpus, name, never)
    for name in ("links", "sources", "clusters", "takings", "held_articles", "article_ids", "matches"):
        monkeypatch.setattr(Store, name, never)
    read: list[str] = []
    chains = Corpus.chains

    def of_one(corpus: Corpus, document: str) -> object:
        read.append(document)
        return chains(corpus, document)

    monkeypatch.setattr(Corpus, "chains", of_one)
    with Corpus(database, one_process(Settings(), statements=0), create=False) as corpus:
        long = page(corpus)
    assert read == [f"a{number:03d}" for number in range(20)]
    counted, uncounted = whole.splitlines(), long.splitlines()
    differing = [pair for pair in zip(counted, uncounted, strict=True) if pair[0] != pair[1]]
    assert [after for _, after in differing] == ["  … and more: provenance sources --db many.db"]
    assert differing[0][0].endswith("more: provenance sources --db many.db")


def test_a_page_is_the_same_where_the_summaries_are_outdated(database: Path) -> None:
    with Corpus(database, one_process(Settings()), create=False) as corpus:
        before = page(corpus)
        corpus.store.set_stage_signature("summaries", None)
        assert page(corpus) == before
        corpus.summarize()
        assert page(corpus) == before


def test_the_surest_links_of_each_relation_are_shown(database: Path) -> None:
    with Corpus(database, one_process(Settings()), create=False) as corpus:
        lines = page(corpus).splitlines()
        counts = corpus.store.link_counts()
        assert counts
        for relation, count in counts.items():
            at = lines.index(f"{relation} ({count:,})")
            every = sorted(
                (link for link in corpus.links() if link.relation == relation),
                key=lambda link: (-link.confidence, link.downstream, link.upstream or ""),
            )
            for link, line in zip(every[:10], lines[at + 1 :], strict=False):
                assert link.downstream in line
                assert f"{relation}, {link.confidence:.2f}" in line


def test_an_empty_collection_has_a_page_of_one_line(tmp_path: Path) -> None:
    with Corpus(tmp_path / "empty.db", one_process(Settings())) as corpus:
        assert page(corpus) == "The collection holds no article.\n"
