"""Artefacts, statements, headlines, groups, metonyms, misspelt outlets and people named again."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.attribution.metonyms import is_house, stands_for
from provenance.model import Article, Attribution, Source
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings(attitudes=False))


def found_in(text: str, **fields: object) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, **fields))  # type: ignore[arg-type]


def chains_of(text: str, **fields: object) -> list[tuple[tuple[str, str], ...]]:
    return [tuple((node.name, node.kind) for node in one.chain) for one in found_in(text, **fields)]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Videos posted on social media showed that the bridge was down.", (("Videos", "artefact"),)),
        ("Satellite images show that the bridge was down.", (("Satellite images", "artefact"),)),
        ("A video shared online appeared to show the bridge in flames.", (("A video", "artefact"),)),
        ("Footage obtained by Reuters showed smoke.", (("Reuters", "agency"), ("Footage", "artefact"))),
        ("Photographs seen by Reuters show that it is down.", (("Reuters", "agency"), ("Photographs", "artefact"))),
        (
            "The published documents seen by Reuters show it.",
            (("Reuters", "agency"), ("documents", "statement")),
        ),
        ("Documents seen by Reuters show that he knew.", (("Reuters", "agency"), ("Documents", "statement"))),
    ],
)
def test_artefacts_and_who_saw_them(text: str, chain: tuple[tuple[str, str], ...]) -> None:
    assert chains_of(text) == [chain]


def test_what_only_appears_to_be_shown_is_conjecture() -> None:
    (found,) = found_in("A video shared online appeared to show the bridge in flames.")
    assert found.stance == "conjecture"


@pytest.mark.parametrize(
    "text",
    [
        "The mayor showed the bridge to visitors.",
        "Videos of cats are popular.",
        "Boats seen by fishermen showed no lights.",
        "A camera was shown at the fair.",
    ],
)
def test_what_is_shown_by_no_artefact(text: str) -> None:
    assert chains_of(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The mayor said in a statement that the bridge was safe.", "mayor"),
        ("A statement by the foreign ministry said the bridge was safe.", "foreign ministry"),
        ("In a post on Telegram, the governor said the bridge was down.", "governor"),
        ("“The bridge is down,” the governor wrote on Telegram.", "governor"),
    ],
)
def test_statements_and_posts_are_of_those_who_make_them(text: str, name: str) -> None:
    assert [chain[-1][0] for chain in chains_of(text)] == [name]


@pytest.mark.parametrize(
    ("headline", "name", "content"),
    [
        ("SANA: Army Takes Bridge in Easton", "SANA", "Army Takes Bridge in Easton"),
        ("Pentagon: No Bridge Was Hit by Missiles", "Pentagon", "No Bridge Was Hit by Missiles"),
        ("Governor Cole: ‘We Will Build It Again’", "Cole", "‘We Will Build It Again’"),
        ("Bridge Is Down - Reuters", "Reuters", "Bridge Is Down"),
    ],
)
def test_headlines(headline: str, name: str, content: str) -> None:
    (found,) = found_in(f"{headline}\n\nThe town was calm.")
    assert found.chain[-1].name == name
    assert [headline[span.start : span.end] for span in found.content] == [content]


@pytest.mark.parametrize(
    "headline",
    ["Syria: What Next", "Damascus: A Town in Winter", "Bridge Is Down - Again", "Bridge Is Down - Quay Daily"],
)
def test_headlines_with_a_topic_or_the_name_of_the_site(headline: str) -> None:
    assert chains_of(f"{headline}\n\nThe town was calm.", outlet="Quay Daily") == []


def test_the_own_agency_behind_a_headline_is_no_source() -> None:
    assert chains_of("Bridge Is Down - Reuters\n\nThe town was calm.", outlet="Reuters") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Eyewitnesses said that the bridge was down.", "anonymous"),
        ("A source familiar with the matter said the bridge was down.", "anonymous"),
        ("Officials said on condition of anonymity that the bridge was down.", "anonymous"),
        ("Kurdish media reported that the bridge was down.", "collective"),
        ("State media said the bridge was down.", "collective"),
    ],
)
def test_groups_and_the_unnamed_are_nodes_of_their_own(text: str, kind: str) -> None:
    ((node,),) = chains_of(text)
    assert node[1] == kind


def test_two_unnamed_sources_are_two_statements() -> None:
    text = "Sources told Reuters that the bridge was down. Local media reported that it was up."
    assert chains_of(text) == [
        (("Reuters", "agency"), ("Sources", "anonymous")),
        (("Local media", "collective"),),
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Damascus", "government of Syria"),
        ("Moscow", "government of Russia"),
        ("Kremlin", "president of Russia"),
        ("Pentagon", "Department of Defense of the United States"),
    ],
)
def test_metonyms_keep_their_name_and_tell_what_they_stand_for(name: str, meant: str) -> None:
    article = "The " if is_house(name) else ""
    (found,) = found_in(f"{article}{name} said that the bridge was safe.")
    assert found.chain == (Source(name, "organization"),)
    assert stands_for(found.chain[0]) == meant


@pytest.mark.parametrize("source", [Source("Paris", "person"), Source("Easton", "organization")])
def test_what_stands_for_itself(source: Source) -> None:
    assert stands_for(source) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The television channel Rossiva-24 reported that the bridge was down.", "Rossiya-24"),
        ("The newspaper Kommersnat reported that the bridge was down.", "Kommersant"),
        ("The Assocated Press reported that the bridge was down.", "Associated Press"),
    ],
)
def test_misspelt_outlets(text: str, name: str) -> None:
    ((node,),) = chains_of(text)
    assert node[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The television channel Rossiya-25 reported that the bridge was down.", "Rossiya-25"),
        ("The newspaper Quaywatchers reported that the bridge was down.", "Quaywatchers"),
    ],
)
def test_outlets_that_are_others(text: str, name: str) -> None:
    ((node,),) = chains_of(text)
    assert node[0] == name


@pytest.mark.parametrize(
    ("again", "name"),
    [
        ("The former militant said that the mines were old.", "Tom Reed"),
        ("The former militant added that the mines were old.", "Tom Reed"),
        ("He said that the mines were old.", "Tom Reed"),
        ("Reed said that the mines were old.", "Tom Reed"),
    ],
)
def test_people_named_again(again: str, name: str) -> None:
    text = f"Tom Reed, a former militant, said that the bridge was mined. {again}"
    assert [chain[-1][0] for chain in chains_of(text)] == [name, name]


def test_organisations_named_again() -> None:
    text = "The Harbour Guild said that the bridge was safe. The guild added that it was new."
    assert [chain[-1][0] for chain in chains_of(text)] == ["Harbour Guild", "Harbour Guild"]
