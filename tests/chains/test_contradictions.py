"""Evidence that speaks against a link is shown with it: dates, credits and steps that lead the other way."""

from __future__ import annotations

from provenance.chains.links import link
from provenance.model import Link
from provenance.settings import ChainSettings


def run(case) -> list[Link]:
    return link(case.articles, [], case.passages, case.attributions, ChainSettings())


def weights(found: Link, rule: str) -> list[float]:
    return [one.weight for one in found.evidence if one.rule == rule]


def test_a_credit_of_a_later_article_shows_the_dates_against_it(case, report):
    agency = case.article("agency", report, "Agency", 9)
    paper = case.article("paper", f"{report} Via Agency", "Paper", 1)
    case.share(0, report, agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    (found,) = run(case)
    (weight,) = weights(found, "later")
    assert weight < 0
    assert sum(weights(found, "document-credit")) > 0


def test_two_that_credit_each_other_show_both_credits(case, report):
    one = case.article("one", f"{report} Via Two", "One", 1)
    two = case.article("two", f"{report} Via One", "Two", 1)
    case.share(0, report, one, two)
    case.credit(one, "Via Two", "Two")
    case.credit(two, "Via One", "One")
    (found,) = run(case)
    assert found.relation == "undetermined"
    assert sum(weights(found, "document-credit")) == -sum(weights(found, "credited-back")) > 0
    against = [shown for shown in found.evidence if shown.rule == "credited-back"]
    other = "one" if found.downstream == "two" else "two"
    assert [(shown.document, shown.text) for shown in against] == [(other, f"Via {found.downstream.title()}")]


def test_nothing_is_against_a_link_that_nothing_contradicts(case, report):
    agency = case.article("agency", report, "Agency", 1)
    paper = case.article("paper", f"{report} Via Agency", "Paper", 2)
    case.share(0, report, agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    (found,) = run(case)
    assert min(one.weight for one in found.evidence) >= 0
    assert {"credited-back", "opposite", "circle", "later"}.isdisjoint(one.rule for one in found.evidence)


def test_articles_that_have_different_texts_from_each_other_say_so(case, prose):
    first, second, between = prose(1, 60), prose(2, 60), prose(3, 400)
    one = case.article("one", f"{first} Via Two\n\n{between}\n\n{second}", "One", 1)
    two = case.article("two", f"{first}\n\n{prose(4, 400)}\n\n{second} Via One", "Two", 1)
    case.share(0, first, one, two)
    case.share(1, second, one, two)
    case.credit(one, "Via Two", "Two", scope="passage", content=first)
    case.credit(two, "Via One", "One", scope="passage", content=second)
    (found,) = run(case)
    assert found.relation == "undetermined"
    (weight,) = weights(found, "opposite")
    assert weight < 0
    (shown,) = [each for each in found.evidence if each.rule == "opposite"]
    assert set(shown.text.split(" ← ")) == {"one", "two"}


def test_a_circle_over_several_texts_is_shown(case, prose):
    texts = [prose(number, 60) for number in (1, 2, 3)]
    names = ["one", "two", "three"]
    for place, name in enumerate(names):
        taken, given = texts[place], texts[place - 1]
        source = names[(place + 1) % 3].title()
        text = f"{taken} Via {source}\n\n{prose(10 + place, 400)}\n\n{given}"
        made = case.article(name, text, name.title(), 1)
        case.share(place, taken, made)
        case.share((place - 1) % 3, given, made)
        case.credit(made, f"Via {source}", source, scope="passage", content=taken)
    found = run(case)
    assert found
    for each in found:
        (shown,) = [one for one in each.evidence if one.rule == "circle"]
        assert shown.text == "one, three, two"
        assert shown.weight < 0
