from __future__ import annotations

import dataclasses
import random

import pytest

from provenance.chains import chains, link
from provenance.errors import NotFoundError
from provenance.model import Attribution, Source, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def resolved(case):
    links = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    return chains(case.articles, case.attributions, links, SETTINGS)


def names(found, document):
    return [[hop.name for hop in chain.hops] for chain in found if chain.document == document]


CENTRE = ("Russian centre", "organization")


def test_a_chain_is_what_the_attribution_says_where_nothing_is_added(case):
    article = case.article("a", "SANA, citing locals, reported that a convoy left.")
    case.credit(
        article,
        "SANA, citing locals",
        "SANA",
        ("locals", "collective"),
        scope="passage",
        content="a convoy left",
        confidence=0.8,
    )
    (found,) = resolved(case)
    assert [hop.name for hop in found.hops] == ["SANA", "locals"]
    assert [hop.relation for hop in found.hops] == ["attribution", "attribution"]
    assert found.claim_text == "a convoy left" == article.text[found.claim.start : found.claim.end]
    assert found.confidence == 0.8


def test_no_chain_rests_on_an_attitude(case):
    article = case.article("a", "The Courier hopes the pier will open.")
    made = case.credit(article, "The Courier hopes", "Courier", scope="passage", content="the pier will open")
    assert names(resolved(case), "a") == [["Courier"]]
    case.attributions[:] = [dataclasses.replace(made, kind="attitude")]
    assert resolved(case) == []
    assert link(case.articles, [], case.passages, case.attributions, SETTINGS) == []


def test_the_outlet_of_the_whole_article_stands_in_front(case):
    article = case.article("a", "Via The Cradle\n\nA camp was opened, an overseer told Rudaw. It was cold.")
    case.credit(article, "Via The Cradle", "The Cradle", confidence=0.9)
    case.credit(
        article,
        "an overseer told Rudaw",
        "Rudaw",
        ("an overseer", "anonymous"),
        scope="passage",
        content="A camp was opened",
        confidence=0.5,
    )
    whole, said = resolved(case)
    assert whole.claim is None
    assert [hop.name for hop in whole.hops] == ["The Cradle"]
    assert [hop.name for hop in said.hops] == ["The Cradle", "Rudaw", "an overseer"]
    assert said.hops[0].relation == "document-credit"
    assert said.hops[0].evidence[0].text == "Via The Cradle"
    assert said.confidence == pytest.approx(0.45)


def test_an_outlet_already_named_is_not_put_in_front_again(case):
    article = case.article("a", "Via Rudaw. A camp was opened, an overseer told Rudaw.")
    case.credit(article, "Via Rudaw", "Rudaw")
    case.credit(article, "told Rudaw", "Rudaw", ("an overseer", "anonymous"), scope="passage", content="A camp")
    assert names(resolved(case), "a") == [["Rudaw"], ["Rudaw", "an overseer"]]


def test_two_outlets_credited_for_the_whole_article_put_neither_in_front(case):
    article = case.article("a", "Sources: One; Two. Rain fell, Tolland said.")
    case.credit(article, "One", "One")
    case.credit(article, "Two", "Two")
    case.credit(article, "Tolland said", ("Tolland", "person"), scope="passage", content="Rain fell")
    assert ["Tolland"] in names(resolved(case), "a")


def test_an_outlet_that_reprints_an_agency_stands_before_it(case):
    article = case.article("a", "MOSCOW (TASS) Rain fell, Tolland said. Via Monitor")
    case.credit(article, "(TASS)", ("TASS", "agency"))
    case.credit(article, "Via Monitor", "Monitor")
    case.credit(article, "Tolland said", ("Tolland", "person"), scope="passage", content="Rain fell")
    assert ["Monitor", "TASS", "Tolland"] in names(resolved(case), "a")


def test_a_speaker_heard_through_one_outlet_elsewhere_is_heard_through_it(case):
    article = case.article("a", "Terror is trained, the Russian centre said. More, the centre said, according to TASS.")
    case.credit(article, "the Russian centre said", CENTRE, scope="passage", content="Terror is trained")
    case.credit(article, "the centre said, according to TASS", "TASS", CENTRE, scope="passage", content="More")
    first, second = resolved(case)
    assert [hop.name for hop in first.hops] == ["TASS", "Russian centre"]
    assert first.hops[0].relation == "relay-elsewhere"
    assert first.hops[0].evidence[0].text == "the centre said, according to TASS"
    assert [hop.name for hop in second.hops] == ["TASS", "Russian centre"]
    assert first.confidence < second.confidence


def test_a_speaker_heard_through_two_outlets_is_left_alone(case):
    article = case.article("a", "Rain, Tolland said. Snow, Tolland told RT. Hail, Tolland told Rudaw.")
    speaker = ("Tolland", "person")
    case.credit(article, "Tolland said", speaker, scope="passage", content="Rain")
    case.credit(article, "Tolland told RT", "RT", speaker, scope="passage", content="Snow")
    case.credit(article, "Tolland told Rudaw", "Rudaw", speaker, scope="passage", content="Hail")
    assert names(resolved(case), "a")[0] == ["Tolland"]


def test_collective_and_anonymous_speakers_are_not_heard_elsewhere(case):
    article = case.article("a", "Rain, refugees said. Snow, refugees told RT.")
    speaker = ("refugees", "collective")
    case.credit(article, "refugees said", speaker, scope="passage", content="Rain")
    case.credit(article, "refugees told RT", "RT", speaker, scope="passage", content="Snow")
    assert names(resolved(case), "a")[0] == ["refugees"]


def three_outlets(case):
    claim = "the Marit Eline could not be trusted to answer her helm at night"
    body = f"Pilots warned that {claim}, Rolf Aske told The Breakwater. {case.words}"
    head = case.article("head", body, "The Breakwater", 1)
    middle = case.article("middle", f"{body}\n\nVia The Breakwater", "Monitor", 2)
    last = case.article("last", f"{body}\n\n(via Monitor)", "Voice", 3)
    case.share(0, body, head, middle, last)
    case.credit(middle, "Via The Breakwater", "The Breakwater")
    case.credit(last, "(via Monitor)", "Monitor")
    for article in (head, middle, last):
        case.credit(
            article,
            "Rolf Aske told The Breakwater",
            "The Breakwater",
            ("Rolf Aske", "person"),
            scope="passage",
            content=claim,
        )
    return last


def test_a_chain_goes_on_through_held_articles_and_names_them(case, report):
    case.words = report
    three_outlets(case)
    found = resolved(case)
    assert names(found, "head") == [["Rolf Aske"]]
    assert ["The Breakwater", "Rolf Aske"] in names(found, "middle")
    (said,) = [chain for chain in found if chain.document == "last" and chain.claim]
    assert [(hop.name, hop.document) for hop in said.hops] == [
        ("Monitor", "middle"),
        ("The Breakwater", "head"),
        ("Rolf Aske", None),
    ]
    (whole,) = [chain for chain in found if chain.document == "last" and chain.claim is None]
    assert [(hop.name, hop.document) for hop in whole.hops] == [("Monitor", "middle"), ("The Breakwater", "head")]
    assert whole.confidence < 0.9


def test_an_article_s_own_words_are_not_the_credited_outlet_s(case, report):
    agency = case.article("agency", f"{report} said Tolland.", "Agency", 1)
    own = "School stays shut on Wednesday because of the smell"
    paper = case.article("paper", f"{report} said Tolland. {own}, Lise Corran said. Via Agency", "Courier", 2)
    case.share(0, f"{report} said Tolland.", agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    case.credit(paper, "said Tolland", ("Tolland", "person"), scope="passage", content=report)
    case.credit(paper, "Lise Corran said", ("Lise Corran", "person"), scope="passage", content=own)
    found = names(resolved(case), "paper")
    assert ["Agency", "Tolland"] in found
    assert ["Lise Corran"] in found


def test_an_article_s_own_outlet_is_no_hop(case):
    article = case.article("a", "Rain, Tolland told the Post.", "Post")
    case.credit(article, "Tolland told the Post", "Post", ("Tolland", "person"), scope="passage", content="Rain")
    assert names(resolved(case), "a") == [["Tolland"]]


def test_two_that_credit_each_other_do_not_send_a_chain_round_in_circles(case, report):
    one = case.article("one", f"{report} Via Two", "One", 1)
    two = case.article("two", f"{report} Via One", "Two", 2)
    case.share(0, report, one, two)
    case.credit(one, "Via Two", "Two")
    case.credit(two, "Via One", "One")
    assert all(len(chain.hops) <= 2 for chain in resolved(case))


def test_a_claim_without_marked_content_is_where_its_words_are(case):
    article = case.article("a", "Tolland spoke.")
    case.credit(article, "Tolland spoke", ("Tolland", "person"), scope="passage")
    (found,) = resolved(case)
    assert found.claim == Span(0, 13)


def test_attributions_that_name_nobody_make_no_chain(case):
    article = case.article("a", "It was said.")
    case.credit(article, "It was said", scope="passage")
    assert resolved(case) == []


def test_chains_do_not_depend_on_the_order_of_the_input(case, report):
    case.words = report
    three_outlets(case)
    links = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    expected = chains(case.articles, case.attributions, links, SETTINGS)
    for seed in range(5):
        mixed = random.Random(seed)
        parts = [mixed.sample(part, len(part)) for part in (case.articles, case.attributions, links)]
        assert chains(*parts, SETTINGS) == expected


def test_an_attribution_of_an_unknown_article_is_refused(case):
    said = Attribution("ghost", "document", "x", "assert", None, None, (), (), (Source("A", "outlet"),), 0.5, "x")
    with pytest.raises(NotFoundError, match=r"^ghost"):
        chains([], [said], [], SETTINGS)


def test_a_speaker_that_nothing_names_ends_no_chain(case):
    article = case.article("a", "Rain fell, she told Rudaw. It was cold, he said.")
    case.credit(article, "she told Rudaw", "Rudaw", ("?", "unnamed"), scope="passage", content="Rain fell")
    case.credit(article, "he said", ("?", "unnamed"), scope="passage", content="It was cold")
    assert names(resolved(case), "a") == [["Rudaw"]]
