"""Spanish: what its table of sentences does not show: spans, stances, the language itself."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.languages import language_of
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="es"))


def test_the_language_is_known_by_its_words() -> None:
    text = "El puente del puerto sigue cerrado al tráfico, según informó la policía, y no se abrirá hasta mayo."
    assert language_of(Article("x", text)) == "es"


def test_spans_stand_in_the_text() -> None:
    text = "«El puente es seguro», afirmó Elena Castro a Reuters."
    (found,) = read(text)
    assert found.source is not None
    assert found.cue is not None
    assert text[found.source.span.start : found.source.span.end] == "Elena Castro"
    assert text[found.cue.span.start : found.cue.span.end] == "afirmó"
    assert [text[part.start : part.end] for part in found.content] == ["«El puente es seguro»"]


def test_a_subject_left_out_is_who_spoke_before_and_has_no_span() -> None:
    last = read("La alcaldesa dijo que el puente es seguro. Además, añadió que abrirá en mayo.")[-1]
    assert [node.name for node in last.chain] == ["alcaldesa"]
    assert last.source is None


def test_a_subject_left_out_before_anybody_spoke_is_nobody() -> None:
    assert read("Añadió que el puente abrirá en mayo.") == []


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("El Gobierno negó que el puente sea peligroso.", "deny"),
        ("El conductor alegó que el puente estaba abierto.", "distanced"),
        ("La policía cree que el conductor huyó.", "conjecture"),
        ("La policía dijo que el conductor huyó.", "assert"),
    ],
)
def test_stances(text: str, stance: str) -> None:
    assert [one.stance for one in read(text)] == [stance]
