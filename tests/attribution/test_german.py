"""German: what its table of sentences does not show: spans, stances, the language itself."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.languages import language_of
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="de"))


def chains(text: str) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in read(text)]


def test_the_language_is_known_by_its_words() -> None:
    text = "Die Brücke über den Hafen bleibt nach Angaben der Polizei gesperrt und wird nicht vor dem Mai geöffnet."
    assert language_of(Article("x", text)) == "de"


def test_the_reported_mood_goes_on_with_what_was_said() -> None:
    text = "Anna Weber sagte, die Brücke sei sicher. Sie werde im Mai geöffnet. Der Hafen liegt im Norden."
    (found,) = read(text)
    said = [text[part.start : part.end] for part in found.content]
    assert said[-1] == "Sie werde im Mai geöffnet."
    assert not any("Norden" in part for part in said)


@pytest.mark.parametrize(
    "text",
    [
        "Der Mann sei geflohen. Die Brücke ist gesperrt.",
        "Anna Weber sagte, die Brücke sei sicher. Der Hafen liegt im Norden. Er werde geliebt.",
    ],
)
def test_the_reported_mood_needs_speech_right_before_it(text: str) -> None:
    for one in read(text):
        assert all(text[part.start : part.end] != text.rsplit(". ", 1)[1] for part in one.content)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Der Konzern wies die Vorwürfe zurück.", "deny"),
        ("Der Minister wies darauf hin, dass die Brücke alt ist.", "assert"),
        ("Anwohner behaupten, dass die Brücke wackelt.", "distanced"),
        ("Die Polizei vermutet, dass der Fahrer geflohen ist.", "conjecture"),
    ],
)
def test_stances(text: str, stance: str) -> None:
    assert [one.stance for one in read(text)] == [stance]


def test_an_outlet_is_told_and_an_office_owns() -> None:
    assert chains("„Wir warten“, sagte ein Sprecher der dpa.") == [("Deutsche Presse-Agentur", "ein Sprecher")]
    assert chains("„Wir warten“, sagte ein Sprecher der Feuerwehr.") == [("ein Sprecher der Feuerwehr",)]
