"""How articles that share text stand to each other."""

from __future__ import annotations

import pytest

from provenance.chains import link
from provenance.errors import NotFoundError, ProvenanceError
from provenance.model import Article, Attribution, Match, Passage, Source, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def run(case, matches=()):
    return link(case.articles, list(matches), case.passages, case.attributions, SETTINGS)


def test_a_reprint_that_credits_a_held_agency_is_its_credited_copy(case, report):
    agency = case.article("agency", report, "Norrland Press Agency", 1)
    paper = case.article("paper", f"{report}\n\nVia Norrland Press Agency", "Post", 2)
    case.share(0, report, agency, paper)
    case.credit(paper, "Via Norrland Press Agency", "Norrland Press Agency")
    (found,) = run(case)
    assert (found.downstream, found.upstream, found.relation, found.credited) == (
        "paper",
        "agency",
        "credited-copy",
        True,
    )
    assert found.upstream_name == "Norrland Press Agency"
    assert found.documents == ("agency", "paper")
    assert found.clusters == (0,)
    assert {one.rule for one in found.evidence} >= {"coverage", "shared", "document-credit", "earlier"}
    assert found.confidence > 0.9


def test_all_evidence_of_a_link_quotes_its_article(case, report):
    agency = case.article("agency", f"A line before. {report}", "Agency", 1)
    paper = case.article("paper", f"{report} Via Agency", "Post", 2)
    case.share(0, report, agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    texts = {article.id: article.text for article in case.articles}
    shown = [one for found in run(case) for one in found.evidence if one.where == "text"]
    assert len(shown) >= 3
    assert all(texts[one.document][one.start : one.end] == one.text for one in shown)


def test_a_later_copy_without_credit_is_an_uncredited_copy(case, report, rows):
    first = case.article("first", report, "Herald", 1)
    second = case.article("second", report, "Echo", 3)
    case.share(0, report, first, second)
    assert rows(run(case)) == [("second", "first", "Herald", "uncredited-copy")]


def test_two_dates_of_one_day_do_not_decide(case, report):
    first = case.article("first", report, "Herald", 1)
    second = case.article("second", report, "Echo", 1)
    case.share(0, report, first, second)
    (found,) = run(case)
    assert (found.relation, found.upstream, found.documents) == ("undetermined", None, ("first", "second"))
    assert found.downstream == "second"
    assert not found.directed


def test_undated_copies_without_credit_are_undetermined_and_make_one_row_each_beyond_the_first(case, report):
    held = [case.article(name, report, name.title()) for name in "abcd"]
    case.share(0, report, *held)
    found = run(case)
    assert [one.relation for one in found] == ["undetermined"] * 3
    assert len({one.documents for one in found}) == 3


def test_siblings_are_linked_to_the_report_and_not_to_each_other(case, report, rows):
    agency = case.article("agency", report, "Agency", 1)
    one = case.article("one", f"{report} Source: Agency", "One", 2)
    two = case.article("two", f"{report} Via Agency", "Two", 3)
    case.share(0, report, agency, one, two)
    case.credit(one, "Source: Agency", "Agency")
    case.credit(two, "Via Agency", "Agency")
    assert rows(run(case)) == [
        ("one", "agency", "Agency", "credited-copy"),
        ("two", "agency", "Agency", "credited-copy"),
    ]


def test_a_via_chain_has_no_link_that_skips_the_middle(case, report, rows):
    head = case.article("head", report, "Breakwater", 1)
    middle = case.article("middle", f"{report} Via Breakwater", "Monitor", 2)
    last = case.article("last", f"{report} (via Monitor)", "Voice", 3)
    case.share(0, report, head, middle, last)
    case.credit(middle, "Via Breakwater", "Breakwater")
    case.credit(last, "(via Monitor)", "Monitor")
    assert rows(run(case)) == [
        ("last", "middle", "Monitor", "credited-copy"),
        ("middle", "head", "Breakwater", "credited-copy"),
    ]


def test_a_credit_inside_the_copied_text_counts_less_than_one_beside_it(case, report, rows):
    tagged = f"{report} as the agency (Agency) said {report[::-1]}"
    head = case.article("head", tagged, "Agency", 1)
    middle = case.article("middle", tagged, "Monitor", 2)
    last = case.article("last", f"{tagged} Via Monitor", "Voice", 3)
    case.share(0, tagged, head, middle, last)
    case.credit(middle, "(Agency)", "Agency")
    case.credit(last, "(Agency)", "Agency")
    case.credit(last, "Via Monitor", "Monitor")
    assert rows(run(case)) == [
        ("last", "middle", "Monitor", "credited-copy"),
        ("middle", "head", "Agency", "credited-copy"),
    ]


def test_a_later_version_by_the_same_outlet_is_an_update_even_where_it_credits_the_agency(case, report, prose, rows):
    agency = case.article("agency", report, "Agency", 1)
    first = case.article("first", f"{report} Via Agency", "Courier", 2)
    later = case.article("later", f"{report} {prose(7, 20)} Via Agency", "Courier", 3)
    case.share(0, report, agency, first, later)
    case.credit(first, "Via Agency", "Agency")
    case.credit(later, "Via Agency", "Agency")
    assert rows(run(case)) == [
        ("first", "agency", "Agency", "credited-copy"),
        ("later", "first", "Courier", "update"),
    ]


def test_articles_of_one_outlet_that_share_little_are_no_update(case, report, prose):
    one = case.article("one", f"{report} {prose(3, 400)}", "Courier", 1)
    two = case.article("two", f"{report} {prose(4, 400)}", "Courier", 2)
    case.share(0, report, one, two)
    assert run(case) == []


def test_furniture_makes_no_link(case, report):
    one = case.article("one", report, "Courier", 1)
    two = case.article("two", report, "Echo", 2)
    case.share(0, report, one, two, kind="furniture")
    assert run(case) == []


def test_sharing_nothing_but_a_quotation_is_no_copy_and_names_the_speaker(case, report, prose):
    quote = prose(9, 30)
    agency = case.article("agency", f"{report} {quote}", "Agency", 1)
    copy = case.article("copy", f"{report} {quote}", "Post", 2)
    radio = case.article("radio", f"{prose(5, 50)} Ingrid said: {quote}", "Radio", 3)
    case.share(0, report, agency, copy)
    case.share(1, quote, agency, copy, radio, kind="quotation")
    case.credit(radio, "Ingrid said", ("Ingrid Tolland", "person"), scope="passage", content=quote)
    found = {one.downstream: one for one in run(case)}
    assert found["radio"].relation == "quotation"
    assert found["radio"].upstream is None
    assert found["radio"].upstream_name == "Ingrid Tolland"
    assert found["radio"].documents == ("agency", "radio")
    assert found["copy"].relation == "uncredited-copy"
    assert len(found) == 2


def test_of_two_that_share_only_a_quotation_one_row_is_made(case, prose):
    quote = prose(9, 30)
    one = case.article("one", f"{prose(1, 30)} {quote}", "One", 2)
    two = case.article("two", f"{prose(2, 30)} {quote}", "Two", 1)
    case.share(0, quote, one, two, kind="quotation")
    (found,) = run(case)
    assert (found.relation, found.downstream, found.documents) == ("quotation", "one", ("one", "two"))


def test_credit_beats_a_timestamp_and_both_are_shown(case, report):
    agency = case.article("agency", report, "Agency", 5)
    paper = case.article("paper", f"{report} Via Agency", "Post", 2)
    case.share(0, report, agency, paper)
    case.credit(paper, "Via Agency", "Agency")
    (found,) = run(case)
    assert (found.upstream, found.downstream, found.relation) == ("agency", "paper", "credited-copy")
    weights = {one.rule: one.weight for one in found.evidence if one.weight}
    assert weights["document-credit"] > 0 > weights["later"]
    assert found.confidence < 0.8


def test_a_sentence_credit_against_the_dates_decides_nothing(case, report):
    agency = case.article("agency", report, "Agency", 5)
    paper = case.article("paper", f"{report} Agency said.", "Post", 2)
    case.share(0, report, agency, paper)
    case.credit(paper, "Agency said", "Agency", scope="passage", content=report)
    (found,) = run(case)
    assert found.relation == "undetermined"
    assert found.credited


def test_two_that_credit_each_other_are_undetermined(case, report):
    one = case.article("one", f"{report} Via Two", "One", 1)
    two = case.article("two", f"{report} Via One", "Two", 1)
    case.share(0, report, one, two)
    case.credit(one, "Via Two", "Two")
    case.credit(two, "Via One", "One")
    (found,) = run(case)
    assert (found.relation, found.documents) == ("undetermined", ("one", "two"))


def test_a_circle_of_credits_makes_no_circle_of_links(case, report):
    names = ["One", "Two", "Three"]
    for name, credited in zip(names, names[1:] + names[:1], strict=True):
        article = case.article(name.lower(), f"{report} Via {credited}", name, 1)
        case.share(0, report, article)
        case.credit(article, f"Via {credited}", credited)
    found = [one for one in run(case) if one.directed and one.upstream]
    assert len({(one.downstream, one.upstream) for one in found}) < 3


def test_a_misprint_shared_with_a_reprint_names_the_reprint(case, report, rows):
    parts = report.split(" ")
    parts[30] = "hydrualic"
    misprinted = " ".join(parts)
    agency = case.article("agency", report, "Agency", 1)
    gazette = case.article("gazette", f"{misprinted} Via Agency", "Gazette", 2)
    online = case.article("online", misprinted, "Online", 3)
    beacon = case.article("beacon", report, "Beacon", 3)
    case.share(0, report, agency, beacon)
    case.share(0, misprinted, gazette, online)
    case.credit(gazette, "Via Agency", "Agency")
    found = run(case)
    assert rows(found) == [
        ("beacon", "agency", "Agency", "uncredited-copy"),
        ("gazette", "agency", "Agency", "credited-copy"),
        ("online", "gazette", "Gazette", "uncredited-copy"),
    ]
    shown = [one for one in found[2].evidence if one.rule == "peculiarity"]
    assert [one.text for one in shown] == ["hydrualic"]


def test_an_article_takes_one_text_from_one_place_over_all_its_passages(case, prose, rows):
    first, second = prose(1, 60), prose(2, 60)
    agency = case.article("agency", f"{first}\n\n{second}", "Agency", 1)
    reprint = case.article("reprint", f"{first} Via Agency", "Reprint", 2)
    feature = case.article("feature", f"{prose(3, 100)}\n\n{first}\n\n{prose(4, 90)}\n\n{second}", "Ledger", 3)
    case.share(0, first, agency, reprint, feature)
    case.share(1, second, agency, feature)
    case.credit(reprint, "Via Agency", "Agency")
    assert rows(run(case)) == [
        ("feature", "agency", "Agency", "uncredited-copy"),
        ("reprint", "agency", "Agency", "credited-copy"),
    ]


def test_an_article_that_mixes_two_texts_has_two_parents(case, prose, rows):
    first, second = prose(1, 60), prose(2, 60)
    one = case.article("one", first, "One", 1)
    two = case.article("two", second, "Two", 1)
    mix = case.article("mix", f"{first}\n\n{second}", "Mix", 3)
    case.share(0, first, one, mix)
    case.share(1, second, two, mix)
    assert rows(run(case)) == [
        ("mix", "one", "One", "uncredited-copy"),
        ("mix", "two", "Two", "uncredited-copy"),
    ]


def test_a_few_words_in_common_accuse_nobody(case, prose):
    phrase = prose(1, 9)
    one = case.article("one", f"{phrase} {prose(2, 90)}", "One", 1)
    two = case.article("two", f"{prose(3, 90)} {phrase}", "Two", 3)
    case.share(0, phrase, one, two)
    (found,) = run(case)
    assert found.relation == "undetermined"


def test_copies_of_different_parts_of_a_passage_are_not_linked(case, prose):
    first, second = prose(1, 60), prose(2, 60)
    agency = case.article("agency", f"{first} {second}", "Agency", 1)
    one = case.article("one", first, "One", 2)
    two = case.article("two", second, "Two", 3)
    case.share(0, f"{first} {second}", agency)
    case.copy(0, one, first)
    case.copy(0, two, second)
    assert all(found.documents != ("one", "two") for found in run(case))


def test_the_stretches_that_two_articles_share_are_those_of_their_match(case, report, prose):
    one = case.article("one", f"{report} {prose(3, 30)}", "One", 1)
    two = case.article("two", f"{report} {prose(4, 30)}", "Two", 2)
    case.copy(0, one, one.text)
    case.copy(0, two, two.text)
    span = Span(0, len(report))
    (found,) = run(case, [Match("one", span, "two", span, 1.0, "passage", 0)])
    assert [(each.document, each.text) for each in found.evidence if each.rule in {"coverage", "shared"}] == [
        ("two", report),
        ("one", report),
    ]


def test_a_record_about_an_unknown_article_is_refused_by_name(case, report):
    article = case.article("one", report)
    ghost = Passage(0, "ghost", Span(0, 3), "passage")
    with pytest.raises(NotFoundError, match=r"^ghost: a passage names"):
        link([article], [], [ghost], [], SETTINGS)
    with pytest.raises(NotFoundError, match=r"^ghost: a match names"):
        link([article], [Match("ghost", Span(0, 3), "one", Span(0, 3), 1.0, "copy", 0)], [], [], SETTINGS)
    said = Attribution("ghost", "document", "x", "assert", None, None, (), (), (Source("A", "outlet"),), 0.5, "x")
    with pytest.raises(NotFoundError, match=r"^ghost: an attribution names"):
        link([article], [], [], [said], SETTINGS)


def test_a_passage_outside_its_text_is_refused(case, report):
    article = case.article("one", report)
    with pytest.raises(ProvenanceError, match=r"^one: passage 0:999 of cluster 4 lies outside the text"):
        link([article], [], [Passage(4, "one", Span(0, 999), "passage")], [], SETTINGS)


def test_two_articles_with_one_id_are_refused(case, report):
    with pytest.raises(ProvenanceError, match="two different articles carry this id"):
        link([Article("one", report), Article("one", "else")], [], [], [], SETTINGS)


def test_an_empty_collection_has_no_links():
    assert link([], [], [], [], SETTINGS) == []
