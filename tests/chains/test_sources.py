"""Credits of outlets, of addresses and of sources that are not held."""

from __future__ import annotations

from provenance.chains import link
from provenance.model import PageCredit
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def run(case, matches=()):
    return link(case.articles, list(matches), case.passages, case.attributions, SETTINGS)


def test_two_that_credit_a_third_party_not_held_have_a_common_source_and_no_arrow(case, report):
    one = case.article("one", f"{report} (Source: Bulletin)", "One", 1)
    two = case.article("two", f"{report} Republished from The Bulletin.", "Two", 2)
    case.share(0, report, one, two)
    case.credit(one, "(Source: Bulletin)", "Bulletin")
    case.credit(two, "Republished from The Bulletin.", "The Bulletin")
    found = run(case)
    assert [(each.downstream, each.relation, each.upstream) for each in found] == [
        ("one", "common-source", None),
        ("two", "common-source", None),
    ]
    assert all(each.credited and each.documents == ("one", "two") for each in found)


def test_a_common_source_of_several_texts_with_different_others_is_one_row_with_one_of_them(case, prose):
    first, second = prose(1, 60), prose(2, 70)
    both = case.article("z", f"{first}\n\n{second} Via Bulletin", "Z", 1)
    one = case.article("one", f"{first} Via Bulletin", "One", 2)
    two = case.article("two", f"{second} Via Bulletin", "Two", 3)
    case.share(0, first, both, one)
    case.share(1, second, both, two)
    for article in case.articles:
        case.credit(article, "Via Bulletin", "Bulletin")
    found = {each.downstream: each for each in run(case)}
    assert {each.relation for each in found.values()} == {"common-source"}
    assert found["z"].documents == ("two", "z")
    assert (found["z"].clusters, found["one"].clusters, found["two"].clusters) == ((1,), (0,), (1,))


def test_a_stock_phrase_is_no_sign_of_a_common_source(case, prose, rows):
    phrase = prose(1, 9)
    one = case.article("one", f"{prose(2, 80)} {phrase} (AP)", "One", 1)
    two = case.article("two", f"{phrase} {prose(3, 80)} (AP)", "Two", 2)
    case.share(0, phrase, one, two)
    for article in case.articles:
        case.credit(article, "(AP)", ("AP", "agency"))
    assert rows(run(case)) == [("one", None, "AP", "credit-only"), ("two", None, "AP", "credit-only")]


def test_the_only_creditor_of_a_source_not_held_gets_a_credit_row_and_nobody_is_accused_of_copying_it(
    case, report, rows
):
    one = case.article("one", f"{report} (Source: Bulletin)", "One", 1)
    two = case.article("two", report, "Two", 5)
    case.share(0, report, one, two)
    case.credit(one, "(Source: Bulletin)", "Bulletin")
    # the later one may have it from the bulletin, too
    assert rows(run(case)) == [("one", None, "Bulletin", "credit-only"), ("two", None, "", "undetermined")]


def test_an_undated_copy_of_an_article_that_credits_a_source_not_held_is_undetermined(case, report, rows):
    one = case.article("one", f"{report} (Source: Bulletin)", "One", 1)
    two = case.article("two", report, "Two")
    case.share(0, report, one, two)
    case.credit(one, "(Source: Bulletin)", "Bulletin")
    assert rows(run(case)) == [("one", None, "Bulletin", "credit-only"), ("two", None, "", "undetermined")]


def test_a_credit_without_shared_text_is_credit_only_for_outlets_and_not_for_speakers(case, report, rows):
    case.article("held", "Quite another story.", "Agency", 1)
    paper = case.article("paper", f"{report} Agency reports. Tolland said so.", "Post", 2)
    case.credit(paper, "Agency reports", "Agency", scope="passage", content=report)
    case.credit(paper, "Tolland said", ("Ingrid Tolland", "person"), scope="passage", content=report)
    assert rows(run(case)) == [("paper", None, "Agency", "credit-only")]


def test_only_the_nearest_relayer_of_a_chain_is_credited(case, report, rows):
    paper = case.article("paper", f"{report} RT, citing TASS, reports.", "Post", 2)
    case.credit(paper, "RT, citing TASS, reports", "RT", "TASS", scope="passage", content=report)
    assert rows(run(case)) == [("paper", None, "RT", "credit-only")]


def test_an_article_does_not_credit_its_own_outlet(case, report):
    agency = case.article("agency", f"(Agency) {report}", "The Agency", 1)
    case.credit(agency, "(Agency)", "Agency")
    assert run(case) == []


def test_a_page_that_gives_the_address_of_a_held_article_is_its_copy(case, report):
    case.article("a", report, "Agency", 1, "https://www.agency.example/2024/report?utm=1")
    case.article("b", report, "Agency", 1, "https://www.agency.example/2024/other")
    page = case.article(
        "page",
        report,
        "Post",
        1,
        page=(PageCredit("canonical", "<link rel=canonical>", None, "http://agency.example/2024/report"),),
    )
    case.share(0, report, *case.articles)
    found = [one for one in run(case) if one.downstream == page.id]
    assert [(one.upstream, one.relation, one.credited) for one in found] == [("a", "credited-copy", True)]


def test_a_page_that_gives_the_address_of_a_held_article_it_shares_nothing_with_credits_that_article(
    case, report, rows
):
    case.article("a", report, "Agency", 1, "https://agency.example/report")
    case.article(
        "b",
        "Eigene Worte.",
        "Post",
        2,
        page=(PageCredit("is-based-on", "…", None, "https://agency.example/report/"),),
    )
    assert rows(run(case)) == [("b", "a", "Agency", "credit-only")]
