"""Evidence that speaks against a link is shown with it: dates, credits and steps that lead the other way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains.links import link
from provenance.model import Article, Attribution, DateInterval, Evidence, Link, Passage, Source, Span
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
    (shown,) = [shown for shown in found.evidence if shown.rule == "opposite"]
    assert shown.text == " ← ".join((found.downstream, other, found.downstream))
    assert shown.weight < 0


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


def test_a_circle_of_credits_of_one_text_is_shown_on_every_row_between_its_articles(case, report):
    names = ["one", "two", "three"]
    for place, name in enumerate(names):
        source = names[(place + 1) % 3].title()
        made = case.article(name, f"{report} Via {source}", name.title(), 1)
        case.share(0, report, made)
        case.credit(made, f"Via {source}", source)
    outside = case.article("outside", f"{report} Via One", "Outside", 2)
    case.share(0, report, outside)
    case.credit(outside, "Via One", "One")
    found = run(case)
    assert len(found) == 4
    for each in found:
        shown = [(one.text, one.weight < 0) for one in each.evidence if one.rule == "circle"]
        assert shown == ([] if "outside" in each.documents else [("one, three, two", True)])


def test_a_long_circle_is_listed_in_part(case, report):
    names = [f"a{number:02}" for number in range(15)]
    for place, name in enumerate(names):
        source = names[(place + 1) % 15].title()
        made = case.article(name, f"{report} Via {source}", name.title(), 1)
        case.share(0, report, made)
        case.credit(made, f"Via {source}", source)
    shown = [one for each in run(case) for one in each.evidence if one.rule == "circle"]
    assert {one.text for one in shown} == {", ".join([*names[: ChainSettings().maximum_evidence], "…"])}


def test_likeness_that_leads_round_is_no_contradiction(case, report):
    for name in ("one", "two", "three"):
        case.share(0, report, case.article(name, report, name.title()))
    assert {"circle", "opposite"}.isdisjoint(one.rule for each in run(case) for one in each.evidence)


def in_a_circle(credited: list[int | None], start: int) -> set[int]:
    """The articles of the circle that following credits from one leads back to it; empty where it does not."""
    seen, at = {start}, credited[start]
    while at is not None and at != start and at not in seen:
        seen.add(at)
        at = credited[at]
    return seen if at == start and len(seen) > 1 else set()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.integers(0, 6), min_size=2, max_size=7), st.booleans())
def test_rows_between_articles_that_credit_one_another_round_say_so_and_no_others_do(
    drawn: list[int | None], dated: bool
) -> None:
    credited = [None if up is None or up >= len(drawn) or up == place else up for place, up in enumerate(drawn)]
    passage = " ".join(f"word{number}" for number in range(50))
    published = DateInterval("2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z", "day", "metadata") if dated else None
    articles, said, passages = [], [], []
    for place, up in enumerate(credited):
        name = f"d{place}"
        text = passage if up is None else f"{passage} Via Outlet{up}"
        articles.append(Article(name, text, None, f"Outlet{place}", published=published))
        passages.append(Passage(0, name, Span(0, len(passage)), "passage"))
        if up is not None:
            shown = (Evidence(name, len(passage) + 1, len(text), text[len(passage) + 1 :], "via-line"),)
            source = (Source(f"Outlet{up}", "outlet", f"Outlet{up}"),)
            said.append(
                Attribution(name, "document", "via-line", "assert", None, None, (), shown, source, 0.9, "via-line")
            )
    for row in link(articles, [], passages, said, ChainSettings()):
        one, other = (int(name[1:]) for name in row.documents)
        circle = in_a_circle(credited, one)
        rules = [shown.rule for shown in row.evidence if shown.rule in {"opposite", "circle"}]
        if other in circle:
            assert rules == ["opposite" if len(circle) == 2 else "circle"]
        else:
            assert rules == []
