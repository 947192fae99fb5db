"""Going on from an earlier detection: the same rows as a whole one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import StoreError
from provenance.model import Article, Earlier, IndexedTexts, KeptMatches, Match, TextIndex
from provenance.reuse import Detection, detect, goes_on
from provenance.reuse.kept import Kept, pack, unpack
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

# Counts over the collection decide nothing here.
PLAIN = replace(ReuseSettings(), rare_occurrences=100_000, furniture_articles=100_000)

Prose = Callable[..., list[str]]
EditWords = Callable[..., list[str]]


_TOGETHER = 3


def texts_of(texts: Sequence[TextIndex]) -> list[IndexedTexts]:
    """The index of texts as the store gives it, few at a time so that there are many joints."""
    together = [texts[first : first + _TOGETHER] for first in range(0, len(texts), _TOGETHER)]
    return [IndexedTexts(*zip(*map(astuple, some), strict=True)) for some in together]


def kept_of(matches: Sequence[tuple[Match, bytes]]) -> list[KeptMatches]:
    """The matches of before as the store gives them, few at a time."""
    found = []
    for first in range(0, len(matches), _TOGETHER):
        some, packed = zip(*matches[first : first + _TOGETHER], strict=True)
        spans = zip(
            *((one.a_span.start, one.a_span.end, one.b_span.start, one.b_span.end) for one in some), strict=True
        )
        columns = ([getattr(one, name) for one in some] for name in ("a", "b", "similarity", "kind"))
        a, b, similarity, kinds = columns
        found.append(KeptMatches(a, b, (*spans,), similarity, kinds, packed))
    return found


class Desk:
    """Keeps in memory what the store would, and goes on from it."""

    def __init__(self, chosen: ReuseSettings = PLAIN) -> None:
        self.settings = chosen
        self.articles: dict[str, Article] = {}
        self.index: dict[str, TextIndex] = {}
        self.found = Detection([], [])
        self.complete = True

    def change(self, added: Iterable[Article], removed: Iterable[str] = ()) -> None:
        for name in removed:
            self.articles.pop(name, None)
            self.complete &= self.index.pop(name, None) is None
        for article in added:
            if self.articles.get(article.id) != article:
                self.articles[article.id] = article
                self.complete &= self.index.pop(article.id, None) is None

    def earlier(self) -> Earlier:
        known = frozenset(self.index)
        matches = [
            (match, packed)
            for match, packed in zip(self.found.matches, self.found.alignments, strict=True)
            if {match.a, match.b} <= known and packed
        ]
        return Earlier(known, texts_of([self.index[name] for name in sorted(known)]), kept_of(matches), self.complete)

    def detect(self) -> Detection:
        self.found = detect(list(self.articles.values()), self.settings, earlier=self.earlier())
        self.index.update((text.document, text) for text in self.found.index())
        self.complete = True
        return self.found

    def whole(self) -> Detection:
        return detect(list(self.articles.values()), self.settings)


def same(one: Detection, two: Detection) -> bool:
    return (one.matches, one.passages, one.alignments) == (two.matches, two.passages, two.alignments)


@pytest.fixture(scope="module")
def pool(prose: Prose, edit_words: EditWords) -> list[Article]:
    """Two families, users of passages of either, quoters, repeaters, and articles of their own."""
    report, other = prose("r", 240), prose("o", 200)
    passage, saying = prose("p", 50), prose("s", 30)
    quoted = "He said: “" + " ".join(saying) + "”"
    made: list[tuple[str, str]] = []
    for at in range(6):
        own = prose(f"n{at}x", 40)
        words = edit_words(report, 0.03 * at, seed=at)
        made.append((f"r{at}", " ".join([*own[:at], *words, *(passage if at == 3 else []), *own])))
        made.append((f"o{at}", " ".join(edit_words(other, 0.02 * at, seed=at))))
        made.append((f"u{at}", " ".join([*prose(f"u{at}x", 60), *edit_words(passage, 0.1, seed=at), *own])))
        made.append((f"q{at}", " ".join(prose(f"q{at}x", 50)) + "\n\n" + quoted + "\n\n" + " ".join(own)))
        made.append((f"a{at}", " ".join([*prose(f"a{at}x", 30), *report[20 * at : 20 * at + 60], *other[:40]])))
    made += [(f"z{at}", " ".join(prose(f"z{at}x", 80))) for at in range(3)]
    made += [("empty", ""), ("short", "two words"), ("twice", " ".join([*passage, *prose("t", 9), *passage]))]
    return [Article(name, text, outlet=f"outlet {name[0]}") for name, text in made]


def test_any_sequence_of_changes_gives_the_rows_of_a_whole_detection(pool: list[Article]) -> None:
    seen = 0
    for seed in range(12):
        chance = random.Random(seed)
        desk = Desk()
        for _ in range(6):
            picked = chance.sample(pool, chance.randrange(1, 14))
            others = chance.sample(pool, len(picked))
            # Some get the text of another article, or another outlet.
            given = [
                article
                if chance.random() < 0.7
                else replace(article, text=other.text)
                if chance.random() < 0.7
                else replace(article, outlet="another")
                for article, other in zip(picked, others, strict=True)
            ]
            held = sorted(desk.articles)
            desk.change(given, chance.sample(held, min(len(held), chance.randrange(8))))
            found = desk.detect()
            assert same(found, desk.whole())
            seen += len(found.matches)
    assert seen > 500


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from("abcdefgh"), st.lists(st.sampled_from(range(6)), max_size=4)),
            min_size=1,
            max_size=4,
        ),
        min_size=2,
        max_size=4,
    )
)
def test_any_batches_of_texts_put_together_of_shared_pieces(batches: list[list[tuple[str, list[int]]]]) -> None:
    pieces = [" ".join(f"w{piece}x{at}" for at in range(9 + 11 * piece)) for piece in range(6)]
    desk = Desk()
    for batch in batches:
        texts = {name: "\n".join(pieces[piece] for piece in held) for name, held in batch}
        desk.change(
            [Article(name, text) for name, text in texts.items() if text], [n for n, t in texts.items() if not t]
        )
        assert same(desk.detect(), desk.whole())


def test_what_new_texts_crowd_out_is_compared_anew(prose: Prose) -> None:
    # Every passage soon has more places than are paired with each other.
    chosen = replace(PLAIN, rare_occurrences=4, common_neighbours=1)
    pieces = [prose(f"p{number}x", 8 + 5 * number) for number in range(7)]
    articles = []
    for number in range(70):
        chance = random.Random(number)
        parts = [prose(f"a{number}x", 60), *chance.sample(pieces, 3), prose(f"z{number}x", 60)]
        articles.append(Article(f"{chance.random()}", " ".join(word for part in parts for word in part)))
    desk = Desk(chosen)
    fewer = 0
    for first in range(0, 70, 10):
        before = {(match.a, match.b) for match in desk.found.matches}
        desk.change(articles[first : first + 10])
        assert same(desk.detect(), desk.whole())
        fewer += len(before - {(match.a, match.b) for match in desk.found.matches})
    assert fewer > 50


def test_deleting_and_adding_again_leaves_no_trace(pool: list[Article]) -> None:
    # With the counts of the collection in force.
    desk = Desk(replace(ReuseSettings(), rare_occurrences=4, furniture_articles=5))
    desk.change(pool)
    before = desk.detect()
    for seed in range(6):
        gone = random.Random(seed).sample(pool, 9)
        desk.change([], [article.id for article in gone])
        desk.detect()
        desk.change(gone)
        assert same(desk.detect(), before)


def test_only_what_is_new_is_read_and_compared(
    pool: list[Article], prose: Prose, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    desk.change(pool)
    desk.detect()
    told: list[str] = []

    def listening(texts: Iterable[str]) -> object:
        taken = list(texts)
        told.extend(taken)
        return words_of(taken)

    monkeypatch.setattr("provenance.reuse.index.words_of", listening)
    passage = pool[2].text.split()[55:115]
    new = Article("new", " ".join([*prose("new", 60), *passage]))
    desk.change([new])
    found = desk.detect()
    partners = {match.b if match.a == "new" else match.a for match in found.matches if "new" in {match.a, match.b}}
    assert not found.whole
    assert new.text in told
    assert partners
    assert not {article.text for article in pool if article.id.startswith("z")} & set(told)
    assert [text.document for text in found.index()] == ["new"]


@pytest.mark.parametrize("lost", [1, 5, 20])
def test_lost_rows_of_the_index_are_made_again(pool: list[Article], lost: int) -> None:
    desk = Desk()
    desk.change(pool)
    before = desk.detect()
    rows = dict(desk.index)
    for name in random.Random(lost).sample(sorted(desk.index), lost):
        del desk.index[name]
    desk.complete = False
    assert same(desk.detect(), before)
    assert desk.index == rows


def test_an_index_that_changes_while_it_is_read_is_refused(pool: list[Article]) -> None:
    desk = Desk()
    desk.change(pool)
    desk.detect()
    earlier = desk.earlier()
    for texts in ([], list(earlier.texts)[:-1], list(earlier.texts)[1:]):
        with pytest.raises(StoreError, match="the index lacks an article"):
            detect(pool, PLAIN, earlier=replace(earlier, texts=texts))


def test_rewordings_are_always_looked_for_among_all(pool: list[Article]) -> None:
    desk = Desk(replace(PLAIN, sensitivity="rewritten"))
    desk.change(pool[:12])
    desk.detect()
    desk.change(pool[12:])
    found = desk.detect()
    assert found.whole
    assert same(found, desk.whole())


def test_an_alignment_comes_back_as_it_went_in() -> None:
    kept = Kept(
        (1_000_005, 1_000_030), (5_000_000_010, 5_000_000_036), True, "quotation", ((1_000_006, 5_000_000_012, 9),)
    )
    packed = pack(kept, 1_000_000, 5_000_000_000)
    assert np.frombuffer(packed, dtype="<i4").tolist() == [5, 30, 10, 36, 1, 2, 6, 12, 9]
    assert unpack(packed, 1_000_000, 5_000_000_000) == kept
    assert unpack(packed, 0, 7).span_b == (17, 43)


@pytest.mark.parametrize(
    ("articles", "compared", "changed", "sensitivity", "expected"),
    [
        (5000, 5000, 100, "edited", True),
        (5000, 5000, 100, "verbatim", True),
        (5000, 5000, 100, "rewritten", False),
        (5000, 0, 5000, "edited", False),
        (5000, 4000, 1000, "edited", False),
        (999, 1000, 1, "edited", False),
    ],
)
def test_when_a_detection_goes_on(articles: int, compared: int, changed: int, sensitivity: str, expected: bool) -> None:
    assert goes_on(articles, compared, changed, replace(ReuseSettings(), sensitivity=sensitivity)) is expected


def test_the_first_counts_are_taken_over_everything() -> None:
    chosen = replace(ReuseSettings(), furniture_articles=2000)
    assert not goes_on(2100, 1990, 110, chosen)
    assert goes_on(2200, 2100, 100, chosen)
