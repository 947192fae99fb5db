"""The bound on what one place of an article holds, against a plain count over the words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.nearness import Sought, hashes_of, nearest

WORDS = ["harbour", "oil", "leaked", "tonnes", "said", "the", "pilot"]
PAIRS = [(0, 1), (2, 3), (1, 1)]
TERMS = Sought(
    [hashes_of([word, word + "s"]) for word in WORDS[:4]],
    np.array(PAIRS, dtype=np.int64),
    np.array([3.0, 2.0, 1.5, 1.0, 5.0, 4.0, 2.5]),
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=60), min_size=1, max_size=4)


def weighed(texts: list[list[str]], reach: int, held: np.ndarray | None = None) -> np.ndarray:
    hashes = hashes_of([word for text in texts for word in text])
    bounds = np.cumsum([0, *map(len, texts)])
    known = np.zeros((len(texts), 7), dtype=bool) if held is None else held
    return nearest(hashes, bounds, TERMS, known, reach)


def plain(words: list[str]) -> float:
    """The weight of all terms among some words that follow each other; a pair may be one word apart."""
    found = {WORDS.index(word) for word in words if word in WORDS[:4]}
    for number, (one, two) in enumerate(PAIRS):
        for gap in (1, 2):
            if any(pair == (WORDS[one], WORDS[two]) for pair in zip(words, words[gap:], strict=False)):
                found.add(4 + number)
    return float(sum(TERMS.weights[number] for number in found))


@given(TEXTS, st.integers(1, 30))
def test_no_place_holds_more_than_the_bound(texts: list[list[str]], reach: int) -> None:
    for text, bound in zip(texts, weighed(texts, reach), strict=True):
        places = [plain(text[start : start + reach]) for start in range(max(1, len(text) - reach + 1))]
        # a pair is counted where its first word stands, so it may reach out of its block
        assert max(places) <= bound + 1e-9 <= plain(text) + 2e-9


@given(TEXTS)
def test_what_stands_together_is_weighed_as_a_whole(texts: list[list[str]]) -> None:
    assert weighed(texts, 100).tolist() == [plain(text) for text in texts]


def test_words_far_apart_are_not_added_up() -> None:
    text = ["oil", *["said"] * 50, "harbour"]
    assert weighed([text], 10).tolist() == [3.0]
    assert weighed([text], 60).tolist() == [5.0]


def test_a_term_that_an_article_has_in_unknown_words_is_granted() -> None:
    held = np.zeros((2, 7), dtype=bool)
    held[0, 0] = held[1, 1] = True
    assert weighed([["oil"], ["oil"]], 10, held).tolist() == [5.0, 2.0]


def test_a_claim_without_known_words_weighs_nothing() -> None:
    terms = Sought([], np.zeros((0, 2), dtype=np.int64), np.zeros(0))
    found = nearest(hashes_of(["oil"]), np.array([0, 1, 1]), terms, np.zeros((2, 0), dtype=bool), 10)
    assert found.tolist() == [0.0, 0.0]


def test_a_form_that_is_more_than_one_word_cannot_be_told_by_hashes() -> None:
    assert len(hashes_of(["harbour", "well-known"])) == 0
    assert len(hashes_of(["harbour", ""])) == 0
    assert len(hashes_of([])) == 0
