from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
SQUASHED = "The port of Easton was open on that day and ships came and went as they had done all week long. " * 5


def chains(text: str, outlet: str | None = None) -> list[tuple[str, ...]]:
    found = ATTRIBUTOR.attribute(Article(id="x", text=text, outlet=outlet, language="en"))
    return [tuple(node.name for node in one.chain) for one in found if one.kind != "attitude"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Cole told CNN last month the port was closed.", ("CNN", "Ann Cole")),
        ("“We close,” Ann Cole told the Associated Press earlier this week.", ("Associated Press", "Ann Cole")),
        ("Ann Cole told CNN's “The Morning Room” that the port was closed.", ("CNN", "Ann Cole")),
        ("“We close,” Ann Cole told “Fox News Sunday.”", ("Fox News", "Ann Cole")),
        ("“We close,” Ann Cole told “Face the Day” on CBS.", ("CBS News", "Ann Cole")),
        ("Rep. Ann Cole (R) of Easton, on Fox News Sunday, said two piers were closed.", ("Fox News", "Ann Cole")),
        ("Appearing on CNN's Morning Tide, Ann Cole said the port was closed.", ("CNN", "Ann Cole")),
        ("Ann Cole appeared on CNN on Monday and said the port was closed.", ("CNN", "Ann Cole")),
        ("The port was closed for a week, Ann Cole writes in the New York Times.", ("New York Times", "Ann Cole")),
        ("“We close,” Ann Cole said in a Sports Illustrated article.", ("Sports Illustrated", "Ann Cole")),
        ("“We close,” Ann Cole said when asked by Reuters if she was leaving.", ("Reuters", "Ann Cole")),
        ("“We close,” Ann Cole said this week on NBC’s “Meet the Town.”", ("NBC News", "Ann Cole")),
        ("In a statement forwarded to Reuters, Ann Cole said the port was closed.", ("Reuters", "Ann Cole")),
        ("Reuters has been told that the port was closed.", ("Reuters", "?")),
        ("Ann Cole said the port was closed, Reuters reported.", ("Reuters", "Ann Cole")),
        ("Ann Cole declared: “We close,” Reuters reported.", ("Reuters", "Ann Cole")),
        ("Ann Cole said the port was closed, Reuters reported, citing Interfax.", ("Reuters", "Interfax", "Ann Cole")),
        ("The pilots went home, an aide working with the board told CNN.", ("CNN", "an aide working with the board")),
    ],
)
def test_relays_by_place_time_and_order(text: str, expected: tuple[str, ...]) -> None:
    assert chains(text) == [expected]


def test_what_a_report_has_from_somebody_is_one_chain() -> None:
    assert chains("Reuters reported Friday that the port was closed, according to a pilot.") == [("Reuters", "a pilot")]


def test_one_who_is_told_beside_a_statement_is_not_within_it() -> None:
    found = chains("The mayor said the pilot was dead but one of his sons told Reuters that he was well.")
    assert ("Reuters", "one of his sons") in found


def test_he_who_speaks_in_a_clause_is_whom_the_sentence_is_about() -> None:
    text = "The mayor spoke.\n\nIn March, port spokesman Tom Reed foreshadowed the change when he told CNN: “We close.”"
    assert ("CNN", "Tom Reed") in chains(text)


@pytest.mark.parametrize(
    ("outlet", "expected"),
    [("Washington Times", "Washington Times"), ("Los Angeles Times", "Los Angeles Times")],
)
def test_a_short_name_is_that_of_the_own_outlet(outlet: str, expected: str) -> None:
    assert chains("“We close,” Ann Cole told The Times.", outlet) == [(expected, "Ann Cole")]


def test_a_short_name_is_that_of_the_only_outlet_named_in_full() -> None:
    text = "The Los Angeles Times reported that the port was closed. “We close,” Ann Cole told the Times."
    assert chains(text) == [("Los Angeles Times",), ("Los Angeles Times", "Ann Cole")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Local people told SANAs reporter that the port was closed.", ("SANA", "Local people")),
        ("The port was closed at noon on the first day a source at Easton Police Command told SANA.", None),
        ("The port was closed at noon on the first day said Ann Cole to Reuters.", ("Reuters", "Ann Cole")),
        ("Speaking to AFP pilot Ann Cole said the port was closed.", ("Agence France-Presse", "Ann Cole")),
        ("Meanwhile SANA reporter in Easton province said ships left the harbour.", ("SANA",)),
        ("The port was closed at noon on the day Reuters reported Monday citing a pilot.", ("Reuters", "a pilot")),
    ],
)
def test_relays_where_commas_and_apostrophes_were_lost(text: str, expected: tuple[str, ...] | None) -> None:
    expected = expected or ("SANA", "a source at Easton Police Command")
    assert expected in chains(SQUASHED + "\n\n" + text)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Cole said in a speech at the National Defense University that the port was closed.",
        "The film appeared on CNN, and Ann Cole said the port was closed.",
        "Ann Cole said in the New York Times building that the port was closed.",
        "A pilot, Ann Cole said, was told that the port was closed.",
    ],
)
def test_a_name_that_relays_nothing(text: str) -> None:
    found = ATTRIBUTOR.attribute(Article(id="x", text=text, language="en"))
    assert found
    assert not any(node.outlet for one in found for node in one.chain)


def test_a_paper_of_a_town_is_not_its_namesake() -> None:
    assert chains("Ann Cole told the Easton Daily Mail that the port was closed.") == [
        ("Easton Daily Mail", "Ann Cole")
    ]
    assert chains("The British Daily Mail reported that the port was closed.") == [("Daily Mail",)]


def test_what_there_is_no_evidence_of_is_said_by_nobody() -> None:
    assert chains("“There is no evidence that Ann Cole offered help,” Reuters said.") == [("Reuters",)]


def test_a_lost_space_behind_a_quotation_ends_it() -> None:
    text = (
        'Ann Cole told The Hill, "I admire the plan, but it has too many holes."But Reed called it bold. Poe said no.'
    )
    found = chains(text)
    assert ("The Hill", "Ann Cole") in found
    assert not any(chain[:1] == ("The Hill",) and "Poe" in chain for chain in found)
