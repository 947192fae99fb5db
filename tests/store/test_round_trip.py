"""Everything comes back equal to what went in, in an order that does not depend on the order it came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.model import (
    Article,
    Attribution,
    Chain,
    DateInterval,
    Evidence,
    Hop,
    Link,
    Match,
    Mention,
    PageCredit,
    Passage,
    Source,
    Span,
)
from provenance.store import AddCounts, Store

IDS = ("a.txt", "b.txt", "dir/ü.txt", "中.html", "z\x00z")

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
maybe = st.none() | text
number = st.integers(0, 2**40)
unit = st.floats(0, 1)
real = st.floats(allow_nan=False, allow_infinity=False)
held = st.sampled_from(IDS)
spans = st.tuples(number, number).map(lambda ends: Span(min(ends), max(ends)))
stances = st.sampled_from(["assert", "distanced", "deny", "conjecture", "contested"])
kinds = st.sampled_from(["copy", "passage", "quotation", "furniture"])
source_kinds = st.sampled_from(["agency", "outlet", "person", "collective", "anonymous", "unnamed"])
dates = st.builds(DateInterval, text, text, st.sampled_from(["day", "year"]), st.sampled_from(["metadata", "text"]))
page_credits = st.builds(PageCredit, text, text, maybe, maybe)
evidence = st.builds(Evidence, held, number, st.just(2**41), text, text, st.sampled_from(["text", "page"]), real)
some_evidence = st.lists(evidence, max_size=2).map(tuple)
clusters = st.integers(-1, 2**63 - 1)
mentions = st.none() | st.builds(Mention, spans, text, text)
sources = st.builds(Source, text, source_kinds, maybe)


def articles(ids: st.SearchStrategy[str] = text) -> st.SearchStrategy[Article]:
    published = st.none() | dates
    noted = st.lists(page_credits, max_size=2).map(tuple)
    return st.builds(Article, ids, text, maybe, maybe, maybe, maybe, published, maybe, noted)


matches = st.builds(Match, held, spans, held, spans, unit, kinds, clusters)
passages = st.builds(Passage, clusters, held, spans, kinds)
attributions = st.builds(
    Attribution,
    held,
    st.sampled_from(["document", "passage"]),
    text,
    stances,
    mentions,
    mentions,
    st.lists(spans, max_size=2).map(tuple),
    some_evidence,
    st.lists(sources, max_size=3).map(tuple),
    unit,
    text,
)
relations = st.sampled_from(["credited-copy", "uncredited-copy", "common-source", "update", "credit-only"])
links = st.builds(
    Link,
    st.none() | held,
    text,
    held,
    relations,
    st.booleans(),
    unit,
    some_evidence,
    st.sets(held, min_size=1, max_size=2).map(lambda ids: tuple(sorted(ids))),
    st.lists(clusters, max_size=2).map(tuple),
    real,
    text,
)
hops = st.builds(Hop, text, st.none() | held, text, source_kinds, some_evidence)
chains = st.builds(Chain, held, st.none() | spans, text, stances, st.lists(hops, max_size=3).map(tuple), unit)

quick = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _sorted_by_id(records: Iterable[Article]) -> list[Article]:
    return sorted(records, key=lambda article: article.id)


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_articles(Article(name, f"text of {name}") for name in IDS)
    return store


@quick
@given(st.lists(articles(), max_size=6, unique_by=lambda article: article.id))
def test_articles_come_back_equal_and_sorted(store: Store, given: list[Article]) -> None:
    store.delete_articles(store.article_ids())
    assert store.add_articles(given) == AddCounts(added=len(given))
    assert list(store.articles()) == _sorted_by_id(given)
    assert store.article_ids() == sorted(article.id for article in given)
    assert store.add_articles(given) == AddCounts(unchanged=len(given))
    for article in given:
        assert store.article(article.id) == article
        assert [version.sha256 for version in store.versions(article.id)] == [article.sha256]


@quick
@given(st.lists(articles(held), max_size=12))
def test_the_last_of_each_id_is_current_and_every_text_is_kept(store: Store, given: list[Article]) -> None:
    store.delete_articles(store.article_ids())
    counts = store.add_articles(given)
    last = {article.id: article for article in given}
    assert list(store.articles()) == _sorted_by_id(last.values())
    assert counts.added == len(last)
    assert counts.added + counts.unchanged + counts.changed + counts.updated == len(given)
    for name in last:
        texts = [key for key, _ in groupby(article.text for article in given if article.id == name)]
        assert [version.article.text for version in store.versions(name)] == texts
        assert [version.number for version in store.versions(name)] == list(range(1, len(texts) + 1))
    store._run("INSERT INTO word_search (word_search) VALUES ('integrity-check')")


@quick
@given(st.lists(matches, max_size=6), st.lists(passages, max_size=6), st.randoms(use_true_random=False))
def test_matches_and_passages(filled: Store, some: list[Match], copies: list[Passage], random: Random) -> None:
    filled.replace_matches(some, copies)
    found, found_copies = list(filled.matches()), list(filled.passages())
    assert Counter(found) == Counter(some)
    assert Counter(found_copies) == Counter(copies)
    assert [(one.a, one.a_span) for one in found] == sorted((one.a, one.a_span) for one in some)
    random.shuffle(some)
    random.shuffle(copies)
    filled.replace_matches(iter(some), iter(copies))
    assert list(filled.matches()) == found
    assert list(filled.passages()) == found_copies
    for name in IDS:
        assert list(filled.matches(document=name)) == [one for one in found if name in {one.a, one.b}]
        assert list(filled.passages(document=name)) == [one for one in found_copies if one.document == name]
    for one in found:
        assert one in list(filled.matches(one.b, one.cluster))
    rows = list(filled.clusters())
    assert {row.cluster: row.copies for row in rows} == Counter(copy.cluster for copy in copies)
    assert [row.copies for row in rows] == sorted((row.copies for row in rows), reverse=True)


@quick
@given(st.lists(attributions, max_size=6), st.randoms(use_true_random=False))
def test_attributions(filled: Store, some: list[Attribution], random: Random) -> None:
    def grouped() -> list[tuple[str, list[Attribution]]]:
        return [(name, [one for one in some if one.document == name]) for name in IDS]

    filled.replace_attributions_of(grouped())
    found = list(filled.attributions())
    assert Counter(found) == Counter(some)
    assert [one.document for one in found] == sorted(one.document for one in some)
    random.shuffle(some)
    filled.replace_attributions_of(reversed(grouped()))
    assert list(filled.attributions()) == found
    for one in found:
        assert one in list(filled.attributions(one.document, kind=one.kind, stance=one.stance))
        for source in one.chain:
            assert one in list(filled.attributions(source=source.name))
    rows = list(filled.sources())
    assert (not rows) == all(not one.chain for one in some)
    assert all(row.statements for row in rows)


@quick
@given(st.lists(links, max_size=6), st.randoms(use_true_random=False))
def test_links(filled: Store, some: list[Link], random: Random) -> None:
    filled.replace_links(some)
    found = list(filled.links())
    assert Counter(found) == Counter(some)
    assert [one.downstream for one in found] == sorted(one.downstream for one in some)
    random.shuffle(some)
    filled.replace_links(iter(some))
    assert list(filled.links()) == found
    for name in IDS:
        concerned = [one for one in found if name in {one.upstream, one.downstream, *one.documents}]
        assert list(filled.links(document=name)) == concerned
    for one in found:
        assert one in list(filled.links(relation=one.relation))


@quick
@given(st.lists(chains, max_size=6), st.randoms(use_true_random=False))
def test_chains(filled: Store, some: list[Chain], random: Random) -> None:
    filled.replace_chains(some)
    found = list(filled.chains())
    assert Counter(found) == Counter(some)
    assert [one.document for one in found] == sorted(one.document for one in some)
    random.shuffle(some)
    filled.replace_chains(iter(some))
    assert list(filled.chains()) == found
    for one in found:
        assert one in list(filled.chains(document=one.document))
        for hop in one.hops:
            assert one in list(filled.chains(source=hop.name))


@quick
@given(st.lists(attributions, max_size=4), st.lists(links, max_size=4), st.lists(chains, max_size=4), held)
def test_a_deleted_article_leaves_nothing_that_rests_on_it(
    store: Store, some: list[Attribution], related: list[Link], paths: list[Chain], gone: str
) -> None:
    store.add_articles(Article(name, f"text of {name}") for name in IDS)
    store.replace_attributions_of([(name, [one for one in some if one.document == name]) for name in IDS])
    store.replace_links(related)
    store.replace_chains(paths)

    def rests(one: Attribution | Link | Chain) -> bool:
        # ids are the only values of a record that look like one: hypothesis does not happen upon them
        return repr(gone) in repr(one)

    kept = [[one for one in read() if not rests(one)] for read in (store.attributions, store.links, store.chains)]
    assert store.delete_articles([gone]) == 1
    assert [list(store.attributions()), list(store.links()), list(store.chains())] == kept
    store.delete_articles(store.article_ids())
    for table in ("attributions", "attribution_sources", "sources", "evidence", "links", "link_documents", "hops"):
        assert store._rows(f"SELECT count(*) FROM {table}") == [(0,)]
