"""Reworded passages and summaries."""

from __future__ import annotations

import dataclasses
import math
import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import SettingsError
from provenance.model import Article
from provenance.reuse import detect
from provenance.reuse.alignment import Aligned
from provenance.reuse.rewrites import credited, gather, is_echo, seeds, stop_words_of, vocabulary
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

EDITED = ReuseSettings()
REWRITTEN = ReuseSettings(sensitivity="rewritten")
FUNCTION_WORDS = "the of and to in that was for with on".split()  # noqa: SIM905


class Language:
    """Made-up prose: rare content words among common function words."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def word(self) -> str:
        letters = "bcdfghklmnprstv", "aeiou"
        return "".join(self._random.choice(letters[place % 2]) for place in range(self._random.randint(5, 9)))

    def sentence(self, words: int = 14) -> list[str]:
        return [self._random.choice(FUNCTION_WORDS) if place % 3 == 2 else self.word() for place in range(words)]

    def passage(self, sentences: int) -> list[list[str]]:
        return [self.sentence() for _ in range(sentences)]

    def reworded(self, passage: list[list[str]], kept: float) -> list[list[str]]:
        """Every sentence shuffled, with some of its words replaced."""
        result = []
        for sentence in passage:
            words = [word if self._random.random() < kept else self.word() for word in sentence]
            self._random.shuffle(words)
            result.append(words)
        return result


def prose(passage: list[list[str]]) -> str:
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in passage)


def texts(settings: ReuseSettings, *contents: str) -> list[tuple[str, str, str, str]]:
    """The passages found as (a, words in a, b, words in b)."""
    articles = [Article(f"t{number}", content, language="en") for number, content in enumerate(contents)]
    held = {article.id: article.text for article in articles}
    return [
        (m.a, held[m.a][m.a_span.start : m.a_span.end], m.b, held[m.b][m.b_span.start : m.b_span.end])
        for m in detect(articles, settings).matches
    ]


@pytest.fixture
def language() -> Language:
    return Language(5)


def background(language: Language, articles: int = 12) -> list[str]:
    return [prose(language.passage(20)) for _ in range(articles)]


def test_a_reworded_passage_is_found_only_where_it_is_looked_for(language: Language) -> None:
    passage = language.passage(6)
    one = prose([*language.passage(8), *passage, *language.passage(8)])
    two = prose([*language.passage(9), *language.reworded(passage, 0.75), *language.passage(5)])
    others = background(language)
    assert texts(EDITED, one, two, *others) == []
    [(a, in_one, b, in_two)] = texts(REWRITTEN, one, two, *others)
    assert (a, b) == ("t0", "t1")
    wanted = {word.casefold() for sentence in passage for word in sentence}
    for found in (in_one, in_two):
        words = found.casefold().replace(".", "").split()
        assert abs(len(words) - 6 * 14) <= 12
        assert sum(word in wanted for word in words) >= 0.7 * len(words)


def test_texts_on_nothing_in_common_share_nothing(language: Language) -> None:
    assert texts(REWRITTEN, *background(language, 20)) == []


def test_a_passage_copied_here_and_reworded_there_is_one(language: Language) -> None:
    passage = language.passage(9)
    mixed = [*language.reworded(passage[:4], 0.85), *passage[4:6], *language.reworded(passage[6:], 0.85)]
    others = background(language)
    assert len(texts(EDITED, prose(passage), prose(mixed), *others)) == 1
    [(_, _, _, found)] = texts(REWRITTEN, prose(passage), prose(mixed), *others)
    assert len(found.split()) >= 0.85 * 9 * 14


def test_an_exact_copy_keeps_its_exact_span(language: Language) -> None:
    passage = prose(language.passage(6))
    one = prose(language.passage(4)) + " " + passage + " " + prose(language.passage(4))
    two = prose(language.passage(3)) + " " + passage + " " + prose(language.passage(6))
    others = background(language)
    assert texts(REWRITTEN, one, two, *others) == texts(EDITED, one, two, *others)


def test_a_summary_is_found_with_its_whole_source(language: Language) -> None:
    source = language.passage(40)
    summary = [[word for sentence in source[at : at + 4] for word in sentence[:5]][:18] for at in range(0, 40, 4)]
    one = prose(source)
    two = prose([*language.passage(6), *summary[:7], *language.passage(6)])
    [(_, in_one, _, in_two)] = texts(REWRITTEN, one, two, *background(language))
    assert len(in_one.split()) >= 2.5 * len(in_two.split())
    assert len(in_two.split()) <= 1.25 * 7 * 18


def test_members_of_a_family_have_what_their_representative_has(language: Language) -> None:
    base = language.passage(16)
    reworded = language.reworded(base[4:10], 0.8)
    papers = [prose([*base, sentence]) for sentence in language.passage(4)]
    other = prose([*language.passage(6), *reworded, *language.passage(6)])
    found = texts(REWRITTEN, *papers, other, *background(language))
    assert {(a, b) for a, _, b, _ in found if "t4" in (a, b)} == {(f"t{number}", "t4") for number in range(4)}


def test_the_order_of_articles_does_not_matter(language: Language) -> None:
    passage = language.passage(7)
    contents = [prose([*passage, *language.passage(4)]), prose(language.reworded(passage, 0.8)), *background(language)]
    articles = [Article(f"t{number}", content) for number, content in enumerate(contents)]
    first = detect(articles, REWRITTEN)
    random.Random(3).shuffle(articles)
    assert detect(articles, REWRITTEN) == first
    assert first.matches


@pytest.mark.parametrize("contents", [[], [""], ["", "word"], ["a b c", "a b c"], ["word " * 3000, "word " * 3000]])
def test_texts_without_content_are_no_trouble(contents: list[str]) -> None:
    articles = [Article(f"t{number}", content) for number, content in enumerate(contents)]
    assert detect(articles, REWRITTEN).matches == detect(articles, EDITED).matches


def test_verbatim_leaves_edited_passages_out(language: Language) -> None:
    passage = [word for sentence in language.passage(6) for word in sentence]
    edited = [language.word() if place % 6 == 3 else word for place, word in enumerate(passage)]
    verbatim = dataclasses.replace(EDITED, sensitivity="verbatim")
    assert len(texts(verbatim, " ".join(passage), " ".join(passage))) == 1
    assert len(texts(EDITED, " ".join(passage), " ".join(edited))) == 1
    assert texts(verbatim, " ".join(passage), " ".join(edited)) == []


def test_other_sensitivities_are_refused() -> None:
    with pytest.raises(SettingsError, match="psychic"):
        ReuseSettings(sensitivity="psychic")


def test_stop_words_of_known_and_unknown_languages() -> None:
    assert "the" in stop_words_of({"en", None}).split()
    assert "the" in stop_words_of({"xx"}).split()
    assert "der" in stop_words_of({"de"}).split()


SMALL_WORDS = st.lists(st.sampled_from([f"w{number}" for number in range(9)] + ["the", "of"]), max_size=14)


@given(st.lists(SMALL_WORDS, min_size=1, max_size=6))
@settings(max_examples=60)
def test_vocabulary_and_seeds_are_those_of_the_plain_twin(contents: list[list[str]]) -> None:
    chosen = dataclasses.replace(REWRITTEN, content_documents=3, content_neighbours=2, content_reach_words=4)
    words = words_of(" ".join(content) for content in contents)
    text_of = np.repeat(np.arange(len(contents), dtype=np.int32), np.diff(words.bounds))
    known = vocabulary(words, text_of, words_of(["the of"]).hashes, chosen)
    flat = [(text, word) for text, content in enumerate(contents) for word in content]
    frequency = Counter(word for text, word in set(flat))
    content = [2 <= frequency[word] <= 3 and word not in {"the", "of"} for _, word in flat]
    assert known.content.tolist() == content
    assert [round(weight, 4) for weight in known.weights.tolist()] == [
        round(math.log((len(contents) + 3) / frequency[word]), 4) for _, word in flat
    ]
    if not flat:
        return
    pairs: dict[tuple[str, str], list[int]] = {}
    places = [place for place, wanted in enumerate(content) if wanted]
    for index, place in enumerate(places):
        for other in places[index + 1 : index + 3]:
            (text, one), (same, two) = flat[place], flat[other]
            if text == same and other - place <= 4 and one != two:
                pairs.setdefault((min(one, two), max(one, two)), []).append(place)
    wanted = sorted(
        (first, second)
        for found in pairs.values()
        if len(found) <= chosen.content_pair_occurrences
        for first, second in combinations(sorted(found), 2)
        if flat[first][0] != flat[second][0]
    )
    left, right = seeds(words, known, text_of, np.ones(len(words), dtype=bool), chosen)
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == wanted


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=25))
@settings(max_examples=100)
def test_gathered_seeds_are_near_each_other_and_apart_from_the_rest(places: list[tuple[int, int]]) -> None:
    left = np.array([one for one, _ in places], dtype=np.int64)
    right = np.array([two for _, two in places], dtype=np.int64)
    for region in gather(left, right, (5, 9), 2):
        inside = [
            (one, two) for one, two in places if region.a <= one < region.a_end and region.b <= two < region.b_end
        ]
        assert len({one for one, _ in inside}) >= 2
        assert len({two for _, two in inside}) >= 2
        assert min(one for one, _ in inside) == region.a
        assert max(two for _, two in inside) == region.b_end - 1


def test_echoes() -> None:
    one = Aligned(0, 100, 500, 600, 90, ())
    assert is_echo(Aligned(10, 40, 900, 930, 25, ()), one, 0.5)
    assert is_echo(Aligned(200, 240, 590, 605, 12, ()), one, 0.5)
    assert not is_echo(Aligned(90, 140, 900, 950, 40, ()), one, 0.5)


def test_a_word_is_credited_as_often_as_the_other_side_has_it() -> None:
    numbers, other = np.array([7, 1, 7, 2, 7, 3], dtype=np.int32), np.array([7, 3, 7], dtype=np.int32)
    assert credited(numbers, other, 4).tolist() == [False, False, True, False, True, True]
    assert credited(numbers, other, 0).tolist() == [True, False, True, False, False, True]
    assert not credited(numbers, np.zeros(0, dtype=np.int32), 2).any()


def test_a_side_does_not_grow_over_what_its_text_repeats_on_the_topic(language: Language) -> None:
    passage = language.passage(6)
    chance = random.Random(5)
    words = [word for sentence in passage for word in sentence]
    # The source goes on about the same things in other sentences; the copy does not.
    topic = [chance.sample(words, 14) for _ in range(8)]
    one = prose([*language.passage(4), *passage, *topic, *language.passage(4)])
    two = prose([*language.passage(4), *language.reworded(passage, 0.9), *language.passage(6)])
    [(_, in_one, _, in_two)] = texts(REWRITTEN, one, two, *background(language))
    assert len(in_one.split()) <= 1.3 * len(in_two.split())


def test_a_copy_is_left_to_its_exact_alignment_where_that_explains_it(language: Language) -> None:
    passage = language.passage(4)
    # Beside the copy both texts have a few words of one topic, in different sentences.
    shared = [language.word() for _ in range(4)]
    beside = [[[*language.sentence(2), word] for word in chosen] for chosen in (shared, shared[::-1])]
    one = prose([*language.passage(4), *passage, *beside[0], *language.passage(4)])
    two = prose([*language.passage(4), *passage, *beside[1], *language.passage(6)])
    others = background(language)
    [exact] = texts(EDITED, one, two, *others)
    assert texts(REWRITTEN, one, two, *others) == [exact]


def test_a_name_said_over_and_over_is_no_rewording(language: Language) -> None:
    name = [language.word() for _ in range(5)]
    one = [[*name, *language.sentence(3)] for _ in range(4)]
    two = [[*name[::-1], *language.sentence(3)] for _ in range(4)]
    others = background(language)
    assert texts(REWRITTEN, prose(one), prose(two), *others) == []
    lax = dataclasses.replace(REWRITTEN, rewrite_minimum_strength=0.0)
    assert len(texts(lax, prose(one), prose(two), *others)) == 1
