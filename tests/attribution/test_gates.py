"""Cheap tests before costly readings: they may refuse nothing in which the reading behind them finds anything."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import Gazetteer, relays
from provenance.attribution.artefacts import artefact_frames
from provenance.attribution.attitudes import attitude_frames
from provenance.attribution.lexicon import LANGUAGES, Lexicon, load_lexicon
from provenance.attribution.outlets import Outlet
from provenance.attribution.speakers import Speakers
from provenance.attribution.tagging import Sentence, Tags, tag_sentence
from provenance.settings import AttributionSettings

LEXICON = load_lexicon("en")
TAGS = Tags(LEXICON)
GAZETTEER = Gazetteer.default().with_outlets([Outlet("The Larn Whistle", "outlet", ("the whistle", "LW"))])
SETTINGS = AttributionSettings()


class _Plain(Gazetteer):
    """Looks every phrase up that an article opens."""

    def _only_article(self, words: list[str]) -> bool:
        return False


PLAIN = _Plain(GAZETTEER.outlets)
WORDS = st.lists(
    st.sampled_from(
        [
            *("claims", "Claims", "CLAIMS", "statement", "remarks", "by", "that", "to", "of", "the", "The", "his", "a"),
            *(
                "video",
                "Footage",
                "obtained",
                "OBTAINED",
                "posted",
                "shows",
                "appears",
                "show",
                "interview",
                "speaking",
            ),
            *(
                "with",
                "in",
                "an",
                "hopes",
                "wants",
                "clear",
                "Clear",
                "seems",
                "reportedly",
                "Ann",
                "Cole",
                "CNN",
                "ships",
            ),
            *("sank", "is", "was", ",", ".", "mayor", "mayor's", "Whistle", "whistle", "Larn", "New", "York", "Times"),
        ]
    ),
    min_size=1,
    max_size=14,
)


def _sentence(words: list[str]) -> Sentence:
    text = " ".join(words)
    return tag_sentence(text, 0, len(text), (), TAGS)


def _open(sentence: Sentence, lexicon: Lexicon) -> Lexicon:
    """The lexicon with gates that refuse nothing in a sentence."""
    every = frozenset(sentence.words)
    return dataclasses.replace(lexicon, notable=every, made_forms=every, claim_forms=every)


@settings(max_examples=400, deadline=None)
@given(WORDS)
def test_what_is_not_notable_holds_none_of_what_is_looked_for(words: list[str]) -> None:
    gated, plain = _sentence(words), _sentence(words)
    wide = _open(plain, LEXICON)
    assert attitude_frames(gated, LEXICON, [], SETTINGS) == attitude_frames(plain, wide, [], SETTINGS)
    assert artefact_frames(gated, LEXICON, []) == artefact_frames(plain, wide, [])
    assert relays.relay_hits(gated, LEXICON) == relays.relay_hits(plain, wide)
    if LEXICON.claim_forms.isdisjoint(gated.notable(LEXICON.notable)):
        assert relays.claim_frames(plain, wide, set()) == []


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_an_article_alone_opens_no_name(words: list[str]) -> None:
    assert GAZETTEER.within(words) == PLAIN.within(words)


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_a_common_noun_is_an_outlet_only_as_an_alias_is_written(words: list[str]) -> None:
    sentence = _sentence(words)
    text = sentence.text
    gated = Speakers(text, LEXICON, GAZETTEER, SETTINGS)
    wide = Gazetteer(GAZETTEER.outlets)
    wide.alias_openings = frozenset(sentence.words)
    plain = Speakers(text, LEXICON, wide, SETTINGS)
    assert gated.outlet_of(sentence.words, sentence.tags) == plain.outlet_of(sentence.words, sentence.tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_looked_for_is_notable(language: str) -> None:
    lexicon = load_lexicon(language)
    for words in (lexicon.claims, lexicon.attitudes, lexicon.artefacts.get("made", ()), lexicon.claim_forms):
        assert lexicon.notable.issuperset(words)
    for key in ("nouns", "verbs"):
        assert lexicon.notable.issuperset(lexicon.interview.get(key, ()))
