"""Who the subject of a verb of reporting is."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

# priors as they stand: what a fitted table makes of them is the calibration's own matter
ATTRIBUTOR = Attributor(AttributionSettings(calibrated=False))


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="en"))


def of_cue(text: str, cue: str) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in read(text) if one.cue and one.cue.text == cue]


@pytest.mark.parametrize(
    ("text", "cue", "chain"),
    [
        (
            "A clerk who described the fire on Tuesday said the pier was lost.",
            "said",
            ("A clerk who described the fire",),
        ),
        ("A report dated 4 March said the pier is closed.", "said", ("A report",)),
        ("The order of the mayor dated 4 March bans fishing, the guild said.", "said", ("guild",)),
        ("The dam was safe and the guild said it was not.", "said", ("guild",)),
        ("In May, the ministry said, the army left the town.", "said", ("ministry",)),
        ("The rebels, the ministry said, had demanded a truce.", "said", ("ministry",)),
        ("The council said the report erred by claiming that the dam was safe.", "claiming", ("council", "report")),
        ("The guild criticised Ann Cole for saying that the dam was safe.", "saying", ("guild", "Ann Cole")),
    ],
)
def test_the_subject(text: str, cue: str, chain: tuple[str, ...]) -> None:
    assert of_cue(text, cue) == [chain]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The governor burnt a harbour rights report which lists many faults.", "report"),
        ("Ann Cole, twice elected mayor of Easton, wrote a bitter comment on the speech.", "comment"),
        ("The boats believed to be safe were sold.", "believed"),
        ("The spokesman read out reports by the guild that the dam leaked.", "reports by"),
    ],
)
def test_no_verb_of_its_own(text: str, cue: str) -> None:
    assert of_cue(text, cue) == []


def test_a_family_name_that_comes_first_means_the_same_person() -> None:
    text = "Spokesman Kong Quan said the talks will go on. “They are useful,” Kong said. He added that the sea is calm."
    assert {one.chain[-1].name for one in read(text)} == {"Kong Quan"}


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("The mayor's claim that the dam was safe was met with scorn.", ["mayor"]),
        ("She read a Harbour Times report that the dam was safe.", ["Harbour Times"]),
        ("Her claim to the pier was old.", []),
        ("The mayor's remarks about the dam were long.", []),
        ("The mayor's claim that was made in May is forgotten.", []),
    ],
)
def test_a_claim_says_what_is_claimed(text: str, owners: list[str]) -> None:
    assert [one.chain[-1].name for one in read(text) if one.kind == "claim-noun"] == owners
