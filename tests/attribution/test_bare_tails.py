"""Who speaks where commas were lost, and what the same articles showed besides."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.bare_tails import speaker_before
from provenance.attribution.lexicon import load_lexicon
from provenance.attribution.tagging import Sentence
from provenance.model import Article
from provenance.settings import AttributionSettings

PLAIN = " The harbour has several streets and some old houses near the pier." * 8
COMMAS = "\n\nThe town has streets, houses, a pier, and a park, all of them old, small, and grey, as towns are."


@pytest.fixture(scope="module")
def attributor() -> Attributor:
    """One attributor for all."""
    return Attributor(AttributionSettings())


def chains(attributor: Attributor, text: str) -> list[tuple[str, ...]]:
    """The chains of an article's statements."""
    return [tuple(node.name for node in one.chain) for one in attributor.attribute(Article("one", text, language="en"))]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        (
            "Crews tried to repair the pier the Harbour Observatory for Public Safety reported.",
            ("Harbour Observatory for Public Safety",),
        ),
        ("Two boats were damaged in northern Easton a monitor said Thursday.", ("a monitor",)),
        ("Two boats patrolled the bay on Friday Easton police said.", ("Easton police",)),
        ("Three men were also hurt said guild head Tom Abel Reed who gave no number.", ("Tom Abel Reed",)),
        ("A wave struck near the Norland embassy said the Harbour Observatory.", ("Harbour Observatory",)),
    ],
)
def test_the_last_words_name_who_says_it(attributor: Attributor, text: str, chain: tuple[str, ...]) -> None:
    assert chain in chains(attributor, text + PLAIN)


@pytest.mark.parametrize(
    "text",
    ["He did what the doctor said.", "The crew went to the town of Easton Police said."],
)
def test_no_speaker_is_made_up(attributor: Attributor, text: str) -> None:
    assert chains(attributor, text + PLAIN) == []


def test_a_pronoun_at_the_end_is_who_spoke_before(attributor: Attributor) -> None:
    text = "The Harbour Observatory said two boats sank. Five crates were lost near the old market hall it said."
    assert chains(attributor, text + PLAIN) == [("Harbour Observatory",)] * 2


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("According to the information provided by the guild director Ann Cole, the pier was safe.", ("Ann Cole",)),
        ("Senator Ann Cole emerged from the briefing saying some of the crates were lost.", ("Ann Cole",)),
        ("“The pier is closed to all ships until Friday,” the tweet read.", ("tweet",)),
        ("The army and the rebels have both denied using mines.", ("The army and the rebels",)),
        ("Harbour investigators established that the rope was cut.", ("Harbour investigators",)),
    ],
)
def test_subjects_that_are_more_than_the_nearest_noun(
    attributor: Attributor, text: str, chain: tuple[str, ...]
) -> None:
    assert [tuple(name.lower().removeprefix("the ") for name in chain)] == [
        tuple(name.lower().removeprefix("the ") for name in found) for found in chains(attributor, text + COMMAS)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The rebels attacked Easton with mortars.",
        "He waved to the crowd, though he didn't mention her by name.",
        "Copyright © 2019 The Washington Times, LLC. Click here for reprint permission.",
    ],
)
def test_what_is_no_attribution(attributor: Attributor, text: str) -> None:
    assert chains(attributor, text + COMMAS) == []


def test_he_is_nobody_of_a_womans_name(attributor: Attributor) -> None:
    text = "Tom Reed said the pier was safe. Nancy Cole said it was not. “It is,” he said."
    assert chains(attributor, text + COMMAS)[-1] == ("Tom Reed",)


def test_the_president_is_the_one_named_so(attributor: Attributor) -> None:
    text = "President Ann Cole came to Easton. “The pier is safe now,” the president said in a statement."
    assert ("Ann Cole",) in chains(attributor, text + COMMAS)


def test_told_an_outlet_about_it(attributor: Attributor) -> None:
    text = "Tom Reed told CNN about the fun of sailing in the old harbour."
    assert chains(attributor, text + COMMAS) == [("CNN", "Tom Reed")]


def test_a_verb_that_looks_like_who_speaks_is_no_phrase_without_words() -> None:
    # what a million articles of shuffled words came upon: a phrase of no words was taken for who speaks
    words = ["the", "harbour", "drew", "it", "in", "viewers", "reports", "said"]
    sentence = Sentence(" ".join(words), (0, 43), words, "dnvPpnYV", {})
    lexicon = load_lexicon("en")
    assert speaker_before(sentence, 7, lexicon, lambda _name: False) is None
