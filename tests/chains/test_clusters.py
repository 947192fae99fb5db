from __future__ import annotations

from provenance.chains.clusters import Weighing
from provenance.chains.grounds import ground
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def test_passages_that_overlap_in_one_article_are_weighed_as_one_text(case, prose):
    first, second, third = prose(1, 30), prose(2, 30), prose(3, 30)
    whole = case.article("whole", f"{first} {second} {third}")
    one = case.article("one", f"{first} {second}")
    two = case.article("two", f"{second} {third}")
    far = case.article("far", prose(4, 30))
    farther = case.article("farther", f"x {prose(4, 30)}")
    case.share(0, f"{first} {second}", whole, one)
    case.share(1, f"{second} {third}", whole, two)
    case.share(5, prose(4, 30), far, farther)
    found = ground(case.articles, [], case.passages, case.attributions, SETTINGS)
    assert found.shared.text_of == {0: 0, 1: 0, 5: 5}
    assert list(found.texts[0]) == ["one", "two", "whole"]


def test_every_copy_has_one_decision_in_the_order_of_the_ids(case, report):
    for name, date in (("b", 2), ("c", 3), ("a", 1)):
        case.share(0, report, case.article(name, report, name.title(), date))
    found = ground(case.articles, [], case.passages, case.attributions, SETTINGS)
    decisions = Weighing(0, found, SETTINGS).decisions
    assert [one.document for one in decisions] == ["a", "b", "c"]
    assert decisions[0].outcome == "root"
    assert (decisions[1].outcome, decisions[1].parent) == ("parent", "a")


def test_a_passage_of_one_article_alone_is_no_text(case, report):
    case.share(0, report, case.article("a", report))
    assert ground(case.articles, [], case.passages, [], SETTINGS).texts == {}
