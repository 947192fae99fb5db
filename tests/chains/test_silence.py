from __future__ import annotations

import pytest

from provenance.chains.links import link
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def relations(case):
    found = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    return [(one.downstream, one.relation) for one in found if one.relation != "credit-only"]


@pytest.fixture
def told(prose):
    return prose(7, 80)


def two(case, told, before="", outlet="Post", parent="{}", **more):
    one = case.article("one", parent.format(told), "Herald Institute", 1, more.get("first"))
    two = case.article("two", f"{before}{told}", outlet, 3, more.get("second"))
    case.share(0, told, one, two)
    return one, two


def test_a_later_article_with_the_same_words_and_no_credit_copied_in_silence(case, told):
    two(case, told)
    assert relations(case) == [("two", "uncredited-copy")]


def test_an_uncredited_copy_is_never_among_the_sure_ones(case, told):
    two(case, told)
    (found,) = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    assert found.confidence <= SETTINGS.uncredited_confidence < 0.8


@pytest.mark.parametrize("side", [0, 1])
def test_who_credits_a_source_not_held_may_have_the_words_from_there_and_so_may_the_other(case, told, side):
    both = two(case, f"{told} Agency reports.")
    case.credit(both[side], "Agency reports", ("Agency", "agency"))
    assert relations(case) == [("two", "undetermined")]


def test_words_that_the_earlier_one_lays_into_a_speakers_mouth_may_come_from_the_speaker(case, told):
    one, _ = two(case, told, parent="Tolland spoke. {}")
    case.credit(one, "Tolland spoke", ("Tolland", "person"), scope="passage", content=told)
    assert relations(case) == [("two", "undetermined")]


def test_a_sentence_shared_with_the_words_that_name_its_speaker_is_the_writers(case, prose):
    told = f"{prose(7, 40)} Tolland spoke. {prose(8, 40)}"
    one, _ = two(case, told)
    case.credit(one, "Tolland spoke", ("Tolland", "person"), scope="passage", content=told)
    assert relations(case) == [("two", "uncredited-copy")]


def test_a_few_words_may_have_come_from_anywhere(case, prose):
    told = prose(7, 20)
    one = case.article("one", f"{told} {prose(8, 400)}", "Herald", 1)
    two = case.article("two", f"{told} {prose(9, 400)}", "Post", 3)
    case.share(0, told, one, two)
    assert ("two", "uncredited-copy") not in relations(case)


@pytest.mark.parametrize("before", ["More on the matter:\n\n", "So the Herald study found. "])
def test_words_presented_as_somebodys_are_no_silent_copy(case, told, before):
    two(case, told, before)
    (found,) = link(case.articles, [], case.passages, case.attributions, SETTINGS)
    assert (found.relation, found.credited) == ("credited-copy", True)
    (shown,) = [one for one in found.evidence if one.rule == "marked"]
    assert shown.text == before.strip() == case.articles[1].text[shown.start : shown.end]


def test_a_name_in_a_paragraph_that_has_ended_is_neither_a_credit_nor_silence(case, told):
    two(case, told, "The bridge is closed, the Herald reported.\n\n")
    assert relations(case) == [("two", "undetermined")]


def test_two_articles_of_one_site_do_not_copy_from_each_other(case, told):
    two(case, told, outlet="Anna Berg", first="https://herald.example/1", second="https://herald.example/2")
    assert relations(case) == [("two", "update")]


def test_a_paragraph_carried_over_within_one_house_is_no_link(case, told, prose):
    one = case.article("one", f"{told} {prose(8, 500)}", "Herald", 1)
    two = case.article("two", f"{told} {prose(9, 500)}", "Herald News", 3)
    case.share(0, told, one, two)
    assert relations(case) == []


def test_versions_many_days_apart_must_be_nearly_alike(case, told, prose):
    one = case.article("one", f"{told} {prose(8, 60)}", "Herald", 1)
    near = case.article("near", f"{told} {prose(9, 60)}", "Herald", 3)
    far = case.article("far", f"{told} {prose(9, 60)}", "Herald", 25)
    case.share(0, told, one, near)
    assert relations(case) == [("near", "update")]
    case.articles.remove(near)
    case.passages[:] = [one for one in case.passages if one.document != "near"]
    case.share(0, told, far)
    assert relations(case) == []
