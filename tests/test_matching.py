"""Every pair of copies, read cluster by cluster, against everything held together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from provenance import Article, Corpus
from provenance.matching import every_match
from provenance.model import Match
from provenance.reuse.implied import implied_matches
from provenance.settings import ReuseSettings, Settings
from provenance.store import Store

WORDS = ["barge", "quay", "lamp", "rope", "mast", "tide", "gull", "net", "cargo", "crane", "hull", "anchor", "pier"]
WORDS += ["salt", "buoy", "deck", "sail", "keel", "wharf"]


def story(seed: int, words: int) -> str:
    return " ".join(WORDS[(seed * 7 + at * (seed + 3) + at * at) % len(WORDS)] for at in range(words))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Two reports in eight papers each, three of which print both, and some pairs."""
    one, two, three = story(1, 120), story(2, 90), story(5, 60)
    texts = [f"{one}. Own words of paper {number}." for number in range(8)]
    texts += [f"Paper {number} begins. {two}." for number in range(5)]
    texts += [f"{one}. Between {number} them. {two}." for number in range(3)]
    texts += [f"{three} {number} it ends.\n\n{story(40 + number, 50)}" for number in range(2)]
    settings = Settings()
    settings = replace(settings, engine=replace(settings.engine, processes=1))
    with Corpus(tmp_path_factory.mktemp("matching") / "papers.db", settings) as made:
        made.add_articles(Article(f"p{number:02d}", text, language="en") for number, text in enumerate(texts))
        made.update()
        yield made


def held_together(store: Store, settings: ReuseSettings) -> list[Match]:
    """What `every_match` gives, with all matches in memory."""
    aligned: dict[tuple[str, str], list[Match]] = {}
    clusters: dict[int, list[Match]] = {}
    for match in store.matches():
        aligned.setdefault((match.a, match.b), []).append(match)
        clusters.setdefault(match.cluster, []).append(match)
    every: list[Match] = []
    for cluster in sorted(clusters):
        found = clusters[cluster]
        copies = list(store.passages(cluster=cluster))
        if len(copies) <= settings.pairs_listed_copies:
            found = [*found, *implied_matches(copies, aligned, lambda name: store.article(name).text, settings)]
        every += sorted(found, key=lambda match: (match.a, match.b, match.a_span, match.b_span))
    return every


@pytest.mark.parametrize("most", [1, 4, 8, 200])
def test_the_pairs_are_those_of_everything_held_together(corpus: Corpus, most: int) -> None:
    settings = replace(corpus.settings.reuse, pairs_listed_copies=most)
    assert list(every_match(corpus.store, settings)) == held_together(corpus.store, settings)


def test_pairs_of_a_family_are_filled_in(corpus: Corpus) -> None:
    every = list(corpus.matches())
    assert len(every) > sum(1 for _ in corpus.store.matches()) > 0


def test_matches_between_some_articles(corpus: Corpus) -> None:
    store = corpus.store
    wanted = {"p00", "p03", "p08", "p13"}
    expected: dict[tuple[str, str], list[Match]] = {}
    for match in store.matches():
        if {match.a, match.b} <= wanted:
            expected.setdefault((match.a, match.b), []).append(match)
    found = store.matches_among(wanted)
    assert {pair: set(matches) for pair, matches in found.items()} == {
        pair: set(matches) for pair, matches in expected.items()
    }
    assert expected
