from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import KINDS, Attributor, Gazetteer
from provenance.attribution.lexicon import load_lexicon
from provenance.model import Article, Attribution, PageCredit
from provenance.settings import AttributionSettings

HERE = Path(__file__).parent
SEEDS = HERE.parent.parent / "seeds"
ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str, language: str | None = None, **fields: object) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language=language, **fields))  # type: ignore[arg-type]


def chains(text: str, language: str | None = None) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in read(text, language)]


def seed(number: str) -> Article:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    return Article(path.name, path.read_bytes().decode("utf-8"))


@pytest.mark.parametrize(
    ("number", "shown", "chain"),
    [
        ("000", "the center said", ("TASS", "Russian center for reconciliation of the warring parties in Syria")),
        ("000", "according to the statement", ("Russian center for reconciliation of the warring parties in Syria",)),
        ("001", "it added", ("SANA",)),
        ("001", "citing local sources", ("SANA", "local sources")),
        ("002", "reported RT", ("RT",)),
        ("002", "He said the US advisors", ("Asaad As-Salem",)),
        ("002", "As-Salem told Rossiya-24", ("Rossiya-24", "Asaad As-Salem")),
        ("002", "“Some of the people residing in the camp", ("Rossiya-24", "Asaad As-Salem")),
        ("002", "a Rossiva-24 interview", ("Rossiya-24", "a rebel defector")),
        ("003", "Via The Cradle", ("The Cradle",)),
        ("003", "he went on to say", ("New York Post", "Donald Trump")),
        ("003", "The Kurdish group slammed", ("Kurdish-led Syrian Democratic Forces (SDF)",)),
        ("003", "accused the SDF", ("Damascus",)),
        ("004", "The Pentagon has rejected", ("Sputnik", "Pentagon")),
        ("004", "Rebecca Rebarich said", ("Rebecca Rebarich",)),
        ("004", "citing eyewitnesses", ("SANA", "eyewitnesses")),
    ],
)
def test_chains_of_the_seeds(number: str, shown: str, chain: tuple[str, ...]) -> None:
    article = seed(number)
    start = article.text.index(shown)
    end = start + len(shown)
    found = [
        tuple(node.name for node in one.chain)
        for one in ATTRIBUTOR.attribute(article)
        if any(evidence.start < end and start < evidence.end for evidence in one.evidence)
    ]
    assert chain in found


@pytest.mark.parametrize(
    ("number", "trap"),
    [
        ("001", "run by allied Kurdish militants"),
        ("002", "we reported that to American base command"),
        ("002", "please follow us on Facebook"),
        ("003", "failed to mention the release"),
        ("003", "The announcement came hours after"),
        ("003", "referring to foreign extremists"),
        ("003", "US Army image"),
        ("004", "President’s “disturbing fondness"),
        ("004", "blocked by"),
    ],
)
def test_traps_of_the_seeds(number: str, trap: str) -> None:
    article = seed(number)
    start = article.text.index(trap)
    end = start + len(trap)
    for one in ATTRIBUTOR.attribute(article):
        assert one.cue is None or not (start <= one.cue.span.start < end)


def test_the_same_article_gives_the_same_rows() -> None:
    article = seed("003")
    first = ATTRIBUTOR.attribute(article)
    ATTRIBUTOR.attribute(seed("004"))
    assert ATTRIBUTOR.attribute(article) == first
    assert Attributor(AttributionSettings()).attribute(article) == first


def test_rows_come_by_position_and_name_known_kinds() -> None:
    found = ATTRIBUTOR.attribute(seed("003"))
    starts = [one.evidence[0].start for one in found]
    assert starts == sorted(starts)
    assert {one.kind for one in found} <= {name for name, _ in KINDS}


def test_stances() -> None:
    def stance(text: str) -> str:
        return read(text)[0].stance

    assert stance("The mayor said the road was open.") == "assert"
    assert stance("The mayor claimed the road was open.") == "distanced"
    assert stance("The mayor denied that the road was open.") == "deny"
    assert stance("The mayor assumed that the road was open.") == "conjecture"
    assert stance("Despite statements from the mayor about peace, the war went on.") == "contested"
    assert stance("The mayor said the allegations were absurd.") == "deny"


def test_a_pronoun_goes_to_who_spoke_not_to_the_nearest_noun() -> None:
    text = "SANA said the army had left.\nThe army used a long convoy of trucks to cross, it added."
    assert chains(text)[-1] == ("SANA",)
    text = "Ann Cole said the army had left. The general was seen with a driver. “I saw it,” she said."
    assert chains(text)[-1] == ("Ann Cole",)


def test_a_definite_phrase_goes_to_an_earlier_speaker() -> None:
    text = "The Harbour Safety Center said the pier was closed.\nThe center said it would reopen."
    assert chains(text)[-1] == ("Harbour Safety Center",)


def test_a_surname_gets_its_full_name() -> None:
    text = "Police questioned Ann Cole on Monday.\nCole said the pier was closed."
    assert chains(text)[-1] == ("Ann Cole",)


def test_an_acronym_gets_its_full_name() -> None:
    text = "The Harbour Safety Board (HSB) met on Monday.\nThe pier is closed, the HSB said."
    assert chains(text)[-1] == ("Harbour Safety Board (HSB)",)


def test_a_paragraph_that_is_only_a_quotation_takes_the_speaker_before() -> None:
    text = "“The pier is closed to all,” Ann Cole told Reuters.\n\n“It will not open again before the winter.”"
    last = read(text)[-1]
    assert last.kind == "floating-quotation"
    assert [node.name for node in last.chain] == ["Reuters", "Ann Cole"]
    assert last.source is None
    assert last.confidence < read(text)[0].confidence


def test_a_quotation_without_anybody_before_it_is_nobodys() -> None:
    assert read("“The pier will not open again before the winter.”") == []


def test_a_cue_inside_a_quotation_belongs_to_the_quoted_speaker() -> None:
    text = "“The engineers said the pier was safe for years,” Ann Cole told Reuters."
    assert ("Reuters", "Ann Cole", "engineers") in chains(text)


def test_the_outlet_somebody_speaks_to_goes_on() -> None:
    text = "“The pier is closed to all,” Ann Cole told Reuters. “It will not open again soon,” she added."
    assert chains(text) == [("Reuters", "Ann Cole"), ("Reuters", "Ann Cole")]


def test_a_misspelt_outlet_is_one_with_its_name() -> None:
    text = (
        "The pier is shut, according to a Rossiva-24 interview with a driver.\nThe driver told Rossiya-24 it was shut."
    )
    assert {chain[0] for chain in chains(text)} == {"Rossiya-24"}


def test_invented_outlets_of_a_collection_are_known() -> None:
    text = "Ann Cole told Quaywatch that the pier was closed."
    assert chains(text) == [("Ann Cole",)]
    wider = Attributor(AttributionSettings(), Gazetteer.default().with_outlets(["Quaywatch"]))
    assert [tuple(n.name for n in one.chain) for one in wider.attribute(Article("x", text))] == [
        ("Quaywatch", "Ann Cole")
    ]


def test_an_ambiguous_name_is_no_outlet_where_it_is_a_persons() -> None:
    text = "Avi Stern runs the pier.\nStern said the pier was closed."
    (found,) = read(text)
    assert found.chain[0].kind == "person"


def test_a_page_credit_is_an_attribution_of_the_document() -> None:
    given = (
        PageCredit(
            "canonical", '<link rel="canonical" href="https://www.reuters.com/a">', url="https://www.reuters.com/a"
        ),
        PageCredit("byline", "By Ann Cole", name="Ann Cole"),
    )
    (found,) = read("The pier is closed to all.", credits=given, url="https://harbour.example/a")
    assert (found.scope, found.kind, found.chain[0].outlet) == ("document", "page-credit", "Reuters")
    assert (found.evidence[0].where, found.evidence[0].start, found.evidence[0].end) == ("page", 0, 0)


def test_the_articles_own_outlet_is_no_credit() -> None:
    text = "LONDON (Reuters) - The pier is closed to all."
    assert read(text, outlet="Reuters") == []
    assert len(read(text, outlet="Harbour Times")) == 1


def test_a_minimum_of_confidence_is_kept() -> None:
    strict = Attributor(AttributionSettings(minimum_confidence=0.95))
    text = "Via The Cradle\n\nThe mayor said the pier was closed."
    assert [one.kind for one in strict.attribute(Article("x", text))] == ["via-line"]


def test_attitudes_can_be_left_out() -> None:
    text = "The mayor supports the new pier."
    assert [one.kind for one in read(text)] == ["attitude"]
    plain = Attributor(AttributionSettings(attitudes=False))
    assert plain.attribute(Article("x", text)) == []


@pytest.mark.parametrize("text", ["", " \n\n\t", "\u200b", "\ud800", "“", "said", "According to", ":", "(", "“” said"])
def test_nothing_in_nothing_out(text: str) -> None:
    assert read(text) == []


PIECES = [
    *["said", "says", "told", "according", "to", "citing", "that", "reported", "by", "who", "quoted", "as", "saying"],
    *["“", "”", '"', "‘", "’", "'", "«", "»", "„", "(", ")", ",", ".", ":", "?", "—", "\n", "\n\n", "/", "…"],
    *["Reuters", "RT", "Ann", "Cole", "the", "ministry", "sources", "he", "it", "they", "and", "but", "not", "claims"],
    *[
        "interview",
        "with",
        "in",
        "Monday",
        "via",
        "Source",
        "Via",
        "By",
        "TASS",
        "(Reuters) -",
        "was",
        "closed",
        "сообщает",
    ],
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["en", "ru", "de", None]))
def test_offsets_always_hold_and_nothing_raises(pieces: list[str], language: str | None) -> None:
    article = Article("x", " ".join(pieces), language=language)
    found = ATTRIBUTOR.attribute(article)
    for one in found:
        assert 0 < one.confidence <= 1
        assert one.chain
        assert one.evidence
        for evidence in one.evidence:
            assert article.text[evidence.start : evidence.end] == evidence.text
            assert evidence.start < evidence.end
        for mention in (one.source, one.cue):
            assert mention is None or article.text[mention.span.start : mention.span.end] == mention.text
        for part in one.content:
            assert 0 <= part.start < part.end <= len(article.text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for one in read(text):
        assert all(text[evidence.start : evidence.end] == evidence.text for evidence in one.evidence)


@pytest.mark.parametrize(
    "unit",
    [
        "“",
        '"',
        "said ",
        "“a ” said. ",
        "Ann Cole said ",
        "according to ",
        ", ",
        "x" * 50,
        "(((",
        "a\n",
        "who said that ",
        "'",
    ],
)
def test_a_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    for one in read(text, "en"):
        assert text[one.evidence[0].start : one.evidence[0].end] == one.evidence[0].text


def test_every_cue_file_loads() -> None:
    for language in ("en", "ru", "de"):
        lexicon = load_lexicon(language)
        assert lexicon.verbs
        assert lexicon.relays


def test_a_pronoun_goes_to_the_subject_of_a_sentence_before_where_nobody_has_spoken() -> None:
    text = "Ann Cole has four boats in the harbour and wants them lifted out. “I need a lorry,” she said."
    assert chains(text)[-1] == ("Ann Cole",)
    text = "One of them was loud.\n\nTom Reed, a retired pilot, was making tea. “The siren went,” he told Reuters."
    assert chains(text)[-1] == ("Reuters", "Tom Reed")
    text = "Ann Cole has four boats in the harbour.\n\n“I need a lorry,” she said."
    assert chains(text)[-1] == ("Ann Cole",)


def test_a_pronoun_that_nothing_explains_is_nobody() -> None:
    (found,) = read("“I need a lorry,” she said.")
    assert (found.chain[0].name, found.chain[0].kind) == ("?", "unnamed")


def test_a_plural_role_is_not_the_person_who_spoke_before() -> None:
    text = "Ann Cole said the pier was closed. A search, the officials said, had found nothing."
    assert chains(text) == [("Ann Cole",), ("officials",)]


def test_the_government_is_not_the_organisation_that_spoke_before() -> None:
    text = "The Harbour Board said the pier was closed. The government denied that it was."
    assert chains(text) == [("Harbour Board",), ("government",)]


def test_the_newspaper_is_the_outlet_named_before() -> None:
    text = (
        "The owner denied the report, in a comment to the Harbour Times. "
        "“Somebody is wrong,” spokeswoman Ann Cole told the newspaper."
    )
    assert chains(text)[-1] == ("Harbour Times", "Ann Cole")
    assert chains("Ann Cole told the newspaper that the pier was closed.") == [("Ann Cole",)]


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("Ann Cole told the Courier that the pier was closed.", "en"),
        ("Ann Cole told Easton Courier that the pier was closed.", "en"),
        ("Ann Cole told this newspaper that the pier was closed.", "en"),
        ("Ann Cole told the newspaper that the pier was closed.", "en"),
        ("„Die Brücke ist gesperrt“, sagte Anna Weber unserer Zeitung.", "de"),
    ],
)
def test_the_articles_own_outlet_is_known_by_its_short_forms(told: str, language: str) -> None:
    (found,) = read(told, language, outlet="Easton Courier")
    assert found.chain[0].outlet == "Easton Courier"
    assert len(found.chain) == 2


def test_words_announced_before_a_colon_are_the_announcers() -> None:
    text = "The board would not speak, but the harbour master, Ann Cole, sent us these lines:\n\n“The pier is closed.”"
    (found,) = read(text)
    assert [node.name for node in found.chain] == ["Ann Cole"]
    assert [text[part.start : part.end] for part in found.content] == ["“The pier is closed.”"]
    assert chains("The harbour master, Ann Cole, sent us these lines: “The pier is closed today.”") == [("Ann Cole",)]
    assert read("The harbour master, Ann Cole, sent us these lines:\n\nThe pier is closed.") == []


def test_this_was_said_is_about_the_sentence_before() -> None:
    text = "Die Brücke ist gesperrt. Das meldete die dpa."
    (found,) = read(text, "de")
    assert [text[part.start : part.end] for part in found.content] == ["Die Brücke ist gesperrt."]


def test_what_goes_on_behind_an_aside_is_content_too() -> None:
    text = "The pier had been sold, Ann Cole said, and no price had been given."
    (found,) = read(text)
    assert [text[part.start : part.end] for part in found.content] == [
        "The pier had been sold",
        "no price had been given",
    ]


def test_the_words_of_a_relay_are_no_content() -> None:
    text = "The board denied that the pier was closed, in a comment to Reuters on Friday."
    (found,) = read(text)
    assert text[found.content[0].start : found.content[0].end].rstrip(", ") == "that the pier was closed"


def test_a_source_behind_a_paragraph_relays_what_is_said_in_it() -> None:
    running = (
        "The harbour was closed on Monday, the harbour master Ann Cole said, after a ship had hit the quay at dawn."
    )
    after = "The ferry went on as it had before, from the old pier, and nobody on it had seen anything of the accident."
    text = f"{running} (Source: Reuters)\n\n{after}\n\n{after}"
    found = {one.kind: one for one in read(text)}
    assert found["source-line"].scope == "passage"
    assert [node.name for node in found["verb-after"].chain] == ["Reuters", "Ann Cole"]
