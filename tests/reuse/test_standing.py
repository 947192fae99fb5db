"""Counts that tell standing matter: word triples, houses of outlets, kinship of articles."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse import standing
from provenance.reuse.overlaps import WordSpan
from provenance.reuse.passages import Shared, SharedRows
from provenance.reuse.standing import Houses, Kinship, shared_triples, triples
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

DEFAULT = ReuseSettings()


def test_triples_are_of_three_words_in_order() -> None:
    one, two, three = (words_of([text]).hashes for text in ("a b c d", "b a c d", "a b"))
    assert len(triples(one)) == 2
    assert len(set(triples(one).tolist()) & set(triples(two).tolist())) == 0
    assert len(triples(three)) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=3, max_size=30), min_size=1, max_size=6), st.integers(1, 4))
def test_rare_triples_are_those_that_a_plain_count_finds(texts: list[list[str]], limit: int) -> None:
    # within each text: what reaches from one into the next is nobody's wording
    counts = Counter((a, b, c) for text in texts for (a, b), (_, c) in pairwise(pairwise(text)))
    words = words_of(" ".join(text) for text in texts)
    span = (0, len(texts[0]))
    own = {(a, b, c) for (a, b), (_, c) in pairwise(pairwise(texts[0]))}
    expected = sum(counts[triple] <= limit for triple in own)
    shared, rare, single = shared_triples(words, rows((span, span)), limit)
    assert (int(shared[0]), int(rare[0])) == (len(own), expected)
    assert int(single[0]) == sum(counts[triple] <= 2 for triple in own)


def rows(*pairs: tuple[WordSpan, WordSpan]) -> SharedRows:
    """Pairs of stretches as columns; what is counted asks for no text."""
    return SharedRows.of(Shared(0, one, 1, two) for one, two in pairs)


def test_what_was_changed_between_two_copies_is_not_rare_wording() -> None:
    words = words_of(["a b c d e f", "a b c x e f"])
    assert [counts.tolist() for counts in shared_triples(words, rows(((0, 6), (6, 12))), 2)] == [[1], [1], [1]]


def test_wording_of_a_third_article_is_rare_but_no_longer_the_pairs_own() -> None:
    words = words_of(["a b c d", "a b c d", "a b c x"])
    assert [counts.tolist() for counts in shared_triples(words, rows(((0, 4), (4, 8))), 3)] == [[2], [2], [1]]


def test_pairs_are_counted_each_for_itself() -> None:
    words = words_of(["a b c d", "a b c d", "e f", "e f"])
    pairs = [((0, 4), (4, 8)), ((8, 10), (10, 12)), ((0, 3), (5, 8))]
    assert shared_triples(words, rows(*pairs), 9)[0].tolist() == [2, 0, 0]


def test_no_stretches_no_counts() -> None:
    words = words_of(["a b c"])
    assert [len(counts) for counts in shared_triples(words, rows(), 4)] == [0, 0, 0]
    assert [counts.tolist() for counts in shared_triples(words, rows(((0, 0), (0, 0))), 4)] == [[0], [0], [0]]


def furnished(*pairs: tuple[int, int]) -> list[Shared]:
    return [Shared(one, (0, 3), two, (0, 3)) for one, two in pairs]


def test_outlets_with_the_same_words_to_the_reader_are_of_one_house() -> None:
    needed = DEFAULT.furniture_sister_matches
    outlets = ["Post"] * needed + ["Post Sunday", "Mail"]
    sunday, mail = needed, needed + 1
    matches = furnished(*((at, sunday) for at in range(needed)), *((at, mail) for at in range(needed - 1)))
    houses = Houses(matches, outlets, DEFAULT)
    assert houses.same("Post", "Post Sunday")
    assert houses.same("Post Sunday", "Post")
    assert houses.same("Mail", "Mail")
    assert not houses.same("Post", "Mail")
    assert not houses.same(None, None)


def test_two_papers_that_now_and_then_print_one_note_are_not_of_one_house() -> None:
    needed = DEFAULT.furniture_sister_matches
    size = round(needed / DEFAULT.furniture_sister_share) + 20
    outlets = ["Post"] * size + ["Mail"] * size
    matches = furnished(*((at, size + at) for at in range(needed)))
    assert not Houses(matches, outlets, DEFAULT).same("Post", "Mail")
    assert Houses(matches, outlets[: size + needed], DEFAULT).same("Post", "Mail")


def test_articles_of_one_story_are_kin() -> None:
    others = [" ".join(f"o{text}n{at}" for at in range(30)) for text in range(60)]
    story = " ".join(f"name{at}" for at in range(20))
    words = words_of([f"{story} one two three", f"four five six {story}", *others])
    kinship = Kinship(words, DEFAULT)
    assert kinship.share(0, (0, 0), 1, (23, 23)) > 0.7
    assert kinship.share(0, (0, 0), 2, (46, 46)) == 0.0


def test_the_passage_itself_is_no_kinship() -> None:
    others = [" ".join(f"o{text}n{at}" for at in range(30)) for text in range(60)]
    words = words_of(["a1 b1 c1 d1 e1 f1", "d1 e1 f1 g1 h1 i1", *others])
    assert Kinship(words, DEFAULT).share(0, (3, 6), 1, (6, 9)) == 0.0


def test_articles_without_words_are_no_kin() -> None:
    assert Kinship(words_of(["", "a b c"]), DEFAULT).share(0, (0, 0), 1, (0, 3)) == pytest.approx(0.0)


def test_counts_are_the_same_whether_few_or_many_triples_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(11)
    words = words_of(" ".join(drawn.choice("abcdef") for _ in range(60)) for _ in range(40))
    pairs = [((60 * text + 3, 60 * text + 30), (60 * text + 65, 60 * text + 95)) for text in range(0, 38, 2)]
    few = shared_triples(words, rows(*pairs), 10.0)
    monkeypatch.setattr(standing, "_FEW_BITS", 40)
    many = shared_triples(words, rows(*pairs), 10.0)
    assert [each.tolist() for each in few] == [each.tolist() for each in many]
    assert few[0].sum() > few[1].sum() > 0


def test_counts_are_the_same_however_many_pairs_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(12)
    words = words_of(" ".join(drawn.choice("abcdef") for _ in range(60)) for _ in range(40))
    pairs = [((60 * text + 3, 60 * text + 30), (60 * text + 65, 60 * text + 95)) for text in range(0, 38, 2)]
    whole = shared_triples(words, rows(*pairs), 10.0)
    for together in (1, 50, 61):
        monkeypatch.setattr(standing, "_PAIRED", together)
        parts = shared_triples(words, rows(*pairs), 10.0)
        assert [each.tolist() for each in parts] == [each.tolist() for each in whole]
