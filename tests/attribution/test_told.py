from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


@pytest.mark.parametrize(
    ("language", "text", "told", "source"),
    [
        ("es", "El puente sigue cerrado, informaron a EFE fuentes del puerto.", "EFE", "fuentes del puerto"),
        ("es", "El puente sigue cerrado, dijo a los periodistas el alcalde.", "", "alcalde"),
        ("fr", "Le pont reste fermé, a indiqué mardi à l'AFP le parquet.", "Agence France-Presse", "parquet"),
        ("de", "Die Brücke sei zu, sagte am Montag in Berlin der Minister.", "", "Minister"),
        ("ru", "Мост закрыт на ремонт, рассказала «Известиям» директор порта.", "Izvestia", "директор порта"),
        ("ru", "Мост закрыт на ремонт, сообщили в полиции города.", "", "полиции города"),
    ],
)
def test_who_is_told_stands_before_who_speaks(language: str, text: str, told: str, source: str) -> None:
    (found,) = ATTRIBUTOR.attribute(Article("x", text, language=language))
    assert [node.name for node in found.chain] == ([told] if told else []) + [source]
