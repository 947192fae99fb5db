from __future__ import annotations

import pytest

from provenance.attribution.inflection import english_forms
from provenance.attribution.lexicon import LANGUAGES, VERB_TAGS, cue_file, load_lexicon
from provenance.errors import SettingsError


@pytest.mark.parametrize(
    ("lemma", "past", "third", "gerund"),
    [
        ("report", "reported", "reports", "reporting"),
        ("declare", "declared", "declares", "declaring"),
        ("deny", "denied", "denies", "denying"),
        ("stress", "stressed", "stresses", "stressing"),
        ("admit", "admitted", "admits", "admitting"),
        ("convey", "conveyed", "conveys", "conveying"),
        ("purport", "purported", "purports", "purporting"),
    ],
)
def test_regular_english_forms(lemma: str, past: str, third: str, gerund: str) -> None:
    forms = english_forms(lemma)
    assert (forms["past"], forms["third"], forms["gerund"]) == (past, third, gerund)


def test_irregular_forms_and_classes() -> None:
    verbs = load_lexicon("en").verbs
    assert verbs["said"].lemma == verbs["saying"].lemma == "say"
    assert "sayed" not in verbs
    assert verbs["written"].tag == "E"
    assert verbs["denied"].classes[0].stance == "deny"
    assert verbs["claimed"].classes[0].stance == "distanced"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_can_be_met(language: str) -> None:
    lexicon = load_lexicon(language)
    for word, verb in lexicon.verbs.items():
        assert verb.tag in VERB_TAGS
        assert verb.classes
        assert word in lexicon.triggers
        assert all(0 < entry.prior < 1 for entry in verb.classes)
        assert all(entry.stance in {"assert", "distanced", "deny", "conjecture", "contested"} for entry in verb.classes)


def test_kinds_of_nouns() -> None:
    lexicon = load_lexicon("en")
    assert "person" in lexicon.kinds("minister")
    assert "person" in lexicon.kinds("ministers")
    assert lexicon.kinds("zebra") == frozenset()


@pytest.mark.parametrize("language", ["xx", "", "../en", "e n"])
def test_a_language_without_cues_is_named(language: str) -> None:
    with pytest.raises(SettingsError, match="one of: en"):
        cue_file(language)
    with pytest.raises(SettingsError):
        load_lexicon(language)
