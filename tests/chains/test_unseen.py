from __future__ import annotations

import pytest

from provenance.chains.names import Outlets, by_id
from provenance.chains.unseen import collect_credits, relevant, unseen_sources
from provenance.errors import NotFoundError
from provenance.model import Article, Attribution, Source, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def collected(case):
    held = by_id(case.articles)
    return collect_credits(held, case.attributions, Outlets(held), SETTINGS)


def test_a_credit_says_who_how_far_and_in_which_words(case):
    article = case.article("a", "Text. RT, citing TASS, said so.")
    case.credit(article, "RT, citing TASS", "RT", "TASS", scope="passage")
    first, second = collected(case)["a"]
    assert (first.name, first.depth, first.whole, first.words) == ("RT", 0, False, (Span(6, 21),))
    assert (second.name, second.depth) == ("TASS", 1)


def test_speakers_collectives_and_the_unnamed_are_no_credit(case):
    article = case.article("a", "Text, they said.")
    for kind in ("person", "organization", "collective", "anonymous", "artefact", "unnamed"):
        case.credit(article, "they said", ("Somebody", kind), scope="passage")
    assert collected(case) == {}


def test_a_speaker_that_publishes_held_articles_is_a_credit(case):
    case.article("release", "We have measured it.", "Environment Ministry")
    article = case.article("a", "The ministry said it had measured it.")
    case.credit(article, "The ministry said", ("Environment Ministry", "organization"), scope="passage")
    (credit,) = collected(case)["a"]
    assert credit.name == "Environment Ministry"
    assert not credit.publisher


def test_a_whole_article_credit_outweighs_a_near_one_and_a_far_one_counts_nothing(case):
    text = "Agency said this. " + "x" * 400 + " tail"
    article = case.article("a", text)
    case.credit(article, "Agency said", "Agency", scope="passage")
    made = collected(case)["a"]
    near = relevant(made, [Span(18, 30)], SETTINGS)
    assert near["agency"].weight == SETTINGS.weight_passage_credit
    assert relevant(made, [Span(len(text) - 4, len(text))], SETTINGS) == {}
    case.credit(article, "Agency said", "Agency")
    whole = relevant(collected(case)["a"], [Span(len(text) - 4, len(text))], SETTINGS)
    assert whole["agency"].weight == SETTINGS.weight_document_credit


def test_a_credit_within_the_passage_and_a_deeper_one_count_less(case):
    article = case.article("a", "(RT, TASS) Text that was copied.")
    case.credit(article, "(RT, TASS)", "RT", "TASS")
    weights = {name: found.weight for name, found in relevant(collected(case)["a"], [Span(0, 32)], SETTINGS).items()}
    assert weights["rt"] == SETTINGS.weight_document_credit * SETTINGS.inherited_credit
    assert weights["tass"] == weights["rt"] * SETTINGS.deeper_credit


def test_an_unseen_source_is_credited_by_a_member_and_is_no_member(case):
    one = case.article("one", "Copied. Via Bulletin", "One")
    two = case.article("two", "Copied. Via One", "Two")
    case.credit(one, "Via Bulletin", "Bulletin")
    case.credit(two, "Via One", "One")
    made = collected(case)
    members = {name: relevant(made[name], [Span(0, 7)], SETTINGS) for name in ("one", "two")}
    found = unseen_sources(members, frozenset({"one", "two"}))
    assert {outlet: sorted(creditors) for outlet, creditors in found.items()} == {"bulletin": ["one"]}


def test_of_very_many_credits_the_whole_article_s_and_the_surest_are_kept(case):
    article = case.article("a", "Agency said. " * 3)
    for index in range(SETTINGS.maximum_credits + 20):
        case.credit(article, "Agency said", "Agency", scope="passage", confidence=index / 1000)
    case.credit(article, "Agency said", "Bulletin", confidence=0.1)
    made = collected(case)["a"]
    assert len(made) == SETTINGS.maximum_credits
    assert made[0].name == "Bulletin"
    assert min(credit.confidence for credit in made[1:]) > 0.02


def test_an_attribution_of_an_unknown_article_is_refused():
    said = Attribution("ghost", "document", "x", "assert", None, None, (), (), (Source("A", "outlet"),), 0.5, "x")
    with pytest.raises(NotFoundError, match=r"^ghost"):
        collect_credits({"a": Article("a", "x")}, [said], Outlets({"a": Article("a", "x")}), SETTINGS)
