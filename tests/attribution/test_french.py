"""French: what its table of sentences does not show: spans, stances, the language itself."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.languages import language_of
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="fr"))


def test_the_language_is_known_by_its_words() -> None:
    text = "Le pont du port reste fermé à la circulation, selon la police, et il ne rouvrira pas avant le mois de mai."
    assert language_of(Article("x", text)) == "fr"


def test_words_with_an_apostrophe_are_two_in_the_spans() -> None:
    text = "« Le pont est sûr », a déclaré Paul Girard à l’AFP. « Il rouvrira en mai », a-t-il ajouté."
    first, second = read(text)
    assert first.source is not None
    assert second.source is not None
    assert text[first.source.span.start : first.source.span.end] == "Paul Girard"
    assert text[second.source.span.start : second.source.span.end] == "a-t-il"
    assert [node.name for node in second.chain] == ["Agence France-Presse", "Paul Girard"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Le pont aurait cédé, selon la police.", "conjecture"),
        ("Le pont a cédé, selon la police.", "assert"),
        ("La police a dit que le pont serait fermé si la pluie continuait.", "assert"),
        ("Le gouvernement nie que le pont soit dangereux.", "deny"),
        ("Le conducteur prétend que le pont était ouvert.", "distanced"),
    ],
)
def test_stances(text: str, stance: str) -> None:
    assert [one.stance for one in read(text)] == [stance]


def test_the_conditional_alone_is_no_attribution() -> None:
    assert read("Le pont aurait cédé pendant la nuit.") == []
