from __future__ import annotations

import pytest

from provenance.attribution import Gazetteer
from provenance.attribution.lexicon import load_lexicon
from provenance.attribution.names import Names, behind_possessor, clean, core_end
from provenance.settings import AttributionSettings


def named(words: str, tags: str, text: str = "", language: str = "en") -> tuple[str, str]:
    names = Names(text, load_lexicon(language), Gazetteer.default(), AttributionSettings())
    parts = words.split()
    first = len(tags) - len(tags.lstrip("d"))
    found = names.named(parts, tags, first, core_end(tags, first))
    return found.name, found.kind


@pytest.mark.parametrize(
    ("words", "tags", "name", "kind"),
    [
        ("Mayor Ann Cole", "nNN", "Ann Cole", "person"),
        ("Gen. Ann Cole", "NNN", "Ann Cole", "person"),
        ("Commissioner Ann Cole", "NNN", "Ann Cole", "person"),
        ("Ann Cole of the Board", "NNodN", "Ann Cole", "person"),
        ("the Prime Minister", "dNN", "Prime Minister", "person"),
        ("the Harbour Board", "dNN", "Harbour Board", "organization"),
        ("the Fish Dock", "dNN", "Fish Dock", "organization"),
        ("the Harbour Pilots’ Guild", "dNjN", "Harbour Pilots’ Guild", "organization"),
        ("Bank of America", "NoN", "Bank of America", "organization"),
        ("Saudi Arabia", "NN", "Saudi Arabia", "organization"),
        ("House Democrats", "nN", "House Democrats", "collective"),
        ("Reuters", "N", "Reuters", "agency"),
    ],
)
def test_names_and_kinds(words: str, tags: str, name: str, kind: str) -> None:
    assert named(words, tags) == (name, kind)


def test_a_surname_and_an_acronym_are_filled_up_from_the_text() -> None:
    assert named("Cole", "N", "Police met Ann Cole on Monday.") == ("Ann Cole", "person")
    assert named("HSB", "N", "The Harbour Safety Board (HSB) met.") == ("Harbour Safety Board (HSB)", "organization")


def test_any_role_is_a_title_where_nouns_have_capitals() -> None:
    assert named("die Hafenkapitänin Anna Weber", "dNNN", language="de") == ("Anna Weber", "person")


def test_helpers() -> None:
    assert clean("the Board’s") == "Board"
    assert core_end("dnodn", 1) == 2
    assert behind_possessor("dNoNjNN") == 5
    assert behind_possessor("dNN") == 0
