from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.names import Outlets, address, by_id, fold, forms, host
from provenance.errors import ProvenanceError
from provenance.model import Article, Source


def outlets(*pairs):
    articles = [Article(f"d{i}", "x", outlet=name, url=url) for i, (name, url) in enumerate(pairs)]
    return Outlets(by_id(articles))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Cradle", "cradle"),
        ("Rossiya-24", "ROSSIYA 24"),
        ("Le Monde", "le monde"),
        ("El País", "El Pais"),
        ("Маячный Листок", "маячный листок"),
    ],
)
def test_names_that_differ_in_case_accents_or_article_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_the_is_kept_where_it_is_the_whole_name():
    assert fold("The") == "the"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.rt.com/news/1", "rt.com"),
        ("//m.rt.com", "rt.com"),
        ("rt.com:443/x", "rt.com"),
        ("https://amp.news.example.co.uk./a", "news.example.co.uk"),
        ("http://[bad", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_host(url, expected):
    assert host(url) == expected


def test_an_address_is_host_and_path():
    assert address("https://www.vpa.example/a/b/?utm=1#top") == address("http://vpa.example/a/b")
    assert address("https://vpa.example/") == ""


def test_forms_hold_the_name_the_brackets_and_the_domain():
    assert forms("Syrian Arab News Agency (SANA)")[:2] == ("syrianarabnewsagency", "sana")
    assert "thecradle" in forms("thecradle.co")
    assert "cradle" in forms("thecradle.co")


def test_a_credit_by_acronym_or_domain_means_the_held_outlet():
    known = outlets(("Veldmark Press Agency", "https://vpa.example/1"), ("The Cradle", None))
    assert known.key("VPA") == known.of["d0"]
    assert known.key("vpa.example") == known.of["d0"]
    assert known.key("thecradle.co") == known.of["d1"]
    assert known.key_of(Source("the agency", "agency", "Veldmark Press Agency")) == known.of["d0"]
    assert known.agencies == {known.of["d0"]}


def test_an_acronym_that_two_outlets_share_means_neither():
    known = outlets(("Veldmark Press Agency", None), ("Vale Public Assembly", None))
    assert known.key("VPA") == "vpa"
    assert known.key("VPA") not in set(known.of.values())


def test_an_outlet_named_like_another_ones_acronym_is_itself():
    known = outlets(("Veldmark Press Agency", None), ("VPA", None))
    assert known.key("VPA") == known.of["d1"]


def test_an_article_without_outlet_belongs_to_the_outlet_of_its_host():
    known = outlets(("RT", "https://www.rt.com/a"), (None, "https://rt.com/b"), (None, "https://else.example/c"))
    assert known.of["d1"] == known.of["d0"]
    assert known.of["d2"] == "else.example"
    assert known.held[known.of["d0"]] == ("d0", "d1")


def test_an_article_without_outlet_and_address_has_no_key():
    assert outlets((None, None), ("", "")).of == {"d0": "", "d1": ""}


def test_a_name_not_held_keeps_its_folded_form():
    known = outlets(("RT", None))
    assert known.key("The Independent") == "independent"
    assert known.name("independent", "The Independent") == "The Independent"


def test_two_different_articles_with_one_id_are_refused():
    with pytest.raises(ProvenanceError, match=r"^a: two different articles"):
        by_id([Article("a", "one"), Article("a", "two")])
    assert list(by_id([Article("a", "one"), Article("a", "one")])) == ["a"]


@given(st.text(max_size=60))
def test_any_name_and_address_can_be_read(text):
    assert fold(text) == fold(text).casefold()
    assert isinstance(forms(text), tuple)
    assert isinstance(address(text), str)
    assert "/" not in host(text)
