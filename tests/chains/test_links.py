from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains import link
from provenance.chains.clusters import Weighing
from provenance.errors import NotFoundError, ProvenanceError
from provenance.model import Article, Attribution, DateInterval, Evidence, Match, PageCredit, Passage, Source, Span
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


def test_the_only_creditor_of_a_source_not_held_gets_a_credit_row_and_a_dated_copy_of_it_is_uncredited(
    case, report, rows
):
    one = case.article("one", f"{report} (Source: Bulletin)", "One", 1)
    two = case.article("two", report, "Two", 5)
    case.share(0, report, one, two)
    case.credit(one, "(Source: Bulletin)", "Bulletin")
    found = run(case)
    assert rows(found) == [("one", None, "Bulletin", "credit-only"), ("two", "one", "One", "uncredited-copy")]
    assert found[1].confidence < 0.8


def test_an_undated_copy_of_an_article_that_credits_a_source_not_held_is_undetermined(case, report, rows):
    one = case.article("one", f"{report} (Source: Bulletin)", "One", 1)
    two = case.article("two", report, "Two")
    case.share(0, report, one, two)
    case.credit(one, "(Source: Bulletin)", "Bulletin")
    assert rows(run(case)) == [("one", None, "Bulletin", "credit-only"), ("two", None, "", "undetermined")]


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


@st.composite
def collections(draw):
    """A family of edited copies with any dates, outlets and credits, and a second passage among some of them."""
    size = draw(st.integers(2, 7))
    base = [f"w{i}" for i in range(45)]
    names = [f"Outlet{i}" for i in range(5)] + [None]
    articles, passages, attributions = [], [], []
    for index in range(size):
        parts = list(base)
        for place in draw(st.lists(st.integers(0, 44), max_size=4)):
            parts[place] = draw(st.sampled_from(["x1", "x2", "x3"]))
        credited = draw(st.sampled_from(names))
        text = " ".join(parts) + (f" via {credited}" if credited else "")
        date = draw(st.none() | st.integers(1, 4))
        published = DateInterval(f"2024-01-0{date}", f"2024-01-0{date + 1}", "day", "metadata") if date else None
        article = Article(f"d{index}", text, outlet=draw(st.sampled_from(names)), published=published)
        articles.append(article)
        passages.append(Passage(0, article.id, Span(0, len(" ".join(parts))), "passage"))
        if credited:
            shown = Evidence(article.id, text.index("via"), len(text), text[text.index("via") :], "via-line")
            source = Source(credited, "outlet", credited)
            attributions.append(
                Attribution(article.id, "document", "via-line", "assert", None, None, (), (shown,), (source,), 0.9, "v")
            )
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["passage", "quotation", "furniture"]))
            passages.append(Passage(1, article.id, Span(0, 40), kind))
    return articles, passages, attributions


@settings(max_examples=60, deadline=None)
@given(collections(), st.randoms(use_true_random=False))
def test_links_do_not_depend_on_the_order_of_the_input_and_hold_together(collection, shuffler):
    articles, passages, attributions = collection
    found = link(articles, [], passages, attributions, SETTINGS)
    shuffled = [shuffler.sample(part, len(part)) for part in collection]
    assert link(shuffled[0], [], shuffled[1], shuffled[2], SETTINGS) == found
    ids = {article.id for article in articles}
    for one in found:
        assert set(one.documents) <= ids
        assert one.downstream in one.documents
        assert one.upstream is None or (one.upstream in ids and one.upstream != one.downstream)
        assert 0.0 <= one.confidence <= 1.0
        assert one.evidence
    up = {}
    for one in found:
        if one.directed and one.upstream and one.relation != "credit-only":
            up.setdefault(one.downstream, set()).add(one.upstream)
    for start in up:
        seen, edge = set(), {start}
        while edge:
            edge = {parent for node in edge for parent in up.get(node, ())} - seen
            assert start not in edge
            seen |= edge


def test_a_family_weighed_by_likeliest_parents_has_the_links_of_one_weighed_pair_by_pair(case, report):
    generator = random.Random(3)
    parts = report.split(" ")
    for index in range(40):
        copy = list(parts)
        if index % 4 == 3:
            copy[index] = "hydrualic" if index < 20 else "plattform"
        credited = generator.choice(["Outlet 0", "Outlet 3", None]) if index > 3 else None
        text = " ".join(copy)
        article = case.article(
            f"d{index:02}", f"{text} Via {credited}" if credited else text, f"Outlet {index}", index // 2 + 1
        )
        case.copy(0, article, text, "copy")
        if credited:
            case.credit(article, f"Via {credited}", credited)
    slow, fast = (
        link(case.articles, [], case.passages, case.attributions, replace(SETTINGS, maximum_all_pairs=limit))
        for limit in (1000, 1)
    )
    told = [[(one.downstream, one.upstream, one.relation) for one in found if one.directed] for found in (slow, fast)]
    assert len(told[0]) > 15
    assert told[0] == told[1]


def test_work_on_a_large_family_grows_with_its_size_and_not_with_its_square(monkeypatch, report):
    count = 0
    weigh = Weighing._weigh

    def counted(self, parent, child):
        nonlocal count
        count += 1
        return weigh(self, parent, child)

    monkeypatch.setattr(Weighing, "_weigh", counted)
    parts = report.split(" ")
    counts = {}
    for size in (300, 3000):
        generator = random.Random(5)
        articles, passages = [], []
        for index in range(size):
            copy = list(parts)
            copy[generator.randrange(len(copy))] = f"edit{generator.randrange(size // 3)}"
            text = " ".join(copy)
            published = DateInterval(f"2024-01-01T{index:08}", f"2024-01-01T{index + 1:08}", "second", "metadata")
            articles.append(Article(f"d{index:04}", text, outlet=f"Outlet {index}", published=published))
            passages.append(Passage(0, f"d{index:04}", Span(0, len(text)), "copy"))
        count = 0
        found = link(articles, [], passages, [], SETTINGS)
        counts[size] = count
        assert len(found) >= size - 1
    assert counts[3000] <= 12 * counts[300]
    assert counts[3000] <= 3000 * 3 * SETTINGS.maximum_candidates
