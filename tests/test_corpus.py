"""The object a program holds: what it keeps, when it works again, and that its rows depend on the articles alone."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provenance import Article, Corpus, ProvenanceError, Settings, Span
from provenance.attribution import Gazetteer, Outlet
from provenance.errors import NotFoundError
from provenance.export.rows import FIELDS
from provenance.settings import ReuseSettings

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour" / "articles"
REPORT = (
    "The old lighthouse at Carn Head will be moved forty metres inland before the winter storms, because the cliff "
    "below it loses a hand's breadth every year, the coastal board said on Tuesday. "
    "Engineers will lift the tower onto rails and roll it across the meadow in nine days."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus(tmp_path / "c.db") as made:
        yield made


def exported(corpus: Corpus) -> dict[str, str]:
    found = {}
    for what in FIELDS:
        out = io.StringIO()
        corpus.export(what, out)
        found[what] = out.getvalue()
    return found


def test_a_program_can_add_its_own_articles(corpus: Corpus) -> None:
    added = corpus.add_articles([Article("a", REPORT), Article("b", "By our own correspondent. " + REPORT)])
    assert added.counts.added == 2
    corpus.update()
    [cluster] = list(corpus.passages())
    assert [copy.document for copy in corpus.copies(cluster.cluster)] == ["a", "b"]
    assert {article.language for article in corpus.documents()} == {"en"}
    assert any(hop.name in {"coastal board", "the coastal board"} for c in corpus.chains() for hop in c.hops)


def test_rows_do_not_depend_on_the_order_of_the_articles(tmp_path: Path) -> None:
    with Corpus(tmp_path / "one.db") as corpus:
        corpus.run([HARBOUR])
        articles = list(corpus.documents())
        first = exported(corpus)
    random.Random(7).shuffle(articles)
    with Corpus(tmp_path / "two.db") as corpus:
        for article in articles:
            corpus.add_articles([article])
        corpus.update()
        assert exported(corpus) == first


def test_updating_again_does_nothing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.run([HARBOUR])
    before = exported(corpus)

    def refuse(*arguments: object) -> object:
        raise AssertionError("work was done again")

    monkeypatch.setattr(corpus.engine, "detect", refuse)
    monkeypatch.setattr(corpus.engine, "attribute", refuse)
    corpus.update()
    assert exported(corpus) == before


def test_only_new_articles_are_read_for_attributions(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.add_articles([Article("a", REPORT)])
    corpus.update()
    read: list[str] = []
    attribute = corpus.engine.attribute

    def listening(articles, attributor):
        for article in articles:
            read.append(article.id)
            yield from attribute([article], attributor)

    monkeypatch.setattr(corpus.engine, "attribute", listening)
    corpus.add_articles([Article("b", "The pier is shut, the harbour master said.")])
    corpus.update()
    assert read == ["b"]


def test_a_run_that_was_stopped_is_finished_by_the_next(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.add([HARBOUR])
    attribute = corpus.engine.attribute

    def stopping(articles, attributor):
        for number, found in enumerate(attribute(articles, attributor)):
            if number == 5:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr(corpus.engine, "attribute", stopping)
    with pytest.raises(KeyboardInterrupt):
        corpus.update()
    monkeypatch.setattr(corpus.engine, "attribute", attribute)
    corpus.update()
    after = exported(corpus)
    with Corpus(corpus.store.path.with_name("other.db")) as undisturbed:
        undisturbed.run([HARBOUR])
        assert exported(undisturbed) == after


def test_a_changed_article_changes_what_is_known(corpus: Corpus) -> None:
    corpus.add_articles([Article("a", REPORT), Article("b", REPORT)])
    corpus.update()
    assert list(corpus.passages())
    report = corpus.add_articles([Article("b", "Nothing of the sort happened, the vicar said.")])
    assert report.counts.changed == 1
    corpus.update()
    assert not list(corpus.passages())
    assert {copy.document for copy in corpus.all_copies(furniture=True)} == set()
    assert len(corpus.store.versions("b")) == 2


def test_other_settings_bring_other_results(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with Corpus(path) as corpus:
        corpus.add_articles([Article("a", REPORT), Article("b", REPORT)])
        corpus.update()
        assert list(corpus.passages())
    strict = tmp_path / "strict.toml"
    strict.write_text("[reuse]\nminimum_words = 500\n", encoding="utf-8")
    with Corpus(path, Settings.from_toml(strict)) as corpus:
        corpus.update()
        assert not list(corpus.passages())


def test_a_gazetteer_of_ones_own(tmp_path: Path) -> None:
    known = Gazetteer.default().with_outlets([Outlet("Zvonimir", "agency", aliases=("ZVN",))])
    with Corpus(tmp_path / "c.db", gazetteer=known) as corpus:
        corpus.add_articles([Article("a", "The bridge is shut, ZVN reported on Monday, citing the mayor.")])
        corpus.update()
        assert ("Zvonimir", "agency") in {(row.name, row.kind) for row in corpus.sources()}


def test_matches_list_every_pair_of_a_family(corpus: Corpus) -> None:
    words = REPORT.split()
    articles = []
    for number in range(9):
        changed = list(words)
        changed[3 + number] = "indeed"
        articles.append(Article(f"paper-{number}", " ".join(changed * 3)))
    corpus.add_articles(articles)
    corpus.update()
    pairs = {(match.a, match.b) for match in corpus.matches()}
    assert len(pairs) == 9 * 8 // 2


def test_compare_turns_with_the_question(corpus: Corpus) -> None:
    corpus.add_articles([Article("a", REPORT), Article("b", "Indeed. " + REPORT)])
    corpus.update()
    one, two = corpus.compare("a", "b"), corpus.compare("b", "a")
    assert [(p.match.a_span, p.match.b_span) for p in one.passages] == [
        (p.match.b_span, p.match.a_span) for p in two.passages
    ]
    assert one.a.text[one.passages[0].match.a_span.start :].startswith("The old lighthouse")


def test_what_is_not_there(corpus: Corpus) -> None:
    corpus.add_articles([Article("a", REPORT)])
    corpus.update()
    for ask in (
        lambda: corpus.show("nobody"),
        lambda: corpus.compare("a", "nobody"),
        lambda: corpus.copies(12),
        lambda: corpus.trace(document="nobody"),
        lambda: corpus.trace(document="a", span=Span(5, 99_999)),
        lambda: corpus.export("everything", io.StringIO()),
    ):
        with pytest.raises(NotFoundError) as raised:
            ask()
        assert raised.value.remedy
    with pytest.raises(ProvenanceError):
        corpus.trace()


def test_an_empty_collection(corpus: Corpus) -> None:
    corpus.update()
    assert corpus.report().articles == 0
    assert set(exported(corpus).values()) == {""}


def test_articles_that_say_little(corpus: Corpus) -> None:
    corpus.add_articles(
        [Article("a", "."), Article("b", "x"), Article("c", "—" * 500), Article("d", "\u200b" * 90 + "!")]
    )
    corpus.update()
    assert corpus.report().articles == 4
    assert corpus.report().clusters == 0


# Everything counts as a large collection, and no count over it decides anything.
STEPWISE = Settings(
    reuse=ReuseSettings(
        incremental_articles=1, incremental_share=1000.0, rare_occurrences=10_000, furniture_articles=10_000
    )
)


def batches(articles: list[Article], seed: int) -> Iterator[tuple[list[Article], list[str]]]:
    """Articles to add or change, and ids to remove: some early, some again and again."""
    chance = random.Random(seed)
    held: set[str] = set()
    for _ in range(5):
        taken = chance.sample(articles, chance.randrange(1, 9))
        added = [replace(one, text=chance.choice(articles).text) if chance.random() < 0.3 else one for one in taken]
        removed = chance.sample(sorted(held), min(len(held), chance.randrange(4)))
        held = (held - set(removed)) | {one.id for one in added}
        yield added, removed


@pytest.mark.parametrize("seed", range(4))
def test_going_on_gives_the_rows_of_a_whole_run(tmp_path: Path, seed: int) -> None:
    with Corpus(tmp_path / "all.db") as everything:
        everything.add([HARBOUR])
        articles = list(everything.documents())
    with Corpus(tmp_path / "steps.db", STEPWISE) as corpus:
        for added, removed in batches(articles, seed):
            if removed:
                assert corpus.remove(removed) == len(removed)
            corpus.add_articles(added)
            corpus.update()
        counts = corpus.store.index_counts(_scheme(corpus))
        assert counts.changed > 5, "the last detections went on from those before"
        found = exported(corpus)
        final = list(corpus.documents())
    with Corpus(tmp_path / "whole.db", STEPWISE) as whole:
        whole.add_articles(final)
        whole.update()
        assert exported(whole) == found
    assert found["matches"]


def _scheme(corpus: Corpus) -> str:
    return str(corpus.store._rows("SELECT DISTINCT scheme FROM word_index")[0][0])


def test_a_lost_index_is_made_again(tmp_path: Path) -> None:
    with Corpus(tmp_path / "c.db", STEPWISE) as corpus:
        corpus.add([HARBOUR])
        corpus.update()
        before = exported(corpus)
        index = corpus.store._rows("SELECT * FROM word_index ORDER BY article_id")
        for damage in (
            "DELETE FROM word_index WHERE article_id % 3 = 0",
            "DELETE FROM word_index",
            "UPDATE word_index SET scheme = 'another' WHERE article_id % 2 = 0",
            "UPDATE word_index SET scheme = 'another'",
        ):
            corpus.store._run(damage)
            corpus.store._clear_stages("reuse")
            corpus.update()
            assert exported(corpus) == before
            assert corpus.store._rows("SELECT * FROM word_index ORDER BY article_id") == index


def test_full_compares_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Corpus(tmp_path / "c.db", STEPWISE) as corpus:
        corpus.add([HARBOUR])
        corpus.update()
        before = exported(corpus)
        detect = corpus.engine.detect
        went_on: list[bool] = []

        def listening(articles, progress, earlier=None):
            went_on.append(earlier is not None)
            return detect(articles, progress, earlier)

        monkeypatch.setattr(corpus.engine, "detect", listening)
        corpus.analyze()
        assert went_on == []
        report = corpus.analyze(full=True)
        assert went_on == [False]
        assert report.articles == len(list(corpus.documents()))
        corpus.add_articles([Article("new", REPORT)])
        corpus.update()
        assert went_on == [False, True]
        corpus.remove(["new"])
        corpus.update()
        assert went_on == [False, True, True]
        assert exported(corpus) == before


def test_a_detection_killed_before_it_is_stored_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Corpus(tmp_path / "c.db", STEPWISE) as corpus:
        corpus.add_articles([Article("a", REPORT), Article("b", REPORT)])
        corpus.update()
        corpus.add_articles([Article("c", "Indeed. " + REPORT)])

        def stopped(*arguments: object, **named: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(corpus.store, "_renew_index", stopped)
        with pytest.raises(KeyboardInterrupt):
            corpus.update()
        monkeypatch.undo()
        corpus.update()
        [cluster] = list(corpus.passages())
        assert cluster.copies == 3
