"""A trace through the store finds what a trace over all articles finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provenance import Article, Corpus, Settings, Span
from provenance.chains import Trace, trace
from provenance.errors import NotFoundError, ProvenanceError
from provenance.settings import ChainSettings
from provenance.tracing import trace_stored

ROOT = Path(__file__).parent.parent
CLAIM = "US instructors train former ISIS members as the New Syrian Army"
SPILL = "Some 400 tonnes of heavy fuel oil leaked into the harbour of Skelhaven"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("seeds") / "seeds.db") as made:
        made.run([ROOT / "seeds"])
        yield made


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("harbour") / "harbour.db") as made:
        made.run([ROOT / "examples" / "harbour" / "articles"])
        yield made


def whole(corpus: Corpus, **query: Any) -> Trace:
    store = corpus.store
    return trace(
        list(store.articles()),
        list(store.passages()),
        list(store.attributions()),
        list(store.links()),
        list(store.chains()),
        corpus.settings.chains,
        **query,
    )


def bare(found: Trace) -> Trace:
    """A trace without exact weights: the full-text index takes words that differ in an accent for one, and words
    with a dash between them for neighbours."""
    tellings = (replace(one, share=0.0, why=()) for one in found.tellings)
    return replace(found, tellings=tuple(sorted(tellings, key=lambda one: one.document)))


def found_in(corpus: Corpus, start: str, words: str) -> tuple[str, Span]:
    article = next(one for one in corpus.documents() if one.id.startswith(start))
    at = article.text.index(words)
    return article.id, Span(at, at + len(words))


@pytest.mark.parametrize(
    "text", [CLAIM, "The Pentagon denies that it trains ISIS", "Walnuts govern Saturn", "the", "750"]
)
def test_the_seeds_give_the_same_as_a_trace_over_all(seeds: Corpus, text: str) -> None:
    assert seeds.trace(text) == whole(seeds, text=text)


def test_every_article_of_the_harbour_gives_the_same_as_a_trace_over_all(harbour: Corpus) -> None:
    for article in harbour.documents():
        for span in (None, Span(0, min(len(article.text), 300))):
            query = {"document": article.id, "span": span}
            assert bare(harbour.trace(**query)) == bare(whole(harbour, **query))


def test_the_two_tellings_of_the_training_claim(seeds: Corpus) -> None:
    found = seeds.trace(CLAIM)
    first, fifth = (each.document for each in found.tellings)
    assert (first[:3], fifth[:3]) == ("000", "004")
    assert found.tellings[0].chains[0].hops[0].name == "TASS"
    assert "Russian center for reconciliation" in found.tellings[0].chains[0].hops[1].name
    assert "Valery Gerasimov" in {hop.name for chain in found.tellings[1].chains for hop in chain.hops}
    assert [one.value for one in found.common_figures] == ["750"]
    assert ("Pentagon", "Sputnik") in {(one.by, one.through) for one in found.denials}
    assert found.links == ()
    assert found.changes == ()
    assert not found.earliest_held.decided


@pytest.mark.parametrize(
    ("start", "words", "publisher", "speaker"),
    [
        ("003", "in a fresh statement that it has launched", "The Cradle", "CENTCOM"),
        ("002", "There’s a refugee camp, Rukhban, for example", "Rossiya-24", "Asaad As-Salem"),
    ],
)
def test_a_passage_ends_at_its_speaker(seeds: Corpus, start: str, words: str, publisher: str, speaker: str) -> None:
    document, span = found_in(seeds, start, words)
    found = seeds.trace(document=document, span=span)
    assert (found.earliest_credited.name, found.earliest_credited.decided) == (publisher, True)
    assert speaker in found.ultimate_speaker.name
    assert found.ultimate_speaker.decided


def test_what_changed_on_the_way_through_the_harbour(harbour: Corpus) -> None:
    found = {(one.before, one.after): one for one in harbour.trace(SPILL).changes}
    assert found["vpa-0312", "ostrand-beacon"].figures == (("tonnes", "40", "400"),)
    assert found["vpa-0312", "ostrand-beacon"].linked
    assert "60" in found["courier-tanker", "courier-tanker-update"].added


def test_words_in_other_forms_and_scripts_are_found(tmp_path: Path) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles(
            [
                Article("forms", "Instructor Kovač TRAINS reconciliators of the Ébène brigade near Ashaara."),
                Article("zh", "叙利亚难民营里有七百名武装分子正在接受训练。"),
                *(Article(f"z{number}", f"The council of town {number} met about the bridge.") for number in range(9)),
            ]
        )
        corpus.update()
        for claim, wanted in (
            ("instructors kovač training reconciliatory ébène brigades", "forms"),
            ("难民营里有七百名武装分子", "zh"),
        ):
            found = corpus.trace(claim)
            assert [one.document for one in found.tellings] == [wanted]
            assert found == whole(corpus, text=claim)


def test_common_words_may_be_counted_in_a_part_of_the_collection(tmp_path: Path) -> None:
    settings = Settings(chains=ChainSettings(counted_articles=4, counted_enough=2))
    with Corpus(tmp_path / "c.db", settings) as corpus:
        corpus.add_articles(Article(f"a{number}", "The prime minister visited Ashaara.") for number in range(8))
        corpus.add_articles([Article("b", "The prime minister of Ashaara resigned over bribes.")])
        corpus.update()
        assert "b" in {one.document for one in corpus.trace("The prime minister resigned over bribes").tellings}


def test_what_cannot_be_traced_is_refused(seeds: Corpus) -> None:
    with pytest.raises(ProvenanceError, match="a text or an article"):
        seeds.trace()
    with pytest.raises(ProvenanceError, match="no word"):
        seeds.trace("!?")
    with pytest.raises(NotFoundError):
        seeds.trace(document="nobody")
    document, _ = found_in(seeds, "003", "CENTCOM")
    with pytest.raises(NotFoundError, match="outside the text"):
        seeds.trace(document=document, span=Span(0, 10**7))


def test_an_empty_collection_holds_no_telling(tmp_path: Path) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        assert corpus.trace("anything at all").tellings == ()


def many(tmp_path: Path, count: int) -> Corpus:
    made = Corpus(tmp_path / "many.db")
    rest = [f"Nothing but weather number {place} was told of that quiet week in the valley." for place in range(count)]
    made.store.add_articles(
        Article(f"{place:03}", f"{text} The pilot left the harbour early, {text.lower()}")
        for place, text in enumerate(rest)
    )
    made.analyze()
    return made


def test_of_many_articles_the_closest_are_read_and_the_others_counted(tmp_path: Path) -> None:
    with many(tmp_path, 30) as corpus:
        settings = replace(corpus.settings.chains, read_articles=7, weighed_articles=20)
        found = trace_stored(corpus.store, settings, text="The pilot left the harbour")
        assert [one.document for one in found.tellings] == [f"{place:03}" for place in range(7)]
        assert found.left_out == 23
        assert not found.earliest_held.decided
        assert "23 more articles" in found.earliest_held.why
        assert trace_stored(corpus.store, corpus.settings.chains, text="The pilot left the harbour").left_out == 0


def test_words_far_apart_are_sorted_out_before_articles_are_read(tmp_path: Path) -> None:
    far = " ".join(f"word{place}" for place in range(400))
    with Corpus(tmp_path / "far.db") as corpus:
        near = [Article(f"near{place}", f"{far} The grey pilot left harbour. {far}") for place in range(3)]
        apart = [Article(f"apart{place}", f"A grey pilot. {far} They left. {far} A harbour.") for place in range(3)]
        other = [Article(f"other{place}", f"Something else number {place} happened.") for place in range(20)]
        corpus.store.add_articles([*near, *apart, *other])
        corpus.analyze()
        settings = replace(corpus.settings.chains, read_articles=4, near_words=50)
        found = trace_stored(corpus.store, settings, text="Grey pilot left harbour")
        assert sorted(one.document for one in found.tellings) == ["near0", "near1", "near2"]
        assert found.left_out == 0


def test_an_article_that_has_the_words_but_does_not_tell_the_claim_may_deny_it(tmp_path: Path) -> None:
    claim = "Heavy fuel oil leaked into Skelhaven harbour from the tanker Amberline on Friday"
    filler = " ".join(f"Nothing came of plan number {place} for the old market." for place in range(30))
    with Corpus(tmp_path / "denial.db") as corpus:
        told = Article("told", f"{claim}, the coast guard said.")
        against = Article(
            "against",
            f"The company denied that heavy fuel oil leaked.\n\n{filler}\n\nSkelhaven has a harbour.\n\n{filler}\n\n"
            f"A tanker came by.\n\n{filler}\n\nThe Amberline is old.",
        )
        corpus.store.add_articles([told, against, *(Article(f"o{n}", f"Weather report number {n}.") for n in range(9))])
        corpus.analyze()
        found = corpus.trace(claim)
        assert [one.document for one in found.tellings] == ["told"]
        assert [one.document for one in found.denials] == ["against"]
        assert bare(found) == bare(whole(corpus, text=claim))
