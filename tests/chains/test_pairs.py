from __future__ import annotations

from provenance.chains import pair_relation
from provenance.model import Link


def made(downstream, upstream=None, relation="credited-copy", name="", documents=None, credited=True):
    held = documents or tuple(sorted({downstream, upstream} - {None}))
    return Link(upstream, name, downstream, relation, credited, 0.9, (), held)


def test_a_direct_link_says_who_took_it_from_whom():
    relation, why = pair_relation("a", "b", [made("b", "a")])
    assert relation == "credited-copy"
    assert why == "b took text from a and credits it"
    _, why = pair_relation("b", "a", [made("b", "a", "uncredited-copy", credited=False)])
    assert why == "b took text from a without credit"


def test_two_copies_of_one_report_are_siblings():
    links = [made("b", "a"), made("c", "a")]
    assert pair_relation("b", "c", links) == ("siblings", "b and c both go back to a")


def test_a_copy_of_a_copy_descends_through_it():
    links = [made("b", "a"), made("c", "b")]
    assert pair_relation("c", "a", links) == ("ancestor", "c descends from a through b")
    assert pair_relation("a", "c", links) == ("ancestor", "c descends from a through b")


def test_two_that_credit_one_source_not_held_have_it_in_common():
    links = [
        made("a", None, "common-source", "The Bulletin", ("a", "c")),
        made("b", None, "common-source", "Bulletin", ("b", "c")),
    ]
    relation, why = pair_relation("a", "b", links)
    assert relation == "common-source"
    assert "The Bulletin" in why


def test_undirected_and_other_links_are_said_in_words():
    for relation in ("undetermined", "quotation", "update", "credit-only"):
        found, why = pair_relation("a", "b", [made("b", None, relation, "Tolland", ("a", "b"))])
        assert found == relation
        assert "a" in why
        assert "b" in why


def test_a_circle_of_links_ends():
    links = [made("a", "b"), made("b", "c"), made("c", "a")]
    assert pair_relation("a", "x", links) == ("none", "no link joins a and x")


def test_articles_without_a_link_are_not_joined():
    assert pair_relation("a", "b", []) == ("none", "no link joins a and b")
