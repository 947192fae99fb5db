from __future__ import annotations

import random
from pathlib import Path

import pytest

from provenance.chains import chains, link, trace
from provenance.errors import NotFoundError, ProvenanceError
from provenance.model import Article, Passage, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()
SEEDS = Path(__file__).parents[2] / "seeds"
CLAIM = "US instructors train former ISIS members as the New Syrian Army"
SPILL = "About 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven"


def traced(case, **query):
    links = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    found = chains(case.articles, case.attributions, links, SETTINGS)
    return trace(case.articles, case.passages, case.attributions, links, found, SETTINGS, **query)


def filler(case, count=12):
    for index in range(count):
        case.article(f"zz{index:02}", f"The council of town {index} met about the budget and about the old bridge.")


def spill(case):
    told = "About 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven on Tuesday, the port said."
    edited = "Some 400 tonnes of heavy fuel oil leaked into the harbour of Skelhaven, the port authority said."
    agency = case.article("agency", told, "Agency", 1)
    paper = case.article("paper", f"{told} Via Agency", "Paper", 2)
    beacon = case.article("beacon", edited, "Beacon", 4)
    case.share(0, told, agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    port = ("Skelhaven port", "organization")
    for article in (agency, paper):
        case.credit(article, "the port said", port, scope="passage", content=told[:80])
    case.credit(beacon, "the port authority said", port, scope="passage", content=edited[:70])
    filler(case)


def test_the_three_answers_stay_apart_and_are_decided_where_the_collection_decides(case):
    spill(case)
    found = traced(case, text=SPILL)
    assert [one.document for one in found.tellings] == ["agency", "paper", "beacon"]
    assert (found.earliest_held.document, found.earliest_held.decided) == ("agency", True)
    assert (found.earliest_credited.name, found.earliest_credited.decided) == ("Agency", True)
    assert (found.ultimate_speaker.name, found.ultimate_speaker.decided) == ("Skelhaven port", True)
    assert found.earliest_credited.evidence[0].text == "Via Agency"
    assert [one.value for one in found.rival_figures] == ["40", "400"]
    assert [(one.upstream, one.downstream) for one in found.links] == [("agency", "paper")]


def test_every_telling_shows_its_sentences_and_why_it_is_one(case):
    spill(case)
    texts = {article.id: article.text for article in case.articles}
    for telling in traced(case, text=SPILL).tellings:
        assert telling.evidence
        assert all(texts[one.document][one.start : one.end] == one.text for one in telling.evidence)
        assert "Skelhaven" in " ".join(telling.why)
        assert 0.0 < telling.share <= 1.0


def test_an_undated_telling_may_be_the_earliest(case):
    spill(case)
    case.article("sheet", "Forty or 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven.")
    found = traced(case, text=SPILL)
    assert found.undated == ("sheet",)
    assert found.tellings[-1].document == "sheet"
    assert (found.earliest_held.document, found.earliest_held.decided) == ("agency", False)
    assert found.earliest_held.candidates == ("sheet",)


def test_an_undated_copy_of_a_dated_article_leaves_the_answer_decided(case):
    spill(case)
    agency = case.articles[0]
    copy = case.article("copy", f"{agency.text} Source: Agency")
    case.share(0, agency.text, copy)
    case.credit(copy, "Source: Agency", "Agency")
    found = traced(case, text=SPILL)
    assert found.undated == ("copy",)
    assert found.earliest_held.decided


def test_two_tellings_of_one_day_leave_the_earliest_open(case):
    spill(case)
    case.article("rival", "The port: 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven.", "Rival", 1)
    found = traced(case, text=SPILL)
    assert not found.earliest_held.decided
    assert found.earliest_held.candidates == ("agency", "rival")


def test_rival_speakers_are_listed_and_not_settled(case):
    spill(case)
    other = case.article(
        "other", "40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven, Tolland said.", "O", 6
    )
    case.credit(other, "Tolland said", ("Tolland", "person"), scope="passage", content=other.text[:60])
    found = traced(case, text=SPILL)
    assert not found.ultimate_speaker.decided
    assert set(found.ultimate_speaker.candidates) == {"Skelhaven port", "Tolland"}


def test_who_denies_it_is_listed_and_is_not_its_speaker(case):
    spill(case)
    text = (
        "The port said 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven. "
        "Sunmere denied that heavy oil had leaked into the harbour, in a comment to Daily. Rain fell, Sunmere said."
    )
    denial = case.article("denial", text, "Ledger", 7)
    sunmere = ("Sunmere", "organization")
    case.credit(
        denial,
        "in a comment to Daily",
        "Daily",
        sunmere,
        scope="passage",
        content="heavy oil had leaked",
        stance="deny",
    )
    case.credit(denial, "Sunmere said", sunmere, scope="passage", content="Rain fell")
    found = traced(case, text=SPILL)
    assert [(one.document, one.by, one.through) for one in found.denials] == [("denial", "Sunmere", "Daily")]
    assert found.ultimate_speaker.name == "Skelhaven port"
    assert found.earliest_credited.name == "Agency"


def test_a_denial_of_something_else_is_not_listed(case):
    spill(case)
    other = case.article("other", "The mayor denied that the bridge was closed. He said so twice.", "O", 3)
    case.credit(
        other,
        "The mayor denied",
        ("the mayor", "person"),
        scope="passage",
        content="the bridge was closed",
        stance="deny",
    )
    assert traced(case, text=SPILL).denials == ()


def test_a_claim_that_nobody_tells_is_answered_so(case):
    spill(case)
    found = traced(case, text="Penguins elected a bishop in Antarctica")
    assert found.tellings == ()
    for answer in (found.earliest_held, found.earliest_credited, found.ultimate_speaker):
        assert not answer.decided
        assert answer.name == ""
        assert answer.why


def test_a_passage_of_an_article_brings_the_copies_of_that_passage(case, prose):
    shared = prose(2, 30)
    one = case.article("one", f"Before. {shared}", "One", 1)
    two = case.article("two", f"{shared} Behind.", "Two", 2)
    case.share(0, shared, one, two)
    filler(case)
    found = traced(case, document="two", span=Span(0, 40))
    assert {telling.document for telling in found.tellings} == {"one", "two"}
    assert all(telling.clusters == (0,) for telling in found.tellings)


def test_an_article_is_traced_by_its_headline_and_first_paragraph(case):
    spill(case)
    found = traced(case, document="paper")
    assert found.query.startswith("Paper About 40 tonnes")
    assert {"agency", "paper"} <= {telling.document for telling in found.tellings}


def test_a_trace_does_not_depend_on_the_order_of_the_input(case):
    spill(case)
    links = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    found = chains(case.articles, case.attributions, links, SETTINGS)
    expected = trace(case.articles, case.passages, case.attributions, links, found, SETTINGS, text=SPILL)
    for seed in range(4):
        mixed = random.Random(seed)
        given = [case.articles, case.passages, case.attributions, links, found]
        shuffled = [mixed.sample(list(part), len(part)) for part in given]
        assert trace(*shuffled, SETTINGS, text=SPILL) == expected


@pytest.mark.parametrize("query", [{}, {"text": "a", "document": "b"}])
def test_a_trace_needs_a_text_or_an_article(query):
    with pytest.raises(ProvenanceError, match="needs a text or an article"):
        trace([], [], [], [], [], SETTINGS, **query)


def test_a_claim_without_a_word_is_refused():
    with pytest.raises(ProvenanceError, match="no word to look for"):
        trace([], [], [], [], [], SETTINGS, text=" … ")


def test_an_article_or_span_that_is_not_held_is_named():
    with pytest.raises(NotFoundError, match=r"^ghost"):
        trace([], [], [], [], [], SETTINGS, document="ghost")
    with pytest.raises(NotFoundError, match=r"^a: span 3:99"):
        trace([Article("a", "short")], [], [], [], [], SETTINGS, document="a", span=Span(3, 99))
    ghost = Passage(0, "ghost", Span(0, 1), "copy")
    with pytest.raises(NotFoundError, match=r"^ghost: a passage"):
        trace([], [ghost], [], [], [], SETTINGS, text="rain")


def test_hostile_texts_are_traced_in_bounded_work(case):
    case.article("a", "tanker. " * 30_000)
    case.article("b", "tanker " * 30_000)
    case.article("c", "40 tonnes " * 20_000)
    case.article("d", "x" * 200_000)
    found = traced(case, text="A tanker lost 40 tonnes")
    assert all(len(one.evidence) <= SETTINGS.maximum_windows for one in found.tellings)


def test_two_seeds_tell_of_the_new_syrian_army_with_one_figure_and_no_arrow(case):
    for path in sorted(SEEDS.glob("*.txt")):
        case.article(path.name, path.read_text(encoding="utf-8"))
    first, last = case.articles[0], case.articles[4]
    centre = ("Russian center for reconciliation", "organization")
    case.credit(
        first,
        "according to the Russian state-run news agency",
        ("TASS", "agency"),
        centre,
        scope="passage",
        content="The U.S. instructors of the Special Operations Command tie up separate groups of militants",
    )
    gerasimov = "after the training former Daesh terrorists would become members of the so-called New Syrian Army"
    case.credit(
        last,
        "Gerasimov assumed",
        ("Valery Gerasimov", "person"),
        scope="passage",
        content=gerasimov,
        stance="conjecture",
    )
    case.credit(
        last,
        "in a comment to Sputnik",
        "Sputnik",
        ("Pentagon", "organization"),
        scope="passage",
        content="claims by a Russian military commander that it trained Islamists in Syria",
        stance="deny",
    )
    found = traced(case, text=CLAIM)
    assert {one.document for one in found.tellings} == {first.id, last.id}
    assert "750" in {one.value for one in found.common_figures}
    assert found.links == ()
    assert set(found.undated) == {first.id, last.id}
    assert found.earliest_credited.name == "TASS"
    assert set(found.ultimate_speaker.candidates) == {"Russian center for reconciliation", "Valery Gerasimov"}
    assert [(one.by, one.through) for one in found.denials] == [("Pentagon", "Sputnik")]
