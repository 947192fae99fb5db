from __future__ import annotations

from pathlib import Path

import pytest

from provenance.attribution import Attributor
from provenance.attribution.languages import language_of
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
TABLE = Path(__file__).parent / "sentences_fr.txt"


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="fr"))


def chains(text: str) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in read(text)]


def folded(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(tuple(name.casefold() for name in chain) for chain in found)


def cases() -> list[tuple[str, list[tuple[str, ...]]]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    parts = [line.partition(" => ") for line in lines]
    return [
        (text, [] if wanted == "-" else [tuple(chain.split(" < ")) for chain in wanted.split(" | ")])
        for text, _, wanted in parts
    ]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_sentences(text: str, expected: list[tuple[str, ...]]) -> None:
    assert folded(chains(text)) == folded(expected)


def test_the_table_is_whole() -> None:
    found = cases()
    assert sum(1 for _, expected in found if expected) >= 30
    assert sum(1 for _, expected in found if not expected) >= 8


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
