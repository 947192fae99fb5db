from __future__ import annotations

import pytest

from provenance.attribution.antecedents import Antecedents
from provenance.attribution.lexicon import load_lexicon
from provenance.model import Source
from provenance.settings import AttributionSettings

COURIER = Source("Easton Courier", "outlet", "Easton Courier")
TIMES = Source("Harbour Times", "outlet", "Harbour Times")
REUTERS = Source("Reuters", "agency", "Reuters")
ANN = Source("Ann Cole", "person")
BOARD = Source("Harbour Board", "organization")


def made(language: str = "en", own: Source | None = None) -> Antecedents:
    return Antecedents(load_lexicon(language), AttributionSettings(), own)


def test_the_last_of_a_kind_within_reach() -> None:
    heard = made()
    heard.remember(ANN, 0)
    heard.remember(BOARD, 1)
    found = heard.last({"person"}, 1)
    assert found is not None
    assert found.source == ANN
    assert heard.last({"person"}, 9) is None
    assert heard.last({"agency"}, 1) is None


def test_whoever_is_being_quoted_is_not_meant() -> None:
    heard = made()
    heard.remember(ANN, 0)
    heard.hidden = ANN
    assert heard.spoken_by("she", 0) is None
    assert heard.last({"person"}, 0) is None


def test_a_pronoun_keeps_its_gender() -> None:
    heard = made()
    heard.remember(ANN, 0, gender="she")
    assert heard.spoken_by("he", 0) is None
    assert heard.spoken_by("she", 0) is not None


def test_nobody_unnamed_is_remembered() -> None:
    heard = made()
    heard.remember(Source("?", "unnamed"), 0)
    assert heard.spoken == []


@pytest.mark.parametrize(
    ("words", "tags", "found"),
    [
        (["the", "newspaper"], "dn", TIMES),
        (["the", "agency"], "dn", REUTERS),
        (["this", "newspaper"], "dn", COURIER),
        (["our", "paper"], "dn", COURIER),
        (["a", "newspaper"], "dn", None),
        (["the", "mayor"], "dn", None),
    ],
)
def test_an_outlet_again(words: list[str], tags: str, found: Source | None) -> None:
    heard = made(own=COURIER)
    heard.mention([REUTERS, ANN, TIMES])
    assert heard.outlet_again(words, tags, 0) == found


def test_an_outlet_named_long_ago_is_not_meant() -> None:
    heard = made()
    heard.mention([TIMES])
    assert heard.outlet_again(["the", "newspaper"], "dn", 9) is None


@pytest.mark.parametrize(
    ("words", "tags", "found"),
    [(["the", "Times"], "dN", TIMES), (["the", "Courier"], "dN", COURIER), (["Times"], "N", None)],
)
def test_an_outlet_by_its_last_word(words: list[str], tags: str, found: Source | None) -> None:
    heard = made(own=COURIER)
    heard.mention([TIMES])
    assert heard.short_named(words, tags) == found


def test_where_there_are_no_articles_the_bare_noun_points_back() -> None:
    heard = made("ru")
    heard.mention([REUTERS])
    assert heard.outlet_again(["агентства"], "n", 0) == REUTERS
    assert heard.outlet_again(["министерства"], "n", 0) is None
