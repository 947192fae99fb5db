"""Adding, changing and deleting articles step by step gives the attributions of a run over all of them at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from provenance import Corpus
from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.collection import collection_outlets
from provenance.attribution.renewal import renewed_gazetteer
from provenance.model import Article, Attribution, PageCredit

OUTLETS = [
    None,
    "Veldmark Press Agency",
    "Vale Port Almanac",
    "The Quay",
    "Quay",
    "quay",
    "Straße Kurier",
    "Ларнский Вестник",
    "'t Anker",
    "Harbour and Tide and Salt and Wind and Rope Gazette",
]
SENTENCES = [
    "The pier will close on Friday, the Veldmark Press Agency (VPA) reported.",
    "“The pier is safe,” VPA said.",
    "Two boats sank, according to The Quay.",
    "The mayor told the Quay that the pier was old.",
    "The mayor told Vale - Port - Almanac that the bridge was new.",
    "The Vale Port Almanac (VPA) said the bridge was shut.",
    "STRASSE KURIER reported that the tunnel was flooded.",
    "The ferry is late, said ‘t Anker.",
    "The rope broke, the Harbour and Tide and Salt and Wind and Rope Gazette reported.",
    "Об этом сообщил Ларнский Вестник.",
    "The tide rose, Ann Cole told the “Qu”ay Almanac.",
    "Source: The Quay",
    "LARN, May 4 (VPA) - The wind turned.",
    "(VPA) /VPA/",
    "港口的报纸 Quay said that the harbour was closed.",
]
URLS = [None, "https://www.quay.example/1", "https://vpa.example/2", "https://va\tle.example/3", "http://[broken"]


@st.composite
def _articles(draw: st.DrawFn) -> list[Article]:
    count = draw(st.integers(1, 5))
    return [
        Article(
            id=f"a{draw(st.integers(0, 5))}",
            text="\n\n".join(draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))),
            title=draw(st.sampled_from([None, "The pier", "港口"])),
            outlet=draw(st.sampled_from(OUTLETS)),
            url=draw(st.sampled_from(URLS)),
            language=draw(st.sampled_from(["en", "en", "de", "ru"])),
            credits=draw(st.sampled_from([(), (PageCredit("original-source", "The Quay", "The Quay", None),)])),
        )
        for _ in range(count)
    ]


def _attributions(corpus: Corpus) -> list[Attribution]:
    corpus._attribute(lambda _stage, _share: None)
    return list(corpus.attributions())


@limits(max_examples=25, deadline=None)
@given(steps=st.lists(_articles(), min_size=1, max_size=4), removed=st.sets(st.integers(0, 5), max_size=2))
def test_step_by_step_is_all_at_once(steps: list[list[Article]], removed: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held: dict[str, Article] = {}
        with Corpus(Path(folder) / "steps.db") as corpus:
            for step in steps:
                corpus.add_articles(step)
                held.update((article.id, article) for article in step)
                found = _attributions(corpus)
            gone = {f"a{number}" for number in removed} & held.keys()
            if gone:
                corpus.store.delete_articles(gone)
                found = _attributions(corpus)
        with Corpus(Path(folder) / "once.db") as corpus:
            corpus.add_articles([article for name, article in held.items() if name not in gone])
            assert _attributions(corpus) == found


def test_the_outlets_of_traces_are_those_of_the_articles(tmp_path: Path) -> None:
    articles = [
        Article(f"{number:02}", sentence, outlet=OUTLETS[number % len(OUTLETS)], url=URLS[number % len(URLS)])
        for number, sentence in enumerate(SENTENCES)
    ]
    gazetteer = Gazetteer.default().with_outlets(collection_outlets(articles))
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles(articles)
        assert renewed_gazetteer(corpus.store, Gazetteer.default()).signature() == gazetteer.signature()


def test_only_articles_that_mention_a_new_outlet_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    attribute = Attributor.attribute

    def noting(self: Attributor, article: Article) -> list[Attribution]:
        read.append(article.id)
        return attribute(self, article)

    monkeypatch.setattr(Attributor, "attribute", noting)
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles(
            [
                Article("mentions", "The pier is safe, the Larn Whistle said.", language="en"),
                Article("another", "The pier is old, the mayor said.", language="en"),
                Article("address", "The pier is long, the mayor said.", url="https://whistle.example/1", language="en"),
                Article("odd", "The pier is — ﬁnally — safe, the mayor said.", language="en"),
            ]
        )
        _attributions(corpus)
        assert sorted(read) == ["address", "another", "mentions", "odd"]
        read.clear()
        corpus.add_articles(
            [Article("new", "Rain.", outlet="Larn Whistle", url="https://whistle.example/2", language="en")]
        )
        found = _attributions(corpus)
        assert sorted(read) == ["address", "mentions", "new"]
        assert [(one.document, one.chain[0].kind) for one in found if one.document == "mentions"] == [
            ("mentions", "outlet")
        ]
        read.clear()
        corpus.add_articles([Article("newer", "Snow.", outlet="Larn Whistle", language="en")])
        _attributions(corpus)
        assert read == ["newer"]


def test_a_run_that_was_stopped_while_reading_again_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [Article(f"o{number}", SENTENCES[number], language="en") for number in range(6)]
    new = [Article("n", "Rain.", outlet="The Quay", language="en"), Article("m", SENTENCES[0], outlet=OUTLETS[1])]
    with Corpus(tmp_path / "once.db") as corpus:
        corpus.add_articles([*old, *new])
        wanted = _attributions(corpus)
    with Corpus(tmp_path / "steps.db") as corpus:
        corpus.add_articles(old)
        _attributions(corpus)
        corpus.add_articles(new)
        with monkeypatch.context() as patch:
            patch.setattr(Attributor, "attribute", _stop)
            with pytest.raises(KeyboardInterrupt):
                _attributions(corpus)
        assert _attributions(corpus) == wanted


def _stop(_self: Attributor, _article: Article) -> list[Attribution]:
    raise KeyboardInterrupt
