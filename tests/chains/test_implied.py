"""Origins that nobody names: three articles, each of which lacks what the other two share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance import Corpus
from provenance.chains.links import link
from provenance.chains.pairs import pair_relation
from provenance.model import Article, DateInterval, Passage, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings(implied_articles=3)
PIECE = 40


@pytest.fixture
def cuts(case, prose):
    """Articles that print some pieces of one report: `cuts(name, "abd", outlet)`."""
    pieces = {letter: prose(100 + place, PIECE) for place, letter in enumerate("abcde")}

    def cut(name, letters, outlet="?", date=None, after=""):
        kept = " ".join(pieces[letter] for letter in letters)
        outlet = name.title() if outlet == "?" else outlet
        own = sum(map(ord, name))
        made = case.article(name, f"{prose(own, 20)} {kept} {prose(own + 500, 20)} {after}".strip(), outlet, date)
        case.copy(0, made, kept)
        return made

    return cut


def run(case, settings=SETTINGS):
    return link(case.articles, [], case.passages, case.attributions, settings)


def implied(found):
    return [one for one in found if one.relation == "common-source" and not one.credited]


def test_three_of_which_none_can_be_the_origin_have_one_that_is_not_held(case, cuts):
    texts = {made.id: made.text for made in (cuts("one", "abc"), cuts("two", "bcd"), cuts("three", "abd"))}
    found = run(case)
    assert found == implied(found)
    assert [one.downstream for one in found] == ["one", "three", "two"]
    assert {one.upstream_name for one in found} == {"an origin that is not held, of text in one and three"}
    for one in found:
        assert (one.upstream, one.credited, one.clusters) == (None, False, (0,))
        assert one.confidence == SETTINGS.implied_confidence
        assert {shown.rule for shown in one.evidence} == {"implied"}
        assert all(texts[shown.document][shown.start : shown.end] == shown.text for shown in one.evidence)
        pairs = [(a.document, b.document) for a, b in zip(one.evidence[::2], one.evidence[1::2], strict=True)]
        assert {frozenset(pair) for pair in pairs} == {
            frozenset(pair) for pair in (("one", "two"), ("one", "three"), ("two", "three"))
        }
        for a, b in zip(one.evidence[::2], one.evidence[1::2], strict=True):
            (lacking,) = texts.keys() - {a.document, b.document}
            assert len(a.text.split()) >= SETTINGS.implied_words
            assert a.text == b.text
            assert a.text not in texts[lacking]


def test_of_three_one_may_have_put_together_the_others(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters)
    assert implied(run(case, ChainSettings())) == []
    cuts("four", "acd")
    assert len(implied(run(case, ChainSettings()))) == 4


def test_where_one_holds_all_that_the_others_share_it_may_be_the_origin(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abcd")):
        cuts(name, letters)
    assert implied(run(case)) == []


def test_a_fourth_that_holds_all_may_be_the_origin(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd"), ("four", "abcd")):
        cuts(name, letters)
    assert implied(run(case)) == []


def test_articles_dated_one_after_the_other_may_have_it_from_each_other(case, cuts):
    for date, (name, letters) in enumerate((("one", "abc"), ("two", "bcd"), ("three", "abd")), 1):
        cuts(name, letters, date=date)
    assert implied(run(case)) == []


def test_articles_of_one_day_are_not_in_order(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters, date=1)
    assert len(implied(run(case))) == 3


def test_two_articles_of_one_outlet_are_one_witness(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters, outlet="Post" if name != "two" else "Echo")
    assert implied(run(case)) == []


def test_articles_without_outlet_count_each(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters, outlet=None)
    assert len(implied(run(case))) == 3


def test_a_few_words_that_a_third_lacks_imply_nothing(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters)
    assert implied(run(case, replace(SETTINGS, implied_words=PIECE))) == []


def test_changed_words_are_no_missing_ones(case, prose):
    report = prose(7, 160).split(" ")
    for name, start in (("one", 0), ("two", 3), ("three", 6)):
        words = [f"{name}{place}" if place % 9 == start else word for place, word in enumerate(report)]
        text = " ".join(words)
        case.copy(0, case.article(name, text, name.title()), text)
    assert implied(run(case)) == []


def test_a_credited_source_that_is_not_held_is_not_doubled(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        made = cuts(name, letters, after="Via Bulletin")
        case.credit(made, "Via Bulletin", "Bulletin")
    found = run(case)
    assert implied(found) == []
    assert {one.upstream_name for one in found if one.relation == "common-source"} == {"Bulletin"}


def test_a_credit_among_them_is_an_arrow_and_no_implied_origin(case, cuts):
    cuts("one", "abc")
    cuts("two", "bcd")
    case.credit(cuts("three", "abd", after="Via One"), "Via One", "One")
    assert implied(run(case)) == []


def test_pairs_of_one_implied_origin_are_told_without_a_name(case, cuts):
    for name, letters in (("one", "abc"), ("two", "bcd"), ("three", "abd")):
        cuts(name, letters)
    relation, said = pair_relation("one", "two", run(case))
    assert relation == "common-source"
    assert said == "one and two share text that neither can have had from the other alone; its origin is not held"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_an_origin_is_implied_where_each_of_three_lacks_a_piece_of_the_other_two(held, shuffler):
    pieces = [" ".join(f"p{piece}w{place}" for place in range(PIECE)) for piece in range(6)]
    articles, passages = [], []
    for place, numbers in enumerate(held):
        text = " ".join(pieces[number] for number in sorted(numbers))
        articles.append(Article(f"d{place}", text, None, f"Outlet {place}"))
        passages.append(Passage(0, f"d{place}", Span(0, len(text)), "passage"))
    found = implied(link(articles, [], passages, [], SETTINGS))
    shuffled = [shuffler.sample(part, len(part)) for part in (articles, passages)]
    assert implied(link(shuffled[0], [], shuffled[1], [], SETTINGS)) == found
    for name in {one.upstream_name for one in found}:
        members = [int(one.downstream[1:]) for one in found if one.upstream_name == name]
        assert len(members) >= 3
        shared = set().union(*(held[a] & held[b] for a in members for b in members if a != b))
        # nobody, in the group or out of it, holds all that its members share
        assert not any(shared <= other for other in held)


def test_an_implied_origin_that_arrives_is_linked_like_any_other(tmp_path, prose):
    pieces = [prose(100 + place, PIECE) for place in range(5)]
    day = DateInterval("2024-03-02", "2024-03-03", "day", "metadata")

    def cut(name, numbers, published=day):
        own = sum(map(ord, name))
        text = "\n\n".join([prose(own, 60), *(pieces[number] for number in numbers), prose(own + 500, 60)])
        return Article(name, text, name.title(), name.title(), published=published)

    papers = [cut("one", (0, 1, 2)), cut("two", (1, 2, 3)), cut("three", (0, 1, 3)), cut("four", (0, 2, 3))]
    origin = cut("wire", range(5), DateInterval("2024-03-01", "2024-03-02", "day", "metadata"))
    with Corpus(tmp_path / "kept.db") as corpus, Corpus(tmp_path / "whole.db") as whole:
        corpus.add_articles(papers)
        corpus.update()
        assert len(implied(corpus.links())) == 4
        corpus.add_articles([origin])
        corpus.update()
        whole.add_articles([*papers, origin])
        whole.update()
        found = list(corpus.links())
        assert found == list(whole.links())
        assert implied(found) == []
        assert {(one.downstream, one.upstream) for one in found} == {
            (name, "wire") for name in ("one", "three", "two", "four")
        }
        corpus.remove(["wire"])
        corpus.update()
        assert len(implied(corpus.links())) == 4
