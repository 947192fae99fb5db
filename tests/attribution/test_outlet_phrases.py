from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.outlet_phrases import lost_commas, programme
from provenance.model import Article
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
WORDS_TEXT = """
said told AFP SANA as the BBC’s reports from , . on CNN “This one of them in a statement to
"""
PLAIN = "The port of Easton was open on that day and ships came and went as they had done all week long. " * 5


def chains(text: str) -> list[tuple[str, ...]]:
    found = ATTRIBUTOR.attribute(Article(id="x", text=text, language="en"))
    return [tuple(node.name for node in one.chain) for one in found if one.kind != "attitude"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An AFP correspondent in Easton said the port was closed.", ("Agence France-Presse",)),
        ("The New York Times’ Ann Cole reported that the port was closed.", ("New York Times",)),
        ("Ann Cole told CNN’s Tom Reed that the port was closed.", ("CNN", "Ann Cole")),
        ("Ann Cole told “Fox News Sunday” that the port was closed.", ("Fox News", "Ann Cole")),
        ("“We close,” Ann Cole said on ABC’s “This Week.”", ("ABC News", "Ann Cole")),
        ("Ann Cole said on CNN that the port was closed.", ("CNN", "Ann Cole")),
        ("Ann Cole said in a statement to SANA that the port was closed.", ("SANA", "Ann Cole")),
        ("As the BBC’s Ann Cole reports from Easton, the port has been closed since Monday.", ("BBC",)),
        ("As the BBC reports from Easton, the port has been closed since Monday.", ("BBC",)),
        ("Ann Cole told FoxNews.com that the port was closed.", ("Fox News", "Ann Cole")),
    ],
)
def test_people_and_programmes_speak_for_their_outlet(text: str, expected: tuple[str, ...]) -> None:
    assert chains(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "CNN’s lawyer said the port was closed.",
        "Mr. Bloomberg said the port was closed.",
        "Ann Cole said on Monday that the port was closed.",
        "Ann Cole, who conducts the Fox News poll, said the port was closed.",
        "Ann Cole told “the people” that the port was closed.",
    ],
)
def test_other_phrases_with_a_name_do_not(text: str) -> None:
    known = {outlet.name for outlet in Gazetteer.default().outlets} - {"Bloomberg"}
    assert chains(text)
    assert not any(known & set(chain) for chain in chains(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two ships were hit in the port and a third sank SANA said.", ("SANA",)),
        ("Two ships were hit and a third sank near Easton Press TV reported.", ("Press TV",)),
        ("Two ships were hit in the port the Lebanese Al-Manar TV channel reported Friday.", ("Al Manar",)),
        ("Two ships were hit before the gates were shut an AFP correspondent said.", ("Agence France-Presse",)),
        ("Two ships were hit in the port of the town Ann Cole told Anadolu Agency.", ("Anadolu Agency", "Ann Cole")),
    ],
)
def test_tails_of_texts_that_lost_their_commas(text: str, expected: tuple[str, ...]) -> None:
    assert expected in chains(f"{PLAIN}\n\n{text}")


def test_a_name_at_the_end_of_a_longer_subject_says_nothing() -> None:
    found = chains(f"{PLAIN}\n\nThe port has been closed since then the letter sent by SANA said.")
    assert ("SANA",) not in found


def test_which_texts_lost_their_commas() -> None:
    assert lost_commas(PLAIN)
    assert not lost_commas(PLAIN.replace("day and", "day, and"))
    assert not lost_commas("Short.")


def test_programmes_are_named_after_their_outlet() -> None:
    gazetteer = Gazetteer.default()
    found = programme("“Fox News Sunday”", gazetteer)
    assert found is not None
    assert found.name == "Fox News"
    for other in ("“Fox News”", "“a Fox News fan”", "“Meet the Press”", "", "“”"):
        assert programme(other, gazetteer) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS_TEXT.split()),
        max_size=40,
    )
)
def test_any_order_of_the_words_is_read(words: list[str]) -> None:
    for chain in chains(PLAIN + "\n\n" + " ".join(words)):
        assert chain
