from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="de"))


@pytest.mark.parametrize(
    ("text", "chain", "content"),
    [
        ("Wie ein Sprecher der dpa sagte, ist der Hafen zu.", ["Deutsche Presse-Agentur", "ein Sprecher"], "ist der"),
        ("Der Hafen sei zu, hatte die Polizei am Montag erklärt.", ["Polizei"], "Der Hafen"),
        ("Am Montag hatte die Polizei mitgeteilt, dass der Hafen zu ist.", ["Polizei"], "dass der"),
        ("Der „Stern“ hatte zuvor über den Fall berichtet.", ["Stern"], "über den"),
        ("Ein Sprecher der Feuerwehr sagte, der Brand sei gelöscht.", ["ein Sprecher der Feuerwehr"], "der Brand"),
    ],
)
def test_who_says_what(text: str, chain: list[str], content: str) -> None:
    (found,) = read(text)
    assert [node.name.casefold() for node in found.chain] == [name.casefold() for name in chain]
    assert text[found.content[0].start :].startswith(content)


def test_what_was_reported_before_is_the_sentence_before() -> None:
    text = "Der Hafen ist zu. Zuvor hatte der „Tagesspiegel“ darüber berichtet."
    (found,) = read(text)
    assert [text[part.start : part.end] for part in found.content] == ["Der Hafen ist zu."]
