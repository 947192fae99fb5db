"""The tables of sentences with the chains that they give: `text => chain | chain`, a file a language."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

Chains = list[tuple[str, ...]]

ATTRIBUTOR = Attributor(AttributionSettings())
TOLD_BY_LETTERS = ("ar", "zh")
"""Languages whose articles are read without saying what language they are in."""
LANGUAGES = (*TOLD_BY_LETTERS, "de", "en", "es", "fr", "ru")


def cases(language: str) -> list[tuple[str, Chains]]:
    found: list[tuple[str, Chains]] = []
    table = Path(__file__).parent / f"sentences_{language}.txt"
    for line in table.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, wanted = line.partition(" => ")
            expected: Chains = [] if wanted == "-" else [tuple(chain.split(" < ")) for chain in wanted.split(" | ")]
            found.append((text.replace("\\n", "\n"), expected))
    return found


def folded(found: Chains) -> Chains:
    return sorted(tuple(name.casefold() for name in chain) for chain in found)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, expected) for language in LANGUAGES for text, expected in cases(language)],
)
def test_sentences(language: str, text: str, expected: Chains) -> None:
    found = ATTRIBUTOR.attribute(Article("x", text, language=None if language in TOLD_BY_LETTERS else language))
    assert folded([tuple(node.name for node in one.chain) for one in found]) == folded(expected)
    for one in found:
        for mention in (one.source, one.cue):
            assert mention is None or text[mention.span.start : mention.span.end] == mention.text
        assert all(text[shown.start : shown.end] == shown.text for shown in one.evidence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_are_whole(language: str) -> None:
    found = cases(language)
    assert len(found) >= 60
    assert sum(1 for _, expected in found if expected) >= 30
    assert sum(1 for _, expected in found if not expected) >= 8
