from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenance import Article, Corpus
from provenance.errors import NewerDatabaseError, NotADatabaseError, NotFoundError, StoreError
from provenance.model import DateInterval
from provenance.settings import StoreSettings
from provenance.store import Store, migrations

HARBOUR = Path(__file__).parent.parent.parent / "examples" / "harbour" / "articles"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("summaries") / "harbour.db") as corpus:
        corpus.run([HARBOUR])
        yield corpus


def test_an_analysis_ends_with_summaries_and_a_change_outdates_them(tmp_path: Path) -> None:
    with Corpus(tmp_path / "one.db") as corpus:
        assert not corpus.store.summaries_current()
        corpus.add_articles([Article("a", "A word.")])
        corpus.update()
        assert corpus.store.summaries_current()
        corpus.add_articles([Article("b", "Another word.")])
        assert not corpus.store.summaries_current()
        assert corpus.store.summary_counts()["articles"] == 1
        corpus.update()
        assert corpus.store.summary_counts()["articles"] == 2
        corpus.remove(["a"])
        assert not corpus.store.summaries_current()


def test_they_say_what_counting_says(harbour: Corpus) -> None:
    store = harbour.store
    counts = store.summary_counts()
    report = harbour.report()
    assert counts["articles"] == report.articles
    assert counts["attributions"] == report.attributions
    assert counts["chains"] == report.chains
    assert {name[6:]: number for name, number in counts.items() if name.startswith("links:")} == report.links
    clusters = {name[9:]: number for name, number in counts.items() if name.startswith("clusters:")}
    assert clusters == store.cluster_counts()
    assert store.cluster_page(1000, furniture=True) == list(store.clusters())
    assert store.cluster_page(2, 1) == [row for row in store.clusters() if row.kind != "furniture"][1:3]
    dates = Counter("" if one.published is None else one.published.start[:10] for one in harbour.documents())
    assert dict(store.published()) == dates


def test_uncredited_reuse_is_measured_as_the_corpus_measures_it(harbour: Corpus) -> None:
    expected = [(one.link, one.words, one.share, one.hours) for one in harbour.uncredited()]
    found = [(row.link, row.words, row.share, row.hours) for row in harbour.store.reuse_page(100)]
    assert found == expected
    assert [row.link for row in harbour.store.reuse_page(2, 1)] == [link for link, *_ in expected[1:3]]
    rows = harbour.store._rows("SELECT id, taken_from, words FROM uncredited_reuse ORDER BY words DESC")
    assert rows == [(link.downstream, link.upstream, words) for link, words, *_ in expected]


def test_credited_sources_are_those_of_the_list_of_sources(harbour: Corpus) -> None:
    named = {"agency", "outlet", "person", "organization", "author"}
    expected = {row.name: (row.articles, row.statements) for row in harbour.sources() if row.kind in named}
    found = {row.name: (row.articles, row.statements) for row in harbour.store.most_credited(1000)}
    # chains lead to a few sources that no attribution names
    assert found == {name: counts for name, counts in expected.items() if counts != (0, 0)}


def test_measures_of_links_that_stay_are_kept(harbour: Corpus) -> None:
    assert list(harbour.store.unmeasured()) == []
    harbour.store._run("DELETE FROM uncredited WHERE link_id = (SELECT min(link_id) FROM uncredited)")
    before = len(harbour.store.reuse_page(100))
    assert len(list(harbour.store.unmeasured())) == 1
    harbour.store.set_stage_signature("summaries", None)
    harbour.summarize()
    assert list(harbour.store.unmeasured()) == []
    assert len(harbour.store.reuse_page(100)) == before + 1


SHARED = "Nine barges left the quay before dawn on Monday and nobody had counted them since the lamps went out again."


def day(number: int) -> DateInterval:
    return DateInterval(f"2024-05-{number:02d}T00:00:00Z", f"2024-05-{number + 1:02d}T00:00:00Z", "day", "metadata")


@pytest.mark.parametrize(
    ("dates", "earliest"),
    [
        ({"a": day(3), "b": day(2), "c": None}, "b"),
        ({"a": day(3), "b": None, "c": None}, "a"),
        ({"a": day(2), "b": day(2), "c": day(4)}, None),
        ({"a": None, "b": None, "c": None}, None),
    ],
)
def test_the_earliest_is_one_that_every_other_dated_one_follows(
    tmp_path: Path, dates: dict[str, DateInterval | None], earliest: str | None
) -> None:
    with Corpus(tmp_path / "dated.db") as corpus:
        corpus.add_articles(
            Article(name, f"{SHARED} {name * 8} alone.", outlet=name * 3, published=date)
            for name, date in dates.items()
        )
        corpus.update()
        rows = corpus.store._rows("SELECT id, dated, undated FROM earliest")
        assert rows
        undated = sum(date is None for date in dates.values())
        assert set(rows) == {(earliest, 3 - undated, undated)}


def test_readable_chains_and_steps_say_what_chains_say(harbour: Corpus) -> None:
    rows = harbour.store._rows("SELECT id, path, steps, ultimate, stance FROM readable_chains")
    expected = [
        (one.document, " ← ".join(hop.name for hop in one.hops), len(one.hops), one.hops[-1].name, one.stance)
        for one in harbour.chains()
    ]
    assert Counter(rows) == Counter(expected)
    steps = harbour.store._rows("SELECT id, name, ifnull(own_words, attribution_words) FROM readable_hops")
    shown = [(one.document, hop.name, hop.evidence[0].text) for one in harbour.chains() for hop in one.hops]
    assert Counter(steps) == Counter(shown)


def test_lists_of_one_passage_source_and_outlet(harbour: Corpus) -> None:
    store = harbour.store
    every = {row.cluster: row for row in store.clusters()}
    for number, row in every.items():
        assert store.cluster(number) == row
        assert {one.document for one in store.first_copies(number, 1000)} == {
            one.document for one in harbour.copies(number)
        }
    assert store.cluster(10**9) is None
    assert store.holders(every) == {number: row.articles for number, row in every.items()}
    assert store.chains_naming("ingrid TOLLAND", 1000) == list(harbour.chains(source="Ingrid Tolland"))
    credited = list(harbour.attributions(source="Ingrid Tolland"))
    assert store.credits_of("Ingrid Tolland") == (len({one.document for one in credited}), len(credited))
    assert [one.id for one in store.of_outlets(["Skelhaven Courier"], 10)] == [
        "courier-tanker-update",
        "courier-tanker",
    ]
    assert store.count_of_outlets(["Skelhaven Courier", "Veld Voice"]) == 3
    assert store.heads(["vpa-0312", "none"])["vpa-0312"].text == ""
    with pytest.raises(NotFoundError):
        store.key_of("none")


def test_a_store_reads_over_a_connection_of_somebody_else(harbour: Corpus) -> None:
    path = harbour.store.path
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        store = Store.reading(connection, path, StoreSettings())
        assert store.article_ids() == harbour.store.article_ids()
        with pytest.raises(StoreError, match="readonly"):
            store._run("DELETE FROM links")


def test_a_store_reads_no_database_of_another_version_or_program(tmp_path: Path) -> None:
    for number, application, error in (
        (migrations.LATEST, 0, NotADatabaseError),
        (migrations.LATEST + 1, migrations.APPLICATION_ID, NewerDatabaseError),
        (migrations.LATEST - 1, migrations.APPLICATION_ID, StoreError),
    ):
        with closing(sqlite3.connect(tmp_path / f"{number}-{application}.db")) as connection:
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {application}")
            with pytest.raises(error):
                Store.reading(connection, tmp_path / "any.db", StoreSettings())
