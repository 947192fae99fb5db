from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import phrases
from provenance.attribution.lexicon import load_lexicon
from provenance.attribution.tagging import Sentence, Tags, tag_sentence
from provenance.model import Span
from provenance.text.quotations import quotations

TAGS = Tags(load_lexicon("en"))


def tagged(text: str, *, headline: bool = False) -> Sentence:
    quoted = [q for q in quotations(text) if q.depth == 0]
    return tag_sentence(text, 0, len(text), quoted, TAGS, headline=headline)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("The mayor said it was shut.", "dnVPzv."),
        ("“It is shut now,” he said.", "QPV."),
        ("The “let out” men left.", "dqnv."),
        ("According to the mayor, no.", "Aidn,d."),
        ("Gen. Smith said so.", "NNVk."),
        ("Trump’s plan", "jZ"),
        ("It’s 85,000 in the United States.", "x9pdNN."),
        ("He didn’t say so.", "PMUk."),
        ("", ""),
    ],
)
def test_tags(text: str, tags: str) -> None:
    assert tagged(text).tags == tags


def test_capitals_are_verbs_in_headlines_only() -> None:
    assert tagged("Mayor Denies Fraud", headline=True).tags == "nXN"
    assert tagged("A Mayor Denies Fraud").tags == "dNNN"


def test_the_subject_is_the_head_of_the_phrase() -> None:
    sentence = tagged("Later the Russian center for peace in Syria said it was so.")
    verb = sentence.tags.index("V")
    assert phrases.left_phrase(sentence, verb) == (1, 8)
    sentence = tagged("He met Ann, the mayor, said so.")
    assert phrases.left_phrase(sentence, 0) is None


def test_the_main_subject_stands_behind_an_adverbial() -> None:
    sentence = tagged("In a speech on Monday, the mayor praised the plan.")
    found = phrases.main_subject(sentence)
    assert found is not None
    assert sentence.words[found[0] : found[1]] == ["the", "mayor"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_every_token_is_where_it_says(text: str) -> None:
    sentence = tagged(text)
    assert len(sentence.tags) == len(sentence.words)
    position = 0
    for index, word in enumerate(sentence.words):
        assert position <= sentence.start(index) < sentence.end(index)
        assert text[sentence.start(index) : sentence.end(index)] == word
        position = sentence.end(index)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .,’'“”", max_size=60), st.randoms(use_true_random=False))
def test_places_do_not_depend_on_which_is_asked_for_first(text: str, random: Random) -> None:
    bounds = Span(*(len(text) - len(text.lstrip()), len(text.rstrip())))
    quoted = [one for one in quotations(text) if one.depth == 0 and one.kind != "title"]
    sentence = tag_sentence(text, bounds.start, bounds.end, quoted, TAGS)
    order = list(range(len(sentence.words)))
    random.shuffle(order)
    found = {index: sentence.start(index) for index in order}
    # plainly: one word behind the other
    position = bounds.start
    for index, word in enumerate(sentence.words):
        position = text.index(word, position)
        assert found[index] == position
        assert sentence.span(index, index + 1) == (position, position + len(word))
        position += len(word)


_PLAIN_TOKEN = re.compile(
    r"\w+(?:[-'’.&/]\w+|(?<=\d),\d{3})*(?:\.(?:(?= [^\W_a-z])|(?<=\.\w\.))|[’'](?<=s.)(?=\s))?|[^\w\s]+"
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(alphabet="asUS19 .,'’-&/", max_size=40)))
def test_words_are_those_of_the_pattern_without_its_look_ahead(text: str) -> None:
    assert tag_sentence(text, 0, len(text), (), TAGS).words == _PLAIN_TOKEN.findall(text)
