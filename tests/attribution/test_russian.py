"""Russian: what its table of sentences does not show: spans, stances, the language itself."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.languages import language_of
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="ru"))


def chains(text: str) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in read(text)]


def test_the_language_is_known_by_its_letters() -> None:
    assert language_of(Article("x", "Мост через реку закрыт на ремонт, сообщили в полиции.")) == "ru"


def test_spans_stand_in_the_text() -> None:
    text = "«Мост откроют в мае», — приводит РИА Новости слова министра."
    (found,) = read(text)
    assert found.source is not None
    assert text[found.source.span.start : found.source.span.end] == "министра"
    assert [text[part.start : part.end] for part in found.content] == ["«Мост откроют в мае»"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Компания отвергла обвинения жителей.", "deny"),
        ("Экологи утверждают, что нефть дошла до берега.", "distanced"),
        ("Эксперты полагают, что нефть дошла до берега.", "conjecture"),
        ("Эксперты сообщили, что нефть дошла до берега.", "assert"),
    ],
)
def test_stances(text: str, stance: str) -> None:
    assert [one.stance for one in read(text)] == [stance]


@pytest.mark.parametrize("name", ["«Интерфаксу»", "агентству «Интерфакс»", "Интерфаксу"])
def test_an_outlet_told_is_known_in_its_cases(name: str) -> None:
    assert chains(f"Сергей Орлов рассказал {name}, что мост закрыт.") == [("Interfax", "Сергей Орлов")]


def test_a_subject_left_out_is_who_spoke_before() -> None:
    last = read("Сергей Орлов заявил, что мост закрыт. Также отметил, что мост откроют в мае.")[-1]
    assert [node.name for node in last.chain] == ["Сергей Орлов"]
    assert last.source is None
