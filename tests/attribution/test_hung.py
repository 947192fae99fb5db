from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


@pytest.mark.parametrize(
    ("language", "text", "chain"),
    [
        ("es", "El puente cayó, según Clarín, que cita fuentes judiciales.", ["Clarín", "fuentes judiciales"]),
        ("es", "El puente cayó, según fuentes policiales consultadas por EFE.", ["EFE", "fuentes policiales"]),
        ("fr", "Le pont a cédé, selon une source à l'AFP.", ["Agence France-Presse", "une source"]),
        ("fr", "Sur RTL, le maire a promis que le pont rouvrirait.", ["RTL", "maire"]),
        ("fr", "Citant la préfecture, Libération affirme que le pont a cédé.", ["Libération", "préfecture"]),
        ("ru", "По данным МЧС, мост закрыт с утра, передаёт ТАСС.", ["TASS", "МЧС"]),
    ],
)
def test_relays_hang_on_what_stands_beside_them(language: str, text: str, chain: list[str]) -> None:
    (found,) = ATTRIBUTOR.attribute(Article("x", text, language=language))
    assert [node.name for node in found.chain] == chain


def test_a_place_is_no_outlet() -> None:
    (found,) = ATTRIBUTOR.attribute(Article("x", "En Madrid, el alcalde dijo que el puente abrirá.", language="es"))
    assert [node.name for node in found.chain] == ["alcalde"]
