from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.figures import compare_figures, figures
from provenance.model import Article, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def read(text):
    return [(value, unit) for value, unit, _ in figures(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about 750 militants", [("750", "militants")]),
        ("1,500 escaped", [("1500", "escaped")]),
        ("1.500 Menschen und 3,25 Prozent", [("1500", "menschen"), ("3.25", "prozent")]),
        ("12 000 тонн", [("12000", "тонн")]),
        ("in 2017 they had 3 ships", []),
        ("M-16 and F16 rifles", [("16", "and")]),
        ("3.1 million", [("3.1", "million")]),
        ("the 1234567890123456789012345 digits", []),
    ],
)
def test_figures_are_read_without_separators_years_and_single_digits(text, expected):
    assert [(value.replace(",", "."), unit) for value, unit in read(text)] == expected


def compared(**texts):
    articles = {name: Article(name, text) for name, text in texts.items()}
    return compare_figures(articles, {name: [Span(0, len(text))] for name, text in texts.items()}, SETTINGS)


def test_a_figure_in_two_tellings_is_common_whatever_stands_behind_it():
    common, rival = compared(a="about 750 militants train", b="350 militants were blocked and some 750 more remained")
    assert [(one.value, one.documents) for one in common] == [("750", ("a", "b"))]
    assert rival == ()
    assert [one.text for one in common[0].evidence] == ["750", "750"]


def test_figures_of_one_unit_that_differ_are_rivals():
    common, rival = compared(a="about 40 tonnes leaked", b="some 400 tonnes leaked", c="40 tonnes leaked")
    assert [(one.value, one.unit, one.documents) for one in rival] == [
        ("40", "tonnes", ("a", "c")),
        ("400", "tonnes", ("b",)),
    ]
    assert [one.value for one in common] == ["40"]


def test_two_figures_of_one_telling_are_no_rivals():
    assert compared(a="150 fighters now, 7,000 fighters later", b="rain") == ((), ())


def test_figures_near_a_telling_count_and_far_ones_do_not():
    text = "Told here. Next. About 750 men. Far. Farther. Then 99 dogs."
    articles = {"a": Article("a", text), "b": Article("b", "750 men and 99 dogs")}
    common, _ = compare_figures(articles, {"a": [Span(0, 10)], "b": [Span(0, 19)]}, SETTINGS)
    assert [one.value for one in common] == ["750"]


@given(st.text(alphabet="0123456789.,  \u00a0ab-", max_size=60))
def test_any_text_can_be_read(text):
    for value, _, span in figures(text, Span(0, len(text))):
        assert value[0].isdigit()
        assert text[span.start : span.end][0].isdigit()
