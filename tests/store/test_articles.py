from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance.errors import NotFoundError, StoreError
from provenance.model import (
    Article,
    Attribution,
    Chain,
    DateInterval,
    Evidence,
    Hop,
    Link,
    Match,
    PageCredit,
    Passage,
    Source,
    Span,
)
from provenance.settings import StoreSettings
from provenance.store import STAGES, AddCounts, Store

SEEDS = Path(__file__).parents[2] / "seeds"


def _attribution(document: str, where: str | None = None) -> Attribution:
    evidence = (Evidence(where or document, 0, 4, "text", "via-line"),)
    chain = (Source("Agency", "agency", "Agency"),)
    return Attribution(document, "document", "via-line", "assert", None, None, (), evidence, chain, 0.9, "via")


def _link(upstream: str | None, downstream: str, runner_up: str = "") -> Link:
    documents = tuple(sorted({downstream, upstream or downstream}))
    return Link(upstream, "X", downstream, "credited-copy", True, 0.8, (), documents, (0,), 1.0, runner_up)


def _chain(document: str, step: str | None) -> Chain:
    return Chain(document, None, "", "assert", (Hop("X", step, "credited-copy", "outlet", ()),), 0.5)


@pytest.fixture
def results(store: Store) -> Store:
    """Articles a to d, with results that rest on a and others that do not."""
    store.add_articles(Article(name, f"text of {name}") for name in "abcd")
    matches = [
        Match("a", Span(0, 4), "b", Span(0, 4), 1.0, "passage", 0),
        Match("b", Span(0, 4), "c", Span(0, 4), 1.0, "passage", 1),
    ]
    passages = [Passage(0, name, Span(0, 4), "passage") for name in "ab"]
    passages += [Passage(1, name, Span(0, 4), "passage") for name in "abc"]
    store.replace_matches(matches, passages)
    given = {"a": [_attribution("a")], "b": [_attribution("b", "a"), _attribution("b")], "c": []}
    store.replace_attributions_of(given.items(), signature="1")
    store.replace_links([_link("a", "b"), _link("c", "b"), _link("c", "d", runner_up="a")])
    store.replace_chains([_chain("a", None), _chain("b", "a"), _chain("b", "c")])
    for stage in STAGES:
        store.set_stage_signature(stage, "1")
    return store


def test_the_seeds_come_back_as_they_are(store: Store) -> None:
    seeds = [Article(file.name, file.read_bytes().decode("utf-8")) for file in sorted(SEEDS.glob("*.txt"))]
    assert len(seeds) == 5
    assert store.add_articles(seeds) == AddCounts(added=5)
    assert list(store.articles()) == seeds


def test_all_metadata_comes_back(store: Store) -> None:
    published = DateInterval("2017-12-16T00:00:00Z", "2017-12-17T00:00:00Z", "day", "dateline")
    page = (PageCredit("canonical", '<link rel="canonical">', None, "https://e.org/"), PageCredit("byline", "By\x00"))
    article = Article("x/y.html", "a\x00b\r\n\u200b", "T", "O", "https://o.org/", "A", published, "en", page)
    store.add_articles([article])
    assert store.article("x/y.html") == article


def test_adding_again_changes_nothing(results: Store) -> None:
    before = [list(results.matches()), list(results.attributions()), list(results.links()), list(results.chains())]
    assert results.add_articles(list(results.articles())) == AddCounts(unchanged=4)
    after = [list(results.matches()), list(results.attributions()), list(results.links()), list(results.chains())]
    assert after == before
    assert [results.stage_signature(stage) for stage in STAGES] == ["1"] * len(STAGES)
    assert len(results.versions("a")) == 1


def test_a_changed_text_is_a_new_version_and_takes_its_results_along(results: Store) -> None:
    assert results.add_articles([Article("a", "another text")]) == AddCounts(changed=1)
    versions = results.versions("a")
    assert [(version.number, version.article.text) for version in versions] == [(1, "text of a"), (2, "another text")]
    assert versions[1].sha256 == Article("a", "another text").sha256
    assert results.article("a").text == "another text"
    _assert_nothing_rests_on_a(results)
    assert results.pending("1") == ["a", "d"]


def test_deleting_takes_the_results_along(results: Store) -> None:
    assert results.delete_articles(["a", "a"]) == 1
    assert results.article_ids() == ["b", "c", "d"]
    _assert_nothing_rests_on_a(results)
    assert results.pending("1") == ["d"]


def test_changed_metadata_updates_the_version_and_takes_the_results_along(results: Store) -> None:
    changed = dataclasses.replace(results.article("a"), outlet="Outlet", title="Title")
    assert results.add_articles([changed]) == AddCounts(updated=1)
    assert [version.article for version in results.versions("a")] == [changed]
    _assert_nothing_rests_on_a(results)


def _assert_nothing_rests_on_a(store: Store) -> None:
    assert [(match.a, match.b) for match in store.matches()] == [("b", "c")]
    # cluster 0 was shared by a and b only, so that b's copy is not shared any more
    assert [(passage.cluster, passage.document) for passage in store.passages()] == [(1, "b"), (1, "c")]
    assert list(store.attributions()) == [_attribution("b")]
    assert list(store.links()) == [_link("c", "b")]
    assert list(store.chains()) == [_chain("b", "c")]
    assert [store.stage_signature(stage) for stage in STAGES] == [None] * len(STAGES)


def test_an_added_article_leaves_results_but_no_stage_complete(results: Store) -> None:
    results.add_articles([Article("e", "text of e")])
    assert len(list(results.matches())) == 2
    assert [results.stage_signature(stage) for stage in STAGES] == [None] * len(STAGES)
    assert results.pending("1") == ["d", "e"]


def test_deleting_an_unknown_article_deletes_none(results: Store) -> None:
    with pytest.raises(NotFoundError, match="'nowhere'"):
        results.delete_articles(["a", "nowhere"])
    assert results.article_ids() == ["a", "b", "c", "d"]
    assert results.delete_articles([]) == 0
    assert results.stage_signature("reuse") == "1"


@pytest.mark.parametrize("field", ["id", "text", "title", "url", "language"])
def test_a_lone_surrogate_is_refused_and_what_came_before_is_kept(store: Store, field: str) -> None:
    bad = dataclasses.replace(Article("bad", "text"), **{field: "half \ud83d of a pair"})
    with pytest.raises(StoreError, match="lone surrogate") as raised:
        store.add_articles([Article("first", "text"), bad, Article("last", "text")])
    assert raised.value.remedy
    assert ascii(bad.id) in raised.value.where
    assert store.article_ids() == ["first"]


def test_a_lone_surrogate_in_a_page_credit_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="lone surrogate"):
        store.add_articles([Article("bad", "text", credits=(PageCredit("byline", "\udc80"),))])
    assert store.article_ids() == []


def test_what_was_read_before_an_error_is_kept(store: Store) -> None:
    def reading() -> Iterator[Article]:
        yield Article("first", "text")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        store.add_articles(reading())
    assert store.article_ids() == ["first"]


@pytest.mark.parametrize("settings", [StoreSettings(batch_articles=2), StoreSettings(batch_characters=10)])
def test_batches_are_committed_one_by_one(path: Path, settings: StoreSettings) -> None:
    seen = []

    def reading() -> Iterator[Article]:
        with Store(path, StoreSettings()) as other:
            for number in range(5):
                seen.append(len(other.article_ids()))
                yield Article(str(number), "six ch")

    with Store(path, settings) as store:
        assert store.add_articles(reading()) == AddCounts(added=5)
    # an article is written with those before it once the next one has come
    assert seen == [0, 0, 0, 2, 2]


def test_unknown_ids_name_those_that_look_alike(store: Store) -> None:
    store.add_articles([Article("news/001_e11d9c3c.txt", "text"), Article("zebra", "text")])
    with pytest.raises(NotFoundError, match=r"did you mean news/001_e11d9c3c\.txt\?"):
        store.article("001_e11d9c3c")
    with pytest.raises(NotFoundError, match="add the article first"):
        store.versions("?")
    with pytest.raises(NotFoundError, match="'x'"):
        store.articles(["zebra", "x"])


def test_named_articles_are_sorted_and_come_once(store: Store) -> None:
    store.add_articles(Article(name, "text") for name in "cab")
    assert [article.id for article in store.articles(["c", "a", "c"])] == ["a", "c"]


def test_writing_while_reading(store: Store) -> None:
    store.add_articles(Article(str(number), "text") for number in range(1200))
    for article in store.articles():
        store.replace_attributions(article.id, [_attribution(article.id)])
        if article.id == "5":
            store.delete_articles(["999"])
    assert len(list(store.attributions())) == 1199


def test_two_versions_alike_in_all_but_order_of_arrival(store: Store) -> None:
    for text in ("one", "two", "one"):
        store.add_articles([Article("a", text)])
    assert [version.article.text for version in store.versions("a")] == ["one", "two", "one"]
